"""All of /proc/meminfo by name; free and ps need no more, nor the tuples of ``mem``."""

from sysutils.core.linux import procfs


def parse_meminfo(data: bytes) -> dict[str, int]:
    """``/proc/meminfo`` in bytes by name: ``{"MemTotal": 25276063744, "HugePages_Total": 0, …}``.

    ``MemTotal:  24683656 kB``; lines without ``kB`` are counts. A line that is no number is left out."""
    values = {}
    for line in data.decode("ascii", "replace").split("\n"):
        name, _, rest = line.partition(":")
        fields = rest.split()
        try:
            values[name] = int(fields[0]) * (1024 if len(fields) > 1 else 1)
        except (IndexError, ValueError):
            continue
    return values


def meminfo() -> dict[str, int]:
    """All of ``/proc/meminfo``: bytes by the kernel's names; ``HugePages_*`` are numbers of pages."""
    return parse_meminfo(procfs.read_proc_record(b"meminfo"))
