"""File systems and disks of NetBSD (getvfsstat(2), ``hw.iostats``)."""

import ctypes
import os

from sysutils.core import _native
from sysutils.core._ntuples import sdiskpart
from sysutils.core.bsd import filesystems, sysctl
from sysutils.core.bsd.ntuples import smount
from sysutils.core.netbsd import layout
from sysutils.core.netbsd.ntuples import sdiskio
from sysutils.core.posix import statvfs

disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage
file_status = statvfs.file_status

#: bit of ``f_flag`` -> mount(8)'s word
_OPTIONS = (
    (0x2, "sync"), (0x4, "noexec"), (0x8, "nosuid"), (0x40, "async"), (0x4000000, "noatime"),
    (0x80000000, "softdep"), (0x10, "nodev"), (0x20, "union"), (0x8000, "nocoredump"),
    (0x20000, "relatime"), (0x100000, "ignore"), (0x800000, "discard"), (0x1000000, "extattr"),
    (0x2000000, "log"), (0x20000000, "symperm"), (0x40000000, "nodevmtime"),
)  # fmt: skip


def _filesystems() -> list[layout.statvfs]:
    call = _native.function(
        "c", "__getvfsstat90", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    )
    return filesystems.mounted(call, layout.statvfs, layout.MNT_NOWAIT)


def mounts() -> list[smount]:
    """Every mount in the kernel's order, with no look at the file systems. (Extension.)"""
    return [
        filesystems.mount(found, found.f_flag, _OPTIONS, found.f_fsidx[0])
        for found in _filesystems()
    ]


def disk_partitions(all: bool = False) -> list[sdiskpart]:  # noqa: ARG001
    """Mounted file systems, whatever ``all`` is."""
    return filesystems.partitions(mounts())


def disk_io_counters() -> dict[str, sdiskio]:
    """``{name: (…)}`` of each disk, tape and NFS mount (``hw.iostats``)."""
    kind = layout.io_sysctl
    data = sysctl.read((layout.CTL_HW, layout.HW_IOSTATS, ctypes.sizeof(kind)))
    return {
        os.fsdecode(found.name): sdiskio(found.rxfer, found.wxfer, found.rbytes, found.wbytes)
        for found in sysctl.structures(data, kind)
    }


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum of all disks, None if there are none."""
    return sdiskio(*map(sum, zip(*counters.values(), strict=True))) if counters else None
