"""The heap of this process (mallctl(3) of jemalloc)."""

import ctypes
from typing import Any

from sysutils.core import _native
from sysutils.core.bsd import jemalloc
from sysutils.core.bsd.ntuples import pheap


def _mallctl() -> Any:
    # what programs call mallctl is in a library of its own, and leads here
    return _native.function("c", "__je_mallctl", *jemalloc.TYPES)


def heap_info() -> pheap:
    """``(heap_used, mmap_used)``: bytes that are allocated, and bytes of extents that are mapped."""
    return jemalloc.heap_info(_mallctl())


def heap_trim() -> None:
    """Gives free memory of the heap back to the system, arena by arena."""
    mallctl, count = _mallctl(), ctypes.c_uint()
    jemalloc.ask(mallctl, "arenas.narenas", count)
    for arena in range(count.value):
        jemalloc.ask(mallctl, f"arena.{arena}.purge")
