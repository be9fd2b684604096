"""Mappings of a process on macOS: the regions of its memory (libproc)."""

from collections.abc import Collection

from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import smapping
from sysutils.core.darwin import libproc, pid_records, regions
from sysutils.core.darwin.host import page_size

VM_PROT_READ, VM_PROT_WRITE, VM_PROT_EXECUTE = 1, 2, 4
SM_SHARED, SM_TRUESHARED, SM_SHARED_ALIASED = 4, 5, 7
VM_MEMORY_STACK = 30
#: VM_MEMORY_*: what malloc(3) has from the system
HEAP = {
    "MALLOC": 1, "MALLOC_SMALL": 2, "MALLOC_LARGE": 3, "MALLOC_HUGE": 4, "REALLOC": 6, "MALLOC_TINY": 7,
    "MALLOC_LARGE_REUSABLE": 8, "MALLOC_LARGE_REUSED": 9, "MALLOC_NANO": 11, "MALLOC_MEDIUM": 12,
}  # fmt: skip
_SHARED = frozenset({SM_SHARED, SM_TRUESHARED, SM_SHARED_ALIASED})
_PERMISSIONS = ((VM_PROT_READ, "r"), (VM_PROT_WRITE, "w"), (VM_PROT_EXECUTE, "x"))
_HEAP = frozenset(HEAP.values())


def _device(number: int) -> str:
    """``01:04``: eight bits of ``dev_t`` are the major number."""
    return f"{number >> 24:02x}:{number & 0xFFFFFF:02x}"


def _name(region: regions.proc_regionwithpathinfo) -> str:
    if region.prp_vip.vip_path:
        return libproc.text(region.prp_vip.vip_path)
    tag = region.prp_prinfo.pri_user_tag
    return "[stack]" if tag == VM_MEMORY_STACK else "[heap]" if tag in _HEAP else ""


def _figures(region: regions.proc_regionwithpathinfo, page: int) -> dict[str, int | str]:
    """In KiB, by the names that Linux has for such figures."""
    found = region.prp_prinfo
    shared = found.pri_share_mode in _SHARED
    dirty = found.pri_pages_dirtied * page // 1024
    return {
        "Size": found.pri_size // 1024,
        "Rss": found.pri_pages_resident * page // 1024,
        "Shared_Dirty": dirty if shared else 0,
        "Private_Dirty": 0 if shared else dirty,
        "Swap": found.pri_pages_swapped_out * page // 1024,
    }


def _mapping(
    region: regions.proc_regionwithpathinfo, page: int, wanted: Collection[str] | None
) -> smapping:
    found, file = region.prp_prinfo, region.prp_vip.vip_vi.vi_stat
    perms = "".join(letter if found.pri_protection & bit else "-" for bit, letter in _PERMISSIONS)
    perms += "s" if found.pri_share_mode in _SHARED else "p"
    named = bool(region.prp_vip.vip_path)
    figures = _figures(region, page) if wanted is None or wanted else {}
    return smapping(
        found.pri_address, found.pri_address + found.pri_size, perms, found.pri_offset,
        _device(file.vst_dev if named else 0), file.vst_ino if named else 0, _name(region),
        {name: value for name, value in figures.items() if wanted is None or name in wanted},
    )  # fmt: skip


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping of a process in the order of addresses, ``[]`` for zombies and the kernel (extension).

    ``figures`` are those wanted of Size, Rss, Shared_Dirty, Private_Dirty and Swap in KiB, None for all;
    memory of the shared cache of libraries counts in each process. Memory of malloc(3) is ``[heap]``, that
    of stacks ``[stack]``. Raises OSError where the process is gone, or another's (``proc_pidinfo``)."""
    page = page_size()
    try:
        return [_mapping(region, page, figures) for region in regions.regions(pid)]
    except ProcessLookupError:
        try:
            pid_records.of_process(pid).raise_if_zombie()
        except ZombieProcess:
            return []
        raise
