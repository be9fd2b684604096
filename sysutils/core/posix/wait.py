"""Waiting for processes to end: a descriptor of the process where the kernel has them, else polling."""

import enum
import functools
import os
import select
import signal
import sys
from collections.abc import Callable, Iterable
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


_FIRST_PAUSE, _LONGEST_PAUSE = 0.0001, 0.04


@functools.cache
def _negative_signals() -> Any:
    return enum.IntEnum("Negsignal", {item.name: -item.value for item in signal.Signals})


def exit_code(status: int) -> int:
    """Exit status of a wait(2) status, or the negated signal that ended the process as an int enum."""
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    number = -os.WTERMSIG(status)
    try:
        code: int = _negative_signals()(number)
    except ValueError:
        return number  # a real-time signal has no name
    return code


def open_pidfd(pid: int) -> int | None:
    """A descriptor that is readable once the process has ended, None where there is no such thing.

    Raises ProcessLookupError for a pid that is no process."""
    pidfd_open: Any = getattr(os, "pidfd_open", None)
    if pidfd_open is None:
        return None
    try:
        descriptor: int = pidfd_open(pid)
    except ProcessLookupError:
        raise
    except OSError:
        return None  # an old kernel, a thread's id, or no descriptors left
    return descriptor


#: whether a child has ended, and its exit code
Reap = Callable[[int], tuple[bool, int | None]]


def reap(pid: int) -> tuple[bool, int | None]:
    """Whether a child has ended, and its exit code; (True, None) for what is no child of ours."""
    while True:
        try:
            found, status = os.waitpid(pid, os.WNOHANG)
        except InterruptedError:
            continue
        except ChildProcessError:
            return True, None
        return found == pid, exit_code(status) if found == pid else None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def wait_pid(pid: int, timeout: float | None = None, reap: Reap = reap) -> int | None:
    """Waits until a process is gone; a child's exit code or negated signal, None for others.

    A zombie that is no child of ours is there until its parent has collected it. Raises TimeoutError.
    ``reap`` stands in for the function of that name: of several threads one alone can collect a child."""
    end = None if timeout is None else monotonic() + timeout
    try:
        descriptor = open_pidfd(pid)
    except ProcessLookupError:
        return reap(pid)[1]
    if descriptor is None:
        return _poll(pid, end, reap)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        if not poll.poll(None if timeout is None else max(0.0, timeout) * 1000):
            raise TimeoutError
        code = reap(pid)[1]
        if code is None:
            poll.modify(descriptor, 0)  # new kernels hang up once the zombie is collected
            _until_collected(pid, poll, end)
    finally:
        os.close(descriptor)
    return code


def _until_collected(pid: int, poll: Any, end: float | None) -> None:
    while _exists(pid):
        left = _LONGEST_PAUSE if end is None else min(_LONGEST_PAUSE, end - monotonic())
        if left <= 0:
            raise TimeoutError
        poll.poll(left * 1000)


def _poll(pid: int, end: float | None, reap: Reap) -> int | None:
    """wait_pid without a descriptor: looks at growing intervals."""
    pause = _FIRST_PAUSE
    while True:
        ended, code = reap(pid)
        if ended and (code is not None or not _exists(pid)):
            return code
        if end is not None and monotonic() >= end:
            raise TimeoutError
        sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def wait_any(pids: Iterable[int], timeout: float | None = None) -> set[int]:
    """The pids of those processes that have ended, after at least one has or the time is over.

    Pids that can't be watched by a descriptor are looked at every 40 ms."""
    descriptors: dict[int, int] = {}
    ended: set[int] = set()
    blind: set[int] = set()
    poll = select.poll()
    try:
        for pid in pids:
            try:
                descriptor = open_pidfd(pid)
            except ProcessLookupError:
                ended.add(pid)
                continue
            if descriptor is None:
                blind.add(pid)
            else:
                descriptors[descriptor] = pid
                poll.register(descriptor, select.POLLIN)
        end = None if timeout is None else monotonic() + timeout
        while not ended:
            left = None if end is None else max(0.0, end - monotonic())
            pause = min(_LONGEST_PAUSE, left or 0.0) if blind and left is not None else left
            if blind and left is None:
                pause = _LONGEST_PAUSE
            ready = poll.poll(None if pause is None else pause * 1000)
            ended.update(descriptors[fd] for fd, _ in ready)
            ended.update(pid for pid in blind if not _exists(pid) or _is_zombie_child(pid))
            if left == 0:
                break
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    return ended


def _is_zombie_child(pid: int) -> bool:
    if TYPE_CHECKING and sys.platform == "darwin":
        raise NotImplementedError  # has no waitid(2) in os
    if not hasattr(os, "waitid"):
        return _is_zombie_child_of_c(pid)
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except OSError:
        return False


#: WNOWAIT where Python has no name for it
_LEAVE_IT = {"darwin": 0x20, "linux": 0x1000000}
_P_PID, _WEXITED = 1, 4  # of Linux and macOS
_SIGINFO = 128  # no system's siginfo_t is larger


def _is_zombie_child_of_c(pid: int) -> bool:
    """The same by the C library, for PyPy, which has no ``os.waitid``."""
    import ctypes

    from sysutils.core import _native

    leave_it = _LEAVE_IT.get(sys.platform)
    if leave_it is None:
        return False
    told = (ctypes.c_int * (_SIGINFO // ctypes.sizeof(ctypes.c_int)))()
    options = _WEXITED | os.WNOHANG | leave_it
    waitid = _native.function(
        "c", "waitid", ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int
    )
    return waitid(_P_PID, pid, told, options) == 0 and told[0] != 0
