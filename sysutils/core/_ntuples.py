"""Result tuples that every platform shares; those that differ by platform stand in its package."""

from typing import NamedTuple


class sswap(NamedTuple):
    """Swap memory in bytes; ``sin`` and ``sout`` count since boot."""

    total: int
    used: int
    free: int
    percent: float
    sin: int
    sout: int


class sdiskusage(NamedTuple):
    """Use of the file system at a path, in bytes and percent."""

    total: int
    used: int
    free: int
    percent: float


class sdiskpart(NamedTuple):
    """One mounted file system."""

    device: str
    mountpoint: str
    fstype: str
    opts: str


class suser(NamedTuple):
    """One login session; ``started`` in seconds since the epoch."""

    name: str
    terminal: str | None
    host: str | None
    started: float
    pid: int | None


class addr(NamedTuple):
    """An IP address and port."""

    ip: str
    port: int


class sconn(NamedTuple):
    """One socket of the system."""

    fd: int
    family: int
    type: int
    laddr: addr | tuple[()] | str
    raddr: addr | tuple[()] | str
    status: str
    pid: int | None


class pconn(NamedTuple):
    """One socket of a process."""

    fd: int
    family: int
    type: int
    laddr: addr | tuple[()] | str
    raddr: addr | tuple[()] | str
    status: str


class puids(NamedTuple):
    """User ids of a process."""

    real: int
    effective: int
    saved: int


class pgids(NamedTuple):
    """Group ids of a process."""

    real: int
    effective: int
    saved: int


class pctxsw(NamedTuple):
    """Context switches of a process."""

    voluntary: int
    involuntary: int


class pthread(NamedTuple):
    """One thread; times in seconds."""

    id: int
    user_time: float
    system_time: float


class popenfile(NamedTuple):
    """One open regular file (``path``, ``fd``; further fields by platform)."""

    path: str
    fd: int
