"""The heap of this process (mallctl(3) of jemalloc)."""

from typing import Any

from sysutils.core import _native
from sysutils.core.bsd import jemalloc
from sysutils.core.bsd.ntuples import pheap

_ALL_ARENAS = 4096


def _mallctl() -> Any:
    return _native.function("c", "mallctl", *jemalloc.TYPES)


def heap_info() -> pheap:
    """``(heap_used, mmap_used)``: bytes that are allocated, and bytes of extents that are mapped."""
    return jemalloc.heap_info(_mallctl())


def heap_trim() -> None:
    """Gives free memory of the heap back to the system."""
    jemalloc.ask(_mallctl(), "thread.tcache.flush")
    jemalloc.ask(_mallctl(), f"arena.{_ALL_ARENAS}.purge")
