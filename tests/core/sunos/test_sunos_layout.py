"""Our structures are laid out as clang lays out the documented ones for SunOS."""

from __future__ import annotations

import ctypes
import struct
from pathlib import Path

import pytest

from sysutils.core.sunos import layout, mib2, sockets
from tests.support import documented

_HEADER = Path(__file__).with_name("documented.h")
_FORMS = documented.in_header(layout, _HEADER) + documented.in_header(mib2, _HEADER)


def test_all_are_asked_for() -> None:
    assert {form.__name__ for form in _FORMS} == {
        "lwpsinfo", "psinfo", "prusage", "pstatus", "prcred", "prxmap", "kstat", "kstat_ctl", "kstat_named",
        "kstat_io", "swapent", "swaptbl", "lifreq", "ifaddrs", "utmpx",
        "strbuf", "T_optmgmt_req", "T_error_ack", "opthdr", "Octet", "mib2_ip", "mib2_ipv6IfStatsEntry",
        "mib2_icmp", "mib2_ipv6IfIcmpEntry", "mib2_tcp", "mib2_udp", "mib2_tcpConnEntry",
        "mib2_tcp6ConnEntry", "mib2_udpEntry", "mib2_udp6Entry", "mib2_ipRouteEntry", "mib2_ipv6RouteEntry",
        "ip_member", "ipv6_member", "prfdinfo", "pr_misc_header", "sockaddr_head",
    }  # fmt: skip


@pytest.mark.lab
@pytest.mark.parametrize(
    ("target", "width"),
    [("x86_64-pc-solaris2.11", 8), ("sparcv9-sun-solaris2.11", 8), ("i386-pc-solaris2.11", 4)],
)
def test_clang(target: str, width: int, tmp_path: Path) -> None:
    if ctypes.sizeof(ctypes.c_void_p) != width:
        pytest.skip("made for Python of another pointer size")
    wrong = documented.differences(_FORMS, _HEADER, target, tmp_path, {})
    assert not wrong, "ours, clang's"


@pytest.mark.lab
@pytest.mark.parametrize("target", ["x86_64-pc-solaris2.11", "sparcv9-sun-solaris2.11"])
@pytest.mark.parametrize(
    ("entry", "ends"),
    [("mib2_tcpConnEntry", 20), ("mib2_tcp6ConnEntry", 48), ("connstat_tcpConnEntry", 20)],
)
def test_where_the_pid_of_a_connection_is(
    target: str, entry: str, ends: int, tmp_path: Path
) -> None:
    """By what ``parse_tail`` makes of a row with a number at each of their places."""
    if (entry, target[:5]) == ("connstat_tcpConnEntry", "sparc"):
        pytest.skip("illumos has it since it left SPARC")
    fields = ("info.snxt", "info.suna", "info.rnxt", "info.rack", "info.state", "pid")
    asked = [f"sizeof({entry})", *(f"__builtin_offsetof({entry}, {field})" for field in fields)]
    size, *places = documented.ask(asked, _HEADER, target, tmp_path)
    data = bytearray(size - ends)
    for place, number in zip(places, (1000, 969, 700, 660, 0, 4242), strict=True):
        struct.pack_into("=I", data, place - ends, number)
    assert sockets.parse_tail(bytes(data)) == (0, 40, 30, 4242)
