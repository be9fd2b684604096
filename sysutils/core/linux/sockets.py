"""Sockets of Linux: the table that answers best, and the rows of the API made of it.

/proc/net shows the sockets of our own network namespace, netlink those of the calling thread's: the
same, unless a thread has gone to another one."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Any, TypeVar

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import pconn, sconn, snetsock, sunixsock
from sysutils.core._sockets import (
    PROTOCOLS,
    new_pconn,
    new_sconn,
    new_snetsock,
    protocols_of,
    socket_type,
)
from sysutils.core.linux import fds, proc_net, procfs
from sysutils.core.linux.sock_diag import PROTOCOLS as DIAG_PROTOCOLS
from sysutils.core.linux.sock_diag import Columns, SockDiag

Row = TypeVar("Row")
_NONE = ConnectionStatus.CONN_NONE
#: inodes that procfs gives to files outside of the processes begin here (PROC_DYNAMIC_FIRST)
_PROC_INODES = 0xF0000000
#: protocols of ``net_sockets``, in the order of netstat's rows
NET_PROTOCOLS = (
    "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6",
)  # fmt: skip


def is_live(name: bytes) -> bool:
    """Whether ``/proc/net/<name>`` is the running kernel's own: then netlink tells the same.

    PROCFS_PATH may lead elsewhere, and a recording may be mounted over /proc or over that one file. A
    recording has a size (all these files have a heading) and an ordinary inode; a file of procfs has
    neither. One stat(2) of the very file that netlink would stand in for covers every way to replace it."""
    if procfs.root() != b"/proc":
        return False
    try:
        status = os.stat(b"/proc/net/" + name)
    except OSError:
        return False
    return status.st_size == 0 and status.st_ino >= _PROC_INODES


class Tables:
    """The tables of sockets, from netlink over one connection or from /proc/net; close it after use."""

    def __init__(self) -> None:
        self._diag: SockDiag | None = None
        self._refused = False

    def close(self) -> None:
        """Ends the connection, if one was made."""
        if self._diag is not None:
            self._diag.close()

    def _open(self, name: str) -> SockDiag | None:
        """The connection to netlink, None where /proc/net is to be read instead."""
        if self._refused or not is_live(name.encode()):
            return None
        if self._diag is None:
            try:
                self._diag = SockDiag()
            except OSError:
                self._refused = True
        return self._diag

    def inet(self, protocol: str, make: Callable[[Columns], Iterable[Row]]) -> list[Row]:
        """What ``make`` makes of the columns of ``snetsock`` for the sockets of one protocol.

        Raises OSError where the file is missing."""
        diag = self._open(protocol) if protocol in DIAG_PROTOCOLS else None
        if diag is not None:
            rows: list[Row] = []
            try:
                diag.inet(protocol, lambda columns: rows.extend(make(columns)))
            except (OSError, ValueError):
                self._forget()  # a kernel without this module
            else:
                return rows
        found = proc_net.inet(protocol)
        return list(make(tuple(zip(*found, strict=True)))) if found else []

    def _forget(self) -> None:
        """An answer that broke off would run into the next one: that takes a new connection."""
        self.close()
        self._diag = None

    def unix(self) -> list[tuple[int, int, str]]:
        """``(type, inode, path)`` of UNIX sockets. Raises OSError where the file is missing."""
        diag = self._open("unix")
        if diag is not None:
            try:
                rows = diag.unix()
            except (OSError, ValueError):
                self._forget()
            else:
                return [(socket_type(row[0]), row[2], os.fsdecode(row[3])) for row in rows]
        return [(row.type, row.inode, row.path) for row in proc_net.unix()]


# --- net_connections

#: fd, family, type, local address, remote address, status, pid
_Row = tuple[Any, ...]
_NOBODY: tuple[None, int] = (None, -1)


def _inet_rows(tables: Tables, protocol: str, holders: fds.Holders) -> list[_Row]:
    family, type_ = PROTOCOLS[protocol]

    def make(columns: Columns) -> Iterable[_Row]:
        _, _, _, local, remote, _, statuses, _, inodes, _ = columns
        links = [b"socket:[%d]" % inode for inode in inodes]
        held = list(map(holders.get, links, repeat(_NOBODY)))
        return zip(
            [fd for _, fd in held],
            repeat(family),
            repeat(type_),
            [address if address[1] else () for address in local],
            [address if address[1] else () for address in remote],
            statuses,
            [pid for pid, _ in held],
            strict=False,
        )

    try:
        return tables.inet(protocol, make)
    except FileNotFoundError:
        if protocol.endswith("6"):
            return []  # a kernel without IPv6
        raise


def _unix_rows(tables: Tables, holders: fds.AllHolders) -> Iterator[_Row]:
    family, _ = PROTOCOLS["unix"]
    for type_, inode, path in tables.unix():
        for pid, fd in holders.get(b"socket:[%d]" % inode, [_NOBODY]):
            yield fd, family, type_, path, "", _NONE, pid


def _rows(protocols: tuple[str, ...], processes: Iterable[tuple[int, fds.Links]]) -> Iterable[_Row]:
    """The rows of these protocols; equal ones (of sockets that nobody holds) count once."""
    if "unix" in protocols:
        processes = list(processes)
        every = fds.all_holders(processes)
    first = fds.first_holders(processes)
    tables = Tables()
    rows: list[_Row] = []
    try:
        for protocol in protocols:
            if protocol == "unix":
                rows += _unix_rows(tables, every)
            else:
                rows += _inet_rows(tables, protocol, first)
    except ValueError as error:
        raise RuntimeError(f"error while parsing: {error}") from error
    finally:
        tables.close()
    return dict.fromkeys(rows)


def net_connections(kind: str) -> list[sconn]:
    """All sockets of ``kind`` with the last process that has each, and its first descriptor.

    A UNIX socket has a row for every descriptor of that process."""
    return list(map(new_sconn, _rows(protocols_of(kind), fds.links_of_all())))


def process_connections(pid: int, kind: str) -> list[pconn]:
    """The sockets of ``kind`` that a process has. Raises OSError if it is gone or not ours."""
    protocols = protocols_of(kind)
    links = fds.read_links(b"%s/%d/" % (procfs.root(), pid))
    if not any(link.startswith(b"socket:[") for link in links.values()):
        return []
    return [new_pconn(row[:6]) for row in _rows(protocols, [(pid, links)]) if row[6] == pid]


# --- what netstat shows


def _snetsocks(columns: Columns) -> Iterable[snetsock]:
    return map(new_snetsock, zip(*columns, strict=False))


def net_sockets(protocols: Iterable[str], timers: bool) -> list[snetsock]:
    """Internet sockets of the protocols named, one protocol after the other."""
    wanted = list(protocols)
    for protocol in wanted:
        if protocol not in NET_PROTOCOLS:
            raise ValueError(f"invalid protocol {protocol!r}; valid ones are: {NET_PROTOCOLS}")
    tables = Tables()
    rows: list[snetsock] = []
    try:
        for protocol in wanted:
            try:
                if timers:
                    rows += proc_net.inet(protocol)
                else:
                    rows += tables.inet(protocol, _snetsocks)
            except FileNotFoundError:
                continue  # not in this kernel
    finally:
        tables.close()
    return rows


def unix_sockets() -> list[sunixsock]:
    """UNIX sockets. From /proc/net alone: netlink tells neither reference counts nor flags."""
    try:
        return proc_net.unix()
    except FileNotFoundError:
        return []
