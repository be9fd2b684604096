"""The host as a whole: boot time, uptime, load, who is logged in."""

import os
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from sysutils.core.linux import procfs
from sysutils.core.posix import utmp

if TYPE_CHECKING:
    from sysutils.core._ntuples import suser

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


def _sysconf(name: str, elsewhere: int) -> int:
    # other systems read recorded trees of Linux machines too
    return os.sysconf(name) if hasattr(os, "sysconf") else elsewhere


CLOCK_TICKS: int = _sysconf("SC_CLK_TCK", 100)
PAGE_SIZE: int = _sysconf("SC_PAGE_SIZE", 4096)


class sload(NamedTuple):
    """Load averages, and how many threads run and exist (``/proc/loadavg``)."""

    load1: float
    load5: float
    load15: float
    running: int
    threads: int
    last_pid: int


_boot_times: dict[bytes, float] = {}


def parse_btime(data: bytes) -> int:
    """``btime`` of ``/proc/stat``: seconds since the epoch. Raises RuntimeError without that line."""
    start = data.find(b"\nbtime ")
    words = data[start + 7 : start + 40].split(None, 1)
    if start < 0 or not words or not words[0].isdigit():
        raise RuntimeError("line 'btime' not found in /proc/stat")
    return int(words[0])


def boot_time() -> float:
    """When the system was started, in seconds since the epoch (``btime`` of ``/proc/stat``).

    Two clocks tell what the kernel would write there, at a tenth of the cost. Android forbids that file;
    then it is the clock's time less the time since boot."""
    root = procfs.root()
    value = None
    if root == b"/proc" and procfs.is_kernels(b"/proc/stat"):
        value = _by_clocks()
    try:
        if value is None:
            value = float(parse_btime(procfs.read_record(root + b"/stat", 65536)))
    except PermissionError:
        since = _since_boot()
        if since is None or root != b"/proc":
            raise
        value = float(round(time.time() - since))
    _boot_times[root] = value
    return value


def known_boot_time() -> float:
    """``boot_time()``, read once per procfs."""
    return _boot_times.get(procfs.root()) or boot_time()


def _by_clocks() -> float | None:
    """``btime``: the whole seconds between the two clocks, None where it is not certain which they are."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is None:
        return None
    before = time.clock_gettime_ns(clock)
    now = time.time_ns()
    earliest = (now - time.clock_gettime_ns(clock)) // 10**9
    return float(earliest) if earliest == (now - before) // 10**9 else None


def _since_boot() -> float | None:
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return None if clock is None else time.clock_gettime(clock)


def parse_uptime(data: bytes) -> tuple[float, float]:
    """``/proc/uptime``: seconds since boot, idle seconds of all CPUs together.

    Raises ValueError for anything else."""
    try:
        up, idle = data.split()
        return float(up), float(idle)
    except ValueError:
        raise ValueError(f"not /proc/uptime: {data[:80]!r}") from None


def uptime() -> float:
    """Seconds since boot, suspended time included (``/proc/uptime``, which containers may replace)."""
    try:
        return parse_uptime(procfs.read_proc_record(b"uptime", 128))[0]
    except PermissionError:  # Android
        since = _since_boot()
        if since is None or procfs.root() != b"/proc":
            raise
        return since


def parse_loadavg(data: bytes) -> sload:
    """``/proc/loadavg``: ``0.20 0.18 0.12 1/80 11206``. Raises ValueError for anything else."""
    try:
        one, five, fifteen, tasks, last_pid = data.split()
        running, _, total = tasks.partition(b"/")
        return sload(
            float(one), float(five), float(fifteen), int(running), int(total), int(last_pid)
        )
    except ValueError:
        raise ValueError(f"not /proc/loadavg: {data[:80]!r}") from None


def loadavg() -> sload:
    """``(load1, load5, load15, running, threads, last_pid)`` (``/proc/loadavg``).

    Containers may replace that file; ``getloadavg()`` tells the host's load."""
    return parse_loadavg(procfs.read_proc_record(b"loadavg", 128))


def _getloadavg() -> tuple[float, float, float]:
    """Load averages over 1, 5 and 15 minutes (``/proc/loadavg``)."""
    return loadavg()[:3]


#: getloadavg(3), the host's own load whatever PROCFS_PATH says, as in psutil; Bionic has none
getloadavg = getattr(os, "getloadavg", _getloadavg)


def users() -> "list[suser]":
    """The login sessions (``/var/run/utmp``; logind's files where there is no utmp)."""
    if not os.access(utmp.PATH, os.R_OK):
        from sysutils.core.linux import logind

        return logind.users()
    return utmp.parse_users(utmp.read(utmp.PATH))


def user_count() -> int:
    """How many sessions of users there are (sources as ``users()``)."""
    if not os.access(utmp.PATH, os.R_OK):
        return len(users())
    return utmp.count_users(utmp.read(utmp.PATH))


def uname() -> os.uname_result:
    """``(sysname, nodename, release, version, machine)`` (uname(2)). (Extension.)"""
    return os.uname()


def pid_max() -> int:
    """Process ids are below this (``/proc/sys/kernel/pid_max``; where it isn't told, Linux' default)."""
    try:
        return int(procfs.read_proc_record(b"sys/kernel/pid_max", 32))
    except FileNotFoundError:  # proc mounted with subset=pid; gVisor
        return 32768
