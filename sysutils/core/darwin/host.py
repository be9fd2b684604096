"""The host as a whole: boot time, uptime, load, who is logged in."""

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sysutils.core import _native
from sysutils.core._ntuples import suser
from sysutils.core.bsd import sysctl
from sysutils.core.darwin.kinfo import CTL_KERN, timeval
from sysutils.core.posix.utmp import utmp_record

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

KERN_BOOTTIME = 21
#: CLK_TCK, the same on every Mac
CLOCK_TICKS = 100
USER_PROCESS = 7
#: ``ut_type`` by number, with the names that Linux has
TYPES = (
    "EMPTY", "RUN_LVL", "BOOT_TIME", "OLD_TIME", "NEW_TIME", "INIT_PROCESS", "LOGIN_PROCESS", "USER_PROCESS",
    "DEAD_PROCESS", "ACCOUNTING",
)  # fmt: skip
_PID_MAX = 99999  # the kernel's PID_MAX


class utmpx(ctypes.Structure):
    """``struct utmpx``."""

    _fields_ = (
        ("ut_user", ctypes.c_char * 256),
        ("ut_id", ctypes.c_char * 4),
        ("ut_line", ctypes.c_char * 32),
        ("ut_pid", ctypes.c_int32),
        ("ut_type", ctypes.c_int16),
        ("ut_tv", timeval),
        ("ut_host", ctypes.c_char * 256),
        ("ut_pad", ctypes.c_uint32 * 16),
    )


class loadavg_struct(ctypes.Structure):
    """``struct loadavg``: three averages, and what one is."""

    _fields_ = (("ldavg", ctypes.c_uint32 * 3), ("fscale", ctypes.c_long))


def boot_time() -> float:
    """When the system was started, in seconds since the epoch (sysctl ``kern.boottime``)."""
    found = sysctl.structure((CTL_KERN, KERN_BOOTTIME), timeval)
    return found.tv_sec + found.tv_usec / 1e6


def uptime() -> float:
    """Seconds since boot, sleep included (sysctl ``kern.boottime``)."""
    return time.time() - boot_time()


def getloadavg() -> tuple[float, float, float]:
    """Load averages over 1, 5 and 15 minutes (sysctl ``vm.loadavg``)."""
    data = sysctl.read_name("vm.loadavg", ctypes.sizeof(loadavg_struct))
    found = loadavg_struct.from_buffer_copy(data.ljust(ctypes.sizeof(loadavg_struct), b"\0"))
    one, five, fifteen = (part / (found.fscale or 1) for part in found.ldavg)
    return one, five, fifteen


def users() -> list[suser]:
    """The login sessions (getutxent(3))."""
    return [
        suser(
            os.fsdecode(one.ut_user), os.fsdecode(one.ut_line) or None,
            os.fsdecode(one.ut_host) or None, float(one.ut_tv.tv_sec), one.ut_pid,
        )
        for one in _sessions()
        if one.ut_tv.tv_sec
    ]  # fmt: skip


def login_records() -> list[utmp_record]:
    """Every record that getutxent(3) tells, of all types."""
    return [
        utmp_record(
            TYPES[one.ut_type] if 0 <= one.ut_type < len(TYPES) else str(one.ut_type), one.ut_pid,
            os.fsdecode(one.ut_line), os.fsdecode(one.ut_id), os.fsdecode(one.ut_user),
            os.fsdecode(one.ut_host), 0, 0, 0, one.ut_tv.tv_sec + one.ut_tv.tv_usec / 1e6, bytes(16),
        )
        for one in _records()
    ]  # fmt: skip


def _sessions() -> Iterator[utmpx]:
    return (one for one in _records() if one.ut_type == USER_PROCESS)


def _records() -> Iterator[utmpx]:
    _native.function("c", "setutxent", None)()
    next_entry = _native.function("c", "getutxent", ctypes.c_void_p)
    try:
        while place := next_entry():
            yield utmpx.from_buffer_copy(ctypes.string_at(place, ctypes.sizeof(utmpx)))
    finally:
        _native.function("c", "endutxent", None)()


class kernel(NamedTuple):
    """The names of the system, as ``os.uname`` has them."""

    sysname: str
    nodename: str
    release: str
    version: str
    machine: str


def uname() -> kernel:
    """``(sysname, nodename, release, version, machine)`` (sysctl). (Extension.)"""
    names = ("kern.ostype", "kern.hostname", "kern.osrelease", "kern.version", "hw.machine")
    return kernel(*map(sysctl.text_of, names))


def pid_max() -> int:
    """Process ids are below this; the kernel's own limit, which it tells nowhere."""
    return _PID_MAX + 1


def page_size() -> int:
    """Bytes of a page of memory (sysctl ``hw.pagesize``)."""
    return sysctl.number_of("hw.pagesize")


def __getattr__(name: str) -> int:
    """``PAGE_SIZE``: not all Macs have the same."""
    if name == "PAGE_SIZE":
        return page_size()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
