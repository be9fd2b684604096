"""File systems by getfsstat(2), disks by IOKit."""

import ctypes
import os
from collections.abc import Sequence

from sysutils.core import _native
from sysutils.core._ntuples import sdiskpart
from sysutils.core.darwin.ntuples import sdiskio, smount
from sysutils.core.posix import statvfs

disk_usage = statvfs.disk_usage
file_status = statvfs.file_status
filesystem_usage = statvfs.filesystem_usage

MNT_NOWAIT = 2
MNT_RDONLY = 1
#: names of mount flags, as mount(8) and psutil have them
OPTIONS = {
    0x00000002: "sync", 0x00000004: "noexec", 0x00000008: "nosuid", 0x00000020: "union", 0x00000040: "async",
    0x00000100: "exported", 0x00000400: "quarantine", 0x00001000: "local", 0x00002000: "quota",
    0x00004000: "rootfs", 0x00008000: "dovolfs", 0x00100000: "dontbrowse", 0x00200000: "ignore-ownership",
    0x00400000: "automounted", 0x00800000: "journaled", 0x01000000: "nouserxattr", 0x02000000: "defwrite",
    0x04000000: "multilabel", 0x10000000: "noatime", 0x00010000: "update", 0x00040000: "reload",
    0x00080000: "force",
}  # fmt: skip


class mounted(ctypes.Structure):
    """``struct statfs`` with 64-bit inodes."""

    _fields_ = (
        ("f_bsize", ctypes.c_uint32),
        ("f_iosize", ctypes.c_int32),
        ("f_blocks", ctypes.c_uint64),
        ("f_bfree", ctypes.c_uint64),
        ("f_bavail", ctypes.c_uint64),
        ("f_files", ctypes.c_uint64),
        ("f_ffree", ctypes.c_uint64),
        ("f_fsid", ctypes.c_int32 * 2),
        ("f_owner", ctypes.c_uint32),
        ("f_type", ctypes.c_uint32),
        ("f_flags", ctypes.c_uint32),
        ("f_fssubtype", ctypes.c_uint32),
        ("f_fstypename", ctypes.c_char * 16),
        ("f_mntonname", ctypes.c_char * 1024),
        ("f_mntfromname", ctypes.c_char * 1024),
        ("f_flags_ext", ctypes.c_uint32),
        ("f_reserved", ctypes.c_uint32 * 7),
    )


def _symbol() -> str:
    """The function of this name that knows 64-bit inodes; Macs with ARM have no other."""
    wide = "getfsstat$INODE64"
    return wide if _native.has_function("c", wide) else "getfsstat"


def table() -> Sequence[mounted]:
    """Every mount (getfsstat(2)), with figures as the kernel knows them, so that none is waited for.

    Raises OSError."""
    call = _native.function(
        "c", _symbol(), ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int
    )
    size = ctypes.sizeof(mounted)
    count = _checked(call(None, 0, MNT_NOWAIT))
    while True:
        room = count + 8
        rows = (mounted * room)()
        count = _checked(call(rows, room * size, MNT_NOWAIT))
        if count < room:
            found: Sequence[mounted] = rows[:count]
            return found


def _checked(count: int) -> int:
    if count < 0:
        raise _native.os_error(_native.last_error())
    return count


def options(flags: int) -> str:
    """``rw,local,rootfs`` of the flags of a mount."""
    names = ["ro" if flags & MNT_RDONLY else "rw"]
    names += [name for flag, name in OPTIONS.items() if flags & flag]
    return ",".join(names)


def mounts() -> list[smount]:
    """Every mount in the kernel's order (getfsstat(2)), with no look at the file systems. (Extension.)"""
    return [
        smount(
            os.fsdecode(one.f_mntfromname), os.fsdecode(one.f_mntonname),
            os.fsdecode(one.f_fstypename), options(one.f_flags), "/", one.f_fsid[0] & 0xFFFFFFFF,
        )
        for one in table()
    ]  # fmt: skip


def disk_partitions(all: bool = False) -> list[sdiskpart]:
    """Mounted file systems (getfsstat(2)), without ``all`` those whose device is a file that is there."""
    found = []
    for one in mounts():
        device = "" if one.device == "none" else one.device
        if all or (os.path.isabs(device) and os.path.exists(device)):
            found.append(sdiskpart(device, one.mountpoint, one.fstype, one.options))
    return found


def disk_io_counters() -> dict[str, sdiskio]:
    """What each disk did since boot (IOKit)."""
    from sysutils.core.darwin import iokit

    return {
        name: sdiskio(*counts[:4], *(nanoseconds // 1_000_000 for nanoseconds in counts[4:]))
        for name, counts in iokit.disks().items()
    }


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum of all disks, None if there are none."""
    if not counters:
        return None
    return sdiskio(*map(sum, zip(*counters.values())))  # noqa: B905  # all are of one kind
