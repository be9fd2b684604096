"""lsof's table: every column as wide as its widest cell."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, repeat
from typing import Any, NamedTuple

from sysutils.cli.fields.descriptors import FileRow, ProcessRow
from sysutils.cli.lsof_text import (
    USER_WIDTH,
    Layout,
    command_text,
    descriptor,
    flags_text,
    name_text,
    node_text,
    size_text,
    user_text,
)
from sysutils.cli.output.text import cells

#: a list for each column, NAME last, with a text for each row
Texts = list[list[str]]


class Cells(NamedTuple):
    """A column of the table."""

    header: str
    get: Callable[[Any], str]
    right: bool = True
    #: it is left out if all of its cells are empty
    optional: bool = False
    #: it is of the process: the same for all of its rows
    shared: bool = False


def _columns(layout: Layout) -> Iterator[Cells]:
    limit, numeric = layout.command, layout.numeric_users
    yield Cells("COMMAND", lambda process: command_text(process.command, limit), False, shared=True)
    yield Cells("PID", lambda process: str(process.pid), shared=True)
    yield Cells("TID", lambda process: str(process.tid or ""), optional=True, shared=True)
    yield Cells("TASKCMD", lambda process: _task(process, limit), False, optional=True, shared=True)
    if layout.parents:
        yield Cells("PPID", lambda process: str(process.ppid), shared=True)
    if layout.groups:
        yield Cells(
            "PGID", lambda process: "" if process.pgid is None else str(process.pgid), shared=True
        )
    header = "USER".rjust(USER_WIDTH) if numeric else "USER"
    yield Cells(header, lambda process: user_text(process.uid, numeric), shared=True)
    yield Cells("FD  ", descriptor)
    yield Cells("TYPE", lambda row: row.type or "")
    if layout.flags:
        yield Cells("FILE-FLAG", lambda row: flags_text(row, layout))
    yield Cells("DEVICE", lambda row: row.device or "")
    header = {"size": "SIZE", "offset": "OFFSET"}.get(layout.size, "SIZE/OFF")
    yield Cells(header, lambda row: size_text(row, layout))
    if layout.links:
        yield Cells("NLINK", lambda row: "" if row.nlink is None else str(row.nlink))
    yield Cells("NODE", node_text)
    yield Cells("NAME", lambda row: name_text(row, layout), False)


def _task(process: ProcessRow, limit: int) -> str:
    return command_text(process.task, limit) if process.task else ""


def texts(rows: Sequence[FileRow], layout: Layout) -> Texts:
    """The cells of the rows, column by column."""
    processes = [row.process for row in rows]
    runs = [(process, len(list(run))) for process, run in groupby(processes)]

    def column_of(cells: Cells) -> list[str]:
        if not cells.shared:
            return [*map(cells.get, rows)]
        return [*chain.from_iterable(repeat(cells.get(process), count) for process, count in runs)]

    return [column_of(cells) for cells in _columns(layout)]


def table(parts: Sequence[Texts], layout: Layout) -> str:
    """The heading and a line for each row of all parts, ``""`` for no row."""
    columns = []
    *inner, _ = named = list(_columns(layout))
    for column, place in zip(named, range(len(named)), strict=True):
        found = list(chain.from_iterable(part[place] for part in parts))
        if not found:
            return ""
        if column.optional and not any(found):
            continue
        found.insert(0, column.header)
        columns.append(found if place == len(inner) else _padded(found, column.right))
    return "\n".join([*map(" ".join, zip(*columns, strict=True)), ""])


def _padded(found: list[str], right: bool) -> list[str]:
    if all(map(str.isascii, found)):
        width = max(map(len, found))
        return [*map(str.rjust if right else str.ljust, found, repeat(width))]
    width = max(map(cells, found))
    pads = [" " * (width - cells(text)) for text in found]
    pairs = zip(pads, found, strict=True) if right else zip(found, pads, strict=True)
    return [first + second for first, second in pairs]
