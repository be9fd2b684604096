"""Memory of FreeBSD (``vm.stats.vm``, ``vm.vmtotal``, ``vfs.bufspace``, ``vm.swap_info``)."""

import errno
import mmap

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.ntuples import svmem
from sysutils.core.freebsd import layout

_PAGE = mmap.PAGESIZE


def _pages(name: str) -> int:
    """Bytes of a number of pages."""
    return (sysctl.optional(f"vm.stats.vm.v_{name}_count") & 0xFFFFFFFF) * _PAGE


def virtual_memory() -> svmem:
    """Physical memory in bytes."""
    total = sysctl.number_of("hw.physmem")
    free, active, inactive = _pages("free"), _pages("active"), _pages("inactive")
    cached, wired = _pages("cache"), _pages("wire")
    shared = layout.vmtotal.from_buffer_copy(sysctl.read_name("vm.vmtotal", 88))
    buffers = sysctl.optional("vfs.bufspace")
    available = inactive + cached + free
    return svmem(
        total, available, usage_percent(total - available, total, 1), active + wired + cached, free,
        active, inactive, buffers, cached, (shared.t_vmshr + shared.t_rmshr) * _PAGE, wired,
    )  # fmt: skip


def swap_memory() -> sswap:
    """Swap in bytes; ``sin`` and ``sout`` are pages moved since boot."""
    total = used = 0
    for device in _devices():
        total += device.xsw_nblks * _PAGE
        used += device.xsw_used * _PAGE
    moved = [
        sysctl.optional(f"vm.stats.vm.v_{name}") & 0xFFFFFFFF
        for name in ("swapin", "vnodein", "swapout", "vnodeout")
    ]
    percent = usage_percent(used, total, 1)
    return sswap(total, used, total - used, percent, moved[0] + moved[1], moved[2] + moved[3])


def _devices() -> list[layout.xswdev]:
    place = list(sysctl.numbers_of("vm.swap_info"))
    found: list[layout.xswdev] = []
    while True:
        try:
            found.append(sysctl.structure([*place, len(found)], layout.xswdev))
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ENXIO}:
                return found
            raise
