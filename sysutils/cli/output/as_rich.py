"""Tables on a terminal: widths computed once, rows streamed, styles rendered once per style."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from rich.console import Console

from sysutils.cli.output.bars import EMPTY, gauge, rule
from sysutils.cli.output.column import Column, text_of
from sysutils.cli.output.palette import RESET, Palette
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import cells, cut_cells, ellipsis, steady, visible

_GAP = "  "
#: columns of text are cut so far to make room for those of low rank, and further once others have left
_CUT_TO, _CUT_TO_LEAST, _LOW = 20, 12, 7
#: so much of the terminal, in fifths, is kept for the last column before others leave
_LAST = 2
#: a gauge is so wide at least, so wide if it can be, and so wide at most unless its column says so
_GAUGE, _USUAL_GAUGE, _WIDEST_GAUGE = 6, 12, 20
_SCHEMES = {"standard": "basic", "windows": "basic", "256": "both", "truecolor": "both"}

#: texts with their styles
Pieces = Sequence[tuple[str, str]]


class Order(NamedTuple):
    """Rows sorted by a column."""

    name: str
    descending: bool = True


class Shown(NamedTuple):
    """Which rows of a table, in which order; usually all, as they come."""

    order: Order | None = None
    #: rows with this text in one of their cells, small or large letters
    text: str = ""

    def of(self, columns: Sequence[Column], rows: Iterable[Any]) -> list[Any]:
        """The rows that are shown."""
        found = list(rows)
        if self.text:
            text = self.text.casefold()
            words = [column for column in columns if column.gauge is None and not column.right]
            found = [
                row
                for row in found
                if any(text in text_of(column, row).casefold() for column in words)
            ]
        return found if self.order is None else ordered(columns, found, self.order)


class Screen:
    """The terminal written to: its width, and styles as the escape sequences it understands."""

    def __init__(self, out: Stream | None = None) -> None:
        console = Console(force_terminal=None if "NO_COLOR" in os.environ else True)
        self.width = (out.columns if out is not None else 0) or console.width
        scheme = _SCHEMES.get(console.color_system or "")
        if "NO_COLOR" in os.environ:
            scheme = None
        self._palette = None if scheme is None else Palette(scheme)
        self.style = lru_cache(maxsize=None)(self._style)

    def _style(self, name: str) -> tuple[str, str]:
        """What is written before and after a text in that style."""
        before = self._palette.start(name) if name and self._palette is not None else ""
        return before, RESET if before else ""

    def paint(self, text: str, name: str) -> str:
        """``text`` in a style."""
        before, after = self.style(name)
        return f"{before}{text}{after}" if before and text else text

    def pieces(self, pieces: Pieces) -> str:
        """Texts of whoever in their styles, together no wider than the terminal."""
        room = self.width
        parts = []
        for whole, style in pieces:
            text = whole if whole.isascii() and whole.isprintable() else steady(visible(whole))
            shown = text if cells(text) <= room else fit(text, room).rstrip()
            parts.append(self.paint(shown, style))
            room -= cells(shown)
            if room <= 0:
                break
        return "".join(parts)


#: all rows, as they come
ALL = Shown()


def fit(text: str, width: int, right: bool = False) -> str:
    """``text`` in exactly ``width`` columns: cut with ``…``, or filled up with blanks."""
    size = cells(text)
    if size > width:
        text = cut_cells(text, width - 1) + ellipsis() if width > 0 else ""
        return text + " " * (width - cells(text))
    pad = " " * (width - size)
    return pad + text if right else text + pad


class _Cells:
    """One column of the table, worked on as a whole: most are ASCII, and then need no look at each cell."""

    def __init__(self, column: Column, rows: Sequence[Any], mark: str = "") -> None:
        self.column = column
        self.header = (column.header or column.name) + mark
        self.values = [column.get(row) for row in rows]
        self.texts: Sequence[str] = ()
        self.simple = True
        if column.gauge is not None:
            self.width = self.full = max(_GAUGE, cells(self.header))
            return
        show, text = column.show, column.text
        if text is None:
            texts = ["-" if value is None else show(value) for value in self.values]
        else:
            texts = [str(text(row)) for row in rows]
        whole = "".join(texts)
        self.simple = whole.isascii() and whole.isprintable()
        self.texts = texts if self.simple else [steady(visible(text)) for text in texts]
        widest = max(map(len if self.simple else cells, self.texts), default=0)
        self.width = self.full = max(cells(self.header), widest)

    def grow(self, room: int, most: int) -> int:
        """Gets wider, up to ``most``, where there is room; by so much."""
        more = max(0, min(room, most - self.width))
        self.width += more
        return more

    def painted(self, screen: Screen, last: bool) -> Iterable[str]:
        """The cells as wide as the column, in their styles; the last column is not filled up."""
        width, right, style = self.width, self.column.right, self.column.style
        if self.column.gauge is not None:
            return self._gauges(screen, self.column.gauge)
        texts: Sequence[str] = self.texts
        shorten = self.column.shorten
        if shorten is not None and width < self.full:
            texts = [text if cells(text) <= width else shorten(text, width) for text in texts]
        if last and not right:
            texts = [text if cells(text) <= width else fit(text, width).rstrip() for text in texts]
        elif self.simple and self.width >= self.full:
            texts = [text.rjust(width) if right else text.ljust(width) for text in texts]
        else:
            texts = [fit(text, width, right) for text in texts]
        if self.column.pieces is not None:
            paint, pieces = screen.paint, self.column.pieces
            return ["".join([paint(*piece) for piece in pieces(text)]) for text in texts]
        pairs = zip(texts, self.values, strict=True)
        if callable(style):
            paint = screen.paint
            return [paint(text, EMPTY if value is None else style(value)) for text, value in pairs]
        before, after = screen.style(style)
        absent = self.column.text is None and any(value is None for value in self.values)
        if not before and not absent:
            return texts
        none, back = screen.style(EMPTY)
        return [
            f"{none}{text}{back}" if value is None and absent else f"{before}{text}{after}"
            for text, value in pairs
        ]

    def _gauges(
        self, screen: Screen, parts: Callable[[Any], Sequence[tuple[float, str]]]
    ) -> Iterator[str]:
        paint, width = screen.paint, self.width
        for value in self.values:
            if value is None:
                yield " " * width
            else:
                yield "".join([paint(*piece) for piece in gauge(tuple(parts(value)), width)])


def _kept(columns: Sequence[_Cells], room: int) -> list[_Cells]:
    """The columns that fit, narrower ones of text included: first texts are cut, the widest ahead of the
    others, then the columns of highest rank leave. The last keeps a part of the terminal to the end."""
    kept = list(columns)
    while len(kept) > 1 and (excess := _wanted(kept, room) - room) > 0:
        ranks = [column.column.rank for column in kept]
        least = _CUT_TO if max(ranks) >= _LOW else _CUT_TO_LEAST
        texts = sorted(
            (column.width - max(least, cells(column.header)), place)
            for place, column in enumerate(kept[:-1])
            if not column.column.right and not column.column.whole and column.column.gauge is None
        )
        spare, widest = texts[-1] if texts else (0, 0)
        if spare > 0:
            level = max(texts[-2][0], 0) if len(texts) > 1 else 0
            kept[widest].width -= min(excess, max(1, spare - level))
        else:
            del kept[max(range(len(kept)), key=lambda place: (ranks[place], place))]
            for column in kept:
                column.width = column.full
    return kept


def _wanted(kept: Sequence[_Cells], room: int) -> int:
    wide = sum(column.width for column in kept[:-1]) + len(_GAP) * (len(kept) - 1)
    return wide + _least(kept[-1], room)


def _least(last: _Cells, room: int) -> int:
    """What the last column is not cut below while there are others."""
    return min(last.full, max(8, cells(last.header), room * _LAST // 5))


def _settle(kept: Sequence[_Cells], room: int) -> None:
    """The last column takes what is left of the terminal once gauges have their usual width; what that
    leaves is theirs as well."""
    *others, last = kept
    room -= sum(column.width for column in others) + len(_GAP) * len(others)
    gauges = [column for column in others if column.column.gauge is not None]
    for column in gauges:
        room -= column.grow(room - _least(last, room), _USUAL_GAUGE)
    last.width = max(1, min(last.width, room))
    room -= last.width
    for column in gauges:
        room -= column.grow(room, column.column.width or _WIDEST_GAUGE)


def write(
    columns: Sequence[Column], rows: Iterable[Any], out: Stream, title: str = "", shown: Shown = ALL
) -> list[str]:  # fmt: skip
    """A table as wide as the terminal at most; the last column is cut with ``…``. Returns the names of the
    columns that rows can be sorted by."""
    return write_groups(columns, [((), rows)], out, title, shown)


def write_groups(
    columns: Sequence[Column], groups: Iterable[tuple[Pieces, Iterable[Any]]], out: Stream,
    title: str = "", shown: Shown = ALL,
) -> list[str]:  # fmt: skip
    """A table of several parts with widths in common; each part has a line above it, of texts and their
    styles, unless that is empty."""
    screen = Screen(out)
    parts = [(head, shown.of(columns, rows)) for head, rows in groups]
    rows = list(chain.from_iterable(rows for _, rows in parts))
    found = [_Cells(column, rows, _mark(column, shown.order)) for column in columns]
    kept = _kept(found, screen.width)
    _settle(kept, screen.width)
    last = kept[-1]
    if title:
        out.write(screen.pieces([(title, "bold")]) + "\n")
    heads = (fit(column.header, column.width, column.column.right) for column in kept)
    heading = _GAP.join(heads).rstrip()
    out.write(screen.paint(heading, "bold underline") + "\n")
    lines = zip(*[column.painted(screen, column is last) for column in kept], strict=True)
    width = min(screen.width, sum(column.width for column in kept) + len(_GAP) * (len(kept) - 1))
    for head, part in parts:
        if head:
            out.write(_heading(screen, head, width) + "\n")
        for line in islice(lines, len(part)):
            out.write(_GAP.join(line) + "\n")
    out.flush()
    return [column.column.name for column in kept if column.column.gauge is None]


def _heading(screen: Screen, head: Pieces, width: int) -> str:
    """The line above a part of the table: its texts, and a rule to the table's edge."""
    left = width - sum(cells(text) for text, _ in head) - 1
    return screen.pieces([*head, (" " + rule() * left, EMPTY)] if left > 0 else head)


def _mark(column: Column, order: Order | None) -> str:
    if order is None or order.name != column.name:
        return ""
    marks = ("▾", "▴") if ellipsis() == "…" else ("v", "^")
    return marks[not order.descending]


def _by_value(pair: tuple[Any, Any]) -> tuple[bool, Any]:
    """Numbers before texts."""
    value = pair[0]
    return not isinstance(value, (int, float)), value


def ordered(columns: Sequence[Column], rows: Sequence[Any], order: Order) -> list[Any]:
    """The rows by the raw values of a column, those without one last; as they are if it is unknown."""
    column = next((column for column in columns if column.name == order.name), None)
    if column is None:
        return list(rows)
    pairs = [(column.get(row), row) for row in rows]
    there = [pair for pair in pairs if pair[0] is not None]
    there.sort(key=_by_value, reverse=order.descending)
    return [row for _, row in [*there, *(pair for pair in pairs if pair[0] is None)]]
