"""A table on a live screen: its columns keep their widths from look to look, and fit the screen."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sysutils.cli.output.column import Column
from sysutils.cli.output.palette import Palette
from sysutils.cli.output.text import cells, cut_cells, steady, utf8_locale, visible

#: what the last column keeps of its width where others have to leave for it
_LAST = 12


def clean(text: str) -> str:
    """``text`` as a terminal may have it."""
    return text if text.isascii() and text.isprintable() else steady(visible(text))


def fit(text: str, width: int, right: bool = False) -> str:
    """``clean`` text as wide as ``width``: cut with ``…``, or filled up."""
    size = len(text) if text.isascii() else cells(text)
    if size > width:
        if width <= 0:
            return ""
        text = cut_cells(text, width - 1) + ("…" if utf8_locale() else "+")
        size = cells(text)
    fill = " " * (width - size)
    return fill + text if right else text + fill


def painted(palette: Palette, pieces: Iterable[tuple[str, str]], width: int) -> str:
    """A line of ``clean`` texts in their styles, cut at the edge of the screen."""
    parts = []
    for text, style in pieces:
        size = len(text) if text.isascii() else cells(text)
        if size > width:
            parts.append(palette.paint(fit(text, width), style))
            break
        width -= size
        parts.append(palette.paint(text, style))
    return "".join(parts)


def size_of(pieces: Iterable[tuple[str, str]]) -> int:
    """Columns that they take."""
    return sum(cells(text) for text, _ in pieces)


def cell(column: Column, row: Any) -> str:
    """The text of a cell, nothing cut."""
    if column.text is not None:
        return clean(str(column.text(row)))
    value = column.get(row)
    return "-" if value is None else clean(column.show(value))


def sized(columns: Sequence[Column], rows: Sequence[Any]) -> list[Column]:
    """The columns, each as wide as its widest cell; for columns that declare no width."""
    return [
        column._replace(
            width=max([cells(column.header), *(cells(cell(column, row)) for row in rows)])
        )
        for column in columns
    ]


def fitting(columns: Sequence[Column], width: int, least: int = _LAST) -> list[Column]:
    """The columns that there is room for: those of the highest rank leave, so that the last has ``least``
    cells where it wants them. It gets what is left."""
    kept = list(columns)
    if not kept:
        return kept

    def wanted() -> int:
        last = kept[-1].width if kept[-1].right else min(kept[-1].width, least)
        return sum(column.width + 1 for column in kept[:-1]) + last

    while len(kept) > 1 and wanted() > width:
        del kept[max(range(len(kept)), key=lambda place: (kept[place].rank, place))]
    before = sum(column.width + 1 for column in kept[:-1])
    last = kept[-1]
    room = max(0, width - before)
    kept[-1] = last._replace(width=min(last.width, room) if last.right else room)
    return kept


class Table:
    """Columns laid out for a width. ``sort`` is the name of the column that the rows are sorted by."""

    def __init__(
        self, palette: Palette, columns: Sequence[Column], width: int, sort: str = "",
        descending: bool = True, shift: int = 0,
    ) -> None:  # fmt: skip
        self.columns = fitting(columns, width)
        self._palette = palette
        self._sort, self._descending = sort, descending
        #: the last column is shown from there on
        self._shift = shift
        self._width = width
        self._makers = [self._maker(column) for column in self.columns]

    def heading(self, style: str = "bold underline", mark: str = "bold reverse") -> str:
        """The line of headings, as wide as the screen."""
        paint = self._palette.paint
        parts = []
        for column in self.columns:
            name = column.header or column.name
            chosen = column.name == self._sort
            if chosen:
                name = self._arrowed(name, column)
            text = fit(clean(name), column.width, column.right)
            parts.append(paint(text, mark if chosen else style))
        used = sum(column.width + 1 for column in self.columns) - 1
        line = paint(" ", style).join(parts)
        return line + paint(" " * (self._width - used), style) if used < self._width else line

    def _arrowed(self, name: str, column: Column) -> str:
        if cells(name) >= column.width:
            return name
        arrow = ("▼" if self._descending else "▲") if utf8_locale() else "-+"[not self._descending]
        return arrow + name if column.right else name + arrow

    def line(self, row: Any, style: str = "") -> str:
        """A row. With a ``style`` the whole line, to the edge of the screen, has that alone."""
        if style:
            text = " ".join([maker(row, True) for maker in self._makers])
            return self._palette.paint(fit(text, self._width), style)
        return " ".join([maker(row, False) for maker in self._makers])

    def _maker(self, column: Column) -> Callable[[Any, bool], str]:
        width, right, style, pieces = column.width, column.right, column.style, column.pieces
        get, show, text_of = column.get, column.show, column.text
        start = self._palette.start
        last = column is self.columns[-1]
        shift = self._shift if last else 0

        def make(row: Any, bare: bool) -> str:
            if text_of is not None:
                text = text_of(row)
                if type(text) is not str:
                    text = str(text)
            else:
                value = get(row)
                text = "-" if value is None else show(value)
            plain = text.isascii() and text.isprintable()
            if not plain:
                text = steady(visible(text))
            if shift:
                text = text[shift:]
            if plain and len(text) <= width:
                text = text.rjust(width) if right else text if last else text.ljust(width)
            elif not last or right or cells(text) > width:
                text = fit(text, width, right)
            if bare:
                return text
            if pieces is not None:
                paint = self._palette.paint
                return "".join([paint(part, how) for part, how in pieces(text)])
            if not style:
                return text
            how = style if isinstance(style, str) else style(get(row))
            before = start(how) if how else ""
            return f"{before}{text}\x1b[0m" if before else text

        return make
