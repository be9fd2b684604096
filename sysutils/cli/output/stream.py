"""Standard output and error as the classics use them: bytes, written whole, errors told.

On Windows a console gets UTF-16; a pipe or a file what Python's own streams have (the ANSI code page, UTF-8
with ``PYTHONUTF8=1``, what ``PYTHONIOENCODING`` says), with ``?`` for what is not in it, and lines that are
drawn with as ASCII."""

import os
import sys

#: standard output goes to a live screen, which shows it on the terminal
_on_screen = False


def show_on_screen() -> None:
    """From now on standard output counts as a terminal: a live screen reads it for one."""
    global _on_screen  # noqa: PLW0603
    _on_screen = True


def is_terminal(descriptor: int) -> bool:
    """Whether a descriptor is a terminal's; 0, 1 or 2."""
    if not os.isatty(descriptor):
        return False
    if sys.platform != "win32":
        return True
    from sysutils.cli.output import console

    return console.is_console(descriptor)


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
        return is_terminal(self._descriptor) or _on_screen

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
        text = "".join(self._parts)
        self._parts.clear()
        self._length = 0
        try:
            _send(self._descriptor, text)
        except BrokenPipeError:
            raise Unread from None
        except OSError as error:
            if _unread(self._descriptor, error):
                raise Unread from None
            raise WriteError(error.errno, error.strerror) from None


def _send(descriptor: int, text: str) -> None:
    """Writes all of a text."""
    if sys.platform == "win32":
        from sysutils.cli.output import console

        if (terminal := console.of(descriptor)) is not None:
            terminal.write(text)
            return
        data = text.encode(encoding(descriptor), _told_otherwise())
    else:
        data = text.encode("utf-8", "surrogateescape")
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _unread(descriptor: int, error: OSError) -> bool:
    """Whether that is how Windows says that nobody reads a pipe any more."""
    import errno
    import stat

    if sys.platform != "win32" or error.errno != errno.EINVAL:
        return False
    return stat.S_ISFIFO(os.fstat(descriptor).st_mode)


# --- Windows' code pages

#: what tables and screens are drawn with, for an encoding that lacks it
_DRAWN = dict(zip("━─│├└┌┐┘┤┬┴┼╸╍■·▲▼…", "=-||`++'|+++-=#.^v+", strict=True))
_ERRORS = "sysutils.output"


def encoding(descriptor: int = 1) -> str:
    """What text is written in to a pipe or a file."""
    if sys.platform != "win32":
        return "utf-8"
    stream = sys.stderr if descriptor == 2 else sys.stdout
    return getattr(stream, "encoding", None) or "utf-8"


def takes_unicode() -> bool:
    """Whether any character can be written to standard output."""
    if sys.platform != "win32":
        return True
    return encoding().lower().replace("-", "") == "utf8" or is_terminal(1)


def _instead(error: UnicodeError) -> tuple[str, int]:
    """As codecs.register_error has it."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(_DRAWN.get(char, "?") for char in lacking), error.end


def _told_otherwise() -> str:
    """The name of the way that what can't be encoded goes."""
    import codecs

    codecs.register_error(_ERRORS, _instead)
    return _ERRORS


def prepare() -> None:
    """At the start: what others write to Python's own streams goes the same way."""
    if sys.platform == "win32":
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.reconfigure(errors=_told_otherwise())  # type: ignore[union-attr,unused-ignore]


def leave() -> None:
    """At the end: consoles as they were."""
    if sys.platform == "win32":
        from sysutils.cli.output import console

        console.give_back()


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
    return _on_screen or (sys.stdout.isatty() and (sys.platform != "win32" or is_terminal(1)))


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
        _send(2, text)
    except OSError:
        return False
    return True
