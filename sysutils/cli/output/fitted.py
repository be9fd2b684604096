"""Tables in two passes, as ``df`` has them: every column as wide as its widest cell."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from sysutils.cli.output.text import UNPRINTABLE, cells

_CONTROLS = re.compile("[\x00-\x1f\x7f]")


def for_pipe(text: str, utf8: bool) -> str:
    """``text`` on one line: ``?`` for ASCII's control characters, U+FFFD for others that can't be shown.
    Bytes that are no characters stay, for programs that know them."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("?", text)
    if not utf8:
        return text
    return "".join(
        "\ufffd" if unicodedata.category(char) in UNPRINTABLE and not _is_byte(char) else char
        for char in text
    )


def _is_byte(char: str) -> bool:
    return "\udc80" <= char <= "\udcff"


def measured(text: str, utf8: bool) -> int | None:
    """Columns that ``text`` takes; None where bytes in it that are no characters leave that open."""
    if text.isascii():
        return len(text)
    if not utf8:
        return len(text.encode("utf-8", "surrogateescape"))
    return None if any(map(_is_byte, text)) else cells(text)


def fitted(
    rows: Sequence[Sequence[str]], right: Sequence[bool], least: Sequence[int], utf8: bool
) -> Iterator[str]:
    """The lines of a table, its heading among ``rows``: one blank between columns, which are at least as
    wide as ``least``. What can't be measured is not aligned; the last column is not filled up."""
    sizes = [[measured(cell, utf8) for cell in row] for row in rows]
    columns = range(len(right))
    widths = [max([least[i], *(size[i] or 0 for size in sizes)]) for i in columns]
    for row, size in zip(rows, sizes, strict=True):
        parts = []
        for i in columns:
            width = size[i]
            fill = "" if width is None else " " * (widths[i] - width)
            parts.append(fill + row[i] if right[i] else row[i] + fill)
        line = " ".join(parts)
        last = size[-1]
        if last is not None and not right[-1] and widths[-1] > last:
            line = line[: last - widths[-1]]
        yield line
