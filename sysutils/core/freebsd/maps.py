"""Mappings of a process on FreeBSD (``kern.proc.vmmap``)."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sysutils.core._ntuples import smapping
from sysutils.core.bsd.info import Records
from sysutils.core.bsd.mappings import mapping
from sysutils.core.bsd.ntuples import pmmap_ext, pmmap_grouped
from sysutils.core.freebsd import files, kinfo, layout
from sysutils.core.freebsd.host import PAGE_SIZE
from sysutils.core.freebsd.layout import kinfo_vmentry

_PRIVATE = layout.KVME_FLAG_COW | layout.KVME_FLAG_NEEDS_COPY
_SHARED = layout.KVME_FLAG_SYSVSHM | layout.KVME_FLAG_POSIXSHM


class Entry(NamedTuple):
    """One mapping with the path of its file."""

    found: kinfo_vmentry
    path: str

    @property
    def device(self) -> int:
        """Number of the device that the file is on."""
        number: int = self.found._kve_type_spec
        return number


def entries(pid: int) -> Iterator[Entry]:
    """The mappings as the kernel tells them. Raises OSError."""
    data = kinfo.of_process(layout.KERN_PROC_VMMAP, pid)
    for start, size in files.parts(data):
        part = data[start : start + size].ljust(layout.KVE_PATH, b"\0")
        path = files.path_at(data, start + layout.KVE_PATH, start + size)
        yield Entry(kinfo_vmentry.from_buffer_copy(part), path)


def _device(number: int) -> str:
    """``00:5a``: major and minor number as FreeBSD has them in a ``dev_t`` of 64 bits."""
    major = number >> 32 & 0xFFFFFF00 | number >> 8 & 0xFF
    minor = number >> 24 & 0xFF00 | number & 0xFFFF00FF
    return f"{major:02x}:{minor:02x}"


def _mapping(entry: Entry, wanted: Collection[str] | None) -> smapping:
    found, path = entry.found, entry.path
    named = found.kve_type == layout.KVME_TYPE_VNODE
    shared = bool(found.kve_flags & _SHARED) or (named and not found.kve_flags & _PRIVATE)
    if not path and found.kve_flags & layout.KVME_FLAG_GROWS_DOWN:
        path = "[stack]"
    file = (_device(entry.device), found.kve_vn_fileid) if named else ("00:00", 0)
    return mapping(found, shared, path, file, {"Rss": found.kve_resident * PAGE_SIZE}, wanted)


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping of a process in the order of addresses, ``[]`` for zombies and the kernel's (extension).

    ``figures`` are those wanted of Size and Rss in KiB, None for both. Raises OSError where the process is
    gone, or another's."""
    try:
        return [_mapping(entry, figures) for entry in entries(pid)]
    except ProcessLookupError:
        if kinfo.read(pid).vms:
            raise
        return []


# --- as psutil tells them

_KINDS = {
    layout.KVME_TYPE_NONE: "none", layout.KVME_TYPE_DEFAULT: "default", layout.KVME_TYPE_VNODE: "vnode",
    layout.KVME_TYPE_SWAP: "swap", layout.KVME_TYPE_DEVICE: "device", layout.KVME_TYPE_PHYS: "phys",
    layout.KVME_TYPE_DEAD: "dead", layout.KVME_TYPE_SG: "sg", layout.KVME_TYPE_MGTDEVICE: "mgtdevice",
    layout.KVME_TYPE_GUARD: "guard",
}  # fmt: skip


def memory_maps_ext(records: Records) -> list[pmmap_ext]:
    """Each mapping, in the order of addresses. Needs the owner's rights."""
    rows = []
    for entry, path in entries(records.pid):
        bits = entry.kve_protection
        perms = "".join(
            letter if bits & bit else "-" for letter, bit in (("r", 1), ("w", 2), ("x", 4))
        )
        rows.append(
            pmmap_ext(
                f"{entry.kve_start:x}-{entry.kve_end:x}", perms,
                path or f"[{_KINDS.get(entry.kve_type, 'unknown')}]", entry.kve_resident * PAGE_SIZE,
                entry.kve_private_resident * PAGE_SIZE, entry.kve_ref_count, entry.kve_shadow_count,
            )
        )  # fmt: skip
    return rows


def memory_maps_grouped(records: Records) -> list[pmmap_grouped]:
    """The mappings of each path together."""
    sums: dict[str, list[int]] = {}
    for row in memory_maps_ext(records):
        found = sums.setdefault(row.path, [0, 0, 0, 0])
        for place, number in enumerate(row[3:]):
            found[place] += number
    return [pmmap_grouped(path, *numbers) for path, numbers in sums.items()]
