"""The SunOS host: start, load, sessions, page size."""

import mmap
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from sysutils.core._ntuples import suser
from sysutils.core.sunos import kstat, layout
from sysutils.core.sysv import users as sessions

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

PAGE_SIZE = mmap.PAGESIZE
#: ticks in a second, those of tables
CLOCK_TICKS = 100

getloadavg: Any = getattr(os, "getloadavg", None)


def boot_time() -> float:
    """When the system was started, in seconds since the epoch (kstat ``unix:0:system_misc``).

    Raises OSError."""
    found = kstat.named("unix", "system_misc").get((0, "system_misc"), {})
    if "boot_time" not in found:
        raise FileNotFoundError("no kstat unix:0:system_misc:boot_time")
    return float(found["boot_time"])


def uptime() -> float:
    """Seconds since boot."""
    return time.time() - boot_time()


def pid_max() -> int:
    """One more than the largest process id there may be without tuning."""
    return 29999 + 1


def uname() -> Any:
    """``(sysname, nodename, release, version, machine)`` (uname(2)). (Extension.)"""
    return os.uname()


def users() -> list[suser]:
    """The login sessions (getutxent(3C))."""
    return sessions.sessions(layout.utmpx)
