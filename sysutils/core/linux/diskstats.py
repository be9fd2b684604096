"""What block devices did: /proc/diskstats, /sys/block."""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from sysutils.core.linux import procfs
from sysutils.core.linux.ntuples import sblockdev, sdiskio

assert not TYPE_CHECKING or sys.platform == "linux"

_SECTOR = 512  # the kernel's unit here, whatever the device's own is
#: counters that every kernel has, and those of the newest that we know
_FEWEST, _MOST = 11, 17
#: reads and writes; sectors of both; milliseconds of both, merges of both, milliseconds busy
_io = itemgetter(0, 4, 2, 6, 3, 7, 1, 5, 9)
_new_io = partial(tuple.__new__, sdiskio)


def parse_diskstats(data: bytes) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """``[major, minor, name]`` and the counters of each line of ``/proc/diskstats``.

    ``   8       0 sda 111505 32088 4712618 22770 20267 35013 1304032 6506 1 9568 32322``: 11 counters,
    since Linux 4.18 four of discards, since 5.5 two of flushes, then what later kernels add. Partitions
    had four until 2.6.25 (reads, sectors read, writes, sectors written). Linux 2.4 had the size before
    the name. A line that is cut off is left out."""
    for line in data.split(b"\n"):
        fields = line.split()
        if len(fields) >= 3 + _FEWEST:
            if fields[2].isdigit() and not fields[3].isdigit():
                del fields[2]
            if len(fields) >= 3 + _FEWEST:
                yield fields[:3], fields[3:]
        elif len(fields) == 7:
            reads, sectors_read, writes, sectors_written = fields[3:]
            zero = b"0"
            yield fields[:3], [
                reads, zero, sectors_read, zero, writes, zero, sectors_written, zero, zero, zero, zero
            ]  # fmt: skip


def _refused(name: bytes, counters: Iterable[bytes]) -> ValueError:
    return ValueError(f"not the counters of a block device: {name!r}: {b' '.join(counters)!r}")


def _as_io(rows: Iterable[tuple[list[bytes], list[bytes]]]) -> dict[str, sdiskio]:
    found = {}
    for names, counters in rows:
        try:
            reads, writes, sectors_read, sectors_written, *rest = map(int, _io(counters))
        except ValueError:
            raise _refused(names[2], counters) from None
        found[os.fsdecode(names[2])] = _new_io(
            (reads, writes, sectors_read * _SECTOR, sectors_written * _SECTOR, *rest)
        )
    return found


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


def _rows() -> Iterable[tuple[list[bytes], list[bytes]]]:
    try:
        return parse_diskstats(procfs.read_proc(b"diskstats"))
    except FileNotFoundError:
        return _from_sys()


def disk_io_counters() -> dict[str, sdiskio]:
    """What each block device and partition did since boot (``/proc/diskstats``, ``/sys/block``).

    Raises NotImplementedError if the system has neither."""
    return _as_io(_rows())


def whole_disks() -> set[str]:
    """Names of the block devices that are no partitions (``/sys/block``)."""
    try:
        names = procfs.names(procfs.sys_root + b"/block")
    except OSError:
        return set()
    return set(os.fsdecode(b"\0".join(names)).replace("!", "/").split("\0"))


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum over all devices without their partitions; None if there is no device."""
    whole = whole_disks()
    rows = [row for name, row in counters.items() if name in whole]
    if not rows:
        return None
    return _new_io(map(sum, zip(*rows))) if len(rows) > 1 else rows[0]  # noqa: B905


def block_devices() -> list[sblockdev]:
    """Every block device and partition with all that the kernel counts, in its order. (Extension.)

    Kernel's names and units: sectors have 512 bytes, ticks are milliseconds; None for what this kernel
    does not count. Raises NotImplementedError if the system counts nothing."""
    whole = whole_disks()
    found = []
    for (major, minor, raw), counters in _rows():
        name = os.fsdecode(raw)
        try:
            numbers: list[int | None] = list(map(int, counters[:_MOST]))
            place = int(major), int(minor)
        except ValueError:
            raise _refused(raw, counters) from None
        numbers += [None] * (_MOST - len(numbers))
        found.append(sblockdev._make([*place, name, name not in whole, *numbers]))
    return found
