"""Facts about a process on AIX: functions of its records. Those that SunOS tells too are in ``sysv.facts``.

Names are psutil's where it has one, else those of Linux' tables."""

import os
import sys
from typing import TYPE_CHECKING

from sysutils.core._enums import ProcessStatus
from sysutils.core._ntuples import popenfile
from sysutils.core.aix import files, layout, perfstat, procfiles, terminals
from sysutils.core.sysv import facts as sysv_facts
from sysutils.core.sysv import procfs
from sysutils.core.sysv.facts import (
    COMM_CUT,
    cmdline,
    comm,
    cpu_seconds,
    create_time,
    has_memory,
    memory_rss,
    pid,
    ppid,
    raise_if_zombie,
)
from sysutils.core.sysv.info import Records
from sysutils.core.sysv.ntuples import pcputimes, pio

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

__all__ = [
    "COMM_CUT", "cmdline", "comm", "cpu_seconds", "cpu_times", "create_time", "cwd", "exe", "has_memory",
    "io_counters", "memory_rss", "nice", "num_fds", "open_files", "pid", "ppid", "state", "status",
    "stime", "terminal", "utime",
]  # fmt: skip

#: nanoseconds
_TICK = 10_000_000
#: the letter of a thread's state (PR_SNAME_*) -> ours
STATES = {
    "R": ProcessStatus.STATUS_RUNNING,
    "A": ProcessStatus.STATUS_RUNNING,
    "S": ProcessStatus.STATUS_SLEEPING,
    "W": ProcessStatus.STATUS_SLEEPING,
    "T": ProcessStatus.STATUS_STOPPED,
    "I": ProcessStatus.STATUS_IDLE,
    "Z": ProcessStatus.STATUS_ZOMBIE,
}


def status(records: Records) -> str:
    """One of the ``STATUS_*`` constants, that of the thread which stands for the process; ``"?"`` for a
    letter nobody knows."""
    return STATES.get(records.info.letter, "?")


def state(records: Records) -> str:
    """The letter that ps shows: I, R, S, T or Z."""
    letter = records.info.letter
    return {"A": "R", "W": "S"}.get(letter, letter)


def nice(records: Records) -> int:
    """Nice value (getpriority(2))."""
    return os.getpriority(os.PRIO_PROCESS, records.owner)


def cpu_times(records: Records) -> pcputimes:
    """``(user, system, children_user, children_system)`` in seconds (``status``: the owner's)."""
    return pcputimes(*files.times(records))


def _ticks(records: Records) -> tuple[int, int]:
    if records.tid:
        used = files.thread_times(records.tid)
        return (used.utime // _TICK, used.stime // _TICK) if used else (0, 0)
    try:
        user, system, *_ = files.times(records)
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return round(cpu_seconds(records) * 100), 0
    return round(user * 100), round(system * 100)


def utime(records: Records) -> int:
    """CPU time in user mode, in ticks; all CPU time of a process whose ``status`` may not be read."""
    ticks: tuple[int, int] = records.part(_ticks)
    return ticks[0]


def stime(records: Records) -> int:
    """CPU time in kernel mode, in ticks; 0 of a process whose ``status`` may not be read."""
    ticks: tuple[int, int] = records.part(_ticks)
    return ticks[1]


def exe(records: Records) -> str:
    """Path of the program as its first argument tells: relative to the working directory, or a name that
    is looked for in our own PATH; ``""`` if it is not there."""
    arguments = cmdline(records)
    if not arguments or os.path.isabs(arguments[0]):
        return ""  # the portable part looks at an absolute one
    name = arguments[0]
    if os.sep in name:
        return _program(os.path.normpath(os.path.join(cwd(records), name)))
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = (_program(os.path.abspath(os.path.join(place, name))) for place in places)
    return next(filter(None, found), "")


def _program(path: str) -> str:
    return path if os.path.isfile(path) and os.access(path, os.X_OK) else ""


def cwd(records: Records) -> str:
    """Working directory (``cwd``), ``""`` where the kernel has lost its path. Needs the owner's rights."""
    try:
        return os.readlink(procfs.path_of(records.owner, "cwd")).rstrip("/") or "/"
    except FileNotFoundError:
        raise_if_zombie(records)
        return ""


def terminal(records: Records) -> str | None:
    """Path of the controlling terminal, None without one."""
    number = records.info.tdev
    return None if number is None else terminals.path_of(number)


def num_fds(records: Records) -> int:
    """How many descriptors are open (``fd``), 0 for the swapper. Needs the owner's rights."""
    return sysv_facts.num_fds(records) if records.owner else 0


def open_files(records: Records) -> list[popenfile]:
    """``[(path, fd), …]`` of regular files, by procfiles(1), which needs the owner's rights."""
    raise_if_zombie(records)
    return procfiles.open_files(records.owner)


def io_counters(records: Records) -> pio:
    """``(read_count, write_count, read_bytes, write_bytes)`` on disks (perfstat_process)."""
    try:
        found = perfstat.one("perfstat_process", layout.perfstat_process, str(records.owner))
    except OSError:
        raise_if_zombie(records)  # and raises for a process that is gone
        raise
    return pio(found.inOps, found.outOps, found.inBytes, found.outBytes)
