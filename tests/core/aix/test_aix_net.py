"""Interfaces of AIX, above a library of the test's own."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core.aix import layout
from tests.core.aix import machine
from tests.core.aix.machine import (
    Kernel,
    Perfstat,
    addressed,
    command,
    part,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_interfaces(core: Any, kernel: Kernel, tmp_path: Path) -> None:
    addressed(kernel)
    found = core.net_if_addrs()
    assert found["lo0"] == [(socket.AF_INET, "127.0.0.1", "255.0.0.0", None, None)]
    assert found["en0"] == [
        (socket.AF_INET, "10.0.0.5", "255.255.255.0", "10.0.0.255", None),
        (core.AF_LINK, "02:00:00:00:00:01", None, None, None),
        (socket.AF_INET6, "fe80::1%en0", None, None, None),
    ]
    flags = "up,broadcast,running,simplex,multicast"
    net = part("net")
    net.ENTSTAT = str(tmp_path / "none")
    assert core.net_if_stats() == {
        "en0": (True, core.NIC_DUPLEX_UNKNOWN, 1000, 1500, flags),
        "lo0": (True, core.NIC_DUPLEX_UNKNOWN, 0, 16896, "up,loopback,running,simplex,multicast"),
    }
    net.ENTSTAT = command(
        tmp_path / "entstat",
        'test "$*" = "-d en0" && echo "Media Speed Running: 10 Gbps / Half Duplex"',
    )
    kernel.flags["en0"] = 0x803
    assert core.net_if_stats()["en0"] == (
        False, core.NIC_DUPLEX_HALF, 10_000, 1500, "up,broadcast,simplex",
    )  # fmt: skip
    assert core.net_io_counters(pernic=True)["en0"] == (40, 30, 4, 3, 1, 2, 5, 6)


def test_no_interface(core: Any, kernel: Kernel, perfstat: Perfstat) -> None:
    perfstat.rows["perfstat_netinterface"] = []
    assert core.net_if_addrs() == core.net_if_stats() == {}
    assert core.net_io_counters() is None


def test_addresses_that_come_meanwhile(core: Any, kernel: Kernel) -> None:
    addressed(kernel)
    kernel.more_addresses = [("en1", machine.inet("10.1.0.1"))]
    kernel.flags["en1"] = 0x51
    kernel.answers[layout.SIOCGIFNETMASK, "en1"] = machine.inet("255.255.255.255")
    kernel.answers[layout.SIOCGIFDSTADDR, "en1"] = machine.inet("10.1.0.2")
    assert core.net_if_addrs()["en1"] == [
        (socket.AF_INET, "10.1.0.1", "255.255.255.255", None, "10.1.0.2")
    ]
    assert kernel.sized == 4


def test_an_interface_that_is_gone(core: Any, kernel: Kernel) -> None:
    kernel.addresses = [("en9", machine.inet("10.1.0.1"))]
    assert core.net_if_addrs() == {"en9": [(socket.AF_INET, "10.1.0.1", None, None, None)]}


@given(st.binary(max_size=200))
def test_any_list_of_addresses_is_read(data: bytes) -> None:
    from sysutils.core.aix import net

    assert all(len(address) >= 16 for _, address in net.parse_addresses(data))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"Media Speed Selected: Autonegotiate\nMedia Speed Running: 1000 Mbps Full Duplex\n", (1000, 2)),
        (b"Media Speed Running: 100 Mbps / 100 mbps, Half Duplex", (100, 1)),
        (b"Media Speed Running: Unknown", (0, 0)), (b"", (0, 0)),
        (b"Media Speed Running: 25 Gbps Odd Duplex", (25000, 0)),
    ],
)  # fmt: skip
def test_what_entstat_tells(text: bytes, told: tuple[int, int]) -> None:
    from sysutils.core.aix import net

    assert net.medium(text) == told


def test_details(core: Any, kernel: Kernel) -> None:
    addressed(kernel)
    found = core.net_if_details()
    assert list(found) == ["en0", "lo0"]
    ethernet = found["en0"]
    assert (ethernet.ifindex, ethernet.flags, ethernet.mtu, ethernet.type) == (2, 0x1043, 1500, 1)
    assert (ethernet.address, ethernet.broadcast) == ("02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff")
    assert [(row.address, row.prefixlen, row.scope) for row in ethernet.addresses] == [
        ("10.0.0.5", 24, "global"), ("fe80::1", 0, "link"),
    ]  # fmt: skip
    counters = ethernet.counters
    assert (counters.rx_bytes, counters.tx_packets, counters.rx_dropped, counters.tx_errors) == (
        30,
        4,
        5,
        2,
    )
    assert core.net_interfaces() == [row.counters for row in found.values()]
    assert (found["lo0"].type, found["lo0"].address) == (772, None)
    kernel.addresses = []  # none is told
    assert core.net_if_details()["en0"][:2] == ("en0", None)
