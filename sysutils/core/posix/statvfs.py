"""Room on a file system, as statvfs(3) tells it."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sysutils.core._deadline import within
from sysutils.core._ntuples import sdiskusage

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


_new_usage = partial(tuple.__new__, sdiskusage)
_Name = str | bytes | os.PathLike[str] | os.PathLike[bytes]
_Path = int | _Name
# a terminal must not become ours, a named pipe must not be waited for
_OPENED = 0
for _flag in ("O_RDONLY", "O_NOCTTY", "O_NONBLOCK", "O_CLOEXEC"):
    _OPENED |= getattr(os, _flag, 0)


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


def file_status(
    path: _Name, *, opened: bool = False, timeout: float | None = None
) -> os.stat_result:
    """stat(2) of ``path``; ``opened`` first, where it may be, so that an automounter mounts it. (Extension.)

    Raises OSError, TimeoutError after ``timeout`` seconds."""
    return within(timeout, _status_opened if opened else os.stat, path)


def _status_opened(path: _Name) -> os.stat_result:
    try:
        descriptor = os.open(path, _OPENED)
    except OSError:
        return os.stat(path)
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def disk_usage(path: _Path, *, timeout: float | None = None) -> sdiskusage:
    """``(total, used, free, percent)`` in bytes of the file system at ``path`` (statvfs(3))."""
    found = os.statvfs(path) if timeout is None else within(timeout, os.statvfs, path)
    _, unit, blocks, bfree, bavail, *_ = found
    used = (blocks - bfree) * unit
    free = bavail * unit
    ours = used + free  # the part reserved for root is neither used nor free to us
    percent = round(used / ours * 100, 1) if ours else 0.0
    return _new_usage((blocks * unit, used, free, percent))
