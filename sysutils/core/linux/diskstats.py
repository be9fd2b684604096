"""What block devices did: /proc/diskstats, /sys/block."""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from sysutils.core._block_devices import sblockdev
from sysutils.core.linux import procfs
from sysutils.core.linux.lines import Lines
from sysutils.core.linux.ntuples import sdiskio

assert not TYPE_CHECKING or sys.platform == "linux"

_SECTOR = 512  # the kernel's unit here, whatever the device's own is
#: counters that every kernel has, and those of the newest that we know
_FEWEST, _MOST = 11, 17
#: reads and writes; sectors of both; milliseconds of both, merges of both, milliseconds busy
_io = itemgetter(0, 4, 2, 6, 3, 7, 1, 5, 9)
_new_io = partial(tuple.__new__, sdiskio)
_IDLE = sdiskio(*[0] * len(sdiskio._fields))


def parse_line(line: bytes) -> tuple[list[bytes], list[bytes]] | None:
    """``[major, minor, name]`` and the counters of a line of ``/proc/diskstats``; None if it is cut off.

    ``   8       0 sda 111505 32088 4712618 22770 20267 35013 1304032 6506 1 9568 32322``: 11 counters,
    since Linux 4.18 four of discards, since 5.5 two of flushes, then what later kernels add. Partitions
    had four until 2.6.25 (reads, sectors read, writes, sectors written). Linux 2.4 had the size before
    the name."""
    fields = line.split()
    if len(fields) >= 3 + _FEWEST:
        if fields[2].isdigit() and not fields[3].isdigit():
            del fields[2]
        if len(fields) >= 3 + _FEWEST:
            return fields[:3], fields[3:]
    elif len(fields) == 7:
        reads, sectors_read, writes, sectors_written = fields[3:]
        zero = b"0"
        return fields[:3], [
            reads, zero, sectors_read, zero, writes, zero, sectors_written, zero, zero, zero, zero
        ]  # fmt: skip
    return None


def parse_diskstats(data: bytes) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """``parse_line`` of each line."""
    return filter(None, map(parse_line, data.split(b"\n")))


def _refused(name: bytes, counters: Iterable[bytes]) -> ValueError:
    return ValueError(f"not the counters of a block device: {name!r}: {b' '.join(counters)!r}")


def _as_io(names: list[bytes], counters: list[bytes]) -> tuple[str, sdiskio]:
    try:
        reads, writes, sectors_read, sectors_written, *rest = map(int, _io(counters))
    except ValueError:
        raise _refused(names[2], counters) from None
    return os.fsdecode(names[2]), _new_io(
        (reads, writes, sectors_read * _SECTOR, sectors_written * _SECTOR, *rest)
    )


def _io_of_line(line: bytes) -> tuple[str, sdiskio] | None:
    row = parse_line(line)
    return _as_io(*row) if row is not None else None


_lines = Lines(_io_of_line)


def _directories() -> Iterator[tuple[bytes, bytes]]:
    """Name and directory of each block device and partition below ``/sys/block``.

    Raises NotImplementedError without that."""
    base = procfs.sys_root + b"/block"
    try:
        disks = procfs.names(base)
    except FileNotFoundError:
        raise NotImplementedError("there is neither /proc/diskstats nor /sys/block") from None
    for disk in disks:
        path = base + b"/" + disk
        yield disk, path
        try:
            entries = procfs.names(path)
        except OSError:
            continue  # gone
        for entry in entries:
            # sda1, nvme0n1p1, cciss!c0d0p1
            if entry.startswith(disk):
                yield entry, path + b"/" + entry


def _from_sys() -> Iterator[tuple[list[bytes], list[bytes]]]:
    for entry, path in _directories():
        try:
            counters = procfs.read_record(path + b"/stat", 512).split()
            major, _, minor = procfs.read_record(path + b"/dev", 64).strip().partition(b":")
        except OSError:
            continue
        if len(counters) >= _FEWEST:
            yield [major, minor, entry.replace(b"!", b"/")], counters


def disk_io_counters() -> dict[str, sdiskio]:
    """What each block device and partition did since boot (``/proc/diskstats``, ``/sys/block``).

    Raises NotImplementedError if the system has neither."""
    try:
        data = procfs.read_proc(b"diskstats")
    except FileNotFoundError:
        return dict(_as_io(*row) for row in _from_sys())
    return _lines.read(data)


def whole_disks() -> set[str]:
    """Names of the block devices that are no partitions (``/sys/block``); none where it is missing."""
    try:
        names = procfs.names(procfs.sys_root + b"/block")
    except OSError:
        return set()
    return {os.fsdecode(name).replace("!", "/") for name in names}


#: where /sys was and which devices there were when it was last asked, and those that are no partitions
_known: tuple[bytes, list[str], list[str]] = (b"", [], [])


def _disks(names: list[str]) -> list[str]:
    """Those that are no partitions; the kernel is asked if there are other devices than last time."""
    global _known  # noqa: PLW0603
    root, before, disks = _known
    if names != before or root != procfs.sys_root or not disks:
        whole = whole_disks()
        disks = [name for name in names if name in whole]
        _known = procfs.sys_root, names, disks
    return disks


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum over all devices without their partitions; None if there is no device."""
    disks = _disks(list(counters))
    # loop devices are idle, most of the time
    rows = [row for row in map(counters.__getitem__, disks) if row != _IDLE]
    if len(rows) > 1:
        return _new_io(map(sum, zip(*rows)))  # noqa: B905
    return rows[0] if rows else _IDLE if disks else None


def as_block_device(place: list[bytes], counters: list[bytes], partition: bool) -> sblockdev:
    """All that the kernel counts of a device, by ``[major, minor, name]`` and its counters."""
    try:
        numbers: list[int | None] = list(map(int, counters[:_MOST]))
        major, minor = int(place[0]), int(place[1])
    except ValueError:
        raise _refused(place[2], counters) from None
    numbers += [None] * (_MOST - len(numbers))
    return sblockdev._make([major, minor, os.fsdecode(place[2]), partition, *numbers])


def block_devices() -> list[sblockdev]:
    """Every block device and partition with all that the kernel counts, in its order. (Extension.)

    Kernel's names and units: sectors have 512 bytes, ticks are milliseconds; None for what this kernel
    does not count. Raises NotImplementedError if the system counts nothing."""
    whole = whole_disks()
    try:
        rows = parse_diskstats(procfs.read_proc(b"diskstats"))
    except FileNotFoundError:
        rows = _from_sys()
    return [
        as_block_device(place, counters, os.fsdecode(place[2]) not in whole)
        for place, counters in rows
    ]
