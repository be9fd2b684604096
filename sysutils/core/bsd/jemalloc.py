"""The heap of this process, where malloc(3) is jemalloc's: mallctl(3)."""

import ctypes
from collections.abc import Callable
from typing import Any

from sysutils.core import _native
from sysutils.core.bsd.ntuples import pheap

#: types of mallctl's result and arguments
TYPES: tuple[Any, ...] = (
    ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
)  # fmt: skip
Mallctl = Callable[..., int]


def ask(mallctl: Mallctl, name: str, told: Any = None, given: Any = None) -> None:
    """Reads ``name`` into ``told``, sets it to ``given``, or does it. Raises OSError."""
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


def heap_info(mallctl: Mallctl) -> pheap:
    """``(heap_used, mmap_used)``: bytes that are allocated, and bytes of extents that are mapped."""
    ask(mallctl, "epoch", given=ctypes.c_uint64(1))  # the figures are those of this moment
    allocated, mapped = ctypes.c_size_t(), ctypes.c_size_t()
    ask(mallctl, "stats.allocated", allocated)
    ask(mallctl, "stats.mapped", mapped)
    return pheap(allocated.value, mapped.value)
