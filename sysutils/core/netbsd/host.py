"""The NetBSD host: start, load, sessions, page size."""

import mmap
import os
import time
from typing import Any

from sysutils.core import _native
from sysutils.core._ntuples import suser
from sysutils.core.bsd import facts, sessions, sysctl
from sysutils.core.netbsd import layout
from sysutils.core.posix.utmp import utmp_record

PAGE_SIZE = mmap.PAGESIZE
CLOCK_TICKS = facts.CLOCK_TICKS
_first: list[int] = []


def boot_time() -> float:
    """When the system was started, in seconds since the epoch (``kern.boottime``), whole ones."""
    return float(_boot_seconds())


def _boot_seconds() -> int:
    # what follows the seconds are microseconds in old kernels, nanoseconds in new ones
    return sysctl.number(sysctl.read((layout.CTL_KERN, layout.KERN_BOOTTIME), 16)[:8])


def clock_set() -> int:
    """By how many seconds the clock was set since this was first asked; 0 for less than one.

    The kernel moves the time of its start when the clock is set, but not those of processes."""
    now = _boot_seconds()
    if not _first:
        _first.append(now)
    return abs(_first[0] - now)


def uptime() -> float:
    """Seconds since boot; the kernel moves the start as the clock is set."""
    return time.time() - boot_time()


getloadavg: Any = getattr(os, "getloadavg", None)
uname: Any = getattr(os, "uname", None)


def pid_max() -> int:
    """One more than the largest process id there may be."""
    return 30000 + 1


def users() -> list[suser]:
    """The login sessions (getutxent(3))."""
    return sessions.users(_getutxent(), layout.utmpx, layout.USER_PROCESS)


def login_records() -> list[utmp_record]:
    """Every record that getutxent(3) tells, of all types."""
    return sessions.login_records(_getutxent(), layout.utmpx, layout.UTMPX_TYPES)


def _getutxent() -> Any:
    return _native.function("c", "__getutxent50", sessions.POINTER)
