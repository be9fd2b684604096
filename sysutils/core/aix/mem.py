"""Memory of AIX (perfstat_memory_total), in pages of 4 KiB."""

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.aix import layout, perfstat
from sysutils.core.sysv.ntuples import svmem

_PAGE = layout.PERFSTAT_PAGE


def _told() -> layout.perfstat_memory_total:
    return perfstat.one("perfstat_memory_total", layout.perfstat_memory_total)


def virtual_memory() -> svmem:
    """Physical memory in bytes; available is what there is without paging out the memory of processes."""
    found = _told()
    total, available = found.real_total * _PAGE, found.real_avail * _PAGE
    percent = usage_percent(total - available, total, 1)
    return svmem(total, available, percent, found.real_inuse * _PAGE, found.real_free * _PAGE)


def swap_memory() -> sswap:
    """Paging space in bytes; ``sin`` and ``sout`` are what was paged from and to it since boot."""
    found = _told()
    total, free = found.pgsp_total * _PAGE, found.pgsp_free * _PAGE
    used = total - free
    moved = (found.pgspins * _PAGE, found.pgspouts * _PAGE)
    return sswap(total, used, free, usage_percent(used, total, 1), *moved)
