"""Sockets of FreeBSD: the kernel's lists of protocol blocks, and who has which socket open."""

import os
import socket
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr
from sysutils.core.bsd import sysctl
from sysutils.core.freebsd import layout
from sysutils.core.freebsd.layout import xfile, xinpcb, xsocket, xtcpcb, xunpcb

T = TypeVar("T", xtcpcb, xinpcb, xunpcb)

_NONE = ConnectionStatus.CONN_NONE
_STATUSES = [ConnectionStatus[f"CONN_{name}"] for name in layout.TCPS]
_DTYPE_SOCKET = 2
_UNIX_LISTS = ("stream", "dgram", "seqpacket")


class InetSocket(NamedTuple):
    """One Internet socket."""

    #: tcp, tcp6, udp or udp6
    protocol: str
    laddr: addr
    raddr: addr
    #: of TCPS, None for UDP
    state: int | None
    status: ConnectionStatus
    socket: xsocket


def _records(name: str, kind: type[T]) -> Iterator[T]:
    """The records of a list: each begins with its length, and so do its head and its end."""
    data = sysctl.read_name(name)
    size = _length(data, 0)
    head, start = size, size
    while start < len(data):
        size = _length(data, start)
        if size <= head:
            return
        yield kind.from_buffer_copy(data[start : start + size].ljust(layout.size_of(kind), b"\0"))
        start += size


def _length(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 8], layout.ORDER)


def _address(found: xinpcb, six: bool, local: bool) -> addr:
    ends = found.inp_inc.inc_ie
    raw = bytes(ends.ie6_laddr if local else ends.ie6_faddr)
    port = socket.ntohs(ends.ie_lport if local else ends.ie_fport)
    return addr(socket.inet_ntop(socket.AF_INET6, raw) if six else socket.inet_ntoa(raw[12:]), port)


def _inet(protocol: str, found: xinpcb, state: int | None) -> InetSocket:
    six = bool(found.inp_vflag & layout.INP_IPV6)
    known = state is not None and 0 <= state < len(_STATUSES)
    return InetSocket(
        f"{protocol}{'6' * six}", _address(found, six, True), _address(found, six, False), state,
        _STATUSES[state] if known and state is not None else _NONE, found.xi_socket,
    )  # fmt: skip


def tcp() -> Iterator[InetSocket]:
    """TCP's, of both versions of IP (``net.inet.tcp.pcblist``)."""
    for found in _records("net.inet.tcp.pcblist", xtcpcb):
        yield _inet("tcp", found.xt_inp, found.t_state)


def udp() -> Iterator[InetSocket]:
    """UDP's (``net.inet.udp.pcblist``)."""
    for found in _records("net.inet.udp.pcblist", xinpcb):
        yield _inet("udp", found, None)


def unix() -> Iterator[xunpcb]:
    """UNIX sockets (``net.local.*.pcblist``)."""
    for name in _UNIX_LISTS:
        yield from _records(f"net.local.{name}.pcblist", xunpcb)


def unix_path(found: xunpcb) -> str:
    """The path that a UNIX socket is bound to, ``""`` for none."""
    return path_of(bytes(found.xu_addr))


def path_of(address: bytes) -> str:
    """The path in a ``struct sockaddr_un``."""
    return os.fsdecode(address[2 : max(2, address[0])].partition(b"\0")[0])


def holders() -> dict[int, list[tuple[int, int]]]:
    """Kernel address of a socket -> the (pid, fd) that have it open (``kern.file``)."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row in sysctl.structures(sysctl.read_name("kern.file"), xfile):
        if row.xf_type == _DTYPE_SOCKET and row.xf_data:
            found.setdefault(row.xf_data, []).append((row.xf_pid, row.xf_fd))
    return found


def address_of(raw: bytes) -> "addr | tuple[()]":
    """IP address and port in a ``struct sockaddr``, ``()`` without a port."""
    family = raw[1]
    (port,) = struct.unpack("!H", raw[2:4])
    if not port:
        return ()
    if family == layout.AF_INET6:
        return addr(socket.inet_ntop(socket.AF_INET6, raw[8:24]), port)
    return addr(socket.inet_ntoa(raw[4:8]), port)


def states_by_block() -> dict[int, Any]:
    """Kernel address of a TCP socket's protocol block -> its status."""
    return {found.socket.so_pcb: found.status for found in tcp()}
