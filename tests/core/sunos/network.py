"""What the modules of IP tell, made of structures, and the stream through which it is asked for."""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
from typing import Any

from sysutils.core.sunos import mib2

Answer = tuple[int, int, bytes]
SHELL, DAEMON = 50, 1


def _ip(text: str) -> Any:
    six = ":" in text
    raw = socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, text)
    return (ctypes.c_uint8 * len(raw))(*raw)


def tail(state: int, pid: int, out: tuple[int, int], into: tuple[int, int], form: str) -> bytes:
    """What follows the addresses of a connection: ``form`` is old, new (connstat), or apart, where numbers of
    64 bits stand at multiples of 8 (the first, of IPv4)."""
    numbers = [
        *out,
        0,
        *into,
        0,
        0,
        0,
    ]  # next, first not acknowledged, window, expected, acknowledged
    if form == "new":
        counters = struct.pack("=11Q", *range(11))
        numbers = [*out, 0, 0, *into, 0, 0, 0, 0, 0, 0]
    else:
        counters = b""
    told = counters + struct.pack(f"={len(numbers)}Ii", *(n % (1 << 32) for n in numbers), state)
    return told + struct.pack("=I4xQ" if form == "apart" else "=IQ", pid, 77)


def tcp(local: tuple[str, int], remote: tuple[str, int], *rest: Any, form: str = "old") -> bytes:
    """A connection: its ends, what it is doing, its pid, and the numbers of its queues."""
    state, pid, out, into = (*rest, (1, 1), (1, 1))[:4] if len(rest) < 4 else rest
    end = tail(state, pid, out, into, form)
    if ":" in local[0]:
        if form == "apart":
            end = tail(state, pid, out, into, "old")
        row: Any = mib2.mib2_tcp6ConnEntry(_ip(local[0]), local[1], _ip(remote[0]), remote[1])
    else:
        row = mib2.mib2_tcpConnEntry(0, _ip(local[0]), local[1], _ip(remote[0]), remote[1])
    return bytes(row) + end


def udp(local: tuple[str, int], pid: int, remote: tuple[str, int] | None = None) -> bytes:
    """A socket of UDP."""
    six = ":" in local[0]
    there = remote or ("::" if six else "0.0.0.0", 0)
    if six:
        row: Any = mib2.mib2_udp6Entry(
            _ip(local[0]), local[1], 0, 2, _ip(there[0]), there[1], 9, pid
        )
    else:
        row = mib2.mib2_udpEntry(_ip(local[0]), local[1], 2, _ip(there[0]), there[1], 9, pid)
    return bytes(row) + bytes(8)


def _octet(name: str) -> mib2.Octet:
    return mib2.Octet(len(name), name.encode())


def route(to: str, mask: str, by: str, flags: int, kind: int, name: str = "net0") -> bytes:
    """A route of IPv4, with what newer systems add."""
    row = mib2.mib2_ipRouteEntry(
        ipRouteDest=_ip(to), ipRouteIfIndex=_octet(name), ipRouteNextHop=_ip(by), ipRouteMask=_ip(mask),
        re_max_frag=1500, re_ref=3, re_obpkt=5, re_ibpkt=2, re_flags=flags, re_ire_type=kind,
    )  # fmt: skip
    return bytes(row) + bytes(40)


def route6(to: str, length: int, by: str, flags: int, kind: int) -> bytes:
    """A route of IPv6."""
    return bytes(mib2.mib2_ipv6RouteEntry(
        ipv6RouteDest=_ip(to), ipv6RoutePfxLength=length, ipv6RouteIfIndex=_octet("net0"),
        ipv6RouteNextHop=_ip(by), ipv6RouteMetric=1, re_ref=2, re_obpkt=4, re_flags=flags,
        re_ire_type=kind,
    ))  # fmt: skip


def _counting(form: Any, **fields: int) -> bytes:
    """A structure of counters, each its place in it above a hundred, but for those named."""
    found = form()
    for place, (name, *_) in enumerate(form._fields_):
        setattr(found, name, fields.get(name, 100 + place))
    return bytes(found) + bytes(16)


def answers(form: str = "old") -> list[Answer]:
    """What a machine with a few sockets answers; ``form`` as ``tail`` has it."""
    here, there = ("10.0.0.5", 22), ("10.0.0.9", 40000)
    four = [
        tcp(("0.0.0.0", 22), ("0.0.0.0", 0), mib2.TCPS_LISTEN, DAEMON, form=form),
        tcp(here, there, mib2.TCPS_ESTABLISHED, SHELL, (1000, 979), (500, 490), form=form),
        tcp(("10.0.0.5", 23), there, mib2.TCPS_TIME_WAIT, 0, form=form),
        tcp(("0.0.0.0", 0), ("0.0.0.0", 0), mib2.TCPS_IDLE, SHELL, form=form),
        tcp(("0.0.0.0", 99), ("0.0.0.0", 0), mib2.TCPS_BOUND, SHELL, form=form),
    ]
    six = [tcp(("2001:db8::5", 443), ("2001:db8::9", 5), mib2.TCPS_CLOSE_WAIT, SHELL, form=form)]
    lengths = {"tcpConnTableSize": len(four[0]), "tcp6ConnTableSize": len(six[0])}
    routes = [
        route("0.0.0.0", "0.0.0.0", "10.0.0.1", 0x803, 0x2),
        route("10.0.0.0", "255.255.255.0", "10.0.0.5", 1, 0x80),
        route("10.0.0.5", "255.255.255.255", "10.0.0.5", 5, mib2.IRE_LOCAL, "lo0"),
        route("10.0.0.255", "255.255.255.255", "10.0.0.5", 1, mib2.IRE_BROADCAST),
        route("10.9.0.0", "255.255.0.0", "127.0.0.1", 0xB, 0x10, "lo0"),
        route("10.0.0.77", "255.255.255.255", "10.0.0.1", 3, 0x100),
    ]  # fmt: skip
    routes6 = [
        route6("::", 0, "fe80::1", 3, 0x2), route6("fe80::", 10, "fe80::5", 1, 0x80),
        route6("fe80::9", 128, "fe80::9", 1, mib2.IRE_IF_CLONE),
    ]  # fmt: skip
    member = mib2.ip_member(_octet("net0"), _ip("224.0.0.1"), 2, 1)
    member6 = mib2.ipv6_member(1, _ip("ff02::1"), 3, 1)
    of_link = _counting(
        mib2.mib2_ipv6IfStatsEntry, ipv6IfStatsEntrySize=160, ipv6RouteEntrySize=len(routes6[0]),
        ipv6MemberEntrySize=ctypes.sizeof(member6),
    )  # fmt: skip
    of_link6 = _counting(mib2.mib2_ipv6IfIcmpEntry, ipv6IfIcmpEntrySize=160)
    return [
        (mib2.MIB2_IP, 0, _counting(mib2.mib2_ip, ipRouteEntrySize=len(routes[0]),
                                    ipMemberEntrySize=ctypes.sizeof(member))),
        (mib2.MIB2_IP, mib2.MIB2_IP_ROUTE, b"".join(routes)),
        (mib2.MIB2_IP, mib2.EXPER_IP_GROUP_MEMBERSHIP, bytes(member)),
        (mib2.MIB2_IP6, 0, of_link), (mib2.MIB2_IP6, 0, of_link),
        (mib2.MIB2_IP6, mib2.MIB2_IP6_ROUTE, b"".join(routes6)),
        (mib2.MIB2_IP6, mib2.EXPER_IP6_GROUP_MEMBERSHIP, bytes(member6)),
        (mib2.MIB2_ICMP, 0, _counting(mib2.mib2_icmp)), (mib2.MIB2_ICMP6, 0, of_link6),
        (mib2.MIB2_TCP, 0, _counting(mib2.mib2_tcp, **lengths)),
        (mib2.MIB2_TCP, mib2.MIB2_TCP_CONN, b"".join(four)),
        (mib2.MIB2_TCP6, mib2.MIB2_TCP6_CONN, b"".join(six)),
        (mib2.MIB2_UDP, 0, _counting(mib2.mib2_udp, udpEntrySize=36, udp6EntrySize=64)),
        (mib2.MIB2_UDP, mib2.MIB2_UDP_ENTRY, udp(("0.0.0.0", 53), DAEMON)
         + udp(("10.0.0.5", 123), SHELL, ("10.0.0.9", 123))),
        (mib2.MIB2_UDP6, mib2.MIB2_UDP6_ENTRY, udp(("::", 546), 0)),
    ]  # fmt: skip


class Stream:
    """The functions of the C library that a stream takes: once asked, it answers table by table."""

    def __init__(self) -> None:
        self.tables = answers()
        self.pushed: list[bytes] = []
        self.opened = 0
        #: errors by the name of the function, raised once
        self.fails: dict[str, int] = {}
        #: what is answered instead of the first acknowledgement
        self.instead: bytes | None = None
        #: data come in pieces of so many bytes
        self.piece = 1 << 20
        self._messages: list[tuple[bytes, bytes]] = []
        self._rest = b""

    def _failed(self, name: str) -> bool:
        if name not in self.fails:
            return False
        ctypes.set_errno(self.fails.pop(name))
        return True

    def open(self, path: bytes, flags: int) -> int:
        assert path == b"/dev/arp"
        if self._failed("open"):
            return -1
        self.opened += 1
        self.pushed.clear()
        return 77

    def close(self, stream: int) -> int:
        assert stream == 77
        self.opened -= 1
        return 0

    def push(self, module: bytes) -> int:
        self.pushed.append(module)
        return -1 if self._failed("push") else 0

    def putmsg(self, stream: int, control: int, data: int | None, flags: int) -> int:
        assert (stream, data, flags) == (77, None, 0)
        assert self.pushed == [b"tcp", b"udp"]
        part = mib2.strbuf.from_address(control)
        raw = ctypes.string_at(part.buf, part.len)
        head = mib2.T_optmgmt_req.from_buffer_copy(raw)
        option = mib2.opthdr.from_buffer_copy(raw, head.OPT_offset)
        assert (head.PRIM_type, head.OPT_length, head.MGMT_flags) == (9, 12, 0x80)
        assert (option.level, option.name, option.len) == (mib2.MIB2_IP, 0, 0)
        if self._failed("putmsg"):
            return -1
        self._messages = [(_ack(*key, len(told)), told) for *key, told in self.tables]
        self._messages.append((_ack(0, 0, 0), b""))
        return 0

    def getmsg(self, stream: int, control: int | None, data: int | None, flags: int) -> int:
        assert stream == 77
        assert ctypes.c_int.from_address(flags).value == 0
        if self._failed("getmsg"):
            return -1
        if data is not None:
            return self._give(data)
        assert self._rest == b"", "the data before were taken"
        ack, self._rest = self._messages.pop(0)
        ack, self.instead = self.instead or ack, None
        part = mib2.strbuf.from_address(control or 0)
        assert part.maxlen >= len(ack)
        ctypes.memmove(part.buf, ack, len(ack))
        part.len = len(ack)
        return mib2.MOREDATA if self._rest else 0

    def _give(self, place: int) -> int:
        part = mib2.strbuf.from_address(place)
        given = self._rest[: min(part.maxlen, self.piece)]
        self._rest = self._rest[len(given) :]
        ctypes.memmove(part.buf, given, len(given))
        part.len = len(given)
        return mib2.MOREDATA if self._rest else 0


def _ack(level: int, name: int, size: int) -> bytes:
    head = mib2.T_optmgmt_req(mib2.T_OPTMGMT_ACK, 12, 16, mib2.T_SUCCESS)
    return bytes(head) + bytes(mib2.opthdr(level, name, size))


def error(tli: int, code: int) -> bytes:
    """That the request was refused."""
    return bytes(mib2.T_error_ack(mib2.T_ERROR_ACK, 9, tli, code))


INTERRUPTED = errno.EINTR
