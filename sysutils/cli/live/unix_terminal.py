"""The terminal of a live screen on POSIX systems: keys as bytes, termios(3), signals, Ctrl-Z and back."""

import os
import signal
import sys
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from sysutils.cli.live.keys import Keys
from sysutils.cli.live.terminal import (
    ENTER,
    HANGUP,
    LEAVE,
    NOTHING,
    RESIZED,
    SYNCHRONIZED_END,
    Ended,
)
from sysutils.cli.output.stream import Unread, WriteError, put

if TYPE_CHECKING:
    from typing_extensions import Self

    if sys.platform == "win32":
        raise NotImplementedError  # for type checkers: what follows is for terminals of Unix

_LAST = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
#: an escape without more after so long is the key
_ESCAPE = 0.05
_POLL = 3600.0


def as_by_default() -> None:
    """In a child: signals mean what they mean to any program."""
    signal.set_wakeup_fd(-1)
    for name in (*_LAST, "SIGWINCH", "SIGTSTP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


class UnixTerminal:
    """``with UnixTerminal() as terminal:`` the screen is ours."""

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
        put(ENTER)

    def _give_back(self) -> None:
        if self._settings is not None:
            import termios

            try:
                termios.tcsetattr(self._input, termios.TCSADRAIN, self._settings)
            except termios.error:  # the terminal is gone
                self._settings = None
        try:
            put(SYNCHRONIZED_END + LEAVE)
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

    def wait(self, until: float) -> str:
        """The next key, ``RESIZED``, or ``NOTHING`` once ``monotonic()`` is ``until``. Raises Ended where the
        terminal is gone, too."""
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
            watched = [self._wake[0]] + ([self._input] if self._input >= 0 else [])
            ready = select.select(watched, [], [], left)[0]
            if self._wake[0] in ready:
                os.read(self._wake[0], 4096)
            if self._input in ready:
                self._read()
            elif self._keys.waiting:
                self._pending += self._keys.settle()
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
