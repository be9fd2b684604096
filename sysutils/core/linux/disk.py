"""File systems of Linux: /proc/self/mountinfo, /proc/self/mounts, /proc/filesystems."""

import os
import sys
from collections.abc import Container
from contextlib import suppress
from typing import TYPE_CHECKING

from sysutils.core._ntuples import sdiskpart
from sysutils.core.linux import diskstats, procfs
from sysutils.core.linux.ntuples import smount
from sysutils.core.posix import statvfs

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage
file_status = statvfs.file_status
disk_io_counters = diskstats.disk_io_counters
add_up = diskstats.add_up
block_devices = diskstats.block_devices


def _plain(field: str) -> str:
    """``field`` with the kernel's octal escapes for blanks, newlines, backslashes and ``#`` decoded."""
    if "\\" not in field:
        return field
    head, *parts = os.fsencode(field).split(b"\\")
    return os.fsdecode(head + b"".join(map(_unescaped, parts)))


def _unescaped(part: bytes) -> bytes:
    digits = part[:3]
    if len(digits) == 3 and digits[:1] in b"0123" and not digits.strip(b"01234567"):
        return bytes((int(digits, 8),)) + part[3:]
    return b"\\" + part


def device_number(major: int, minor: int) -> int:
    """``st_dev`` of a device, as makedev(3) puts it together on Linux."""
    return (minor & 0xFF) | (major & 0xFFF) << 8 | (minor & ~0xFF) << 12 | (major & ~0xFFF) << 32


def parse_mountinfo(data: bytes) -> list[smount]:
    """``/proc/self/mountinfo`` (Linux 2.6.26), one record a line; a line that is cut off is left out.

    ``36 35 98:0 /root /point rw,noatime shared:1 - ext3 /dev/sda1 rw,errors=continue``"""
    found = []
    for line in os.fsdecode(data).split("\n"):
        mount, dash, filesystem = line.partition(" - ")
        fields = mount.split(" ")
        kinds = filesystem.split(" ")  # a source may be empty
        if not dash or len(fields) < 6 or len(kinds) < 3:
            continue
        mount_id, parent_id, device, root, point, options = fields[:6]
        major, _, minor = device.partition(":")
        try:
            numbers = device_number(int(major), int(minor)), int(mount_id), int(parent_id)
        except ValueError:
            continue
        row = smount(
            kinds[1], point, kinds[0], options, root, *numbers, kinds[2], " ".join(fields[6:])
        )
        found.append(
            row if "\\" not in line else row._replace(
                device=_plain(row.device), mountpoint=_plain(point), root=_plain(root),
                options=_plain(options), super_options=_plain(row.super_options),
            )
        )  # fmt: skip
    return found


def mounts() -> list[smount]:
    """Every mount of this process's name space, in the order they were made (``/proc/self/mountinfo``).

    Devices are as the kernel names them, with no look at the file systems themselves. (Extension.)"""
    return parse_mountinfo(procfs.read_proc(b"self/mountinfo", 32768))


def parse_mounts(data: bytes, kinds: Container[str] | None = None) -> list[sdiskpart]:
    """``/proc/self/mounts``: ``/dev/sda1 / ext4 rw,relatime 0 0``; a line that is cut off is left out.

    With ``kinds`` only file systems of these types that have a device."""
    rows = [row[:4] for line in os.fsdecode(data).split("\n") if len(row := line.split(" ", 4)) > 3]
    if kinds is not None:
        rows = [row for row in rows if row[2] in kinds and row[0] not in {"", "none"}]
    if b"\\" in data:
        rows = [list(map(_plain, row)) for row in rows]
    return list(map(sdiskpart._make, rows))


def parse_filesystems(data: bytes) -> set[str]:
    """Types of ``/proc/filesystems`` that lie on devices; ``zfs``, whose pools hide theirs, is one too."""
    lines = data.decode("ascii", "replace").split("\n")
    kinds = {line[1:] for line in lines if line.startswith("\t")}
    return kinds | {"zfs"} if "nodev\tzfs" in lines else kinds


def disk_partitions(all: bool = False) -> list[sdiskpart]:
    """Mounted file systems (``/proc/self/mounts``), without ``all`` those on devices alone.

    Which types lie on devices is told by ``/proc/filesystems``."""
    kinds = None if all else parse_filesystems(procfs.read_proc_record(b"filesystems", 4096))
    data = procfs.read_proc(b"self/mounts", 32768)
    parts = parse_mounts(data, kinds)
    if b"none " in data or b"/dev/root " in data or b"rootfs " in data:
        return [part._replace(device=_known_device(part.device)) for part in parts]
    return parts


def _known_device(name: str) -> str:
    if name in {"/dev/root", "rootfs"}:
        return root_device() or name
    return "" if name == "none" else name


def root_device() -> str | None:
    """The device behind ``/``, which the kernel may call ``/dev/root``; None if it can't be told."""
    number = os.stat("/").st_dev
    major, minor = os.major(number), os.minor(number)
    name = None
    with suppress(OSError):
        name = parse_partitions(procfs.read_proc(b"partitions"), major, minor)
    if name is None:
        with suppress(OSError):
            name = parse_uevent(procfs.read_sys(b"dev/block/%d:%d/uevent" % (major, minor)))
    return f"/dev/{name}" if name and os.path.exists(f"/dev/{name}") else None


def parse_partitions(data: bytes, major: int, minor: int) -> str | None:
    """Name of a block device in ``/proc/partitions``: ``   8        1     523264 sda1``."""
    number = [b"%d" % major, b"%d" % minor]
    for line in data.split(b"\n"):
        fields = line.split()
        if len(fields) >= 4 and fields[:2] == number:
            return os.fsdecode(fields[3])
    return None


def parse_uevent(data: bytes) -> str | None:
    """``DEVNAME`` of a device's ``uevent`` file below /sys."""
    for line in data.split(b"\n"):
        name, _, value = line.partition(b"=")
        if name == b"DEVNAME" and value:
            return os.fsdecode(value)
    return None
