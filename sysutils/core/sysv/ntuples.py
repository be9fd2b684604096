"""Result tuples of SunOS and AIX."""

from typing import NamedTuple


class scputimes(NamedTuple):
    """CPU times in seconds."""

    user: float
    system: float
    idle: float
    iowait: float


class svmem(NamedTuple):
    """Physical memory in bytes."""

    total: int
    available: int
    percent: float
    used: int
    free: int


class pmem(NamedTuple):
    """Memory of a process in bytes."""

    rss: int
    vms: int


pfullmem = pmem


class pcputimes(NamedTuple):
    """CPU times of a process in seconds."""

    user: float
    system: float
    children_user: float
    children_system: float


class pio(NamedTuple):
    """Disk I/O of a process: numbers of operations, bytes."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int


class sdiskio(NamedTuple):
    """What a disk did since boot: numbers of transfers, bytes, milliseconds."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    read_time: int
    write_time: int


class pmmap_grouped(NamedTuple):
    """The mappings of one path together; sizes in bytes."""

    path: str
    rss: int
    anonymous: int
    locked: int


class pmmap_ext(NamedTuple):
    """One mapping; sizes in bytes."""

    addr: str
    perms: str
    path: str
    rss: int
    anonymous: int
    locked: int
