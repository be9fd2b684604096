"""Parsers of routes and multicast groups: known answers on both kinds of host, round trips, garbage."""

from __future__ import annotations

import contextlib
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core._ntuples import smcastgroup, sroute, sroute6
from sysutils.core.linux import routes
from tests.core.proc_dir import here, write

ROUTE = (
    b"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   \n"
    b"eth0\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0                      \n"
    b"wlan\xff\t0002000A\t00000000\t8201\t4\t5\t0\t00FFFFFF\t1400\t65535\t300         \n"
)
ROUTE6 = (
    b"20010db8000000000000000000000000 40 00000000000000000000000000000000 00"
    b" fe800000000000000000000000000001 00000400 00000002 0000000a 00000003     eth0\n"
    b"00000000000000000000000000000001 80 20010db8000000000000000000000000 10"
    b" 00000000000000000000000000000000 ffffffff 00000001 00000000 80200001       lo\n"
)
IGMP = (
    b"Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
    b"1\tlo        :     1      V3\n"
    b"\t\t\t\t010000E0     1 0:00000000\t\t0\n"
    b"4\teth0      :     2      V3\n"
    b"\t\t\t\tFB0000E0     3 0:00000000\t\t0\n"
    b"\t\t\t\t010000E0     1 1:0000000A\t\t1\n"
    b"15\tverylongname123:     1      V2\n"
    b"\t\t\t\t010000E0     1 0:00000000\t\t0\n"
)
IGMP6 = (
    b"1    lo              ff020000000000000000000000000001     1 0000000C 0\n"
    b"4    eth0            ff0200000000000000000001ff000002     2 00000004 0\n"
)
DEV_MCAST = (
    b"4    eth0            1     0     01005e000001\n"
    b"4    eth0            2     1     3333ff000002\n"
    b"7    ib0             1     0     00ffffffff12401bffff000000000000ffffffff\n"
)
AF_LINK = getattr(socket, "AF_PACKET", getattr(socket, "AF_LINK", -1))


def test_ipv4_routes() -> None:
    assert routes.parse_route(ROUTE, "little") == [
        sroute("eth0", "0.0.0.0", "10.0.2.2", "0.0.0.0", 3, 0, 0, 100, 0, 0, 0),
        sroute("wlan\udcff", "10.0.2.0", "0.0.0.0", "255.255.255.0", 0x8201, 4, 5, 0, 1400, 65535, 300),
    ]  # fmt: skip


def test_a_big_endian_host_writes_its_routes_otherwise() -> None:
    text = ROUTE.replace(b"0202000A", b"0A000202").replace(b"0002000A", b"0A000200")
    text = text.replace(b"00FFFFFF", b"FFFFFF00")
    assert routes.parse_route(text, "big") == routes.parse_route(ROUTE, "little")


def test_old_kernels_leave_the_last_three_columns_out() -> None:
    text = b"heading\nppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\n"
    assert routes.parse_route(text)[0][-3:] == (0, 0, 0)
    assert routes.parse_route(text.replace(b"\n", b" \t1500\n"))[0].mss == 1500


def test_ipv6_routes() -> None:
    assert routes.parse_ipv6_route(ROUTE6) == [
        sroute6("eth0", "2001:db8::", 64, "::", 0, "fe80::1", 3, 2, 10, 1024),
        sroute6("lo", "::1", 128, "2001:db8::", 16, "::", 0x80200001, 1, 0, 0xFFFFFFFF),
    ]


def test_groups() -> None:
    assert routes.parse_igmp(IGMP, "little") == [
        smcastgroup(socket.AF_INET, "lo", 1, "224.0.0.1"),
        smcastgroup(socket.AF_INET, "eth0", 3, "224.0.0.251"),
        smcastgroup(socket.AF_INET, "eth0", 1, "224.0.0.1"),
        smcastgroup(socket.AF_INET, "verylongname123", 1, "224.0.0.1"),
    ]
    big = IGMP.replace(b"010000E0", b"E0000001").replace(b"FB0000E0", b"E00000FB")
    assert routes.parse_igmp(big, "big") == routes.parse_igmp(IGMP, "little")
    assert routes.parse_igmp6(IGMP6) == [
        smcastgroup(socket.AF_INET6, "lo", 1, "ff02::1"),
        smcastgroup(socket.AF_INET6, "eth0", 2, "ff02::1:ff00:2"),
    ]


def test_link_layer_groups() -> None:
    assert routes.parse_dev_mcast(DEV_MCAST) == [
        smcastgroup(AF_LINK, "eth0", 1, "01:00:5e:00:00:01"),
        smcastgroup(AF_LINK, "eth0", 2, "33:33:ff:00:00:02"),
        smcastgroup(AF_LINK, "ib0", 1, "00:ff:ff:ff:ff:12:40:1b:ff:ff:00:00:00:00:00:00:ff:ff:ff:ff"),
    ]  # fmt: skip


PARSERS = [
    (routes.parse_route, ROUTE),
    (routes.parse_ipv6_route, ROUTE6),
    (routes.parse_igmp, IGMP),
    (routes.parse_igmp6, IGMP6),
    (routes.parse_dev_mcast, DEV_MCAST),
]
every_parser = pytest.mark.parametrize(("parse", "text"), PARSERS)


@every_parser
def test_nothing_and_blank_lines(parse, text: bytes) -> None:
    assert parse(b"") == []
    assert parse(text + b"\n\n") == parse(text)
    assert parse(text.rstrip(b"\n")) == parse(text)


@every_parser
@pytest.mark.parametrize("line", [b"garbage", b"4 eth0 zz zz zz", b"\tnothing", b"\t\t\t\t01 x"])
def test_garbage_is_quoted(parse, text: bytes, line: bytes) -> None:
    with pytest.raises(ValueError, match="not a line of /proc/net/") as caught:
        parse(text + line + b"\n")
    assert repr(line) in str(caught.value)


@every_parser
@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_end_in_rows_or_a_value_error(parse, text: bytes, junk: bytes, at: int) -> None:
    with contextlib.suppress(ValueError):
        parse(text[:at] + junk + text[at + len(junk) :])


u32 = st.integers(0, 2**32 - 1)


@given(u32, u32, u32, st.integers(0, 0xFFFF), u32, st.sampled_from(["little", "big"]))
def test_routes_of_any_address_come_back(
    destination: int, gateway: int, mask: int, flags: int, metric: int, order: str
) -> None:
    def written(number: int) -> str:
        return number.to_bytes(4, order).hex().upper()  # type: ignore[arg-type]

    line = f"x\t{written(destination)}\t{written(gateway)}\t{flags:04X}\t0\t0\t{metric}\t{written(mask)}"
    (row,) = routes.parse_route(f"heading\n{line}\t0\t0\t0\n".encode(), order)
    told = (row.destination, row.gateway, row.netmask)
    assert [int.from_bytes(socket.inet_aton(text), "big") for text in told] == [
        destination,
        gateway,
        mask,
    ]
    assert (row.flags, row.metric) == (flags, metric)


def test_missing_files_are_no_routes_and_no_groups(tmp_path) -> None:
    with here(tmp_path):
        assert core.net_routes() == core.net_routes6() == core.net_multicast_groups() == []


def test_files_of_a_recorded_machine(tmp_path) -> None:
    files = {
        "route": ROUTE,
        "ipv6_route": ROUTE6,
        "igmp": IGMP,
        "igmp6": IGMP6,
        "dev_mcast": DEV_MCAST,
    }
    write(tmp_path, {f"net/{name}": text for name, text in files.items()})
    with here(tmp_path):
        assert [row.iface for row in core.net_routes6()] == ["eth0", "lo"]
        assert len(core.net_routes()) == 2
        assert [row.family for row in core.net_multicast_groups()] == (
            [socket.AF_INET] * 4 + [socket.AF_INET6] * 2 + [AF_LINK] * 3
        )


def test_tables_are_the_files_there(tmp_path) -> None:
    write(tmp_path, {"net/route": ROUTE, "net/tcp": "", "net/stat/x": ""})
    with here(tmp_path):
        assert core.net_tables() == {"route", "tcp", "stat"}


def test_tables_that_can_t_be_listed_are_an_error(tmp_path) -> None:
    with here(tmp_path), pytest.raises(FileNotFoundError):
        core.net_tables()


def test_the_host_s_own() -> None:
    assert all(type(row) is sroute for row in core.net_routes())
    assert all(type(row) is sroute6 for row in core.net_routes6())
    assert all(type(row) is smcastgroup for row in core.net_multicast_groups())
