"""The heap of this process (mallctl(3) of jemalloc)."""

import ctypes
from typing import Any

from sysutils.core import _native
from sysutils.core.bsd.ntuples import pheap

_ALL_ARENAS = 4096


def _mallctl(name: str, told: Any = None, given: Any = None) -> None:
    mallctl = _native.function(
        "c", "mallctl", ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
        ctypes.c_size_t,
    )  # fmt: skip
    size = ctypes.c_size_t(0 if told is None else ctypes.sizeof(told))
    code = mallctl(
        name.encode(),
        None if told is None else ctypes.byref(told),
        None if told is None else ctypes.byref(size),
        None if given is None else ctypes.byref(given),
        0 if given is None else ctypes.sizeof(given),
    )
    if code:
        raise _native.os_error(code)


def heap_info() -> pheap:
    """``(heap_used, mmap_used)``: bytes that are allocated, and bytes of extents that are mapped."""
    _mallctl("epoch", given=ctypes.c_uint64(1))  # the figures are those of this moment
    allocated, mapped = ctypes.c_size_t(), ctypes.c_size_t()
    _mallctl("stats.allocated", allocated)
    _mallctl("stats.mapped", mapped)
    return pheap(allocated.value, mapped.value)


def heap_trim() -> None:
    """Gives free memory of the heap back to the system."""
    _mallctl("thread.tcache.flush")
    _mallctl(f"arena.{_ALL_ARENAS}.purge")
