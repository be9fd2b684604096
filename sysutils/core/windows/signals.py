"""Signals to processes, as far as Windows has what they mean."""

import errno
import os

from sysutils.core.windows import errors, process, records, wait

#: Linux' numbers: to end a process at once, or to have its console group interrupted
_INTERRUPT, _KILL, _TERMINATE = 2, 9, 15
_BREAK = 21  # Windows' own: Ctrl-Break


class SignalTarget:
    """The process that has a pid now; its signals never reach a later owner of the pid. ``close`` it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._started: int | None = None
        self._gone = pid < 0
        try:
            self._started = None if self._gone else self._start()
        except ProcessLookupError:
            self._gone = True
        except PermissionError:
            pass

    def _start(self) -> int:
        return process.start_ticks(records.open_process(self.pid))

    def send(self, number: int, value: int | None = None) -> None:
        """0 looks whether it is there, 9 and 15 end it, 2 and 21 are Ctrl-C and Ctrl-Break. OSError."""
        if self._gone or (self._started is not None and self._start() != self._started):
            raise errors.no_such_process()
        if value is not None or number not in {0, _INTERRUPT, _KILL, _TERMINATE, _BREAK}:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if number in {_KILL, _TERMINATE}:
            process.terminate(self.pid)
        elif number:
            process.interrupt(self.pid, pause=number == _BREAK)

    def wait(self, seconds: float) -> bool:
        """Waits so long for the process to end; whether it has."""
        if self._gone:
            return True
        try:
            wait.wait_pid(self.pid, seconds)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Nothing is kept open."""
