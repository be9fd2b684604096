"""Sockets by the number that descriptors tell: those of the processes that we may look at."""

from collections.abc import Iterable

from sysutils.core._ntuples import snetsock, sopensocket, sunixsock
from sysutils.core.darwin import libproc
from sysutils.core.darwin.sockets import NET_PROTOCOLS, net_sockets, unix_links, unix_sockets

_LISTENS = 0x10000
_ESTABLISHED = 1
#: families of sockets that no table has (AF_* of sys/socket.h)
FAMILIES = {17: "ROUTE", 27: "NDRV", 32: "SYSTEM", 40: "VSOCK"}


class OpenSockets:
    """Finds sockets by number; a table is read when first asked for one of its kind.

    ``protocols`` are the tables of Internet sockets that may be read, as ``net_sockets`` names them; None:
    all."""

    def __init__(self, protocols: Iterable[str] | None = None) -> None:
        self._protocols = NET_PROTOCOLS if protocols is None else protocols
        self._internet: dict[int, snetsock] | None = None
        self._unix: dict[int, sunixsock] | None = None
        self._peers: dict[int, int] | None = None

    def internet(self, inode: int) -> snetsock | None:
        """An Internet socket."""
        return (self._internet or self.load()).get(inode)

    def load(self) -> dict[int, snetsock]:
        """Reads the tables of Internet sockets, where that is to be done before they are asked for."""
        if self._internet is None:
            self._internet = {row.inode: row for row in net_sockets(self._protocols)}
        return self._internet

    def other(self, inode: int) -> sopensocket | None:
        """A UNIX socket."""
        if self._unix is None:
            self._unix = {row.inode: row for row in unix_sockets()}
        row = self._unix.get(inode)
        if row is None:
            return None
        listens = bool(row.flags & _LISTENS)
        state = 1 if listens else row.state
        return sopensocket("unix", inode, row.type, 0, f"{inode:x}", row.path, state, listens)

    def peer(self, inode: int) -> int | None:
        """The number of the socket that a UNIX socket is connected to."""
        if self._peers is None:
            self._peers = unix_links()
        return self._peers.get(inode)

    def other_end(self, inode: int) -> int | None:
        """The number of the socket on this machine at the other end of an established connection."""
        row = self.internet(inode)
        if row is None or row.state != _ESTABLISHED:
            return None
        for other in self.load().values():
            if (other.protocol, other.raddr, other.laddr) == (row.protocol, row.laddr, row.raddr):
                return other.inode
        return None


def socket_protocol(pid: int, fd: int) -> str | None:
    """The family of a socket that no table has (``ROUTE``, ``SYSTEM``); None where it can't be asked."""
    try:
        found = libproc.of_descriptor(
            pid, fd, libproc.PROC_PIDFDSOCKETINFO, libproc.socket_fdinfo
        ).psi
    except OSError:
        return None
    return FAMILIES.get(found.soi_family)
