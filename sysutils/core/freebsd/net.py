"""Network of FreeBSD: sockets, interfaces (getifaddrs(3), SIOCGIFMEDIA)."""

import ctypes
import os
import socket
from collections.abc import Iterable, Iterator
from typing import Any

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import (
    pconn,
    sconn,
    snetsock,
    ssockowner,
    ssockowners,
    sunixsock,
)
from sysutils.core._sockets import PROTOCOLS, protocols_of, socket_type
from sysutils.core.bsd.interfaces import Interfaces
from sysutils.core.bsd.routes import RoutingTable
from sysutils.core.freebsd import files, kinfo, layout, sockets
from sysutils.core.freebsd.protocols import net_protocol_stats as net_protocol_stats  # noqa: PLC0414

_NONE = ConnectionStatus.CONN_NONE
_NOBODY: list[tuple[Any, int]] = [(None, -1)]
SIOCGIFMEDIA = 0xC0286938 if ctypes.sizeof(ctypes.c_void_p) == 4 else 0xC0306938
IFM_FDX, IFM_HDX = 0x00100000, 0x00200000
#: bit of the flags -> its name
FLAGS = (
    (0x1, "up"), (0x2, "broadcast"), (0x4, "debug"), (0x8, "loopback"), (0x10, "pointopoint"),
    (0x40, "running"), (0x80, "noarp"), (0x100, "promisc"), (0x200, "allmulti"), (0x400, "oactive"),
    (0x800, "simplex"), (0x1000, "link0"), (0x2000, "link1"), (0x4000, "link2"), (0x8000, "multicast"),
)  # fmt: skip
#: the numbers of netstat's states
_LINUX_STATES = {0: 7, 1: 10, 2: 2, 3: 3, 4: 1, 5: 8, 6: 4, 7: 11, 8: 9, 9: 5, 10: 6}
_SO_ACCEPTCONN, _ACC, _CONNECTED, _UNCONNECTED = 0x2, 0x10000, 3, 1


def inet_sockets(protocols: Iterable[str]) -> Iterator[sockets.InetSocket]:
    """The Internet sockets of some protocols, as the kernel tells them."""
    wanted = set(protocols)
    for name, read in (("tcp", sockets.tcp), ("udp", sockets.udp)):
        if wanted & {name, f"{name}6"}:
            yield from (found for found in read() if found.protocol in wanted)


def net_connections(kind: str) -> list[sconn]:
    """Sockets of the whole system; ``pid`` is None and ``fd`` -1 where nobody has one open."""
    protocols = protocols_of(kind)
    holders = sockets.holders()
    rows = []
    for found in inet_sockets(protocols):
        family, type_ = PROTOCOLS[found.protocol]
        local = found.laddr if found.laddr.port else ()
        remote = found.raddr if found.raddr.port else ()
        for pid, fd in holders.get(found.socket.xso_so, _NOBODY):
            rows.append(sconn(fd, family, type_, local, remote, found.status, pid))
    if "unix" in protocols:
        for block in sockets.unix():
            path, type_ = sockets.unix_path(block), socket_type(block.xu_socket.so_type)
            for pid, fd in holders.get(block.xu_socket.xso_so, _NOBODY):
                rows.append(sconn(fd, PROTOCOLS["unix"][0], type_, path, "", _NONE, pid))
    return rows


def process_connections(pid: int, kind: str) -> list[pconn]:
    """Sockets of a process (``kern.proc.filedesc``). Needs the owner's rights."""
    wanted = {PROTOCOLS[name]: name for name in protocols_of(kind)}
    kinds = {name for name in wanted.values() if name.startswith("tcp")}
    states = sockets.states_by_block() if kinds else {}
    rows = []
    for row in files.descriptors(pid):
        if row.kf_fd < 0 or row.entry.kf_type != layout.KF_TYPE_SOCKET:
            continue
        found = row.entry.kf_un.kf_sock
        type_ = socket_type(found.kf_sock_type0)
        if found.kf_sock_domain0 == layout.AF_UNIX:
            family, local, remote = (
                PROTOCOLS["unix"][0],
                _path(found.kf_sa_local),
                _path(found.kf_sa_peer),
            )
            if "unix" not in wanted.values():
                continue
            rows.append(pconn(row.kf_fd, family, type_, local or remote, "", _NONE))
            continue
        family = {layout.AF_INET: socket.AF_INET, layout.AF_INET6: socket.AF_INET6}.get(
            found.kf_sock_domain0
        )
        if family is None or (family, type_) not in wanted:
            continue
        status = states.get(found.kf_sock_pcb, _NONE) if type_ == socket.SOCK_STREAM else _NONE
        local_end = sockets.address_of(bytes(found.kf_sa_local))
        remote_end = sockets.address_of(bytes(found.kf_sa_peer))
        rows.append(pconn(row.kf_fd, family, type_, local_end, remote_end, status))
    return rows


def _path(address: layout.sockaddr_storage) -> str:
    return sockets.path_of(bytes(address))


# --- as netstat shows them


def net_socket(found: sockets.InetSocket) -> snetsock:
    """A socket as netstat shows it; ``inode`` is the kernel's address of the socket."""
    end = found.socket
    listening = found.status == ConnectionStatus.CONN_LISTEN
    state = 7 if found.state is None else _LINUX_STATES.get(found.state, 7)
    return snetsock(
        found.protocol, end.so_qlen if listening else end.so_rcv.sb_cc,
        end.so_qlimit if listening else end.so_snd.sb_cc, found.laddr, found.raddr, state, found.status,
        end.so_uid, end.xso_so, None,
    )  # fmt: skip


def net_sockets(protocols: Iterable[str], timers: bool) -> list[snetsock]:  # noqa: ARG001
    """Internet sockets of each protocol; ``inode`` is the kernel's address of the socket."""
    return [net_socket(found) for protocol in protocols for found in inet_sockets([protocol])]


def unix_sockets() -> list[sunixsock]:
    """UNIX sockets; ``inode`` is the kernel's address of the socket."""
    rows = []
    counts = sockets.holders()
    for found in sockets.unix():
        end = found.xu_socket
        flags = _ACC if end.so_options & _SO_ACCEPTCONN else 0
        state = _CONNECTED if found.unp_conn else _UNCONNECTED
        held = len(counts.get(end.xso_so, ()))
        path = sockets.unix_path(found)
        rows.append(sunixsock(held, flags, socket_type(end.so_type), state, end.xso_so, path))
    return rows


def socket_owners() -> ssockowners:
    """Which process has which socket open, by the kernel's address of the socket."""
    names = {info.pid: info.comm for info in kinfo.every()}
    found = {
        place: ssockowner(*held[0], names.get(held[0][0]))
        for place, held in sockets.holders().items()
    }
    return ssockowners(found, getattr(os, "geteuid", int)() == 0)


# --- interfaces

_interfaces = Interfaces(
    layout.if_data,
    layout.ifmediareq,
    SIOCGIFMEDIA,
    IFM_FDX,
    IFM_HDX,
    layout.AF_INET6,
    layout.AF_LINK,
    FLAGS,
)
net_if_addrs = _interfaces.net_if_addrs
net_io_counters = _interfaces.net_io_counters
net_if_stats = _interfaces.net_if_stats
net_interfaces = _interfaces.net_interfaces
net_if_details = _interfaces.net_if_details

_routes = RoutingTable(
    layout.PF_ROUTE, layout.rt_msghdr, layout.ROUTE_UNIT, layout.RTF_LLINFO, layout.AF_INET6,
    layout.AF_LINK, "rmx_pksent",
)  # fmt: skip
net_routes = _routes.net_routes
net_routes6 = _routes.net_routes6
