"""Statistics of single block devices: /sys/block, /proc/diskstats, and directories laid out like them."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from sysutils.core._block_devices import sblockdev
from sysutils.core.linux import diskstats, procfs

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


class BlockStatistics:
    """What block devices did since boot, each read by itself or all in the kernel's order. (Extension.)

    With a ``directory``, its ``diskstats`` and ``block/…/stat`` are read instead of the kernel's files, and
    with ``system`` besides them: programs that serve devices in user space write such directories."""

    def __init__(self, directory: str | None = None, *, system: bool = True) -> None:
        self._directory = None if directory is None else os.fsencode(directory)
        self._system = system or directory is None

    def _places(self) -> Iterator[tuple[bytes, bytes]]:
        """The file of all devices and the directory of disks: the kernel's, then the other ones."""
        if self._system:
            yield procfs.root() + b"/diskstats", procfs.sys_root + b"/block"
        if self._directory is not None:
            yield self._directory + b"/diskstats", self._directory + b"/block"

    def devices(self) -> list[sblockdev]:
        """Every device and partition, as ``block_devices()``."""
        found: list[sblockdev | None] = []
        whole = {name for _, base in self._places() for name in _entries(base)}
        for path, _ in self._places():
            with suppress(FileNotFoundError):
                rows = diskstats.parse_diskstats(procfs.read(path))
                found += [_row(*row, row[0][2].replace(b"/", b"!") not in whole) for row in rows]
        return [row for row in found if row is not None]

    def disks(self) -> list[sblockdev]:
        """The devices that are no partitions, as ``/sys/block`` lists them; one of ``directory`` takes the
        place of the kernel's of that name."""
        rows = {
            name: row
            for _, base in self._places()
            for name in _entries(base)
            if (row := _read(base + b"/" + name, name, False)) is not None
        }
        return list(rows.values())

    def device(self, name: str) -> sblockdev | None:
        """A disk or a partition, None if there is none of that name."""
        entry = _entry(name)
        for _, base in self._places():
            row = _read(base + b"/" + entry, entry, False)
            if row is None:
                disks = [disk for disk in _entries(base) if entry.startswith(disk)]
                places = (base + b"/" + disk + b"/" + entry for disk in disks)
                row = next(filter(None, (_read(place, entry, True) for place in places)), None)
            if row is not None:
                return row
        return None

    def partitions(self, disk: str) -> list[sblockdev]:
        """The partitions of a disk, in the order of their names."""
        entry = _entry(disk)
        for _, base in self._places() if entry.strip(b".") else ():
            path = base + b"/" + entry
            names = sorted(name for name in _entries(path) if name.startswith(entry))
            rows = [_read(path + b"/" + name, name, True) for name in names]
            if rows or procfs.exists(path + b"/stat"):
                return [row for row in rows if row is not None]
        return []


def _entry(name: str) -> bytes:
    """The name of a device's directory: a slash in it is an exclamation mark there."""
    return os.fsencode(name).replace(b"/", b"!")


def _entries(directory: bytes) -> list[bytes]:
    try:
        return procfs.names(directory)
    except OSError:
        return []


def _read(path: bytes, entry: bytes, partition: bool) -> sblockdev | None:
    try:
        counters = procfs.read_record(path + b"/stat", 512).split()
    except OSError:
        return None  # gone, or no device
    number = b""
    with suppress(OSError):  # made-up directories have none
        number = procfs.read_record(path + b"/dev", 64).strip()
    major, _, minor = number.partition(b":")
    place = [major or b"0", minor or b"0", entry.replace(b"!", b"/")]
    line = diskstats.parse_line(b" ".join([*place, *counters]))
    return None if line is None else _row(*line, partition)


def _row(place: list[bytes], counters: list[bytes], partition: bool) -> sblockdev | None:
    try:
        return diskstats.as_block_device(place, counters, partition)
    except ValueError:
        return None  # what can't be understood costs its row
