"""NETLINK_SOCK_DIAG: the kernel's tables of sockets in binary, the same rows as in /proc/net.

Layouts are those of linux/inet_diag.h and linux/unix_diag.h. Rows come in the order of /proc/net, and
with its inodes (0 for a socket that no process holds: TIME_WAIT, SYN_RECV)."""

import struct
import sys
from collections.abc import Iterable, Iterator
from socket import AF_INET, AF_INET6, inet_ntop, ntohs
from typing import Any

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, snetsock
from sysutils.core._sockets import new_addr
from sysutils.core.linux.netlink import (
    HEADER_SIZE,
    NETLINK_SOCK_DIAG,
    Netlink,
    attributes,
    ends,
    next_message,
)
from sysutils.core.linux.proc_net import LISTEN, STATUSES

_BY_FAMILY = 20  # SOCK_DIAG_BY_FAMILY, both question and answer
#: protocol -> address family of Linux, IPPROTO_*
PROTOCOLS = {
    "tcp": (2, 6), "tcp6": (10, 6), "udp": (2, 17), "udp6": (10, 17), "udplite": (2, 136),
    "udplite6": (10, 136),
}  # fmt: skip
# ESTABLISHED (1) to NEW_SYN_RECV (12); 13 is of sockets that are bound only, which /proc/net leaves out
_STATES = 0x1FFE

# struct inet_diag_msg after the header: u8 family, state, timer, retrans; be16 source and destination
# port; 16 bytes source and destination address (IPv4: the first 4); u32 interface, u32[2] cookie;
# u32 expires (ms), rqueue, wqueue, uid, inode
_row = struct.Struct("=IH10x xBxx HH16s16s 12x 4xIIII")
_ROW_SIZE = 88
# struct inet_diag_req_v2: u8 family, protocol, extensions, padding; u32 states; 48 bytes identity
_question = struct.Struct("=BBBBI48x")
# struct unix_diag_msg: u8 family, type, state, padding; u32 inode, u32[2] cookie
_unix_row = struct.Struct("=BBBxI8x")
# struct unix_diag_req: u8 family, protocol; u16 padding; u32 states, inode, show; u32[2] cookie
_unix_question = struct.Struct("=BBHIIIII")
_SHOW_NAME, _SHOW_PEER, _SHOW_WAITING = 1, 4, 8
_NAME, _PEER, _WAITING = 0, 2, 3
_NONE = ConnectionStatus.CONN_NONE

#: length, type of message, state, source and destination port in network order, source and destination
#: address, receive and send queue, uid, inode
InetRow = tuple[Any, ...]
#: type, state, inode, name as /proc/net/unix shows it, inode of the peer (0: none)
UnixRow = tuple[int, int, int, bytes, int]


def inet_question(family: int, protocol: int) -> bytes:
    """The body of the question for all sockets of one protocol in the states that /proc/net shows."""
    return _question.pack(family, protocol, 0, 0, _STATES)


def parse_inet(buffers: Iterable[bytes]) -> Iterator[InetRow]:
    """The numbers of each socket in the buffers of one answer, which must end in them.

    Raises OSError for an error message, ValueError for half a message."""
    unpack = _row.unpack_from
    for buffer in buffers:
        start, end = 0, len(buffer)
        while start < end:
            if end - start >= _ROW_SIZE:
                row = unpack(buffer, start)
                length = row[0]
                if row[1] == _BY_FAMILY and _ROW_SIZE <= length <= end - start:
                    yield row
                    start += length + 3 & ~3
                    continue
            start, last = _skip(buffer, start, end)
            if last:
                return


class _Host(dict[int, addr]):
    """``{port in network order: addr}`` of one host, made at first use."""

    __slots__ = ("ip",)
    ip: str

    def __missing__(self, port: int) -> addr:
        value = self[port] = new_addr((self.ip, ntohs(port)))
        return value


class Addresses(dict[bytes, _Host]):
    """``{16 bytes: {port in network order: addr}}``: connections share hosts, and often both."""

    def __init__(self, protocol: str) -> None:
        super().__init__()
        four = PROTOCOLS[protocol][0] == 2
        self._family, self._size = (AF_INET, 4) if four else (AF_INET6, 16)

    def __missing__(self, raw: bytes) -> _Host:
        host = self[raw] = _Host()
        host.ip = inet_ntop(self._family, raw[: self._size])
        return host


def inet_sockets(protocol: str, rows: Iterable[InetRow]) -> list[snetsock]:
    """The rows as /proc/net tells them, without timers: here is but one of a timer's two counts."""
    addresses = Addresses(protocol)
    names = STATUSES if protocol.startswith("tcp") else {}
    new = tuple.__new__
    sockets = []
    for _, _, state, sport, dport, source, destination, recv_q, send_q, uid, inode in rows:
        sockets.append(new(snetsock, (
            protocol,
            recv_q,
            # of a listening socket it is how long the queue may get
            0 if state == LISTEN else send_q,
            addresses[source][sport],
            addresses[destination][dport],
            state,
            names.get(state, _NONE),
            uid,
            inode,
            None,
        )))  # fmt: skip
    return sockets


def _skip(buffer: bytes, start: int, end: int) -> tuple[int, bool]:
    """Where the message that is no row ends, and whether the answer does."""
    kind, length = next_message(buffer, start, end)
    if kind == _BY_FAMILY:
        raise ValueError(f"half a socket: {bytes(buffer[start : start + length])!r}")
    return start + (length + 3 & ~3), ends(buffer, start, kind, length)


def unix_question(show: int = _SHOW_NAME | _SHOW_PEER) -> bytes:
    """The body of the question for all UNIX sockets, with names and peers or what else is to be shown."""
    return _unix_question.pack(1, 0, 0, 0xFFFFFFFF, 0, show, 0xFFFFFFFF, 0xFFFFFFFF)


def shown_name(name: bytes) -> bytes:
    """A socket's name as /proc/net/unix shows it: NULs of an abstract name become ``@``."""
    if name[:1] == b"\0":
        return name.replace(b"\0", b"@")
    return name[:-1] if name.endswith(b"\0") else name


def _unix_sockets(
    buffers: Iterable[bytes],
) -> Iterator[tuple[tuple[int, int, int], dict[int, bytes]]]:
    """Type, state and inode of each UNIX socket in the buffers of one answer, and its attributes."""
    for buffer in buffers:
        start, end = 0, len(buffer)
        while start < end:
            kind, length = next_message(buffer, start, end)
            if kind != _BY_FAMILY or length < HEADER_SIZE + _unix_row.size:
                start, last = _skip(buffer, start, end)
                if last:
                    return
                continue
            body = start + HEADER_SIZE
            _family, type_, state, inode = _unix_row.unpack_from(buffer, body)
            yield (type_, state, inode), attributes(buffer, body + _unix_row.size, start + length)
            start += length + 3 & ~3


def parse_unix(buffers: Iterable[bytes]) -> Iterator[UnixRow]:
    """Each UNIX socket in the buffers of one answer, which must end in them."""
    for row, found in _unix_sockets(buffers):
        peer = int.from_bytes(found.get(_PEER, b""), sys.byteorder)
        yield *row, shown_name(found.get(_NAME, b"")), peer


def parse_unix_peers(buffers: Iterable[bytes]) -> dict[int, int]:
    """``{inode: inode of its peer}`` of the UNIX sockets in the buffers of one answer.

    Many may send to one socket, or wait for a listening one to accept them: of those, that one has the
    first as its peer."""
    own: dict[int, int] = {}
    others: dict[int, int] = {}
    for (_, _, inode), found in _unix_sockets(buffers):
        peer = int.from_bytes(found.get(_PEER, b""), sys.byteorder)
        if peer:
            own[inode] = peer
            others.setdefault(peer, inode)
        waiting = int.from_bytes(found.get(_WAITING, b"")[:4], sys.byteorder)
        if waiting:
            others.setdefault(inode, waiting)
    return others | own


class SockDiag(Netlink):
    """A connection to the kernel's tables of sockets. Raises OSError where it won't tell."""

    def __init__(self) -> None:
        super().__init__(NETLINK_SOCK_DIAG)

    def inet(self, protocol: str) -> Iterator[InetRow]:
        """The numbers of all sockets of one of ``PROTOCOLS``."""
        return parse_inet(self.dump(_BY_FAMILY, inet_question(*PROTOCOLS[protocol])))

    def unix(self) -> Iterator[UnixRow]:
        """All UNIX sockets."""
        return parse_unix(self.dump(_BY_FAMILY, unix_question()))

    def unix_peers(self) -> dict[int, int]:
        """The peers of all UNIX sockets, by inode."""
        question = unix_question(_SHOW_PEER | _SHOW_WAITING)
        return parse_unix_peers(self.dump(_BY_FAMILY, question))
