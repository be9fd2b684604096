"""Signals to processes that are known by their pid, or to groups of them."""

import errno
import os
import select
import signal
import sys
from typing import TYPE_CHECKING, Any

from sysutils.core.posix.wait import open_pidfd, wait_pid

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


class SignalTarget:
    """The process that has a pid now: its signals never reach a later owner of the pid.

    That needs pidfd_open(2), as Linux has it; elsewhere, and for process groups (0 and negative
    numbers, as in kill(2)), it is kill(2). ``close`` it in the end."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor: int | None = None
        self._gone = not -0x80000000 < pid < 0x80000000
        if pid > 0 and not self._gone:
            try:
                self._descriptor = open_pidfd(pid)
            except ProcessLookupError:
                self._gone = True

    def send(self, number: int, value: int | None = None) -> None:
        """Sends a signal, with a ``value`` to be received beside it (sigqueue(3)). Raises OSError."""
        if self._gone or (value is not None and self._ended()):
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
        if value is not None:
            _queue(self.pid, number, value)
        elif self._descriptor is None:
            os.kill(self.pid, number)
        else:
            send: Any = getattr(signal, "pidfd_send_signal")  # noqa: B009
            send(self._descriptor, number)

    def _ended(self) -> bool:
        """Whether the process is over, which leaves its pid to others once it is collected."""
        if self._descriptor is None:
            return False
        return bool(select.select([self._descriptor], [], [], 0)[0]) and not _there(self.pid)

    def wait(self, seconds: float) -> bool:
        """Waits so long for the process to end; whether it has."""
        if self._gone:
            return True
        if self._descriptor is not None:
            return bool(select.select([self._descriptor], [], [], seconds)[0])
        try:
            wait_pid(self.pid, seconds)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Gives the descriptor back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _queue(pid: int, number: int, value: int) -> None:
    """sigqueue(3). Raises OSError."""
    import ctypes

    from sysutils.core import _native

    if not _native.has_function("c", "sigqueue"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    sigqueue = _native.function(
        "c", "sigqueue", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
    )
    union = value & 0xFFFFFFFF  # an int at the start of a pointer's room
    if sys.byteorder == "big" and ctypes.sizeof(ctypes.c_void_p) == 8:
        union <<= 32
    if sigqueue(pid, number, union) != 0:
        raise _native.os_error(_native.last_error())
