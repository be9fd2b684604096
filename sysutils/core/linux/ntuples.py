"""Result tuples of Linux."""

from typing import NamedTuple


class scputimes(NamedTuple):
    """CPU times in seconds (``/proc/stat``)."""

    user: float
    nice: float
    system: float
    idle: float
    iowait: float
    irq: float
    softirq: float
    steal: float
    guest: float
    guest_nice: float


class svmem(NamedTuple):
    """Physical memory in bytes (``/proc/meminfo``)."""

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
    slab: int


class sdiskio(NamedTuple):
    """What a block device did since boot: numbers of requests, bytes, milliseconds."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    read_time: int
    write_time: int
    read_merged_count: int
    write_merged_count: int
    busy_time: int


class pheap(NamedTuple):
    """What malloc(3) gave out in this process, in bytes: in all, and in maps of their own."""

    heap_used: int
    mmap_used: int


class smount(NamedTuple):
    """One mount (``/proc/self/mountinfo``). ``root`` is the part of the file system that is seen here."""

    device: str
    mountpoint: str
    fstype: str
    options: str
    root: str
    dev: int
    mount_id: int
    parent_id: int
    super_options: str
    propagation: str


class pcputimes(NamedTuple):
    """CPU times of a process in seconds (``/proc/PID/stat``)."""

    user: float
    system: float
    children_user: float
    children_system: float
    iowait: float


class pmem(NamedTuple):
    """Memory of a process in bytes (``/proc/PID/statm``); ``lib`` and ``dirty`` are 0 since 2.6."""

    rss: int
    vms: int
    shared: int
    text: int
    lib: int
    data: int
    dirty: int


class pfullmem(NamedTuple):
    """``pmem`` with unique, proportional and swapped memory (``/proc/PID/smaps_rollup``)."""

    rss: int
    vms: int
    shared: int
    text: int
    lib: int
    data: int
    dirty: int
    uss: int
    pss: int
    swap: int


class pmem_ex(NamedTuple):
    """``pmem`` with peaks and kinds of memory (``/proc/PID/status``)."""

    rss: int
    vms: int
    shared: int
    text: int
    lib: int
    data: int
    dirty: int
    peak_rss: int
    peak_vms: int
    rss_anon: int
    rss_file: int
    rss_shmem: int
    swap: int
    hugetlb: int


class pfootprint(NamedTuple):
    """What the process alone uses, its share, and what is swapped out, in bytes."""

    uss: int
    pss: int
    swap: int


class ppagefaults(NamedTuple):
    """Page faults since the process was started."""

    minor: int
    major: int


class pmmap_grouped(NamedTuple):
    """The mappings of one path together, in bytes (``/proc/PID/smaps``)."""

    path: str
    rss: int
    size: int
    pss: int
    shared_clean: int
    shared_dirty: int
    private_clean: int
    private_dirty: int
    referenced: int
    anonymous: int
    swap: int


class pmmap_ext(NamedTuple):
    """One mapping, figures in bytes (``/proc/PID/smaps``)."""

    addr: str
    perms: str
    path: str
    rss: int
    size: int
    pss: int
    shared_clean: int
    shared_dirty: int
    private_clean: int
    private_dirty: int
    referenced: int
    anonymous: int
    swap: int


class pio(NamedTuple):
    """Input and output of a process (``/proc/PID/io``)."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    read_chars: int
    write_chars: int


class pionice(NamedTuple):
    """I/O scheduling class and level (ioprio_get(2))."""

    ioclass: int
    value: int


class staskstats(NamedTuple):
    """What a thread, or a process, waited for and moved (taskstats of the kernel).

    Delays in nanoseconds since its start: waiting for a CPU, for block devices, for pages of the swap; I/O
    in bytes of block devices. None for what this kernel does not tell, or not of a whole process."""

    cpu_delay: int
    blkio_delay: int
    swapin_delay: int
    read_bytes: int | None
    write_bytes: int | None
    cancelled_write_bytes: int | None


class popenfile(NamedTuple):
    """One open regular file (``/proc/PID/fd``, ``/proc/PID/fdinfo``)."""

    path: str
    fd: int
    position: int
    mode: str
    flags: int
