"""Sockets by the number that descriptors tell."""

from collections.abc import Iterable

from sysutils.core._ntuples import snetsock, sopensocket
from sysutils.core.windows.sockets import net_sockets

_ESTABLISHED = 1
_TABLES = ("tcp", "tcp6", "udp", "udp6")


class OpenSockets:
    """Finds sockets by number; the tables are read when first asked for one.

    ``protocols`` are the tables that may be read, as ``net_sockets`` names them; None: all."""

    def __init__(self, protocols: Iterable[str] | None = None) -> None:
        self._protocols = _TABLES if protocols is None else protocols
        self._internet: dict[int, snetsock] | None = None

    def internet(self, inode: int) -> snetsock | None:
        """An Internet socket."""
        return self.load().get(inode)

    def load(self) -> dict[int, snetsock]:
        """Reads the tables, where that is to be done before they are asked for."""
        if self._internet is None:
            self._internet = {row.inode: row for row in net_sockets(self._protocols)}
        return self._internet

    def other(self, inode: int) -> sopensocket | None:
        """None: Windows lists no others."""
        del inode
        return None

    def peer(self, inode: int) -> int | None:
        """None: Windows does not tell who is connected to a UNIX socket."""
        del inode
        return None

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
    """None: Windows does not tell of sockets that no table has."""
    del pid, fd
    return None
