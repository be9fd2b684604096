"""The network of macOS, above a C library that tests make."""

from __future__ import annotations

import errno
import socket

import pytest

from sysutils.core.darwin import interfaces
from tests.abi.pinned import fixture
from tests.support.mac import TARGET
from tests.support.mac_addresses import inet, inet6, link

_LISTEN = (3, socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 8080), (), "LISTEN")
_ESTABLISHED = (
    4, socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 443), ("2001:db8::2", 51234), "ESTABLISHED",
)  # fmt: skip
_UDP = (5, socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 5353), (), "NONE")
_UNIX = (6, socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/syslog", "", "NONE")


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("all", [_LISTEN, _ESTABLISHED, _UDP, _UNIX]), ("inet", [_LISTEN, _ESTABLISHED, _UDP]),
        ("inet4", [_LISTEN, _UDP]), ("inet6", [_ESTABLISHED]), ("tcp", [_LISTEN, _ESTABLISHED]),
        ("tcp4", [_LISTEN]), ("tcp6", [_ESTABLISHED]), ("udp", [_UDP]), ("udp4", [_UDP]), ("udp6", []),
        ("unix", [_UNIX]),
    ],
)  # fmt: skip
def test_sockets_of_a_process(made, kind: str, rows: list) -> None:
    assert made.core.Process(400).net_connections(kind) == rows


def test_sockets_of_a_process_without_any(made) -> None:
    assert made.core.Process(300).net_connections("all") == []
    with pytest.raises(ValueError, match="invalid kind"):
        made.core.Process(400).net_connections("tcp5")


def test_sockets_closed_meanwhile(made) -> None:
    made.mac.processes[400].files = {9: (2, errno.EBADF)}
    assert made.core.Process(400).net_connections() == []


def test_only_root_sees_all(made) -> None:
    with pytest.raises(made.core.AccessDenied):
        made.core.net_connections()
    for one in made.mac.processes.values():
        one.denied = 0
    rows = made.core.net_connections("tcp")
    assert rows == [(*_LISTEN, 400), (*_ESTABLISHED, 400)]
    with pytest.raises(ValueError, match="invalid kind"):
        made.core.net_connections("nothing")


def test_states(made) -> None:
    from sysutils.core.darwin.sockets import STATES

    one = made.mac.processes[400].files[3][1].psi.soi_proto.pri_tcp
    for number, (status, _) in STATES.items():
        one.tcpsi_state = number
        assert made.core.Process(400).net_connections("tcp4")[0].status == status
    one.tcpsi_state = 77
    assert made.core.Process(400).net_connections("tcp4")[0].status == "NONE"


def test_ipv4_of_an_ipv6_socket(made) -> None:
    ends = made.mac.processes[400].files[4][1].psi.soi_proto.pri_tcp.tcpsi_ini
    ends.insi_vflag = 1
    ends.insi_laddr[:] = bytes(12) + bytes((10, 0, 0, 1))
    ends.insi_faddr[:] = bytes(10) + b"\xff\xff" + bytes((10, 0, 0, 2))
    row = made.core.Process(400).net_connections("tcp6")[0]
    assert (row.laddr.ip, row.raddr.ip) == ("::ffff:10.0.0.1", "::ffff:10.0.0.2")


def test_netstats_sockets(made) -> None:
    rows = made.core.net_sockets(("tcp", "tcp6", "udp"))
    assert [row[:8] for row in rows] == [
        ("tcp", 1, 128, ("127.0.0.1", 8080), ("0.0.0.0", 0), 10, "LISTEN", 501),
        ("tcp6", 11, 22, ("2001:db8::1", 443), ("2001:db8::2", 51234), 1, "ESTABLISHED", 501),
        ("udp", 0, 0, ("0.0.0.0", 5353), ("0.0.0.0", 0), 7, "NONE", 501),
    ]
    owners = made.core.socket_owners()
    assert owners.by_inode[rows[0].inode] == (400, 3, "python3")
    assert not owners.complete
    assert made.core.net_sockets(("raw",)) == []
    with pytest.raises(ValueError, match="invalid protocol"):
        made.core.net_sockets(("ipx",))


def test_a_socket_that_two_have_is_one(made) -> None:
    made.mac.processes[300].files = dict(made.mac.processes[400].files)
    assert len(made.core.net_sockets(("tcp",))) == 1
    assert made.core.unix_sockets()[0].refcount == 2


def test_unix_sockets(made) -> None:
    assert made.core.unix_sockets() == [(1, 0, socket.SOCK_STREAM, 3, 0x4000, "/var/run/syslog")]


def test_routes(made) -> None:
    assert made.core.net_routes() == [
        ("en0", "0.0.0.0", "10.0.0.1", "0.0.0.0", 3, 9, 12, 0, 0, 0, 0),
        ("en0", "10.0.0.0", "0.0.0.0", "255.255.255.0", 1, 2, 0, 0, 0, 0, 0),
        ("lo0", "10.0.0.7", "0.0.0.0", "255.255.255.255", 0x205, 0, 0, 0, 0, 0, 0),
    ]
    assert made.core.net_routes6() == [
        ("en0", "::", 0, "::", 0, "fe80::1", 3, 1, 0, 0),
        ("lo0", "fe80::", 64, "::", 0, "::", 1, 0, 0, 0),
    ]
    made.mac.places[4, 17, 0, 2, 7, 0] = b""
    assert made.core.net_routes() == []
    made.mac.places[4, 17, 0, 2, 7, 0] = fixture(TARGET, "routes")[:140]
    assert len(made.core.net_routes()) == 1


def test_counters(made) -> None:
    assert made.core.net_io_counters(pernic=True) == {
        "lo0": (1000, 1000, 10, 10, 0, 0, 0, 0),
        "en0": (80, 7_000_000_000, 40, 5_000_000_000, 1, 2, 5, 0),
    }
    assert made.core.net_io_counters().bytes_recv == 7_000_001_000


def test_no_interfaces(made) -> None:
    made.mac.places[4, 17, 0, 0, 6, 0] = b""
    assert made.core.net_io_counters() is None
    assert made.core.net_io_counters(pernic=True) == {}
    assert made.core.net_if_stats() == {}
    assert made.core.net_if_addrs() == {}


@pytest.mark.parametrize("cut", [1, 3, 100, 179, 181, 200])
def test_a_list_that_is_cut_off(made, cut: int) -> None:
    made.mac.places[4, 17, 0, 0, 6, 0] = fixture(TARGET, "interfaces")[:cut]
    assert set(made.core.net_io_counters(pernic=True)) == ({"lo0"} if cut > 179 else set())


def test_messages_of_other_kinds_are_passed_over(made) -> None:
    data = fixture(TARGET, "interfaces")
    made.mac.places[4, 17, 0, 0, 6, 0] = b"\x14\0\x05\x0c" + bytes(16) + data
    assert list(made.core.net_io_counters(pernic=True)) == ["lo0", "en0"]


def test_interfaces_that_come_while_they_are_listed(made) -> None:
    def grow() -> None:
        made.mac.places[4, 17, 0, 0, 6, 0] = fixture(TARGET, "interfaces") * 50

    made.mac.meanwhile = grow
    assert len(made.core.net_interfaces()) == 100


def test_if_stats(made, monkeypatch) -> None:
    def ioctl(_handle, request, data):
        assert request == interfaces.SIOCGIFMEDIA
        if not data.startswith(b"en0\0"):
            raise OSError(errno.EINVAL, "no media")
        return interfaces.MEDIA.pack(b"en0", 0, 0, 3, 0x100020 | 16, 0)  # 1000baseT <full-duplex>

    monkeypatch.setattr("fcntl.ioctl", ioctl)
    assert made.core.net_if_stats() == {
        "lo0": (True, 0, 0, 16384, "up,loopback,running,multicast"),
        "en0": (True, 2, 1000, 1500, "up,broadcast,notrailers,running,simplex,multicast"),
    }


@pytest.mark.parametrize(
    ("word", "told"),
    [(0x200020 | 6, (1, 100)), (0x20, (0, 0)), (0x100020 | 21, (2, 10000)), (0x100080 | 6, (2, 0)),
     (0x100020 | 0x10000 | 6, (2, 40000))],
)  # fmt: skip
def test_media(word: int, told: tuple) -> None:
    assert interfaces.media(word) == told


def test_addresses(made) -> None:
    made.mac.addresses = [
        (b"lo0", 0x8049, inet(bytes((127, 0, 0, 1))), inet(bytes((255, 0, 0, 0)), 5), b""),
        (b"lo0", 0x8049, inet6(bytes(15) + b"\1"), inet6(b"\xff" * 16), b""),
        (b"en0", 0x8863, link(b"en0", b"\x02\xfc\0\0\0\1"), b"", b""),
        (b"en0", 0x8863, inet6(bytes.fromhex("fe80000400000000") + bytes(7) + b"\7"),
         inet6(b"\xff" * 8 + bytes(8)), b""),
        (b"en0", 0x8863, inet(bytes((10, 0, 0, 5))), inet(bytes((255, 255, 255, 0))),
         inet(bytes((10, 0, 0, 255)))),
    ]  # fmt: skip
    found = made.core.net_if_addrs()
    assert [row[1:] for row in found["lo0"]] == [
        ("127.0.0.1", "255.0.0.0", None, None),
        ("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, None),
    ]
    assert [row[1:] for row in found["en0"]] == [
        ("10.0.0.5", "255.255.255.0", "10.0.0.255", None),
        ("02:fc:00:00:00:01", None, None, None),
        ("fe80::7%en0", "ffff:ffff:ffff:ffff::", None, None),
    ]
    assert made.mac.calls.count("freeifaddrs") == 1
    details = made.core.net_if_details()
    assert (details["en0"].address, details["en0"].type, details["en0"].txqueuelen) == (
        "02:fc:00:00:00:01", 1, 128,
    )  # fmt: skip
    assert details["en0"].flags == 0x1063  # as Linux has them
    assert [(row.address, row.prefixlen, row.scope) for row in details["en0"].addresses] == [
        ("10.0.0.5", 24, "global"), ("fe80::7", 64, "link"),
    ]  # fmt: skip
    assert (details["lo0"].type, details["lo0"].addresses[0].scope) == (772, "host")
    assert details["en0"].counters.tx_collisions == 6
