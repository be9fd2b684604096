"""What POSIX does to a process: signals by name, the nice value."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sysutils.core._errors import NoSuchProcess
from sysutils.core._process import BaseProcess
from sysutils.core.posix import wait

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

R = TypeVar("R")


class PosixProcess(BaseProcess[R]):
    """The methods that mean the same on every POSIX system."""

    #: the name last seen, for error messages about a process that is gone
    _name: str | None = None

    if TYPE_CHECKING:

        def send_signal(self, sig: int) -> None: ...

    def suspend(self) -> None:
        """Stops the process (SIGSTOP)."""
        self.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a stopped process go on (SIGCONT)."""
        self.send_signal(signal.SIGCONT)

    def terminate(self) -> None:
        """Asks the process to end (SIGTERM)."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the process at once (SIGKILL)."""
        self.send_signal(signal.SIGKILL)

    def _wait(self, timeout: float | None, reap: wait.Reap) -> int | None:
        return wait.wait_pid(self._pid, timeout, reap)

    _reap = staticmethod(wait.reap)

    def _send(self, number: int, same: Callable[[], bool]) -> None:
        """kill(2), once it is sure that the pid is still this process's."""
        if not same():
            text = "process no longer exists and its PID has been reused"
            raise NoSuchProcess(self._pid, self._name, text)
        try:
            os.kill(self._pid, number)
        except OSError as error:
            raise self._error(error) from error

    def _get_nice(self) -> int:
        try:
            return os.getpriority(os.PRIO_PROCESS, self._pid)
        except OSError as error:
            raise self._error(error) from error

    def _set_nice(self, value: int) -> None:
        try:
            os.setpriority(os.PRIO_PROCESS, self._pid, value)
        except OSError as error:
            raise self._error(error) from error
