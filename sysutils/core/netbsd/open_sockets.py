"""Sockets by the number that descriptors tell: the kernel's address of the socket.

The kernel may keep addresses to itself (``security.expose_address``): then none is found."""

from collections.abc import Iterable

from sysutils.core._ntuples import snetsock, sopensocket
from sysutils.core.bsd import descriptors
from sysutils.core.netbsd import sockets


def _internet(protocols: Iterable[str]) -> dict[int, snetsock]:
    rows = sockets.net_sockets(protocols, False)
    return {row.inode: row for row in rows if row.inode}


def _unix() -> dict[int, sopensocket]:
    return {
        row.inode: sopensocket(
            "unix", row.inode, row.type, 0, f"{row.inode:x}", row.path, row.state, False
        )
        for row in sockets.unix_sockets()
        if row.inode
    }


def _peers() -> dict[int, int]:
    return sockets.unix_links()


class OpenSockets(descriptors.OpenSockets):
    """Finds sockets by the number that descriptors tell."""

    tables = descriptors.Tables(_internet, _unix, _peers)


def socket_protocol(pid: int, fd: int) -> str | None:  # noqa: ARG001
    """None: the kernel tells no family of a socket that no table has."""
    return None
