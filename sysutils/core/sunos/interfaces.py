"""Network interfaces of SunOS (kstat ``link``, getifaddrs(3SOCKET), SIOCGLIFMTU)."""

import ctypes
import os
import socket
from collections.abc import Iterator
from typing import Any

from sysutils.core import _native
from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import sifdetails, sinterface, snetio, snicaddr, snicstats
from sysutils.core.bsd import if_details
from sysutils.core.posix import ifaddrs
from sysutils.core.sunos import kstat, layout

_COUNTERS = ("obytes", "rbytes", "opackets", "ipackets", "ierrors", "oerrors")
_LOOPBACK = "lo"
_IFF_LOOPBACK, _IFF_MULTICAST, _LINUX_MULTICAST = 0x8, 0x800, 0x1000
#: the bits of flags that mean the same as on Linux
_SAME = 0x3FF
#: hardware as Linux numbers it: Ethernet, loopback, anything
_ETHERNET, _LOOPBACK_HARDWARE, _OTHER_HARDWARE = 1, 772, 65534
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
            elif row.name == f"{row.module}{row.instance}" and row.module != _LOOPBACK:
                drivers[row.name] = row.named()
    return links or drivers


def _loopback() -> dict[str, dict[str, Any]]:
    """The figures of the loopback, of which no bytes are counted."""
    found = kstat.named(_LOOPBACK)
    return {name: figures for (_, name), figures in found.items()}


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


# ---- what netstat and ifconfig show


def _counted(name: str, flags: int, mtu: int | None, figures: dict[str, Any]) -> sinterface:
    def figure(word: str) -> int:
        found: int = figures.get(f"{word}64", figures.get(word, 0))
        return found

    linux = flags & _SAME | (_LINUX_MULTICAST if flags & _IFF_MULTICAST else 0)
    return sinterface(
        name, linux, mtu, 0, figure("rbytes"), figure("ipackets"), figure("ierrors"), figure("norcvbuf"), 0,
        0, 0, figure("multircv"), figure("obytes"), figure("opackets"), figure("oerrors"), figure("noxmtbuf"),
        0, figure("collisions"), 0, 0,
    )  # fmt: skip


def _flags_and_mtus(rows: list[ifaddrs.Row]) -> dict[str, tuple[int, int | None]]:
    found: dict[str, tuple[int, int | None]] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for row in rows:
            if row.name not in found:
                found[row.name] = row.flags & 0xFFFF, _mtu(asking.fileno(), row.name)
    return found


def net_interfaces() -> list[sinterface]:
    """All interfaces with an address; flags by Linux' numbers, what is not counted is 0 (kstat)."""
    figures = _links() | _loopback()
    known = _flags_and_mtus(_rows())
    return [
        _counted(name, flags, mtu, figures.get(name, {})) for name, (flags, mtu) in known.items()
    ]


def _index(name: str) -> int | None:
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return None


def net_if_details() -> dict[str, sifdetails]:
    """Each interface with all that is known of it (kstat, getifaddrs(3SOCKET))."""
    rows = _rows()
    figures = _links() | _loopback()
    found = if_details.addresses(layout.AF_INET6, rows)
    hardware = {
        row.name: ifaddrs.hardware_address(row.address)
        for row in rows
        if ifaddrs.family_of(row.address) == layout.AF_LINK
    }
    details = {}
    for name, (flags, mtu) in _flags_and_mtus(rows).items():
        address = hardware.get(name, b"")
        counted = _counted(name, flags, mtu, figures.get(name, {}))
        kind = _ETHERNET if len(address) == 6 else _OTHER_HARDWARE
        if flags & _IFF_LOOPBACK:
            kind = _LOOPBACK_HARDWARE
        broadcast = "ff:ff:ff:ff:ff:ff" if kind == _ETHERNET else None
        details[name] = sifdetails(
            name, _index(name), counted.flags, mtu, 0, None, kind, address.hex(":") or None, broadcast, None,
            counted, found.get(name, []),
        )  # fmt: skip
    return details


def names_by_number() -> dict[int, str]:
    """The interfaces with an address, by their numbers."""
    numbers = {_index(row.name): row.name for row in _rows()}
    return {number: name for number, name in numbers.items() if number is not None}
