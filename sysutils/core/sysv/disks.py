"""File systems and disks of SunOS and AIX: what is asked of both alike."""

from sysutils.core.posix.statvfs import disk_usage
from sysutils.core.sysv.ntuples import sdiskio


def has_size(place: str) -> bool:
    """Whether the file system mounted there has a size, which those of the kernel's own making have not."""
    try:
        return bool(disk_usage(place).total)
    except OSError:
        return False  # forbidden, or unmounted meanwhile


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum of all disks, None if there are none."""
    return sdiskio(*map(sum, zip(*counters.values(), strict=True))) if counters else None
