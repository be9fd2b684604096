"""JSON: one array of objects, or one object a line."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream, takes_unicode

_unicode = json.JSONEncoder(ensure_ascii=False).encode
_ascii = json.JSONEncoder().encode


def dumps(value: Any) -> str:
    """JSON on one line, in UTF-8; with anything that is not printable (control and direction characters,
    bytes that are no text), or where output has another encoding, it is ASCII with escapes, from which
    every byte comes back."""
    text = _unicode(value)
    plain = text.isprintable() and (text.isascii() or takes_unicode())
    return text if plain else _ascii(value)


def _record(columns: Sequence[Column], row: Any) -> str:
    return dumps({column.name: column.get(row) for column in columns})


def write_array(columns: Sequence[Column], rows: Iterable[Any], out: Stream) -> None:
    """``[{…}, {…}]``, an object a line, written as the rows come."""
    separator = "[\n"
    for row in rows:
        out.write(separator + _record(columns, row))
        separator = ",\n"
    out.write("\n]\n" if separator == ",\n" else "[]\n")
    out.flush()


def write_lines(columns: Sequence[Column], rows: Iterable[Any], out: Stream) -> None:
    """One object a line."""
    for row in rows:
        out.write(_record(columns, row) + "\n")
    out.flush()
