"""Memory of Windows: GetPerformanceInfo, and what the page files hold."""

import ctypes
from typing import Any

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.windows import errors, pdh
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.ntuples import svmem

PERFORMANCE_INFORMATION = Layout(
    "PERFORMANCE_INFORMATION",
    "cb:I CommitTotal:P CommitLimit:P CommitPeak:P PhysicalTotal:P PhysicalAvailable:P SystemCache:P"
    " KernelTotal:P KernelPaged:P KernelNonpaged:P PageSize:P HandleCount:I ProcessCount:I ThreadCount:I",
)

_performance_info = declare(
    "psapi", "GetPerformanceInfo", ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint32
)


def performance() -> Any:
    """PERFORMANCE_INFORMATION: sizes in pages of ``PageSize`` bytes."""
    form = PERFORMANCE_INFORMATION
    room = form.buffer(cb=form.size)
    if not _performance_info(room, form.size):
        raise errors.last("GetPerformanceInfo")
    return form.read(room)


def virtual_memory() -> svmem:
    """``(total, available, percent, used, free)`` in bytes; ``free`` is ``available``."""
    told = performance()
    total = told.PhysicalTotal * told.PageSize
    available = told.PhysicalAvailable * told.PageSize
    used = total - available
    return svmem(total, available, usage_percent(used, total, 1), used, available)


def swap_total(told: Any) -> int:
    """Bytes of all page files: what can be committed beyond physical memory."""
    pages: int = told.CommitLimit - told.PhysicalTotal
    return max(0, pages * int(told.PageSize))


def swap_memory() -> sswap:
    """``(total, used, free, percent, sin, sout)`` of the page files in bytes, the last two 0.

    Raises RuntimeError where Windows does not count how much of them is used."""
    total = swap_total(performance())
    percent = pdh.read(r"\Paging File(_Total)\% Usage") if total > 0 else 0.0
    used = int(0.01 * percent * total)
    return sswap(total, used, total - used, round(percent, 1), 0, 0)
