"""The psutil API in pure Python: ``import sysutils.core as psutil``.

Names are loaded at their first use; importing reads nothing. What the platform lacks is a missing
name. ``PROCFS_PATH`` may be set to read another host's /proc."""

from __future__ import annotations

import sys

#: as type checkers know it: importing typing would take ten times what all the rest here does
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROCFS_PATH = "/proc"
version_info = (7, 2, 2)
__version__ = "7.2.2"

_LINUX = sys.platform.startswith(("linux", "android"))

#: module below this package -> the names it offers
_HOMES: dict[str, str] = {
    "_errors": "Error NoSuchProcess ZombieProcess AccessDenied TimeoutExpired",
    "_enums": "ProcessStatus ConnectionStatus NicDuplex BatteryTime STATUS_RUNNING STATUS_IDLE",
    "_convert": "bytes2human",
    "_platform": "POSIX WINDOWS LINUX MACOS OSX FREEBSD OPENBSD NETBSD BSD SUNOS AIX",
    "process": "Process",
    "processes": "process_iter pids pid_exists",
    "table": "process_table",
    "popen": "Popen",
    "waiting": "wait_procs",
    "cpu": "cpu_times cpu_percent cpu_times_percent cpu_count cpu_stats",
    "mem": "virtual_memory swap_memory",
    "linux.mem": "meminfo",
    "host": "boot_time uptime getloadavg users user_count utmp_records",
    "linux.host": "loadavg CLOCK_TICKS PAGE_SIZE pid_max",
    "posix.users": "user_name group_name",
    "net": "net_connections net_sockets unix_sockets socket_owners net_routes net_routes6"
    " net_protocol_stats net_multicast_groups net_interfaces",
    "disk": "disk_partitions disk_usage",
    "linux.disk": "mounts filesystem_usage",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
