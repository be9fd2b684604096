"""Eight threads use the library at once: no exception, no wrong value. Rounds are counted, not timed."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.core.proc_dir import here, write
from tests.support import children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' processes")

THREADS = 8


@pytest.fixture(autouse=True)
def _often() -> Iterator[None]:
    """Threads take turns a thousand times as often as Python lets them by itself."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


def together(work: Callable[[int], None]) -> None:
    """Runs ``work(number)`` in eight threads that begin together; raises what one of them raised."""
    errors: list[BaseException] = []
    gate = threading.Barrier(THREADS)

    def run(number: int) -> None:
        try:
            gate.wait(60)
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    for error in errors:
        raise error


def test_process_iter() -> None:
    names = ["pid", "name", "ppid", "create_time", "cpu_percent", "uids"]
    with children.named(b"hammered") as child:
        born = core.Process(child.pid).create_time()

        def work(number: int) -> None:
            for _ in range(15):
                rows = list(core.process_iter(names))
                pids = [one.pid for one in rows]
                assert pids == sorted(set(pids))
                assert {os.getpid(), child.pid} <= set(pids)
                (mine,) = (one for one in rows if one.pid == child.pid)
                info: dict[str, Any] = mine.info
                assert (info["name"], info["ppid"]) == ("hammered", os.getpid())
                assert (info["create_time"], info["uids"].real) == (born, os.getuid())
                assert info["cpu_percent"] >= 0.0

        together(work)
        first, second = (
            [one for one in core.process_iter() if one.pid == child.pid] for _ in range(2)
        )
        assert first[0] is second[0]


def test_process_iter_while_it_is_cleared() -> None:
    def work(number: int) -> None:
        for _ in range(40):
            if number % 4 == 0:
                core.process_iter.cache_clear()
            assert os.getpid() in [one.pid for one in core.process_iter(["pid"])]

    together(work)


def test_processes_that_come_and_go() -> None:
    def work(number: int) -> None:
        for _ in range(5):
            with core.Popen([sys.executable, "-S", "-c", "input()"], stdin=-1) as child:
                assert child.pid in [one.pid for one in core.process_iter(["name", "status"])]
                assert child in core.Process().children()
                child.communicate(b"\n")
            assert child.wait() == 0
            assert not child.is_running()
            assert child.pid not in [one.pid for one in core.process_iter(["pid"])]

    together(work)


def test_one_object_in_oneshot_and_as_dict() -> None:
    with children.threads(3) as child:
        process = core.Process(child.pid)
        expected = (os.getpid(), (os.getuid(),) * 3, 3, process.create_time(), process.name())
        names = ["ppid", "uids", "num_threads", "create_time", "name"]

        def work(number: int) -> None:
            for turn in range(150):
                if (turn + number) % 2:
                    with process.oneshot():
                        told = tuple(getattr(process, name)() for name in names)
                else:
                    told = tuple(process.as_dict(names)[name] for name in names)
                assert told == expected

        together(work)
        assert process._records is None
        assert process._depth == 0


def test_cpu_percent_of_one_object_is_never_negative() -> None:
    process = core.Process()

    def work(number: int) -> None:
        for _ in range(400):
            assert process.cpu_percent() >= 0.0

    together(work)


def test_a_reading_that_was_overtaken_is_no_negative_percentage() -> None:
    process = core.Process()
    process.cpu_percent()
    process._last_cpu_time += 1000  # as if another thread had read later and noted it before
    assert process.cpu_percent() == 0.0


def test_every_thread_has_its_own_percentages(tmp_path: Path) -> None:
    """Eight threads, each of which sees the CPU half busy, however many calls the others make."""
    with here(write(tmp_path, {"stat": "cpu  100 0 0 100 0 0 0 0 0 0\n"})):
        gate = threading.Barrier(THREADS)
        told: list[float] = []

        def work(number: int) -> None:
            core.cpu_percent()
            core.cpu_times_percent()
            gate.wait(60)
            if number == 0:
                write(tmp_path, {"stat": "cpu  150 0 0 150 0 0 0 0 0 0\n"})
            gate.wait(60)
            told.append(core.cpu_percent())
            told.append(core.cpu_times_percent().user)
            assert core.cpu_percent() == 0.0

        together(work)
    assert told == [50.0] * 2 * THREADS


def test_the_live_machine_s_percentages() -> None:
    count = len(core.cpu_times(percpu=True))

    def work(number: int) -> None:
        for _ in range(50):
            assert 0.0 <= core.cpu_percent() <= 100.0
            each = core.cpu_percent(percpu=True)
            assert len(each) == count
            assert all(0.0 <= one <= 100.0 for one in each)
            assert all(0.0 <= one <= 100.0 for one in core.cpu_times_percent())

    together(work)


def test_counters_that_never_fall(tmp_path: Path) -> None:
    """The kernel's counter wraps again and again; no thread ever sees the total fall."""
    heading = "Inter-|\n face |\n"
    files = [f"{heading}  eth0: {n} 0 0 0 0 0 0 0 {n} 0 0 0 0 0 0 0\n" for n in (10, 90, 250)]
    with here(write(tmp_path, {"net/dev": files[0]})):
        core.net_io_counters.cache_clear()

        def work(number: int) -> None:
            before = 0
            for turn in range(120):
                if number == 0:  # as the kernel does: the whole text at once
                    (tmp_path / "new").write_text(files[turn % 3])
                    os.replace(tmp_path / "new", tmp_path / "net/dev")
                total = core.net_io_counters(nowrap=True)
                each = core.net_io_counters(pernic=True)["eth0"]
                assert before <= total.bytes_recv <= each.bytes_recv
                assert total.bytes_recv == total.bytes_sent
                before = each.bytes_recv

        together(work)
    core.net_io_counters.cache_clear()


def test_live_counters() -> None:
    def work(number: int) -> None:
        before = core.net_io_counters(pernic=True)
        for _ in range(60):
            after = core.net_io_counters(pernic=True, nowrap=True)
            for name in before.keys() & after.keys():
                assert all(old <= new for old, new in zip(before[name], after[name], strict=True))
            before = after

    together(work)


def test_each_thread_waits_for_its_own_children() -> None:
    def work(number: int) -> None:
        for turn in range(6):
            code = number * 10 + turn
            program = [sys.executable, "-S", "-c", f"raise SystemExit({code})"]
            if turn % 2:
                gone, alive = core.wait_procs([core.Popen(program)])
                assert ([one.returncode for one in gone], alive) == ([code], [])
            else:
                assert core.Popen(program).wait() == code

    together(work)


@pytest.mark.parametrize("pidfds", [True, False])
def test_all_threads_wait_for_one_child(pidfds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them collects it; the others are told what that one was told."""
    if not pidfds:
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    for turn in range(12):
        with core.Popen(
            [sys.executable, "-S", "-c", "input(); raise SystemExit(1)"], stdin=-1
        ) as child:
            process = child if turn % 2 else core.Process(child.pid)
            codes: list[int | None] = []

            def work(
                number: int, child: Any = child, process: Any = process, codes: Any = codes
            ) -> None:
                if number == 0:
                    child.stdin.write(b"9\n")
                    child.stdin.close()
                codes.append(process.wait())

            together(work)
            assert codes == [1] * THREADS
            assert process.wait() == 1
            child.returncode = child._child.returncode = 1


def test_waiting_beside_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another thread's ``poll`` has collected meanwhile ``wait`` tells as well."""
    child = core.Popen([sys.executable, "-S", "-c", "raise SystemExit(7)"])
    children.wait_state(child.pid, "Z")

    def overtaken(self: core.Process, timeout: float | None = None) -> int | None:
        assert child.poll() == 7
        return real(self, timeout)

    real = core.Process.wait
    monkeypatch.setattr(core.Process, "wait", overtaken)
    assert child.wait() == 7
    assert child.returncode == 7


def test_a_child_forked_in_a_oneshot_of_another_thread() -> None:
    """The lock that another thread held is open in the child."""
    from sysutils.core import process

    with process._lock.held:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            code = 1
            try:
                with core.Process().oneshot():
                    code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_zombie_that_stays_costs_no_time_of_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    from sysutils.core import waiting

    asked = []
    real = waiting._os.wait_any
    monkeypatch.setattr(waiting._os, "wait_any", lambda *args: (asked.append(1), real(*args))[1])
    with children.zombie() as pid:
        assert core.wait_procs([core.Process(pid)], timeout=0.2) == ([], [core.Process(pid)])
    assert 1 <= len(asked) <= 12
