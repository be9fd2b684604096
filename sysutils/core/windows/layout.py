"""C structures of Windows as they lie in memory, for 32-bit and 64-bit systems alike.

``Layout("SYSTEMTIME", "wYear:H wMonth:H …")`` declares one with the names of its header. A type is a letter
of ``struct`` (B H I i Q q), ``P`` for a pointer, a handle or a size_t, ``w257`` for so many UTF-16 units,
``b8`` for so many bytes, ``i28`` for so many in words of four, or the name of a layout given to it.
Offsets follow the rules of Windows' compilers: all is aligned to its own size, eight bytes on 32 bits too."""

import ctypes
import struct
from collections import namedtuple
from functools import cached_property
from typing import Any, NamedTuple

POINTER_SIZE = ctypes.sizeof(ctypes.c_void_p)
_SIZES = {"B": 1, "H": 2, "I": 4, "i": 4, "Q": 8, "q": 8}


class Member(NamedTuple):
    """One field: ``letter`` is struct's. What lies in an inner structure is ``Inner.field``."""

    name: str
    offset: int
    size: int
    letter: str


class Layout:
    """One structure: its ``members``, its ``size``."""

    def __init__(
        self, name: str, fields: str, *inner: "Layout", pointer: int = POINTER_SIZE
    ) -> None:
        self.name = name
        self._declared = fields, inner
        self._others = {pointer: self}
        self.members: list[Member] = []
        self._align = 1
        known = {layout.name: layout for layout in inner}
        end = 0
        for field in fields.split():
            label, _, code = field.partition(":")
            if code in known:
                end = self._add_inner(label, known[code].of_pointers(pointer), end)
            else:
                size, align, letter = _told(code, pointer)
                start = self._start(end, align)
                self.members.append(Member(label, start, size, letter))
                end = start + size
        self.size = _aligned(end, self._align)

    def _add_inner(self, label: str, layout: "Layout", end: int) -> int:
        start = self._start(end, layout._align)
        self.members += [
            member._replace(name=f"{label}.{member.name}", offset=start + member.offset)
            for member in layout.members
        ]
        return start + layout.size

    def _start(self, end: int, align: int) -> int:
        self._align = max(self._align, align)
        return _aligned(end, align)

    def of_pointers(self, size: int) -> "Layout":
        """The same structure on a system whose pointers have 4 or 8 bytes."""
        if size not in self._others:
            fields, inner = self._declared
            self._others[size] = Layout(self.name, fields, *inner, pointer=size)
        return self._others[size]

    @cached_property
    def _places(self) -> dict[str, Member]:
        return {member.name.replace(".", "_"): member for member in self.members}

    @cached_property
    def _unpack(self) -> Any:
        form, end = "<", 0
        for member in self.members:
            form += f"{member.offset - end}x{member.letter}"
            end = member.offset + member.size
        return struct.Struct(f"{form}{self.size - end}x").unpack_from

    @cached_property
    def _row(self) -> Any:
        row: Any = namedtuple(self.name, list(self._places))  # type: ignore[misc]  # noqa: PYI024
        return row._make

    def offset(self, name: str) -> int:
        """Where a field is; ``Inner_field`` for one of an inner structure."""
        return self._places[name].offset

    def read(self, data: Any, offset: int = 0) -> Any:
        """Its fields as a named tuple, ``Inner_field`` for those of an inner structure.

        Raises ValueError where ``data`` ends before."""
        try:
            return self._row(self._unpack(data, offset))
        except struct.error as error:
            raise ValueError(f"{self.name} is cut off: {error}") from None

    def rows(self, data: Any, offset: int, count: int) -> list[Any]:
        """An array of it."""
        return [self.read(data, offset + index * self.size) for index in range(count)]

    def pack(self, **values: int | bytes) -> bytes:
        """Its bytes, all 0 but ``values``."""
        room = bytearray(self.size)
        for name, value in values.items():
            member = self._places[name]
            struct.pack_into("<" + member.letter, room, member.offset, value)
        return bytes(room)

    def buffer(self, **values: int | bytes) -> Any:
        """``pack(...)`` as what a function of C may fill."""
        return ctypes.create_string_buffer(self.pack(**values), self.size)


def _aligned(offset: int, align: int) -> int:
    return -(-offset // align) * align


def _told(code: str, pointer: int) -> tuple[int, int, str]:
    """Size, alignment and struct's letter of a type."""
    if code == "P":
        return pointer, pointer, "Q" if pointer == 8 else "I"
    if code[0] == "w":
        size = 2 * int(code[1:])
        return size, 2, f"{size}s"
    if code[0] == "i" and code != "i":
        return int(code[1:]), 4, f"{code[1:]}s"
    if code[0] == "b":
        return int(code[1:]), 1, f"{code[1:]}s"
    return _SIZES[code], _SIZES[code], code


def text(data: bytes) -> str:
    """UTF-16 text up to its NUL; lone surrogates stay."""
    end = 0
    while end + 1 < len(data) and data[end : end + 2] != b"\0\0":
        end += 2
    return data[:end].decode("utf-16-le", "surrogatepass")


def text_at(address: int | None) -> str:
    """UTF-16 text at an address up to its NUL; ``""`` for no address."""
    if not address:
        return ""
    units = ctypes.cast(address, ctypes.POINTER(ctypes.c_uint16))
    length = 0
    while units[length]:
        length += 1
    return ctypes.string_at(address, 2 * length).decode("utf-16-le", "surrogatepass")
