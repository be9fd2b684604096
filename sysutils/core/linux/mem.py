"""Memory of Linux: /proc/meminfo, /proc/vmstat."""

from sysutils.core._convert import usage_percent
from sysutils.core.linux import procfs
from sysutils.core.linux.ntuples import svmem


def parse_meminfo(data: bytes) -> dict[bytes, int]:
    """``/proc/meminfo`` in bytes by name without the colon."""
    values = {}
    for line in data.splitlines():
        name, _, rest = line.partition(b":")
        fields = rest.split()
        if fields:
            values[name] = int(fields[0]) * (1024 if len(fields) > 1 else 1)
    return values


def meminfo() -> dict[bytes, int]:
    """The whole of ``/proc/meminfo`` in bytes."""
    return parse_meminfo(procfs.read_proc(b"meminfo"))


def virtual_memory() -> svmem:
    """Physical memory in bytes."""
    info = meminfo()
    total, free = info[b"MemTotal"], info[b"MemFree"]
    buffers = info.get(b"Buffers", 0)
    cached = info.get(b"Cached", 0) + info.get(b"SReclaimable", 0)
    available = info.get(b"MemAvailable", free + buffers + cached)
    used = total - available
    return svmem(
        total, available, usage_percent(used, total, 1), used, free, info.get(b"Active", 0),
        info.get(b"Inactive", 0), buffers, cached, info.get(b"Shmem", 0), info.get(b"Slab", 0),
    )  # fmt: skip
