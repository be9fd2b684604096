"""What a process has open: ``kern.proc.filedesc``."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from sysutils.core._ntuples import popenfile
from sysutils.core.bsd.info import Records
from sysutils.core.freebsd import kinfo, layout
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
