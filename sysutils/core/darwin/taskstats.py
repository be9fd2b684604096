"""What processes moved from and to disks (``proc_pid_rusage``): threads have no figures of their own."""

from sysutils.core._errors import AccessDenied, NoSuchProcess
from sysutils.core.darwin import pid_records, usage
from sysutils.core.darwin.ntuples import pio


class TaskStats:
    """Reads process after process. (Extension.)"""

    #: whether each thread has its own figures
    per_thread = False

    def thread(self, tid: int) -> pio:
        """Figures of the process of that id. Raises NoSuchProcess, AccessDenied for another user's."""
        try:
            return usage.io_counters(pid_records.of_process(tid))
        except PermissionError:
            raise AccessDenied(tid) from None
        except (ProcessLookupError, FileNotFoundError):
            raise NoSuchProcess(tid) from None

    def close(self) -> None:
        """Nothing is held."""
