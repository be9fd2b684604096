"""The only file that opens /proc and /sys: whole small files as bytes, one open, one read, one close.

``PROCFS_PATH`` of the front door moves every path below /proc; it is looked up at every call, in
``root()`` and nowhere else.
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

_front = sys.modules["sysutils.core"]
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
_DIRECTORY = _FLAGS | getattr(os, "O_DIRECTORY", 0)
#: tests read recorded trees; nothing else moves it
sys_root = b"/sys"
#: inodes that procfs gives to files outside of the processes begin here (PROC_DYNAMIC_FIRST)
_PROC_INODES = 0xF0000000
_root_text: str = ""
_root = b""
#: how often the processes were listed
listings = 0


def root() -> bytes:
    """``PROCFS_PATH`` as bytes, without a trailing slash."""
    global _root_text, _root  # noqa: PLW0603
    text = _front.PROCFS_PATH
    if text is not _root_text:
        _root = os.fsencode(text).rstrip(b"/")
        _root_text = text
    return _root


def read(path: bytes, size: int = 8192) -> bytes:
    """The whole file, read to its end. Raises OSError as open(2) and read(2) do.

    Files of many records (maps, net/tcp, vmstat) come in pieces of a page, however much is asked for."""
    try:
        fd = os.open(path, _FLAGS)
    except OSError as error:
        error.filename = os.fsdecode(path)  # in errors a path is text
        raise
    try:
        data = os.read(fd, size)
        parts = [data]
        while data := os.read(fd, size):
            parts.append(data)
    finally:
        os.close(fd)
    return b"".join(parts) if len(parts) > 1 else parts[0]


def read_record(path: bytes, size: int) -> bytes:
    """The whole of a file that the kernel writes as one record: a read that is not full has it all."""
    try:
        fd = os.open(path, _FLAGS)
    except OSError as error:
        error.filename = os.fsdecode(path)  # in errors a path is text
        raise
    try:
        data = os.read(fd, size)
        return data if len(data) < size else _rest(fd, data)
    finally:
        os.close(fd)


def _rest(fd: int, data: bytes) -> bytes:
    """What was read, and all that follows."""
    parts = [data]
    while more := os.read(fd, len(data) * 16):
        parts.append(more)
    return b"".join(parts)


def read_pieces(path: bytes, size: int, cut: Callable[[bytes], int]) -> Iterator[bytes]:
    """A large file in pieces of ``size`` bytes and more, each done with before the next is read.

    ``cut`` tells how much of what was read makes a whole piece: the rest begins the next one."""
    try:
        fd = os.open(path, _FLAGS)
    except OSError as error:
        error.filename = os.fsdecode(path)  # in errors a path is text
        raise
    parts: list[bytes] = []
    there = 0
    try:
        while data := os.read(fd, 8192):
            parts.append(data)
            there += len(data)
            if there >= size:
                text = b"".join(parts)
                end = cut(text)
                parts, there = [text[end:]], len(text) - end
                if end:
                    yield text[:end]
        yield b"".join(parts)
    finally:
        os.close(fd)


def open_directory(path: bytes) -> int:
    """A directory to name files from: close it after use. Raises OSError as open(2) does."""
    try:
        return os.open(path, _DIRECTORY)
    except OSError as error:
        error.filename = os.fsdecode(path)
        raise


def read_at(directory: int, name: bytes, size: int = 4096) -> bytes:
    """The whole of a file below an open directory, which spares the kernel the walk from the root."""
    fd = os.open(name, _FLAGS, dir_fd=directory)
    try:
        data = os.read(fd, size)
        while more := os.read(fd, size * 16) if len(data) * 2 >= size else b"":
            data += more
        return data
    finally:
        os.close(fd)


def read_proc(name: bytes, size: int = 8192) -> bytes:
    """The whole of ``/proc/<name>``."""
    return read(root() + b"/" + name, size)


def read_proc_record(name: bytes, size: int = 8192) -> bytes:
    """The whole of ``/proc/<name>``, which the kernel writes as one record."""
    return read_record(root() + b"/" + name, size)


def read_sys(name: bytes, size: int = 4096) -> bytes:
    """The whole of ``/sys/<name>``."""
    return read(sys_root + b"/" + name, size)


def readlink(path: bytes) -> bytes:
    """Where a link points to. Raises OSError as readlink(2) does."""
    return os.readlink(path)


def names(path: bytes) -> list[bytes]:
    """What a directory holds, in its order. Raises OSError as open(2) does."""
    try:
        return os.listdir(path)
    except OSError as error:
        error.filename = os.fsdecode(path)
        raise


def pids() -> list[int]:
    """The process ids that /proc lists, in its order (ascending on a live /proc)."""
    global listings  # noqa: PLW0603
    listings += 1
    return list(map(int, filter(bytes.isdigit, os.listdir(root() or b"/"))))


def tids(pid: int) -> list[int]:
    """The thread ids of a process, ascending."""
    return sorted(map(int, os.listdir(b"%s/%d/task" % (root(), pid))))


def exists(path: bytes) -> bool:
    """Whether ``path`` can be reached at all."""
    return os.access(path, os.F_OK)


def is_kernels(path: bytes) -> bool:
    """Whether a file outside of the processes' directories is one of procfs.

    A recording, wherever it is mounted, has a size (the files to ask about are never empty) and an
    ordinary inode; a file of procfs has neither."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return status.st_size == 0 and status.st_ino >= _PROC_INODES


def is_kernels_directory(status: Any) -> bool:
    """Whether this is stat(2) of a directory that procfs made for a process, and not of a recording's.

    Blocks of 1,024 bytes, of which it takes none, are procfs's own on every kernel."""
    return bool(status.st_blksize == 1024 and not status.st_blocks)


def entries_counted(status: Any) -> int:
    """How many descriptors a ``PID/fd`` has by its stat(2), as since Linux 6.2; 0 for none, or not told."""
    size: int = status.st_size
    return size if size and is_kernels_directory(status) else 0
