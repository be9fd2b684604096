"""``--watch SECONDS``: a command again and again, on a terminal in place and with its changes standing out.

Each report is made by a process of its own, so that none starts with what another left behind."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sysutils.cli.interval import every
from sysutils.cli.live import loop, styled
from sysutils.cli.live.terminal import RESIZED, as_by_default
from sysutils.cli.output.stream import on_terminal, show_on_screen

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: fork(2) is not there

Report = Callable[[], int]
_KEYS = "q quit  space now  p pause  d differences  + - interval  arrows scroll"
_SHORTEST = 0.1
#: keys, and a change of the screen, that want a new report
_AT_ONCE = {"space", "enter", "r", "ctrl-l", RESIZED}


def run(title: str, seconds: float, report: Report) -> int:
    """The command of that title every so many seconds; the exit status."""
    if not hasattr(os, "fork"):
        raise NotImplementedError
    if on_terminal() and os.environ.get("TERM") != "dumb":
        return Watch(title, seconds, report).run()
    return in_pipe(seconds, report)


def in_pipe(seconds: float, report: Report) -> int:
    """Report after report to standard output, until one fails; its status."""

    def once() -> int:
        child = os.fork()
        if child == 0:
            _end_with(report)
        _, status = os.waitpid(child, 0)
        if _unread():
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGPIPE)
        return os.waitstatus_to_exitcode(status)

    code = 0
    for code in every(seconds, None, once):
        if code:
            break
    return code


def _unread() -> bool:
    """Whether nobody reads standard output any more."""
    import select

    ask = select.poll()
    ask.register(1, 0)
    return any(event & select.POLLERR for _, event in ask.poll(0))


def _end_with(report: Report) -> None:
    """A child's part: the report, and its status as the exit status."""
    code = 1
    try:
        code = report()
    finally:
        os._exit(code)


def _start(report: Report, size: os.terminal_size) -> tuple[int, int]:
    """A child that reports into a pipe, for a screen of that size: its pid and the pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        as_by_default()
        show_on_screen()
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.environ["COLUMNS"], os.environ["LINES"] = str(size.columns), str(size.lines)
        _end_with(report)
    os.close(writing)
    return child, reading


def _is_heading(line: list[styled.Cell]) -> bool:
    """Whether a line is the heading of a table, which stays where it is."""
    return (
        bool(line) and all(cell.style == line[0].style for cell in line) and "4m" in line[0].style
    )


class Watch:
    """The screen of a watched command."""

    def __init__(self, title: str, seconds: float, report: Report) -> None:
        self._title = title
        self.interval = seconds
        self._report = report
        self._lines: list[list[styled.Cell]] = []
        self._before: list[list[styled.Cell]] | None = None
        self._differences = True
        self.paused = False
        self._top = self._left = 0
        self._taken = ""

    def run(self) -> int:
        """Until the user ends it; the exit status."""
        number = loop.run(self)
        return 0 if number is None else 128 + number

    def look(self, size: os.terminal_size) -> None:
        """The next report."""
        child, pipe = _start(self._report, size)
        data = b""
        try:
            while part := os.read(pipe, 1 << 16):
                data += part
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            os.close(pipe)
            os.waitpid(child, 0)
        text = data.decode("utf-8", "surrogateescape")
        self._before = self._lines if self._taken else None
        self._lines = [styled.parse(line) for line in text.rstrip("\n").split("\n")]
        self._taken = time.strftime("%H:%M:%S")

    def lines(self, size: os.terminal_size) -> list[str]:
        """The report, below a line that tells what it is."""
        fixed = int(_is_heading(self._lines[0])) if self._lines else 0
        room = max(1, size.lines - 1 - fixed)
        self._top = max(0, min(self._top, len(self._lines) - fixed - room))
        first = fixed + self._top
        places = [*range(fixed), *range(first, min(len(self._lines), first + room))]
        shown = (styled.cut(self._line(place), size.columns, self._left) for place in places)
        return [self._head(size.columns), *map(styled.text_of, shown)][: size.lines]

    def _line(self, place: int) -> list[styled.Cell]:
        line = self._lines[place]
        if not self._differences or self._before is None:
            return line
        return styled.marked(line, self._before[place] if place < len(self._before) else [])

    def _head(self, width: int) -> str:
        state = "paused" if self.paused else f"every {self.interval:g} s"
        left = f"{self._title}  {state}"
        right = self._taken
        room = width - len(right) - 2
        middle = _KEYS if len(left) + len(_KEYS) + 4 <= room else ""
        text = f"{left}  {middle}"[: max(0, room)].ljust(max(0, room)) + f"  {right}"
        return styled.text_of(styled.cut(styled.parse(f"\x1b[7m{text}\x1b[0m"), width))

    def press(self, key: str, size: os.terminal_size) -> str:
        """What follows of a key."""
        if key in {"q", "escape"}:
            return loop.END
        page = max(1, size.lines - 2)
        steps = {
            "down": 1, "j": 1, "up": -1, "k": -1, "pagedown": page, "ctrl-f": page, "pageup": -page,
            "ctrl-b": -page, "home": -len(self._lines), "g": -len(self._lines),
            "end": len(self._lines), "G": len(self._lines),
        }  # fmt: skip
        if key in steps:
            self._top = max(0, self._top + steps[key])
        elif key in {"right", "l", "left", "h"}:
            self._left = max(0, self._left + (8 if key in {"right", "l"} else -8))
        elif key == "p":
            self.paused = not self.paused
            return loop.PAINT if self.paused else loop.LOOK
        elif key == "d":
            self._differences = not self._differences
        elif key in {"+", "-"}:
            self.interval = max(_SHORTEST, self.interval * 2 if key == "+" else self.interval / 2)
        return loop.LOOK if key in _AT_ONCE else loop.PAINT
