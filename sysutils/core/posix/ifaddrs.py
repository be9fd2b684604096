"""Addresses of network interfaces by getifaddrs(3), as macOS and the BSDs have it."""

import ctypes
import socket
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sysutils.core import _native
from sysutils.core._enums import address_family
from sysutils.core._ntuples import snicaddr

AF_INET = 2
IFF_BROADCAST, IFF_POINTOPOINT = 0x2, 0x10


class ifaddrs(ctypes.Structure):
    """``struct ifaddrs``: a link of the list. Fields that a system has further are left out."""

    _prefix_ = True
    _fields_ = (
        ("ifa_next", ctypes.c_void_p),
        ("ifa_name", ctypes.c_char_p),
        ("ifa_flags", ctypes.c_uint),
        ("ifa_addr", ctypes.c_void_p),
        ("ifa_netmask", ctypes.c_void_p),
        ("ifa_dstaddr", ctypes.c_void_p),
        ("ifa_data", ctypes.c_void_p),
    )


class sockaddr_dl(ctypes.Structure):
    """``struct sockaddr_dl``, up to the interface's name, which the hardware address follows."""

    _prefix_ = True
    _fields_ = (
        ("sdl_len", ctypes.c_uint8),
        ("sdl_family", ctypes.c_uint8),
        ("sdl_index", ctypes.c_ushort),
        ("sdl_type", ctypes.c_uint8),
        ("sdl_nlen", ctypes.c_uint8),
        ("sdl_alen", ctypes.c_uint8),
        ("sdl_slen", ctypes.c_uint8),
    )


class Row(NamedTuple):
    """One address. Those of sockets are ``struct sockaddr`` with length and family first, or ``b""``."""

    name: str
    flags: int
    address: bytes
    netmask: bytes
    #: broadcast address, or the other end's
    other: bytes
    #: the kernel's figures of a link, where as many bytes were asked for
    data: bytes


def rows(data_size: int = 0) -> list[Row]:
    """Every address of every interface, in the kernel's order. Raises OSError."""
    first = ctypes.c_void_p()
    getifaddrs = _native.function("c", "getifaddrs", ctypes.c_int, ctypes.c_void_p)
    freeifaddrs = _native.function("c", "freeifaddrs", None, ctypes.c_void_p)
    if getifaddrs(ctypes.byref(first)) != 0:
        raise _native.os_error(_native.last_error())
    try:
        return list(_walk(first.value, data_size))
    finally:
        freeifaddrs(first)


def _walk(place: int | None, data_size: int) -> Iterator[Row]:
    while place:
        entry = ifaddrs.from_address(place)
        name = entry.ifa_name.decode(errors="surrogateescape")
        data = ctypes.string_at(entry.ifa_data, data_size) if entry.ifa_data and data_size else b""
        yield Row(
            name, entry.ifa_flags, _sockaddr(entry.ifa_addr), _sockaddr(entry.ifa_netmask),
            _sockaddr(entry.ifa_dstaddr), data,
        )  # fmt: skip
        place = entry.ifa_next


def _sockaddr(place: int | None) -> bytes:
    if not place:
        return b""
    return ctypes.string_at(place, ctypes.c_uint8.from_address(place).value)


def family_of(address: bytes) -> int:
    """The family of a ``struct sockaddr``, 0 for none."""
    return address[1] if len(address) > 1 else 0


def hardware_address(address: bytes) -> bytes:
    """The hardware address in a ``struct sockaddr_dl``."""
    if len(address) < 8:
        return b""
    start = 8 + address[5]
    return address[start : start + address[6]]


def ip_text(address: bytes, inet6: bool, name: str) -> str | None:
    """The IP address in a ``struct sockaddr``, None where there is none.

    That of a link brings the interface that it is valid on. The kernel may have cut off zeros, and may
    keep the interface's number in an address of a link."""
    if not address:
        return None
    if not inet6:
        return socket.inet_ntoa(address[4:8].ljust(4, b"\0"))
    raw = address[8:24].ljust(16, b"\0")
    scoped = raw[1] & 0xC0 == 0x80 if raw[0] == 0xFE else raw[0] == 0xFF and raw[1] & 0xF in {1, 2}
    if not scoped:
        return socket.inet_ntop(socket.AF_INET6, raw)
    return f"{socket.inet_ntop(socket.AF_INET6, raw[:2] + bytes(2) + raw[4:])}%{name}"


def net_if_addrs(inet6: int, link: int) -> dict[str, list[snicaddr]]:
    """Addresses by interface, as the façade tells them; ``inet6`` and ``link`` are the system's families.

    Of each interface in the order of the families' numbers. Raises OSError."""
    return addresses(rows(), inet6, link)


def addresses(told: Iterable[Row], inet6: int, link: int) -> dict[str, list[snicaddr]]:
    """``net_if_addrs`` of the rows that a system tells."""
    kinds: dict[int, Any] = {
        AF_INET: socket.AF_INET,
        inet6: socket.AF_INET6,
        link: getattr(socket, "AF_LINK", None) or address_family().AF_LINK,
    }
    found: dict[str, list[snicaddr]] = {}
    for row in sorted(told, key=lambda row: family_of(row.address)):
        number = family_of(row.address)
        if number not in kinds:
            continue
        if number == link:
            texts = [_link_text(raw) for raw in (row.address, row.netmask, row.other)]
        else:
            texts = [
                ip_text(raw, number == inet6, row.name)
                for raw in (row.address, row.netmask, row.other)
            ]
        address, mask, other = texts
        if address is None:
            continue
        broadcast = other if row.flags & IFF_BROADCAST else None
        ptp = other if row.flags & (IFF_BROADCAST | IFF_POINTOPOINT) == IFF_POINTOPOINT else None
        answer = snicaddr(kinds[number], address, mask, broadcast, ptp)
        found.setdefault(row.name, []).append(answer)
    return found


def _link_text(address: bytes) -> str | None:
    raw = hardware_address(address)
    return raw.ljust(6, b"\0").hex(":") if raw else None
