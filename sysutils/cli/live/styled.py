"""Lines with colours as cells: cut to a width, compared with those before them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sysutils.cli.output.text import cells, visible

_PIECE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|[^\x1b]|\x1b")
_RESET = "\x1b[0m"
_CHANGED = "\x1b[7m"


class Cell(NamedTuple):
    """A place on the screen: its character (with what combines with it), and the styles before it.

    The right half of a wide character has no text."""

    text: str
    style: str


def parse(line: str) -> list[Cell]:
    """The cells of a line. Of escape sequences only those of styles are kept, and no control character."""
    found: list[Cell] = []
    style = ""
    for piece in _PIECE.finditer(line):
        codes, text = piece.group(1), piece.group()
        if codes is not None:
            style = "" if codes.strip("0;") == "" else style + text
        elif text[0] != "\x1b":
            text = visible(text)
            width = cells(text)
            if width:
                found += [Cell(text, style), Cell("", style)][:width]
            elif found:
                last = found[-1]
                found[-1] = last._replace(text=last.text + text)
    return found


def text_of(line: Sequence[Cell]) -> str:
    """The line again."""
    parts = []
    style = ""
    for cell in line:
        if cell.style != style:
            parts.append((_RESET if style else "") + cell.style)
            style = cell.style
        parts.append(cell.text)
    return "".join(parts) + (_RESET if style else "")


def cut(line: Sequence[Cell], width: int, start: int = 0) -> list[Cell]:
    """The cells from ``start`` on that ``width`` columns hold; of a wide character cut in half a blank."""
    part = list(line[start : start + width])
    if part and not part[0].text:
        part[0] = part[0]._replace(text=" ")
    whole = start + len(part)
    if part and whole < len(line) and not line[whole].text:
        part[-1] = part[-1]._replace(text=" ")
    return part


def marked(line: Sequence[Cell], before: Sequence[Cell] | None) -> list[Cell]:
    """The line with what differs from the one before it standing out: whole words, and of bars and blanks
    the cells. None: there was none before."""
    if before is None:
        return list(line)
    blank = Cell(" ", "")
    differ = [
        cell.text != (before[place] if place < len(before) else blank).text
        for place, cell in enumerate(line)
    ]
    for start, end in _words(line):
        differ[start:end] = [any(differ[start:end])] * (end - start)
    return [
        cell._replace(style=cell.style + _CHANGED) if changed else cell
        for cell, changed in zip(line, differ, strict=True)
    ]


def _words(line: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Where words begin and end: what is between blanks and lines that are drawn."""
    start = None
    for place, cell in enumerate([*line, Cell(" ", "")]):
        if cell.text == " " or "\u2500" <= cell.text[:1] < "\u25a0":
            if start is not None:
                yield start, place
            start = None
        elif start is None:
            start = place
