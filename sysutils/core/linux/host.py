"""The host as a whole: boot time, uptime, load."""

import os

from sysutils.core.linux import procfs

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")

_boot_times: dict[bytes, int] = {}


def parse_btime(data: bytes) -> int:
    """``btime`` of ``/proc/stat``: seconds since the epoch. Raises RuntimeError without that line."""
    start = data.find(b"\nbtime ")
    if start < 0:
        raise RuntimeError("line 'btime' not found in /proc/stat")
    return int(data[start + 7 : data.find(b"\n", start + 1)])


def boot_time() -> float:
    """When the system was started, in seconds since the epoch (``btime`` of ``/proc/stat``)."""
    root = procfs.root()
    value = parse_btime(procfs.read(root + b"/stat", 65536))
    _boot_times[root] = value
    return float(value)


def known_boot_time() -> float:
    """``boot_time()``, read once per procfs."""
    return _boot_times.get(procfs.root()) or boot_time()


def parse_uptime(data: bytes) -> tuple[float, float]:
    """``/proc/uptime``: seconds since boot, idle seconds of all CPUs together."""
    up, idle = data.split()[:2]
    return float(up), float(idle)


def uptime() -> float:
    """Seconds since boot (``/proc/uptime``, which containers may replace)."""
    return parse_uptime(procfs.read_proc(b"uptime", 128))[0]


def getloadavg() -> tuple[float, float, float]:
    """Load averages over 1, 5 and 15 minutes (``/proc/loadavg``)."""
    one, five, fifteen = procfs.read_proc(b"loadavg", 128).split()[:3]
    return float(one), float(five), float(fifteen)
