"""Sockets by inode, of every family that /proc/net tells of: whom a descriptor's link means."""

import os
import socket
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sysutils.core._ntuples import addr, snetsock, sopensocket
from sysutils.core.linux import proc_net, procfs
from sysutils.core.linux.sockets import NET_PROTOCOLS, Tables, net_sockets

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone

_LISTENS = 0x10000
_ESTABLISHED = 1
#: family -> file, places of type (or None), protocol, inode
_SIMPLE = {"netlink": (b"netlink", None, 1, 9), "packet": (b"packet", 2, 3, 8)}


def parse_unix(data: bytes) -> dict[int, list[bytes]]:
    """The lines of ``/proc/net/unix`` by inode, cut at blanks; a name may hold any."""
    found = {}
    for line in data.split(b"\n")[1:]:
        fields = line.split(None, 7)
        if len(fields) >= 7 and fields[0].endswith(b":") and fields[6].isdigit():
            found[int(fields[6])] = fields
    return found


def _unix_socket(inode: int, fields: list[bytes]) -> sopensocket:
    name = os.fsdecode(fields[7]) if len(fields) > 7 else ""
    address = fields[0][:-1].decode("ascii", "replace")
    listens = bool(int(fields[3], 16) & _LISTENS)
    kind, state = int(fields[4], 16), int(fields[5], 16)
    return sopensocket("unix", inode, kind, 0, address, name, state, listens)


def parse_simple(family: str, data: bytes) -> dict[int, sopensocket]:
    """``/proc/net/netlink`` or ``packet``: their type and protocol."""
    _, kind, protocol, inode = _SIMPLE[family]
    found = {}
    for line in data.split(b"\n")[1:]:
        fields = line.split()
        try:
            number = int(fields[inode])
            type_ = socket.SOCK_RAW if kind is None else int(fields[kind])
            told = int(fields[protocol], 16 if family == "packet" else 10)
        except (ValueError, IndexError):
            continue
        found[number] = sopensocket(family, number, int(type_), told, "", "", 0, False)
    return found


def _read(name: bytes) -> bytes:
    try:
        return proc_net.read_long(name)
    except OSError:
        return b""


class OpenSockets:
    """Finds sockets by inode; a table is read when first asked for one of its kind.

    ``protocols`` are the tables of Internet sockets that may be read, as ``net_sockets`` names them; None:
    all."""

    def __init__(self, protocols: Iterable[str] | None = None) -> None:
        self._protocols = NET_PROTOCOLS if protocols is None else protocols
        self._internet: dict[int, snetsock] | None = None
        self._unix: dict[int, list[bytes]] | None = None
        self._others: dict[int, sopensocket] | None = None
        self._peers: dict[int, int] | None = None
        self._connected: dict[tuple[str, addr, addr], int] | None = None

    def internet(self, inode: int) -> snetsock | None:
        """An Internet socket."""
        return (self._internet or self.load()).get(inode)

    def load(self) -> dict[int, snetsock]:
        """Reads the tables of Internet sockets, where that is to be done before they are asked for."""
        if self._internet is None:
            self._internet = {row.inode: row for row in net_sockets(self._protocols, False)}
        return self._internet

    def other(self, inode: int) -> sopensocket | None:
        """A UNIX, netlink or packet socket."""
        if self._unix is None:
            self._unix = parse_unix(_read(b"unix"))
        fields = self._unix.get(inode)
        if fields is not None:
            return _unix_socket(inode, fields)
        if self._others is None:
            self._others = {}
            for family, (name, *_) in _SIMPLE.items():
                self._others |= parse_simple(family, _read(name))
        return self._others.get(inode)

    def peer(self, inode: int) -> int | None:
        """The inode of the socket that a UNIX socket is connected to; of several that are connected to it
        or wait for it, the first. Only the running kernel tells, by netlink."""
        if self._peers is None:
            tables = Tables()
            try:
                self._peers = tables.ask("unix", lambda diag: diag.unix_peers(), dict[int, int])
            finally:
                tables.close()
        return self._peers.get(inode)

    def other_end(self, inode: int) -> int | None:
        """The inode of the socket on this machine at the other end of an established connection."""
        row = self.internet(inode)
        if row is None or row.state != _ESTABLISHED or row.protocol.startswith("raw"):
            return None
        if self._connected is None:
            self._connected = {
                (row.protocol, row.laddr, row.raddr): row.inode
                for row in self.load().values()
                if row.state == _ESTABLISHED
            }
        return self._connected.get((row.protocol, row.raddr, row.laddr))


def socket_protocol(pid: int, fd: int) -> str | None:
    """The kernel's name of a socket's protocol (``TCP``, ``AF_VSOCK``), also of one that no table tells.

    None where it can't be asked."""
    path = b"%s/%d/fd/%d" % (procfs.root(), pid, fd)
    try:
        return os.getxattr(path, "system.sockprotoname").rstrip(b"\0").decode("ascii", "replace")
    except OSError:
        return None
