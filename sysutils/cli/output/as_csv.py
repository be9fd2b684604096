"""CSV (RFC 4180, lines end in a newline): a heading, then raw values; None is empty.

CSV has no escapes for control characters, so on a terminal, and only there, they are shown as ``?``."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import visible

#: what the csv module writes as it should be written
_AS_IT_IS = frozenset({str, int, float, type(None)})


def _raw(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, (list, tuple, set)):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _harmless(value: Any) -> Any:
    raw = _raw(value)
    return visible(raw) if isinstance(raw, str) else raw


class _Lines:
    """What the csv module writes to. It is told that lines end in CR LF, so that it quotes both."""

    def __init__(self, out: Stream) -> None:
        self._out = out

    def write(self, line: str) -> None:
        """One record, with the line end that Unix programs expect."""
        self._out.write(line[:-2] + "\n")


def write(columns: Sequence[Column], rows: Iterable[Any], out: Stream, header: bool = True) -> None:
    """Lists are joined by blanks; true and false are words."""
    cell = _harmless if out.isatty() else _raw
    write_row = csv.writer(_Lines(out), lineterminator="\r\n").writerow
    if header:
        write_row([column.name for column in columns])
    getters = [column.get for column in columns]
    for row in rows:
        write_row([cell(get(row)) for get in getters])
    out.flush()
