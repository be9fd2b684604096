"""Block devices as iostat shows them; how they are made of psutil's counters where a system tells no more."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_SECTOR = 512


class sblockdev(NamedTuple):
    """One block device since boot, with Linux' names and units (``/proc/diskstats``).

    Sectors have 512 bytes, ticks are milliseconds. ``ios`` and ``merges`` are numbers of requests,
    ``in_flight`` those under way; None for what this kernel does not count (discards before Linux 4.18,
    flushes before 5.5, most on other systems)."""

    major: int
    minor: int
    name: str
    partition: bool
    read_ios: int
    read_merges: int | None
    read_sectors: int
    read_ticks: int | None
    write_ios: int
    write_merges: int | None
    write_sectors: int
    write_ticks: int | None
    in_flight: int | None
    io_ticks: int | None
    time_in_queue: int | None
    discard_ios: int | None
    discard_merges: int | None
    discard_sectors: int | None
    discard_ticks: int | None
    flush_ios: int | None
    flush_ticks: int | None


class CountedDisks:
    """What the disks did since boot, by the counters of ``disk_io_counters(perdisk=True)``. (Extension.)

    A system's ``BlockStatistics`` is a subclass that says what ``counters`` are."""

    def __init__(self, directory: str | None = None, *, system: bool = True) -> None:
        del system
        if directory is not None:
            raise NotImplementedError  # directories laid out like Linux' own

    def counters(self) -> Mapping[str, Any]:
        """The counters by the names of the disks."""
        raise NotImplementedError

    def devices(self) -> list[sblockdev]:
        """Every device, by name."""
        return [as_block_device(name, row) for name, row in sorted(self.counters().items())]

    disks = devices

    def device(self, name: str) -> sblockdev | None:
        """A device, None if there is none of that name."""
        row = self.counters().get(name)
        return None if row is None else as_block_device(name, row)

    def partitions(self, disk: str) -> list[sblockdev]:
        """None: they are not counted apart."""
        del disk
        return []


def as_block_device(name: str, row: Any) -> sblockdev:
    """The row of a disk by its counters; None for what they lack."""
    told = row._asdict().get
    return sblockdev(
        0, 0, name, False, row.read_count, told("read_merged_count"), row.read_bytes // _SECTOR,
        told("read_time"), row.write_count, told("write_merged_count"), row.write_bytes // _SECTOR,
        told("write_time"), None, told("busy_time"), None, *(None,) * 6,
    )  # fmt: skip


def device_name(path: str) -> str:
    """The kernel's name of a device by its path, ``disk0`` for ``/dev/disk0``. (Extension.)"""
    return path.removeprefix("/dev/")
