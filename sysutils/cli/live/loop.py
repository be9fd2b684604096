"""What every live screen does: look, paint, wait for a key or for the next look."""

import sys
from contextlib import AbstractContextManager
from os import terminal_size
from time import monotonic
from typing import Protocol

from sysutils.cli.live.terminal import HANGUP, NOTHING, RESIZED, Ended, Frame, Terminal
from sysutils.cli.output.stream import Unread, WriteError

#: what ``press`` answers: paint, look at once, look when it is time, end
PAINT, LOOK, END = "paint", "look", "end"
_LONG = 3600.0


class Live(Protocol):
    """A live screen."""

    @property
    def interval(self) -> float:
        """Seconds between looks."""

    @property
    def paused(self) -> bool:
        """Whether no look is taken: the user reads, or types."""

    def look(self, size: terminal_size) -> None:
        """Takes a new look at the system, for a screen of that size."""

    def lines(self, size: terminal_size) -> list[str]:
        """The screen, none of its lines wider than it."""

    def press(self, key: str, size: terminal_size) -> str:
        """What follows of a key, or of RESIZED: PAINT, LOOK or END."""


def take() -> AbstractContextManager[Terminal]:
    """The terminal of this system."""
    if sys.platform == "win32":
        from sysutils.cli.live.windows_terminal import ConsoleTerminal

        return ConsoleTerminal()
    from sysutils.cli.live.unix_terminal import UnixTerminal

    return UnixTerminal()


def run(live: Live, frames: int | None = None) -> int | None:
    """Shows the screen until the user ends it, or there were so many ``frames``. A signal, or a terminal
    that is gone, ends it too, and its number is returned."""
    try:
        with take() as terminal:
            _run(live, terminal, frames)
    except Ended as end:
        return end.number
    except (WriteError, Unread):
        return HANGUP
    return None


def _run(live: Live, terminal: Terminal, frames: int | None) -> None:
    painter = Frame()
    due = monotonic()
    asked = False
    while True:
        size = terminal.size
        if asked or (monotonic() >= due and not live.paused):
            asked = False
            live.look(size)
            due = max(due + live.interval, monotonic())
            if frames is not None:
                frames -= 1
        if not terminal.typed_ahead:
            painter.show(live.lines(size))
        if frames is not None and frames <= 0:
            return
        before = live.interval
        key = terminal.wait(monotonic() + _LONG if live.paused else due)
        if key == NOTHING:
            continue
        if key in {RESIZED, "ctrl-l"}:
            painter.forget()
        wish = live.press(key, terminal.size)
        if wish == END:
            return
        asked = wish == LOOK
        if asked:
            due = monotonic()
        elif live.interval != before:
            due = min(due, monotonic() + live.interval)
