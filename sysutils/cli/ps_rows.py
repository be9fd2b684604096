"""The rows of ps(1): read, chosen, sorted, put into a tree or under their processes, and laid out."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple

from sysutils import core
from sysutils.cli import halves, ps_screen
from sysutils.cli.fields.process import (
    LEFT,
    MASK,
    NAME,
    PID,
    PROCESS,
    RIGHT,
    TEXT,
    THREAD,
    Field,
    Moment,
    pid_width,
)
from sysutils.cli.fields.process_command import ARGS, COMM, with_environment
from sysutils.cli.fields.process_ids import numeric
from sysutils.cli.fields.process_memory import CUMULATIVE_FAULTS
from sysutils.cli.fields.process_state import WCHAN_RIGHT
from sysutils.cli.fields.process_table import here
from sysutils.cli.fields.process_times import CUMULATIVE
from sysutils.cli.fields.process_tree import forest
from sysutils.cli.output.column import Column
from sysutils.cli.output.fixed import FixedColumn, joined, line_maker
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import cut_cells
from sysutils.cli.ps_format import Shown
from sysutils.cli.ps_request import Options, Request, Selection
from sysutils.cli.ps_screen import UNLIMITED

Row = Any


class Part(NamedTuple):
    """A row where processes and their threads have rows of their own."""

    row: Row
    thread: bool


class Listing:
    """One run of ps: what is read, and how it is written."""

    def __init__(self, request: Request, chosen: Selection, moment: Moment) -> None:
        self.options = request.options
        self.shape = request.threads
        self.chosen = chosen
        self.moment = moment
        self.shown = [_modified(column, self.options) for column in request.columns]
        self.keys = self.options.last("sort") or []
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
        # last: where another field has the status read, that tells these too
        return sorted(names, key={"euid", "egid"}.__contains__)

    def rows(self) -> list[Any]:
        """The rows to show, in order; with threads after their process, ``Part``s."""
        found = list(self._table(self._pids()))
        for key in reversed(self.keys):
            found.sort(key=_comparable(key.field.key(self.moment)), reverse=key.reverse)
        if self.options.has("forest", "hierarchy"):
            if not self.keys:
                found.sort(key=lambda row: (row.ppid, row.starttime))
            found, self.prefixes = forest(
                found, self.options.last_of("forest", "hierarchy") == "forest"
            )
        return list(self._with_threads(found)) if self.shape.after else found

    def _with_threads(self, rows: Iterable[Row]) -> Iterable[Part]:
        needs = self.needs()
        for row in rows:
            yield Part(row, False)
            for thread in core.process_table(needs, [row.tgid], "other"):
                yield Part(thread, True)

    def _pids(self) -> list[int] | None:
        """The processes that may be shown, None for all."""
        pids = self.chosen.pids
        if pids is None or self.chosen.quick:
            return pids
        there = {row.pid for row in core.process_table(["pid"])}
        return sorted(there.intersection(pids))

    def _table(self, pids: Sequence[int] | None) -> Iterable[Row]:
        test = self.chosen.test
        where = None if test is None else (test.needs or ("pid",), test.holds)
        threads: Literal["other", False] = "other" if self.shape.as_rows else False
        return core.process_table(self.needs(), pids, threads, where)

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
        if self.prefixes and field.name in _INDENTED:
            cell = _Cell(field, self.moment, self.prefixes)
            return column._replace(text=cell.text(UNLIMITED))
        if not self.shape.after:
            return column
        get, text, whose = column.get, column.text, field.whose

        def missing(part: Part) -> bool:
            return whose == (PROCESS if part.thread else THREAD)

        return column._replace(
            get=lambda part: None if missing(part) else get(part.row),
            text=lambda part: "-" if missing(part) or text is None else text(part.row),
        )

    def has_heading(self) -> bool:
        """Whether there is a heading to show."""
        return not self.options.no_heading() and any(column.header for column in self.shown)

    def write(self, out: Stream) -> bool:
        """The classic's text. Returns whether there is a row."""
        layout = Layout(self.shown, ps_screen.width(self.options))
        header = ""
        if self.has_heading():
            header = layout.header() + "\n"
        text = self._lines(layout) if self._in_any_part() else self._ordered_lines(layout)
        page = ps_screen.height(self.options) - 1
        if self.options.repeated_heading() and header and page > 0:
            lines = text.splitlines(keepends=True)
            pages = ["".join(lines[i : i + page]) for i in range(0, len(lines), page)]
            text = header.join(pages)
            if not text and self.options.has("bsd_h"):
                return False
        out.write(header + text)
        return bool(text)

    def _in_any_part(self) -> bool:
        """Whether a line depends on its own process alone."""
        return not (self.keys or self.shape.after or self.options.has("forest", "hierarchy"))

    def _lines(self, layout: "Layout") -> str:
        line = layout.line(self.moment, {})
        pids = self._pids()
        if pids is None:
            pids = [row.pid for row in core.process_table(["pid"])]

        def lines(some: Sequence[int]) -> str:
            return "".join([line(row) + "\n" for row in self._table(some)])

        return halves.joined(pids, lines)

    def _ordered_lines(self, layout: "Layout") -> str:
        rows = self.rows()
        if not self.shape.after:
            line = layout.line(self.moment, self.prefixes)
        else:
            of_process = layout.line(self.moment, {}, THREAD)
            of_thread = layout.line(self.moment, {}, PROCESS)

            def line(part: Part) -> str:
                return (of_thread if part.thread else of_process)(part.row)

        return "".join([line(row) + "\n" for row in rows])


def _modified(column: Shown, options: Options) -> Shown:
    """The column with c, e, n and S applied."""
    field = column.field
    if field.name == "args" and options.has("true_name"):
        field = COMM
    if field.name == "comm" and options.has("unix_x"):
        field = ARGS._replace(header=field.header, width=field.width)
    if field.name in {"args", "comm"} and options.has("environment"):
        field = with_environment(field)
    if options.has("cumulative"):
        field = _cumulative(field)
    if options.has("numeric"):
        field = WCHAN_RIGHT if field.name == "wchan" else numeric(field)
    return column._replace(field=here(field))


def _cumulative(field: Field) -> Field:
    other = CUMULATIVE.get(field.name) or CUMULATIVE_FAULTS.get(field.name, field)
    return other._replace(header=field.header, width=field.width)


def _comparable(key: Callable[[Row], Any]) -> Callable[[Row], Any]:
    """None sorts first."""

    def of(row: Row) -> Any:
        value = key(row)
        return (value is not None, value)

    return of


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
        inner = 16 if self.wide_masks else 9
        return [
            FixedColumn(
                width,
                column.field.layout in {RIGHT, PID, MASK},
                text,
                column.joint,
                inner if column.field.layout == MASK and width != inner else 0,
            )
            for column, width, text in zip(self.shown, self.widths, texts, strict=True)
        ]

    def header(self) -> str:
        """The heading line."""
        fixed = self._fixed([str] * len(self.shown))
        return joined(fixed, [column.header for column in self.shown])

    def line(
        self, moment: Moment, prefixes: dict[int, str], without: str = ""
    ) -> Callable[[Row], str]:
        """Row -> line; ``-`` in place of fields that are ``without``'s alone."""
        cells = [
            _Cell(column.field, moment, prefixes if column.field.name in _INDENTED else {})
            if not (without and column.field.whose == without)
            else None
            for column in self.shown
        ]
        last = len(cells) - 1
        texts = [
            _dash if cell is None else self._text(index, cell, index == last)
            for index, cell in enumerate(cells)
        ]
        fixed = self._fixed(texts)
        if self.shown[last].field.layout in _EXTENDING and (cell := cells[last]) is not None:
            fixed[last] = fixed[last]._replace(narrow=cell.narrow)
        return line_maker(fixed, self.room)

    def _text(self, index: int, cell: "_Cell", last: bool) -> Callable[[Row], Any]:
        column, width = self.shown[index], self.widths[index]
        layout = column.field.layout
        if column.joint:
            literal = column.header
            return lambda _: literal
        if layout == MASK:
            return cell.text(16 if self.wide_masks else 9)
        if last and layout in _EXTENDING:
            return cell.text(UNLIMITED)
        if layout == TEXT:
            return lambda row: cell.narrow(row, width)
        return cell.text(width)


#: layouts whose texts go on to the edge of the screen where they are last
_EXTENDING = {TEXT, NAME, LEFT}
#: fields that show the tree
_INDENTED = {"comm", "args", "fname"}


class _Cell:
    """The texts of a column, whatever room they have."""

    def __init__(self, field: Field, moment: Moment, prefixes: dict[int, str]) -> None:
        self._field = field
        self._moment = moment
        self._prefixes = prefixes
        self._made: dict[int, Callable[[Row], Any]] = {}

    def text(self, room: int) -> Callable[[Row], Any]:
        """Row -> text."""
        text, prefixes = self._field.text(self._moment, room), self._prefixes
        if not prefixes:
            return text
        return lambda row: prefixes[row.tgid] + text(row)

    def narrow(self, row: Row, room: int) -> str:
        """The text in so many columns; of the tree's lines only whole ones are left."""
        prefix = self._prefixes.get(row.tgid, "")
        if len(prefix) > room:
            prefix = prefix[: room // 4 * 4]
        rest = room - len(prefix)
        if rest not in self._made:
            self._made[rest] = self._field.text(self._moment, rest)
        text = str(self._made[rest](row))
        return prefix + (cut_cells(text, rest) if self._field.layout == TEXT else text)


def _own_width(column: Shown) -> int:
    if column.field.layout == PID:
        return max(pid_width(), len(column.header))
    own = column.header != column.field.header
    return max(column.field.width, len(column.header) if own else 0)


def _dash(_: Row) -> str:
    return "-"
