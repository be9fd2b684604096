"""The rows of ps(1): read, chosen, sorted, put into a tree or under their processes, and laid out."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli.fields.process import LEFT, MASK, NAME, PID, PROCESS, RIGHT, TEXT, THREAD, Field, Moment
from sysutils.cli.fields.process_command import ARGS_AND_ENVIRONMENT, COMM
from sysutils.cli.fields.process_ids import numeric
from sysutils.cli.fields.process_times import CUMULATIVE
from sysutils.cli.fields.process_tree import forest
from sysutils.cli.output.column import Column
from sysutils.cli.output.fixed import FixedColumn, cut, joined, line_maker
from sysutils.cli.output.stream import Stream
from sysutils.cli.ps_format import Shown
from sysutils.cli.ps_request import Options, Selection, Threads

Row = Any
#: columns of a screen that has no width
_UNLIMITED = 131072


class Part(NamedTuple):
    """A row where processes and their threads have rows of their own."""

    row: Row
    thread: bool


class Listing:
    """One run of ps: what is read, and how it is written."""

    def __init__(
        self,
        options: Options,
        shape: Threads,
        shown: Sequence[Shown],
        chosen: Selection,
        moment: Moment,
    ) -> None:
        self.options = options
        self.shape = shape
        self.chosen = chosen
        self.moment = moment
        self.shown = [_modified(column, options) for column in shown]
        self.keys = options.last("sort") or []
        self.prefixes: dict[int, str] = {}

    # --- reading

    def needs(self) -> list[str]:
        """What is asked of core."""
        names = dict.fromkeys(["tgid", "pid"])
        for column in self.shown:
            names.update(dict.fromkeys(column.field.needs))
        for key in self.keys:
            names.update(dict.fromkeys(key.field.needs))
        if self.options.has("forest", "hierarchy"):
            names.update(dict.fromkeys(["ppid", "starttime"]))
        return list(names)

    def rows(self) -> list[Any]:
        """The rows to show, in order; with threads after their process, ``Part``s."""
        found = list(self._read(self.chosen.pids, self.shape.as_rows))
        for key in reversed(self.keys):
            found.sort(key=_comparable(key.field.key(self.moment)), reverse=key.reverse)
        if self.options.has("forest", "hierarchy"):
            if not self.keys:
                found.sort(key=lambda row: (row.ppid, row.starttime))
            found, self.prefixes = forest(found, self.options.has("forest"))
        return list(self._with_threads(found)) if self.shape.after else found

    def _with_threads(self, rows: Iterable[Row]) -> Iterable[Part]:
        needs = self.needs()
        for row in rows:
            yield Part(row, False)
            for thread in core.process_table(needs, [row.tgid], "other"):
                yield Part(thread, True)

    def _read(self, pids: list[int] | None, as_threads: bool) -> Iterable[Row]:
        if pids is not None and not self.chosen.quick:
            there = set(core.pids())
            pids = sorted(there.intersection(pids))
        test = self.chosen.test
        where = None if test is None else (test.needs or ("pid",), test.holds)
        return core.process_table(self.needs(), pids, "other" if as_threads else False, where)

    # --- writing

    def columns(self) -> list[Column]:
        """The columns for the writers of tables, JSON and CSV."""
        return [
            self._of_part(column.field)._replace(header=column.header)
            for column in self.shown
            if not column.joint
        ]

    def _of_part(self, field: Field) -> Column:
        column = field.column(self.moment)
        if not self.shape.after:
            return column
        get, whose = column.get, field.whose

        def of_part(part: Part) -> Any:
            return None if whose == (PROCESS if part.thread else THREAD) else get(part.row)

        return column._replace(get=of_part)

    def write(self, rows: Iterable[Any], out: Stream) -> None:
        """The classic's text."""
        layout = Layout(self.shown, _screen_width(self.options))
        if any(column.header for column in self.shown) and not self.options.has("no_headers"):
            out.write(layout.header() + "\n")
        if not self.shape.after:
            line = layout.line(self.moment, self.prefixes)
        else:
            of_process = layout.line(self.moment, {}, THREAD)
            of_thread = layout.line(self.moment, {}, PROCESS)

            def line(part: Part) -> str:
                return (of_thread if part.thread else of_process)(part.row)

        out.write("".join([line(row) + "\n" for row in rows]))


def _modified(column: Shown, options: Options) -> Shown:
    """The column with c, e, n and S applied."""
    field = column.field
    if field.name == "args" and options.has("true_name"):
        field = COMM
    elif field.name == "args" and options.has("environment"):
        field = ARGS_AND_ENVIRONMENT
    if options.has("cumulative"):
        field = CUMULATIVE.get(field.name, field)
    if options.has("numeric"):
        field = numeric(field)
    return column._replace(field=field)


def _comparable(key: Callable[[Row], Any]) -> Callable[[Row], Any]:
    """None sorts first."""

    def of(row: Row) -> Any:
        value = key(row)
        return (value is not None, value)

    return of


def _screen_width(options: Options) -> int:
    width = options.last("width")
    if width is None:
        width = _default_width()
    wide = options.count("wide")
    if wide:
        width = _UNLIMITED if wide > 1 else max(width, 132)
    return int(width)


def _default_width() -> int:
    text = os.environ.get("COLUMNS", "")
    if text.isdecimal() and int(text):
        return int(text)
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None and stream.isatty() and stream is sys.__stdout__:
                return os.get_terminal_size(stream.fileno()).columns or 80
        except (OSError, ValueError):
            continue
    return _UNLIMITED


class Layout:
    """Where the columns stand on a screen of some width."""

    def __init__(self, shown: Sequence[Shown], screen: int) -> None:
        self.shown = shown
        self.widths = [column.width or _own_width(column) for column in shown]
        self._fit(screen)

    def _fit(self, screen: int) -> None:
        """Lines may take several lines of the screen; masks widen if that takes no more of them."""
        last = self.shown[-1]
        minima = list(self.widths)
        if last.field.layout == TEXT:
            minima[-1] = 3
        needed = sum(minima) + len(minima) - 1
        lines = max(1, -(-needed // screen))
        masks = [i for i, column in enumerate(self.shown) if column.field.layout == MASK]
        self.wide_masks = bool(masks) and needed + 7 * len(masks) <= lines * screen
        if self.wide_masks:
            for index in masks:
                self.widths[index] += 7
        self.room = lines * screen

    def _fixed(self, texts: Sequence[Callable[[Row], Any]]) -> list[FixedColumn]:
        return [
            FixedColumn(width, column.field.layout in {RIGHT, PID}, text, column.joint)
            for column, width, text in zip(self.shown, self.widths, texts, strict=True)
        ]

    def header(self) -> str:
        """The heading line."""
        inner = 16 if self.wide_masks else 9
        fixed = [
            column._replace(right=True, inner=inner) if shown.field.layout == MASK else column
            for shown, column in zip(self.shown, self._fixed([str] * len(self.shown)), strict=True)
        ]
        return joined(fixed, [column.header for column in self.shown])

    def line(
        self, moment: Moment, prefixes: dict[int, str], without: str = ""
    ) -> Callable[[Row], str]:
        """Row -> line; ``-`` in place of fields that are ``without``'s alone."""
        last = len(self.shown) - 1
        texts = [
            _dash
            if without and column.field.whose == without
            else self._text(column, width, moment, prefixes, index == last)
            for index, (column, width) in enumerate(zip(self.shown, self.widths, strict=True))
        ]
        make = line_maker(self._fixed(texts))
        room = self.room

        def line(row: Row) -> str:
            text = make(row)
            return text if len(text) <= room and text.isascii() else cut(text, room)

        return line

    def _text(
        self, column: Shown, width: int, moment: Moment, prefixes: dict[int, str], last: bool
    ) -> Callable[[Row], Any]:
        field = column.field
        if column.joint:
            literal = column.header
            return lambda _: literal
        room = self.room if last and field.layout in {TEXT, NAME, LEFT} else width
        if field.layout == MASK:
            room = 16 if self.wide_masks else 9
        text = field.text(moment, room)
        if prefixes and field.name in {"comm", "args", "fname"}:
            text = _with_prefix(text, prefixes)
        if field.layout == TEXT and not last:
            return _cut_to(text, width)
        return text


def _own_width(column: Shown) -> int:
    if column.field.layout == PID:
        return max(5, len(str(core.pid_max() - 1)), len(column.header))
    own = column.header != column.field.header
    return max(column.field.width, len(column.header) if own else 0)


def _dash(_: Row) -> str:
    return "-"


def _with_prefix(text: Callable[[Row], Any], prefixes: dict[int, str]) -> Callable[[Row], str]:
    return lambda row: prefixes.get(row.tgid, "") + text(row)


def _cut_to(text: Callable[[Row], Any], room: int) -> Callable[[Row], str]:
    return lambda row: cut(text(row), room)
