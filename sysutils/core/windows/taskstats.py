"""What processes read and wrote, files, devices and the network alike: threads have no figures."""

from typing import TYPE_CHECKING, Any

from sysutils.core._errors import NoSuchProcess
from sysutils.core.windows import records, results
from sysutils.core.windows.ntuples import pio

if TYPE_CHECKING:
    from collections.abc import Callable


class TaskStats:
    """Reads process after process, out of one look at all until one is asked for again. (Extension.)"""

    #: whether each thread has its own figures
    per_thread = False

    def __init__(self) -> None:
        self._left: set[int] = set()
        self._opened: Callable[[int], Any] = records.open_process

    def thread(self, tid: int) -> pio:
        """Figures of the process of that id. Raises NoSuchProcess."""
        if tid not in self._left:
            pids, self._opened = records.look()
            self._left = set(pids)
        try:
            self._left.remove(tid)
        except KeyError:
            raise NoSuchProcess(tid) from None
        return results.io_counters(self._opened(tid))

    def close(self) -> None:
        """Nothing is held."""
