"""Tables on a terminal: widths computed once, rows streamed, styles rendered once per style."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from sysutils.cli.output.column import Column, text_of
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import visible

_GAP = "  "
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
        return f"{before}{text}{after}" if before else text


def _width(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _fit(text: str, width: int, right: bool) -> str:
    size = _width(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…"
    pad = " " * (width - size)
    return pad + text if right else text + pad


def _kept(columns: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """Which columns fit: the highest rank leaves first; the last shown may be cut to 8."""
    kept = list(range(len(columns)))

    def total() -> int:
        wide = sum(widths[i] for i in kept[:-1]) + len(_GAP) * (len(kept) - 1)
        return wide + min(widths[kept[-1]], max(8, _width(columns[kept[-1]].header)))

    while len(kept) > 1 and total() > room:
        worst = max(kept, key=lambda i: (columns[i].rank, i))
        kept.remove(worst)
    return kept


def write(columns: Sequence[Column], rows: Iterable[Any], out: Stream, title: str = "") -> None:
    """A table as wide as the terminal at most; the last column is cut with ``…``."""
    screen = Screen()
    rows = list(rows)
    cells = [[visible(text_of(column, row)) for column in columns] for row in rows]
    headers = [column.header or column.name for column in columns]
    widths = [
        max([_width(headers[i]), *(_width(line[i]) for line in cells)]) for i in range(len(columns))
    ]
    kept = _kept(columns, widths, screen.width)
    last = kept[-1]
    before = sum(widths[i] for i in kept[:-1]) + len(_GAP) * (len(kept) - 1)
    widths[last] = max(1, min(widths[last], screen.width - before))
    if title:
        out.write(screen.paint(title, "bold") + "\n")
    heads = (_fit(headers[i], widths[i], columns[i].right) for i in kept)
    out.write(screen.paint(_GAP.join(heads).rstrip(), "bold underline") + "\n")
    for row, line in zip(rows, cells, strict=True):
        out.write(_line(screen, columns, row, line, widths, kept) + "\n")
    out.flush()


def _line(
    screen: Screen,
    columns: Sequence[Column],
    row: Any,
    line: list[str],
    widths: list[int],
    kept: list[int],
) -> str:
    parts = []
    for i in kept:
        column = columns[i]
        text = line[i] if i == kept[-1] and not column.right else ""
        if not text or _width(text) > widths[i]:
            text = _fit(line[i], widths[i], column.right)
        style = column.style
        if callable(style):
            value = column.get(row)
            style = "" if value is None else style(value)
        parts.append(screen.paint(text, style))
    return _GAP.join(parts)
