"""What POSIX does to a process: signals by name, the nice value."""

import os
import signal
import sys
from typing import TYPE_CHECKING, TypeVar

from sysutils.core._process import BaseProcess

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

R = TypeVar("R")


class PosixProcess(BaseProcess[R]):
    """The methods that mean the same on every POSIX system."""

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
