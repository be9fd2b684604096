"""``--watch SECONDS``: a command again and again, on a terminal in place and with its changes standing out.

Each report is made by a process of its own, so that none starts with what another left behind."""

import os
from collections.abc import Callable, Sequence

from sysutils.cli.interval import every
from sysutils.cli.live import loop
from sysutils.cli.live.sheet import Sheet
from sysutils.cli.live.terminal import RESIZED
from sysutils.cli.output.stream import on_terminal

if hasattr(os, "fork"):
    from sysutils.cli.live.forked import once, shown
else:
    from sysutils.cli.live.rerun import once, shown

Report = Callable[[], int]


def run(title: str, seconds: float, report: Report, words: Sequence[str]) -> int:
    """The command of that title, by ``words`` of the command line, every so many seconds; the exit status."""
    if on_terminal() and os.environ.get("TERM") != "dumb":
        return Watch(title, seconds, report, words).run()
    return in_pipe(seconds, report, words)


def in_pipe(seconds: float, report: Report, words: Sequence[str]) -> int:
    """Report after report to standard output, until one fails; its status."""
    code = 0
    for code in every(seconds, None, lambda: once(report, words)):
        if code:
            break
    return code


class Watch(Sheet):
    """The screen of a watched command."""

    def __init__(self, title: str, seconds: float, report: Report, words: Sequence[str]) -> None:
        super().__init__(title, seconds)
        self._report = report
        self._words = words

    def run(self) -> int:
        """Until the user ends it; the exit status."""
        number = loop.run(self)
        return 0 if number is None else 128 + number

    def look(self, size: os.terminal_size) -> None:
        """The next report."""
        data = shown(self._report, self._words, size)
        self.put(data.decode("utf-8", "surrogateescape").replace("\r\n", "\n"))

    def press(self, key: str, size: os.terminal_size) -> str:
        """What follows of a key; another size wants another report."""
        return loop.LOOK if key == RESIZED else super().press(key, size)
