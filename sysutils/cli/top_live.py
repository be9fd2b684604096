"""top(1) on a terminal: each frame painted over the one before, until q or Ctrl-C."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from types import FrameType
from typing import TYPE_CHECKING

from sysutils.cli.output.stream import put
from sysutils.cli.top_frame import Frame, Sampler

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for terminals of Unix

#: the other screen, without a cursor; and back
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
#: from the top left corner on; what is left of a line, and of the screen
_HOME, _REST_OF_LINE, _REST = "\x1b[H", "\x1b[K", "\x1b[J"
_POLL = 3600.0
#: keys
_QUIT, _AT_ONCE = frozenset(b"qQ"), frozenset(b" \r\n")


class _Ended(Exception):
    """A signal asked for the end."""


def _end(_: int, __: FrameType | None) -> None:
    raise _Ended


def _resized(_: int, __: FrameType | None) -> None:
    """Wakes the wait for a key."""


@contextmanager
def _terminal() -> Iterator[bool]:
    """The other screen, keys as they come; all as it was at the end. Says whether there are keys."""
    import termios
    import tty

    handlers = {
        number: signal.signal(number, _end)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
    }
    before = None
    try:
        if sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty():
            before = termios.tcgetattr(0)
            tty.setcbreak(0, termios.TCSADRAIN)
        put(_ENTER)
        yield before is not None
    finally:
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_IGN if handler is None else handler)
        if before is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
        put(_LEAVE)


def show(
    paint: Callable[[Frame, int | None], str],
    sampler: Sampler,
    interval: float,
    frames: int | None,
) -> int:
    """Frame after frame; returns the exit status. A blank or Enter asks for the next at once."""
    text = ""
    try:
        with _terminal() as keys:
            while True:
                due = monotonic() + interval
                text = paint(sampler.frame(), os.get_terminal_size(1).lines)
                put(
                    _HOME
                    + text.rstrip("\n").replace("\n", _REST_OF_LINE + "\n")
                    + _REST_OF_LINE
                    + _REST
                )
                if frames is not None and (frames := frames - 1) <= 0:
                    break
                if not _waited(due, keys):
                    break
    except _Ended:
        pass
    put(text)
    return 0


def _waited(due: float, keys: bool) -> bool:
    """Until the next frame is due; False where the user wants no more."""
    import select

    while (left := due - monotonic()) > 0:
        if not keys:
            sleep(left)
            continue
        if select.select([0], [], [], min(left, _POLL))[0]:
            keys_typed = set(os.read(0, 64))
            if not keys_typed or keys_typed & _QUIT:
                return False
            if keys_typed & _AT_ONCE:
                return True
    return True
