"""The C library's heap: mallinfo2(3) and malloc_trim(3) of glibc."""

import ctypes
import struct
import sys
from collections.abc import Callable
from typing import Any

from sysutils.core.linux.ntuples import pheap

# struct mallinfo2: ten numbers, the fifth is of bytes in maps of their own, the eighth of bytes in use
_SIZES = {
    "mallinfo2": ("N", ctypes.c_size_t),
    "mallinfo": ("I", ctypes.c_uint),
}  # since glibc 2.33, before
_ZERO = ctypes.c_size_t(0)  # what is converted once need not be at each call

_ask: Callable[[], Any] | None = None
_unpack: Callable[[Any], tuple[int, int]]
_trim: Callable[[Any], Any] | None = None


def _bind() -> None:
    """Finds the functions. They are short: no other thread need run meanwhile."""
    global _ask, _trim, _unpack  # noqa: PLW0603
    libc = getattr(ctypes, "PyDLL", ctypes.CDLL)(None)  # PyPy has CDLL alone
    name = "mallinfo2" if hasattr(libc, "mallinfo2") else "mallinfo"
    code, kind = _SIZES[name]
    size = ctypes.sizeof(kind)
    ask, trim = getattr(libc, name), libc.malloc_trim
    ask.restype = type(name, (ctypes.Structure,), {"_fields_": [("numbers", kind * 10)]})
    trim.restype = None
    unpack = struct.Struct(f"@{4 * size}x{code}{2 * size}x{code}{2 * size}x").unpack
    # PyPy's structures give struct no buffer
    _unpack = unpack if sys.implementation.name == "cpython" else lambda told: unpack(bytes(told))
    _ask, _trim = ask, trim


def heap_info() -> pheap:
    """``(heap_used, mmap_used)``: bytes that malloc(3) gave out, and those of them in maps of their own."""
    if _ask is None:
        _bind()
    mapped, used = _unpack(_ask())  # type: ignore[misc]
    return pheap(used, mapped)


def heap_trim() -> None:
    """Gives free memory of the heap back to the system."""
    if _trim is None:
        _bind()
    _trim(_ZERO)  # type: ignore[misc]
