"""Parsers of /proc/net/tcp and its like, and of /proc/net/unix: known answers, round trips, garbage."""

from __future__ import annotations

import contextlib
import os
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, snetsock, ssocktimer, sunixsock
from sysutils.core.linux import proc_net
from sysutils.core.linux.host import CLOCK_TICKS

HEADING = (
    b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  ...\n"
)
TCP = HEADING + (
    b"   0: 00000000:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0"
    b" 4001 1 0000000000000000 100 0 0 10 0                     \n"
    b"   1: 0F02000A:1F90 0202000A:D431 01 00000024:00000200 01:00000014 00000002  1000        5"
    b" 5002 1 0000000000000000 20 4 30 10 -1\n"
    b"   2: 0F02000A:D432 22D8B85D:01BB 06 00000000:00000000 03:00001500 00000000     0        0"
    b" 0 3 0000000000000000\n"
)
TCP6 = HEADING + (
    b"   1: 0000000000000000FFFF00000F02000A:0050 0000000000000000FFFF00000202000A:D440 02"
    b" 00000001:00000000 01:00000064 00000002 65534        0 7 1 0000000000000000 100 0 0 10 0\n"
    b"   2: B80D01200000000067452301EFCDAB89:0050 000080FE00000000FF005450B6AD1DFE:FFFF 04"
    b" 00000000:00000000 04:00000033 00000001     0        0 0 1 0000000000000000 100 0 0 10 0\n"
)
UNIX = (
    b"Num       RefCount Protocol Flags    Type St Inode Path\n"
    b"0000000000000000: 00000002 00000000 00010000 0001 01  3001 /run/systemd/private\n"
    b"ffff8881: 00000003 00000000 00000000 0001 03 30021\n"
    b"0000000000000000: 00000002 00000000 00000000 0002 01     3 @abstract/name with blank \n"
    b"0000000000000000: 00000002 00000000 00010000 0005 01 3004 /a\nb c\n\nd\n"
    b"0000000000000000: 0000000A 00000000 00000000 0009 03 3005\n"
)


def test_ipv4_of_a_little_endian_host() -> None:
    listening, established, waiting = proc_net.parse_inet("tcp", TCP, "little")
    assert listening == snetsock(
        "tcp", 3, 0, addr("0.0.0.0", 22), addr("0.0.0.0", 0), 10, ConnectionStatus.CONN_LISTEN,
        0, 4001, ssocktimer(0, 0.0, 0, 0),
    )  # fmt: skip
    assert established == snetsock(
        "tcp", 0x200, 0x24, addr("10.0.2.15", 8080), addr("10.0.2.2", 0xD431), 1,
        ConnectionStatus.CONN_ESTABLISHED, 1000, 5002, ssocktimer(1, 20 / CLOCK_TICKS, 2, 5),
    )  # fmt: skip
    assert waiting.status is ConnectionStatus.CONN_TIME_WAIT
    assert (waiting.inode, waiting.timer) == (0, ssocktimer(3, 0x1500 / CLOCK_TICKS, 0, 0))
    assert waiting.raddr == ("93.184.216.34", 443)
    for row in (listening, established, waiting):
        assert type(row) is snetsock
        assert type(row.laddr) is addr


def test_ipv6_of_a_little_endian_host() -> None:
    mapped, plain = proc_net.parse_inet("tcp6", TCP6, "little")
    assert (mapped.laddr, mapped.raddr) == (
        ("::ffff:10.0.2.15", 80),
        ("::ffff:10.0.2.2", 0xD440),
    )
    assert (plain.laddr, plain.raddr) == (
        ("2001:db8::123:4567:89ab:cdef", 80),
        ("fe80::5054:ff:fe1d:adb6", 65535),
    )
    assert (mapped.status, plain.status) == ("SYN_SENT", "FIN_WAIT1")


def test_a_big_endian_host_writes_the_same_addresses_otherwise() -> None:
    text = TCP.replace(b"0F02000A", b"0A00020F").replace(b"0202000A", b"0A000202")
    text = text.replace(b"22D8B85D", b"5DB8D822")
    assert proc_net.parse_inet("tcp", text, "big") == proc_net.parse_inet("tcp", TCP, "little")
    assert proc_net.host_address(b"20010DB80000000001234567" + b"89ABCDEF", "big") == (
        "2001:db8::123:4567:89ab:cdef"
    )


def test_only_tcp_has_states() -> None:
    rows = proc_net.parse_inet("udp", TCP)
    assert {row.status for row in rows} == {ConnectionStatus.CONN_NONE}
    assert [row.state for row in rows] == [10, 1, 6]
    unknown = proc_net.parse_inet("tcp", TCP.replace(b" 0A ", b" 7F "))[0]
    assert (unknown.state, unknown.status) == (0x7F, ConnectionStatus.CONN_NONE)
    inside = proc_net.parse_inet("tcp", TCP.replace(b" 0A ", b" 0C "))[0]
    assert inside.status is ConnectionStatus.CONN_SYN_RECV


def test_more_columns_and_a_missing_newline_are_tolerated() -> None:
    ten = (
        HEADING + b"0: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000 7 0 9"
    )
    for data in (ten, ten + b"\n", ten + b" 2 00000000 12 and more\n\n"):
        (row,) = proc_net.parse_inet("udplite", data, "little")
        assert (row.uid, row.inode, row.laddr) == (7, 9, ("127.0.0.1", 8080))


@pytest.mark.parametrize("data", [b"", HEADING, b"one line without a newline"])
def test_nothing_but_a_heading_is_no_socket(data: bytes) -> None:
    assert proc_net.parse_inet("tcp", data) == []
    assert proc_net.parse_unix(data) == []


@pytest.mark.parametrize(
    "line",
    [
        b"   0: 00000000:0016 00000000:0000 0A",
        b"   0: 00000000:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000 x 0 4001",
        b"   0: 0000000:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000 0 0 4001",
        b"   0: 000000:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000 0 0 4001",
        b"   0: 00000000 00000000:0000 0A 00000000:00000003 00:00000000 00000000 0 0 4001",
        b"   0: 00000000:0016 00000000:0000 0A 00000000 00:00000000 00000000 0 0 4001",
        b"   0: 00000000:0016 00000000:0000 0A 00000000:00000003 00 00000000 0 0 4001",
    ],
)
def test_garbage_is_quoted(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a line of /proc/net/tcp6") as caught:
        proc_net.parse_inet("tcp6", HEADING + line + b"\n")
    assert repr(line) in str(caught.value)


def test_unix() -> None:
    listening, nameless, abstract, hostile, odd = proc_net.parse_unix(UNIX)
    assert listening == sunixsock(2, 0x10000, socket.SOCK_STREAM, 1, 3001, "/run/systemd/private")
    assert type(listening.type) is socket.SocketKind
    assert (nameless.path, nameless.inode, nameless.state) == ("", 30021, 3)
    assert (abstract.path, abstract.inode) == ("@abstract/name with blank ", 3)
    assert (hostile.path, hostile.type) == ("/a\nb c\n\nd", socket.SOCK_SEQPACKET)
    assert (odd.type, odd.refcount) == (9, 10)


def test_names_of_any_bytes_come_back() -> None:
    name = bytes(range(1, 256))
    line = b"0: 00000002 00000000 00000000 0001 01 1 " + name
    (row,) = proc_net.parse_unix(b"heading\n" + line + b"\n")
    assert os.fsencode(row.path) == name


@pytest.mark.parametrize(
    "lines",
    [
        b"0: 00000002 00000000 00010000 0001 01",
        b"stray words\n",
        b"0: 00000002 00000000 00010000 0001 01 1\nno name for this to belong to\n",
        b"0: x 00000000 00010000 0001 01 1 /name\n",
        b"0: 00000002 00000000 00010000 0001 01 x /name\n",
    ],
)
def test_garbage_among_unix_sockets_is_quoted(lines: bytes) -> None:
    with pytest.raises(ValueError, match="not a line of /proc/net/unix"):
        proc_net.parse_unix(b"Num RefCount\n" + lines)


# --- round trips


def written(raw: bytes, byteorder: str) -> str:
    words = struct.unpack(f">{len(raw) // 4}I", raw)
    return b"".join(word.to_bytes(4, byteorder) for word in words).hex().upper()  # type: ignore[arg-type]


u32 = st.integers(0, 2**32 - 1)
ports = st.integers(0, 65535)
address = st.sampled_from([4, 16]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


@given(
    address, ports, ports, u32, u32, st.integers(1, 255), u32, st.sampled_from(["little", "big"])
)
def test_what_the_kernel_writes_is_read_back(
    raw: bytes, port: int, other: int, queue: int, inode: int, state: int, uid: int, order: str
) -> None:
    host = written(raw, order)
    line = (
        f"{inode:5}: {host}:{port:04X} {host}:{other:04X} {state:02X} {queue:08X}:{uid:08X} 02:{queue:08X}"
        f" {uid:08X} {uid:5} {inode:8} {inode} 2 0000000000000000 0\n"
    )
    (row,) = proc_net.parse_inet("udp", HEADING + line.encode(), order)
    text = socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)
    assert row == snetsock(
        "udp", uid, queue, addr(text, port), addr(text, other), state, ConnectionStatus.CONN_NONE,
        uid, inode, ssocktimer(2, queue / CLOCK_TICKS, uid, inode),
    )  # fmt: skip


@given(st.binary(max_size=300))
def test_no_text_but_a_value_error(data: bytes) -> None:
    for parse in (lambda text: proc_net.parse_inet("tcp", text), proc_net.parse_unix):
        for text in (data, HEADING + data):
            with contextlib.suppress(ValueError):
                parse(text)


# --- the files themselves


def test_the_host_s_own_files_are_read_to_their_end() -> None:
    """The kernel hands out a page at a time: forty sockets are more than that."""
    made = [socket.socketpair() for _ in range(40)]
    try:
        inodes = {os.fstat(end.fileno()).st_ino for pair in made for end in pair}
        assert inodes <= {row.inode for row in proc_net.unix()}
    finally:
        for pair in made:
            for end in pair:
                end.close()
