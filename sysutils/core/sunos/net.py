"""Network interfaces of SunOS (kstat ``link``, getifaddrs(3SOCKET), SIOCGLIFMTU).

Sockets are told by a protocol of messages through streams alone, which is not spoken here."""

import ctypes
import os
import socket
from collections.abc import Iterator
from typing import Any

from sysutils.core import _native
from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import snetio, snicaddr, snicstats
from sysutils.core.posix import ifaddrs
from sysutils.core.sunos import kstat, layout

_COUNTERS = ("obytes", "rbytes", "opackets", "ipackets", "ierrors", "oerrors")
_DUPLEX = {1: NicDuplex.NIC_DUPLEX_HALF, 2: NicDuplex.NIC_DUPLEX_FULL}
#: bytes of an address, by its family
_SIZES = {layout.AF_INET: 16, layout.AF_INET6: 32}


def _is_interface(row: kstat.Row) -> bool:
    return row.kind == layout.KSTAT_TYPE_NAMED and row.group == "net"


def _links() -> dict[str, dict[str, Any]]:
    """The figures of each link. Before Solaris 11 the driver had them under its own name."""
    links, drivers = {}, {}
    with kstat.rows(_is_interface) as rows:
        for row in rows:
            if row.module == "link":
                links[row.name] = row.named()
            elif row.name == f"{row.module}{row.instance}":
                drivers[row.name] = row.named()
    return links or drivers


def net_io_counters() -> dict[str, snetio]:
    """What each link sent and received. Nothing is told of packets dropped, nor of lo0."""
    counters = {}
    for name, figures in _links().items():
        sent, received, packets_out, packets_in, errors_in, errors_out = (
            figures.get(f"{word}64", figures.get(word)) for word in _COUNTERS
        )
        if sent is not None and received is not None:
            counters[name] = snetio(
                sent,
                received,
                packets_out or 0,
                packets_in or 0,
                errors_in or 0,
                errors_out or 0,
                0,
                0,
            )
    return counters


def _walk(place: int | None) -> Iterator[ifaddrs.Row]:
    while place:
        entry = layout.ifaddrs.from_address(place)
        yield ifaddrs.Row(
            os.fsdecode(entry.ifa_name), entry.ifa_flags, _address(entry.ifa_addr),
            _address(entry.ifa_netmask), _address(entry.ifa_dstaddr), b"",
        )  # fmt: skip
        place = entry.ifa_next


def _address(place: int | None) -> bytes:
    """A ``struct sockaddr`` with its length and its family in a byte each, as other systems have it."""
    if not place:
        return b""
    family = ctypes.c_uint16.from_address(place).value
    size = _SIZES.get(family, 8)
    if family == layout.AF_LINK:  # the name, then the address
        size += sum(ctypes.string_at(place + 5, 2))
    return bytes([min(size, 255), family & 0xFF]) + ctypes.string_at(place, size)[2:]


def _rows() -> list[ifaddrs.Row]:
    first = ctypes.c_void_p()
    getifaddrs = _native.function("socket", "getifaddrs", ctypes.c_int, ctypes.c_void_p)
    freeifaddrs = _native.function("socket", "freeifaddrs", None, ctypes.c_void_p)
    if getifaddrs(ctypes.byref(first)) != 0:
        raise _native.os_error(_native.last_error())
    try:
        return list(_walk(first.value))
    finally:
        freeifaddrs(first)


def net_if_addrs() -> dict[str, list[snicaddr]]:
    """The addresses of each interface."""
    return ifaddrs.addresses(_rows(), layout.AF_INET6, layout.AF_LINK)


def net_if_stats() -> dict[str, snicstats]:
    """State of each interface; of the loopback neither speed nor duplex is told."""
    links = _links()
    rows = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for row in _rows():
            if row.name not in rows and (mtu := _mtu(asking.fileno(), row.name)) is not None:
                figures = links.get(row.name, {})
                duplex = _DUPLEX.get(figures.get("link_duplex", 0), NicDuplex.NIC_DUPLEX_UNKNOWN)
                speed = figures.get("ifspeed", 0) // 1_000_000
                rows[row.name] = snicstats(bool(row.flags & layout.IFF_UP), duplex, speed, mtu, "")
    return rows


def _mtu(descriptor: int, name: str) -> int | None:
    """None for an interface without IPv4, or one that is gone."""
    ioctl = _native.function(
        "c", "ioctl", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
    )
    asked = layout.lifreq(lifr_name=os.fsencode(name)[:31])
    if ioctl(descriptor, ctypes.c_int(layout.SIOCGLIFMTU).value, ctypes.byref(asked)) != 0:
        return None
    mtu: int = asked.lifr_lifru.lifr_mtu
    return mtu
