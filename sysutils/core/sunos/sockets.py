"""Internet sockets of SunOS, as TCP and UDP tell them (inet/mib2.h)."""

import ctypes
import socket
import struct
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sysutils.core._enums import ConnectionStatus
from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import addr, pconn, sconn, snetsock, ssockowner, ssockowners, sunixsock
from sysutils.core._sockets import PROTOCOLS, new_addr, protocols_of, socket_type
from sysutils.core.sunos import facts, fdinfo, files, mib2, streams

_NONE = ConnectionStatus.CONN_NONE
#: members that there are on SunOS alone
_IDLE, _BOUND = (getattr(ConnectionStatus, f"CONN_{name}", name) for name in ("IDLE", "BOUND"))
NO_STATUS = (_NONE, 7)
_CONNECTED, _UNCONNECTED = 3, 1
#: what a connection is doing -> status, and the number that Linux has for it, or one that it has not
STATES = {
    mib2.TCPS_CLOSED: (ConnectionStatus.CONN_CLOSE, 7), mib2.TCPS_IDLE: (_IDLE, 20),
    mib2.TCPS_BOUND: (_BOUND, 21), mib2.TCPS_LISTEN: (ConnectionStatus.CONN_LISTEN, 10),
    mib2.TCPS_SYN_SENT: (ConnectionStatus.CONN_SYN_SENT, 2),
    mib2.TCPS_SYN_RCVD: (ConnectionStatus.CONN_SYN_RECV, 3),
    mib2.TCPS_ESTABLISHED: (ConnectionStatus.CONN_ESTABLISHED, 1),
    mib2.TCPS_CLOSE_WAIT: (ConnectionStatus.CONN_CLOSE_WAIT, 8),
    mib2.TCPS_FIN_WAIT_1: (ConnectionStatus.CONN_FIN_WAIT1, 4),
    mib2.TCPS_CLOSING: (ConnectionStatus.CONN_CLOSING, 11),
    mib2.TCPS_LAST_ACK: (ConnectionStatus.CONN_LAST_ACK, 9),
    mib2.TCPS_FIN_WAIT_2: (ConnectionStatus.CONN_FIN_WAIT2, 5),
    mib2.TCPS_TIME_WAIT: (ConnectionStatus.CONN_TIME_WAIT, 6),
}  # fmt: skip
#: protocol -> level and name of its table; structure and field that tell how long a row is; the row
_TABLES: dict[str, tuple[int, int, Any, str, Any]] = {
    "tcp": (mib2.MIB2_TCP, mib2.MIB2_TCP_CONN, mib2.mib2_tcp, "tcpConnTableSize", mib2.mib2_tcpConnEntry),
    "tcp6": (
        mib2.MIB2_TCP6, mib2.MIB2_TCP6_CONN, mib2.mib2_tcp, "tcp6ConnTableSize", mib2.mib2_tcp6ConnEntry,
    ),
    "udp": (mib2.MIB2_UDP, mib2.MIB2_UDP_ENTRY, mib2.mib2_udp, "udpEntrySize", mib2.mib2_udpEntry),
    "udp6": (mib2.MIB2_UDP6, mib2.MIB2_UDP6_ENTRY, mib2.mib2_udp, "udp6EntrySize", mib2.mib2_udp6Entry),
}  # fmt: skip
#: bytes of what is told of a connection between its addresses and its pid -> where in it are the numbers of
#: the next byte to send, the first not acknowledged, the next expected, the last that was acknowledged
_QUEUES = {36: (0, 4, 12, 16), 140: (88, 92, 104, 108)}
_AFTER_PID = 12  # the pid, and the time when it was begun
_word, _signed = struct.Struct("=I"), struct.Struct("=i")


class Told(NamedTuple):
    """A socket. ``pid`` is None where nobody is known to have made it."""

    protocol: str
    laddr: addr
    raddr: addr
    status: Any
    #: Linux' number for it
    state: int
    recv_q: int
    send_q: int
    pid: int | None


class Tail(NamedTuple):
    """What follows the addresses of a connection."""

    state: int
    recv_q: int
    send_q: int
    pid: int


def _number(data: bytes, at: int) -> int:
    found: int = _word.unpack_from(data, at)[0]
    return found


def parse_tail(tail: bytes) -> Tail:
    """State, queues and pid of a connection; newer systems tell more between.

    Where numbers of 64 bits are put at multiples of 8, four bytes may stand behind the pid: the time is told
    of as the last eight, and the shortest of such rows is known by its length."""
    at = 36 if len(tail) == 36 + _AFTER_PID + 4 else len(tail) - _AFTER_PID
    if at < 4:
        return Tail(mib2.TCPS_CLOSED, 0, 0, 0)  # of a system that tells neither
    state = _signed.unpack_from(tail, at - 4)[0]
    received = sent = 0
    if state >= mib2.TCPS_ESTABLISHED and at in _QUEUES:
        next_out, first_out, next_in, last_in = (_number(tail, place) for place in _QUEUES[at])
        sent = max(0, (next_out - first_out) % (1 << 32) - 1)
        received = (next_in - last_in) % (1 << 32)
    return Tail(state, received, sent, _number(tail, at))


def _end(raw: Any, port: int) -> addr:
    data = bytes(raw)
    family = socket.AF_INET if len(data) == 4 else socket.AF_INET6
    return new_addr((socket.inet_ntop(family, data), port & 0xFFFF))


def _tcp(protocol: str, row: Any, piece: bytes) -> Told:
    name = "tcp6Conn" if protocol == "tcp6" else "tcpConn"
    end = mib2.mib2_tcp6ConnEntry if protocol == "tcp6" else mib2.mib2_tcpConnEntry
    found = parse_tail(piece[ctypes.sizeof(end) :])
    status, number = STATES.get(found.state, NO_STATUS)
    ends = (
        _end(getattr(row, f"{name}{side}Address"), getattr(row, f"{name}{side}Port"))
        for side in ("Local", "Rem")
    )
    local, remote = ends
    return Told(
        protocol, local, remote, status, number, found.recv_q, found.send_q, found.pid or None
    )


def _udp(protocol: str, row: Any, _: bytes) -> Told:
    local = _end(getattr(row, f"{protocol}LocalAddress"), getattr(row, f"{protocol}LocalPort"))
    remote = _end(row.ue_RemoteAddress, row.ue_RemotePort)
    pid: int = getattr(row, f"{protocol}CreationProcess")
    return Told(protocol, local, remote, _NONE, 1 if remote.port else 7, 0, 0, pid or None)


_READERS = {"tcp": _tcp, "tcp6": _tcp, "udp": _udp, "udp6": _udp}


def parse(found: streams.Tables, protocols: Iterable[str]) -> Iterator[Told]:
    """The sockets of these protocols, in the kernel's order."""
    for protocol in protocols:
        if protocol not in _TABLES:
            continue
        level, name, counters, field, form = _TABLES[protocol]
        # both versions' lengths are told beside the counters, which are of both
        size = streams.length(
            found, mib2.MIB2_TCP if "tcp" in protocol else mib2.MIB2_UDP, counters, field, form
        )
        read = _READERS[protocol]
        for row, piece in streams.rows(found.get((level, name), b""), form, size):
            yield read(protocol, row, piece)


def _connections(kind: str) -> Iterator[tuple[Told, pconn]]:
    """The sockets of psutil's ``kind``, each as psutil has it: a descriptor is not told."""
    for one in parse(streams.tables(), protocols_of(kind)):
        family, type_ = PROTOCOLS[one.protocol]
        remote = one.raddr if one.protocol.startswith("tcp") and one.raddr.port else ()
        yield one, pconn(-1, family, type_, one.laddr, remote, one.status)


def net_connections(kind: str) -> list[sconn]:
    """Internet sockets of ``kind``; ``fd`` is -1, ``pid`` the process that made it (T_SVR4_OPTMGMT_REQ).

    Of UNIX sockets the kernel tells none this way. Raises ValueError for another kind, OSError."""
    return [sconn(*row, one.pid) for one, row in _connections(kind)]


def process_connections(pid: int, kind: str) -> list[pconn]:
    """Internet sockets of ``kind`` that a process made, then its UNIX sockets where there is
    ``/proc/PID/fdinfo``. Raises ValueError, OSError."""
    wanted = protocols_of(kind)
    found = []
    if wanted != ("unix",):
        found = [row for one, row in _connections(kind) if one.pid == pid]
    if "unix" in wanted:
        found += _unix(pid)
    return found


def _unix(pid: int) -> Iterator[pconn]:
    for fd in files.descriptors(pid):
        try:
            told = fdinfo.read(pid, fd)
        except FileNotFoundError:
            continue  # closed meanwhile
        if told is not None and told.protocol == "unix":
            ends = told.path(fdinfo.PR_SOCKETNAME), told.path(fdinfo.PR_PEERSOCKNAME)
            yield pconn(fd, PROTOCOLS["unix"][0], socket_type(told.kind), *ends, _NONE)


# ---- what netstat shows

NET_PROTOCOLS = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6")
_numbers: dict[Any, int] = {}


def _place(one: Told) -> int:
    """A number for a socket, the same as long as this process lives; 0 where nobody is known to have it."""
    key = one.protocol, one.laddr, one.raddr
    return 0 if one.pid is None else _numbers.setdefault(key, len(_numbers) + 1)


def _owner(pid: int | None) -> int:
    """The user of a process, 0 where that can't be told."""
    if pid is None:
        return 0
    try:
        return files.Records(pid).info.euid
    except OSError:
        return 0


def net_sockets(protocols: Iterable[str], timers: bool = False) -> list[snetsock]:  # noqa: ARG001
    """Internet sockets protocol by protocol; ``inode`` is a number within this process alone, timers are not
    told. Raises ValueError for another protocol, OSError."""
    wanted = list(protocols)
    for protocol in wanted:
        if protocol not in NET_PROTOCOLS:
            raise ValueError(f"invalid protocol {protocol!r}; valid ones are: {NET_PROTOCOLS}")
    found = list(parse(streams.tables(), wanted))
    users = {pid: _owner(pid) for pid in {one.pid for one in found}}
    return [
        snetsock(
            one.protocol, one.recv_q, one.send_q, one.laddr, one.raddr, one.state, one.status,
            users[one.pid], _place(one), None,
        )
        for one in found
    ]  # fmt: skip


def _program(pid: int) -> str | None:
    records = files.Records(pid)
    try:
        return facts.cmdline(records)[0]
    except (OSError, ZombieProcess, IndexError):
        return None


def socket_owners() -> ssockowners:
    """The process that made each socket; its descriptor is not told."""
    found = list(parse(streams.tables(), _TABLES))
    programs = {pid: _program(pid) for pid in {one.pid for one in found} if pid is not None}
    owners = {
        _place(one): ssockowner(one.pid, -1, programs[one.pid])
        for one in found
        if one.pid is not None
    }
    return ssockowners(owners, all(one.pid is not None for one in found))


def unix_sockets() -> list[sunixsock]:
    """UNIX sockets of the processes that we may look at, where there is ``/proc/PID/fdinfo``; ``refcount`` is
    how often they are open. None of them is known to wait for peers."""
    found: dict[int, list[fdinfo.Told]] = {}
    for told in fdinfo.sockets():
        if told.protocol == "unix":
            found.setdefault(told.head.pr_ino, []).append(told)
    return [
        sunixsock(
            len(held), 0, socket_type(held[0].kind), _CONNECTED if held[0].connected else _UNCONNECTED, inode,
            held[0].path(fdinfo.PR_SOCKETNAME),
        )
        for inode, held in found.items()
    ]  # fmt: skip


def net_tables() -> frozenset[str]:
    """Names of the tables that this system tells; of UNIX sockets where there is ``/proc/PID/fdinfo``."""
    names = {"tcp", "tcp6", "udp", "udp6", "route", "ipv6_route", "snmp", "igmp", "igmp6"}
    return frozenset(names | ({"unix"} if fdinfo.there() else set()))
