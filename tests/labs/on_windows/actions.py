"""What is done to processes: by psutil's own Windows wheel and by the library."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from sysutils import core
from tests.labs.on_windows.asked import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that sleeps."""
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    time.sleep(0.5)
    yield started
    started.kill()
    started.wait()


def _sleeper(seconds: float = 600, code: int = 0) -> subprocess.Popen[bytes]:
    program = f"import sys, time; time.sleep({seconds}); sys.exit({code})"
    started = subprocess.Popen([sys.executable, "-c", program])
    _started.append(started)
    time.sleep(0.3)
    return started


_started: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    while _started:
        one = _started.pop()
        one.kill()
        one.wait()


@pytest.mark.parametrize("module", [psutil, core])
@pytest.mark.parametrize("action", ["kill", "terminate", "send_signal"])
def test_ended(module: Any, action: str) -> None:
    started = _sleeper()
    process = module.Process(started.pid)
    getattr(process, action)(*([signal.SIGTERM] if action == "send_signal" else []))
    assert process.wait(10) == 15
    assert process.wait() == 15
    assert not process.is_running()
    assert not module.pid_exists(started.pid)
    assert started.pid not in module.pids()
    for method in ("kill", "suspend", "resume", "name", "cpu_times", "nice"):
        with pytest.raises(module.NoSuchProcess):
            getattr(process, method)()
    started.wait()


@pytest.mark.parametrize("module", [psutil, core])
def test_waited_for(module: Any) -> None:
    started = _sleeper(0.5, code=7)
    process = module.Process(started.pid)
    with pytest.raises(module.TimeoutExpired) as caught:
        process.wait(0.01)
    assert (caught.value.seconds, caught.value.pid) == (0.01, started.pid)
    assert process.wait(20) == 7
    started.wait()
    assert module.Process(os.getpid()).is_running()


@pytest.mark.parametrize("module", [psutil, core])
def test_suspended_and_resumed(module: Any) -> None:
    started = _sleeper(1.0)
    process = module.Process(started.pid)
    process.suspend()
    with pytest.raises(module.TimeoutExpired):
        process.wait(2.0)
    process.resume()
    assert process.wait(20) == 0
    started.wait()


@pytest.mark.parametrize("number", [0x1234, signal.SIGINT, -1])
def test_other_signals(number: int, child: subprocess.Popen[bytes]) -> None:
    first, second = (
        outcome(lambda m=m: m.Process(child.pid).send_signal(number)) for m in (psutil, core)
    )
    assert first == second
    assert first[0] == "ValueError"


def test_priority_classes() -> None:
    started = _sleeper()
    theirs, ours = psutil.Process(started.pid), core.Process(started.pid)
    for name in ["IDLE", "BELOW_NORMAL", "ABOVE_NORMAL", "HIGH", "NORMAL"]:
        value = getattr(core, f"{name}_PRIORITY_CLASS")
        ours.nice(value)
        assert theirs.nice() == ours.nice() == value
        assert repr(theirs.nice()) == repr(ours.nice())
    assert outcome(lambda: theirs.nice(12345))[0] == outcome(lambda: ours.nice(12345))[0]
    ours.kill()
    started.wait()


def test_affinity() -> None:
    started = _sleeper()
    theirs, ours = psutil.Process(started.pid), core.Process(started.pid)
    everything = ours.cpu_affinity()
    assert everything == theirs.cpu_affinity()
    ours.cpu_affinity([everything[-1]])
    assert theirs.cpu_affinity() == ours.cpu_affinity() == [everything[-1]]
    ours.cpu_affinity([])
    assert theirs.cpu_affinity() == everything
    for bad in ([1000], ["x"], [0, -1]):
        first, second = (outcome(lambda p=p, bad=bad: p.cpu_affinity(bad)) for p in (theirs, ours))
        assert first == second, bad
    ours.kill()
    started.wait()


@pytest.mark.parametrize("arguments", [(None, 1), (99,), (2, 1), (2,)])
def test_io_priority(arguments: tuple[Any, ...], child: subprocess.Popen[bytes]) -> None:
    first, second = (
        outcome(lambda m=m: m.Process(child.pid).ionice(*arguments)) for m in (psutil, core)
    )
    assert first == second


def test_wait_procs() -> None:
    started = [_sleeper(3, code) for code in (3, 4)] + [_sleeper()]
    seen = []
    processes = [core.Process(one.pid) for one in started]
    gone, alive = [], processes
    deadline = time.monotonic() + 20
    while len(gone) < 2 and time.monotonic() < deadline:
        more, alive = core.wait_procs(alive, 1, seen.append)
        gone += more
    assert sorted(process.returncode for process in gone) == [3, 4]
    assert seen == gone
    assert [process.pid for process in alive] == [started[2].pid]
    alive[0].kill()
    assert core.wait_procs(alive, 10)[0] == alive
    for one in started:
        one.wait()


def test_popen() -> None:
    with core.Popen([sys.executable, "-c", "print('hi')"], stdout=subprocess.PIPE) as child:
        assert child.name() == psutil.Process(child.pid).name()
        out, _ = child.communicate()
        assert out.strip() == b"hi"
    assert child.wait(10) == 0


@pytest.mark.parametrize("pid", [-1, 2**40, "1", 999996, None])
def test_bad_pids(pid: Any) -> None:
    first, second = (outcome(lambda m=m: m.Process(pid).pid) for m in (psutil, core))
    assert first[0] == second[0]
    if first[0] not in {"TypeError", "OverflowError"}:
        assert first == second


def test_command_lines_are_split_as_windows_does() -> None:
    import ctypes
    import random

    from sysutils.core.windows.arguments import split_command_line

    count = ctypes.c_int()
    split = ctypes.windll.shell32.CommandLineToArgvW  # type: ignore[attr-defined,unused-ignore]
    split.restype = ctypes.POINTER(ctypes.c_wchar_p)
    dice = random.Random(7)
    for _ in range(3000):
        text = "".join(dice.choice('ab \t"\\\\""') for _ in range(dice.randrange(1, 18)))
        row = split(ctypes.c_wchar_p(text), ctypes.byref(count))
        assert split_command_line(text) == row[: count.value], text
