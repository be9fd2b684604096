"""Routes as the routing sockets of macOS and the BSDs tell them: messages with addresses behind them."""

import ctypes
import socket
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from sysutils.core._ntuples import sroute, sroute6
from sysutils.core.bsd import sysctl
from sysutils.core.posix import ifaddrs

AF_INET = 2
CTL_NET, NET_RT_DUMP, RTM_GET = 4, 1, 4
RTAX_DST, RTAX_GATEWAY, RTAX_NETMASK = 0, 1, 2
RTF_UP, RTF_GATEWAY, RTF_HOST, RTF_REJECT, RTF_DYNAMIC, RTF_MODIFIED = 1, 2, 4, 8, 0x10, 0x20
#: the flags that Linux has too, by its numbers
_SAME = RTF_UP | RTF_GATEWAY | RTF_HOST | RTF_DYNAMIC | RTF_MODIFIED
_LINUX_REJECT = 0x200


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and bytes of each message of a list; one that is cut off ends it."""
    at = 0
    while at + 4 <= len(data):
        length = int.from_bytes(data[at : at + 2], sys.byteorder)
        if length < 4 or at + length > len(data):
            return
        yield data[at + 3], data[at : at + length]
        at += length


def addresses(data: bytes, present: int, unit: int) -> dict[int, bytes]:
    """The ``struct sockaddr`` behind a message, by their RTAX_* numbers.

    ``present`` has a bit for each; each is filled up to ``unit`` bytes, an empty one takes one unit."""
    found, at, place = {}, 0, 0
    while present >> place and at < len(data):
        if present >> place & 1:
            length = data[at]
            found[place] = data[at : at + length]
            at += -(-length // unit) * unit or unit
        place += 1
    return found


def linux_flags(flags: int) -> int:
    """The flags of a route by Linux' numbers, of those that both have."""
    return flags & _SAME | (_LINUX_REJECT if flags & RTF_REJECT else 0)


def inet(address: bytes) -> str:
    """An IPv4 address or mask, whose zeros may have been cut off."""
    return socket.inet_ntoa(address[4:8].ljust(4, b"\0"))


def inet6(address: bytes) -> str:
    """An IPv6 address, without the interface's number that the kernel keeps in those of a link."""
    raw = address[8:24].ljust(16, b"\0")
    if (raw[0] == 0xFE and raw[1] & 0xC0 == 0x80) or (raw[0] == 0xFF and raw[1] & 0xF in {1, 2}):
        raw = raw[:2] + bytes(2) + raw[4:]
    return socket.inet_ntop(socket.AF_INET6, raw)


def prefixlen(mask: bytes | None, host: bool) -> int:
    """The length of an IPv6 prefix by its mask; a host has none."""
    if host or mask is None:
        return 128
    return int.from_bytes(mask[8:24], "big").bit_count()


def route(iface: str, flags: int, known: dict[int, bytes], refcnt: int = 0, use: int = 0) -> sroute:
    """An IPv4 route of the addresses ``known`` by their RTAX_* numbers; ``flags`` are the system's."""
    flags = linux_flags(flags)
    gateway, mask = known.get(RTAX_GATEWAY, b""), known.get(RTAX_NETMASK)
    return sroute(
        iface, inet(known.get(RTAX_DST, b"")), inet(gateway) if flags & RTF_GATEWAY else "0.0.0.0",
        "255.255.255.255" if flags & RTF_HOST or mask is None else inet(mask),
        flags, refcnt, use, 0, 0, 0, 0,
    )  # fmt: skip


def route6(
    iface: str, flags: int, known: dict[int, bytes], refcnt: int = 0, use: int = 0
) -> sroute6:
    """The same of IPv6."""
    flags = linux_flags(flags)
    length = prefixlen(known.get(RTAX_NETMASK), bool(flags & RTF_HOST))
    gateway = inet6(known.get(RTAX_GATEWAY, b"")) if flags & RTF_GATEWAY else "::"
    return sroute6(
        iface, inet6(known.get(RTAX_DST, b"")), length, "::", 0, gateway, flags, refcnt, use, 0
    )


class RoutingTable(NamedTuple):
    """The routing table of a BSD, and what differs from system to system."""

    #: PF_ROUTE
    protocol: int
    #: ``struct rt_msghdr``
    header: Any
    #: what addresses are filled up to
    unit: int
    #: flags of routes that are no part of it: those learned for single neighbours
    learned: int
    inet6: int
    link: int
    #: fields of the header: how often a route was used, by how many it is
    use: str
    refcnt: str = ""

    def _dump(self, family: int) -> Iterator[tuple[str, int, dict[int, bytes], int, int]]:
        size = ctypes.sizeof(self.header)
        names = {
            int.from_bytes(row.address[2:4], sys.byteorder): row.name
            for row in ifaddrs.rows()
            if ifaddrs.family_of(row.address) == self.link
        }
        for kind, message in messages(
            sysctl.read((CTL_NET, self.protocol, 0, family, NET_RT_DUMP, 0))
        ):
            if kind != RTM_GET or len(message) < size:
                continue
            head = self.header.from_buffer_copy(message)
            if head.rtm_flags & self.learned:
                continue
            behind = getattr(head, "rtm_hdrlen", size)  # OpenBSD tells where the addresses begin
            known = addresses(message[behind:], head.rtm_addrs, self.unit)
            counts = [_count(head, self.refcnt), _count(head, self.use)]
            yield names.get(head.rtm_index, "*"), head.rtm_flags, known, *counts

    def net_routes(self) -> list[sroute]:
        """IPv4 routes in the kernel's order, but for those of single neighbours (sysctl)."""
        return [route(*told) for told in self._dump(AF_INET)]

    def net_routes6(self) -> list[sroute6]:
        """IPv6 routes in the kernel's order, but for those of single neighbours (sysctl)."""
        return [route6(*told) for told in self._dump(self.inet6)]


def _count(head: Any, name: str) -> int:
    if not name:
        return 0
    found: int = getattr(head.rtm_rmx if name.startswith("rmx_") else head, name)
    return found
