"""The FreeBSD host: start, load, sessions, page size."""

import mmap
import os
import time
from typing import Any

from sysutils.core import _native
from sysutils.core._ntuples import suser
from sysutils.core.bsd import facts, sessions, sysctl
from sysutils.core.freebsd import layout
from sysutils.core.posix.utmp import utmp_record

PAGE_SIZE = mmap.PAGESIZE
CLOCK_TICKS = facts.CLOCK_TICKS
_BOOT_TIME = "kern.boottime"
_USER_PROCESS = 4


def boot_microseconds() -> int:
    """When the system was started, in microseconds since the epoch (``kern.boottime``)."""
    found = layout.timeval.from_buffer_copy(sysctl.read_name(_BOOT_TIME, 16))
    micro: int = found.tv_sec * 1_000_000 + found.tv_usec
    return micro


def boot_time() -> float:
    """When the system was started, in seconds since the epoch."""
    return boot_microseconds() / 1e6


def uptime() -> float:
    """Seconds since boot; the kernel moves the start as the clock is set."""
    return time.time() - boot_time()


getloadavg: Any = getattr(os, "getloadavg", None)
uname: Any = getattr(os, "uname", None)


def pid_max() -> int:
    """One more than the largest process id there may be (``kern.pid_max``)."""
    return sysctl.optional("kern.pid_max", 99999) + 1


def users() -> list[suser]:
    """The login sessions (getutxent(3))."""
    return sessions.users(_getutxent(), layout.utmpx, _USER_PROCESS)


def login_records() -> list[utmp_record]:
    """Every record that getutxent(3) tells, of all types."""
    return sessions.login_records(_getutxent(), layout.utmpx, layout.UTMPX_TYPES)


def _getutxent() -> Any:
    return _native.function("c", "getutxent", sessions.POINTER)
