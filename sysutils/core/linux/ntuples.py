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


class sload(NamedTuple):
    """Load averages, and how many threads run and exist (``/proc/loadavg``)."""

    load1: float
    load5: float
    load15: float
    running: int
    threads: int
    last_pid: int


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
