"""Ids by a descriptor of the process: those of ``/proc/PID/status``, or none."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from sysutils import core
from sysutils.core.linux import credentials, facts, pid_files, procfs, results
from tests.core.nobody import NOBODY, ask_nobody
from tests.support.children import ended_pid, linux_only, sleeper, wait_until, zombie
from tests.support.children import state as state_of
from tests.support.oracle import oracle

pytestmark = linux_only

#: a kernel with PIDFD_GET_INFO, and /proc is of our own processes
OFFERED = sys.platform.startswith("linux") and credentials.of_process(os.getpid()) is not None
offered = pytest.mark.skipif(not OFFERED, reason="no PIDFD_GET_INFO here (Linux 6.13)")


@pytest.fixture(autouse=True)
def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the start: nothing is known of the system yet."""
    for name, value in (("_ask", None), ("_refused", False), ("_seen", None), ("_ours", False),
                        ("_listing", -1)):  # fmt: skip
        monkeypatch.setattr(credentials, name, value)


def by_status(pid: int) -> Any:
    """What the file tells."""
    return pid_files.parse_ids(Path(f"/proc/{pid}/status").read_bytes())


def test_ids_of_status() -> None:
    status = b"Name:\tUid:\t9\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t4294967295\nFDSize:\t64\n"
    assert pid_files.parse_ids(status) == (1, 5, 2, 6, 3, 7, 4, 4294967295)
    assert pid_files.parse_ids(b"Name:\tx\nUid:\t1\t2\t3\t4") == (1, 0, 2, 0, 3, 0, 4, 0)
    assert pid_files.parse_ids(b"") == (0,) * 8


@offered
def test_a_descriptor_tells_what_status_tells_of_every_process() -> None:
    """Also of kernel threads and of other users."""
    compared = 0
    for pid in procfs.pids():
        try:
            before, told, after = by_status(pid), credentials.of_process(pid), by_status(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if before == after:
            assert told in {before, None}
            compared += told is not None
    assert compared > 1


@pytest.mark.oracle
@offered
def test_of_a_stopped_process_and_of_a_zombie() -> None:
    with sleeper() as child:
        os.kill(child.pid, signal.SIGSTOP)
        wait_until(lambda: state_of(child.pid) == "T", "a stopped child")
        told = credentials.of_process(child.pid)
        os.kill(child.pid, signal.SIGCONT)
        assert told == by_status(child.pid)
    with zombie() as pid:
        assert credentials.of_process(pid) == by_status(pid)
        assert core.Process(pid).uids() == oracle().Process(pid).uids()


@pytest.mark.oracle
@offered
@pytest.mark.root
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root")
def test_real_effective_and_saved_ids_keep_their_places() -> None:
    change = (
        "import os; os.setresgid(11, 12, 13); os.setresuid(21, 22, 23); print(flush=True); input()"
    )
    words = [sys.executable, "-c", change]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"\n"
        try:
            process = core.Process(child.pid)
            assert credentials.of_process(child.pid) == (21, 11, 22, 12, 23, 13, 22, 12)
            assert process.uids() == (21, 22, 23) == oracle().Process(child.pid).uids()
            assert process.gids() == (11, 12, 13) == oracle().Process(child.pid).gids()
            assert (process.fsuid(), process.fsgid(), process.euid()) == (22, 12, 22)
            (row,) = (p for p in core.process_iter(["uids", "gids", "username"]) if p == process)
            assert row.info == {
                "uids": (21, 22, 23),
                "gids": (11, 12, 13),
                "username": row.username(),
            }
        finally:
            child.kill()


@pytest.mark.oracle
@offered
def test_a_listing_asks_descriptors_and_opens_no_status(monkeypatch: pytest.MonkeyPatch) -> None:
    read, opened = procfs.read_record, []

    def watched(path: bytes, size: int) -> bytes:
        opened.append(os.path.basename(path))
        return read(path, size)

    monkeypatch.setattr(procfs, "read_record", watched)
    found = {p.pid: p.info for p in core.process_iter(["uids", "username"])}
    assert found[os.getpid()] == {
        "uids": oracle().Process().uids(),
        "username": oracle().Process().username(),
    }
    assert b"status" not in opened


@offered
def test_a_status_that_was_read_tells_the_ids_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "of_listed", None)
    monkeypatch.setattr(credentials, "of_process", None)
    _, open_process = pid_files.look()
    for files in (pid_files.of_process(os.getpid()), open_process(os.getpid())):
        results.num_ctx_switches(files)
        assert results.uids(files) == os.getresuid()
        assert (facts.euid(files), facts.egid(files)) == (os.geteuid(), os.getegid())


@pytest.mark.oracle
@pytest.mark.parametrize("call", ["open", "ioctl"])
@pytest.mark.parametrize(
    ("code", "for_good"),
    [
        (errno.ENOSYS, True), (errno.EPERM, True), (errno.EACCES, True), (errno.ENOTTY, True),
        (errno.ENODEV, True), (errno.ESRCH, False), (errno.ENOENT, False), (errno.EMFILE, False),
        (errno.ENFILE, False), (errno.ENOMEM, False),
    ],
)  # fmt: skip
def test_what_the_kernel_refuses_status_tells(
    call: str, code: int, for_good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(*_: object) -> int:
        asked.append(call)
        raise OSError(code, os.strerror(code))

    if call == "open":
        monkeypatch.setattr(os, "pidfd_open", refuse, raising=False)
    else:
        monkeypatch.setattr(os, "pidfd_open", lambda _: os.open("/", os.O_RDONLY), raising=False)
        monkeypatch.setattr("fcntl.ioctl", refuse)
    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        assert core.Process().uids() == os.getresuid()
        assert core.Process().username() == oracle().Process().username()
    found = [p.info["gids"] for p in core.process_iter(["gids"]) if p.pid == os.getpid()]
    assert found == [os.getresgid()]
    assert len(asked) == 1 if for_good else len(asked) > 6
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_a_python_without_descriptors_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert core.Process().uids() == os.getresuid()
    assert credentials._refused


def test_an_ioctl_that_is_unknown_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """EINVAL: of pidfd_open(2) it says that this is no process, of the ioctl that there is none such."""
    monkeypatch.setattr(os, "pidfd_open", lambda _: os.open("/", os.O_RDONLY), raising=False)

    def refuse(*_: object) -> bytes:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("fcntl.ioctl", refuse)
    assert core.Process().uids() == os.getresuid()
    assert credentials._refused


def test_a_kernel_that_leaves_the_ids_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pidfd_open", lambda _: os.open("/", os.O_RDONLY), raising=False)
    monkeypatch.setattr("fcntl.ioctl", lambda *_: bytes(64))
    assert core.Process().uids() == os.getresuid()


@pytest.mark.oracle
def test_a_thread_is_asked_by_its_file() -> None:
    done, started = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (started.set(), done.wait()))
    thread.start()
    started.wait()
    try:
        tid = thread.native_id
        assert tid is not None
        assert core.Process(tid).uids() == oracle().Process(tid).uids()
        rows = list(core.process_table(["pid", "uids"], [os.getpid()], threads=True))
        assert (tid, os.getresuid()) in rows
    finally:
        done.set()
        thread.join()


def test_one_that_is_gone() -> None:
    files = pid_files.PidFiles(pid := ended_pid(), b"/proc/%d/" % pid, pid)
    with pytest.raises(FileNotFoundError):
        results.uids(files)


# --- whose /proc it is


def test_another_tree_is_read_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where it has our own pid."""
    own = tmp_path / str(os.getpid())
    own.mkdir()
    (own / "stat").write_bytes(Path("/proc/self/stat").read_bytes())
    (own / "status").write_text("Name:\tx\nUid:\t7\t8\t9\t10\nGid:\t1\t2\t3\t4\n")
    (tmp_path / "stat").write_text("cpu 1\nbtime 1000\n")
    (tmp_path / "self").symlink_to(str(os.getpid()))
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    assert core.Process().uids() == (7, 8, 9)
    (process,) = core.process_iter(["uids", "gids"])
    core.process_iter.cache_clear()
    assert process.info == {"uids": (7, 8, 9), "gids": (1, 2, 3)}


_ROOT = b"27 1 0:22 / / rw - ext4 /dev/vda rw\n"
_PROC = b"22 27 0:21 / /proc rw,relatime - proc proc rw\n"


@pytest.mark.parametrize(
    ("mountinfo", "all_shown"),
    [
        (_ROOT + _PROC, True),
        (_PROC.replace(b"relatime -", b"relatime shared:12 master:3 -"), True),
        (_PROC + b"30 22 0:30 / /proc/sys/fs/binfmt_misc rw - autofs systemd-1 rw\n", True),
        (_PROC + b"30 22 0:30 /proc/cpuinfo /proc/cpuinfo rw - fuse.lxcfs lxcfs rw\n", True),
        (_ROOT, False),
        (b"", False),
        (_PROC.replace(b"proc rw\n", b"proc rw,hidepid=invisible\n"), False),
        (_PROC.replace(b"proc rw\n", b"proc rw,hidepid=2\n"), False),
        (_PROC + b"40 22 0:22 /recorded /proc rw - ext4 /dev/vda rw\n", False),
        (_PROC + b"40 22 0:22 /status /proc/12/status rw - ext4 /dev/vda rw\n", False),
    ],
)  # fmt: skip
def test_a_proc_that_shows_all(mountinfo: bytes, all_shown: bool) -> None:
    assert credentials.shows_all(mountinfo) is all_shown


@offered
def test_another_process_looks_for_itself() -> None:
    """What a parent found out is not its child's: that may be in another namespace."""
    assert credentials.of_process(os.getpid()) is not None
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        asked = credentials.of_process(os.getpid()) == by_status(os.getpid())
        os.write(writing, bytes([asked and credentials._seen[1] == os.getpid()]))
        os._exit(0)
    os.close(writing)
    assert os.read(reading, 1) == b"\1"
    os.close(reading)
    os.waitpid(pid, 0)


_IN_ANOTHER = """
import os
from tests.support import namespaces
namespaces.unshare({flags})
pid = os.fork()
if pid:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
from pathlib import Path
from sysutils import core
from sysutils.core.linux import credentials, pid_files
compared = 0
for process in core.process_iter(["uids", "gids"]):
    try:
        ids = pid_files.parse_ids(Path(f"/proc/{{process.pid}}/status").read_bytes())
    except OSError:
        continue
    compared += 1
    assert (process.info["uids"], process.info["gids"]) == (ids[0:6:2], ids[1:6:2]), process
    assert process.uids() == ids[0:6:2]
assert compared > 1
print(credentials._ours)
"""


@offered
@pytest.mark.parametrize(
    ("flags", "ours"),
    [("namespaces.CLONE_NEWPID", False), ("namespaces.CLONE_NEWUSER", True)],
    ids=["pid", "user"],
)
def test_in_another_namespace(flags: str, ours: bool) -> None:
    """Of processes with other ids than the /proc there has; of users whom the namespace does not know."""
    program = _IN_ANOTHER.format(flags=flags)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    if "namespaces.unshare(" in done.stderr:
        pytest.skip(f"no namespace to be had: {done.stderr.splitlines()[-1]}")
    assert (done.returncode, done.stdout) == (0, f"{ours}\n"), done.stderr


@pytest.mark.oracle
@pytest.mark.root
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root")
def test_a_user_without_rights_is_told_of_others() -> None:
    names = ask_nobody(lambda: [core.Process(1).uids(), core.Process().uids()])
    assert names == [oracle().Process(1).uids(), (NOBODY,) * 3]
