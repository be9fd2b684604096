"""Lists as getifaddrs(3) of the BSDs makes them."""

from __future__ import annotations

import ctypes
from typing import Any

from sysutils.core.bsd.groups import ifmaddrs
from sysutils.core.posix import ifaddrs

#: name, flags, address, netmask, broadcast or other end
Rows = list[tuple[bytes, int, bytes, bytes, bytes]]


def chain(rows: Rows) -> tuple[int, list[Any]]:
    """The place of the first entry, and what must be kept meanwhile."""
    first, kept = 0, []
    for name, flags, *addresses in reversed(rows):
        held = [ctypes.create_string_buffer(raw, len(raw)) if raw else None for raw in addresses]
        places = [ctypes.addressof(raw) if raw else None for raw in held]
        entry = ifaddrs.ifaddrs(first or None, name, flags, *places, None)
        kept += [*held, entry]
        first = ctypes.addressof(entry)
    return first, kept


def groups(data: bytes) -> tuple[int, list[Any]]:
    """The place of the first entry of a list as getifmaddrs(3) makes it, of ``struct lab_group``s."""
    first, kept, step = 0, [], 48
    for at in reversed(range(0, len(data), step)):
        held = ctypes.create_string_buffer(data[at : at + step], step)
        place = ctypes.addressof(held)
        entry = ifmaddrs(first or None, place, place + 20, None)
        kept += [held, entry]
        first = ctypes.addressof(entry)
    return first, kept


def inet(text: bytes, length: int = 16) -> bytes:
    """``struct sockaddr_in``, cut to ``length``."""
    return (bytes((length, 2, 0, 0)) + text + bytes(8))[:length]


def inet6(text: bytes, family: int = 30) -> bytes:
    """``struct sockaddr_in6``."""
    return bytes((28, family)) + bytes(6) + text + bytes(4)


def link(name: bytes, mac: bytes) -> bytes:
    """``struct sockaddr_dl``."""
    return bytes((20, 18, 1, 0, 6, len(name), len(mac), 0)) + (name + mac).ljust(12, b"\0")
