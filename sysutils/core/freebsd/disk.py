"""File systems and disks of FreeBSD (getfsstat(2), ``kern.devstat.all``)."""

import ctypes
import os
import struct

from sysutils.core import _native
from sysutils.core._ntuples import sdiskpart
from sysutils.core.bsd import filesystems, sysctl
from sysutils.core.bsd.ntuples import sdiskio, smount
from sysutils.core.freebsd import layout
from sysutils.core.posix import statvfs

disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage
file_status = statvfs.file_status

_MNT_NOWAIT = 2
#: bit of ``f_flags`` -> mount(8)'s word
_OPTIONS = (
    (0x2, "sync"), (0x4, "noexec"), (0x8, "nosuid"), (0x20, "union"), (0x40, "async"),
    (0x100000, "suiddir"), (0x200000, "softdep"), (0x400000, "nosymfollow"), (0x2000000, "gjournal"),
    (0x4000000, "multilabel"), (0x8000000, "acls"), (0x10000000, "noatime"), (0x40000000, "noclusterr"),
    (0x80000000, "noclusterw"), (0x10, "nfs4acls"), (0x100000000, "journaled soft updates"),
)  # fmt: skip


def _filesystems() -> list[layout.statfs]:
    getfsstat = _native.function(
        "c", "getfsstat", ctypes.c_int, ctypes.c_void_p, ctypes.c_long, ctypes.c_int
    )
    return filesystems.mounted(getfsstat, layout.statfs, _MNT_NOWAIT)


def mounts() -> list[smount]:
    """Every mount in the kernel's order, with no look at the file systems. (Extension.)"""
    return [
        filesystems.mount(found, found.f_flags, _OPTIONS, found._fsid[0])
        for found in _filesystems()
    ]


def disk_partitions(all: bool = False) -> list[sdiskpart]:  # noqa: ARG001
    """Mounted file systems, whatever ``all`` is."""
    return filesystems.partitions(mounts())


def _milliseconds(time: layout.bintime) -> int:
    return int(time.sec * 1000 + (time.frac * 1000 >> 64))


def disk_io_counters() -> dict[str, sdiskio]:
    """``{name: (…)}`` of each device (``kern.devstat.all``)."""
    data = sysctl.read_name("kern.devstat.all")
    rows = {}
    for found in sysctl.structures(data[struct.calcsize("@l") :], layout.devstat):
        name = f"{os.fsdecode(found.device_name)}{found.unit_number}"
        read, write = layout.DEVSTAT_READ, layout.DEVSTAT_WRITE
        rows[name] = sdiskio(
            found.operations[read], found.operations[write], found.bytes[read], found.bytes[write],
            _milliseconds(found.duration[read]), _milliseconds(found.duration[write]),
            _milliseconds(found.busy_time),
        )  # fmt: skip
    return rows


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum of all devices, None if there are none."""
    return sdiskio(*map(sum, zip(*counters.values(), strict=True))) if counters else None
