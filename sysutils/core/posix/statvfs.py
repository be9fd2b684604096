"""Room on a file system, as statvfs(3) tells it."""

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from sysutils.core._deadline import within
from sysutils.core._ntuples import sdiskusage

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


_Path = int | str | bytes | os.PathLike[str] | os.PathLike[bytes]


class fsusage(NamedTuple):
    """What statvfs(3) tells of a file system: blocks of ``block_size`` bytes, files (inodes)."""

    block_size: int
    blocks: int
    bfree: int
    bavail: int
    files: int
    ffree: int
    favail: int
    fsid: int
    flags: int
    namemax: int
    io_size: int


def filesystem_usage(path: _Path, *, timeout: float | None = None) -> fsusage:
    """Blocks and inodes of the file system at ``path`` (statvfs(3)). (Extension.)

    ``bavail`` and ``favail`` are what is free for users without privileges; ``io_size`` is the size in
    bytes that reads and writes should have. Raises OSError, TimeoutError after ``timeout`` seconds."""
    found = within(timeout, os.statvfs, path)
    return fsusage(
        found.f_frsize or found.f_bsize, found.f_blocks, found.f_bfree, found.f_bavail, found.f_files,
        found.f_ffree, found.f_favail, found.f_fsid, found.f_flag, found.f_namemax, found.f_bsize,
    )  # fmt: skip


def disk_usage(path: _Path, *, timeout: float | None = None) -> sdiskusage:
    """``(total, used, free, percent)`` in bytes of the file system at ``path`` (statvfs(3))."""
    found = os.statvfs(path) if timeout is None else within(timeout, os.statvfs, path)
    _, unit, blocks, bfree, bavail = found[:5]
    used = (blocks - bfree) * unit
    free = bavail * unit
    ours = used + free  # the part reserved for root is neither used nor free to us
    return sdiskusage(blocks * unit, used, free, round(used / ours * 100, 1) if ours else 0.0)
