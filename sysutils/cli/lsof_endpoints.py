"""Who is at the other end of pipes, UNIX sockets, pseudoterminals and connections on this machine, and who
shares an eventfd or a message queue: -E and +E."""

import stat
from collections.abc import Iterable
from typing import Any

from sysutils.cli.fields.descriptors import End, FileRow, ProcessRow, Rows, device_numbers

#: kind, device, number
Key = tuple[str, int, int]
_PTMX = 5, 2
_SLAVES = 136
#: whose ends are all that have the same file open
_SHARED = {"pipe", "eventfd", "queue"}


def _told(info: str | None, key: str) -> int | None:
    for line in (info or "").split("\n"):
        name, _, value = line.partition(":")
        if name == key and value.strip().isdecimal():
            return int(value)
    return None


def _terminal(row: Any) -> Key | None:
    major, minor = device_numbers(row.rdev or 0)
    if major == _SLAVES:
        return "slave", 0, minor
    number = _told(row.info, "tty-index") if (major, minor) == _PTMX else None
    return None if number is None else ("master", 0, number)


class Endpoints:
    """All that may be at another's end, and the ends of each."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._holders: dict[Key, list[End]] = {}

    def _key(self, row: Any) -> Key | None:
        """What a descriptor leads to."""
        if row.name.startswith("socket:["):
            return "socket", 0, row.inode
        if row.mode is None:
            return None
        if stat.S_ISFIFO(row.mode):
            return "pipe", row.device, row.inode
        if stat.S_ISCHR(row.mode):
            return _terminal(row)
        if row.name == "anon_inode:[eventfd]":
            number = _told(row.info, "eventfd-id")
            return None if number is None else ("eventfd", 0, number)
        if stat.S_ISREG(row.mode) and self._rows.is_queue(row):
            return "queue", row.device, row.inode
        return None

    def add(self, process: ProcessRow, rows: Iterable[Any]) -> None:
        """Notes what a process has open."""
        for row in rows:
            key = self._key(row) if isinstance(row.fd, int) else None
            if key is not None:
                end = End(process.pid, process.command, row.fd, row.access)
                self._holders.setdefault(key, []).append(end)

    def _peer(self, inode: int) -> tuple[str, int | None]:
        """What the name of a socket tells of the other one, and its inode."""
        sockets = self._rows.sockets
        if sockets.internet(inode) is not None:
            return "", sockets.other_end(inode)
        peer = sockets.peer(inode)
        return (f" ->INO={peer}" if peer else ""), peer

    def told(self, row: FileRow, opened: Any) -> FileRow:
        """The row with its ends."""
        key = self._key(opened) if isinstance(opened.fd, int) else None
        if key is None:
            return row._replace(ends=())
        kind, _, number = key
        arrow = ""
        if kind in _SHARED:
            own = row.process.pid, row.fd
            ends = [end for end in self._holders.get(key, ()) if (end.pid, end.fd) != own]
        elif kind == "socket":
            arrow, peer = self._peer(number)
            # the classic shows those last that it met first
            ends = self._holders.get(("socket", 0, peer), [])[::-1] if peer else []
        else:
            other = "slave" if kind == "master" else "master"
            ends = self._holders.get((other, 0, number), [])
            arrow = f" ->/dev/pts/{number}" if ends and kind == "master" else ""
        return row._replace(name=row.name + arrow, ends=tuple(ends))
