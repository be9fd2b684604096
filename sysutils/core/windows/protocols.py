"""Counters of the protocols: GetIpStatisticsEx and its like."""

import ctypes
from collections.abc import Callable
from typing import Any

from sysutils.core.windows import errors
from sysutils.core.windows.adapters import AF_INET, AF_INET6
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u32, pointer = ctypes.c_uint32, ctypes.c_void_p
#: what the protocol is not there, or IPv6 was taken out
_NOT_SUPPORTED = 50

MIB_IPSTATS = Layout(
    "MIB_IPSTATS",
    "dwForwarding:I dwDefaultTTL:I dwInReceives:I dwInHdrErrors:I dwInAddrErrors:I dwForwDatagrams:I"
    " dwInUnknownProtos:I dwInDiscards:I dwInDelivers:I dwOutRequests:I dwRoutingDiscards:I"
    " dwOutDiscards:I dwOutNoRoutes:I dwReasmTimeout:I dwReasmReqds:I dwReasmOks:I dwReasmFails:I"
    " dwFragOks:I dwFragFails:I dwFragCreates:I dwNumIf:I dwNumAddr:I dwNumRoutes:I",
)
MIB_TCPSTATS = Layout(
    "MIB_TCPSTATS",
    "dwRtoAlgorithm:I dwRtoMin:I dwRtoMax:I dwMaxConn:I dwActiveOpens:I dwPassiveOpens:I"
    " dwAttemptFails:I dwEstabResets:I dwCurrEstab:I dwInSegs:I dwOutSegs:I dwRetransSegs:I dwInErrs:I"
    " dwOutRsts:I dwNumConns:I",
)
MIB_UDPSTATS = Layout(
    "MIB_UDPSTATS", "dwInDatagrams:I dwNoPorts:I dwInErrors:I dwOutDatagrams:I dwNumAddrs:I"
)
MIBICMPSTATS_EX = Layout("MIBICMPSTATS_EX", "dwMsgs:I dwErrors:I rgdwTypeCount:b1024")

_ip = declare("iphlpapi", "GetIpStatisticsEx", u32, pointer, u32)
_tcp = declare("iphlpapi", "GetTcpStatisticsEx", u32, pointer, u32)
_udp = declare("iphlpapi", "GetUdpStatisticsEx", u32, pointer, u32)
_icmp = declare("iphlpapi", "GetIcmpStatisticsEx", u32, pointer, u32)

#: names of the kernel's counters on Linux where they are other than Windows'
_OTHER = {"ReasmOks": "ReasmOKs", "FragOks": "FragOKs"}
#: of the system, not of what it counts
_NOT_COUNTED = {"NumIf", "NumAddr", "NumRoutes", "NumConns", "NumAddrs", "RoutingDiscards"}
_OF_TCP_AS_A_WHOLE = {"RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn"}
_TYPES = {
    3: "DestUnreachs", 11: "TimeExcds", 12: "ParmProbs", 4: "SrcQuenchs", 5: "Redirects", 8: "Echos",
    0: "EchoReps", 13: "Timestamps", 14: "TimestampReps", 17: "AddrMasks", 18: "AddrMaskReps",
}  # fmt: skip
_TYPES6 = {
    1: "DestUnreachs", 2: "PktTooBigs", 3: "TimeExcds", 4: "ParmProblems", 128: "Echos",
    129: "EchoReplies", 130: "GroupMembQueries", 131: "GroupMembResponses", 132: "GroupMembReductions",
    133: "RouterSolicits", 134: "RouterAdvertisements", 135: "NeighborSolicits",
    136: "NeighborAdvertisements", 137: "Redirects",
}  # fmt: skip


def _told(ask: Callable[..., Any], form: Layout, family: int, times: int = 1) -> bytes | None:
    """What a function tells of IPv4 or IPv6; None without that. Raises OSError."""
    room = ctypes.create_string_buffer(times * form.size)
    code = ask(room, family)
    if code in {_NOT_SUPPORTED, errors.INVALID_PARAMETER}:
        return None
    if code:
        raise errors.of_code(code, form.name)
    return room.raw


def named(form: Layout, data: bytes) -> dict[str, int]:
    """The counters of a structure, by Linux' names of them."""
    values = form.read(data)._asdict()
    bare = {name.removeprefix("dw"): int(value) for name, value in values.items()}
    return {
        _OTHER.get(name, name): value for name, value in bare.items() if name not in _NOT_COUNTED
    }


def parse_icmp(data: bytes, types: dict[int, str]) -> dict[str, int]:
    """Two MIBICMPSTATS_EX: what came in, and what went out."""
    found: dict[str, int] = {}
    for place, way in enumerate(("In", "Out")):
        told = MIBICMPSTATS_EX.read(data, place * MIBICMPSTATS_EX.size)
        counts = memoryview(told.rgdwTypeCount)
        found |= {f"{way}Msgs": told.dwMsgs, f"{way}Errors": told.dwErrors}
        for number, name in types.items():
            count = counts[4 * number : 4 * number + 4]
            found[f"{way}{name}"] = int.from_bytes(count, "little")
    return found


def both(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    """TCP's counters of IPv4 and of IPv6, which Linux counts together."""
    return {
        name: value if name in _OF_TCP_AS_A_WHOLE else value + second.get(name, 0)
        for name, value in first.items()
    }


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """``{"Ip": {"InReceives": 22, …}, "Icmp": …, "Tcp": …, "Udp": …, "Ip6": …}`` since boot, with
    Linux' names."""
    found: dict[str, dict[str, int]] = {}
    tcp: dict[str, int] = {}
    for end, family, types in (("", AF_INET, _TYPES), ("6", AF_INET6, _TYPES6)):
        for name, ask, form in (("Ip", _ip, MIB_IPSTATS), ("Udp", _udp, MIB_UDPSTATS)):
            data = _told(ask, form, family)
            if data is not None:
                found[name + end] = named(form, data)
        data = _told(_icmp, MIBICMPSTATS_EX, family, 2)
        if data is not None:
            found[f"Icmp{end}"] = parse_icmp(data, types)
        data = _told(_tcp, MIB_TCPSTATS, family)
        if data is not None:
            tcp = both(tcp, named(MIB_TCPSTATS, data)) if tcp else named(MIB_TCPSTATS, data)
    if tcp:
        found["Tcp"] = tcp
    order = ("Ip", "Icmp", "Tcp", "Udp", "Ip6", "Icmp6", "Udp6")
    return {name: found[name] for name in order if name in found}
