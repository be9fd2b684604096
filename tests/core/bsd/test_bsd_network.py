"""Routes and counters of protocols of FreeBSD, OpenBSD and NetBSD."""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import TYPE_CHECKING, Any

import pytest

from tests.core.bsd.systems import SYSTEMS, System, add_network
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
_LINK = struct.pack("=BBHBBBB", 54, 18, 1, 6, 3, 6, 0) + b"em0\x02\0\0\0\0\x01"


@pytest.fixture(params=SYSTEMS, ids=[system.platform for system in SYSTEMS])
def system(request: pytest.FixtureRequest) -> System:
    found: System = request.param
    return found


@pytest.fixture
def kernel(system: System) -> Any:
    made = system.kernel.Kernel()
    made.links = [("em0", 0x8843, _LINK.ljust(54, b"\0"), None)]
    add_network(system, made)
    return made


@pytest.fixture
def core(system: System, kernel: Any) -> Iterator[Any]:
    with elsewhere.system(system.platform, c=kernel) as found:
        yield found


def test_routes(core: Any, system: System) -> None:
    by_router, to_host = core.net_routes()
    refcnt = 3 if system.platform == "openbsd7" else 0
    assert by_router == (
        "em0", "10.1.0.0", "192.168.0.1", "255.255.0.0", 3, refcnt, 77, 0, 0, 0, 0,
    )  # fmt: skip
    assert to_host[:5] == ("em0", "10.0.0.9", "0.0.0.0", "255.255.255.255", 5)
    (route,) = core.net_routes6()
    assert route == (
        "em0", "2001:db8::", 32, "::", 0, "fe80::9", 3, refcnt, 77, 0,
    )  # fmt: skip


def test_no_routes_and_broken_ones(core: Any, kernel: Any, system: System) -> None:
    place = system.route_place()
    whole = kernel.places[place]
    kernel.places[place] = b""
    assert core.net_routes() == []
    kernel.links = []
    for size in (1, 3, 20, len(system.fixture("route")) - 1):
        kernel.places[place] = whole[:size]
        assert core.net_routes() == []
    kernel.places[place] = system.fixture("route")
    assert core.net_routes()[0].iface == "*"
    kernel.places[place] = errno.EPERM
    with pytest.raises(PermissionError):
        core.net_routes()


def test_many_routes(core: Any, kernel: Any, system: System) -> None:
    kernel.places[system.route_place()] = system.fixture("route") * 5000
    assert len(core.net_routes()) == 5000


def test_counters(core: Any, system: System) -> None:
    found = core.net_protocol_stats()
    names = ["Ip", "Icmp", "Tcp", "Udp", "TcpExt", "Ip6", "Icmp6"]
    assert list(found) == names + ["Udp6"] * (system.platform == "netbsd10")
    ip = found["Ip"]
    assert (ip["Forwarding"], ip["InReceives"], ip["InHdrErrors"], ip["InAddrErrors"]) == (
        1,
        1000,
        7,
        8,
    )
    assert (ip["ForwDatagrams"], ip["OutRequests"], ip["ReasmFails"]) == (16, 850, 13)
    assert ("InDiscards" in ip) == (system.platform == "openbsd7")
    tcp = found["Tcp"]
    assert (tcp["ActiveOpens"], tcp["PassiveOpens"], tcp["EstabResets"]) == (70, 30, 5)
    assert (tcp["InSegs"], tcp["OutSegs"], tcp["RetransSegs"], tcp["InErrs"]) == (6000, 4950, 50, 3)
    assert tcp["CurrEstab"] == (1 if system.platform == "freebsd14" else 0)
    assert found["Udp"] == {
        "InDatagrams": 440, "NoPorts": 48, "InErrors": 12, "OutDatagrams": 450, "RcvbufErrors": 6,
        "InCsumErrors": 2,
    }  # fmt: skip
    icmp = found["Icmp"]
    assert (icmp["InMsgs"], icmp["InErrors"], icmp["InEchos"], icmp["OutMsgs"]) == (30, 6, 20, 27)
    assert (icmp["OutEchoReps"], icmp["OutDestUnreachs"]) == (20, 7)
    assert found["TcpExt"]["TCPAbortOnTimeout"] == 5
    assert (found["Ip6"]["InReceives"], found["Ip6"]["OutForwDatagrams"]) == (300, 1)
    six = found["Icmp6"]
    assert (six["InNeighborSolicits"], six["OutEchos"], six["OutMsgs"]) == (9, 2, 11)


def test_connections_are_counted(core: Any, kernel: Any, system: System) -> None:
    if system.platform == "freebsd14":
        kernel.named["net.inet.tcp.states"] = struct.pack("=11Q", 0, 9, 0, 0, 5, 2, 0, 0, 0, 0, 9)
    elif system.platform == "netbsd10":
        system.kernel.add_sockets(kernel)
    else:
        ends = ("10.0.0.1", 22), ("10.0.0.2", 5555)
        kernel.files = [system.kernel.open_socket(50, 3 + n, *ends, 4, 0x100) for n in range(2)]
    expected = 7 if system.platform == "freebsd14" else 1
    assert core.net_protocol_stats()["Tcp"]["CurrEstab"] == expected


def test_a_kernel_without_a_protocol(core: Any, kernel: Any, system: System) -> None:
    if system.platform == "openbsd7":
        del kernel.places[4, 24, 41, 6]
    else:
        del kernel.named["net.inet6.ip6.stats"]
    found = core.net_protocol_stats()
    assert "Ip6" not in found
    assert "Ip" in found


@pytest.mark.parametrize(
    "system", SYSTEMS, ids=[system.platform for system in SYSTEMS], indirect=True
)
def test_netstat(system: System) -> None:
    machine = f"tests.core.bsd.systems:{system.platform}"
    done = elsewhere.run(system.platform, machine, ["netstat", "-rn"])
    assert (done.stderr, done.returncode) == (b"", 0)
    assert done.stdout.decode() == (
        "Kernel IP routing table\n"
        "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n"
        "10.1.0.0        192.168.0.1     255.255.0.0     UG        0 0          0 em0\n"
        "10.0.0.9        0.0.0.0         255.255.255.255 UH        0 0          0 em0\n"
    )
    done = elsewhere.run(system.platform, machine, ["netstat", "-s"])
    assert (done.stderr, done.returncode) == (b"", 0)
    text = done.stdout.decode()
    assert text.startswith(
        "Ip:\n    Forwarding: 1\n    1000 total packets received\n    7 with invalid headers\n"
        "    8 with invalid addresses\n    16 forwarded\n    32 with unknown protocol\n"
    )
    assert "Tcp:\n    70 active connection openings\n    30 passive connection openings\n" in text
    assert (
        "    6000 segments received\n    4950 segments sent out\n    50 segments retransmitted\n"
        in text
    )
