"""rtnetlink: the network interfaces of Linux and their addresses (rtnetlink(7)).

What the kernel tells seldom changes, and reading it takes Python longer than asking: a buffer that is
the one told last, byte for byte, is not read again."""

import os
import struct
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from sysutils.core.linux import netlink

T = TypeVar("T")

_RTM_NEWLINK, _RTM_GETLINK, _RTM_NEWADDR, _RTM_GETADDR = 16, 18, 20, 22
# struct ifinfomsg: u8 family, padding; u16 type; i32 index; u32 flags, change mask
_ifinfo = struct.Struct("=BxHiII")
_IFLA_ADDRESS, _IFLA_BROADCAST, _IFLA_IFNAME, _IFLA_MTU, _IFLA_TXQLEN, _IFLA_MAP = (
    1,
    2,
    3,
    4,
    13,
    14,
)
_IFLA_EXT_MASK, _SKIP_STATS = (
    29,
    8,
)  # RTEXT_FILTER_SKIP_STATS: kernels that know it leave counters out
# struct ifaddrmsg: u8 family, prefix length, flags, scope; u32 interface
_ifaddr = struct.Struct("=BBBBI")
_IFA_ADDRESS, _IFA_LOCAL, _IFA_LABEL, _IFA_BROADCAST, _IFA_FLAGS = 1, 2, 3, 4, 8
_u32 = struct.Struct("=I")


class Link(NamedTuple):
    """An interface; ``type`` is an ARPHRD_*, ``flags`` all 32 IFF_* bits, ``map`` a rtnl_link_ifmap."""

    name: str
    ifindex: int
    type: int
    flags: int
    mtu: int
    txqueuelen: int
    address: bytes
    broadcast: bytes
    map: bytes


class Address(NamedTuple):
    """An address; ``local`` is ours, ``address`` the peer's, or ours where there is no ``local``."""

    family: int
    prefixlen: int
    flags: int
    scope: int
    ifindex: int
    address: bytes | None
    local: bytes | None
    broadcast: bytes | None
    label: str


def _number(value: bytes | None, otherwise: int = 0) -> int:
    return _u32.unpack_from(value)[0] if value and len(value) >= 4 else otherwise


def _text(value: bytes | None) -> str:
    return os.fsdecode(value.rstrip(b"\0")) if value else ""


def parse_link(message: bytes) -> Link:
    """The interface of a RTM_NEWLINK, without the message's header. Raises ValueError for half of one."""
    if len(message) < _ifinfo.size:
        raise ValueError(f"half an interface: {message!r}")
    _family, kind, index, flags, _change = _ifinfo.unpack_from(message)
    get = netlink.attributes(message, _ifinfo.size, len(message)).get
    return Link(
        _text(get(_IFLA_IFNAME)), index, kind, flags, _number(get(_IFLA_MTU)), _number(get(_IFLA_TXQLEN)),
        get(_IFLA_ADDRESS, b""), get(_IFLA_BROADCAST, b""), get(_IFLA_MAP, b""),
    )  # fmt: skip


def parse_address(message: bytes) -> Address:
    """The address of a RTM_NEWADDR, without the message's header. Raises ValueError for half of one."""
    if len(message) < _ifaddr.size:
        raise ValueError(f"half an address: {message!r}")
    family, prefixlen, flags, scope, index = _ifaddr.unpack_from(message)
    get = netlink.attributes(message, _ifaddr.size, len(message)).get
    return Address(
        family, prefixlen, _number(get(_IFA_FLAGS), flags), scope, index, get(_IFA_ADDRESS),
        get(_IFA_LOCAL), get(_IFA_BROADCAST), _text(get(_IFA_LABEL)),
    )  # fmt: skip


def parse_buffer(raw: bytes, kind: int, parse: Callable[[bytes], T]) -> tuple[list[T], bool]:
    """What ``parse`` makes of the messages of that kind, and whether the answer ends in this buffer.

    Raises OSError for an error message, ValueError for half a message."""
    rows: list[T] = []
    start, end = 0, len(raw)
    while start < end:
        found, length = netlink.next_message(raw, start, end)
        if netlink.ends(raw, start, found, length):
            return rows, True
        if found == kind:
            rows.append(parse(raw[start + netlink.HEADER_SIZE : start + length]))
        start += length + 3 & ~3
    return rows, False


class Question(Generic[T]):
    """A question for a list: its type and body, the type of the answers, how to read one."""

    def __init__(self, kind: int, body: bytes, answer: int, parse: Callable[[bytes], T]) -> None:
        self._kind, self._body, self._answer, self._parse = kind, body, answer, parse
        self._last: list[tuple[bytes, list[T], bool]] = []

    def ask(self, connection: netlink.Netlink) -> list[list[T]]:
        """The answer, a list for each buffer; the very list of last time if the buffer is the same."""
        told: list[tuple[bytes, list[T], bool]] = []
        last = iter(self._last)
        for raw in connection.dump(self._kind, self._body):
            part = next(last, None)
            if part is None or part[0] != raw:
                part = raw, *parse_buffer(raw, self._answer, self._parse)
            told.append(part)
            if part[2]:
                break
        self._last = told
        return [part[1] for part in told]


LINKS = Question(
    _RTM_GETLINK,
    _ifinfo.pack(0, 0, 0, 0, 0) + struct.pack("=HHI", 8, _IFLA_EXT_MASK, _SKIP_STATS),
    _RTM_NEWLINK,
    parse_link,
)
ADDRESSES = Question(_RTM_GETADDR, _ifaddr.pack(0, 0, 0, 0, 0), _RTM_NEWADDR, parse_address)


def ask(read: Callable[[netlink.Netlink], T]) -> T:
    """What ``read`` gets from rtnetlink, once more from the start if lists changed meanwhile.

    Raises OSError where rtnetlink won't tell."""
    for last in (False, False, False, False, True):
        connection = netlink.Netlink(netlink.NETLINK_ROUTE)
        try:
            return read(connection)
        except netlink.Interrupted:
            if last:
                raise
        finally:
            connection.close()
    raise AssertionError


def links() -> dict[str, Link]:
    """The interfaces of our network namespace by name. Raises OSError where rtnetlink won't tell."""
    return {link.name: link for part in ask(LINKS.ask) for link in part}
