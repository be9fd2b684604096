"""The AIX host: start, load, sessions, page size."""

import mmap
import os
import time
from typing import Any

from sysutils.core._ntuples import suser
from sysutils.core.aix import layout, perfstat
from sysutils.core.posix.utmp import utmp_record
from sysutils.core.sysv import procfs
from sysutils.core.sysv.users import USER_PROCESS, session

PAGE_SIZE = mmap.PAGESIZE
#: ticks in a second, those of tables
CLOCK_TICKS = 100

#: where login(1) and its like write who is logged in now; tests have another one
UTMP = "/etc/utmp"
_BOOT_TIME = 2
_TYPES = (
    "EMPTY", "RUN_LVL", "BOOT_TIME", "OLD_TIME", "NEW_TIME", "INIT_PROCESS", "LOGIN_PROCESS",
    "USER_PROCESS", "DEAD_PROCESS", "ACCOUNTING",
)  # fmt: skip


def _records() -> list[layout.utmp]:
    return procfs.structures(UTMP, layout.utmp)


def boot_time() -> float:
    """When the system was started, in seconds since the epoch (``/etc/utmp``). Raises OSError."""
    for found in _records():
        if found.ut_type == _BOOT_TIME:
            return float(found.ut_time)
    raise FileNotFoundError(f"no record of the start in {UTMP}")


def uptime() -> float:
    """Seconds since boot."""
    return time.time() - boot_time()


def getloadavg() -> tuple[float, float, float]:
    """Average number of running processes over the last 1, 5 and 15 minutes (perfstat_cpu_total)."""
    found = perfstat.one("perfstat_cpu_total", layout.perfstat_cpu_total)
    one, five, fifteen = (load / layout.LOAD_SCALE for load in found.loadavg)
    return one, five, fifteen


def users() -> list[suser]:
    """The login sessions (``/etc/utmp``)."""
    return [
        session(found.ut_user, found.ut_line, found.ut_host, found.ut_time, found.ut_pid)
        for found in _records()
        if found.ut_type == USER_PROCESS
    ]


uname: Any = getattr(os, "uname", None)


def login_records() -> list[utmp_record]:
    """Every record of ``/etc/utmp``, of all types."""
    return [
        utmp_record(
            _TYPES[found.ut_type] if 0 <= found.ut_type < len(_TYPES) else str(found.ut_type),
            found.ut_pid, os.fsdecode(found.ut_line), os.fsdecode(found.ut_id), os.fsdecode(found.ut_user),
            os.fsdecode(found.ut_host), found.e_termination, found.e_exit, 0, float(found.ut_time), bytes(16),
        )
        for found in _records()
    ]  # fmt: skip
