"""The heap of the C library in this process: zones of malloc(3)."""

import ctypes

from sysutils.core import _native
from sysutils.core.darwin.ntuples import pheap


class malloc_statistics_t(ctypes.Structure):
    """What a zone has given out, and what it has."""

    _fields_ = (
        ("blocks_in_use", ctypes.c_uint),
        ("size_in_use", ctypes.c_size_t),
        ("max_size_in_use", ctypes.c_size_t),
        ("size_allocated", ctypes.c_size_t),
    )


def heap_info() -> pheap:
    """``(heap_used, mmap_used)``: bytes that malloc(3) gave out, and what its zones have from the system
    (``malloc_zone_statistics``)."""
    zones, count = ctypes.c_void_p(), ctypes.c_uint()
    every = _native.function(
        "c", "malloc_get_all_zones", ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p,
        ctypes.c_void_p,
    )  # fmt: skip
    tell = _native.function("c", "malloc_zone_statistics", None, ctypes.c_void_p, ctypes.c_void_p)
    used = mapped = 0
    if every(0, None, ctypes.byref(zones), ctypes.byref(count)) == 0 and zones.value:
        for zone in (ctypes.c_void_p * count.value).from_address(zones.value):
            found = malloc_statistics_t()
            tell(zone, ctypes.byref(found))
            used += found.size_in_use
            mapped += found.size_allocated
    return pheap(used, mapped)


def heap_trim() -> None:
    """Gives free memory of every zone back to the system (``malloc_zone_pressure_relief``)."""
    relieve = _native.function(
        "c", "malloc_zone_pressure_relief", ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t
    )
    relieve(None, 0)
