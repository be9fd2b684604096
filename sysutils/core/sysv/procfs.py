"""The files of /proc: each is one C structure, or an array of them. ``PROCFS_PATH`` moves the root."""

import errno
import os
import sys
from ctypes import Structure, sizeof
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing import Literal
if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

S = TypeVar("S", bound=Structure)

_front = sys.modules["sysutils.core"]
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
_CHUNK = 65536


def root() -> str:
    """``PROCFS_PATH`` without a trailing slash."""
    path: str = _front.PROCFS_PATH
    return path.rstrip("/")


def path_of(pid: int, name: str = "") -> str:
    """The path of a file of a process."""
    return f"{root()}/{pid}/{name}" if name else f"{root()}/{pid}"


def read(path: str) -> bytes:
    """The whole file. Raises OSError as open(2) and read(2) do."""
    fd = os.open(path, _FLAGS)
    try:
        parts = []
        while data := os.read(fd, _CHUNK):
            parts.append(data)
    finally:
        os.close(fd)
    return b"".join(parts)


def structure(path: str, form: type[S]) -> S:
    """The structure that a file begins with. Raises OSError; ProcessLookupError for an empty file, which is
    that of a process that ends while it is read."""
    data = read(path)
    if not data:
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH), path)
    if len(data) < sizeof(form):
        raise OSError(errno.EIO, f"{len(data)} bytes where {sizeof(form)} were expected", path)
    return form.from_buffer_copy(data)


def structures(path: str, form: type[S]) -> list[S]:
    """The structures that a file is made of; one cut off at the end is left out. Raises OSError."""
    data, size = read(path), sizeof(form)
    return [form.from_buffer_copy(data, at) for at in range(0, len(data) - size + 1, size)]


class Memory:
    """The memory of a process (``/proc/PID/as``), read at its addresses."""

    def __init__(self, pid: int) -> None:
        self._fd = os.open(path_of(pid, "as"), _FLAGS)

    def close(self) -> None:
        """No more is read."""
        os.close(self._fd)

    def at(self, address: int, size: int) -> bytes:
        """Up to ``size`` bytes; less before memory that is not mapped, none within."""
        offset = address - (1 << 64) if address >= 1 << 63 else address  # as C would convert it
        try:
            return os.pread(self._fd, size, offset)
        except PermissionError:
            raise
        except OSError:
            return b""  # EIO: no such address

    def text(self, address: int, longest: int = 1 << 20) -> bytes:
        """The text at an address, up to its NUL."""
        found = b""
        while len(found) < longest:
            data = self.at(address + len(found), 512)
            head, end, _ = data.partition(b"\0")
            found += head
            if end or not data:
                break
        return found

    def pointers(
        self, address: int, width: int, most: int, order: "Literal['big', 'little']"
    ) -> list[int]:
        """An array of pointers of ``width`` bytes, up to a null pointer or ``most`` of them."""
        found: list[int] = []
        while len(found) < most:
            data = self.at(address + len(found) * width, min(most - len(found), 512) * width)
            numbers = [
                int.from_bytes(data[at : at + width], order)
                for at in range(0, len(data) - width + 1, width)
            ]
            if not numbers:
                break
            if 0 in numbers:
                return found + numbers[: numbers.index(0)]
            found += numbers
        return found[:most]


def numbers_in(path: str) -> list[int]:
    """The names in a directory that are numbers, ascending. Raises OSError."""
    return sorted(int(name) for name in os.listdir(path) if name.isdigit())


def pids() -> list[int]:
    """The ids of all processes."""
    return numbers_in(root() or "/")


def exists(pid: int) -> bool:
    """Whether there is a process of that id."""
    return os.access(path_of(pid, "psinfo"), os.F_OK)
