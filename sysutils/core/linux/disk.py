"""File systems of Linux: /proc/self/mountinfo, /proc/self/mounts, /proc/filesystems."""

import os
import sys
from typing import TYPE_CHECKING

from sysutils.core._ntuples import sdiskpart
from sysutils.core.linux import procfs
from sysutils.core.linux.ntuples import smount
from sysutils.core.posix import statvfs

assert not TYPE_CHECKING or sys.platform == "linux"

disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage


def _text(field: bytes) -> str:
    """``field`` as text, the octal escapes for blanks, backslashes and ``#`` decoded."""
    if b"\\" in field:
        head, *parts = field.split(b"\\")
        field = head + b"".join(map(_unescaped, parts))
    return os.fsdecode(field)


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
    for line in data.split(b"\n"):
        mount, dash, filesystem = line.partition(b" - ")
        fields = mount.split(b" ")
        kinds = filesystem.split(b" ")  # a source may be empty
        if not dash or len(fields) < 6 or len(kinds) < 2:
            continue
        mount_id, parent_id, device, root, point, options = fields[:6]
        major, _, minor = device.partition(b":")
        try:
            number = device_number(int(major), int(minor))
            ids = int(mount_id), int(parent_id)
        except ValueError:
            continue
        found.append(
            smount(
                _text(kinds[1]), _text(point), _text(kinds[0]), _text(options), _text(root), number, *ids,
                _text(kinds[2]) if len(kinds) > 2 else "", _text(b" ".join(fields[6:])),
            )
        )  # fmt: skip
    return found


def mounts() -> list[smount]:
    """Every mount of this process's name space, in the order they were made (``/proc/self/mountinfo``).

    Devices are as the kernel names them, with no look at the file systems themselves. (Extension.)"""
    return parse_mountinfo(procfs.read_proc(b"self/mountinfo", 32768))


def parse_mounts(data: bytes) -> list[sdiskpart]:
    """``/proc/self/mounts``: ``/dev/sda1 / ext4 rw,relatime 0 0``; a line that is cut off is left out."""
    rows = [line.split(b" ", 4)[:4] for line in data.split(b"\n")]
    if b"\\" in data:
        return [sdiskpart(*map(_text, row)) for row in rows if len(row) == 4]
    return [sdiskpart(*map(os.fsdecode, row)) for row in rows if len(row) == 4]


def parse_filesystems(data: bytes) -> set[str]:
    """Types of ``/proc/filesystems`` that lie on devices; ``zfs``, whose pools hide theirs, is one too."""
    kinds = set()
    for line in data.decode("ascii", "replace").split("\n"):
        nodev, tab, kind = line.partition("\t")
        if tab and (not nodev or kind == "zfs"):
            kinds.add(kind)
    return kinds


def disk_partitions(all: bool = False) -> list[sdiskpart]:
    """Mounted file systems (``/proc/self/mounts``), without ``all`` those on devices alone.

    Which types lie on devices is told by ``/proc/filesystems``."""
    kinds = None if all else parse_filesystems(procfs.read_proc(b"filesystems", 4096))
    found = []
    for part in parse_mounts(procfs.read_proc(b"self/mounts", 32768)):
        device = part.device
        if device == "none":
            device = ""
        elif device in {"/dev/root", "rootfs"}:
            device = root_device() or device
        if device is not part.device:
            part = part._replace(device=device)  # noqa: PLW2901
        if kinds is None or (device and part.fstype in kinds):
            found.append(part)
    return found


def root_device() -> str | None:
    """The device behind ``/``, which the kernel may call ``/dev/root``; None if it can't be told."""
    number = os.stat("/").st_dev
    major, minor = os.major(number), os.minor(number)
    try:
        name = parse_partitions(procfs.read_proc(b"partitions"), major, minor)
        if name is None:
            name = parse_uevent(procfs.read_sys(b"dev/block/%d:%d/uevent" % (major, minor)))
    except OSError:
        return None
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
