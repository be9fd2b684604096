"""Routes of IPv4 and IPv6: GetIpForwardTable2."""

import ctypes
import socket
from collections.abc import Iterator
from typing import Any

from sysutils.core._ntuples import sroute, sroute6
from sysutils.core.windows import adapters, errors
from sysutils.core.windows.adapters import AF_INET, AF_INET6, netmask
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u16, u32, pointer = ctypes.c_uint16, ctypes.c_uint32, ctypes.c_void_p
#: RTF_* as Linux numbers them
UP, GATEWAY, HOST = 1, 2, 4

MIB_IPFORWARD_ROW2 = Layout(
    "MIB_IPFORWARD_ROW2",
    "InterfaceLuid:Q InterfaceIndex:I Prefix:i28 PrefixLength:B NextHop:i28 SitePrefixLength:B"
    " ValidLifetime:I PreferredLifetime:I Metric:I Protocol:I Loopback:B AutoconfigureAddress:B Publish:B"
    " Immortal:B Age:I Origin:I",
)
#: the number of rows, and where they begin
_FIRST_ROW = 8

_table = declare("iphlpapi", "GetIpForwardTable2", u32, u16, pointer)
_free = declare("iphlpapi", "FreeMibTable", None, pointer)


def parse_routes(data: bytes) -> Iterator[Any]:
    """MIB_IPFORWARD_ROW2 of each row of a MIB_IPFORWARD_TABLE2; rows that are cut off are left out."""
    form = MIB_IPFORWARD_ROW2
    count = int.from_bytes(data[:4], "little")
    for place in range(min(count, max(0, len(data) - _FIRST_ROW) // form.size)):
        yield form.read(data, _FIRST_ROW + place * form.size)


def _rows(family: int) -> list[Any]:
    start = pointer()
    code = _table(family, ctypes.addressof(start))
    if code == errors.NOT_FOUND:
        return []
    if code:
        raise errors.of_code(code, "GetIpForwardTable2")
    try:
        count = int.from_bytes(ctypes.string_at(start.value or 0, 4), "little")
        size = _FIRST_ROW + count * MIB_IPFORWARD_ROW2.size
        return list(parse_routes(ctypes.string_at(start.value or 0, size)))
    finally:
        _free(start.value)


def _address(data: bytes) -> str:
    """The address in a SOCKADDR_INET."""
    if int.from_bytes(data[:2], "little") == AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, data[8:24])
    return socket.inet_ntoa(data[4:8])


def _flags(row: Any, gateway: str, longest: int) -> int:
    flags = UP
    if gateway not in {"0.0.0.0", "::"}:
        flags |= GATEWAY
    return flags | HOST if row.PrefixLength == longest else flags


def _names() -> dict[int, str]:
    return {adapter.number: adapter.name for adapter in adapters.adapters()}


def net_routes() -> list[sroute]:
    """IPv4 routes in the system's order; what Windows does not tell of them is 0."""
    names, found = _names(), []
    for row in _rows(AF_INET):
        gateway = _address(row.NextHop)
        found.append(
            sroute(
                names.get(row.InterfaceIndex, str(row.InterfaceIndex)), _address(row.Prefix), gateway,
                netmask(row.PrefixLength), _flags(row, gateway, 32), 0, 0, row.Metric, 0, 0, 0,
            )
        )  # fmt: skip
    return found


def net_routes6() -> list[sroute6]:
    """IPv6 routes in the system's order; what Windows does not tell of them is 0."""
    names, found = _names(), []
    for row in _rows(AF_INET6):
        gateway = _address(row.NextHop)
        found.append(
            sroute6(
                names.get(row.InterfaceIndex, str(row.InterfaceIndex)), _address(row.Prefix),
                row.PrefixLength, "::", 0, gateway, _flags(row, gateway, 128), 0, 0, row.Metric,
            )
        )  # fmt: skip
    return found
