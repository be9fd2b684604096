"""The terminal of a live screen on Windows: a console, whose keys come as records."""

import ctypes
import signal
import struct
import sys
from os import get_terminal_size, terminal_size
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from sysutils.cli.live.terminal import (
    ENTER,
    HANGUP,
    LEAVE,
    NOTHING,
    RESIZED,
    SYNCHRONIZED_END,
    Ended,
)
from sysutils.cli.output import console
from sysutils.cli.output.stream import Unread, WriteError, put

if TYPE_CHECKING:
    from typing_extensions import Self

#: keys as they are, and none of the mouse: what lines, echo, Ctrl-C and quick edit are for is off
_KEYS_MODE = 0x80 | 0x08
_LAST = ("SIGINT", "SIGTERM", "SIGBREAK")
#: seconds after which the size is looked at, which nothing tells of when a window is drawn larger
_LOOK = 0.25
_MOST = 64
#: INPUT_RECORD of a key: type, down, times, key, scan code, character, state of Shift and the like
_RECORD = struct.Struct("<HxxiHHHHI")
_KEY_EVENT, _SIZE_EVENT = 1, 4
_SHIFT = 0x10
_ALT_KEY = 0x12
_NAMED = {
    0x08: "backspace", 0x09: "tab", 0x0D: "enter", 0x1B: "escape", 0x20: "space", 0x21: "pageup",
    0x22: "pagedown", 0x23: "end", 0x24: "home", 0x25: "left", 0x26: "up", 0x27: "right", 0x28: "down",
    0x2D: "insert", 0x2E: "delete", **{0x6F + number: f"f{number}" for number in range(1, 13)},
}  # fmt: skip


class Records:
    """Records in, names of keys out, as ``keys.Keys`` has them."""

    def __init__(self) -> None:
        self._half = 0

    def feed(self, data: bytes) -> list[str]:
        """The keys of some records; ``RESIZED`` for a buffer of another size."""
        found = []
        for place in range(0, len(data) - _RECORD.size + 1, _RECORD.size):
            kind, down, times, key, _, character, state = _RECORD.unpack_from(data, place)
            if kind == _SIZE_EVENT:
                found.append(RESIZED)
            elif kind == _KEY_EVENT and (down or (key == _ALT_KEY and character)):
                name = self._name(key, character, state)
                found += [name] * max(times, 1) if name else []
        return found

    def _name(self, key: int, character: int, state: int) -> str:
        if key in _NAMED:
            return "backtab" if (key, bool(state & _SHIFT)) == (0x09, True) else _NAMED[key]
        if 0xD800 <= character < 0xDC00:
            self._half = character
            return ""
        if 0xDC00 <= character < 0xE000:
            high, self._half = self._half, 0
            character = 0x10000 + ((high & 0x3FF) << 10 | character & 0x3FF) if high else 0
        if 0 < character < 0x20:
            return f"ctrl-{chr(character + 64).lower()}"
        text = chr(character)
        if text == " ":
            return "space"
        return text if character and text.isprintable() else ""


class ConsoleTerminal:
    """``with ConsoleTerminal() as terminal:`` the screen is ours.

    Ctrl-C and Ctrl-Break end it; there is no Ctrl-Z."""

    def __init__(self) -> None:
        self._api = console.kernel32()
        self._records = Records()
        self._pending: list[str] = []
        self._input: int | None = None
        self._mode = 0
        self._handlers: dict[int, Any] = {}
        self._size = terminal_size((0, 0))

    # --- taken and given back

    def __enter__(self) -> "Self":
        self._input = self._keyboard()
        for name in _LAST:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._end)
        if self._input is not None:
            self._mode = console.mode(self._input) or 0
            self._set(_KEYS_MODE)
        put(ENTER)
        self._size = self.size
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if self._input is not None:
                self._set(self._mode | 0x80)
            put(SYNCHRONIZED_END + LEAVE)
        except (WriteError, Unread):
            return
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    @staticmethod
    def _keyboard() -> int | None:
        """The handle that keys come from, None for none."""
        if sys.stdin is None or sys.stdin.closed or not console.is_console(0):
            return None
        return console.handle(0)

    def _set(self, mode: int) -> None:
        self._api.SetConsoleMode(ctypes.c_void_p(self._input), mode)

    def _end(self, number: int, _: FrameType | None) -> None:
        raise Ended(number)

    # --- what comes from it

    @property
    def size(self) -> terminal_size:
        """Columns and lines of the window."""
        shown = console.of(1)
        columns, lines = shown.size() if shown is not None else _told()
        return terminal_size((columns or 80, lines or 24))

    @property
    def typed_ahead(self) -> bool:
        """Whether keys have come that nobody has asked for yet."""
        return bool(self._pending) and self._pending[0] != RESIZED

    def wait(self, until: float) -> str:
        """The next key, ``RESIZED``, or ``NOTHING`` once ``monotonic()`` is ``until``. Raises Ended, for
        Ctrl-C and where the console is gone, too."""
        while True:
            if self._pending:
                key = self._pending.pop(0)
                if key == "ctrl-c":
                    raise Ended(signal.SIGINT)
                if key != RESIZED:
                    return key
            if self.size != self._size:
                self._size = self.size
                return RESIZED
            left = until - monotonic()
            if left <= 0 and not self._come(0):
                return NOTHING
            if left > 0:
                self._come(min(left, _LOOK))

    def _come(self, seconds: float) -> bool:
        """Waits so long for keys, and takes them; whether any came."""
        if self._input is None:
            from time import sleep

            sleep(seconds)
            return False
        waited = self._api.WaitForSingleObject(ctypes.c_void_p(self._input), int(seconds * 1000))
        if waited != 0:
            return False
        data = ctypes.create_string_buffer(_RECORD.size * _MOST)
        count = ctypes.c_uint32()
        if not self._api.ReadConsoleInputW(
            ctypes.c_void_p(self._input), data, _MOST, ctypes.byref(count)
        ):
            raise Ended(HANGUP)
        found = self._records.feed(data.raw[: count.value * _RECORD.size])
        self._pending += found
        return bool(found)


def _told() -> tuple[int, int]:
    try:
        return get_terminal_size(1)
    except OSError:
        return 0, 0
