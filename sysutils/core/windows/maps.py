"""The address space of a process as ``pmap`` shows it: VirtualQueryEx."""

import ctypes
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

from sysutils.core._ntuples import smapping
from sysutils.core.windows import handle, peb, records, usage
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u32, pointer = ctypes.c_uint32, ctypes.c_void_p

#: protection of pages (PAGE_*, without its guards) as Linux writes it
_PERMISSIONS = {
    0x02: "r--", 0x04: "rw-", 0x08: "rw-", 0x10: "--x", 0x20: "r-x", 0x40: "rwx", 0x80: "rwx",
}  # fmt: skip
MAPPED = 0x40000
_QUERY = 0x40  # THREAD_QUERY_INFORMATION

THREAD_BASIC_INFORMATION = Layout(
    "THREAD_BASIC_INFORMATION",
    "ExitStatus:i TebBaseAddress:P UniqueProcess:P UniqueThread:P AffinityMask:P Priority:i"
    " BasePriority:i",
)
#: the beginning of it
NT_TIB = Layout("NT_TIB", "ExceptionList:P StackBase:P StackLimit:P")

_open_thread = declare("kernel32", "OpenThread", pointer, u32, ctypes.c_int32, u32)
_query_thread = declare(
    "ntdll", "NtQueryInformationThread", u32, pointer, u32, pointer, u32, pointer
)


def permissions(protection: int, kind: int) -> str:
    """``r-xp``; shared are files and memory that are mapped as they are, not programs."""
    return _PERMISSIONS.get(protection & 0xFF, "---") + ("s" if kind == MAPPED else "p")


def _resident(process: int, size: int) -> list[int] | None:
    """Addresses of the pages in memory; None where Windows does not tell."""
    try:
        return usage.page_addresses(usage.working_set(process, size))
    except OSError:
        return None


def _figures(region: usage.Region, pages: list[int] | None) -> dict[str, int | str]:
    if pages is None:
        return {}
    end = region.start + region.size
    count = bisect_left(pages, end) - bisect_left(pages, region.start)
    return {"Rss": count * usage.page_size() // 1024}


def _blocks(threads: Iterable[int]) -> Iterator[int]:
    """Addresses of the blocks (TEB) of threads; those of some may not be told."""
    for tid in threads:
        thread: int | None = _open_thread(_QUERY, 0, tid)
        if not thread:
            continue
        try:
            room = THREAD_BASIC_INFORMATION.buffer()
            if _query_thread(thread, 0, room, THREAD_BASIC_INFORMATION.size, None) == 0:
                yield THREAD_BASIC_INFORMATION.read(room).TebBaseAddress
        finally:
            handle.close(thread)


def _stacks(process: int, threads: Iterable[int], regions: Iterable[usage.Region]) -> set[int]:
    """Bases of the regions that are stacks."""
    ends = set()
    for block in _blocks(threads):
        try:
            ends.add(peb.read_structure(process, NT_TIB, block).StackBase)
        except OSError:
            continue  # the thread has ended
    return {
        region.base
        for region in regions
        if any(region.start < end <= region.start + region.size for end in ends)
    }


def _mappings(process: int, threads: Iterable[int], pages: list[int] | None) -> Iterator[smapping]:
    known: dict[int, str] = {}
    regions = [*usage.regions(process)]
    stacks = _stacks(process, threads, regions)
    for region in regions:
        if region.state != usage.COMMITTED:
            continue
        path = ""
        if region.kind != usage.PRIVATE:
            if region.base not in known:
                known[region.base] = usage.mapped_path(process, region.start)
            path = known[region.base]
        elif region.base in stacks:
            path = "[stack]"
        yield smapping(
            region.start, region.start + region.size, permissions(region.protection, region.kind),
            region.start - region.base if path else 0, "00:00", 0, path, _figures(region, pages),
        )  # fmt: skip


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each part of the address space that is committed, in the order of addresses (extension).

    Of ``figures`` Windows tells ``Rss``, and that not everywhere; offsets count from where the file's mapping
    begins. What is only reserved is left out. Raises OSError where the process is gone, or another's."""
    if pid in peb.KERNEL_PIDS:
        return []
    with handle.opened(pid, usage.READING) as process:
        told, pages = records.open_process(pid), None
        if figures is None or "Rss" in figures:
            pages = _resident(process, told.memory[2])
        threads = [thread.UniqueThread for thread in told.entry.threads]
        return list(_mappings(process, threads, pages))
