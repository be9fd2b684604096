"""Which handle is which socket: the ends that a copy of it tells (getsockname), among those of its owner."""

import ctypes
import socket
import struct
from typing import NamedTuple

from sysutils.core._ntuples import addr, sconn
from sysutils.core.windows import sockets
from sysutils.core.windows.adapters import AF_INET, AF_INET6
from sysutils.core.windows.errors import declare

i32, pointer = ctypes.c_int32, ctypes.c_void_p
SOL_SOCKET, SO_TYPE = 0xFFFF, 0x1008
_ADDRESS = 128  # sizeof(SOCKADDR_STORAGE)

_option = declare("ws2_32", "getsockopt", i32, pointer, i32, i32, pointer, pointer)
_local = declare("ws2_32", "getsockname", i32, pointer, pointer, pointer)
_peer = declare("ws2_32", "getpeername", i32, pointer, pointer, pointer)


class Endpoint(NamedTuple):
    """A socket: its type (SOCK_*, None where that is not told of a copy), its ends; ``remote`` is None for
    one that is not connected."""

    type: int | None
    local: addr
    remote: addr | None


def parse_address(data: bytes) -> addr | None:
    """A SOCKADDR_IN or SOCKADDR_IN6; None for any other."""
    family, port = struct.unpack_from("<H", data)[0], struct.unpack_from(">H", data, 2)[0]
    if family == AF_INET:
        return addr(socket.inet_ntoa(data[4:8]), port)
    if family == AF_INET6:
        return addr(socket.inet_ntop(socket.AF_INET6, data[8:24]), port)
    return None


def of_socket(copy: int) -> Endpoint | None:
    """The ends of the socket that a handle is; None for what is no Internet socket."""
    kind, size = i32(), i32(4)
    typeless = _option(copy, SOL_SOCKET, SO_TYPE, ctypes.addressof(kind), ctypes.addressof(size))
    found = []
    for ask in (_local, _peer):
        room, size = ctypes.create_string_buffer(_ADDRESS), i32(_ADDRESS)
        failed = ask(copy, room, ctypes.addressof(size))
        found.append(None if failed else parse_address(room.raw))
    local, remote = found
    return None if local is None else Endpoint(None if typeless else kind.value, local, remote)


class Owned:
    """The sockets of one process, which are taken one by one."""

    def __init__(self, rows: list[sconn]) -> None:
        self._rows = rows

    def take(self, end: Endpoint) -> int | None:
        """The number of the socket with these ends; None for none, or several that may be it."""
        alike = [
            row
            for row in self._rows
            if row.laddr == end.local and end.type in {None, int(row.type)}
        ]
        if end.remote is not None or end.type is not None:
            alike = [row for row in alike if row.raddr in (end.remote, ())][:1]
        if len(alike) != 1:
            return None  # several that can't be told apart
        self._rows.remove(alike[0])
        return sockets.number_of(alike[0])

    def rest(self) -> list[int]:
        """The numbers of those that nobody took."""
        return [sockets.number_of(row) for row in self._rows]


class Sockets:
    """The Internet sockets of all processes, read once."""

    def __init__(self) -> None:
        self._rows: dict[int | None, list[sconn]] = {}
        for row in sockets.net_connections("inet"):
            self._rows.setdefault(row.pid, []).append(row)

    def of(self, pid: int) -> Owned:
        """Those of a process."""
        return Owned([*self._rows.get(pid, [])])
