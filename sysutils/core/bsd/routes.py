"""Routes as the routing sockets of macOS and the BSDs tell them: messages with addresses behind them."""

import socket
import sys
from collections.abc import Iterator

AF_INET = 2
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
