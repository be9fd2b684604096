"""Sockets of Linux: the table that answers best, and the rows of the API made of it.

/proc/net shows the sockets of our own network namespace, netlink those of the calling thread's: the
same, unless a thread has gone to another one."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import pconn, sconn, snetsock, sunixsock
from sysutils.core._sockets import PROTOCOLS, new_pconn, new_sconn, protocols_of, socket_type
from sysutils.core.linux import fds, proc_net, procfs, sock_diag
from sysutils.core.linux.links import Links, read_links
from sysutils.core.linux.proc_net import STATUSES
from sysutils.core.linux.sock_diag import SockDiag

Rows = TypeVar("Rows")
_NONE = ConnectionStatus.CONN_NONE
#: protocols of ``net_sockets``, in the order of netstat's rows
NET_PROTOCOLS = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6")
#: who holds a socket that nobody has open, or somebody whom we may not look at: (pid, fd)
_NOBODY: tuple[None, int] = (None, -1)


def is_live(name: str) -> bool:
    """Whether ``/proc/net/<name>`` is the running kernel's own: then netlink tells the same.

    PROCFS_PATH may lead elsewhere, and a recording may be mounted over /proc or below it. One stat(2) of
    the very file that netlink would stand in for covers every way to replace it."""
    return procfs.root() == b"/proc" and procfs.is_kernels(b"/proc/net/" + name.encode())


class Tables:
    """The tables of sockets, from netlink over one connection or from /proc/net; close it after use."""

    def __init__(self) -> None:
        self._diag: SockDiag | None = None
        self._refused = False

    def close(self) -> None:
        """Ends the connection, if one was made."""
        if self._diag is not None:
            self._diag.close()
            self._diag = None

    def _connect(self, name: str) -> SockDiag | None:
        if self._refused or not is_live(name):
            return None
        if self._diag is None:
            try:
                self._diag = SockDiag()
            except OSError:
                self._refused = True  # a system without, or one that forbids it
        return self._diag

    def ask(self, name: str, netlink: Callable[[SockDiag], Rows], file: Callable[[], Rows]) -> Rows:
        """The answer of ``netlink`` where that stands for ``/proc/net/<name>``, else that of ``file``."""
        diag = self._connect(name)
        if diag is not None:
            try:
                return netlink(diag)
            except (OSError, ValueError):
                # This kernel lacks the module. What is left of the answer must not meet the next one.
                self.close()
        return file()


# --- net_connections


def _inet_by_netlink(protocol: str, holders: fds.Holders, diag: SockDiag) -> list[sconn]:
    family, type_ = PROTOCOLS[protocol]
    names = STATUSES if protocol.startswith("tcp") else {}
    addresses = sock_diag.Addresses(protocol)
    holder = holders.get
    new = tuple.__new__  # see new_sconn
    rows = []
    for _, _, state, sport, dport, source, destination, _, _, _, inode in diag.inet(protocol):
        pid, fd = holder(b"socket:[%d]" % inode, _NOBODY)
        rows.append(new(sconn, (
            fd,
            family,
            type_,
            addresses[source][sport] if sport else (),
            addresses[destination][dport] if dport else (),
            names.get(state, _NONE),
            pid,
        )))  # fmt: skip
    return rows


def _inet_by_file(protocol: str, holders: fds.Holders) -> list[sconn]:
    family, type_ = PROTOCOLS[protocol]
    rows = []
    try:
        sockets = proc_net.inet(protocol)
    except FileNotFoundError:
        if protocol.endswith("6"):
            return []  # a kernel without IPv6
        raise
    for _, _, _, laddr, raddr, _, status, _, inode, _ in sockets:
        pid, fd = holders.get(b"socket:[%d]" % inode, _NOBODY)
        local, remote = laddr if laddr.port else (), raddr if raddr.port else ()
        rows.append(sconn(fd, family, type_, local, remote, status, pid))
    return rows


def _unix_by_file() -> list[tuple[int, int, str]]:
    return [(row.type, row.inode, row.path) for row in proc_net.unix()]


def _unix_by_netlink(diag: SockDiag) -> list[tuple[int, int, str]]:
    return [(type_, inode, os.fsdecode(name)) for type_, _, inode, name, _ in diag.unix()]


def _unix(tables: Tables, holders: fds.AllHolders) -> Iterator[sconn]:
    family, _ = PROTOCOLS["unix"]
    for type_, inode, path in tables.ask("unix", _unix_by_netlink, _unix_by_file):
        for pid, fd in holders.get(b"socket:[%d]" % inode, [_NOBODY]):
            yield new_sconn((fd, family, socket_type(type_), path, "", _NONE, pid))


def _inet(tables: Tables, protocol: str, holders: fds.Holders) -> list[sconn]:
    return tables.ask(
        protocol,
        lambda diag: _inet_by_netlink(protocol, holders, diag),
        lambda: _inet_by_file(protocol, holders),
    )


def _connections(
    protocols: tuple[str, ...], processes: Iterable[tuple[int, Links]]
) -> Iterable[sconn]:
    """The rows of these protocols; equal ones (of sockets that nobody holds) count once."""
    processes = list(processes)
    first = {} if protocols == ("unix",) else fds.first_holders(processes)
    tables = Tables()
    rows: list[sconn] = []
    try:
        for protocol in protocols:
            if protocol == "unix":
                rows += _unix(tables, fds.all_holders(processes))
            else:
                rows += _inet(tables, protocol, first)
    except ValueError as error:
        raise RuntimeError(f"error while parsing: {error}") from error
    finally:
        tables.close()
    return dict.fromkeys(rows)


def net_connections(kind: str) -> list[sconn]:
    """All sockets of ``kind`` with the last process that has each, and its first descriptor.

    A UNIX socket has a row for every descriptor of that process."""
    return list(_connections(protocols_of(kind), fds.links_of_all()))


def process_connections(pid: int, kind: str) -> list[pconn]:
    """The sockets of ``kind`` that a process has. Raises OSError if it is gone or not ours."""
    protocols_of(kind)
    return connections_of(pid, read_links(b"%s/%d/" % (procfs.root(), pid)), kind)


def connections_of(pid: int, links: Links, kind: str) -> list[pconn]:
    """``process_connections`` of a process whose links are known."""
    protocols = protocols_of(kind)
    if not any(link.startswith(b"socket:[") for link in links.values()):
        return []
    return [new_pconn(row[:6]) for row in _connections(protocols, [(pid, links)]) if row.pid == pid]


# --- what netstat shows


def _net_sockets(tables: Tables, protocol: str, timers: bool) -> list[snetsock]:
    if timers or protocol not in sock_diag.PROTOCOLS:
        return proc_net.inet(protocol)
    return tables.ask(
        protocol,
        lambda diag: sock_diag.inet_sockets(protocol, diag.inet(protocol)),
        lambda: proc_net.inet(protocol),
    )


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
                rows += _net_sockets(tables, protocol, timers)
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
