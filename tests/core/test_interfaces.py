"""net_if_addrs, net_if_stats, net_if_details on messages put together here (not on real links)."""

import contextlib
import ctypes
import errno
import fcntl
import os
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import addresses, if_details, interfaces, netlink, procfs, rtnetlink
from tests.support import oracle

# --- live


@pytest.mark.oracle
def test_this_machine_as_psutil() -> None:
    oracle.same(lambda api: api.net_if_addrs())
    oracle.same(lambda api: api.net_if_stats())


def test_the_loopback_link() -> None:
    rows = {row.family: row for row in core.net_if_addrs()["lo"]}
    assert rows[socket.AF_INET][1:] == ("127.0.0.1", "255.0.0.0", None, None)
    assert rows[core.AF_LINK].address == "00:00:00:00:00:00"
    stats = core.net_if_stats()["lo"]
    assert "loopback" in stats.flags.split(",")
    assert (stats.duplex, stats.speed) == (core.NIC_DUPLEX_UNKNOWN, 0)
    assert core.net_if_details()["lo"].type == 772


def test_the_answer_is_the_caller_s_own() -> None:
    core.net_if_addrs()["lo"].clear()
    core.net_if_addrs().clear()
    assert core.net_if_addrs()["lo"]


# --- messages put together by hand


def attribute(kind: int, payload: bytes) -> bytes:
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + b"\0" * (-length % 4)


def message(kind: int, body: bytes, flags: int = 2) -> bytes:
    size = 16 + len(body)
    return struct.pack("=IHHII", size, kind, flags, 1, 7) + body + b"\0" * (-size % 4)


def link_body(index: int, name: str, flags: int, address: bytes, broadcast: bytes) -> bytes:
    body = struct.pack("=BxHiII", 0, 1, index, flags, 0) + attribute(3, name.encode() + b"\0")
    body += attribute(4, struct.pack("=I", 1500)) + attribute(13, struct.pack("=I", 1000))
    return body + (attribute(1, address) + attribute(2, broadcast) if address else b"")


def address_body(family: int, prefixlen: int, index: int, **parts: bytes) -> bytes:
    kinds = {"address": 1, "local": 2, "label": 3, "broadcast": 4, "flags": 8}
    body = struct.pack("=BBBBI", family, prefixlen, 0x80, 253, index)
    return body + b"".join(attribute(kinds[name], value) for name, value in parts.items())


DONE = message(3, struct.pack("=i", 0))


class Answering:
    """In place of a connection: what the kernel answers to RTM_GETLINK (18) and RTM_GETADDR (22)."""

    def __init__(self, links: list[bytes], found: list[bytes]) -> None:
        self.answers = {18: links, 22: found}

    def dump(self, kind: int, body: bytes) -> Iterator[bytes]:
        assert len(body) % 4 == 0
        yield from self.answers[kind]

    def close(self) -> None:
        pass


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[bytes], list[bytes]], None]:
    """``kernel(links, addresses)``: buffers that rtnetlink answers with from now on."""

    def answer(links: list[bytes], found: list[bytes]) -> None:
        monkeypatch.setattr(netlink, "Netlink", lambda protocol: Answering(links, found))

    return answer


IP = socket.inet_aton
ETHERNET = bytes.fromhex("02fc00000001")
BROADCAST, LOOPBACK, POINTOPOINT = 0x1043, 0x49, 0x10D1


def test_rows_of_known_messages(kernel) -> None:
    six = socket.inet_pton(socket.AF_INET6, "febf::1")
    other = socket.inet_pton(socket.AF_INET6, "ff02::1")
    links = [
        message(16, link_body(7, "eth0", BROADCAST, ETHERNET, b"\xff" * 6)),
        message(16, link_body(9, "sit0", POINTOPOINT, IP("10.0.0.9"), IP("10.0.0.8"))),
        message(16, link_body(11, "ib0", BROADCAST, bytes(range(20)), b"\xff" * 20)),
        message(16, link_body(12, "tun0", POINTOPOINT, b"", b"")),
    ]
    found = [
        message(20, address_body(10, 64, 7, address=six)),
        message(20, address_body(10, 8, 12, address=other, local=six)),
        message(20, address_body(2, 24, 7, address=IP("10.0.0.1"), local=IP("10.0.0.1"),
                                 broadcast=IP("10.0.0.255"), label=b"eth0:1\0")),
        message(20, address_body(2, 32, 7, address=IP("10.0.0.1"), local=IP("10.0.0.1"), label=b"eth0\0")),
        message(20, address_body(2, 32, 12, address=IP("10.0.0.7"), local=IP("10.0.0.6"))),
        message(20, address_body(12, 8, 7, address=b"ab")),
        message(20, address_body(2, 8, 99, address=IP("1.1.1.1"))),
        message(20, address_body(2, 8, 7, address=b"abc")),
        message(20, address_body(2, 8, 7)),
    ]  # fmt: skip
    kernel([b"".join(links[:2]), b"".join(links[2:]), DONE], [b"".join(found) + DONE])
    assert core.net_if_addrs() == {
        "eth0:1": [(2, "10.0.0.1", "255.255.255.0", "10.0.0.255", None)],
        "eth0": [
            (2, "10.0.0.1", "255.255.255.255", "10.0.0.1", None),
            (10, "febf::1%eth0", "ffff:ffff:ffff:ffff::", None, None),
            (17, "02:fc:00:00:00:01", None, "ff:ff:ff:ff:ff:ff", None),
        ],
        "tun0": [
            (2, "10.0.0.6", "255.255.255.255", None, "10.0.0.7"),
            (10, "febf::1%tun0", "ff00::", None, "ff02::1%tun0"),
        ],
        "sit0": [(17, "0a:00:00:09:00:00", None, None, "0a:00:00:08")],
        "ib0": [(17, bytes(range(20)).hex(":"), None, "ff" + ":ff" * 19, None)],
    }
    assert list(core.net_if_addrs()) == ["eth0:1", "eth0", "tun0", "sit0", "ib0"]
    assert rtnetlink.links()["eth0"][:6] == ("eth0", 7, 1, BROADCAST, 1500, 1000)


def test_a_change_is_seen(kernel) -> None:
    def answer(address: str, name: str = "eth0") -> str:
        kernel(
            [message(16, link_body(7, name, BROADCAST, ETHERNET, b"\xff" * 6)), DONE],
            [message(20, address_body(2, 24, 7, address=IP(address))) + DONE],
        )
        return core.net_if_addrs()[name][0].address

    assert [answer("10.0.0.1"), answer("10.0.0.2"), answer("10.0.0.2", "eth1")] == [
        "10.0.0.1", "10.0.0.2", "10.0.0.2",
    ]  # fmt: skip


def test_what_is_told_again_is_not_read_again() -> None:
    raw = message(20, address_body(2, 24, 7, address=IP("10.0.0.1")))
    other = message(20, address_body(2, 24, 7, address=IP("10.0.0.2")))
    question = rtnetlink.Question(22, b"", 20, rtnetlink.parse_address)
    first = question.ask(Answering([], [raw, other, DONE]))
    again = question.ask(Answering([], [raw, raw, DONE]))
    assert again[0] is first[0]
    assert [row.address for part in again for row in part] == [IP("10.0.0.1")] * 2


def test_a_list_that_changes_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = message(16, link_body(7, "eth0", BROADCAST, ETHERNET, b"\xff" * 6))
    torn = message(16, link_body(7, "eth9", BROADCAST, ETHERNET, b"\xff" * 6), flags=2 | 16)
    left = [[torn, DONE], [torn, DONE], [rest, DONE]]
    monkeypatch.setattr(netlink, "Netlink", lambda protocol: Answering(left.pop(0), []))
    assert list(rtnetlink.links()) == ["eth0"]
    left[:] = [[torn, DONE]] * 9
    with pytest.raises(OSError):  # noqa: PT011
        rtnetlink.links()


def test_links_are_asked_by_name_where_rtnetlink_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Android does since 11."""
    refused = message(2, struct.pack("=i", -errno.EACCES))
    found = [message(20, address_body(2, 8, socket.if_nametoindex("lo"), address=IP("127.0.0.1")))]
    monkeypatch.setattr(netlink, "Netlink", lambda protocol: Answering([refused], [*found, DONE]))
    assert core.net_if_addrs() == {"lo": [(2, "127.0.0.1", "255.0.0.0", None, None)]}
    monkeypatch.setattr(socket, "if_indextoname", lambda index: "renamed")
    monkeypatch.setattr(fcntl, "ioctl", lambda fd, request, name: name[:16] + b"\x10" + bytes(23))
    assert core.net_if_addrs() == {"renamed": [(2, "127.0.0.1", "255.0.0.0", None, None)]}


def test_details_where_rtnetlink_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = message(2, struct.pack("=i", -errno.EACCES))
    monkeypatch.setattr(netlink, "Netlink", lambda protocol: Answering([refused], [refused]))
    found = core.net_if_details()["lo"]
    assert (found.ifindex, found.type, found.counters.name) == (None, None, "lo")
    assert {row.address for row in found.addresses} <= {"::1"}


def test_flags_of_an_address_are_the_wide_ones() -> None:
    body = address_body(2, 24, 7, address=IP("10.0.0.1"))
    assert rtnetlink.parse_address(body).flags == 0x80
    wide = address_body(2, 24, 7, address=IP("10.0.0.1"), flags=struct.pack("=I", 0x12345))
    assert rtnetlink.parse_address(wide).flags == 0x12345


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for parse in (rtnetlink.parse_link, rtnetlink.parse_address):
        with contextlib.suppress(ValueError):
            parse(raw)
        with contextlib.suppress(ValueError, OSError):
            rtnetlink.parse_buffer(raw, 16, parse)
        with contextlib.suppress(ValueError, OSError):
            rtnetlink.parse_buffer(message(16, raw), 16, parse)
    if_details.parse_if_inet6(raw)


@given(st.integers(0, 32), st.integers(0, 128))
def test_netmasks(short: int, long: int) -> None:
    import ipaddress

    assert addresses.netmask(socket.AF_INET, short) == str(
        ipaddress.ip_network(f"0.0.0.0/{short}").netmask
    )
    assert addresses.netmask(socket.AF_INET6, long) == str(
        ipaddress.ip_network(f"::/{long}").netmask
    )


# --- ioctl, answered by hand

HEADINGS = "Inter-|\n face |\n"


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, object]]:
    """``device(flags=…, mtu=…, ethtool=(speed, duplex))``: net_if_stats() of one link that says so.

    An errno in place of an answer is an error."""

    def ask(flags: int = 0x1043, mtu: int = 1500, ethtool: object = (1000, 1), fail: int = 0):
        def ioctl(fd: int, request: int, argument: bytes) -> bytes:
            name = argument[:16]
            assert name.rstrip(b"\0") == b"eth0"
            if request == fail:
                raise OSError(errno.ENODEV, "gone")
            if request == 0x8913:
                return struct.pack("=16sH22x", name, flags)
            if request == 0x8921:
                return struct.pack("=16si20x", name, mtu)
            assert request == 0x8946
            if isinstance(ethtool, int):
                raise OSError(ethtool, os.strerror(ethtool))
            pointer = struct.unpack_from("@16sP", argument)[1]
            assert ctypes.c_uint32.from_address(pointer).value == 1
            speed, duplex = ethtool
            command = struct.pack(
                "=IIIHBB8xIHBBI8x", 1, 2, 3, speed & 0xFFFF, duplex, 0, 0, speed >> 16, 0, 0, 0
            )
            ctypes.memmove(pointer, command.ljust(44, b"\xff"), 44)
            return argument

        monkeypatch.setattr(fcntl, "ioctl", ioctl)
        return core.net_if_stats()

    (tmp_path / "net").mkdir()
    (tmp_path / "net/dev").write_text(HEADINGS + "  eth0: 1 2 3\n")
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    return ask


def test_struct_ethtool_cmd(device) -> None:
    full, half, unknown = core.NIC_DUPLEX_FULL, core.NIC_DUPLEX_HALF, core.NIC_DUPLEX_UNKNOWN
    assert device(ethtool=(1000, 1)) == {
        "eth0": (True, full, 1000, 1500, "up,broadcast,running,multicast")
    }
    for speed, duplex, expected in [
        (10, 0, (half, 10)), (100000, 1, (full, 100000)), (65535, 1, (full, 65535)),
        (2**32 - 1, 255, (unknown, 0)), (2**31, 1, (full, 0)), (2**31 - 1, 1, (full, 2**31 - 1)),
        (5, 7, (unknown, 5)),
    ]:  # fmt: skip
        assert device(ethtool=(speed, duplex))["eth0"][1:3] == expected


@pytest.mark.parametrize(
    "code", [errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM, errno.EIO, errno.EBUSY]
)
def test_a_driver_that_cannot_tell_costs_speed_and_duplex_alone(code: int, device) -> None:
    assert device(ethtool=code)["eth0"][1:4] == (core.NIC_DUPLEX_UNKNOWN, 0, 1500)


@pytest.mark.parametrize("request_", [0x8913, 0x8921, 0x8946])
def test_a_link_that_is_gone_is_left_out(request_: int, device) -> None:
    assert device(fail=request_) == {}
    assert device(ethtool=errno.ENODEV) == {}


def test_running_is_up(device) -> None:
    assert device(flags=0x40)["eth0"].isup is True
    assert device(flags=0xFFBF)["eth0"].isup is False
    assert device(flags=0)["eth0"].flags == ""
    assert device(flags=0xFFFF)["eth0"].flags == (
        "up,broadcast,debug,loopback,pointopoint,notrailers,running,noarp,promisc,allmulti,master,slave,"
        "multicast,portsel,automedia,dynamic"
    )


# --- recordings


def test_details_of_a_recording(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    rows = " ".join(map(str, range(1, 17)))
    (tmp_path / "net/dev").write_text(f"{HEADINGS}  eth0: {rows}\n  tun0: {rows}\n")
    (tmp_path / "net/if_inet6").write_text(
        "fe800000000000000000fcfffe000001 02 40 20 80     eth0\n"
        "fd000000000000000000000000000002 02 7f 00 c0     eth0\n"
        "0000000000000000000000000a000001 03 60 80 80     tun0\n"
        "0000000000000000000000000a000002 03 60 7"
    )
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    found = core.net_if_details()
    assert list(found) == ["eth0", "tun0"]
    row = found["eth0"]
    assert row[:10] == ("eth0", *[None] * 9)
    assert row.counters[4:] == tuple(range(1, 17))
    assert [one[1:] for one in row.addresses] == [
        ("fe80::fcff:fe00:1", 64, "ffff:ffff:ffff:ffff::", None, None,
         "link", None, 0x80),
        ("fd00::2", 127, "ffff:" * 7 + "fffe", None, None, "global", None, 0xC0),
    ]  # fmt: skip
    assert [one.scope for one in found["tun0"].addresses] == ["compat"]
    (tmp_path / "net/if_inet6").unlink()
    assert core.net_if_details()["eth0"].addresses == []


def test_without_net_dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(core, "PROCFS_PATH", str(tmp_path))
    assert procfs.root() == os.fsencode(tmp_path)
    with pytest.raises(FileNotFoundError):
        core.net_if_stats()
    assert core.net_if_details() == {}
    assert interfaces.flag_names(0) == ""
