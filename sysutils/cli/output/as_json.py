"""JSON: one array of objects, or one object a line."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream


def dumps(value: Any) -> str:
    """JSON in UTF-8; text that is none in Unicode (surrogate escapes) is escaped whole."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return json.dumps(value)
    return text


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
