"""Parsers of the protocols' counters: known answers, round trips, garbage, missing files."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import protocols
from tests.core.proc_dir import here, write

if TYPE_CHECKING:
    from pathlib import Path

SNMP = (
    b"Ip: Forwarding DefaultTTL InReceives\nIp: 2 64 363397\n"
    b"IcmpMsg: InType3 OutType3\nIcmpMsg: 40 41\n"
    b"Tcp: RtoAlgorithm MaxConn ActiveOpens\nTcp: 1 -1 42\n"
    b"Udp:\nUdp:\n"
)
NETSTAT = b"TcpExt: SyncookiesSent\nTcpExt: 7\nIpExt: InNoRoutes InOctets\nIpExt: 0 18446744073709551615\n"
SNMP6 = (
    b"Ip6InReceives                   \t22\nIp6InHdrErrors                  \t0\n"
    b"Icmp6InMsgs                     \t3\nIcmp6OutType133                 \t1\n"
    b"Udp6NoPorts                     \t4\nUdpLite6InDatagrams             \t5\n"
)


def test_snmp() -> None:
    found = protocols.parse_snmp(SNMP)
    assert found == {
        "Ip": {"Forwarding": 2, "DefaultTTL": 64, "InReceives": 363397},
        "IcmpMsg": {"InType3": 40, "OutType3": 41},
        "Tcp": {"RtoAlgorithm": 1, "MaxConn": -1, "ActiveOpens": 42},
        "Udp": {},
    }
    assert list(found) == ["Ip", "IcmpMsg", "Tcp", "Udp"]
    assert list(found["Tcp"]) == ["RtoAlgorithm", "MaxConn", "ActiveOpens"]


def test_snmp6_takes_the_protocol_off_the_name() -> None:
    assert protocols.parse_snmp6(SNMP6) == {
        "Ip6": {"InReceives": 22, "InHdrErrors": 0},
        "Icmp6": {"InMsgs": 3, "OutType133": 1},
        "Udp6": {"NoPorts": 4},
        "UdpLite6": {"InDatagrams": 5},
    }


def test_more_names_than_numbers_and_the_reverse() -> None:
    assert protocols.parse_snmp(b"Ip: A B C\nIp: 1 2\n") == {"Ip": {"A": 1, "B": 2}}
    assert protocols.parse_snmp(b"Ip: A\nIp: 1 2\n") == {"Ip": {"A": 1}}


def test_nothing() -> None:
    assert protocols.parse_snmp(b"") == protocols.parse_snmp6(b"\n") == {}


@pytest.mark.parametrize(
    "text", [b"Ip: A\n", b"Ip: A\nTcp: 1\n", b"garbage\n1 2\n", b"Ip: A\nIp: x\n"]
)
def test_garbage_is_quoted(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"no numbers for: b'|not a line of numbers: b'"):
        protocols.parse_snmp(SNMP + text)


@pytest.mark.parametrize(
    "text", [b"Ip6InReceives", b"Ip6InReceives x", b"InReceives 3", b"\xff6x 1"]
)
def test_garbage_in_snmp6_is_quoted(text: bytes) -> None:
    with pytest.raises(ValueError, match="not a line of /proc/net/snmp6") as caught:
        protocols.parse_snmp6(SNMP6 + text)
    assert repr(text) in str(caught.value)


names = st.from_regex(r"[A-Z][A-Za-z0-9]{0,8}", fullmatch=True)
counters = st.dictionaries(
    names, st.dictionaries(names, st.integers(-1, 2**64 - 1), max_size=5), max_size=4
)


@given(counters)
def test_what_is_written_is_read_back(written: dict[str, dict[str, int]]) -> None:
    text = ""
    for protocol, values in written.items():
        text += (
            f"{protocol}: {' '.join(values)}\n{protocol}: {' '.join(map(str, values.values()))}\n"
        )
    assert protocols.parse_snmp(text.encode()) == written
    text = "".join(
        f"{protocol.replace('6', '')}6{name:32}\t{number}\n"
        for protocol, values in written.items()
        for name, number in values.items()
    )
    expected: dict[str, dict[str, int]] = {}
    for protocol, values in written.items():
        if values:
            expected.setdefault(protocol.replace("6", "") + "6", {}).update(values)
    assert protocols.parse_snmp6(text.encode()) == expected


@given(st.binary(max_size=120))
def test_any_bytes_end_in_counters_or_a_value_error(junk: bytes) -> None:
    for parse in (protocols.parse_snmp, protocols.parse_snmp6):
        with contextlib.suppress(ValueError):
            parse(junk)


def test_the_three_files_in_order(tmp_path: Path) -> None:
    write(tmp_path, {"net/snmp": SNMP, "net/netstat": NETSTAT, "net/snmp6": SNMP6})
    with here(tmp_path):
        found = core.net_protocol_stats()
        assert list(found) == [
            "Ip", "IcmpMsg", "Tcp", "Udp", "TcpExt", "IpExt", "Ip6", "Icmp6", "Udp6", "UdpLite6",
        ]  # fmt: skip
        assert found["IpExt"]["InOctets"] == 2**64 - 1
        write(tmp_path, {"net/snmp6": None, "net/snmp": None})
        assert list(core.net_protocol_stats()) == ["TcpExt", "IpExt"]
        write(tmp_path, {"net/netstat": None})
        assert core.net_protocol_stats() == {}


def test_the_host_s_own() -> None:
    """Longer than a page, so that it takes more than one read."""
    found = core.net_protocol_stats()
    assert found["Ip"]["InReceives"] >= 0
    assert all(isinstance(number, int) for values in found.values() for number in values.values())
