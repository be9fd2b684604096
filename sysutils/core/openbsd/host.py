"""The OpenBSD host: start, load, sessions, page size."""

import ctypes
import mmap
import os
import time
from typing import Any

from sysutils.core._ntuples import suser
from sysutils.core.bsd import facts, sysctl
from sysutils.core.openbsd import layout
from sysutils.core.posix import utmp

PAGE_SIZE = mmap.PAGESIZE
CLOCK_TICKS = facts.CLOCK_TICKS
#: tests have another one
UTMP = utmp.PATH


def boot_microseconds() -> int:
    """When the system was started, in microseconds since the epoch (``kern.boottime``)."""
    found = sysctl.structure((layout.CTL_KERN, layout.KERN_BOOTTIME), layout.timeval)
    micro: int = found.tv_sec * 1_000_000 + found.tv_usec
    return micro


def boot_time() -> float:
    """When the system was started, in seconds since the epoch."""
    return boot_microseconds() / 1e6


def uptime() -> float:
    """Seconds since boot; the kernel moves the start as the clock is set."""
    return time.time() - boot_time()


getloadavg: Any = getattr(os, "getloadavg", None)


def pid_max() -> int:
    """One more than the largest process id there may be."""
    return 99999 + 1


def users() -> list[suser]:
    """The login sessions (``/var/run/utmp``), without ``pid``, which the file does not have."""
    data = utmp.read(UTMP)
    size = ctypes.sizeof(layout.utmp)
    rows = []
    for start in range(0, len(data) - size + 1, size):
        found = layout.utmp.from_buffer_copy(data, start)
        line = os.fsdecode(found.ut_line)
        if found.ut_name and line != "~":
            host = os.fsdecode(found.ut_host) or None
            rows.append(
                suser(os.fsdecode(found.ut_name), line or None, host, float(found.ut_time), None)
            )
    return rows
