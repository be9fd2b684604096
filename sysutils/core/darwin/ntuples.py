"""Result tuples of macOS."""

from typing import NamedTuple


class scputimes(NamedTuple):
    """CPU times in seconds (``host_statistics``)."""

    user: float
    nice: float
    system: float
    idle: float


class svmem(NamedTuple):
    """Physical memory in bytes (``host_statistics64``)."""

    total: int
    available: int
    percent: float
    used: int
    free: int
    active: int
    inactive: int
    wired: int


class sdiskio(NamedTuple):
    """What a disk did since boot: numbers of requests, bytes, milliseconds (IOKit)."""

    read_count: int
    write_count: int
    read_bytes: int
    write_bytes: int
    read_time: int
    write_time: int


class pheap(NamedTuple):
    """What malloc(3) gave out in this process, and what it has for that from the system, in bytes."""

    heap_used: int
    mmap_used: int


class pcputimes(NamedTuple):
    """CPU times of a process in seconds; those of its children are not told, and 0."""

    user: float
    system: float
    children_user: float
    children_system: float


class pmem(NamedTuple):
    """Memory of a process in bytes; ``pfaults`` and ``pageins`` are numbers of page faults."""

    rss: int
    vms: int
    pfaults: int
    pageins: int


class pfullmem(NamedTuple):
    """``pmem`` with the memory that the process alone uses."""

    rss: int
    vms: int
    pfaults: int
    pageins: int
    uss: int


class pmem_ex(NamedTuple):
    """``pmem`` with the peak and kinds of memory (``task_info``, ``proc_pid_rusage``)."""

    rss: int
    vms: int
    pfaults: int
    pageins: int
    peak_rss: int
    rss_anon: int
    rss_file: int
    wired: int
    compressed: int
    phys_footprint: int


class pfootprint(NamedTuple):
    """What the process alone uses, in bytes."""

    uss: int


class ppagefaults(NamedTuple):
    """Page faults since the process was started."""

    minor: int
    major: int


class pio(NamedTuple):
    """What a process read from disks and wrote to them, in bytes (``proc_pid_rusage``)."""

    read_bytes: int
    write_bytes: int


class popenfile(NamedTuple):
    """One open regular file."""

    path: str
    fd: int


class smount(NamedTuple):
    """One mount (getfsstat(2)). ``root`` is always ``/``, ``dev`` what stat(2) tells of its files."""

    device: str
    mountpoint: str
    fstype: str
    options: str
    root: str
    dev: int
