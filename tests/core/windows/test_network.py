"""Sockets and adapters of Windows above a stand-in for iphlpapi.dll, which tells recorded tables."""

from __future__ import annotations

import ctypes
import socket
import struct
from typing import Any

import pytest

from tests.core.windows.machine import Library, Machine, put, put_u32, running

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)

HOME = bytes([127, 0, 0, 1])
SIX = bytes(15) + b"\1"


def _port(number: int) -> int:
    return number >> 8 | (number & 0xFF) << 8


TABLES = {
    ("tcp", 2): [
        struct.pack("<I4sI4sII", 2, bytes(4), _port(80), bytes(4), 0, 100),
        struct.pack("<I4sI4sII", 5, HOME, _port(50000), HOME, _port(80), 200),
        struct.pack("<I4sI4sII", 11, HOME, _port(50001), HOME, _port(80), 0),
        struct.pack("<I4sI4sII", 12, HOME, _port(50002), HOME, _port(80), 0),
    ],
    ("tcp", 23): [struct.pack("<16sII16sIIII", SIX, 0, _port(443), bytes(16), 0, 0, 2, 100)],
    ("udp", 2): [struct.pack("<4sII", bytes(4), _port(53), 300)],
    ("udp", 23): [struct.pack("<16sIII", SIX, 0, _port(53), 300)],
}


class Network(Library):
    """``grows`` tables so often between the size query and the read."""

    def __init__(self, machine: Machine, tables: dict[Any, list[bytes]] | None = None) -> None:
        super().__init__(machine)
        self.tables = TABLES if tables is None else tables
        self.grows = 0
        self.adapters: list[dict[str, Any]] = []
        self.kept: list[Any] = []

    def _table(self, kind: str, room: int, size: int, family: int) -> int:
        rows = self.tables.get((kind, family), [])
        data = struct.pack("<I", len(rows)) + b"".join(rows)
        (given,) = struct.unpack("<I", ctypes.string_at(size, 4))
        if given < len(data) or self.grows:
            self.grows = max(0, self.grows - 1)
            put_u32(size, len(data))
            return 122
        put(room, data)
        return 0

    def GetExtendedTcpTable(
        self, room: int, size: int, order: int, family: int, kind: int, _: int
    ) -> int:
        assert (order, kind) == (0, 5)
        return self._table("tcp", room, size, family)

    def GetExtendedUdpTable(
        self, room: int, size: int, order: int, family: int, kind: int, _: int
    ) -> int:
        assert (order, kind) == (0, 1)
        return self._table("udp", room, size, family)

    def _text(self, text: str) -> int:
        return self._room(text.encode("utf-16-le") + b"\0\0")

    def _room(self, data: bytes) -> int:
        room = ctypes.create_string_buffer(data, len(data))
        self.kept.append(room)
        return ctypes.addressof(room)

    def GetAdaptersAddresses(self, family: int, flags: int, _: Any, room: int, size: int) -> int:
        from sysutils.core.windows import adapters as ours

        assert (family, flags) == (0, 0)
        if not self.adapters:
            return 232
        if self.grows:
            self.grows -= 1
            put_u32(size, 20000)
            return 111
        form, address_form = ours.IP_ADAPTER_ADDRESSES, ours.IP_ADAPTER_UNICAST_ADDRESS
        for place, one in enumerate(self.adapters):
            first = 0
            for address in reversed(one["addresses"]):
                first = self._room(
                    address_form.pack(
                        Next=first, Address_lpSockaddr=self._room(address[0]),
                        Address_iSockaddrLength=len(address[0]), OnLinkPrefixLength=address[1],
                    )
                )  # fmt: skip
            last = place == len(self.adapters) - 1
            put(
                room + place * form.size,
                form.pack(
                    IfIndex=one["index"], Next=0 if last else room + (place + 1) * form.size,
                    FirstUnicastAddress=first, FriendlyName=self._text(one["name"]),
                    PhysicalAddress=one["hardware"].ljust(8, b"\0"),
                    PhysicalAddressLength=len(one["hardware"]), Mtu=1500,
                ),
            )  # fmt: skip
        return 0

    def GetIfEntry2(self, room: int) -> int:
        from sysutils.core.windows.adapters import MIB_IF_ROW2 as FORM

        index = FORM.read(ctypes.string_at(room, FORM.size)).InterfaceIndex
        if index == 9:
            return 2  # gone meanwhile
        put(
            room,
            FORM.pack(
                InterfaceIndex=index, InOctets=2**40, OutOctets=7, InUcastPkts=5, InNUcastPkts=1,
                OutUcastPkts=4, OutNUcastPkts=2, InErrors=11, OutErrors=12, InDiscards=13, OutDiscards=14,
            ),
        )  # fmt: skip
        return 0

    def GetIfTable(self, room: int, size: int, order: int) -> int:
        from sysutils.core.windows.adapters import MIB_IFROW as FORM

        del order
        states = {1: 5, 9: 0, 77: 5}
        rows = [
            FORM.pack(dwIndex=index, dwMtu=1400, dwSpeed=1_000_000_000, dwOperStatus=state)
            for index, state in states.items()
        ]
        (given,) = struct.unpack("<I", ctypes.string_at(size, 4))
        need = 4 + len(rows) * FORM.size
        if given < need or self.grows:
            self.grows = max(0, self.grows - 1)
            put_u32(size, need)
            return 122
        put(room, struct.pack("<I", len(rows)) + b"".join(rows))
        return 0


def _running(library: Network) -> Any:
    return running(library.machine, iphlpapi=library)


@pytest.mark.parametrize("grows", [0, 1, 4])
def test_connections(grows: int) -> None:
    network = Network(Machine())
    network.grows = grows
    with _running(network) as core:
        found = core.net_connections("tcp4")
    assert [(*row[3:6], row.pid) for row in found] == [
        (("0.0.0.0", 80), (), "LISTEN", 100),
        (("127.0.0.1", 50000), ("127.0.0.1", 80), "ESTABLISHED", 200),
        (("127.0.0.1", 50001), ("127.0.0.1", 80), "TIME_WAIT", 0),
        (("127.0.0.1", 50002), ("127.0.0.1", 80), "DELETE_TCB", 0),
    ]
    assert {(row.fd, row.family, row.type) for row in found} == {
        (-1, socket.AF_INET, socket.SOCK_STREAM)
    }


@pytest.mark.parametrize(
    ("kind", "count"),
    [("all", 7), ("inet", 7), ("tcp", 5), ("tcp6", 1), ("udp", 2), ("udp6", 1), ("inet6", 2)],
)
def test_kinds(kind: str, count: int) -> None:
    with _running(Network(Machine())) as core:
        assert len(core.net_connections(kind)) == count
        for bad in ("unix", "?"):
            with pytest.raises(ValueError, match="invalid kind argument"):
                core.net_connections(bad)


def test_of_one_process() -> None:
    with _running(Network(Machine())) as core:
        assert [row.laddr for row in core.Process(300).net_connections("udp")] == [
            ("0.0.0.0", 53),
            ("::1", 53),
        ]
        assert core.Process(200).net_connections("udp") == []


def test_nobody_has_a_socket() -> None:
    with _running(Network(Machine(), {})) as core:
        assert core.net_connections() == []


def test_twenty_thousand() -> None:
    rows = [struct.pack("<4sII", HOME, _port(place), 4 * place) for place in range(1, 20_001)]
    with _running(Network(Machine(), {("udp", 2): rows})) as core:
        assert [row.laddr.port for row in core.net_connections("udp4")] == list(range(1, 20_001))


@pytest.mark.parametrize("cut", range(0, 110, 7))
def test_a_table_that_is_cut_off(cut: int) -> None:
    data = struct.pack("<I", 4) + b"".join(TABLES["tcp", 2])
    with _running(Network(Machine())):
        from sysutils.core.windows import sockets

        found = list(sockets.parse_table(data[:cut], sockets.MIB_TCPROW_OWNER_PID))
        whole = list(sockets.parse_table(data, sockets.MIB_TCPROW_OWNER_PID))
    assert found == whole[: max(0, cut - 4) // 24]


def test_what_netstat_shows() -> None:
    with _running(Network(Machine())) as core:
        rows = core.net_sockets(["tcp", "raw"])
        assert [row.state for row in rows][:3] == [10, 1, 6]
        owners = core.socket_owners().by_inode
        assert [owners[row.inode].program for row in rows[:2]] == ["services.exe", "shell.exe"]


ADAPTERS: list[dict[str, Any]] = [
    {
        "name": "Ethernet ☃", "index": 1, "hardware": bytes([2, 0xFC, 0, 0, 0, 1]),
        "addresses": [
            (struct.pack("<HHI", 23, 0, 0) + SIX + bytes(4), 64),
            (struct.pack("<HH4s8x", 2, 0, bytes([192, 0, 2, 7])), 25),
        ],
    },
    {"name": "gone", "index": 9, "hardware": b"", "addresses": []},
]  # fmt: skip


@pytest.mark.parametrize("grows", [0, 1, 3])
def test_adapters(grows: int) -> None:
    network = Network(Machine())
    network.adapters, network.grows = ADAPTERS, grows
    with _running(network) as core:
        (rows,) = core.net_if_addrs().values()
        assert [tuple(row)[1:] for row in rows] == [
            ("02-FC-00-00-00-01", None, None, None),
            ("192.0.2.7", "255.255.255.128", None, None),
            ("::1", None, None, None),
        ]
        assert [int(row.family) for row in rows] == [-1, socket.AF_INET, socket.AF_INET6]
        assert core.AF_LINK == -1
        network.grows = grows
        assert core.net_if_stats() == {
            "Ethernet ☃": (True, 2, 1000, 1400, ""), "gone": (False, 2, 1000, 1400, ""),
        }  # fmt: skip
        assert core.net_io_counters(pernic=True) == {"Ethernet ☃": (7, 2**40, 6, 6, 11, 12, 13, 14)}


def test_no_adapters() -> None:
    with _running(Network(Machine())) as core:
        assert core.net_if_addrs() == {}
        assert core.net_io_counters() is None
        assert core.net_io_counters(pernic=True) == {}
