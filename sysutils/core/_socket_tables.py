"""netstat's tables of sockets, made of psutil's rows, for systems that tell no more."""

from collections.abc import Callable, Iterable
from typing import Any

from sysutils.core._ntuples import addr, sconn, snetsock, ssockowner, ssockowners
from sysutils.core._sockets import PROTOCOLS

_NOWHERE = {"4": addr("0.0.0.0", 0), "6": addr("::", 0)}
#: the numbers that Linux' kernel has for the states of a TCP socket, which netstat's users know
_STATES = {
    "ESTABLISHED": 1, "SYN_SENT": 2, "SYN_RECV": 3, "FIN_WAIT1": 4, "FIN_WAIT2": 5, "TIME_WAIT": 6,
    "CLOSE": 7, "CLOSE_WAIT": 8, "LAST_ACK": 9, "LISTEN": 10, "CLOSING": 11,
}  # fmt: skip


class SocketTables:
    """``net_sockets`` and ``socket_owners`` by what ``net_connections(kind)`` tells.

    Queues and owners are not known; an ``inode`` is a number that the socket has in this process alone."""

    def __init__(
        self, connections: Callable[[str], list[sconn]], program: Callable[[int], str | None]
    ) -> None:
        self._connections = connections
        self._program = program
        self._numbers: dict[Any, int] = {}

    def number_of(self, row: sconn) -> int:
        """The number of a socket by psutil's row of it."""
        key = (row.family, row.type, row.laddr, row.raddr)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def net_sockets(self, protocols: Iterable[str], timers: bool = False) -> list[snetsock]:  # noqa: ARG002
        """The Internet sockets of each protocol; of protocols that psutil does not know, none."""
        rows = []
        for protocol in protocols:
            if protocol not in PROTOCOLS:
                continue
            six = protocol.endswith("6")
            nowhere = _NOWHERE["6" if six else "4"]
            for row in self._connections(protocol if six else f"{protocol}4"):
                state = _STATES.get(row.status, 1 if row.raddr else 7)
                rows.append(
                    snetsock(
                        protocol, None, None, row.laddr or nowhere, row.raddr or nowhere, state, row.status,
                        None, 0 if row.pid is None else self.number_of(row), None,
                    )
                )  # fmt: skip
        return rows

    def socket_owners(self) -> ssockowners:
        """The process of each socket that has one; incomplete where one has none."""
        rows = self._connections("inet")
        found: dict[int, ssockowner] = {}
        for row in rows:
            if row.pid is not None:
                owner = ssockowner(row.pid, row.fd, self._program(row.pid))
                found.setdefault(self.number_of(row), owner)
        return ssockowners(found, all(row.pid is not None for row in rows))
