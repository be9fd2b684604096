"""Memory of SunOS (sysconf(3C), swapctl(2), kstat ``cpu:N:vm``)."""

import ctypes
import errno
import os
import sys
from typing import TYPE_CHECKING

from sysutils.core import _native
from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.sunos import kstat, layout
from sysutils.core.sysv.ntuples import svmem

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

_PATH = 1024  # MAXPATHLEN
_PATIENCE = 5


def virtual_memory() -> svmem:
    """Physical memory in bytes; what is available is what is free."""
    page = os.sysconf("SC_PAGESIZE")
    total, free = os.sysconf("SC_PHYS_PAGES") * page, os.sysconf("SC_AVPHYS_PAGES") * page
    used = total - free
    return svmem(total, free, usage_percent(used, total, 1), used, free)


def swap_memory() -> sswap:
    """Swap in bytes (as ``swap -l`` counts it); ``sin`` and ``sout`` since boot."""
    page = os.sysconf("SC_PAGESIZE")
    total = free = 0
    for area in _areas():
        total += area.ste_pages * page
        free += area.ste_free * page
    rows = kstat.named("cpu", "vm").values()
    moved = [sum(row.get(name, 0) for row in rows) * page for name in ("pgswapin", "pgswapout")]
    used = total - free
    return sswap(total, used, free, usage_percent(used, total, 1), *moved)


def _areas() -> list[layout.swapent]:
    """The swap areas. There may be more of them by the time that they are listed."""
    swapctl = _native.function("c", "swapctl", ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
    for _ in range(_PATIENCE):
        count = swapctl(layout.SC_GETNSWP, None)
        if count == 0:
            return []
        told = count
        if count > 0:
            table = _Table(count)
            told = swapctl(layout.SC_LIST, ctypes.byref(table.room))
        if told >= 0:
            return list(table.rows[:told])
        if _native.last_error() != errno.ENOMEM:
            break
    raise _native.os_error(_native.last_error())


class _Table:
    """Room for ``count`` areas, and for their paths, as ``swaptbl_t`` has them."""

    def __init__(self, count: int) -> None:
        first, size = layout.swaptbl.swt_ent.offset, ctypes.sizeof(layout.swapent)
        self.room = ctypes.create_string_buffer(first + count * size)
        ctypes.c_int.from_buffer(self.room, layout.swaptbl.swt_n.offset).value = count
        self.rows = (layout.swapent * count).from_buffer(self.room, first)
        self._paths = [ctypes.create_string_buffer(_PATH) for _ in range(count)]
        for row, path in zip(self.rows, self._paths, strict=True):
            row.ste_path = ctypes.addressof(path)
