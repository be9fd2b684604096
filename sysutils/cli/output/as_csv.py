"""CSV (RFC 4180, lines end in a newline): a heading, then raw values; None is empty."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream


def _raw(value: Any) -> Any:
    if isinstance(value, (list, tuple, set)):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def write(columns: Sequence[Column], rows: Iterable[Any], out: Stream, header: bool = True) -> None:
    """Lists are joined by blanks; true and false are words."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if header:
        writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_raw(column.get(row)) for column in columns])
        if buffer.tell() > 1 << 15:
            out.write(buffer.getvalue())
            buffer.seek(0)
            buffer.truncate()
    out.write(buffer.getvalue())
    out.flush()
