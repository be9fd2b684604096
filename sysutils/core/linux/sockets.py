"""Sockets of Linux: the table that answers best, and the rows of the API made of it.

/proc/net shows the sockets of our own network namespace, netlink those of the calling thread's: the
same, unless a thread has gone to another one."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import pconn, sconn, snetsock, sunixsock
from sysutils.core._sockets import PROTOCOLS, new_pconn, new_sconn, protocols_of, socket_type
from sysutils.core.linux import fds, proc_net, procfs
from sysutils.core.linux.sock_diag import PROTOCOLS as DIAG_PROTOCOLS
from sysutils.core.linux.sock_diag import SockDiag

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

    def _ask(self, name: str, question: Callable[[SockDiag], Any]) -> Any:
        """The answer of netlink, None where /proc/net is to be read instead."""
        if self._refused or not is_live(name.encode()):
            return None
        try:
            if self._diag is None:
                self._diag = SockDiag()
        except OSError:
            self._refused = True
            return None
        try:
            return question(self._diag)
        except (OSError, ValueError):
            return None  # this kernel lacks the module, or we may not

    def inet(self, protocol: str) -> list[snetsock]:
        """Internet sockets of one protocol. Raises OSError where the file is missing."""
        rows = None
        if protocol in DIAG_PROTOCOLS:
            rows = self._ask(protocol, lambda diag: diag.inet(protocol))
        return proc_net.inet(protocol) if rows is None else rows

    def unix(self) -> list[tuple[int, int, str]]:
        """``(type, inode, path)`` of UNIX sockets. Raises OSError where the file is missing."""
        rows = self._ask("unix", SockDiag.unix)
        if rows is None:
            return [(row.type, row.inode, row.path) for row in proc_net.unix()]
        decode = os.fsdecode
        return [(socket_type(row[0]), row[2], decode(row[3])) for row in rows]


# --- net_connections

#: fd, family, type, local address, remote address, status, pid
_Row = tuple[Any, ...]
_NOBODY: tuple[None, list[str]] = (None, ["-1"])


def _inet_rows(tables: Tables, protocol: str, holders: fds.Holders) -> Iterator[_Row]:
    try:
        rows = tables.inet(protocol)
    except FileNotFoundError:
        if protocol.endswith("6"):
            return  # a kernel without IPv6
        raise
    family, type_ = PROTOCOLS[protocol]
    holder = holders.get
    for _, _, _, laddr, raddr, _, status, _, inode, _ in rows:
        pid, names = holder(f"socket:[{inode}]", _NOBODY)
        yield (
            int(names[0]), family, type_, laddr if laddr[1] else (), raddr if raddr[1] else (),
            status, pid,
        )  # fmt: skip


def _unix_rows(tables: Tables, holders: fds.Holders) -> Iterator[_Row]:
    family, _ = PROTOCOLS["unix"]
    for type_, inode, path in tables.unix():
        pid, names = holders.get(f"socket:[{inode}]", _NOBODY)
        for name in names:
            yield int(name), family, type_, path, "", _NONE, pid


def _connections(kind: str, holders: fds.Holders) -> dict[_Row, None]:
    """The rows of ``kind``; equal ones (sockets without a holder) count once."""
    tables = Tables()
    found: dict[_Row, None] = {}
    try:
        for protocol in protocols_of(kind):
            if protocol == "unix":
                found.update(dict.fromkeys(_unix_rows(tables, holders)))
            else:
                found.update(dict.fromkeys(_inet_rows(tables, protocol, holders)))
    except ValueError as error:
        raise RuntimeError(f"error while parsing: {error}") from error
    finally:
        tables.close()
    return found


def net_connections(kind: str) -> list[sconn]:
    """All sockets of ``kind`` with the last process that has each, and its first descriptor.

    A UNIX socket has a row for every descriptor of that process."""
    protocols_of(kind)
    return list(map(new_sconn, _connections(kind, fds.all_holders())))


def process_connections(pid: int, kind: str) -> list[pconn]:
    """The sockets of ``kind`` that a process has. Raises OSError if it is gone or not ours."""
    protocols_of(kind)
    base = b"%s/%d/" % (procfs.root(), pid)
    holders = fds.by_socket(pid, fds.read_links(base))
    if not holders:
        return []
    return [new_pconn(row[:6]) for row in _connections(kind, holders) if row[6] == pid]


# --- what netstat shows


def net_sockets(protocols: Iterable[str], timers: bool) -> list[snetsock]:
    """Internet sockets of the protocols named, one protocol after the other."""
    wanted = list(protocols)
    for protocol in wanted:
        if protocol not in NET_PROTOCOLS:
            raise ValueError(f"invalid protocol {protocol!r}; valid ones are: {NET_PROTOCOLS}")
    tables = Tables()
    read = proc_net.inet if timers else tables.inet
    rows: list[snetsock] = []
    try:
        for protocol in wanted:
            try:
                rows += read(protocol)
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
