"""What terminals of live screens have in common: the other screen, what waiting ends with, frames.

However the screen is left (a key, Ctrl-C, Ctrl-Z and back, a signal, an error), the terminal is as it was."""

import signal
from os import terminal_size
from typing import Protocol

from sysutils.cli.output.stream import put

#: the other screen, no cursor, no wrapping; and back
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J", "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
#: a terminal that knows synchronized output paints what is between them at once; others pass over it
_BEGIN, SYNCHRONIZED_END = "\x1b[?2026h", "\x1b[?2026l"

#: the signal of a terminal that is gone
HANGUP = int(getattr(signal, "SIGHUP", 1))
#: what ``Terminal.wait`` answers beside names of keys
RESIZED, NOTHING = "resized", ""


class Ended(Exception):
    """The user or a signal asked for the end; ``number`` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Terminal(Protocol):
    """Inside its ``with`` block the screen is ours."""

    @property
    def size(self) -> terminal_size:
        """Columns and lines."""

    @property
    def typed_ahead(self) -> bool:
        """Whether keys have come that nobody has asked for yet."""

    def wait(self, until: float) -> str:
        """The next key, ``RESIZED``, or ``NOTHING`` once ``monotonic()`` is ``until``. Raises Ended."""


class Frame:
    """What is on the screen; only lines that have changed are written."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def forget(self) -> None:
        """The screen has another size, or something else wrote to it."""
        self._lines = []

    def show(self, lines: list[str]) -> None:
        """Puts ``lines`` on the screen, none of which is wider than it."""
        parts = []
        before = self._lines
        if not before:
            parts.append("\x1b[2J")
        for place, line in enumerate(lines):
            if place >= len(before) or before[place] != line:
                parts.append(f"\x1b[{place + 1};1H\x1b[K{line}\x1b[0m")
        if len(before) > len(lines):
            parts.append(f"\x1b[{len(lines) + 1};1H\x1b[J")
        self._lines = list(lines)
        if parts:
            put("".join([_BEGIN, *parts, SYNCHRONIZED_END]))
