"""Kinds of sockets: what ``kind`` of ``net_connections`` selects, and how its rows are made."""

import socket
import sys
from functools import partial
from typing import Any

from sysutils.core._ntuples import addr, pconn, sconn

#: protocol -> family and type of its rows; a unix row tells its type itself
PROTOCOLS: dict[str, tuple[Any, Any]] = {
    "tcp": (socket.AF_INET, socket.SOCK_STREAM),
    "tcp6": (socket.AF_INET6, socket.SOCK_STREAM),
    "udp": (socket.AF_INET, socket.SOCK_DGRAM),
    "udp6": (socket.AF_INET6, socket.SOCK_DGRAM),
    "unix": (getattr(socket, "AF_UNIX", 1), None),
}

#: kind -> protocols, in the order in which psutil names the kinds
KINDS: dict[str, tuple[str, ...]] = {
    "all": ("tcp", "tcp6", "udp", "udp6", "unix"),
    "tcp": ("tcp", "tcp6"),
    "tcp4": ("tcp",),
    "udp": ("udp", "udp6"),
    "udp4": ("udp",),
    "inet": ("tcp", "tcp6", "udp", "udp6"),
    "inet4": ("tcp", "udp"),
    "inet6": ("tcp6", "udp6"),
    "tcp6": ("tcp6",),
    "udp6": ("udp6",),
    "unix": ("unix",),
}
if sys.platform == "win32":  # whose UNIX sockets nobody lists
    del KINDS["unix"]
    KINDS["all"] = KINDS["inet"]

# tuple.__new__ itself: a NamedTuple's own __new__ takes twice the time, and there are thousands
new_addr = partial(tuple.__new__, addr)
new_sconn = partial(tuple.__new__, sconn)
new_pconn = partial(tuple.__new__, pconn)


def protocols_of(kind: str) -> tuple[str, ...]:
    """The protocols of ``kind``. Raises ValueError naming the kinds there are."""
    kinds = tuple(KINDS)
    if kind not in kinds:  # a tuple: what cannot be hashed is a bad kind as well
        raise ValueError(f"invalid kind argument {kind!r}; valid ones are: {kinds}")
    return KINDS[kind]


_TYPES: dict[int, Any] = {}


def socket_type(number: int) -> Any:
    """The ``socket.SocketKind`` of a kernel's number; the number itself where Python has none."""
    kind = _TYPES.get(number)
    if kind is None:
        try:
            kind = socket.SocketKind(number)
        except ValueError:
            kind = number
        _TYPES[number] = kind
    return kind
