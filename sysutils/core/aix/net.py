"""Network interfaces of AIX (perfstat_netinterface, SIOCGIFCONF and its like, entstat(1)).

Sockets are told by structures in the kernel's memory alone, which are not read here."""

import ctypes
import os
import re
import socket
import sys
from collections.abc import Iterator

from sysutils.core import _native
from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import sifdetails, sinterface, snetio, snicaddr, snicstats
from sysutils.core.aix import layout, perfstat
from sysutils.core.bsd import if_details
from sysutils.core.posix import ifaddrs

#: tests have another one
ENTSTAT = "/usr/bin/entstat"
_PATIENCE = 5
_LONGEST = 10.0  # seconds that a driver has to answer
_NAME, _ADDRESS = 16, 16
_MULTICAST = 0x1000  # Linux' IFF_MULTICAST
_MEDIUM = re.compile(rb"Running: (\d+) ([MG])bps.*?(\w+) Duplex")
_DUPLEX = {b"Half": NicDuplex.NIC_DUPLEX_HALF, b"Full": NicDuplex.NIC_DUPLEX_FULL}


def _interfaces() -> list[layout.perfstat_netinterface]:
    return perfstat.every("perfstat_netinterface", layout.perfstat_netinterface)


def net_io_counters() -> dict[str, snetio]:
    """What each interface sent and received."""
    return {
        os.fsdecode(row.name): snetio(
            row.obytes, row.ibytes, row.opackets, row.ipackets, row.ierrors, row.oerrors, row.if_iqdrops,
            row.xmitdrops,
        )
        for row in _interfaces()
    }  # fmt: skip


def _ioctl(descriptor: int, request: int, asked: object) -> bool:
    ioctl = _native.function(
        "c", "ioctl", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
    )
    return ioctl(descriptor, ctypes.c_int(request).value, asked) == 0


def _ask(descriptor: int, request: int, name: bytes, address: bytes = b"") -> bytes:
    """What an interface, or one address of it, has for an answer; ``b""`` for none."""
    asked = layout.ifreq(name)
    ctypes.memmove(ctypes.byref(asked, _NAME), address, min(len(address), 24))
    if not _ioctl(descriptor, request, ctypes.byref(asked)):
        return b""
    return bytes(asked.ifr_ifru)


def _flags(descriptor: int, name: bytes) -> int:
    return int.from_bytes(_ask(descriptor, layout.SIOCGIFFLAGS, name)[:4], sys.byteorder)


def _addresses(descriptor: int) -> bytes:
    """Name and address, one after the other, of all interfaces. Raises OSError."""
    size = ctypes.c_int32()
    for _ in range(_PATIENCE):
        if not _ioctl(descriptor, layout.SIOCGSIZIFCONF, ctypes.byref(size)):
            break
        before = size.value
        room = ctypes.create_string_buffer(max(before, 1))
        asked = layout.ifconf(before, ctypes.addressof(room))
        if not _ioctl(descriptor, layout.SIOCGIFCONF, ctypes.byref(asked)):
            break
        if not _ioctl(descriptor, layout.SIOCGSIZIFCONF, ctypes.byref(size)):
            break
        if size.value <= before:  # there may be more of them by now
            return room.raw[: min(before, max(asked.ifc_len, 0))]
    raise _native.os_error(_native.last_error())


def parse_addresses(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and ``struct sockaddr`` of each; one cut off at the end is left out."""
    place = 0
    while len(data) - place >= _NAME + _ADDRESS:
        name = data[place : place + _NAME].partition(b"\0")[0]
        size = max(_ADDRESS, data[place + _NAME])
        address = data[place + _NAME : place + _NAME + size]
        if len(address) == size:
            yield name, address
        place += _NAME + size


def _row(descriptor: int, name: bytes, address: bytes) -> ifaddrs.Row:
    flags, mask, other = _flags(descriptor, name), b"", b""
    if ifaddrs.family_of(address) == layout.AF_INET:
        mask = _ask(descriptor, layout.SIOCGIFNETMASK, name, address)[:_ADDRESS]
        if flags & layout.IFF_BROADCAST:
            other = _ask(descriptor, layout.SIOCGIFBRDADDR, name, address)[:_ADDRESS]
        elif flags & layout.IFF_POINTOPOINT:
            other = _ask(descriptor, layout.SIOCGIFDSTADDR, name, address)[:_ADDRESS]
    return ifaddrs.Row(os.fsdecode(name), flags, address, mask, other, b"")


def _rows() -> list[ifaddrs.Row]:
    """Every address of every interface. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        descriptor = asking.fileno()
        return [_row(descriptor, *found) for found in parse_addresses(_addresses(descriptor))]


def net_if_addrs() -> dict[str, list[snicaddr]]:
    """The addresses of each interface; of IPv6 no mask is told."""
    return ifaddrs.addresses(_rows(), layout.AF_INET6, layout.AF_LINK)


def net_interfaces() -> list[sinterface]:
    """All interfaces in the order of libperfstat, their flags by Linux' numbers; what is not counted is 0."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        return [_counters(row, _flags(asking.fileno(), row.name)) for row in _interfaces()]


def _counters(row: layout.perfstat_netinterface, flags: int) -> sinterface:
    linux = flags & layout.IFF_OF_LINUX | (_MULTICAST if flags & layout.IFF_MULTICAST else 0)
    return sinterface(
        os.fsdecode(row.name), linux, row.mtu, 0, row.ibytes, row.ipackets, row.ierrors, row.if_iqdrops, 0, 0,
        0, 0, row.obytes, row.opackets, row.oerrors, row.xmitdrops, 0, row.collisions, 0, 0,
    )  # fmt: skip


def net_if_details() -> dict[str, sifdetails]:
    """Each interface with all that is known of it, in the order of libperfstat.

    Of IPv6 no prefix is told: its length is 0."""
    rows = _rows()
    links = {
        row.name: row.address for row in rows if ifaddrs.family_of(row.address) == layout.AF_LINK
    }
    found = if_details.addresses(layout.AF_INET6, rows)
    kinds = {os.fsdecode(row.name): row.type for row in _interfaces()}
    return {
        one.name: if_details.details(
            one, int.from_bytes(links.get(one.name, b"")[2:4], "big") or None, None, kinds.get(one.name, 0),
            if_details.HARDWARE, ifaddrs.hardware_address(links.get(one.name, b"")), found.get(one.name, []),
        )
        for one in net_interfaces()
    }  # fmt: skip


def net_if_stats() -> dict[str, snicstats]:
    """State of each interface; mode and speed of Ethernet are those that entstat(1) tells."""
    rows = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for row in _interfaces():
            flags = _flags(asking.fileno(), row.name)
            words = [word for bit, word in layout.IFF if flags & bit]
            name, speed = os.fsdecode(row.name), row.bitrate // 1_000_000
            duplex = NicDuplex.NIC_DUPLEX_UNKNOWN
            if row.type == layout.IFT_ETHER:
                told, duplex = medium(_entstat(name))
                speed = told or speed
            rows[name] = snicstats("running" in words, duplex, speed, row.mtu, ",".join(words))
    return rows


def medium(told: bytes) -> tuple[int, NicDuplex]:
    """Speed in Mbit/s and mode in what ``entstat -d`` writes; 0 and unknown for what it does not say."""
    found = _MEDIUM.search(told)
    if found is None:
        return 0, NicDuplex.NIC_DUPLEX_UNKNOWN
    speed = int(found[1]) * (1000 if found[2] == b"G" else 1)
    return speed, _DUPLEX.get(found[3], NicDuplex.NIC_DUPLEX_UNKNOWN)


def _entstat(name: str) -> bytes:
    import subprocess

    try:
        done = subprocess.run(
            [ENTSTAT, "-d", name], capture_output=True, stdin=subprocess.DEVNULL, check=False,
            env={**os.environ, "LC_ALL": "C"}, timeout=_LONGEST,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return b""  # no such command, or a driver that does not answer
    return done.stdout
