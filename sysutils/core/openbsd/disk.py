"""File systems and disks of OpenBSD (getfsstat(2), ``hw.diskstats``)."""

import ctypes
import os

from sysutils.core import _native
from sysutils.core._ntuples import sdiskpart
from sysutils.core.bsd import filesystems, sysctl
from sysutils.core.bsd.ntuples import smount
from sysutils.core.openbsd import layout
from sysutils.core.openbsd.ntuples import sdiskio
from sysutils.core.posix import statvfs

disk_usage = statvfs.disk_usage
filesystem_usage = statvfs.filesystem_usage
file_status = statvfs.file_status

#: bit of ``f_flags`` -> mount(8)'s word
_OPTIONS = (
    (0x2, "sync"), (0x4, "noexec"), (0x8, "nosuid"), (0x10, "nodev"), (0x20, "noperm"), (0x40, "async"),
    (0x800, "wxallowed"), (0x8000, "noatime"), (0x4000000, "softdep"),
)  # fmt: skip


def _filesystems() -> list[layout.statfs]:
    getfsstat = _native.function(
        "c", "getfsstat", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    )
    return filesystems.mounted(getfsstat, layout.statfs, layout.MNT_NOWAIT)


def mounts() -> list[smount]:
    """Every mount in the kernel's order, with no look at the file systems. (Extension.)"""
    return [
        filesystems.mount(found, found.f_flags, _OPTIONS, found._fsid[0])
        for found in _filesystems()
    ]


def disk_partitions(all: bool = False) -> list[sdiskpart]:  # noqa: ARG001
    """Mounted file systems, whatever ``all`` is."""
    return filesystems.partitions(mounts())


def disk_io_counters() -> dict[str, sdiskio]:
    """``{name: (…)}`` of each disk (``hw.diskstats``)."""
    data = sysctl.read((layout.CTL_HW, layout.HW_DISKSTATS))
    return {
        os.fsdecode(found.ds_name): sdiskio(
            found.ds_rxfer, found.ds_wxfer, found.ds_rbytes, found.ds_wbytes
        )
        for found in sysctl.structures(data, layout.diskstats)
    }


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum of all disks, None if there are none."""
    return sdiskio(*map(sum, zip(*counters.values(), strict=True))) if counters else None
