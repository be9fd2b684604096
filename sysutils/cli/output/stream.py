"""Standard output and error as the classics use them: bytes, written whole, errors told."""

import os
import sys

#: standard output goes to a live screen, which shows it on the terminal
_on_screen = False


def show_on_screen() -> None:
    """From now on standard output counts as a terminal: a live screen reads it for one."""
    global _on_screen  # noqa: PLW0603
    _on_screen = True


class WriteError(OSError):
    """Standard output could not be written."""


class Unread(Exception):  # no OSError: of those, click keeps EPIPE to itself
    """Nobody reads standard output any more."""


class Stream:
    """Collects text and writes it to a file descriptor in large pieces.

    Text may hold surrogate escapes; they go out as the bytes they came in as."""

    #: width of the screen that it is for, where that is not the terminal's own
    columns = 0

    def __init__(self, descriptor: int = 1, size: int = 1 << 16) -> None:
        self._descriptor = descriptor
        self._size = size
        self._parts: list[str] = []
        self._length = 0

    def isatty(self) -> bool:
        """Whether a terminal reads it."""
        return os.isatty(self._descriptor) or _on_screen

    def write(self, text: str) -> None:
        """Adds text; writes once enough has come together."""
        self._parts.append(text)
        self._length += len(text)
        if self._length >= self._size:
            self.flush()

    def flush(self) -> None:
        """Writes what has come together. Raises WriteError, Unread."""
        if not self._parts:
            return
        data = "".join(self._parts).encode("utf-8", "surrogateescape")
        self._parts.clear()
        self._length = 0
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except BrokenPipeError:
            raise Unread from None
        except OSError as error:
            raise WriteError(error.errno, error.strerror) from None


class Kept(Stream):
    """Keeps the text, for a part of the screen that is so wide."""

    def __init__(self, columns: int = 0) -> None:
        super().__init__()
        self.columns = columns

    def isatty(self) -> bool:
        """It will be shown on one."""
        return True

    def flush(self) -> None:
        """Nothing is written."""

    @property
    def text(self) -> str:
        """All that came."""
        return "".join(self._parts)


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    if sys.stdout is None or sys.stdout.closed:
        return False
    return sys.stdout.isatty() or _on_screen


def put(text: str) -> None:
    """Writes a text to standard output at once. Raises WriteError, Unread."""
    out = Stream()
    out.write(text)
    out.flush()


def write_error(text: str) -> bool:
    """Writes to standard error; says whether that worked, for there is nowhere else to tell it."""
    if sys.stderr is None or sys.stderr.closed:
        return False
    try:
        sys.stderr.flush()
        os.write(2, text.encode("utf-8", "surrogateescape"))
    except OSError:
        return False
    return True
