"""Memory: pages by kind of mach, swap by sysctl."""

import ctypes

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.bsd import sysctl
from sysutils.core.darwin import mach
from sysutils.core.darwin.host import page_size
from sysutils.core.darwin.ntuples import svmem

CTL_VM, VM_SWAPUSAGE = 2, 5


class xsw_usage(ctypes.Structure):
    """``struct xsw_usage``: swap in bytes."""

    _fields_ = (
        ("xsu_total", ctypes.c_uint64),
        ("xsu_avail", ctypes.c_uint64),
        ("xsu_used", ctypes.c_uint64),
        ("xsu_pagesize", ctypes.c_uint32),
        ("_xsu_encrypted", ctypes.c_int32),
    )


def virtual_memory() -> svmem:
    """``(total, available, percent, used, free, active, inactive, wired)`` in bytes (``host_statistics64``,
    sysctl ``hw.memsize``)."""
    pages, size = mach.vm_statistics(), page_size()
    total = sysctl.number_of("hw.memsize")
    active, inactive = pages.active_count * size, pages.inactive_count * size
    wired, speculative = pages.wire_count * size, pages.speculative_count * size
    available = inactive + pages.free_count * size
    free = pages.free_count * size - speculative  # what was read ahead is of use to somebody
    percent = usage_percent(total - available, total, 1)
    return svmem(total, available, percent, active + wired, free, active, inactive, wired)


def swap() -> xsw_usage:
    """Swap as the kernel tells it (sysctl ``vm.swapusage``)."""
    return sysctl.structure((CTL_VM, VM_SWAPUSAGE), xsw_usage)


def swap_memory() -> sswap:
    """``(total, used, free, percent, sin, sout)`` in bytes (sysctl ``vm.swapusage``).

    ``sin`` and ``sout`` are what was paged in and out since boot (``host_statistics64``)."""
    found, pages, size = swap(), mach.vm_statistics(), page_size()
    percent = usage_percent(found.xsu_used, found.xsu_total, 1)
    return sswap(
        found.xsu_total, found.xsu_used, found.xsu_avail, percent,
        pages.pageins * size, pages.pageouts * size,
    )  # fmt: skip
