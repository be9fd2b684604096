"""The fields of pmap for programs: sizes in bytes, names as psutil's ``memory_maps`` has them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sysutils.cli.output.column import Column


class Row(NamedTuple):
    """One mapping of one process, as ``core.Process.mappings`` gives it."""

    pid: int
    mapping: Any


def _size(*figures: str) -> Callable[[Row], int | None]:
    def get(row: Row) -> int | None:
        values = row.mapping.figures
        if not all(figure in values for figure in figures):
            return None
        return 1024 * sum(int(values[figure]) for figure in figures)

    return get


def _figure(figure: str) -> Callable[[Row], Any]:
    return lambda row: row.mapping.figures.get(figure)


def _smaps(name: str, figure: str, help: str) -> Column:
    return Column(name, figure, _size(figure), needs=(figure,), unit="bytes", help=help)


MAPPED = (
    Column("pid", "PID", lambda row: row.pid, right=True, null=False, help="Process id."),
    Column("addr", "Address", lambda row: f"{row.mapping.start:x}-{row.mapping.end:x}",
           help="First address and the one behind the last, in hexadecimal."),
    Column("size", "Size", lambda row: row.mapping.end - row.mapping.start, unit="bytes",
           help="Size of the addresses."),
    Column("perms", "Mode", lambda row: row.mapping.perms,
           help="What may be done with it: read, write, execute; private or shared."),
    Column("offset", "Offset", lambda row: row.mapping.offset, unit="bytes",
           help="Where in the file it begins."),
    Column("device", "Device", lambda row: row.mapping.device,
           help="Device of the file, major and minor number in hexadecimal."),
    Column("inode", "Inode", lambda row: row.mapping.inode, right=True,
           help="Inode of the file, 0 for none."),
    Column("path", "Mapping", lambda row: row.mapping.path or None,
           help="Path of the file, or the kernel's name such as [heap]."),
)  # fmt: skip

_RSS = _smaps("rss", "Rss", "What of it is in memory.")
EXTENDED = (
    *MAPPED[:-1],
    _RSS,
    Column("dirty", "Dirty", _size("Shared_Dirty", "Private_Dirty"),
           needs=("Shared_Dirty", "Private_Dirty"), unit="bytes",
           help="What of it was written to, shared with others or not."),
    MAPPED[-1],
)  # fmt: skip

DETAILED = (
    *MAPPED[:-1],
    _RSS,
    _smaps("pss", "Pss", "What of it is in memory, pages shared by several counted in parts."),
    _smaps("pss_dirty", "Pss_Dirty", "The part of pss that was written to."),
    _smaps("shared_clean", "Shared_Clean", "Shared with other processes, not written to."),
    _smaps("shared_dirty", "Shared_Dirty", "Shared with other processes, written to."),
    _smaps("private_clean", "Private_Clean", "Of this process alone, not written to."),
    _smaps("private_dirty", "Private_Dirty", "Of this process alone, written to."),
    _smaps("referenced", "Referenced", "Marked as accessed."),
    _smaps("anonymous", "Anonymous", "Belongs to no file."),
    _smaps("ksm", "KSM", "Merged with equal pages."),
    _smaps("lazy_free", "LazyFree", "May be taken when memory is short."),
    _smaps("anon_huge_pages", "AnonHugePages", "Anonymous memory in huge pages."),
    _smaps("shmem_pmd_mapped", "ShmemPmdMapped", "Shared memory in huge pages."),
    _smaps("file_pmd_mapped", "FilePmdMapped", "Page cache in huge pages."),
    _smaps("shared_hugetlb", "Shared_Hugetlb", "Shared pages of hugetlbfs."),
    _smaps("private_hugetlb", "Private_Hugetlb", "Private pages of hugetlbfs."),
    _smaps("swap", "Swap", "Swapped out."),
    _smaps("swap_pss", "SwapPss", "Swapped out, pages shared by several counted in parts."),
    _smaps("locked", "Locked", "Locked in memory."),
    _smaps("kernel_page_size", "KernelPageSize", "Size of a page for the kernel."),
    _smaps("mmu_page_size", "MMUPageSize", "Size of a page for the processor."),
    Column("thp_eligible", "THPeligible", _figure("THPeligible"), right=True,
           help="1 where huge pages may be used."),
    Column("protection_key", "ProtectionKey", _figure("ProtectionKey"), right=True,
           help="Number of its protection key."),
    Column("vm_flags", "VmFlags", _figure("VmFlags"), help="Flags of the kernel, two letters each."),
    MAPPED[-1],
)  # fmt: skip


def figures_of(columns: Sequence[Column]) -> list[str]:
    """What of smaps the columns need."""
    return [figure for column in columns for figure in column.needs]
