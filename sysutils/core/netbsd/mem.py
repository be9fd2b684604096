"""Memory of NetBSD (``vm.uvmexp2``, swapctl(2))."""

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.bsd import swap, sysctl
from sysutils.core.bsd.ntuples import svmem
from sysutils.core.netbsd import layout


def uvmexp() -> layout.uvmexp_sysctl:
    """The figures of the virtual memory system."""
    return sysctl.beginning((layout.CTL_VM, layout.VM_UVMEXP2), layout.uvmexp_sysctl)


def virtual_memory() -> svmem:
    """Physical memory in bytes.

    ``buffers`` are pages of files, ``shared`` is 0: what ``/proc/meminfo`` there has."""
    found = uvmexp()
    page = found.pagesize
    total, free, active, inactive, wired, files = (
        pages * page
        for pages in (
            found.npages,
            found.free,
            found.active,
            found.inactive,
            found.wired,
            found.filepages,
        )
    )
    cached = files + (found.execpages + found.anonpages) * page
    used = active + wired
    available = total - used
    return svmem(
        total, available, usage_percent(used, total, 1), used, free, active, inactive, files, cached, 0,
        wired,
    )  # fmt: skip


def swap_memory() -> sswap:
    """Swap in bytes; ``sin`` and ``sout`` are bytes moved since boot."""
    total = used = 0
    for device in swap.devices(layout.swapent, layout.SWAP_NSWAP, layout.SWAP_STATS):
        if device.se_flags & layout.SWF_ENABLE:
            total += device.se_nblks * swap.BLOCK
            used += device.se_inuse * swap.BLOCK
    found = uvmexp()
    percent = usage_percent(used, total, 1)
    moved = (found.pgswapin * found.pagesize, found.pgswapout * found.pagesize)
    return sswap(total, used, total - used, percent, *moved)
