"""Routes of macOS, by sysctl."""

import ctypes
from collections.abc import Iterator

from sysutils.core._ntuples import sroute, sroute6
from sysutils.core.bsd import routes, sysctl
from sysutils.core.darwin.interfaces import AF_INET6, CTL_NET, PF_ROUTE, links

NET_RT_DUMP2, RTM_GET2 = 7, 0x14
RTF_LLINFO, RTF_WASCLONED = 0x400, 0x20000
_UNIT = 4  # what addresses are filled up to

_i32, _u32 = ctypes.c_int32, ctypes.c_uint32


class rt_msghdr2(ctypes.Structure):
    """One route; its addresses follow."""

    _fields_ = (
        ("rtm_msglen", ctypes.c_uint16),
        ("rtm_version", ctypes.c_uint8),
        ("rtm_type", ctypes.c_uint8),
        ("rtm_index", ctypes.c_uint16),
        ("rtm_flags", _i32),
        ("rtm_addrs", _i32),
        ("rtm_refcnt", _i32),
        ("rtm_parentflags", _i32),
        ("rtm_reserved", _i32),
        ("rtm_use", _i32),
        ("rtm_inits", _u32),
        ("_rtm_rmx", _u32 * 14),
    )


_Told = tuple[rt_msghdr2, dict[int, bytes]]


def parse_dump(data: bytes) -> Iterator[_Told]:
    """The routes of the answer to NET_RT_DUMP2, but for those learned for single neighbours."""
    size = ctypes.sizeof(rt_msghdr2)
    for kind, message in routes.messages(data):
        if kind != RTM_GET2 or len(message) < size:
            continue
        head = rt_msghdr2.from_buffer_copy(message)
        if not head.rtm_flags & (RTF_LLINFO | RTF_WASCLONED):
            yield head, routes.addresses(message[size:], head.rtm_addrs, _UNIT)


def _dump(family: int) -> tuple[list[_Told], dict[int, str]]:
    data = sysctl.read((CTL_NET, PF_ROUTE, 0, family, NET_RT_DUMP2, 0))
    return list(parse_dump(data)), {link.head.ifm_index: link.name for link in links()}


def net_routes() -> list[sroute]:
    """IPv4 routes in the kernel's order, but for those of single neighbours (sysctl)."""
    return [routes.route(*told) for told in _told(routes.AF_INET)]


def net_routes6() -> list[sroute6]:
    """IPv6 routes in the kernel's order, but for those of single neighbours (sysctl)."""
    return [routes.route6(*told) for told in _told(AF_INET6)]


def _told(family: int) -> Iterator[tuple[str, int, dict[int, bytes], int, int]]:
    found, names = _dump(family)
    for head, known in found:
        name = names.get(head.rtm_index, "*")
        yield name, head.rtm_flags, known, head.rtm_refcnt, head.rtm_use
