"""The host as a whole: boot time, uptime, load, who is logged in."""

from typing import NamedTuple

from sysutils.core.windows.clock import CLOCK_TICKS, boot_time, uptime
from sysutils.core.windows.load import getloadavg
from sysutils.core.windows.sessions import user_count, users

__all__ = ["CLOCK_TICKS", "boot_time", "getloadavg", "uname", "uptime", "user_count", "users"]

#: bytes of a page of memory on every Windows there is
PAGE_SIZE = 4096


class suname(NamedTuple):
    """What ``uname`` tells, as os.uname() elsewhere."""

    sysname: str
    nodename: str
    release: str
    version: str
    machine: str


def uname() -> suname:
    """``(sysname, nodename, release, version, machine)``. (Extension.)"""
    import platform

    told = platform.uname()
    return suname(told.system, told.node, told.release, told.version, told.machine)
