"""Routes and counters of protocols of Windows above a stand-in for iphlpapi.dll."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from tests.core.windows.machine import (
    Library,
    Machine,
    put,
    running,
)

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)


def _sockaddr(address: bytes) -> bytes:
    if len(address) == 4:
        return struct.pack("<HH4s20x", 2, 0, address)
    return struct.pack("<HHI16sI", 23, 0, 0, address, 0)


def _route(index: int, to: bytes, length: int, by: bytes, metric: int) -> bytes:
    return struct.pack(
        "<QI28sB3x28sB3xIIII4BII", 0, index, _sockaddr(to), length, _sockaddr(by), 0, 0, 0, metric, 3,
        0, 0, 0, 1, 0, 0,
    )  # fmt: skip


class Iphlpapi(Library):
    """Routes, counters of the protocols, and the two adapters that routes lead by."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.routes: dict[int, list[bytes]] = {
            2: [_route(5, bytes(4), 0, bytes([10, 0, 0, 1]), 25),
                _route(5, bytes([10, 0, 0, 7]), 32, bytes(4), 281),
                _route(77, bytes([224, 0, 0, 0]), 4, bytes(4), 331)],
            23: [_route(5, bytes(16), 0, b"\xfe\x80" + bytes(13) + b"\1", 2**32 - 1)],
        }  # fmt: skip
        self.kept: list[Any] = []
        self.freed = 0

    def GetIpForwardTable2(self, family: int, start: int) -> int:
        rows = self.routes.get(family)
        if rows is None:
            return 1168
        data = struct.pack("<I4x", len(rows)) + b"".join(rows)
        self.kept.append(ctypes.create_string_buffer(data, len(data)))
        put(start, struct.pack("<Q", ctypes.addressof(self.kept[-1])))
        return 0

    def FreeMibTable(self, address: int) -> None:
        assert address == ctypes.addressof(self.kept[-1])
        self.freed += 1

    def GetAdaptersAddresses(self, family: int, flags: int, _: Any, room: int, size: int) -> int:
        from sysutils.core.windows.adapters import IP_ADAPTER_ADDRESSES as FORM

        name = ctypes.create_string_buffer("Ethernet 2".encode("utf-16-le") + b"\0\0")
        self.kept.insert(0, name)
        put(room, FORM.pack(IfIndex=5, FriendlyName=ctypes.addressof(name), IfType=6))
        return 0

    def GetIpStatisticsEx(self, room: int, family: int) -> int:
        put(room, struct.pack("<23I", *range(100 * (family == 23), 100 * (family == 23) + 23)))
        return 0

    def GetTcpStatisticsEx(self, room: int, family: int) -> int:
        put(room, struct.pack("<15I", *range(15)))
        return 0

    def GetUdpStatisticsEx(self, room: int, family: int) -> int:
        put(room, struct.pack("<5I", 1, 2, 3, 2**32 - 1, 5))
        return 50 if family == 23 else 0

    def GetIcmpStatisticsEx(self, room: int, family: int) -> int:
        counts = [0] * 256
        counts[8 if family == 2 else 128] = 7
        one = struct.pack("<258I", 9, 1, *counts)
        put(room, one + one)
        return 0


def test_routes() -> None:
    machine = Machine()
    library = Iphlpapi(machine)
    with running(machine, iphlpapi=library) as core:
        assert [tuple(row)[:8] for row in core.net_routes()] == [
            ("Ethernet 2", "0.0.0.0", "10.0.0.1", "0.0.0.0", 3, 0, 0, 25),
            ("Ethernet 2", "10.0.0.7", "0.0.0.0", "255.255.255.255", 5, 0, 0, 281),
            ("77", "224.0.0.0", "0.0.0.0", "240.0.0.0", 1, 0, 0, 331),
        ]
        (six,) = core.net_routes6()
        assert (six.destination, six.prefixlen, six.gateway) == ("::", 0, "fe80::1")
        assert (six.flags, six.metric) == (3, 2**32 - 1)
        assert library.freed == 2
        library.routes.clear()
        assert core.net_routes() == core.net_routes6() == []
        library.routes[2] = [_route(5, bytes(4), 0, bytes(4), n) for n in range(5000)]
        assert [row.metric for row in core.net_routes()] == list(range(5000))


@pytest.mark.parametrize("cut", [0, 3, 7, 8, 111, 112, 219, 220])
def test_a_table_of_routes_that_is_cut_off(cut: int) -> None:
    rows = [_route(5, bytes(4), 0, bytes(4), 1)] * 2
    data = (struct.pack("<I4x", 9) + b"".join(rows))[:cut]
    with running(Machine()):
        from sysutils.core.windows.routes import parse_routes

        assert len(list(parse_routes(data))) == max(0, cut - 8) // 104


def test_what_may_not_be_asked_is_an_error_of_windows() -> None:
    machine = Machine()
    machine.fails |= {"GetIpForwardTable2": 0x10005, "GetIpStatisticsEx": 0x10005}
    with running(machine, iphlpapi=Iphlpapi(machine)) as core:
        for ask in (core.net_routes, core.net_protocol_stats):
            with pytest.raises(OSError, match=r"GetIpForwardTable2|MIB_IPSTATS"):
                ask()


def test_protocols() -> None:
    machine = Machine()
    with running(machine, iphlpapi=Iphlpapi(machine)) as core:
        told = core.net_protocol_stats()
    assert list(told) == ["Ip", "Icmp", "Tcp", "Udp", "Ip6", "Icmp6"]
    assert told["Ip"]["InReceives"] == 2
    assert told["Ip"]["ReasmOKs"] == 15
    assert told["Ip6"]["InReceives"] == 102
    assert told["Udp"] == {
        "InDatagrams": 1, "NoPorts": 2, "InErrors": 3, "OutDatagrams": 2**32 - 1,
    }  # fmt: skip
    # those of IPv4 and IPv6 together, but for what is TCP's as a whole
    assert (told["Tcp"]["RtoMin"], told["Tcp"]["ActiveOpens"], told["Tcp"]["InSegs"]) == (1, 8, 18)
    assert told["Icmp"]["InEchos"] == told["Icmp6"]["OutEchos"] == 7
    assert (told["Icmp"]["InMsgs"], told["Icmp"]["OutErrors"]) == (9, 1)
