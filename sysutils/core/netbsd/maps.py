"""Mappings of a process on NetBSD (``vm.proc.map``)."""

import ctypes
import errno
import os
from collections.abc import Collection, Sequence

from sysutils.core._ntuples import smapping
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.mappings import mapping
from sysutils.core.netbsd import kinfo, layout
from sysutils.core.netbsd.layout import kinfo_vmentry

_PRIVATE = layout.KVME_FLAG_COW | layout.KVME_FLAG_NEEDS_COPY


def entries(pid: int) -> Sequence[kinfo_vmentry]:
    """The mappings as the kernel tells them. Raises OSError."""
    size = ctypes.sizeof(kinfo_vmentry)
    place = (layout.CTL_VM, layout.VM_PROC, layout.VM_PROC_MAP, pid, size)
    return sysctl.structures(sysctl.read(place), kinfo_vmentry)


def _device(number: int) -> str:
    """``00:5a``: major and minor number as NetBSD has them in a ``dev_t``."""
    return f"{number >> 8 & 0xFFF:02x}:{number >> 12 & 0xFFF00 | number & 0xFF:02x}"


def _mapping(found: kinfo_vmentry, wanted: Collection[str] | None) -> smapping:
    named = found.kve_type == layout.KVME_TYPE_VNODE
    shared = named and not found.kve_flags & _PRIVATE
    path = os.fsdecode(found.kve_path)
    if not path and found.kve_flags & layout.KVME_FLAG_GROWS_DOWN:
        path = "[stack]"
    file = (_device(found.kve_vn_fsid), found.kve_vn_fileid) if named else ("00:00", 0)
    return mapping(found, shared, path, file, {}, wanted)


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping of a process in the order of addresses, ``[]`` for zombies and the kernel's (extension).

    ``figures``: of those that Linux has the kernel tells Size alone. Raises OSError where the process is
    gone, or another's."""
    try:
        return [_mapping(found, figures) for found in entries(pid)]
    except OSError as error:
        if error.errno not in {errno.ESRCH, errno.EINVAL} or kinfo.read(pid).vms:
            raise
        return []
