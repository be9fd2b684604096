"""A console as Windows has them, with what is on its screen: a stand-in for ``kernel32``.

``Kernel32(escapes=False)`` is an older one, which shows escape sequences as they are."""

from __future__ import annotations

import struct
from typing import Any

_INPUT, _OUTPUT, _ERROR = 1, 2, 3
_HANDLES = {-10: _INPUT, -11: _OUTPUT, -12: _ERROR}


class Buffer:
    """A screen buffer as large as its window."""

    def __init__(self, columns: int, lines: int, attributes: int) -> None:
        self.columns, self.lines = columns, lines
        self.mode = 3
        self.attributes = attributes
        self.cursor = (0, 0)
        self.visible = 1
        self.cells = [[(" ", attributes)] * columns for _ in range(lines)]
        self.written = ""

    def put(self, char: str) -> None:
        column, line = self.cursor
        if char == "\n":
            self.cursor = (0, line + 1)
        elif char == "\r":
            self.cursor = (0, line)
        else:
            self.cells[line][column] = (char, self.attributes)
            column += 1
            if column == self.columns and self.mode & 2:
                column, line = 0, line + 1
            self.cursor = (min(column, self.columns - 1), line)
        if self.cursor[1] == self.lines:
            self.cells = [*self.cells[1:], [(" ", self.attributes)] * self.columns]
            self.cursor = (self.cursor[0], self.lines - 1)


class Kernel32:
    """The functions of consoles; ``records`` are what is typed, each 20 bytes."""

    def __init__(
        self, *, escapes: bool = True, columns: int = 40, lines: int = 6,
        terminals: tuple[int, ...] = (0, 1, 2),
    ) -> None:  # fmt: skip
        self.escapes = escapes
        self.first = Buffer(columns, lines, 7)
        self.buffers = {_OUTPUT: self.first, _ERROR: self.first}
        self.active = self.first
        self.modes = {_INPUT: 0x1F7}
        self.consoles = {1 + place for place in terminals}
        self.records: list[bytes] = []
        self.fails = False

    @property
    def screen(self) -> list[str]:
        """The lines that are seen."""
        return ["".join(char for char, _ in line).rstrip() for line in self.active.cells]

    def colours(self, line: int) -> list[int]:
        """The attributes of a line."""
        return [attributes for _, attributes in self.active.cells[line]]

    def type(self, character: str, key: int = 0, *, down: int = 1, state: int = 0) -> None:
        """Presses a key."""
        units = character.encode("utf-16-le") or b"\0\0"
        for place in range(0, len(units), 2):
            (unit,) = struct.unpack_from("<H", units, place)
            self.records.append(struct.pack("<HxxiHHHHI", 1, down, 1, key, 0, unit, state))

    # --- the functions

    def GetStdHandle(self, which: int) -> int | None:
        return _HANDLES[which]

    def GetConsoleMode(self, handle: Any, found: Any) -> int:
        if handle.value not in self.consoles and handle.value != 4:
            return 0
        found._obj.value = self._mode(handle.value)
        return 1

    def _mode(self, handle: int) -> int:
        return self.modes[handle] if handle in self.modes else self.buffers[handle].mode

    def SetConsoleMode(self, handle: Any, mode: int) -> int:
        if handle.value in self.modes:
            self.modes[handle.value] = mode
        else:
            self.buffers[handle.value].mode = mode
        return 1

    def WriteConsoleW(self, handle: Any, data: bytes, count: int, done: Any, _: None) -> int:
        if self.fails:
            return 0
        buffer = self.buffers[handle.value]
        text = data[: 2 * count].decode("utf-16-le")
        buffer.written += text
        done._obj.value = count
        if not (self.escapes and buffer.mode & 4):
            for char in text:
                buffer.put(char)
        return 1

    def GetConsoleScreenBufferInfo(self, handle: Any, data: Any) -> int:
        buffer = self.buffers[handle.value]
        data.raw = struct.pack(
            "<hhhhHhhhhhh", buffer.columns, buffer.lines, *buffer.cursor, buffer.attributes, 0, 0,
            buffer.columns - 1, buffer.lines - 1, buffer.columns, buffer.lines,
        )  # fmt: skip
        return 1

    def SetConsoleCursorPosition(self, handle: Any, where: Any) -> int:
        self.buffers[handle.value].cursor = (where.value & 0xFFFF, where.value >> 16)
        return 1

    def SetConsoleTextAttribute(self, handle: Any, attributes: int) -> int:
        self.buffers[handle.value].attributes = attributes
        return 1

    def SetConsoleCursorInfo(self, handle: Any, data: Any) -> int:
        _, self.buffers[handle.value].visible = struct.unpack("<Ii", data.raw[:8])
        return 1

    def FillConsoleOutputCharacterW(
        self, handle: Any, char: Any, count: int, where: Any, done: Any
    ) -> int:
        buffer = self.buffers[handle.value]
        for line, column in _places(buffer, where.value, count):
            buffer.cells[line][column] = (char.value, buffer.cells[line][column][1])
        return 1

    def FillConsoleOutputAttribute(
        self, handle: Any, attributes: int, count: int, where: Any, done: Any
    ) -> int:
        buffer = self.buffers[handle.value]
        for line, column in _places(buffer, where.value, count):
            buffer.cells[line][column] = (buffer.cells[line][column][0], attributes)
        return 1

    def CreateConsoleScreenBuffer(self, *_: Any) -> int:
        self.buffers[4] = Buffer(self.first.columns, self.first.lines, 7)
        return 4

    def SetConsoleActiveScreenBuffer(self, handle: Any) -> int:
        self.active = self.buffers[handle.value]
        return 1

    def CloseHandle(self, handle: Any) -> int:
        del self.buffers[handle.value]
        return 1

    def WaitForSingleObject(self, handle: Any, milliseconds: int) -> int:
        return 0 if self.records else 258

    def ReadConsoleInputW(self, handle: Any, data: Any, most: int, count: Any) -> int:
        taken, self.records = self.records[:most], self.records[most:]
        count._obj.value = len(taken)
        data.raw = b"".join(taken).ljust(len(data), b"\0")
        return 1


def _places(buffer: Buffer, where: int, count: int) -> list[tuple[int, int]]:
    start = (where >> 16) * buffer.columns + (where & 0xFFFF)
    end = min(start + count, buffer.columns * buffer.lines)
    return [divmod(place, buffer.columns) for place in range(start, end)]
