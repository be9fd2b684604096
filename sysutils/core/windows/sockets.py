"""Internet sockets and the processes that own them: GetExtendedTcpTable, GetExtendedUdpTable."""

import ctypes
import socket
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, pconn, sconn
from sysutils.core._socket_tables import SocketTables
from sysutils.core._sockets import PROTOCOLS, protocols_of
from sysutils.core.windows import errors
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u32, pointer = ctypes.c_uint32, ctypes.c_void_p
_TCP_OWNER_PID_ALL, _UDP_OWNER_PID = 5, 1  # TCP_TABLE_CLASS, UDP_TABLE_CLASS
_AF_INET, _AF_INET6 = 2, 23

MIB_TCPROW_OWNER_PID = Layout(
    "MIB_TCPROW_OWNER_PID",
    "dwState:I dwLocalAddr:b4 dwLocalPort:I dwRemoteAddr:b4 dwRemotePort:I dwOwningPid:I",
)
MIB_TCP6ROW_OWNER_PID = Layout(
    "MIB_TCP6ROW_OWNER_PID",
    "ucLocalAddr:b16 dwLocalScopeId:I dwLocalPort:I ucRemoteAddr:b16 dwRemoteScopeId:I dwRemotePort:I"
    " dwState:I dwOwningPid:I",
)
MIB_UDPROW_OWNER_PID = Layout("MIB_UDPROW_OWNER_PID", "dwLocalAddr:b4 dwLocalPort:I dwOwningPid:I")
MIB_UDP6ROW_OWNER_PID = Layout(
    "MIB_UDP6ROW_OWNER_PID", "ucLocalAddr:b16 dwLocalScopeId:I dwLocalPort:I dwOwningPid:I"
)

_tcp_table = declare("iphlpapi", "GetExtendedTcpTable", u32, pointer, pointer, u32, u32, u32, u32)
_udp_table = declare("iphlpapi", "GetExtendedUdpTable", u32, pointer, pointer, u32, u32, u32, u32)

#: MIB_TCP_STATE_*
STATES = {
    1: ConnectionStatus.CONN_CLOSE, 2: ConnectionStatus.CONN_LISTEN, 3: ConnectionStatus.CONN_SYN_SENT,
    4: ConnectionStatus.CONN_SYN_RECV, 5: ConnectionStatus.CONN_ESTABLISHED,
    6: ConnectionStatus.CONN_FIN_WAIT1, 7: ConnectionStatus.CONN_FIN_WAIT2,
    8: ConnectionStatus.CONN_CLOSE_WAIT, 9: ConnectionStatus.CONN_CLOSING,
    10: ConnectionStatus.CONN_LAST_ACK, 11: ConnectionStatus.CONN_TIME_WAIT,
}  # fmt: skip
if sys.platform == "win32":
    STATES[12] = ConnectionStatus.CONN_DELETE_TCB
#: protocol -> function, family, table class, row
_TABLES: dict[str, tuple[Any, int, int, Layout]] = {
    "tcp": (_tcp_table, _AF_INET, _TCP_OWNER_PID_ALL, MIB_TCPROW_OWNER_PID),
    "tcp6": (_tcp_table, _AF_INET6, _TCP_OWNER_PID_ALL, MIB_TCP6ROW_OWNER_PID),
    "udp": (_udp_table, _AF_INET, _UDP_OWNER_PID, MIB_UDPROW_OWNER_PID),
    "udp6": (_udp_table, _AF_INET6, _UDP_OWNER_PID, MIB_UDP6ROW_OWNER_PID),
}


class Socket(NamedTuple):
    """One socket: its ends, its state as Windows numbers it (0 for none), its owner's pid."""

    local: tuple[str, int]
    remote: tuple[str, int] | None
    state: int
    pid: int


def _table(protocol: str) -> tuple[bytes, Layout]:
    """The rows of a protocol; they grow between two tries or not."""
    ask, family, kind, form = _TABLES[protocol]
    size = u32(0x4000)
    while True:
        room = ctypes.create_string_buffer(size.value)
        code = ask(room, ctypes.addressof(size), 0, family, kind, 0)
        if code != errors.INSUFFICIENT_BUFFER:
            break
        size.value += size.value // 4
    if code:
        raise errors.of_code(code, "GetExtendedTable")
    return room.raw, form


def _port(word: int) -> int:
    """A port, whose two bytes are in the network's order."""
    return (word & 0xFF) << 8 | word >> 8 & 0xFF


def _ip(data: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def parse_table(data: bytes, form: Layout) -> Iterator[Socket]:
    """The sockets of a table: their number, then rows; rows that are cut off are left out."""
    count = int.from_bytes(data[:4], "little")
    for at in range(min(count, (len(data) - 4) // form.size)):
        row = form.read(data, 4 + at * form.size)
        local = getattr(row, "dwLocalAddr", None) or row.ucLocalAddr
        remote = None
        if hasattr(row, "dwState"):
            other = getattr(row, "dwRemoteAddr", None) or row.ucRemoteAddr
            remote = _ip(other), _port(row.dwRemotePort)
        state = getattr(row, "dwState", 0)
        yield Socket((_ip(local), _port(row.dwLocalPort)), remote, state, row.dwOwningPid)


def sockets(protocol: str) -> Iterator[Socket]:
    """The sockets of a protocol: tcp, tcp6, udp, udp6. Raises OSError."""
    return parse_table(*_table(protocol))


def _rows(kind: str) -> Iterator[tuple[Any, ...]]:
    for protocol in protocols_of(kind):
        if protocol in _TABLES:
            family, type_ = PROTOCOLS[protocol]
            for row in sockets(protocol):
                # where nothing listens or is connected there is no other end
                there = row.remote is not None and row.remote[1]
                remote: Any = addr(*row.remote) if there and row.remote else ()
                status = STATES.get(row.state, ConnectionStatus.CONN_NONE)
                yield -1, family, type_, addr(*row.local), remote, status, row.pid


def net_connections(kind: str) -> list[sconn]:
    """Sockets of the whole system; ``fd`` is -1, ``pid`` the owner's, 0 for sockets that nobody has."""
    return [sconn(*row) for row in dict.fromkeys(_rows(kind))]


def process_connections(pid: int, kind: str) -> list[pconn]:
    """Sockets of a process."""
    return [pconn(*row[:-1]) for row in dict.fromkeys(_rows(kind)) if row[-1] == pid]


def _program(pid: int) -> str | None:
    """Name of a process's program."""
    from sysutils.core.windows import facts, records

    try:
        return facts.comm(records.open_process(pid))
    except OSError:
        return None


_tables = SocketTables(net_connections, _program)
net_sockets = _tables.net_sockets
socket_owners = _tables.socket_owners
number_of = _tables.number_of
