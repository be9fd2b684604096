"""Facts about a process on Linux in psutil's tuples and constants: pure functions of its files."""

from functools import partial

from sysutils.core._enums import ProcessStatus
from sysutils.core._ntuples import pctxsw, pgids, puids
from sysutils.core.linux import pid_files as pf
from sysutils.core.linux.host import CLOCK_TICKS
from sysutils.core.linux.ntuples import pcputimes, pmem
from sysutils.core.linux.pid_files import PidFiles

# tuple.__new__ itself: a NamedTuple's own __new__ takes twice the time
_new_cputimes = partial(tuple.__new__, pcputimes)
_new_mem = partial(tuple.__new__, pmem)
_new_ctxsw = partial(tuple.__new__, pctxsw)

STATES: dict[bytes, str] = {
    b"R": ProcessStatus.STATUS_RUNNING,
    b"S": ProcessStatus.STATUS_SLEEPING,
    b"D": ProcessStatus.STATUS_DISK_SLEEP,
    b"T": ProcessStatus.STATUS_STOPPED,
    b"t": ProcessStatus.STATUS_TRACING_STOP,
    b"Z": ProcessStatus.STATUS_ZOMBIE,
    b"X": ProcessStatus.STATUS_DEAD,
    b"x": ProcessStatus.STATUS_DEAD,
    b"K": ProcessStatus.STATUS_WAKE_KILL,
    b"W": ProcessStatus.STATUS_WAKING,
    b"I": ProcessStatus.STATUS_IDLE,
    b"P": ProcessStatus.STATUS_PARKED,
}


def status(files: PidFiles) -> str:
    """One of the ``STATUS_*`` constants (``/proc/PID/stat``); ``"?"`` for a letter nobody knows."""
    return STATES.get(files.stat[pf.STATE], "?")


def cpu_times(files: PidFiles) -> pcputimes:
    """``(user, system, children_user, children_system, iowait)`` in seconds (``/proc/PID/stat``)."""
    stat = files.stat
    blkio = stat[pf.DELAYACCT_BLKIO_TICKS] if len(stat) > pf.DELAYACCT_BLKIO_TICKS + 1 else b"0"
    return _new_cputimes((
        int(stat[pf.UTIME]) / CLOCK_TICKS,
        int(stat[pf.STIME]) / CLOCK_TICKS,
        int(stat[pf.CUTIME]) / CLOCK_TICKS,
        int(stat[pf.CSTIME]) / CLOCK_TICKS,
        int(blkio) / CLOCK_TICKS,
    ))  # fmt: skip


def memory_info(files: PidFiles) -> pmem:
    """``(rss, vms, shared, text, lib, data, dirty)`` in bytes (``/proc/PID/statm``)."""
    vms, rss, shared, text, lib, data, dirty = files.statm
    return _new_mem((rss, vms, shared, text, lib, data, dirty))


def uids(files: PidFiles) -> puids:
    """``(real, effective, saved)`` user ids (PIDFD_GET_INFO, else ``/proc/PID/status``)."""
    return tuple.__new__(puids, files.ids[0:6:2])


def gids(files: PidFiles) -> pgids:
    """``(real, effective, saved)`` group ids (PIDFD_GET_INFO, else ``/proc/PID/status``)."""
    return tuple.__new__(pgids, files.ids[1:6:2])


def num_ctx_switches(files: PidFiles) -> pctxsw:
    """``(voluntary, involuntary)`` context switches (``/proc/PID/status``)."""
    status = files.status
    words = status[status.rfind(b"\nvoluntary_ctxt_switches:") :].split(None, 4)  # near the end
    if len(words) < 4 or words[2] != b"nonvoluntary_ctxt_switches:":
        raise NotImplementedError("'voluntary_ctxt_switches' is not in /proc/PID/status")
    return _new_ctxsw((int(words[1]), int(words[3])))
