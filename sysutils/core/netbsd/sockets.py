"""Sockets of NetBSD, by ``net.*.pcblist`` and ``kern.file2``."""

import ctypes
import os
import socket
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, pconn, sconn, snetsock, ssockowner, ssockowners, sunixsock
from sysutils.core._sockets import PROTOCOLS, protocols_of, socket_type
from sysutils.core.bsd import sysctl
from sysutils.core.netbsd import files, kinfo, layout
from sysutils.core.netbsd.layout import kinfo_file, kinfo_pcb

_NONE = ConnectionStatus.CONN_NONE
_STATUSES = [ConnectionStatus[f"CONN_{name}"] for name in layout.TCPS]
#: the numbers of netstat's states
_LINUX_STATES = {0: 7, 1: 10, 2: 2, 3: 3, 4: 1, 5: 8, 6: 4, 7: 11, 8: 9, 9: 5, 10: 6}
_UNCONNECTED, _CONNECTING, _CONNECTED = 1, 2, 3
_LISTS = {
    "tcp": ("net.inet.tcp.pcblist",), "tcp6": ("net.inet6.tcp6.pcblist",),
    "udp": ("net.inet.udp.pcblist",), "udp6": ("net.inet6.udp6.pcblist",),
    "unix": tuple(f"net.local.{kind}.pcblist" for kind in ("stream", "seqpacket", "dgram")),
}  # fmt: skip
_SIZE = ctypes.sizeof(kinfo_pcb)


class _Socket(NamedTuple):
    """One socket, as the API tells it; of a UNIX socket addresses are paths."""

    protocol: str
    laddr: Any
    raddr: Any
    status: ConnectionStatus
    found: kinfo_pcb


def _end(raw: bytes, six: bool) -> addr:
    """IP address and port in a ``struct sockaddr``."""
    text = socket.inet_ntop(socket.AF_INET6, raw[8:24]) if six else socket.inet_ntoa(raw[4:8])
    return addr(text, struct.unpack("!H", raw[2:4])[0])


def _path(raw: bytes) -> str:
    return os.fsdecode(raw[2 : max(2, raw[0])].partition(b"\0")[0])


def _blocks(name: str) -> Sequence[kinfo_pcb]:
    try:
        place = (*sysctl.numbers_of(name), layout.PCB_ALL, 0, _SIZE)
    except FileNotFoundError:
        return ()  # a kernel without that protocol
    return sysctl.structures(sysctl.read_counted(place, _SIZE), kinfo_pcb)


def _sockets(protocols: Iterable[str]) -> Iterator[_Socket]:
    for protocol in protocols:
        six = protocol.endswith("6")
        for name in _LISTS[protocol]:
            for found in _blocks(name):
                ends = bytes(found.ki_spad), bytes(found.ki_dpad)
                if protocol == "unix":
                    yield _Socket(protocol, _path(ends[0]), _path(ends[1]), _NONE, found)
                    continue
                status = _NONE
                if protocol.startswith("tcp") and 0 <= found.ki_tstate < len(_STATUSES):
                    status = _STATUSES[found.ki_tstate]
                yield _Socket(protocol, _end(ends[0], six), _end(ends[1], six), status, found)


def _row(found: _Socket) -> tuple[Any, Any, Any, Any, str]:
    family, type_ = PROTOCOLS[found.protocol]
    if found.protocol == "unix":
        return family, socket_type(found.found.ki_type), found.laddr, found.raddr, found.status
    local, remote = found.laddr if found.laddr.port else (), found.raddr if found.raddr.port else ()
    return family, type_, local, remote, found.status


def _holders(rows: Iterable[kinfo_file]) -> dict[int, list[kinfo_file]]:
    """Kernel address of a socket -> the descriptors that it is open at.

    The kernel may keep addresses to itself (``security.expose_address``): then nobody is known."""
    found: dict[int, list[kinfo_file]] = {}
    for row in rows:
        if row.ki_ftype == layout.DTYPE_SOCKET and row.ki_fdata:
            found.setdefault(row.ki_fdata, []).append(row)
    return found


def net_connections(kind: str) -> list[sconn]:
    """Sockets of the whole system; ``pid`` is None and ``fd`` -1 where nobody is known to have one open."""
    holders = _holders(files.every())
    rows = []
    for found in _sockets(protocols_of(kind)):
        known = _row(found)
        held = holders.get(found.found.ki_sockaddr, [])
        rows += [sconn(row.ki_fd, *known, row.ki_pid) for row in held] or [sconn(-1, *known, None)]
    return rows


def process_connections(pid: int, kind: str) -> list[pconn]:
    """Sockets of a process."""
    holders = _holders(files.of_process(pid))
    if not holders:
        return []
    return [
        pconn(row.ki_fd, *_row(found))
        for found in _sockets(protocols_of(kind))
        for row in holders.get(found.found.ki_sockaddr, ())
    ]


# --- as netstat shows them


def net_sockets(protocols: Iterable[str], timers: bool) -> list[snetsock]:  # noqa: ARG001
    """Internet sockets of each protocol; ``inode`` is the kernel's address of the socket.

    ``uid`` is that of who opened it, 0 where the kernel does not tell."""
    users = {place: rows[0].ki_fuid for place, rows in _holders(files.every()).items()}
    rows = []
    for protocol in protocols:
        for found in _sockets([protocol]):
            end = found.found
            state = _LINUX_STATES.get(end.ki_tstate, 7) if protocol.startswith("tcp") else 7
            rows.append(
                snetsock(
                    protocol, end.ki_rcvq, end.ki_sndq, found.laddr, found.raddr, state, found.status,
                    users.get(end.ki_sockaddr, 0), end.ki_sockaddr, None,
                )
            )  # fmt: skip
    return rows


def unix_sockets() -> list[sunixsock]:
    """UNIX sockets; ``inode`` is the kernel's address of the socket. Which ones listen is not told."""
    holders = _holders(files.every())
    return [_unix(found, holders) for found in _sockets(["unix"])]


def _unix(found: _Socket, holders: dict[int, list[kinfo_file]]) -> sunixsock:
    end = found.found
    state = _UNCONNECTED
    if end.ki_sostate & layout.SS_ISCONNECTED:
        state = _CONNECTED
    elif end.ki_sostate & layout.SS_ISCONNECTING:
        state = _CONNECTING
    held = len(holders.get(end.ki_sockaddr, ()))
    return sunixsock(held, 0, socket_type(end.ki_type), state, end.ki_sockaddr, found.laddr)


def unix_links() -> dict[int, int]:
    """Kernel address of a UNIX socket -> that of the one it is connected to."""
    rows = [found.found for found in _sockets(["unix"])]
    blocks = {row.ki_pcbaddr: row.ki_sockaddr for row in rows if row.ki_pcbaddr}
    return {row.ki_sockaddr: blocks[row.ki_conn] for row in rows if row.ki_conn in blocks}


def socket_owners() -> ssockowners:
    """Which process has which socket open, by the kernel's address of the socket."""
    names = {info.pid: info.comm for info in kinfo.every()}
    owners = {
        place: ssockowner(rows[0].ki_pid, rows[0].ki_fd, names.get(rows[0].ki_pid))
        for place, rows in _holders(files.every()).items()
    }
    return ssockowners(owners, getattr(os, "geteuid", int)() == 0)
