"""Sockets by the number that descriptors tell: the kernel's address of their protocol block."""

from collections.abc import Iterable

from sysutils.core._ntuples import snetsock, sopensocket
from sysutils.core.bsd import descriptors
from sysutils.core.freebsd import files, layout, net, sockets

_SO_ACCEPTCONN, _UNCONNECTED, _CONNECTED = 0x2, 1, 3


def _internet(protocols: Iterable[str]) -> dict[int, snetsock]:
    return {
        found.socket.so_pcb: net.net_socket(found)
        for found in net.inet_sockets(protocols)
        if found.socket.so_pcb
    }


def _unix() -> dict[int, sopensocket]:
    rows = {}
    for found in sockets.unix():
        number, end = found.xu_unpp, found.xu_socket
        listens = bool(end.so_options & _SO_ACCEPTCONN)
        state = _CONNECTED if found.unp_conn else _UNCONNECTED
        rows[number] = sopensocket(
            "unix", number, end.so_type, 0, f"{number:x}", sockets.unix_path(found), state, listens
        )
    return rows


def _peers() -> dict[int, int]:
    return {found.xu_unpp: found.unp_conn for found in sockets.unix() if found.unp_conn}


class OpenSockets(descriptors.OpenSockets):
    """Finds sockets by the number that descriptors tell."""

    tables = descriptors.Tables(_internet, _unix, _peers)


def socket_protocol(pid: int, fd: int) -> str | None:
    """The family of a socket that no table has (``ROUTE``); None where it can't be asked."""
    try:
        rows = [row for row in files.descriptors(pid) if row.kf_fd == fd]
    except OSError:
        return None
    domains = [
        row.entry.kf_un.kf_sock.kf_sock_domain0
        for row in rows
        if row.entry.kf_type == layout.KF_TYPE_SOCKET
    ]
    return "ROUTE" if domains == [descriptors.AF_ROUTE] else None
