"""What takes more than a look: memory page by page, mappings, open files."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from sysutils.core.windows import errors, handle, paths
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import POINTER_SIZE, Layout
from sysutils.core.windows.ntuples import pfootprint, pfullmem, pmmap_ext, pmmap_grouped
from sysutils.core.windows.records import ProcessRecords
from sysutils.core.windows.results import memory_info

u32, i32, pointer, size_t = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_size_t

MEMORY_BASIC_INFORMATION = Layout(
    "MEMORY_BASIC_INFORMATION",
    "BaseAddress:P AllocationBase:P AllocationProtect:I RegionSize:P State:I Protect:I Type:I",
)
_WORKING_SET = 1  # MemoryWorkingSetInformation
READING = handle.QUERY_INFORMATION | handle.VM_READ

_query_memory = declare(
    "ntdll", "NtQueryVirtualMemory", u32, pointer, pointer, u32, pointer, size_t, pointer
)
_virtual_query = declare("kernel32", "VirtualQueryEx", size_t, pointer, pointer, pointer, size_t)
_mapped_name = declare("psapi", "GetMappedFileNameW", u32, pointer, pointer, pointer, u32)
_NAME_UNITS = 1024
_page_size = declare("kernel32", "GetSystemInfo", None, pointer)

SYSTEM_INFO = Layout(
    "SYSTEM_INFO",
    "wProcessorArchitecture:H wReserved:H dwPageSize:I lpMinimumApplicationAddress:P"
    " lpMaximumApplicationAddress:P dwActiveProcessorMask:P dwNumberOfProcessors:I dwProcessorType:I"
    " dwAllocationGranularity:I wProcessorLevel:H wProcessorRevision:H",
)


def page_size() -> int:
    """Bytes of a page of memory."""
    room = SYSTEM_INFO.buffer()
    _page_size(room)
    return int(SYSTEM_INFO.read(room).dwPageSize)


# --- memory of its own


def unshared_pages(data: Any) -> int:
    """Pages of a MEMORY_WORKING_SET_INFORMATION that no other process has.

    Of an entry bits 5 to 7 count the processes that share the page; 0 for what can't be shared."""
    return sum(not word & 0xE0 for word in _entries(data))


def _entries(data: Any) -> Any:
    size = POINTER_SIZE
    count = int.from_bytes(data[:size], "little")
    pages = memoryview(data).cast("B")[size : size * (1 + count)]
    return pages[: len(pages) // size * size].cast("Q" if size == 8 else "I")


def page_addresses(data: Any) -> list[int]:
    """Addresses of the pages of a MEMORY_WORKING_SET_INFORMATION, in their order."""
    return sorted(word & ~0xFFF for word in _entries(data))


def working_set(process: int, size: int) -> Any:
    """A MEMORY_WORKING_SET_INFORMATION of a process whose working set has ``size`` bytes, more or less.

    Raises OSError."""
    size = POINTER_SIZE * (size // page_size() + 1024)
    while True:
        room = ctypes.create_string_buffer(size)
        status = _query_memory(process, None, _WORKING_SET, room, size, None)
        if status != errors.INFO_LENGTH_MISMATCH:
            break
        size = max(2 * size, POINTER_SIZE * (1 + int.from_bytes(room.raw[:POINTER_SIZE], "little")))
    if status & 0x80000000:
        raise errors.of_status(status, "NtQueryVirtualMemory")
    return room


def _unique(records: ProcessRecords) -> int:
    with handle.opened(records.pid, READING) as process:
        return unshared_pages(working_set(process, records.memory[2])) * page_size()


def memory_full_info(records: ProcessRecords) -> pfullmem:
    """``memory_info()`` and ``uss``: bytes that would be free were the process to end now."""
    return pfullmem(*memory_info(records), _unique(records))


def memory_footprint(records: ProcessRecords) -> pfootprint:
    """``(uss,)``: bytes that would be free were the process to end now."""
    return pfootprint(_unique(records))


# --- mappings

#: protection of pages (PAGE_*), without the bits above
_PROTECTIONS = {
    0x02: "r", 0x04: "rw", 0x08: "wc", 0x10: "x", 0x20: "xr", 0x40: "xrw", 0x80: "xwc",
}  # fmt: skip
COMMITTED, PRIVATE = 0x1000, 0x20000


class Region(NamedTuple):
    """Pages that are alike, side by side."""

    start: int
    size: int
    protection: int
    state: int
    kind: int
    #: where that begins which it was allocated or mapped with
    base: int = 0


def regions(process: int) -> Iterator[Region]:
    """The address space of a process, in the order of addresses."""
    form = MEMORY_BASIC_INFORMATION
    room, address = form.buffer(), 0
    while address < 1 << 8 * POINTER_SIZE and _virtual_query(process, address, room, form.size):
        told = form.read(room)
        yield Region(
            told.BaseAddress,
            told.RegionSize,
            told.Protect,
            told.State,
            told.Type,
            told.AllocationBase,
        )
        if not told.RegionSize:
            return
        address = told.BaseAddress + told.RegionSize


def mapped(records: ProcessRecords) -> Iterator[tuple[Region, str]]:
    """The parts of files that are mapped, each with the file's path."""
    with handle.opened(records.pid, READING) as process:
        for region in regions(process):
            if region.state == COMMITTED and region.kind == PRIVATE:
                continue  # of no file
            path = mapped_path(process, region.start)
            if path:
                yield region, path


def mapped_path(process: int, address: int) -> str:
    """Path of the file that is mapped at an address, ``""`` where none is."""
    name = ctypes.create_string_buffer(2 * _NAME_UNITS)
    length = _mapped_name(process, address, name, _NAME_UNITS)
    return paths.dos_path(paths.wide(name, length)) if length else ""


def memory_maps_ext(records: ProcessRecords) -> list[pmmap_ext]:
    """``[(addr, perms, path, rss), …]``: each mapping of a file."""
    return [
        pmmap_ext(hex(region.start), _PROTECTIONS.get(region.protection & 0xFF, "?"), path, region.size)
        for region, path in mapped(records)
    ]  # fmt: skip


def memory_maps_grouped(records: ProcessRecords) -> list[pmmap_grouped]:
    """``[(path, rss), …]``: the mappings of each file together."""
    sizes: dict[str, int] = {}
    for region, path in mapped(records):
        sizes[path] = sizes.get(path, 0) + region.size
    return [pmmap_grouped(path, size) for path, size in sizes.items()]
