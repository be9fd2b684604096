"""Result tuples of the BSDs."""

from typing import NamedTuple


class scputimes(NamedTuple):
    """CPU times in seconds."""

    user: float
    nice: float
    system: float
    idle: float
    irq: float


class svmem(NamedTuple):
    """Physical memory in bytes."""

    total: int
    available: int
    percent: float
    used: int
    free: int
    active: int
    inactive: int
    buffers: int
    cached: int
    shared: int
    wired: int


class pmem(NamedTuple):
    """Memory of a process in bytes."""

    rss: int
    vms: int
    text: int
    data: int
    stack: int


pfullmem = pmem


class pcputimes(NamedTuple):
    """CPU times of a process in seconds."""

    user: float
    system: float
    children_user: float
    children_system: float


class pio(NamedTuple):
    """Input and output of a process in blocks; bytes are -1, as the kernel does not count them."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int


class pmmap_grouped(NamedTuple):
    """The mappings of one path together; sizes in bytes."""

    path: str
    rss: int
    private: int
    ref_count: int
    shadow_count: int


class pmmap_ext(NamedTuple):
    """One mapping; sizes in bytes."""

    addr: str
    perms: str
    path: str
    rss: int
    private: int
    ref_count: int
    shadow_count: int


class sdiskio(NamedTuple):
    """What a disk did since boot: numbers of transfers, bytes, milliseconds."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    read_time: int
    write_time: int
    busy_time: int


class pheap(NamedTuple):
    """What malloc(3) gave out in this process, in bytes: in all, and in maps of their own."""

    heap_used: int
    mmap_used: int


class smount(NamedTuple):
    """One mount (getfsstat(2)). ``dev`` is the number that ``st_dev`` of its files is."""

    device: str
    mountpoint: str
    fstype: str
    options: str
    root: str
    dev: int
