"""All of /proc/vmstat by name."""

from sysutils.core.linux import procfs


def parse_vmstat(data: bytes) -> dict[str, int]:
    """``/proc/vmstat`` by name: ``pgpgin 1868``, a line each. A line that is no number is left out."""
    values = {}
    for line in data.decode("ascii", "replace").split("\n"):
        name, _, number = line.partition(" ")
        if number.isdecimal():
            values[name] = int(number)
    return values


def vmstat() -> dict[str, int]:
    """All of ``/proc/vmstat``, the kernel's counters of memory by their names (``pgpgin`` and ``pgpgout``
    in KiB, most of the others in pages). (Extension.)"""
    return parse_vmstat(procfs.read_proc(b"vmstat"))
