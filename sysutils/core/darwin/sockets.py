"""Sockets of macOS: those of the processes that we may look at (libproc)."""

import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sysutils.core._enums import ConnectionStatus
from sysutils.core._errors import AccessDenied, ZombieProcess
from sysutils.core._ntuples import (
    addr,
    pconn,
    sconn,
    snetsock,
    ssockowner,
    ssockowners,
    sunixsock,
)
from sysutils.core._sockets import PROTOCOLS, new_addr, new_pconn, protocols_of, socket_type
from sysutils.core.darwin import libproc, pid_records
from sysutils.core.darwin.libproc import socket_info

AF_UNIX, AF_INET, AF_INET6 = 1, 2, 30
SO_ACCEPTCONN = 0x2
SS_ISCONNECTED = 0x2
SOCK_STREAM, SOCK_DGRAM = 1, 2
SUN_PATH = 2  # after length and family

_NONE = ConnectionStatus.CONN_NONE
#: TSI_S_* -> status, and the number that Linux has for it
STATES = {
    0: (ConnectionStatus.CONN_CLOSE, 7), 1: (ConnectionStatus.CONN_LISTEN, 10),
    2: (ConnectionStatus.CONN_SYN_SENT, 2), 3: (ConnectionStatus.CONN_SYN_RECV, 3),
    4: (ConnectionStatus.CONN_ESTABLISHED, 1), 5: (ConnectionStatus.CONN_CLOSE_WAIT, 8),
    6: (ConnectionStatus.CONN_FIN_WAIT1, 4), 7: (ConnectionStatus.CONN_CLOSING, 11),
    8: (ConnectionStatus.CONN_LAST_ACK, 9), 9: (ConnectionStatus.CONN_FIN_WAIT2, 5),
    10: (ConnectionStatus.CONN_TIME_WAIT, 6),
}  # fmt: skip
_PROTOCOL_OF = {
    (AF_INET, SOCK_STREAM): "tcp", (AF_INET6, SOCK_STREAM): "tcp6",
    (AF_INET, SOCK_DGRAM): "udp", (AF_INET6, SOCK_DGRAM): "udp6",
}  # fmt: skip


class Open(NamedTuple):
    """A socket that a process has open."""

    pid: int
    fd: int
    protocol: str
    found: socket_info


def _of_process(pid: int, protocols: Iterable[str]) -> Iterator[Open]:
    """The sockets of these protocols. Raises OSError."""
    for one in libproc.descriptors(pid):
        if one.proc_fdtype != libproc.PROX_FDTYPE_SOCKET:
            continue
        try:
            found = libproc.of_descriptor(
                pid, one.proc_fd, libproc.PROC_PIDFDSOCKETINFO, libproc.socket_fdinfo
            ).psi
        except OSError:
            continue  # closed meanwhile
        protocol = protocol_of(found)
        if protocol in protocols:
            yield Open(pid, one.proc_fd, protocol, found)


def protocol_of(found: socket_info) -> str:
    """``tcp``, ``udp6``, ``unix``, …; empty for others."""
    if found.soi_family == AF_UNIX:
        return "unix"
    kind = _PROTOCOL_OF.get((found.soi_family, found.soi_type), "")
    tcp = found.soi_kind == libproc.SOCKINFO_TCP
    return kind if tcp == kind.startswith("tcp") else ""


def _of_all(protocols: Iterable[str], denied: Callable[[int], None]) -> Iterator[Open]:
    """The sockets of all processes; ``denied`` is called with those that we may not look at."""
    wanted = frozenset(protocols)
    for pid in pid_records.pids():
        try:
            yield from _of_process(pid, wanted)
        except PermissionError:
            denied(pid)
        except (OSError, ZombieProcess):
            continue  # gone meanwhile, or over


def addresses(found: socket_info) -> tuple[addr, addr, Any, int]:
    """The two ends of an Internet socket, its status, and Linux' number for that."""
    tcp = found.soi_kind == libproc.SOCKINFO_TCP
    proto = found.soi_proto
    ends = proto.pri_tcp.tcpsi_ini if tcp else proto.pri_in
    six = found.soi_family == AF_INET6
    local = _end(bytes(ends.insi_laddr), ends.insi_lport, six, ends.insi_vflag)
    remote = _end(bytes(ends.insi_faddr), ends.insi_fport, six, ends.insi_vflag)
    status, number = _NONE, 1 if remote.port else 7
    if tcp:
        status, number = STATES.get(proto.pri_tcp.tcpsi_state, (_NONE, 7))
    return local, remote, status, number


def _end(raw: bytes, port: int, six: bool, version: int) -> addr:
    if not six:
        text = socket.inet_ntop(socket.AF_INET, raw[12:])
    else:
        if version == libproc.INI_IPV4 and not any(raw[:12]) and any(raw[12:]):
            raw = bytes(10) + b"\xff\xff" + raw[12:]  # the other end speaks IPv4
        text = socket.inet_ntop(socket.AF_INET6, raw)
    # in network order, in the lower half of an int
    swapped = int.from_bytes((port & 0xFFFF).to_bytes(2, sys.byteorder), "big")
    return new_addr((text, swapped))


def _path(address: Any) -> str:
    raw = bytes(address)
    length = raw[0]
    return libproc.text(raw[SUN_PATH : max(length, SUN_PATH)].partition(b"\0")[0])


def _row(one: Open) -> tuple[int, Any, Any, Any, Any, Any]:
    family, kind = PROTOCOLS[one.protocol]
    if one.protocol == "unix":
        un = one.found.soi_proto.pri_un
        kind = socket_type(one.found.soi_type)
        return one.fd, family, kind, _path(un.unsi_addr), _path(un.unsi_caddr), _NONE
    local, remote, status, _ = addresses(one.found)
    return one.fd, family, kind, local, remote if remote.port else (), status


def process_connections(pid: int, kind: str) -> list[pconn]:
    """The sockets of ``kind`` that a process has (``proc_pidfdinfo``). Raises OSError, ValueError."""
    wanted = protocols_of(kind)
    return [new_pconn(_row(one)) for one in _of_process(pid, wanted)]


def net_connections(kind: str) -> list[sconn]:
    """The sockets of ``kind`` of all processes. Raises AccessDenied where there is one whose sockets we may
    not see: only root may see all."""
    wanted = protocols_of(kind)

    def denied(pid: int) -> None:
        raise AccessDenied(pid)

    return [sconn(*_row(one), one.pid) for one in _of_all(wanted, denied)]


# ---- what netstat shows


def _ignored(_: int) -> None:
    """Of a process that we may not look at, no sockets."""


def net_sockets(protocols: Iterable[str], timers: bool = False) -> list[snetsock]:  # noqa: ARG001
    """Internet sockets of the processes that we may look at; timers are not told.

    Raises ValueError for another protocol."""
    wanted = list(protocols)
    for protocol in wanted:
        if protocol not in NET_PROTOCOLS:
            raise ValueError(f"invalid protocol {protocol!r}; valid ones are: {NET_PROTOCOLS}")
    once = {one.found.soi_so: one for one in _of_all(wanted, _ignored)}
    rows = [_shown(one) for one in once.values()]
    return [row for protocol in wanted for row in rows if row.protocol == protocol]


NET_PROTOCOLS = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6")


def _shown(one: Open) -> snetsock:
    found = one.found
    local, remote, status, number = addresses(found)
    queues = found.soi_rcv.sbi_cc, found.soi_snd.sbi_cc
    if status == ConnectionStatus.CONN_LISTEN:
        queues = found.soi_qlen, found.soi_qlimit
    return snetsock(
        one.protocol, *queues, local, remote, number, status, found.soi_stat.vst_uid, found.soi_so,
        None,
    )  # fmt: skip


def unix_sockets() -> list[sunixsock]:
    """UNIX sockets of the processes that we may look at; ``refcount`` is how often they are open."""
    opened: dict[int, list[Open]] = {}
    for one in _of_all(("unix",), _ignored):
        opened.setdefault(one.found.soi_so, []).append(one)
    rows = []
    for inode, holders in opened.items():
        found = holders[0].found
        un = found.soi_proto.pri_un
        listens = bool(found.soi_options & SO_ACCEPTCONN)
        connected = bool(found.soi_state & SS_ISCONNECTED)
        rows.append(
            sunixsock(
                len(holders), 0x10000 if listens else 0, socket_type(found.soi_type),
                3 if connected else 1, inode, _path(un.unsi_addr),
            )
        )  # fmt: skip
    return rows


def unix_links() -> dict[int, int]:
    """UNIX socket -> the one that it is connected to."""
    found = {
        one.found.soi_so: one.found.soi_proto.pri_un.unsi_conn_so
        for one in _of_all(("unix",), _ignored)
    }
    return {inode: peer for inode, peer in found.items() if peer}


def socket_owners() -> ssockowners:
    """Which process has which socket open; incomplete where we may not look at one."""
    forbidden: list[int] = []
    owners: dict[int, ssockowner] = {}
    programs: dict[int, str | None] = {}
    for one in _of_all((*_PROTOCOL_OF.values(), "unix"), forbidden.append):
        if one.pid not in programs:
            programs[one.pid] = _program(one.pid)
        owner = ssockowner(one.pid, one.fd, programs[one.pid])
        owners.setdefault(one.found.soi_so, owner)
    return ssockowners(owners, not forbidden)


def _program(pid: int) -> str | None:
    records = pid_records.of_process(pid)
    try:
        return libproc.text(records.arguments[0][0])
    except (OSError, ZombieProcess, IndexError):
        return None


def net_tables() -> frozenset[str]:
    """Names of the tables of sockets that this system tells."""
    return frozenset(
        {"tcp", "tcp6", "udp", "udp6", "unix", "route", "ipv6_route", "snmp", "igmp", "igmp6"}
    )
