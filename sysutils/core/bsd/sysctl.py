"""sysctl(3): what the kernels of macOS and the BSDs tell by numbers and by names."""

import ctypes
import errno
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from sysutils.core import _native

S = TypeVar("S", bound=ctypes.Structure)

#: how often a table may grow while it is read
_PATIENCE = 12
#: ENOSPC: of paths on NetBSD
_TOO_SMALL = frozenset({errno.ENOMEM, errno.ENOSPC})
_Call = Callable[[Any, Any], int]


def read(mib: Sequence[int], guess: int = 0) -> bytes:
    """What is there at a numbered place: a value, a text, a table.

    ``guess`` is a size that will probably do, which saves asking for it. Raises OSError."""
    return _whole(_numbered(mib), guess)


def read_name(name: str, guess: int = 0) -> bytes:
    """The same by name (``"hw.model"``). Raises OSError, FileNotFoundError for an unknown one."""
    return _whole(_named(name), guess)


def fill(mib: Sequence[int], buffer: Any) -> int:
    """Reads into ``buffer``, a structure or an array; how many bytes were told. Raises OSError."""
    size = ctypes.c_size_t(ctypes.sizeof(buffer))
    _check(_numbered(mib)(ctypes.byref(buffer), size))
    return size.value


def structure(mib: Sequence[int], kind: type[S]) -> S:
    """A structure at a numbered place. Raises OSError, ProcessLookupError for a shorter answer."""
    found = kind()
    if fill(mib, found) < ctypes.sizeof(kind):
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
    return found


def beginning(mib: Sequence[int], kind: type[S]) -> S:
    """The structure that a longer one begins with, at a numbered place. Raises OSError."""
    return kind.from_buffer_copy(read(mib))


def structures(data: bytes, kind: type[S]) -> Sequence[S]:
    """The structures that a table consists of; a piece at its end that is none is left out."""
    found: Any = (kind * (len(data) // ctypes.sizeof(kind))).from_buffer_copy(data)
    told: Sequence[S] = found
    return told


def number(data: bytes) -> int:
    """A signed number of 4 or 8 bytes, as the kernel has it."""
    return int.from_bytes(data, sys.byteorder, signed=True)


def text(data: bytes) -> str:
    """A text that ends with a NUL."""
    return os.fsdecode(data.partition(b"\0")[0])


def number_of(place: str | Sequence[int]) -> int:
    """The number at a place, by its name or its numbers. Raises OSError."""
    return number(read_name(place, 8) if isinstance(place, str) else read(place, 8))


def text_of(place: str | Sequence[int]) -> str:
    """The text at a place, by its name or its numbers. Raises OSError."""
    return text(read_name(place) if isinstance(place, str) else read(place))


def optional(name: str, default: int = 0) -> int:
    """The number of that name, ``default`` where this kernel has none."""
    try:
        return number_of(name)
    except FileNotFoundError:
        return default


def _numbered(mib: Sequence[int]) -> _Call:
    call = _native.function(
        "c", "sysctl", ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p,
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
    )  # fmt: skip
    return partial(_ask, call, ((ctypes.c_int * len(mib))(*mib), len(mib)))


def _named(name: str) -> _Call:
    call = _native.function(
        "c", "sysctlbyname", ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p,
        ctypes.c_void_p, ctypes.c_size_t,
    )  # fmt: skip
    return partial(_ask, call, (name.encode(),))


def _ask(call: Callable[..., int], place: tuple[Any, ...], buffer: Any, size: Any) -> int:
    return call(*place, buffer, ctypes.byref(size), None, 0)


def _check(result: int) -> None:
    if result != 0:
        raise _native.os_error(_native.last_error())


def _whole(ask: _Call, guess: int) -> bytes:
    """The answer, however much it grows between asking for its size and reading it."""
    size = ctypes.c_size_t(guess)
    for attempt in range(_PATIENCE):
        if not size.value:
            _check(ask(None, size))
            if not size.value:
                return b""
            size.value += size.value * attempt // 4  # the kernel has added some itself
        buffer = ctypes.create_string_buffer(size.value)
        if ask(buffer, size) == 0:
            return ctypes.string_at(buffer, size.value)
        if _native.last_error() not in _TOO_SMALL:
            break
        size.value = 0
    raise _native.os_error(_native.last_error())


def numbers_of(name: str) -> Sequence[int]:
    """The numbers of a named place (sysctlnametomib(3)). Raises OSError."""
    call = _native.function(
        "c", "sysctlnametomib", ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p
    )
    numbers, count = (ctypes.c_int * 24)(), ctypes.c_size_t(24)
    _check(call(name.encode(), numbers, ctypes.byref(count)))
    return numbers[: count.value]


def write(mib: Sequence[int], value: Any) -> None:
    """Changes what is at a numbered place to ``value``, a structure or an array. Raises OSError."""
    call = _native.function(
        "c", "sysctl", ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p,
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
    )  # fmt: skip
    numbers = (ctypes.c_int * len(mib))(*mib)
    _check(call(numbers, len(mib), None, None, ctypes.byref(value), ctypes.sizeof(value)))


def read_counted(mib: Sequence[int], size: int) -> bytes:
    """What is there at a place whose last number is how many pieces of ``size`` there is room for."""
    for attempt in range(_PATIENCE):
        told = ctypes.c_size_t(0)
        _check(_numbered((*mib, 0))(None, told))
        room = told.value + told.value * (attempt + 1) // 8  # some may be new by then
        count = room // size
        if not count:
            return b""
        buffer = ctypes.create_string_buffer(count * size)
        told.value = count * size
        if _numbered((*mib, count))(buffer, told) == 0:
            if told.value <= count * size:
                return ctypes.string_at(buffer, told.value)
        elif _native.last_error() != errno.ENOMEM:
            raise _native.os_error(_native.last_error())
    raise _native.os_error(errno.ENOMEM)  # NetBSD tells how much there is, and of no error
