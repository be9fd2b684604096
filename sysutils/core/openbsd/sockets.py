"""Sockets of OpenBSD, by ``kern.file``."""

import os
import socket
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, pconn, sconn, snetsock, ssockowner, ssockowners, sunixsock
from sysutils.core._sockets import PROTOCOLS, protocols_of, socket_type
from sysutils.core.openbsd import files, layout
from sysutils.core.openbsd.layout import kinfo_file

_NONE = ConnectionStatus.CONN_NONE
_UNCONNECTED, _CONNECTED = 1, 3
_STATUSES = [ConnectionStatus[f"CONN_{name}"] for name in layout.TCPS]
_FAMILIES = {layout.AF_INET: "", layout.AF_INET6: "6"}
_KINDS = {socket.SOCK_STREAM: "tcp", socket.SOCK_DGRAM: "udp"}
#: the numbers of netstat's states
_LINUX_STATES = {0: 7, 1: 10, 2: 2, 3: 3, 4: 1, 5: 8, 6: 4, 7: 11, 8: 9, 9: 5, 10: 6}


class _Socket(NamedTuple):
    """One open socket, as the API tells it; of a UNIX socket addresses are paths."""

    protocol: str
    laddr: Any
    raddr: Any
    status: ConnectionStatus
    found: kinfo_file


def _end(raw: Sequence[int], port: int, six: str) -> addr:
    data = struct.pack("@4I", *raw)
    text = socket.inet_ntop(socket.AF_INET6, data) if six else socket.inet_ntoa(data[:4])
    return addr(text, socket.ntohs(port & 0xFFFF))


def open_sockets(rows: Iterable[kinfo_file], protocols: Sequence[str]) -> Iterator[_Socket]:
    """The sockets of some protocols among descriptors."""
    for found in rows:
        if found.fd_fd < 0 or found.f_type != layout.DTYPE_SOCKET:
            continue
        if found.so_family == layout.AF_UNIX:
            if "unix" in protocols:
                yield _Socket("unix", os.fsdecode(found.unp_path), "", _NONE, found)
            continue
        version, kind = _FAMILIES.get(found.so_family), _KINDS.get(found.so_type)
        if version is None or kind is None or f"{kind}{version}" not in protocols:
            continue
        status = _NONE
        if kind == "tcp" and found.t_state < len(_STATUSES):
            status = _STATUSES[found.t_state]
        yield _Socket(
            f"{kind}{version}", _end(found.inp_laddru, found.inp_lport, version),
            _end(found.inp_faddru, found.inp_fport, version), status, found,
        )  # fmt: skip


def _row(found: _Socket) -> tuple[int, Any, Any, Any, Any, str]:
    family, type_ = PROTOCOLS[found.protocol]
    if found.protocol == "unix":
        kind = socket_type(found.found.so_type)
        return found.found.fd_fd, family, kind, found.laddr, found.raddr, found.status
    local, remote = found.laddr if found.laddr.port else (), found.raddr if found.raddr.port else ()
    return found.found.fd_fd, family, type_, local, remote, found.status


def net_connections(kind: str) -> list[sconn]:
    """Sockets that processes have open (``kern.file``)."""
    protocols = protocols_of(kind)
    return [
        sconn(*_row(found), found.found.p_pid) for found in open_sockets(files.every(), protocols)
    ]


def process_connections(pid: int, kind: str) -> list[pconn]:
    """Sockets of a process (``kern.file``)."""
    protocols = protocols_of(kind)
    return [pconn(*_row(found)) for found in open_sockets(files.of_process(pid), protocols)]


def net_socket(found: _Socket) -> snetsock:
    """A socket as netstat shows it; ``inode`` is the kernel's address of the socket."""
    row = found.found
    state = _LINUX_STATES.get(row.t_state, 7) if found.protocol.startswith("tcp") else 7
    return snetsock(
        found.protocol, row.so_rcv_cc, row.so_snd_cc, found.laddr, found.raddr, state, found.status,
        row.f_uid, row.f_data, None,
    )  # fmt: skip


def net_sockets(protocols: Iterable[str], timers: bool) -> list[snetsock]:  # noqa: ARG001
    """Internet sockets of each protocol; ``inode`` is the kernel's address of the socket."""
    rows: Sequence[kinfo_file] = files.every()
    seen: set[int] = set()
    answer = []
    for protocol in protocols:
        for found in open_sockets(rows, [protocol]):
            row = found.found
            known = number_of(row)
            if known in seen:
                continue  # several have it open
            seen.add(known)
            answer.append(net_socket(found))
    return answer


def unix_sockets() -> list[sunixsock]:
    """UNIX sockets that processes have open; ``inode`` is the kernel's address of the socket.

    Which ones listen is not told."""
    rows: dict[int, sunixsock] = {}
    for found in open_sockets(files.every(), ["unix"]):
        row = found.found
        known = number_of(row)
        held = rows[known].refcount + 1 if known in rows else 1
        state = _CONNECTED if row.unp_conn else _UNCONNECTED
        rows[known] = sunixsock(held, 0, socket_type(row.so_type), state, row.f_data, found.laddr)
    return list(rows.values())


def number_of(row: kinfo_file) -> int:
    """What tells a socket from others: its address, which root alone is told, else where it is open."""
    place: int = row.f_data or row.p_pid << 32 | row.fd_fd
    return place


def socket_owners() -> ssockowners:
    """Which process has which socket open, by the kernel's address of the socket."""
    owners: dict[int, ssockowner] = {}
    for row in files.every():
        if row.f_type == layout.DTYPE_SOCKET and row.fd_fd >= 0 and row.f_data:
            owners.setdefault(row.f_data, ssockowner(row.p_pid, row.fd_fd, os.fsdecode(row.p_comm)))
    return ssockowners(owners, getattr(os, "geteuid", int)() == 0)
