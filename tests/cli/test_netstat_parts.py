"""The parts of netstat: names, addresses, programs, flags, the order of interfaces, ifconfig's blocks."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils.cli import netstat_groups, netstat_routes, netstat_sockets, netstat_statistics
from sysutils.cli.fields import interfaces, names, sockets
from sysutils.cli.netstat_choice import View
from sysutils.core._ntuples import (
    addr,
    sifaddress,
    sifdetails,
    sifmap,
    sinterface,
    smcastgroup,
    snetsock,
    sroute,
    ssockowner,
    ssocktimer,
    sunixsock,
)

NUMERIC = View(all=True, numeric_hosts=True, numeric_ports=True, numeric_users=True)

# --- names


def test_services_of_a_file() -> None:
    data = b"# comment\nssh 22/tcp # more\nold\t80/tcp\nhttp 80/tcp www\n\nx 1/udp y z\n"
    data += b"bad\nbad x/tcp\nbad 7\n"
    assert names.parse_services(data) == {
        ("tcp", 22): "ssh", ("tcp", 80): "http", ("udp", 1): "x",
    }  # fmt: skip


def test_services_of_any_bytes() -> None:
    assert names.parse_services(b"\xff 1/tcp") == {("tcp", 1): "\udcff"}


@settings(max_examples=50)
@given(st.binary())
def test_no_file_of_services_breaks_it(data: bytes) -> None:
    for (protocol, port), name in names.parse_services(data).items():
        assert protocol
        assert port >= 0
        assert name


@pytest.mark.parametrize("address", ["not an address", "300.1.1.1", "", "::x", "1.2.3"])
def test_a_host_that_is_none_has_no_name(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise socket.gaierror("none")

    monkeypatch.setattr(socket, "gethostbyaddr", fail)
    monkeypatch.setattr(socket, "getnameinfo", fail)
    names.host_name.cache_clear()
    assert names.host_name(address) is None


@pytest.mark.parametrize(
    ("ip", "numeric", "shown"),
    [
        ("0.0.0.0", False, "0.0.0.0"), ("::", False, "[::]"), ("::", True, "::"),
        ("10.0.0.1", True, "10.0.0.1"),
        ("::ffff:10.0.0.1", True, "10.0.0.1"), ("::10.0.0.1", True, "::10.0.0.1"),
        ("fe80::1", True, "fe80::1"),
        ("10.0.0.1", False, "name"), ("fe80::1", False, "name"),
    ],
)  # fmt: skip
def test_hosts(ip: str, numeric: bool, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "host_name", lambda _: "name")
    assert names.host_text(ip, numeric) == shown


def test_a_host_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "host_name", lambda _: None)
    assert names.host_text("::ffff:10.0.0.1", False) == "10.0.0.1"
    assert names.host_text("fe80::1", False) == "fe80::1"


@pytest.mark.parametrize(
    ("protocol", "port", "shown"),
    [
        ("tcp", 0, "*"), ("raw", 0, "*"), ("tcp6", 22, "ssh"), ("udplite", 53, "domain"),
        ("raw6", 58, "ipv6-icmp"),
        ("raw", 77, "77"), ("udp", 4, "4"),
    ],
)  # fmt: skip
def test_ports(protocol: str, port: int, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {("tcp", 22): "ssh", ("udp", 53): "domain", ("udp", 58): "wrong"}
    monkeypatch.setattr(netstat_sockets, "service_name", lambda *key: known.get(key))
    monkeypatch.setattr(netstat_sockets, "protocol_name", {58: "ipv6-icmp"}.get)
    assert netstat_sockets.port_text(protocol, port, False) == shown
    assert netstat_sockets.port_text(protocol, port, True) == (str(port) if port else "*")


# --- sockets


@given(st.text("abc.:", max_size=40), st.text("abc", min_size=1, max_size=30))
def test_an_address_is_cut_to_its_columns(host: str, port: str) -> None:
    text = netstat_sockets.address_text(host, port, False)
    assert len(text) == 23
    whole = f"{host}:{port}"
    if len(whole) <= 23:
        assert text.rstrip(" ") == whole
    else:
        assert text.rstrip(" ").endswith(f":{port[:18]}")
    assert netstat_sockets.address_text(host, port, True) == whole.ljust(23)


def made(**changes: Any) -> snetsock:
    row = snetsock(
        "tcp", 0, 0, addr("127.0.0.1", 22), addr("127.0.0.1", 5), 1, "ESTABLISHED", 0, 7, None
    )
    return row._replace(**changes)


def line(row: snetsock, view: View = NUMERIC, owners: Any = None) -> str:
    (text,) = netstat_sockets.inet_lines(row.protocol, [row], view, owners or {})
    return text


def test_a_program_cut_in_the_middle_of_a_character() -> None:
    owner = ssockowner(1, 3, "/x/" + "\u00e9" * 20)
    text = line(made(), NUMERIC._replace(programs=True), {7: owner})
    assert text.encode("utf-8", "surrogateescape")[80:] == b"1/" + b"\xc3\xa9" * 8 + b"\xc3 \n"


@pytest.mark.parametrize(
    ("timer", "shown"),
    [
        (ssocktimer(0, 5.0, 3, 2), "off (0.00/3/2)"), (ssocktimer(1, 0.2, 0, 0), "on (0.20/0/0)"),
        (ssocktimer(2, 7192.153, 1, 0), "keepalive (7192.15/1/0)"),
        (ssocktimer(3, 59.0, 0, 0), "timewait (59.00/0/0)"),
        (ssocktimer(4, 1.0, 0, 9), "probe (1.00/0/9)"), (ssocktimer(9, 1.0, 0, 0), "unkn-9 (1.00/0/0)"),
        (None, ""),
    ],
)  # fmt: skip
def test_timers(timer: ssocktimer | None, shown: str) -> None:
    assert netstat_sockets.timer_text(made(timer=timer)) == shown


@pytest.mark.parametrize(
    ("state", "word"), [(0, ""), (12, "SYN_RECV"), (13, "UNKNOWN"), (99, "UNKNOWN")]
)
def test_states_beyond_the_known_ones(state: int, word: str) -> None:
    status = "SYN_RECV" if state == 12 else "NONE"
    assert line(made(state=state, status=status))[68:79] == f"{word:<11}"


def test_one_state_of_another_protocol() -> None:
    assert line(made(protocol="udp6", state=2, status="NONE")).startswith("udp6  ")
    assert sockets.inet_state("raw", 10, "NONE") == "10"


@given(
    st.integers(0, 1 << 32), st.integers(0, 0x80000), st.integers(-5, 20), st.integers(-1, 9),
    st.integers(0, 1 << 64), st.text(st.characters(exclude_characters="\n"), max_size=30),
)  # fmt: skip
def test_any_unix_socket_is_one_line(
    refcount: int, flags: int, kind: int, state: int, inode: int, path: str
) -> None:
    row = sunixsock(refcount, flags, kind, state, inode, path)
    (text,) = netstat_sockets.unix_lines([row], NUMERIC, {})
    assert text.startswith(f"unix  {refcount:<6} [ ")
    assert text.endswith(f" {(path.split() or [''])[0]}\n")


@given(st.text(max_size=700))
def test_what_a_program_is_called_is_a_part_of_its_argument(argument: str) -> None:
    name = sockets.program_name(argument)
    if argument.startswith("/"):
        assert "/" not in name
    else:
        assert argument.startswith(name[:-1])


def test_a_program_without_arguments_is_no_name() -> None:
    assert sockets.program_name(None) == ""


# --- routes


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (1, "U"), (3, "UG"), (7, "UGH"), (0x201, "!"), (0x203, "!"), (0x207, "!H"), (0x401, "Un"),
        (0x1F | 1, "UGHRD"),
        (0x31, "UDM"), (0x10001, "Ud"), (0x7E3 & ~0x200, "UGMuwin"), (0, ""),
    ],
)  # fmt: skip
def test_letters_of_routes(flags: int, text: str) -> None:
    assert netstat_routes.flags_text(flags) == text


def test_letters_of_ipv6_routes() -> None:
    assert netstat_routes.flags_text6(0x80200001) == "Un"
    assert netstat_routes.flags_text6(0x200200) == "!n"
    assert netstat_routes.flags_text6(0xFFFFFFFF) == "U!GHDACaemnf"


@pytest.mark.parametrize(
    ("address", "mask", "flags", "shown"),
    [
        ("0.0.0.0", "0.0.0.0", 3, "default"), ("0.0.0.0", "128.0.0.0", 3, "0.0.0.0"),
        ("169.254.0.0", "255.255.0.0", 1, "net"),
        ("169.254.0.0", "255.255.255.255", 5, "host"), ("10.1.2.3", "255.255.255.0", 1, "host"),
        ("192.0.2.0", "255.255.255.0", 1, "192.0.2.0"),
    ],
)  # fmt: skip
def test_destinations_by_name(
    address: str, mask: str, flags: int, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(netstat_routes, "network_name", {"169.254.0.0": "net"}.get)
    monkeypatch.setattr(netstat_routes, "host_text", lambda *_: "host")
    route = sroute("eth0", address, "0.0.0.0", mask, flags, 0, 0, 0, 0, 0, 0)
    lines = list(netstat_routes.lines_of([route], False, 0))
    assert lines[2].startswith(f"{shown:<15} ")


# --- counters


@pytest.mark.parametrize("protocol", ["Ip", "Ip6", "Icmp", "Icmp6", "Tcp", "Udp", "Udp6", "TcpExt"])
def test_every_sentence_has_a_place_for_its_number(protocol: str) -> None:
    found = netstat_statistics.sentences(protocol)
    assert found
    for name, (when, sentence) in found.items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]+", name)
        assert when in "=+-<>"
        assert sentence.count("{}") == (when != "-")


@given(
    st.dictionaries(
        st.sampled_from(["Ip", "Icmp", "Icmp6", "Tcp", "Foo"]),
        st.dictionaries(st.text("ABC", min_size=1), st.integers(-(1 << 63), 1 << 65)),
    ),
)
def test_any_counters_can_be_told(counters: dict[str, dict[str, int]]) -> None:
    lines = list(netstat_statistics.lines_of(counters, ()))
    assert [text for text in lines if text[0] != " "] == [f"{name}:\n" for name in counters]


# --- interfaces


@pytest.mark.parametrize(
    "names_in_order",
    [
        "aa01 aa1 aa2", "br1 br-abc", "e1 e-1", "e10 e1x", "eth10 eth1a",
        "eth0 eth0:1 eth0:2 eth0:10 eth0.20 eth0.100",
        "lo v0 v0:0 v0:9 v0:10 v1 v1:1 v2 v0:x v2:a", "v v:1 v0 v1 v2 v10 v10:a", "BB aa bb",
        "01 1 2 10 1a",
        "vv vv0 vv-1", "aa1 aa1b aa1b3 aa1b20", "bb bb:01 bb:1:2 bb:1x",
    ],
)  # fmt: skip
def test_the_order_of_interfaces(names_in_order: str) -> None:
    """As net-tools was seen to put them."""
    expected = names_in_order.split()
    made = [details(name.partition(":")[0], []) for name in expected if ":" not in name]
    for name in expected:
        if ":" in name:
            base = name.partition(":")[0]
            row = next((one for one in made if one.name == base), None)
            if row is None:
                made.append(row := details(base, []))
            row.addresses.append(ipv4(label=name))
    found = [row.name for row in interfaces.named(made[::-1])]
    assert [name for name in found if name in expected] == expected


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.0 B"), (1023, "1023.0 B"), (1024, "1024.0 B"), (1025, "1.0 KiB"), (10239, "9.9 KiB"),
        (1048575, "1023.9 KiB"), (1048576, "1024.0 KiB"), (1234567, "1.1 MiB"), (10**12, "931.3 GiB"),
        ((1 << 60) - 1, "1023.9 PiB"), (1 << 60, "1024.0 PiB"), ((1 << 64) - 1, "16.0 EiB"),
    ],
)  # fmt: skip
def test_sizes(size: int, text: str) -> None:
    assert interfaces.scaled(size) == text


ALL_FLAGS = (
    "UP,BROADCAST,DEBUG,LOOPBACK,POINTOPOINT,NOTRAILERS,RUNNING,NOARP,PROMISC,ALLMULTI,SLAVE,MASTER"
    ",MULTICAST,DYNAMIC"
)
COUNTERS = sinterface("x", 0, 0, 0, *range(100, 116))


def ipv4(**changes: Any) -> sifaddress:
    row = sifaddress(
        socket.AF_INET, "10.0.0.1", 24, "255.255.255.0", "10.0.0.255", None, "global", None, 0
    )
    return row._replace(**changes)


def details(name: str, addresses: list[sifaddress], **changes: Any) -> sifdetails:
    row = sifdetails(
        name, 2, 4163, 1500, 0, 1000, 1, "02:fc:00:00:00:01", "ff:ff:ff:ff:ff:ff", None, COUNTERS, addresses
    )  # fmt: skip
    return row._replace(**changes)


def block(row: sifdetails) -> str:
    return "".join(text for one in interfaces.named([row]) for text in interfaces.block(one))


def test_the_block_of_an_interface() -> None:
    six = sifaddress(socket.AF_INET6, "fe80::1", 64, "", None, None, "link", None, 0x80)
    at = sifmap(0xFF000000, 0xFF020000, 0x1F0, 16, 4, 0)
    row = details("eth0", [ipv4(label="eth0"), ipv4(label="eth0:1", broadcast=None), six], map=at)
    assert block(row) == (
        "eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n"
        "        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255\n"
        "        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>\n"
        "        ether 02:fc:00:00:00:01  txqueuelen 1000  (Ethernet)\n"
        "        RX packets 101  bytes 100 (100.0 B)\n"
        "        RX errors 102  dropped 103  overruns 104  frame 105\n"
        "        TX packets 109  bytes 108 (108.0 B)\n"
        "        TX errors 110  dropped 111 overruns 112  carrier 114  collisions 113\n"
        "        device interrupt 16  base 0x1f0  memory 0xff000000-ff020000    dma 0x4\n"
        "\n"
        "eth0:1: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n"
        "        inet 10.0.0.1  netmask 255.255.255.0  broadcast 0.0.0.0\n"
        "        ether 02:fc:00:00:00:01  txqueuelen 1000  (Ethernet)\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("flags", "head", "tail"),
    [
        (0, "flags=0<", ""), (1, "flags=1<UP>", ""), (0x8001, "flags=-32767<UP,DYNAMIC>", ""),
        (0x11, "flags=17<UP,POINTOPOINT>", "  destination 10.0.0.2"),
        (0x13, "flags=19<UP,BROADCAST,POINTOPOINT>", "  broadcast 10.0.0.255  destination 10.0.0.2"),
        (0xFFFF, f"flags=-1<{ALL_FLAGS}>", "  broadcast 10.0.0.255  destination 10.0.0.2"),
    ],
)  # fmt: skip
def test_flags_in_the_block(flags: int, head: str, tail: str) -> None:
    first, second, *_ = block(details("x", [ipv4(peer="10.0.0.2")], flags=flags)).split("\n")
    assert first == f"x: {head}  mtu 1500"
    assert second == f"        inet 10.0.0.1  netmask 255.255.255.0{tail}"


@pytest.mark.parametrize(
    ("kind", "address", "text"),
    [
        (1, "01:02:03:04:05:06", "ether 01:02:03:04:05:06|Ethernet"),
        (1, None, "ether 00:00:00:00:00:00|Ethernet"),
        (772, "00:00:00:00:00:00", "loop|Local Loopback"),
        (774, "01:02:03:04:05:06", "fddi 01-02-03-04-05-06|Fiber Distributed Data Interface"),
        (768, "0a:00:00:01", "tunnel |IPIP Tunnel"), (512, None, "ppp|Point-to-Point Protocol"),
        (65534, None, "unspec 00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00|UNSPEC"),
        (32, "a0:a1:a2:a3:a4:a5:a6:a7:a8:a9",
         "unspec A0-A1-A2-A3-A4-A5-A6-A7-00-00-00-00-00-00-00-00|UNSPEC"),
        (None, None, "unspec 00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00|UNSPEC"),
    ],
)  # fmt: skip
def test_hardware(kind: int | None, address: str | None, text: str) -> None:
    assert "|".join(interfaces.hardware_text(kind, address)) == text


def test_groups_of_the_versions_asked_for() -> None:
    rows = [
        smcastgroup(family, "eth0", 1, "x")
        for family in (socket.AF_INET6, socket.AF_INET, 17)
    ]  # fmt: skip
    assert netstat_groups.shown(rows, True, True) == rows[:2]
    assert netstat_groups.shown(rows, True, False) == rows[1:2]
    assert list(netstat_groups.lines_of(rows[:1], True)) == ["eth0            1      x\n"]
