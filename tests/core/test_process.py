"""Process, process_iter, pids, pid_exists: beside psutil 7.2.2 and on processes of the test's own."""

import copy
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sysutils import core
from tests.support.children import wait_state
from tests.support.oracle import oracle

#: memory that others share moves even while a process is stopped; test_process_usage.py has those
MOVING = {"cpu_percent", "memory_maps", "memory_full_info", "memory_percent"}
STEADY = sorted(set(core.Process().as_dict()) - MOVING)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=-1
    ) as child:
        yield child
        child.kill()


@pytest.fixture
def zombie() -> Iterator[int]:
    """Pid of a child that has ended and not been waited for."""
    with subprocess.Popen(["sh", "-c", "exit 3"]) as child:
        wait_state(child.pid, "Z")
        yield child.pid


@contextmanager
def echoing(argv: list[str], executable: str) -> Iterator[int]:
    """Pid of a link to cat(1) that has surely begun to run: it has answered."""
    child = subprocess.Popen(argv, executable=executable, stdin=-1, stdout=-1, bufsize=0)
    try:
        child.stdin.write(b"x")
        child.stdout.read(1)
        yield child.pid
    finally:
        child.kill()
        child.communicate()


def gone_pid() -> int:
    """A pid that was a process a moment ago; it has been waited for."""
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


def stopped(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    wait_state(pid, "T")


# --- against the oracle


@pytest.mark.oracle
@pytest.mark.parametrize("name", STEADY)
def test_attribute_as_psutil(name: str, sleeper: subprocess.Popen[bytes]) -> None:
    """A stopped process holds still, so both must say the same to the last digit."""
    stopped(sleeper.pid)
    ours, theirs = (getattr(module.Process(sleeper.pid), name) for module in (core, oracle()))
    if name == "pid":
        assert ours == theirs
        return
    ours, theirs = ours(), theirs()
    assert ours == theirs
    assert getattr(ours, "_fields", None) == getattr(theirs, "_fields", None)
    assert type(ours).__name__ in {type(theirs).__name__, "ProcessStatus"}


@pytest.mark.oracle
def test_as_dict_has_the_same_shape(sleeper: subprocess.Popen[bytes]) -> None:
    stopped(sleeper.pid)
    ours = core.Process(sleeper.pid).as_dict()
    theirs = oracle().Process(sleeper.pid).as_dict()
    assert ours.keys() <= theirs.keys()
    for name in STEADY:
        assert ours[name] == theirs[name]


@pytest.mark.oracle
def test_every_process_of_the_system() -> None:
    """Whoever is there during the whole test must look the same to both."""
    names = ["pid", "name", "ppid", "create_time", "uids", "username", "cmdline", "terminal"]
    before = {p.pid: p.info for p in oracle().process_iter(names)}
    ours = {p.pid: p.info for p in core.process_iter(names)}
    after = {p.pid: p.info for p in oracle().process_iter(names)}
    # kernel threads take other names from one moment to the next
    steady = {pid for pid in before if before[pid] == after.get(pid) and before[pid]["cmdline"]}
    assert len(steady) >= 2
    assert {pid: ours[pid] for pid in steady} == {pid: before[pid] for pid in steady}


@pytest.mark.oracle
@pytest.mark.parametrize("pid", [-1, "1", 1.5, 2**70, None])
def test_bad_pids_as_psutil(pid: object) -> None:
    pid = gone_pid() if pid is None else pid
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        oracle().Process(pid)
    with pytest.raises(Exception) as ours:  # noqa: PT011
        core.Process(pid)
    assert type(ours.value).__name__ == type(theirs.value).__name__
    assert str(ours.value) == str(theirs.value)
    assert getattr(ours.value, "pid", None) == getattr(theirs.value, "pid", None)


@pytest.mark.oracle
@pytest.mark.parametrize("attrs", ["name", 5, ["nope"], ["pid", "nope"]])
def test_bad_attributes_as_psutil(attrs: object) -> None:
    for call in (
        lambda module: list(module.process_iter(attrs)),
        lambda module: module.Process().as_dict(attrs),
    ):
        with pytest.raises((TypeError, ValueError)) as theirs:
            call(oracle())
        with pytest.raises(type(theirs.value)) as ours:
            call(core)
        assert str(ours.value) == str(theirs.value)


@pytest.mark.oracle
def test_texts_as_psutil(sleeper: subprocess.Popen[bytes], zombie: int) -> None:
    stopped(sleeper.pid)
    for pid in (sleeper.pid, zombie):
        theirs = repr(oracle().Process(pid))
        assert repr(core.Process(pid)) == "sysutils.core." + theirs.removeprefix("psutil.")


@pytest.mark.oracle
@pytest.mark.parametrize("method", ["cmdline", "status", "name", "uids", "memory_info", "threads"])
def test_a_zombie_as_psutil(method: str, zombie: int) -> None:
    try:
        theirs = getattr(oracle().Process(zombie), method)()
    except oracle().Error as theirs:
        with pytest.raises(getattr(core, type(theirs).__name__)) as caught:
            getattr(core.Process(zombie), method)()
        assert caught.value.pid == zombie
    else:
        assert getattr(core.Process(zombie), method)() == theirs


@pytest.mark.oracle
@pytest.mark.parametrize(
    "method", ["cmdline", "status", "name", "ppid", "memory_info", "threads", "nice"]
)
def test_a_process_that_is_gone_as_psutil(method: str) -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        ours, theirs = core.Process(child.pid), oracle().Process(child.pid)
        child.kill()
    with pytest.raises(oracle().NoSuchProcess) as expected:
        getattr(theirs, method)()
    with pytest.raises(core.NoSuchProcess) as caught:
        getattr(ours, method)()
    assert str(caught.value) == str(expected.value)
    assert not ours.is_running()
    assert repr(ours).endswith("status='terminated')")


# --- behaviour


def test_equality_hash_copy_and_pickle(sleeper: subprocess.Popen[bytes]) -> None:
    process = core.Process(sleeper.pid)
    same = core.Process(sleeper.pid)
    assert process == same
    assert hash(process) == hash(same)
    assert process != core.Process()
    assert process != sleeper.pid
    for twin in (copy.copy(process), copy.deepcopy(process), pickle.loads(pickle.dumps(process))):
        assert twin == process
        assert twin.is_running()


def test_pickled_inside_a_oneshot() -> None:
    process = core.Process()
    with process.oneshot():
        process.name()
        twin = pickle.loads(pickle.dumps(process))
    assert twin == process
    assert twin._records is None


def test_a_reused_pid_is_noticed(sleeper: subprocess.Popen[bytes]) -> None:
    process = core.Process(sleeper.pid)
    process._ident = (sleeper.pid, 1)  # as if an earlier process had been seen under this pid
    assert process != core.Process(sleeper.pid)
    for change in (process.kill, process.suspend, process.ppid, process.parent, process.children,
                   lambda: process.nice(1)):  # fmt: skip
        with pytest.raises(core.NoSuchProcess, match="PID has been reused"):
            change()
    assert not process.is_running()
    assert sleeper.poll() is None
    assert repr(process).endswith("status='terminated + PID reused')")


def test_process_iter_gives_the_same_objects_until_cleared(
    sleeper: subprocess.Popen[bytes],
) -> None:
    def find() -> core.Process:
        return next(p for p in core.process_iter() if p.pid == sleeper.pid)

    first = find()
    assert find() is first
    core.process_iter.cache_clear()
    assert find() is not first
    assert find() == first


def test_process_iter_drops_a_stale_object(sleeper: subprocess.Popen[bytes]) -> None:
    first = next(p for p in core.process_iter() if p.pid == sleeper.pid)
    first._ident = (sleeper.pid, 1)
    assert not first.is_running()
    again = next(p for p in core.process_iter() if p.pid == sleeper.pid)
    assert again is not first
    assert again.is_running()


def test_process_iter_is_sorted_and_leaves_out_the_gone() -> None:
    gone = gone_pid()
    listed = [p.pid for p in core.process_iter(["pid"])]
    assert listed == sorted(listed)
    assert os.getpid() in listed
    assert gone not in listed


def test_a_zombie_is_kept_with_ad_value(zombie: int) -> None:
    found = [p for p in core.process_iter(["cmdline", "status"], ad_value="-") if p.pid == zombie]
    assert found[0].info == {"cmdline": "-", "status": "zombie"}


def test_overridden_getters_are_used() -> None:
    class Mine(core.Process):
        def name(self) -> str:
            return "mine"

    assert Mine().as_dict(["name", "pid"]) == {"name": "mine", "pid": os.getpid()}
    assert "name='mine'" in repr(Mine())


def test_foreign_attributes() -> None:
    process = core.Process()
    process.label = 1
    assert "label" not in process.as_dict(["pid"])


def test_oneshot_freezes_and_forgets() -> None:
    process = core.Process()
    with process.oneshot():
        before = process.cpu_times()
        with process.oneshot():
            sum(range(10**6))
            assert process.cpu_times() == before
        assert process.cpu_times() == before
    assert process._records is None


def test_oneshot_in_many_threads() -> None:
    process = core.Process()
    wrong = []

    def hammer() -> None:
        for _ in range(200):
            with process.oneshot():
                if process.ppid() != os.getppid() or process.uids().real != os.getuid():
                    wrong.append(1)

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert process._depth == 0


def test_long_names_are_completed_from_the_command_line(tmp_path) -> None:
    program = tmp_path / "a-name-of-more-than-fifteen-bytes"
    program.symlink_to("/bin/cat")
    with echoing([str(program)], str(program)) as pid:
        process = core.Process(pid)
        assert process.comm() == "a-name-of-more-"
        assert process.name() == program.name


def test_a_name_of_fifteen_that_is_not_the_first_argument(tmp_path) -> None:
    program = tmp_path / "fifteen-bytes-x"
    program.symlink_to("/bin/cat")
    with echoing(["other"], str(program)) as pid:
        assert core.Process(pid).name() == "fifteen-bytes-x"


def test_signals_and_their_effect(sleeper: subprocess.Popen[bytes]) -> None:
    process = core.Process(sleeper.pid)
    process.suspend()
    wait_state(sleeper.pid, "T")
    assert process.status() == "stopped"
    process.resume()
    wait_state(sleeper.pid, "RSD")
    process.terminate()
    assert sleeper.wait() == -signal.SIGTERM
    with pytest.raises(core.NoSuchProcess):
        process.kill()


def test_signal_to_a_zombie_does_nothing(zombie: int) -> None:
    core.Process(zombie).send_signal(signal.SIGTERM)


def test_nice_is_read_and_set(sleeper: subprocess.Popen[bytes]) -> None:
    process = core.Process(sleeper.pid)
    before = process.nice()
    process.nice(min(before + 3, 19))
    assert process.nice() == min(before + 3, 19)
    assert process.as_dict(["nice"]) == {"nice": process.nice()}


def test_foreign_signals_are_refused() -> None:
    if os.geteuid() == 0:
        pytest.skip("root may signal everybody; seen when the suite runs as an ordinary user")
    with pytest.raises(core.AccessDenied):
        core.Process(1).send_signal(0)


def test_family(sleeper: subprocess.Popen[bytes]) -> None:
    me = core.Process()
    child = core.Process(sleeper.pid)
    assert child.parent() == me
    assert child.parents()[0] == me
    assert child in me.children()
    assert [p.pid for p in me.parents()] == [p.pid for p in oracle().Process().parents()]
    assert core.Process(1).parent() is None


def test_grandchildren() -> None:
    code = (
        "import subprocess as s; c = s.Popen(['sleep', '60']); print(c.pid, flush=True); c.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=-1, text=True) as child:
        grandchild = int(child.stdout.readline())
        found = [p.pid for p in core.Process().children(recursive=True)]
        assert child.pid in found
        assert grandchild in found
        assert grandchild not in [p.pid for p in core.Process().children()]
        os.kill(grandchild, signal.SIGKILL)


def test_cpu_percent_rules() -> None:
    process = core.Process()
    assert process.cpu_percent() == 0.0
    with pytest.raises(ValueError, match="not positive"):
        process.cpu_percent(-1)
    process._last_cpu_time -= 1000
    assert process.cpu_percent() > 100
    assert core.Process().cpu_percent(interval=0.001) >= 0.0


def test_memory_percent() -> None:
    process = core.Process()
    with process.oneshot():
        info = process.memory_info()
        total = core.virtual_memory().total
        assert process.memory_percent() == info.rss / total * 100
        assert process.memory_percent("vms") == info.vms / total * 100
    with pytest.raises(ValueError, match="invalid memtype 'x'"):
        process.memory_percent("x")


def test_pids_and_pid_exists(zombie: int) -> None:
    listed = core.pids()
    assert listed == sorted(listed)
    assert core.pid_exists(os.getpid())
    assert core.pid_exists(zombie)
    assert not core.pid_exists(-5)
    assert not core.pid_exists(gone_pid())


def test_a_thread_is_a_process_but_no_pid() -> None:
    ready, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (ready.set(), done.wait()))
    thread.start()
    ready.wait()
    try:
        tid = thread.native_id
        assert core.Process(tid).pid == tid
        assert not core.pid_exists(tid)
        assert tid not in core.pids()
        assert tid in [row.id for row in core.Process().threads()]
    finally:
        done.set()
        thread.join()


def test_a_procfs_elsewhere(tmp_path, monkeypatch) -> None:
    (tmp_path / "42").mkdir()
    (tmp_path / "42" / "stat").write_bytes(b"42 (lone) S 0 42 42 0 -1 0" + b" 0" * 45)
    (tmp_path / "stat").write_bytes(b"cpu 0\nbtime 1000\n")
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    assert core.pids() == [42]
    assert core.Process(42).name() == "lone"
    assert core.Process(42).create_time() == 1000.0
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError):
        core.pids()
