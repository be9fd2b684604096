"""Columns of fixed width, as ps(1) lays them out.

Columns do not grow to their data. A text longer than its column pushes what follows to the right; the
columns after it give back the blanks they have to spare until the lines are even again. Between columns
there is always one blank.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sysutils.cli.output.text import cells

#: no gap is wider, whatever the widths
_WIDEST_GAP = 144


class FixedColumn(NamedTuple):
    """One column: its width, where its text stands, how it comes from a row (a number is its digits)."""

    width: int
    right: bool
    text: Callable[[Any], Any]
    #: no blank before and after it
    joint: bool = False
    #: the text stands right in so many columns, where that is not ``width``
    inner: int = 0
    #: row, room -> text, where the last text would pass the edge of the screen
    narrow: Callable[[Any, int], str] | None = None


def joined(
    columns: Sequence[FixedColumn], texts: Sequence[str], room: int = 0, row: Any = None
) -> str:
    """The texts at their places. ``room``: the width of the screen, 0 for none; it matters to the last
    column, if that is ``narrow`` at all and not beyond it already."""
    parts: list[str] = []
    actual = correct = 0
    joint = True  # nothing before the first
    last = len(columns) - 1
    for place, (column, text) in enumerate(zip(columns, texts, strict=True)):
        size = cells(text)
        apart = 0 if joint or column.joint else 1
        joint = column.joint
        gap = correct + apart - actual
        inner = column.inner or column.width
        if column.right and size < inner:
            gap += inner - size
        gap = min(max(gap, apart), _WIDEST_GAP)
        rest = room - actual - gap
        if place == last and column.narrow is not None and 0 <= rest < size:
            text = column.narrow(row, rest)  # noqa: PLW2901
        parts += [" " * gap, text]
        actual += gap + size
        correct += apart + column.width
    return "".join(parts)


def line_maker(columns: Sequence[FixedColumn], room: int = 0) -> Callable[[Any], str]:
    """Row -> line. A line in which no text is too long or wide is made by one formatting."""
    takes = [column.text for column in columns]
    widths = [column.width for column in columns]
    pieces = [f"%{'' if c.right else '-'}{c.width}s" for c in columns]
    if not columns[-1].right:
        pieces[-1] = "%s"
        widths.pop()
    pattern = " ".join(pieces)
    size = sum(widths) + len(columns) - 1
    regular = all(c.width <= _WIDEST_GAP and not c.joint and not c.inner for c in columns)
    last_varies = not columns[-1].right
    longest = room or sys.maxsize

    def line(row: Any) -> str:
        texts = [take(row) for take in takes]
        text = pattern % tuple(texts)
        expected = size + len(str(texts[-1])) if last_varies else size
        if regular and expected == len(text) <= longest and text.isascii():
            return text
        return joined(columns, [str(part) for part in texts], room, row)

    return line
