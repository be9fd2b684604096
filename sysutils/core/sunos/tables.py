"""Routes, counters and multicast groups of SunOS, as IP and what is above it tell them (inet/mib2.h)."""

import os
import socket
from typing import Any

from sysutils.core._ntuples import smcastgroup, sroute, sroute6
from sysutils.core.sunos import mib2, streams

#: flags of routes that SunOS and Linux have at the same bits: UP, GATEWAY, HOST, DYNAMIC, MODIFIED
_SAME = 0x1 | 0x2 | 0x4 | 0x10 | 0x20
_UP, _GATEWAY, _HOST = 0x1, 0x2, 0x4
_REJECT, _BLACKHOLE, _LINUX_REJECT = 0x8, 0x1000, 0x200
#: entries that tell of single addresses, and of what was sent to of late
_NO_ROUTES = (
    mib2.IRE_BROADCAST | mib2.IRE_LOCAL | mib2.IRE_LOOPBACK | mib2.IRE_CACHE | mib2.IRE_IF_CLONE
)
#: of IPv6: kept by Linux for its own addresses too
_NO_ROUTES6 = mib2.IRE_CACHE | mib2.IRE_IF_CLONE


def _flags(flags: int) -> int:
    found = flags & _SAME | _UP
    return found | (_LINUX_REJECT if flags & (_REJECT | _BLACKHOLE) else 0)


def _name(octet: mib2.Octet) -> str:
    return os.fsdecode(octet.o_bytes)


def _inet(raw: Any) -> str:
    return socket.inet_ntoa(bytes(raw))


def _inet6(raw: Any) -> str:
    return socket.inet_ntop(socket.AF_INET6, bytes(raw))


def net_routes() -> list[sroute]:
    """IPv4 routes in the kernel's order, but for those of single addresses (T_SVR4_OPTMGMT_REQ)."""
    found = streams.tables()
    size = streams.length(
        found, mib2.MIB2_IP, mib2.mib2_ip, "ipRouteEntrySize", mib2.mib2_ipRouteEntry
    )
    data = found.get((mib2.MIB2_IP, mib2.MIB2_IP_ROUTE), b"")
    rows = (row for row, _ in streams.rows(data, mib2.mib2_ipRouteEntry, size))
    return [_route(row) for row in rows if not row.re_ire_type & _NO_ROUTES]


def _route(row: mib2.mib2_ipRouteEntry) -> sroute:
    flags = _flags(row.re_flags)
    mask = _inet(row.ipRouteMask)
    if mask == "255.255.255.255":
        flags |= _HOST
    gateway = _inet(row.ipRouteNextHop) if flags & _GATEWAY else "0.0.0.0"
    return sroute(
        _name(row.ipRouteIfIndex) or "*", _inet(row.ipRouteDest), gateway, mask, flags, row.re_ref,
        row.re_obpkt + row.re_ibpkt, 0, row.re_max_frag, 0, row.re_rtt,
    )  # fmt: skip


def net_routes6() -> list[sroute6]:
    """IPv6 routes in the kernel's order (T_SVR4_OPTMGMT_REQ)."""
    found = streams.tables()
    size = streams.length(
        found, mib2.MIB2_IP6, mib2.mib2_ipv6IfStatsEntry, "ipv6RouteEntrySize", mib2.mib2_ipv6RouteEntry
    )  # fmt: skip
    data = found.get((mib2.MIB2_IP6, mib2.MIB2_IP6_ROUTE), b"")
    rows = (row for row, _ in streams.rows(data, mib2.mib2_ipv6RouteEntry, size))
    return [_route6(row) for row in rows if not row.re_ire_type & _NO_ROUTES6]


def _route6(row: mib2.mib2_ipv6RouteEntry) -> sroute6:
    flags = _flags(row.re_flags)
    return sroute6(
        _name(row.ipv6RouteIfIndex) or "*", _inet6(row.ipv6RouteDest), row.ipv6RoutePfxLength, "::", 0,
        _inet6(row.ipv6RouteNextHop) if flags & _GATEWAY else "::", flags, row.re_ref,
        row.re_obpkt + row.re_ibpkt, row.ipv6RouteMetric,
    )  # fmt: skip


# ---- counters

#: Linux' names of what others name in another way
_RENAMED = {"OutFragOKs": "FragOKs", "OutFragFails": "FragFails", "OutFragCreates": "FragCreates"}


def _named(form: Any, prefix: str, names: str) -> dict[str, int]:
    """Counters by Linux' names, in its order; None of a table that is not told."""
    return {name: getattr(form, prefix + name) for name in names.split()}


_IP = """InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests
OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates"""
_TCP = """RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab
InSegs OutSegs RetransSegs"""


def _sums(data: bytes, form: Any, size: int, prefix: str) -> dict[str, int]:
    """The counters of all interfaces together."""
    found: dict[str, int] = {}
    for row, _ in streams.rows(data, form, size):
        for field, *_rest in form._fields_:
            if field.startswith((f"{prefix}In", f"{prefix}Out", f"{prefix}Reasm")):
                name = field.removeprefix(prefix)
                name = _RENAMED.get(name, name)
                found[name] = found.get(name, 0) + getattr(row, field)
    return found


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """Counters since boot by protocol and Linux' names, those that SunOS counts (T_SVR4_OPTMGMT_REQ)."""
    tables = streams.tables()
    ip = streams.first(tables.get((mib2.MIB2_IP, 0), b""), mib2.mib2_ip)
    tcp = streams.first(tables.get((mib2.MIB2_TCP, 0), b""), mib2.mib2_tcp)
    udp = streams.first(tables.get((mib2.MIB2_UDP, 0), b""), mib2.mib2_udp)
    icmp = streams.first(tables.get((mib2.MIB2_ICMP, 0), b""), mib2.mib2_icmp)
    found: dict[str, dict[str, int]] = {}
    if ip is not None:
        found["Ip"] = _named(ip, "ip", _IP)
    if icmp is not None:
        names = [field for field, *_ in mib2.mib2_icmp._fields_][:26]
        found["Icmp"] = {name.removeprefix("icmp"): getattr(icmp, name) for name in names}
    if tcp is not None:
        found["Tcp"] = _named(tcp, "tcp", _TCP)
        found["Tcp"] |= {} if ip is None else {"InErrs": ip.tcpInErrs}
        found["Tcp"]["OutRsts"] = tcp.tcpOutRsts
    if udp is not None:
        found["Udp"] = _udp(udp, ip)
    if tcp is not None:
        found["TcpExt"] = {
            "DelayedACKs": tcp.tcpOutAckDelayed, "ListenDrops": tcp.tcpListenDrop + tcp.tcpListenDropQ0,
            "TCPFastRetrans": tcp.tcpOutFastRetrans, "TCPTimeouts": tcp.tcpTimRetrans,
            "TCPAbortOnTimeout": tcp.tcpTimRetransDrop + tcp.tcpTimKeepaliveDrop,
        }  # fmt: skip
    return found | _of_ipv6(tables)


def _udp(udp: mib2.mib2_udp, ip: mib2.mib2_ip | None) -> dict[str, int]:
    found = {"InDatagrams": udp.udpInDatagrams}
    if ip is not None:
        found["NoPorts"] = ip.udpNoPorts
    found |= {"InErrors": udp.udpInErrors, "OutDatagrams": udp.udpOutDatagrams}
    if ip is not None:
        found["RcvbufErrors"] = ip.udpInOverflows
        found["InCsumErrors"] = ip.udpInCksumErrs
    return found


def _of_ipv6(tables: streams.Tables) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, level, form, size_field, prefix in (
        ("Ip6", mib2.MIB2_IP6, mib2.mib2_ipv6IfStatsEntry, "ipv6IfStatsEntrySize", "ipv6"),
        ("Icmp6", mib2.MIB2_ICMP6, mib2.mib2_ipv6IfIcmpEntry, "ipv6IfIcmpEntrySize", "ipv6IfIcmp"),
    ):
        data = tables.get((level, 0), b"")
        size = streams.length(tables, level, form, size_field, form)
        if sums := _sums(data, form, size, prefix):
            found[name] = sums
    return found


# ---- groups


def multicast_groups(names: dict[int, str]) -> list[smcastgroup]:
    """The groups of IPv4, then those of IPv6, whose interfaces are known by ``names`` of their numbers."""
    found = streams.tables()
    rows = []
    size = streams.length(found, mib2.MIB2_IP, mib2.mib2_ip, "ipMemberEntrySize", mib2.ip_member)
    data = found.get((mib2.MIB2_IP, mib2.EXPER_IP_GROUP_MEMBERSHIP), b"")
    for four, _ in streams.rows(data, mib2.ip_member, size):
        rows.append(
            smcastgroup(
                socket.AF_INET, _name(four.ipGroupMemberIfIndex), four.ipGroupMemberRefCnt,
                _inet(four.ipGroupMemberAddress),
            )
        )  # fmt: skip
    size = streams.length(
        found, mib2.MIB2_IP6, mib2.mib2_ipv6IfStatsEntry, "ipv6MemberEntrySize", mib2.ipv6_member
    )
    data = found.get((mib2.MIB2_IP6, mib2.EXPER_IP6_GROUP_MEMBERSHIP), b"")
    for six, _ in streams.rows(data, mib2.ipv6_member, size):
        number = six.ipv6GroupMemberIfIndex
        rows.append(
            smcastgroup(
                socket.AF_INET6, names.get(number, str(number)), six.ipv6GroupMemberRefCnt,
                _inet6(six.ipv6GroupMemberAddress),
            )
        )  # fmt: skip
    return rows
