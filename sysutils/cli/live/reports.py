"""Reports of a command on a live screen, each in place of the one before: ``iotop``, ``iostat 2``,
``free -s 1``, ``netstat -c``.

The rows can be sorted by any column that is shown, and those with a text in them be chosen."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sysutils.cli.live import loop
from sysutils.cli.live.entry import DONE, OPEN, Entry
from sysutils.cli.live.scroll import VI, Scroll
from sysutils.cli.live.sheet import Sheet
from sysutils.cli.live.terminal import RESIZED
from sysutils.cli.output.as_rich import Order, Shown
from sysutils.cli.output.stream import Kept, is_terminal, put
from sysutils.cli.output.text import cells, cut_cells

_SIGINT = 2
_HELP = (
    ("left right", "sort by the column before, after; at the end not at all"),
    ("r", "the other way round"),
    ("f /", "only rows with a text; escape: all again"),
    ("space", "pause, and go on"),
    ("enter", "a new report now"),
    ("+ -", "longer, shorter intervals"),
    ("d", "what has changed stands out"),
    ("up down", "scroll; PgUp, PgDn, Home and End by more"),
    ("h ?", "these keys"),
    ("q", "end"),
)


class Key(NamedTuple):
    """A key of the command's own: what the help says of it, and what it does, or the question it asks and
    what makes of the user's answer a text that is told."""

    help: str
    press: Callable[[], object] = lambda: None
    question: str = ""
    answer: Callable[[str], str] | None = None


class Source(Protocol):
    """A command with an interval."""

    @property
    def keys(self) -> Mapping[str, Key]:
        """Its own keys."""

    def read(self) -> Any:
        """What it reports now."""

    def draw(self, report: Any, out: Kept, shown: Shown) -> Sequence[str]:
        """Writes a report; the names of the columns that are shown."""


def wanted(mode: str) -> bool:
    """Whether reports are shown on a live screen: in colours, on a terminal that can show one."""
    if mode != "rich" or sys.stdout is None:
        return False
    return is_terminal(1) and os.environ.get("TERM") != "dumb"


class Reports(Sheet):
    """The screen of such a command."""

    differences = False

    def __init__(self, title: str, seconds: float, source: Source) -> None:
        super().__init__(title, seconds)
        self._source = source
        self._report: Any = None
        self._shown = Shown()
        self._columns: Sequence[str] = ()
        self._drawn: tuple[Any, ...] = ()
        self._help: Scroll | None = None
        self._message = ""
        self._asked: Key | None = None
        self._entry = Entry()

    def run(self, frames: int | None = None) -> int:
        """Until the user or a number of ``frames`` ends it; the last report stays on the terminal. Returns
        the exit status."""
        number = loop.run(self, frames)
        put("".join(f"{line}\n" for line in self._lines))
        return 0 if number in {None, _SIGINT} else 128 + (number or 0)

    # --- the screen

    @property
    def keys(self) -> Sequence[str]:
        """What the first line tells of keys."""
        sorts = ["arrows sort and scroll", "f filter"] if self._columns else ["arrows scroll"]
        return ["q quit", "h help", "space pause", *sorts]

    def look(self, size: os.terminal_size) -> None:
        """The next report."""
        self._report = self._source.read()
        self._draw(size, compared=True)

    def _draw(self, size: os.terminal_size, compared: bool) -> None:
        out = Kept(size.columns)
        self._columns = self._source.draw(self._report, out, self._shown)
        self.put(out.text, compared)
        self._drawn = (size.columns, self._shown)

    def lines(self, size: os.terminal_size) -> list[str]:
        """The report, below a line that tells what it is, or a question."""
        if self._drawn and self._drawn != (size.columns, self._shown):
            self._draw(size, compared=False)
        shown = super().lines(size)
        if self._help is not None:
            page = size.lines - 1
            shown[1:] = self._help_lines(size.columns)[self._help.top :][:page]
        if self._asked is not None:
            question = cut_cells(f"{self._asked.question} ", size.columns - 4)
            before, under, after = self._entry.shown(size.columns - cells(question))
            shown[0] = f"\x1b[1m{question}\x1b[0m{before}\x1b[7m{under}\x1b[0m{after}"
        elif self._message:
            shown[0] = f"\x1b[7m{cut_cells(self._message, size.columns).ljust(size.columns)}\x1b[0m"
        return shown

    def state(self) -> str:
        """The interval, the order and the text that rows are chosen by."""
        order = self._shown.order
        told = f"  sorted by {order.name}" if order is not None else ""
        return super().state() + told + (f"  with {self._shown.text}" if self._shown.text else "")

    def _help_lines(self, width: int) -> list[str]:
        own = [(key, about.help) for key, about in self._source.keys.items()]
        taken = {key for key, _ in own}
        words = [*own, *((key, text) for key, text in _HELP if key not in taken)]
        return [cut_cells(f" {key:<12} {text}", width) for key, text in words]

    # --- keys

    def press(self, key: str, size: os.terminal_size) -> str:
        """What follows of a key."""
        self._message = ""
        if key == RESIZED:
            return loop.PAINT
        if self._asked is not None:
            return self._type(self._asked, key)
        if self._help is not None:
            lines = self._help_lines(size.columns)
            self._help = self._help.turned(
                VI.get(key, key) if key != "h" else key, len(lines), size.lines - 1
            )
            return loop.PAINT
        own = self._source.keys.get(key)
        if own is not None:
            if own.answer is not None:
                self._asked, self._entry = own, Entry()
                return loop.PAINT
            own.press()
            return loop.LOOK
        if key in {"h", "?", "f1"}:
            self._help = Scroll()
        elif key in {"left", "right", "<", ">"}:
            self._sort(1 if key in {"right", ">"} else -1)
        elif key in {"r", "R"}:
            order = self._shown.order
            if order is not None:
                self._shown = self._shown._replace(order=Order(order.name, not order.descending))
        elif key in {"f", "/"}:
            self._asked, self._entry = _filter(self), Entry.of(self._shown.text)
        elif key == "escape" and self._shown.text:
            self._shown = self._shown._replace(text="")
        elif key == "space":
            return super().press("p", size)
        else:
            return super().press(key, size)
        return loop.PAINT

    def _sort(self, step: int) -> None:
        """By the next column, or the one before; beyond the last there is the command's own order."""
        names = ["", *self._columns]
        order = self._shown.order
        place = names.index(order.name) if order is not None and order.name in names else 0
        name = names[(place + step) % len(names)]
        self._shown = self._shown._replace(order=Order(name) if name else None)

    def choose(self, text: str) -> str:
        """Only rows with that text are shown."""
        self._shown = self._shown._replace(text=text)
        return ""

    def _type(self, asked: Key, key: str) -> str:
        self._entry, state = self._entry.typed(key)
        if state == OPEN:
            return loop.PAINT
        self._asked = None
        if state != DONE or asked.answer is None:
            return loop.PAINT
        self._message = asked.answer(self._entry.text.strip())
        return loop.LOOK


def _filter(reports: Reports) -> Key:
    return Key("", question="Rows with:", answer=reports.choose)
