"""What this process has allocated: its default heap, its own pages, its private heaps."""

import ctypes

from sysutils.core.windows import errors, usage
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.ntuples import pheap

u32, i32, pointer, size_t = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_size_t
_BUSY, _NO_MORE_ITEMS, _READ_WRITE = 4, 259, 4

PROCESS_HEAP_ENTRY = Layout(
    "PROCESS_HEAP_ENTRY",
    "lpData:P cbData:I cbOverhead:B iRegionIndex:B wFlags:H dwCommittedSize:I dwUnCommittedSize:I"
    " lpFirstBlock:P lpLastBlock:P",
)

_process_heap = declare("kernel32", "GetProcessHeap", pointer)
_process_heaps = declare("kernel32", "GetProcessHeaps", u32, u32, pointer)
_lock = declare("kernel32", "HeapLock", i32, pointer)
_unlock = declare("kernel32", "HeapUnlock", i32, pointer)
_walk = declare("kernel32", "HeapWalk", i32, pointer, pointer)
_compact = declare("kernel32", "HeapCompact", size_t, pointer, u32)
_current = declare("kernel32", "GetCurrentProcess", pointer)


def _heaps() -> list[int | None]:
    count: int = _process_heaps(0, None)
    while True:
        room = (pointer * count)()
        found: int = _process_heaps(count, ctypes.addressof(room))
        if found <= count:
            return list(room[:found])
        count = found


def _used(heap: int) -> int:
    """Bytes in blocks that are in use. Nothing may allocate there meanwhile."""
    form = PROCESS_HEAP_ENTRY
    entry = form.buffer()
    data, flags = form.offset("cbData"), form.offset("wFlags")
    total = 0
    if not _lock(heap):
        raise errors.last("HeapLock")
    try:
        while _walk(heap, entry):
            raw = entry.raw
            if int.from_bytes(raw[flags : flags + 2], "little") & _BUSY:
                total += int.from_bytes(raw[data : data + 4], "little")
    finally:
        _unlock(heap)
    return total


def heap_info() -> pheap:
    """``(heap_used, mmap_used, heap_count)``: bytes in use of the default heap (HeapAlloc), bytes of pages
    of our own (VirtualAlloc), number of heaps (HeapCreate)."""
    used = _used(_process_heap())
    mapped = sum(
        region.size
        for region in usage.regions(_current())
        if region.state == usage.COMMITTED
        and region.kind == usage.PRIVATE
        and region.protection == _READ_WRITE
    )
    return pheap(used, mapped, len(_heaps()))


def heap_trim() -> None:
    """Joins free blocks of all heaps, and gives back what is free (HeapCompact)."""
    for heap in _heaps():
        _compact(heap, 0)
