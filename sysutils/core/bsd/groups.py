"""Multicast groups that the interfaces of macOS and FreeBSD are in, by getifmaddrs(3)."""

import ctypes
import os
import socket
import sys
from collections.abc import Iterator, Mapping

from sysutils.core import _native
from sysutils.core._ntuples import smcastgroup
from sysutils.core.bsd import routes
from sysutils.core.posix import ifaddrs


class ifmaddrs(ctypes.Structure):
    """``struct ifmaddrs``."""

    _fields_ = (
        ("ifma_next", ctypes.c_void_p),
        ("ifma_name", ctypes.c_void_p),
        ("ifma_addr", ctypes.c_void_p),
        ("ifma_lladdr", ctypes.c_void_p),
    )


def _address(place: int | None) -> bytes:
    """A ``struct sockaddr``, which begins with its length."""
    return ctypes.string_at(place, ctypes.string_at(place, 1)[0]) if place else b""


def _each() -> Iterator[tuple[bytes, bytes]]:
    """The interface's address of the link layer, and the group's."""
    first = ctypes.c_void_p()
    ask = _native.function("c", "getifmaddrs", ctypes.c_int, ctypes.c_void_p)
    give_back = _native.function("c", "freeifmaddrs", None, ctypes.c_void_p)
    if ask(ctypes.byref(first)) != 0:
        raise _native.os_error(_native.last_error())
    try:
        place = first.value
        while place:
            entry = ifmaddrs.from_address(place)
            yield _address(entry.ifma_name), _address(entry.ifma_addr)
            place = entry.ifma_next
    finally:
        give_back(first)


def multicast_groups(inet6: int, names: Mapping[int, str]) -> list[smcastgroup]:
    """The groups of IPv4, then those of IPv6; how many sockets joined is not told. ``inet6`` is the system's
    AF_INET6, ``names`` are the interfaces' by their numbers. Raises OSError."""
    found: dict[int, list[smcastgroup]] = {socket.AF_INET: [], socket.AF_INET6: []}
    for link, group in _each():
        kind = ifaddrs.family_of(group)
        if kind not in {ifaddrs.AF_INET, inet6}:
            continue
        family = socket.AF_INET if kind == ifaddrs.AF_INET else socket.AF_INET6
        text = routes.inet(group) if family == socket.AF_INET else routes.inet6(group)
        found[family].append(smcastgroup(family, _name(link, names), None, text))
    return [row for rows in found.values() for row in rows]


def _name(link: bytes, names: Mapping[int, str]) -> str:
    """The name in a ``struct sockaddr_dl``, or by the number in it."""
    if len(link) < 8:
        return "*"
    told = os.fsdecode(link[8 : 8 + link[5]])
    return told or names.get(int.from_bytes(link[2:4], sys.byteorder), "*")
