"""Memory by Linux' names of /proc/meminfo, as far as Windows knows what they mean."""

from sysutils.core.windows import errors, mem, snapshot
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.snapshot import UNICODE_STRING

_PAGE_FILES = 18  # SystemPageFileInformation

SYSTEM_PAGEFILE_INFORMATION = Layout(
    "SYSTEM_PAGEFILE_INFORMATION",
    "NextEntryOffset:I CurrentSize:I TotalUsed:I PeakUsed:I FileName:UNICODE_STRING",
    UNICODE_STRING,
)


def parse_page_files(data: bytes) -> tuple[int, int]:
    """Pages of all page files, and those in use, of a SystemPageFileInformation buffer."""
    form = SYSTEM_PAGEFILE_INFORMATION
    total = used = at = 0
    while at + form.size <= len(data):
        row = form.read(data, at)
        total, used = total + row.CurrentSize, used + row.TotalUsed
        if not row.NextEntryOffset:
            break
        at += row.NextEntryOffset
    return total, used


def _swap(page: int) -> dict[str, int]:
    """``SwapTotal`` and ``SwapFree`` in bytes; nothing where Windows does not tell what is used."""
    try:
        room, filled = snapshot.query_system(_PAGE_FILES, 1024)
    except OSError as error:
        if errors.code_of(error) == errors.ACCESS_DENIED:
            raise
        try:
            told = mem.swap_memory()
        except RuntimeError:  # no counters either
            return {}
        return {"SwapTotal": told.total, "SwapFree": told.free}
    total, used = parse_page_files(room.raw[:filled])
    return {"SwapTotal": total * page, "SwapFree": (total - used) * page}


def meminfo() -> dict[str, int]:
    """Bytes: ``MemTotal``, ``MemFree``, ``MemAvailable``, ``Slab`` (the kernel's pools),
    ``CommitLimit``, ``Committed_AS``, ``SwapTotal``, ``SwapFree`` (page files). (Extension.)"""
    told = mem.performance()
    page: int = told.PageSize
    available = told.PhysicalAvailable * page
    return {
        "MemTotal": told.PhysicalTotal * page,
        "MemFree": available,
        "MemAvailable": available,
        "Slab": told.KernelTotal * page,
        **_swap(page),
        "CommitLimit": told.CommitLimit * page,
        "Committed_AS": told.CommitTotal * page,
    }
