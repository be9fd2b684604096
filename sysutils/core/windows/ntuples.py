"""Result tuples of Windows."""

from typing import NamedTuple


class scputimes(NamedTuple):
    """CPU times in seconds; ``interrupt`` and ``dpc`` are parts of ``system``."""

    user: float
    system: float
    idle: float
    interrupt: float
    dpc: float


class svmem(NamedTuple):
    """Physical memory in bytes (GetPerformanceInfo)."""

    total: int
    available: int
    percent: float
    used: int
    free: int


class sdiskio(NamedTuple):
    """What a disk did since boot: numbers of requests, bytes, milliseconds (IOCTL_DISK_PERFORMANCE)."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    read_time: int
    write_time: int


class pheap(NamedTuple):
    """What this process allocated, in bytes, and the number of its private heaps."""

    heap_used: int
    mmap_used: int
    heap_count: int


class pcputimes(NamedTuple):
    """CPU times of a process in seconds; Windows does not tell those of children: they are 0."""

    user: float
    system: float
    children_user: float
    children_system: float


class pmem(NamedTuple):
    """Memory of a process in bytes (GetProcessMemoryInfo): ``rss`` is ``wset``, ``vms`` ``pagefile``."""

    rss: int
    vms: int
    num_page_faults: int
    peak_wset: int
    wset: int
    peak_paged_pool: int
    paged_pool: int
    peak_nonpaged_pool: int
    nonpaged_pool: int
    pagefile: int
    peak_pagefile: int
    private: int


class pfullmem(NamedTuple):
    """``pmem`` with the memory that the process shares with no other."""

    rss: int
    vms: int
    num_page_faults: int
    peak_wset: int
    wset: int
    peak_paged_pool: int
    paged_pool: int
    peak_nonpaged_pool: int
    nonpaged_pool: int
    pagefile: int
    peak_pagefile: int
    private: int
    uss: int


class pmem_ex(NamedTuple):
    """``pmem`` with the address space taken, now and at most."""

    rss: int
    vms: int
    num_page_faults: int
    peak_wset: int
    wset: int
    peak_paged_pool: int
    paged_pool: int
    peak_nonpaged_pool: int
    nonpaged_pool: int
    pagefile: int
    peak_pagefile: int
    private: int
    virtual: int
    peak_virtual: int


class pfootprint(NamedTuple):
    """What the process alone uses, in bytes."""

    uss: int


class ppagefaults(NamedTuple):
    """Page faults since the process was started; Windows counts both kinds together, and the hard ones."""

    minor: int
    major: int


class pmmap_grouped(NamedTuple):
    """The mappings of one file together; ``rss`` is their size in bytes."""

    path: str
    rss: int


class pmmap_ext(NamedTuple):
    """One mapping; ``rss`` is its size in bytes."""

    addr: str
    perms: str
    path: str
    rss: int


class pio(NamedTuple):
    """Input and output of a process, files and devices alike; ``other`` is neither reading nor writing."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    other_count: int
    other_bytes: int
