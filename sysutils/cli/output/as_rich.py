"""Tables on a terminal: widths computed once, rows streamed, styles rendered once per style."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import steady, visible

_GAP = "  "
#: columns of text are not cut further to make room for others
_CUT_TO = 20
_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


class Screen:
    """The terminal written to: its width, and styles as the escape sequences it understands."""

    def __init__(self) -> None:
        console = Console(force_terminal=None if "NO_COLOR" in os.environ else True)
        self.width = console.width
        self._system = _SYSTEMS.get(console.color_system or "")
        if "NO_COLOR" in os.environ:
            self._system = None
        self.style = lru_cache(maxsize=None)(self._style)

    def _style(self, name: str) -> tuple[str, str]:
        """What is written before and after a text in that style."""
        if not name or self._system is None:
            return "", ""
        before, _, after = Style.parse(name).render("\1", color_system=self._system).partition("\1")
        return before, after

    def paint(self, text: str, name: str) -> str:
        """``text`` in a style."""
        before, after = self.style(name)
        return f"{before}{text}{after}" if before and text else text


def _width(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _fit(text: str, width: int, right: bool) -> str:
    size = _width(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…"
    pad = " " * (width - size)
    return pad + text if right else text + pad


class _Cells:
    """One column of the table, worked on as a whole: most are ASCII, and then need no look at each cell."""

    def __init__(self, column: Column, rows: Sequence[Any]) -> None:
        self.column = column
        self.header = column.header or column.name
        self.values = [column.get(row) for row in rows]
        show, text = column.show, column.text
        if text is None:
            texts = ["-" if value is None else show(value) for value in self.values]
        else:
            texts = [str(text(row)) for row in rows]
        whole = "".join(texts)
        self.simple = whole.isascii() and whole.isprintable()
        self.texts = texts if self.simple else [steady(visible(text)) for text in texts]
        widest = max(map(len if self.simple else _width, self.texts), default=0)
        self.width = self.full = max(_width(self.header), widest)

    def painted(self, screen: Screen, last: bool) -> list[str]:
        """The cells as wide as the column, in their styles; the last column is not filled up."""
        width, right, style = self.width, self.column.right, self.column.style
        texts = self.texts
        if last and not right:
            texts = [text if _width(text) <= width else _fit(text, width, right) for text in texts]
        elif self.simple and self.width >= max(map(len, texts), default=0):
            texts = [text.rjust(width) if right else text.ljust(width) for text in texts]
        else:
            texts = [_fit(text, width, right) for text in texts]
        if self.column.pieces is not None:
            paint, pieces = screen.paint, self.column.pieces
            return ["".join([paint(*piece) for piece in pieces(text)]) for text in texts]
        if callable(style):
            pairs = zip(texts, self.values, strict=True)
            return [
                text if value is None else screen.paint(text, style(value)) for text, value in pairs
            ]
        before, after = screen.style(style)
        return [f"{before}{text}{after}" for text in texts] if before else texts


def _kept(cells: Sequence[_Cells], room: int) -> list[_Cells]:
    """The columns that fit, narrower ones of text included: first texts are cut, the widest ahead of the
    others, then the columns of highest rank leave. The last shown may be cut to 8."""
    kept = list(cells)
    while len(kept) > 1 and (excess := _wanted(kept) - room) > 0:
        texts = sorted(
            (column.width - max(_CUT_TO, _width(column.header)), place)
            for place, column in enumerate(kept[:-1])
            if not column.column.right and not column.column.whole
        )
        spare, widest = texts[-1] if texts else (0, 0)
        if spare > 0:
            level = max(texts[-2][0], 0) if len(texts) > 1 else 0
            kept[widest].width -= min(excess, max(1, spare - level))
        else:
            del kept[max(range(len(kept)), key=lambda i: (kept[i].column.rank, i))]
            for column in kept:
                column.width = column.full
    return kept


def _wanted(kept: Sequence[_Cells]) -> int:
    wide = sum(column.width for column in kept[:-1]) + len(_GAP) * (len(kept) - 1)
    return wide + min(kept[-1].width, max(8, _width(kept[-1].header)))


def write(columns: Sequence[Column], rows: Iterable[Any], out: Stream, title: str = "") -> None:
    """A table as wide as the terminal at most; the last column is cut with ``…``."""
    screen = Screen()
    rows = list(rows)
    kept = _kept([_Cells(column, rows) for column in columns], screen.width)
    last = kept[-1]
    before = sum(column.width for column in kept[:-1]) + len(_GAP) * (len(kept) - 1)
    last.width = max(1, min(last.width, screen.width - before))
    if title:
        out.write(screen.paint(title, "bold") + "\n")
    heads = (_fit(column.header, column.width, column.column.right) for column in kept)
    out.write(screen.paint(_GAP.join(heads).rstrip(), "bold underline") + "\n")
    painted = [column.painted(screen, column is last) for column in kept]
    for line in zip(*painted, strict=True):
        out.write(_GAP.join(line) + "\n")
    out.flush()
