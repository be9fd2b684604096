"""Windows' consoles: text in UTF-16 whatever the code page, and escape sequences.

Windows 10 and newer understand those, once asked to. For an older console (and wine's, which says that it
does) those that our output has are done here, by the console's own calls."""

import ctypes
import re
import struct
from typing import Any

_STANDARD = (-10, -11, -12)  # of descriptors 0, 1, 2
_PROCESSED, _WRAP, _VIRTUAL_TERMINAL = 1, 2, 4
_MOST = 8000  # UTF-16 units in one call
_INFO = struct.Struct("<hhhhHhhhhhh")
_SHARED, _READ_WRITE, _TEXT_BUFFER = 3, 0xC0000000, 1
_CURSOR = struct.Struct("<Ii")
_SEQUENCE = re.compile(r"\x1b\[(\??[0-9;]*)([A-Za-z])")
_SURROGATES = re.compile("[\ud800-\udfff]")

_kernel32: Any = None
_consoles: dict[int, "Console | None"] = {}


def kernel32() -> Any:
    """The library that consoles are spoken to by; None where there is none."""
    global _kernel32  # noqa: PLW0603
    if _kernel32 is None:
        load = getattr(ctypes, "WinDLL", None)
        _kernel32 = load("kernel32", use_last_error=True) if load else False
        if _kernel32:
            _kernel32.GetStdHandle.restype = ctypes.c_void_p
            _kernel32.CreateConsoleScreenBuffer.restype = ctypes.c_void_p
    return _kernel32 or None


def replace(stand_in: Any) -> None:
    """Makes ``stand_in`` that library; None: the system's own."""
    global _kernel32  # noqa: PLW0603
    _consoles.clear()
    _kernel32 = stand_in


def handle(descriptor: int) -> int:
    """What stands for a standard descriptor (0, 1, 2); 0 where there is none."""
    api = kernel32()
    return (api.GetStdHandle(_STANDARD[descriptor]) or 0) if api is not None else 0


def mode(of: int) -> int | None:
    """The mode of a console, by its handle; None: that is no console (NUL, which isatty(3) takes for one)."""
    found = ctypes.c_uint32()
    api = kernel32()
    if api is None or not api.GetConsoleMode(ctypes.c_void_p(of), ctypes.byref(found)):
        return None
    return found.value


def is_console(descriptor: int) -> bool:
    """Whether a standard descriptor is a console."""
    return mode(handle(descriptor)) is not None


def of(descriptor: int) -> "Console | None":
    """The console that a descriptor writes to; None where it is none."""
    if descriptor not in _consoles:
        found = handle(descriptor)
        before = mode(found)
        _consoles[descriptor] = None if before is None else _made(found, before)
    return _consoles[descriptor]


def give_back() -> None:
    """Consoles have the mode again that they had."""
    for console in _consoles.values():
        if console is not None:
            console.close()
    _consoles.clear()


def _made(found: int, before: int) -> "Console":
    console = Console(found, before)
    console.change(before | _PROCESSED | _VIRTUAL_TERMINAL)
    if console.understands():
        return console
    console.change(before | _PROCESSED)
    return Interpreter(found, before)


class Console:
    """A console that understands escape sequences."""

    escapes = True

    def __init__(self, found: int, before: int) -> None:
        self._api = kernel32()
        self.handle = found
        self._before = self._mode = before

    def change(self, to: int) -> None:
        """Sets the mode."""
        if self._call("SetConsoleMode", to):
            self._mode = to

    def close(self) -> None:
        """As it was."""
        self.change(self._before)

    def understands(self) -> bool:
        """Whether an escape sequence leaves the cursor where it is; if not, it is taken off the screen."""
        info = self._info()
        self._put("\x1b[0m")
        if self._info()[2:4] == info[2:4]:
            return True
        self._fill(info[2], info[3], 4, info[4])
        self._move(info[2], info[3])
        return False

    def size(self) -> tuple[int, int]:
        """Columns and lines of the window."""
        info = self._info()
        return info[7] - info[5] + 1, info[8] - info[6] + 1

    def write(self, text: str) -> None:
        """Writes a text. Raises OSError."""
        self._put(text)

    # --- the calls

    def _call(self, name: str, *arguments: Any) -> int:
        result: int = getattr(self._api, name)(ctypes.c_void_p(self.handle), *arguments)
        return result

    def _info(self) -> tuple[int, ...]:
        """Size of the buffer, cursor, attributes, window (left, top, right, bottom), its largest size."""
        data = ctypes.create_string_buffer(_INFO.size)
        self._call("GetConsoleScreenBufferInfo", data)
        return _INFO.unpack(data.raw)

    def _put(self, text: str) -> None:
        data = _SURROGATES.sub("\ufffd", text).encode("utf-16-le")
        written = ctypes.c_uint32()
        place = 0
        while place < len(data):
            part = data[place : place + 2 * _MOST]
            if 0xD8 <= part[-1] < 0xDC:  # half a character
                part = part[:-2]
            if not self._call("WriteConsoleW", part, len(part) // 2, ctypes.byref(written), None):
                number = getattr(ctypes, "get_last_error", int)()
                raise OSError(number, "the console can't be written to")
            place += 2 * (written.value or len(part) // 2)

    def _move(self, column: int, line: int) -> None:
        self._call("SetConsoleCursorPosition", _coordinates(column, line))

    def _fill(self, column: int, line: int, count: int, attributes: int) -> None:
        where, done = _coordinates(column, line), ctypes.c_uint32()
        self._call(
            "FillConsoleOutputCharacterW", ctypes.c_wchar(" "), count, where, ctypes.byref(done)
        )
        self._call("FillConsoleOutputAttribute", attributes, count, where, ctypes.byref(done))


def _coordinates(column: int, line: int) -> ctypes.c_uint32:
    """A COORD as it is passed: by value."""
    return ctypes.c_uint32((line & 0xFFFF) << 16 | column & 0xFFFF)


class Interpreter(Console):
    """A console that does not: styles become attributes, the rest calls."""

    escapes = False

    def __init__(self, found: int, before: int) -> None:
        super().__init__(found, before)
        self._first = found
        self._style = Attributes(self._info()[4])

    def write(self, text: str) -> None:
        """Writes a text, and does what its sequences say."""
        place = 0
        for sequence in _SEQUENCE.finditer(text):
            if sequence.start() > place:
                self._put(text[place : sequence.start()])
            self._do(sequence[1], sequence[2])
            place = sequence.end()
        if place < len(text):
            self._put(text[place:])

    def close(self) -> None:
        """As it was."""
        self._other_buffer(False)
        self._call("SetConsoleTextAttribute", self._style.usual)
        super().close()

    def _do(self, words: str, what: str) -> None:
        if what == "m":
            self._style.take(words)
            self._call("SetConsoleTextAttribute", self._style.value)
        elif what == "H":
            line, _, column = words.partition(";")
            left, top = self._info()[5:7]
            self._move(left + int(column or 1) - 1, top + int(line or 1) - 1)
        elif what in {"J", "K"}:
            self._clear(what, words)
        elif what in {"h", "l"}:
            self._switch(words, what == "h")

    def _clear(self, what: str, words: str) -> None:
        """To the end of the line or the window; ``2J`` all of it."""
        width, _, column, line, _, left, top, _, bottom = self._info()[:9]
        if words == "2":
            column, line = left, top
        last = line if what == "K" else bottom
        self._fill(column, line, (last - line + 1) * width - column, self._style.value)

    def _switch(self, words: str, on: bool) -> None:
        if words == "?25":
            data = ctypes.create_string_buffer(_CURSOR.pack(25, on))
            self._call("SetConsoleCursorInfo", data)
        elif words == "?7":
            self.change(self._mode | _WRAP if on else self._mode & ~_WRAP)
        elif words == "?1049":
            self._other_buffer(on)

    def _other_buffer(self, on: bool) -> None:
        """The other screen, and back to the first one."""
        if on == (self.handle != self._first):
            return
        if not on:
            other, self.handle = self.handle, self._first
            self._call("SetConsoleActiveScreenBuffer")
            self._api.CloseHandle(ctypes.c_void_p(other))
            return
        made = self._api.CreateConsoleScreenBuffer(_READ_WRITE, _SHARED, None, _TEXT_BUFFER, None)
        if made and made != ctypes.c_void_p(-1).value:
            self.handle = made
            self._call("SetConsoleActiveScreenBuffer")
            self.change(self._mode)


class Attributes:
    """Styles (the words of SGR) as a console has them: sixteen colours before and behind the text."""

    def __init__(self, usual: int) -> None:
        self.usual = usual
        self._forget()

    def _forget(self) -> None:
        self._front, self._back = self.usual & 15, self.usual >> 4 & 15
        self._bold = self._reverse = False

    @property
    def value(self) -> int:
        """The attributes now."""
        front, back = self._front | (8 if self._bold else 0), self._back
        if self._reverse:
            front, back = back, front
        return front | back << 4

    def take(self, words: str) -> None:
        """What stands between ``ESC [`` and ``m``."""
        codes = [int(word or 0) for word in words.split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self._forget()
            elif code in {1, 22}:
                self._bold = code == 1
            elif code in {7, 27}:
                self._reverse = code == 7
            elif code in {38, 48}:
                self._colour(_indexed(codes), code == 48)
            elif code in {39, 49}:
                self._colour(self.usual >> (4 if code == 49 else 0) & 15, code == 49, own=True)
            elif 30 <= code < 38 or 40 <= code < 48:
                self._colour(code % 10, code >= 40)
            elif 90 <= code < 98 or 100 <= code < 108:
                self._colour(code % 10 + 8, code >= 100)

    def _colour(self, number: int, behind: bool, own: bool = False) -> None:
        """Of the terminals' sixteen; Windows has red and blue the other way round."""
        value = number if own else number & 10 | (number & 1) << 2 | (number & 4) >> 2
        if behind:
            self._back = value
        else:
            self._front = value


def _indexed(codes: list[int]) -> int:
    """What follows 38 or 48: ``5;N`` of 256 colours, ``2;R;G;B``; the nearest of sixteen."""
    kind = codes.pop(0) if codes else 0
    if kind == 5 and codes:
        return _of_sixteen(codes.pop(0))
    if kind == 2 and len(codes) >= 3:
        red, green, blue = (codes.pop(0) for _ in range(3))
        return _nearest(red, green, blue)
    return 7


def _of_sixteen(number: int) -> int:
    if number < 16:
        return number
    if number >= 232:
        return _nearest(*[8 + 10 * (number - 232)] * 3)
    steps = (0, 95, 135, 175, 215, 255)
    rest = number - 16
    return _nearest(steps[rest // 36], steps[rest // 6 % 6], steps[rest % 6])


def _nearest(red: int, green: int, blue: int) -> int:
    most = max(red, green, blue)
    if most - min(red, green, blue) < 32:  # a grey
        return 0 if most < 64 else 8 if most < 150 else 7 if most < 224 else 15
    bits = sum(1 << place for place, part in enumerate((red, green, blue)) if part * 2 > most)
    return bits + (8 if most > 200 else 0)
