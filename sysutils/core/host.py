"""The host as a whole: boot time, uptime, load, who is logged in."""

import os
from typing import TYPE_CHECKING

from sysutils.core._platform import backend
from sysutils.core.posix import utmp

if TYPE_CHECKING:
    from sysutils.core._contract import Host
    from sysutils.core._ntuples import suser
    from sysutils.core.posix.utmp import utmp_record

_os: "Host" = backend("host")


def boot_time() -> float:
    """When the system was started, in seconds since the epoch."""
    return _os.boot_time()


def uptime() -> float:
    """Seconds since boot, suspended time included. (Extension.)"""
    return _os.uptime()


#: average number of running or waiting processes over the last 1, 5 and 15 minutes
getloadavg = _os.getloadavg


def users() -> "list[suser]":
    """The login sessions: ``[(name, terminal, host, started, pid), …]``, ``started`` in epoch seconds.

    ``terminal`` is None for a session without one, ``host`` is ``localhost`` for one from no other host."""
    return _os.users()


def user_count() -> int:
    """How many login sessions of users there are. (Extension.)"""
    count = getattr(_os, "user_count", None)
    return len(users()) if count is None else count()


def utmp_records(path: str | bytes | os.PathLike[str] = utmp.PATH) -> "list[utmp_record]":
    """Every record of a utmp(5) or wtmp file, of all types, in its order. (Extension.)

    ``[(type, pid, line, id, user, host, exit_termination, exit_status, session, time, addr), …]``;
    ``type`` is utmp(5)'s name (``"USER_PROCESS"``, ``"BOOT_TIME"``, …), ``time`` in epoch seconds.
    Raises OSError as open(2) does."""
    return list(utmp.parse_utmp(utmp.read(path)))


def login_records() -> "list[utmp_record]":
    """Every record of utmp(5) except users' sessions whose process is gone; where there is no utmp, the
    sessions of ``users()``. (Extension.)"""
    own = getattr(_os, "login_records", None)  # of systems that keep them otherwise
    try:
        records = utmp_records() if own is None else own()
        return [record for record in records if not utmp.is_gone(record)]
    except OSError:
        return [utmp.as_record(user) for user in users()]
