"""Statistics of disks: IOCTL_DISK_PERFORMANCE."""

from collections.abc import Mapping
from typing import Any

from sysutils.core._block_devices import CountedDisks, as_block_device, sblockdev
from sysutils.core.windows import clock, disk

_MILLISECOND = 10_000  # in 100 ns


class BlockStatistics(CountedDisks):
    """What the disks did since boot, requests under way and the time that they were busy. (Extension.)"""

    def counters(self) -> Mapping[str, Any]:
        """psutil's counters by the names of the disks."""
        return disk.disk_io_counters()

    def devices(self) -> list[sblockdev]:
        """Every disk, by name."""
        return [_row(name, told) for name, told in sorted(disk.performances().items())]

    disks = devices

    def device(self, name: str) -> sblockdev | None:
        """A disk, None if there is none of that name."""
        told = disk.performances().get(name)
        return None if told is None else _row(name, told)


def busy_ticks(query: int, idle: int, booted: int) -> int:
    """Milliseconds since boot in which a disk was not idle, by the moment of the look and that of the boot,
    all in 100 ns."""
    return max(0, query - booted - idle) // _MILLISECOND


def _row(name: str, told: Any) -> sblockdev:
    booted = clock.filetime(clock.known_boot_time())
    reading, writing = told.ReadTime // _MILLISECOND, told.WriteTime // _MILLISECOND
    return as_block_device(name, disk.counted(told))._replace(
        in_flight=told.QueueDepth, io_ticks=busy_ticks(told.QueryTime, told.IdleTime, booted),
        time_in_queue=reading + writing,
    )  # fmt: skip
