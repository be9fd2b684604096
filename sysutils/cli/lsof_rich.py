"""lsof on a terminal: what each process has open, told apart by kind."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from sysutils.cli.fields.descriptors import FileRow, ProcessRow
from sysutils.cli.fields.names import user_name
from sysutils.cli.fields.sockets import state_style
from sysutils.cli.lsof_text import (
    Layout,
    descriptor,
    escaped,
    flags_text,
    full_name,
    offset_text,
    tcp_facts,
)
from sysutils.cli.output import as_rich
from sysutils.cli.output.bars import EMPTY
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import cells, ellipsis
from sysutils.cli.output.units import HUMAN, scaled_gnu

#: kinds in the order in which a process's own are shown, with their styles
_STYLES = {
    "working dir": "cyan", "root dir": "cyan", "program": "bold", "mapped": EMPTY, "file": "",
    "directory": "cyan", "device": "yellow", "pipe": "magenta", "TCP": "green", "UDP": "green",
    "unix": "magenta", "socket": "green", "event": EMPTY,
}  # fmt: skip
_PLACES = {kind: place for place, kind in enumerate(_STYLES)}
_BY_DESCRIPTOR = {
    "cwd": "working dir", "rtd": "root dir", "txt": "program", "mem": "mapped", "DEL": "mapped",
}  # fmt: skip
_BY_TYPE = {
    "REG": "file", "DIR": "directory", "CHR": "device", "BLK": "device", "FIFO": "pipe", "unix": "unix",
    "sock": "socket", "netlink": "socket", "pack": "socket", "raw": "socket", "raw6": "socket",
    "a_inode": "event",
}  # fmt: skip
#: a table of rows from more processes than these for each of them tells the process in each row
_FEW = 2
_TOLD = re.compile(r"^([…+]?/.*/)?(.*?)( \((?:deleted|[A-Z_0-9= ]+)\))?$", re.DOTALL)


def kind_of(row: FileRow) -> str:
    """What it is, in a word."""
    if row.fd in _BY_DESCRIPTOR:
        return _BY_DESCRIPTOR[str(row.fd)]
    if row.type in {"IPv4", "IPv6"}:
        return row.protocol or "socket"
    return _BY_TYPE.get(row.type or "", row.type or "unknown")


def _place(row: FileRow) -> int:
    return _PLACES.get(kind_of(row), len(_PLACES))


def _kind_style(kind: str) -> str:
    return _STYLES.get(kind, EMPTY)


def _name_pieces(text: str) -> Sequence[tuple[str, str]]:
    """A name with its directory, and what stands in brackets after it, told apart."""
    directory, name, told = _TOLD.fullmatch(text).groups()  # type: ignore[union-attr]
    word = (told or "").strip(" ()").partition(" ")[0]
    style = "bold red" if word == "deleted" else state_style(word)
    return ((directory or "", EMPTY), (name, ""), (told or "", style))


def _shorter(text: str, room: int) -> str:
    """A path without its first directories, where they leave no room."""
    if not text.startswith("/"):
        return text
    while cells(text) >= room and "/" in text[1:]:
        text = text[text.index("/", 1) :]
    return f"{ellipsis()}{text}"


def _name(layout: Layout) -> Callable[[FileRow], str]:
    def text(row: FileRow) -> str:
        facts = tcp_facts(row, layout)
        name = full_name(row, layout)
        if row.type == "unix":
            name = name.replace(" type=", "  ").removeprefix("type=")
        return f"{name} ({' '.join(facts)})" if facts else name

    return text


def _scaled(size: int) -> str:
    return scaled_gnu(size, HUMAN)


def _device(row: FileRow) -> str | None:
    """Numbers of a device; what a socket has is told by its inode."""
    return row.device if row.device and "," in row.device else None


def _size(layout: Layout) -> Column:
    if layout.size == "offset":
        return Column(
            "offset", "Offset", lambda row: row.offset, lambda size: offset_text(size, layout.digits),
            right=True, rank=4,
        )  # fmt: skip
    return Column("size", "Size", lambda row: row.size, _scaled, right=True, rank=4)


def _columns(layout: Layout, rows: Sequence[FileRow]) -> list[Column]:
    columns = [
        Column("kind", "Kind", kind_of, style=_kind_style, rank=3),
        Column("fd", "FD", lambda row: descriptor(row).strip(), right=True, rank=2),
        Column("flags", "Flags", lambda row: flags_text(row, layout) or None, rank=6),
        Column("device", "Device", _device, style=EMPTY, right=True, rank=9),
        _size(layout),
        Column("nlink", "Links", lambda row: row.nlink, right=True, rank=5),
        Column("node", "Node", lambda row: row.node, style=EMPTY, right=True, rank=8),
        Column(
            "name", "Name", lambda row: row.name, text=_name(layout), pieces=_name_pieces,
            shorten=_shorter, rank=1,
        ),
    ]  # fmt: skip
    absent = set() if layout.flags else {"flags"}
    absent |= set() if layout.links else {"nlink"}
    absent |= {
        column.name
        for column in columns
        if column.right and all(column.get(row) is None for row in rows)
    }
    return [column for column in columns if column.name not in absent]


def _owner(row: FileRow | ProcessRow, layout: Layout) -> str:
    uid = (row.process if isinstance(row, FileRow) else row).uid
    return str(uid) if layout.numeric_users else user_name(uid) or str(uid)


def _process_columns(layout: Layout) -> list[Column]:
    columns = [
        Column(
            "command", "Command", lambda row: escaped(row.process.command), style="bold", rank=1
        ),
        Column("pid", "PID", lambda row: row.process.pid, right=True, rank=0),
        Column("tid", "TID", lambda row: row.process.tid, right=True, rank=7),
        Column("ppid", "Parent", lambda row: row.process.ppid, right=True, rank=7),
        Column("pgid", "Group", lambda row: row.process.pgid, right=True, rank=7),
        Column("user", "User", lambda row: _owner(row, layout), style="cyan", rank=5),
    ]
    absent = set() if layout.parents else {"ppid"}
    absent |= set() if layout.groups else {"pgid"}
    return [column for column in columns if column.name not in absent]


def _head(process: ProcessRow, rows: Sequence[FileRow], layout: Layout) -> as_rich.Pieces:
    """Who it is, and how much of which kind it has open."""
    whose = f" {process.pid}" + (
        f"/{process.tid} {escaped(process.task or '')}" if process.tid else ""
    )
    whose += f"  parent {process.ppid}" if layout.parents else ""
    whose += f"  group {process.pgid}" if layout.groups else ""
    counts = Counter(kind_of(row) for row in rows if isinstance(row.fd, int))
    told = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    return (
        (escaped(process.command), "bold"),
        (whose, ""),
        (f"  {_owner(process, layout)}", "cyan"),
        (f"  {told}" if told else "", EMPTY),
    )


def write(rows: Iterable[FileRow], layout: Layout, out: Stream) -> None:
    """A part of the table for each process, or where most have but one row one table for all."""
    found = list(rows)
    processes: list[tuple[ProcessRow, list[FileRow]]] = [
        (process, sorted(some, key=_place))
        for process, some in groupby(found, lambda row: row.process)
    ]
    if not found:
        return
    columns = _columns(layout, found)
    if len(found) < _FEW * len(processes):
        identity: list[Any] = _process_columns(layout)
        if not any(row.process.tid for row in found):
            identity = [column for column in identity if column.name != "tid"]
        as_rich.write([*identity, *columns], found, out)
        return
    parts = [(_head(process, some, layout), some) for process, some in processes]
    as_rich.write_groups(columns, parts, out)
