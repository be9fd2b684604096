"""Addresses of the network interfaces of Linux, by rtnetlink: what getifaddrs(3) makes of its answers."""

import os
import socket
import sys
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any, TypeVar

from sysutils.core._ntuples import snicaddr
from sysutils.core.linux import netlink
from sysutils.core.linux.rtnetlink import ADDRESSES, LINKS, Address, Link, ask

T = TypeVar("T")

IFF_BROADCAST, IFF_POINTOPOINT = 0x2, 0x10

_PACKET: Any = getattr(socket, "AF_PACKET", 17)


def _ask(connection: netlink.Netlink) -> tuple[list[list[Link]], list[list[Address]]]:
    try:
        links = LINKS.ask(connection)
    except PermissionError:  # Android 11 and later: addresses may be asked for, links not
        links = []
    return links, ADDRESSES.ask(connection)


def hardware_address(raw: bytes) -> str:
    """``02:fc:00:00:00:01``."""
    return raw.hex(":")


@cache
def netmask(family: int, prefixlen: int) -> str:
    """``(AF_INET, 24)`` is ``255.255.255.0``."""
    bits = 32 if family == socket.AF_INET else 128
    number = (1 << bits) - (1 << bits - min(prefixlen, bits))
    return socket.inet_ntop(family, number.to_bytes(bits // 8, "big"))


def _text(family: int, raw: bytes | None, name: str) -> str | None:
    """An address as getnameinfo(3) shows it; that of a link brings the interface it is valid on."""
    if raw is None:
        return None
    try:
        text = socket.inet_ntop(family, raw)
    except ValueError:
        return None
    if family == socket.AF_INET6 and (
        (raw[0] == 0xFE and raw[1] & 0xC0 == 0x80) or (raw[0] == 0xFF and raw[1] & 0xF == 2)
    ):
        return f"{text}%{name}"
    return text


#: the answer of last time, and what was made of it
_last: tuple[tuple[list[list[Link]], list[list[Address]]], dict[str, list[snicaddr]]] = (
    ([], []),
    {},
)


def net_if_addrs() -> dict[str, list[snicaddr]]:
    """The addresses of each interface: IPv4, IPv6, hardware. Raises OSError where rtnetlink won't tell."""
    global _last  # noqa: PLW0603
    answer = ask(_ask)
    known, rows = _last
    if answer != known or not answer[0]:
        links, addresses = answer
        rows = _rows(_flat(links), _flat(addresses))
        _last = answer, rows
    return {name: row.copy() for name, row in rows.items()}


def _flat(parts: list[list[T]]) -> list[T]:
    return [row for part in parts for row in part]


def _rows(links: list[Link], addresses: list[Address]) -> dict[str, list[snicaddr]]:
    found: dict[str, list[snicaddr]] = {}
    by_index = {link.ifindex: link for link in links}
    if not links:
        by_index = _asked_by_name({address.ifindex for address in addresses})
    # the kernel tells IPv4 first, then IPv6, but does not promise it
    for one in sorted(addresses, key=attrgetter("family")):
        row = _ip_address(one, by_index)
        if row is not None:
            found.setdefault(row[0], []).append(row[1])
    for link in links:
        if link.address:
            found.setdefault(link.name, []).append(_link_address(link))
    return found


_IP = {int(family): family for family in (socket.AF_INET, socket.AF_INET6)}


def _ip_address(one: Address, links: dict[int, Link]) -> tuple[str, snicaddr] | None:
    family, link = _IP.get(one.family), links.get(one.ifindex)
    if family is None or link is None:
        return None
    name = link.name
    text = _text(family, one.local or one.address, name)
    if text is None:
        return None
    other = one.broadcast or (one.address if one.local else None)
    shown = None
    if other is not None and link.flags & (IFF_BROADCAST | IFF_POINTOPOINT):
        shown = _text(family, other, name)
    broadcasts = link.flags & IFF_BROADCAST
    mask = netmask(family, one.prefixlen)
    pair = (shown, None) if broadcasts else (None, shown)
    return one.label or name, snicaddr(family, text, mask, *pair)


def _link_address(link: Link) -> snicaddr:
    other = hardware_address(link.broadcast) if link.broadcast else None
    broadcast = other if link.flags & IFF_BROADCAST else None
    ptp = other if link.flags & (IFF_BROADCAST | IFF_POINTOPOINT) == IFF_POINTOPOINT else None
    # those of tunnels have four bytes; psutil shows no fewer than six
    text = hardware_address(link.address.ljust(6, b"\0"))
    return snicaddr(_PACKET, text, None, broadcast, ptp)


def _asked_by_name(indexes: Iterable[int]) -> dict[int, Link]:
    """What ioctl tells of interfaces, where rtnetlink may not."""
    ioctl = import_module("fcntl").ioctl
    found = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for index in indexes:
            try:
                name = socket.if_indextoname(index)
                answer = ioctl(handle, 0x8913, os.fsencode(name).ljust(40, b"\0"))
            except OSError:
                continue
            flags = int.from_bytes(answer[16:18], sys.byteorder)
            found[index] = Link(name, index, 0, flags, 0, 0, b"", b"", b"")
    return found
