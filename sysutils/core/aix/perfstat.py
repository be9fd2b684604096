"""What the kernel counts (libperfstat): arrays of structures, in the size that their header has for them."""

import ctypes
import errno
from collections.abc import Iterator
from typing import Any, TypeVar

from sysutils.core import _native
from sysutils.core.aix import layout

F = TypeVar("F", bound=ctypes.BigEndianStructure)


def _call(name: str, first: Any, room: Any, size: int, count: int) -> int:
    function = _native.function(
        "perfstat",
        name,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_int,
    )
    told: int = function(first and ctypes.byref(first), room, size, count)
    if told < 0:
        raise _native.os_error(_native.last_error())
    return told


def _size(name: str, form: type[F]) -> int:
    """Bytes of the library's structure, which begins with ours. Raises OSError for a smaller one."""
    size = layout.SIZES.get(name)
    if size is not None:
        return size
    size, least = _call(name, None, None, 0, 0), ctypes.sizeof(form)
    if size < least:
        raise OSError(errno.EIO, f"{name}: {size} bytes where {least} were expected")
    return size


def _rows(room: Any, form: type[F], size: int, count: int) -> Iterator[F]:
    data = bytes(room)
    return (form.from_buffer_copy(data, place * size) for place in range(count))


def one(name: str, form: type[F], of: str | None = None) -> F:
    """The structure of the whole machine, or of what ``of`` names. Raises OSError."""
    size = _size(name, form)
    room = ctypes.create_string_buffer(size)
    first = None if of is None else layout.perfstat_id(of.encode())
    if _call(name, first, room, size, 1) < 1:
        raise _native.os_error(errno.ESRCH)
    return next(_rows(room, form, size, 1))


def every(name: str, form: type[F]) -> list[F]:
    """The structures of all there are, ``[]`` for none. Raises OSError.

    Where there are more by the time that they are copied, the library names the next one."""
    size = _size(name, form)
    count = _call(name, None, None, size, 0)
    rows: list[F] = []
    first = layout.perfstat_id()
    while count:
        room = ctypes.create_string_buffer(size * count)
        told = _call(name, first, room, size, count)
        rows += _rows(room, form, size, min(told, count))
        if not (told and first.name):
            break
    return rows
