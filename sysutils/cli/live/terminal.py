"""The terminal as a live screen takes it: the other screen, keys as they come, its size, its signals.

However the screen is left (a key, Ctrl-C, Ctrl-Z and back, a signal, an error), the terminal is as it was."""

import os
import signal
import sys
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from sysutils.cli.live.keys import Keys
from sysutils.cli.output.stream import Unread, WriteError, put

if TYPE_CHECKING:
    from typing_extensions import Self

    if sys.platform == "win32":
        raise NotImplementedError  # for type checkers: what follows is for terminals of Unix

#: the other screen, no cursor, no wrapping; and back
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J", "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
#: a terminal that knows synchronized output paints what is between them at once; others pass over it
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
_LAST = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
#: an escape without more after so long is the key
_ESCAPE = 0.05
_POLL = 3600.0

#: the signal of a terminal that is gone
HANGUP = int(getattr(signal, "SIGHUP", 1))
#: what ``Terminal.wait`` answers beside names of keys
RESIZED, NOTHING = "resized", ""


class Ended(Exception):
    """The user or a signal asked for the end; ``number`` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def as_by_default() -> None:
    """In a child: signals mean what they mean to any program."""
    signal.set_wakeup_fd(-1)
    for name in (*_LAST, "SIGWINCH", "SIGTSTP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


class Terminal:
    """``with Terminal() as terminal:`` the screen is ours."""

    def __init__(self) -> None:
        self._keys = Keys()
        self._pending: list[str] = []
        self._input = -1
        self._settings: Any = None
        self._handlers: dict[int, Any] = {}
        self._wake: tuple[int, int] = (-1, -1)
        self._resized = False

    # --- taken and given back

    def __enter__(self) -> "Self":
        self._wake = os.pipe()
        for end in self._wake:
            os.set_blocking(end, False)
        self._input = self._keyboard()
        for name in _LAST:
            self._handle(name, self._end)
        self._handle("SIGWINCH", self._resize)
        self._handle("SIGTSTP", self._suspend)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        self._take()
        return self

    def __exit__(self, *error: object) -> None:
        signal.set_wakeup_fd(-1)
        try:
            self._give_back()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
            for end in self._wake:
                os.close(end)

    @staticmethod
    def _keyboard() -> int:
        """The descriptor that keys come from, -1 for none."""
        if sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty():
            return 0
        return -1

    def _handle(self, name: str, handler: Any) -> None:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            self._handlers[number] = signal.signal(number, handler)

    def _take(self) -> None:
        if self._input >= 0:
            import termios
            import tty

            self._settings = termios.tcgetattr(self._input)
            tty.setcbreak(self._input, termios.TCSADRAIN)
            changed = termios.tcgetattr(self._input)
            changed[3] &= ~termios.IEXTEN  # Ctrl-V and Ctrl-O are keys
            termios.tcsetattr(self._input, termios.TCSADRAIN, changed)
        put(_ENTER)

    def _give_back(self) -> None:
        if self._settings is not None:
            import termios

            try:
                termios.tcsetattr(self._input, termios.TCSADRAIN, self._settings)
            except termios.error:  # the terminal is gone
                self._settings = None
        try:
            put(_END + _LEAVE)
        except (WriteError, Unread):
            return

    # --- signals

    def _end(self, number: int, _: FrameType | None) -> None:
        raise Ended(number)

    def _resize(self, _: int, __: FrameType | None) -> None:
        self._resized = True

    def _suspend(self, number: int, _: FrameType | None) -> None:
        """Ctrl-Z: the shell gets its screen; once we go on, all is painted anew."""
        self._give_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})  # it stops here
        signal.signal(number, self._suspend)
        self._take()
        self._resized = True

    # --- what comes from it

    @property
    def size(self) -> os.terminal_size:
        """Columns and lines."""
        try:
            size = os.get_terminal_size(1)
        except OSError:
            size = os.terminal_size((0, 0))
        return os.terminal_size((size.columns or 80, size.lines or 24))

    @property
    def typed_ahead(self) -> bool:
        """Whether keys have come that nobody has asked for yet."""
        return bool(self._pending) and not self._resized

    def wait(self, until: float, others: tuple[int, ...] = ()) -> str | int:
        """The next key, ``RESIZED``, a descriptor of ``others`` that can be read, or ``NOTHING`` once
        ``monotonic()`` is ``until``. Raises Ended where the terminal is gone, too."""
        import select

        while True:
            if self._resized:
                self._resized = False
                return RESIZED
            if self._pending:
                return self._pending.pop(0)
            left = min(max(until - monotonic(), 0.0), _POLL)
            if self._keys.waiting:
                left = min(left, _ESCAPE)
            watched = [self._wake[0], *others] + ([self._input] if self._input >= 0 else [])
            ready = select.select(watched, [], [], left)[0]
            if self._wake[0] in ready:
                os.read(self._wake[0], 4096)
            if self._input in ready:
                self._read()
            elif self._keys.waiting:
                self._pending += self._keys.settle()
            for one in others:
                if one in ready:
                    return one
            if not ready and not self._pending and monotonic() >= until:
                return NOTHING

    def _read(self) -> None:
        try:
            data = os.read(self._input, 1024)
        except OSError:
            data = b""
        if not data:
            raise Ended(HANGUP)
        self._pending += self._keys.feed(data)


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
            put("".join([_BEGIN, *parts, _END]))
