"""Sockets by the number that descriptors tell (``/proc/PID/fdinfo``): of processes that we may look at."""

from collections.abc import Iterable

from sysutils.core._ntuples import addr, snetsock, sopensocket
from sysutils.core.sunos import fdinfo, sockets

_CONNECTED, _UNCONNECTED = 3, 1


#: families of sockets that no table has (AF_* of sys/socket.h)
FAMILIES = {24: "ROUTE", 27: "KEY", 30: "POLICY", 32: "PACKET"}


class OpenSockets:
    """Finds sockets by number; they are read when first asked for.

    ``protocols`` are those of the Internet sockets that may be read, as ``net_sockets`` names them; None:
    all."""

    def __init__(self, protocols: Iterable[str] | None = None) -> None:
        self._protocols = None if protocols is None else frozenset(protocols)
        self._found: dict[int, fdinfo.Told] | None = None
        self._internet: dict[int, snetsock] | None = None

    def _sockets(self) -> dict[int, fdinfo.Told]:
        if self._found is None:
            self._found = {told.head.pr_ino: told for told in fdinfo.sockets()}
        return self._found

    def internet(self, inode: int) -> snetsock | None:
        """An Internet socket."""
        return self.load().get(inode)

    def load(self) -> dict[int, snetsock]:
        """Reads the Internet sockets, where that is to be done before they are asked for."""
        if self._internet is None:
            found = {
                inode: told
                for inode, told in self._sockets().items()
                if told.protocol not in {"", "unix"}
                and (self._protocols is None or told.protocol in self._protocols)
            }
            known = {}
            if found:
                rows = sockets.net_sockets(("tcp", "tcp6", "udp", "udp6"))
                known = {(row.protocol, row.laddr, row.raddr): row for row in rows}
            self._internet = {inode: _row(inode, told, known) for inode, told in found.items()}
        return self._internet

    def other(self, inode: int) -> sopensocket | None:
        """A UNIX socket."""
        told = self._sockets().get(inode)
        if told is None or told.protocol != "unix":
            return None
        path = told.path(fdinfo.PR_SOCKETNAME) or told.path(fdinfo.PR_PEERSOCKNAME)
        state = _CONNECTED if told.connected else _UNCONNECTED
        return sopensocket("unix", inode, told.kind, 0, f"{inode:x}", path, state, False)

    def peer(self, inode: int) -> int | None:  # noqa: ARG002
        """The number of the socket that a UNIX socket is connected to, which is not told."""
        return None

    def other_end(self, inode: int) -> int | None:
        """The number of the socket on this machine at the other end of an established connection."""
        row = self.internet(inode)
        if row is None or not row.raddr.port:
            return None
        for other in self.load().values():
            if (other.protocol, other.raddr, other.laddr) == (row.protocol, row.laddr, row.raddr):
                return other.inode
        return None


def _row(inode: int, told: fdinfo.Told, known: dict[tuple[str, addr, addr], snetsock]) -> snetsock:
    protocol = told.protocol
    local, remote = told.end(fdinfo.PR_SOCKETNAME), told.end(fdinfo.PR_PEERSOCKNAME)
    row = known.get((protocol, local, remote))
    if row is not None:
        return row._replace(inode=inode)
    status, number = sockets.STATES[-6] if protocol.startswith("tcp") else sockets.NO_STATUS
    return snetsock(
        protocol, None, None, local, remote, number, status, told.head.pr_uid, inode, None
    )


def socket_protocol(pid: int, fd: int) -> str | None:
    """The family of a socket that no table has (``ROUTE``, ``KEY``); None where it can't be told."""
    try:
        told = fdinfo.read(pid, fd)
    except OSError:
        return None
    return None if told is None else FAMILIES.get(told.family)
