"""``--watch SECONDS``: a command again and again, on a terminal in place and with its changes standing out.

Each report is made by a process of its own, so that none starts with what another left behind."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from sysutils.cli.interval import every
from sysutils.cli.live import loop
from sysutils.cli.live.sheet import Sheet
from sysutils.cli.live.terminal import RESIZED, as_by_default
from sysutils.cli.output.stream import on_terminal, show_on_screen

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: fork(2) is not there

Report = Callable[[], int]


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


class Watch(Sheet):
    """The screen of a watched command."""

    def __init__(self, title: str, seconds: float, report: Report) -> None:
        super().__init__(title, seconds)
        self._report = report

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
        self.put(data.decode("utf-8", "surrogateescape"))

    def press(self, key: str, size: os.terminal_size) -> str:
        """What follows of a key; another size wants another report."""
        return loop.LOOK if key == RESIZED else super().press(key, size)
