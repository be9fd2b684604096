"""Windows' clocks: 100 ns since 1601 in UTC, and the time since boot."""

import ctypes
import time

from sysutils.core.windows.errors import declare

#: clock ticks a second of the times that ``ps`` and ``top`` reckon in; Windows has no such unit
CLOCK_TICKS = 100
_EPOCH = 116444736000000000

_tick_count = declare("kernel32", "GetTickCount64", ctypes.c_uint64)


def epoch_seconds(moment: int) -> float:
    """A FILETIME in seconds since the epoch."""
    return (moment - _EPOCH) / 1e7


def filetime(seconds: float) -> int:
    """Seconds since the epoch as a FILETIME."""
    return round(seconds * 1e7) + _EPOCH


def uptime() -> float:
    """Seconds since boot, suspended time included (GetTickCount64)."""
    ticks: int = _tick_count()
    return ticks / 1000


_boot_time = 0.0


def boot_time() -> float:
    """When the system was started, in seconds since the epoch, by its clock of now."""
    global _boot_time  # noqa: PLW0603
    _boot_time = time.time() - uptime()
    return _boot_time


def known_boot_time() -> float:
    """``boot_time()`` of the first call."""
    return _boot_time or boot_time()
