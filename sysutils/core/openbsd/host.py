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
uname: Any = getattr(os, "uname", None)


def pid_max() -> int:
    """One more than the largest process id there may be."""
    return 99999 + 1


def users() -> list[suser]:
    """The login sessions (``/var/run/utmp``), without ``pid``, which the file does not have."""
    return [
        suser(record.user, record.line or None, record.host or None, record.time, None)
        for record in login_records()
        if record.type == "USER_PROCESS"
    ]


def login_records() -> list[utmp.utmp_record]:
    """Every record of ``/var/run/utmp``; it tells no pids, and types by how a record looks."""
    data = utmp.read(UTMP)
    size = ctypes.sizeof(layout.utmp)
    return [
        _record(layout.utmp.from_buffer_copy(data, start))
        for start in range(0, len(data) - size + 1, size)
    ]


def _record(found: layout.utmp) -> utmp.utmp_record:
    line, name = os.fsdecode(found.ut_line), os.fsdecode(found.ut_name)
    kind = "USER_PROCESS" if name else "EMPTY"
    if line == "~":  # reboot or shutdown
        kind = "BOOT_TIME" if name == "reboot" else "SHUTDOWN_TIME"
    host, time = os.fsdecode(found.ut_host), float(found.ut_time)
    return utmp.utmp_record(kind, 0, line, "", name, host, 0, 0, 0, time, bytes(16))
