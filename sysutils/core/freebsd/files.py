"""What a process has open and mapped: ``kern.proc.filedesc``, ``kern.proc.vmmap``."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from sysutils.core._ntuples import popenfile
from sysutils.core.bsd.info import Records
from sysutils.core.bsd.ntuples import pmmap_ext, pmmap_grouped
from sysutils.core.freebsd import kinfo, layout
from sysutils.core.freebsd.host import PAGE_SIZE
from sysutils.core.freebsd.layout import kinfo_file


class Descriptor(NamedTuple):
    """One descriptor with the path it is known by."""

    kf_fd: int
    entry: kinfo_file
    path: str


def descriptors(pid: int) -> Iterator[Descriptor]:
    """Every descriptor of a process; those below zero are its directories, program and terminal."""
    data = kinfo.of_process(layout.KERN_PROC_FILEDESC, pid)
    for start, size in parts(data):
        entry = kinfo_file.from_buffer_copy(data[start : start + size].ljust(layout.KF_SIZE, b"\0"))
        yield Descriptor(entry.kf_fd, entry, path_at(data, start + layout.KF_PATH, start + size))


def parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and length of each record: its length stands first."""
    start = 0
    while start + 4 <= len(data):
        size = int.from_bytes(data[start : start + 4], layout.ORDER)
        if size <= 0:
            return
        yield start, min(size, len(data) - start)
        start += size


def path_at(data: bytes, start: int, end: int) -> str:
    """The path that ends a record."""
    return os.fsdecode(data[start:end].partition(b"\0")[0])


def open_files(records: Records) -> list[popenfile]:
    """``[(path, fd), …]`` of regular files. Needs the owner's rights."""
    return [
        popenfile(row.path, row.kf_fd)
        for row in descriptors(records.pid)
        if row.kf_fd >= 0
        and row.entry.kf_type == layout.KF_TYPE_VNODE
        and row.entry.kf_un.kf_file.kf_file_type == layout.VREG
    ]


_KINDS = {
    layout.KVME_TYPE_NONE: "none", layout.KVME_TYPE_DEFAULT: "default", layout.KVME_TYPE_VNODE: "vnode",
    layout.KVME_TYPE_SWAP: "swap", layout.KVME_TYPE_DEVICE: "device", layout.KVME_TYPE_PHYS: "phys",
    layout.KVME_TYPE_DEAD: "dead", layout.KVME_TYPE_SG: "sg", layout.KVME_TYPE_MGTDEVICE: "mgtdevice",
    layout.KVME_TYPE_GUARD: "guard",
}  # fmt: skip


def memory_maps_ext(records: Records) -> list[pmmap_ext]:
    """Each mapping, in the order of addresses. Needs the owner's rights."""
    from sysutils.core.freebsd import maps  # only who asks for them pays

    rows = []
    for entry, path in maps.entries(records.pid):
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
