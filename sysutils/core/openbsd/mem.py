"""Memory of OpenBSD (``vm.uvmexp``, ``vm.vmmeter``, ``vfs.generic.bcachestat``, swapctl(2))."""

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.bsd import swap, sysctl
from sysutils.core.bsd.ntuples import svmem
from sysutils.core.openbsd import layout


def _uvmexp() -> layout.uvmexp:
    return sysctl.beginning((layout.CTL_VM, layout.VM_UVMEXP), layout.uvmexp)


def virtual_memory() -> svmem:
    """Physical memory in bytes."""
    found = _uvmexp()
    page = found.pagesize
    meter = sysctl.structure((layout.CTL_VM, layout.VM_METER), layout.vmtotal)
    cache = sysctl.beginning(
        (layout.CTL_VFS, layout.VFS_GENERIC, layout.VFS_BCACHESTAT), layout.bcachestats
    )
    total = sysctl.number_of((layout.CTL_HW, layout.HW_PHYSMEM64))
    free, active, inactive, wired = (
        pages * page for pages in (found.free, found.active, found.inactive, found.wired)
    )
    cached = cache.numbufpages * page
    available = inactive + cached + free
    return svmem(
        total, available, usage_percent(total - available, total, 1), active + wired + cached, free, active,
        inactive, 0, cached, (meter.t_vmshr + meter.t_rmshr) * page, wired,
    )  # fmt: skip


def swap_memory() -> sswap:
    """Swap in bytes; ``sin`` and ``sout`` are pages moved since boot."""
    total = used = 0
    for device in swap.devices(layout.swapent, layout.SWAP_NSWAP, layout.SWAP_STATS):
        total += device.se_nblks * swap.BLOCK
        used += device.se_inuse * swap.BLOCK
    found = _uvmexp()
    percent = usage_percent(used, total, 1)
    moved = (found.pgswapin & 0xFFFFFFFF, found.pgswapout & 0xFFFFFFFF)
    return sswap(total, used, total - used, percent, *moved)
