"""Answers of sock_diag: buffers with known answers, broken ones, and the kernel's beside /proc/net."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, snetsock
from sysutils.core.linux import netlink, proc_net, sock_diag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BY_FAMILY = 20
DONE = struct.pack("=IHHIIi", 20, 3, 2, 1, 9, 0)


def message(kind: int, body: bytes, flags: int = 2) -> bytes:
    """One message, padded as the kernel does it."""
    length = 16 + len(body)
    return struct.pack("=IHHII", length, kind, flags, 1, 9) + body + bytes(-length % 4)


def inet(
    family: int = 2, state: int = 1, *, source: bytes = b"\x7f\0\0\1", sport: int = 80,
    destination: bytes = b"\x0a\0\2\x0f", dport: int = 443, recv_q: int = 1, send_q: int = 2,
    uid: int = 3, inode: int = 4, tail: bytes = b"",
) -> bytes:  # fmt: skip
    """A struct inet_diag_msg with its header, as linux/inet_diag.h has it."""
    body = struct.pack("=BBBB", family, state, 1, 7)
    body += (
        struct.pack(">HH", sport, dport) + source.ljust(16, b"\0") + destination.ljust(16, b"\0")
    )
    body += struct.pack("=III", 5, 11, 12) + struct.pack("=IIIII", 999, recv_q, send_q, uid, inode)
    return message(BY_FAMILY, body + tail)


def attribute(kind: int, payload: bytes) -> bytes:
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + bytes(-length % 4)


def unix(type_: int, state: int, inode: int, *attributes: bytes) -> bytes:
    """A struct unix_diag_msg with its header and attributes."""
    return message(
        BY_FAMILY, struct.pack("=BBBBIII", 1, type_, state, 0, inode, 5, 6) + b"".join(attributes)
    )


def sockets(protocol: str, *buffers: bytes) -> list[snetsock]:
    return sock_diag.inet_sockets(protocol, sock_diag.parse_inet(buffers))


# --- the layout


def test_the_question_is_that_of_inet_diag_h() -> None:
    question = sock_diag.inet_question(10, 6)
    assert len(question) == 56
    assert question[:4] == b"\x0a\x06\0\0"
    states = struct.unpack_from("=I", question, 4)[0]
    assert [bit for bit in range(32) if states >> bit & 1] == list(range(1, 13))
    assert not any(question[8:])
    assert len(sock_diag.unix_question()) == 24


def test_one_ipv4_socket() -> None:
    (row,) = sockets("tcp", inet() + DONE)
    assert row == snetsock(
        "tcp", 1, 2, addr("127.0.0.1", 80), addr("10.0.2.15", 443), 1,
        ConnectionStatus.CONN_ESTABLISHED, 3, 4, None,
    )  # fmt: skip
    assert type(row) is snetsock
    assert type(row.laddr) is addr


def test_ipv6_and_mapped_addresses() -> None:
    mapped = bytes(10) + b"\xff\xff\x7f\0\0\1"
    scoped = b"\xfe\x80" + bytes(13) + b"\1"
    (row,) = sockets("udp6", inet(10, 7, source=mapped, destination=scoped), DONE)
    assert (row.laddr.ip, row.raddr.ip) == ("::ffff:127.0.0.1", "fe80::1")
    assert (row.state, row.status) == (7, ConnectionStatus.CONN_NONE)


def test_the_send_queue_of_a_listening_socket_is_0_as_in_proc_net() -> None:
    (row,) = sockets("tcp", inet(state=10, recv_q=3, send_q=128), DONE)
    assert (row.recv_q, row.send_q, row.status) == (3, 0, ConnectionStatus.CONN_LISTEN)


def test_attributes_and_paddings_of_any_length_are_walked_over() -> None:
    tails = [b"", b"\x05\0\x08\0\0", attribute(1, b"four"), bytes(33), bytes(2)]
    rows = sockets(
        "tcp",
        b"".join(inet(inode=i, tail=tail) for i, tail in enumerate(tails)),
        inet(inode=99),
        message(1, b"a message that means nothing"),
        inet(inode=100) + DONE + inet(inode=101),
    )
    assert [row.inode for row in rows] == [0, 1, 2, 3, 4, 99, 100]


def test_both_ends_of_a_connection_share_their_addresses() -> None:
    one, two = sockets(
        "tcp",
        inet()
        + inet(source=b"\x0a\0\2\x0f", sport=443, destination=b"\x7f\0\0\1", dport=80)
        + DONE,
    )
    assert one.laddr is two.raddr
    assert one.raddr is two.laddr


def test_unix_sockets() -> None:
    names = [
        (b"/run/a b\0", b"/run/a b"), (b"\0abstract\0x", b"@abstract@x"), (b"\0", b"@"),
        (b"/no end", b"/no end"), (b"\xff\xfe/\n\0", b"\xff\xfe/\n"),
    ]  # fmt: skip
    data = b"".join(
        unix(1, 10, place, attribute(0, name), attribute(2, struct.pack("=I", 77)))
        for place, (name, _) in enumerate(names)
    )
    data += unix(5, 1, 5)
    rows = list(sock_diag.parse_unix([data, DONE]))
    assert rows[:-1] == [(1, 10, place, name, 77) for place, (_, name) in enumerate(names)]
    assert rows[-1] == (5, 1, 5, b"", 0)


def test_peers_of_unix_sockets() -> None:
    def number(kind: int, *inodes: int) -> bytes:
        return attribute(kind, struct.pack(f"={len(inodes)}I", *inodes))

    data = b"".join([
        unix(2, 1, 5, number(2, 9)), unix(2, 1, 4, number(2, 9)), unix(2, 1, 9),
        unix(1, 1, 1, number(2, 2)), unix(1, 1, 2, number(2, 1)), unix(1, 1, 3),
        unix(1, 10, 6, number(3, 8, 7)), unix(1, 1, 7), unix(1, 1, 8), unix(1, 10, 10, number(3)),
    ])  # fmt: skip
    peers = sock_diag.parse_unix_peers([data, DONE])
    assert peers == {5: 9, 4: 9, 9: 5, 1: 2, 2: 1, 6: 8}


# --- what goes wrong

both = pytest.mark.parametrize(
    ("parse", "row"),
    [(sock_diag.parse_inet, inet()), (sock_diag.parse_unix, unix(1, 1, 3, attribute(0, b"\0x")))],
    ids=["inet", "unix"],
)


@both
def test_an_error_message_is_an_oserror(parse: Any, row: bytes) -> None:
    refused = message(2, struct.pack("=i", -errno.EPERM) + bytes(16))
    nobody = message(3, struct.pack("=i", -errno.ENOENT))
    for data, code in (
        (refused, errno.EPERM),
        (nobody, errno.ENOENT),
        (row + nobody, errno.ENOENT),
    ):
        with pytest.raises(OSError, match=os.strerror(code)) as caught:
            list(parse([data]))
        assert caught.value.errno == code


@both
def test_an_overrun_is_an_oserror(parse: Any, row: bytes) -> None:
    data = row + message(4, b"")
    with pytest.raises(OSError, match=os.strerror(errno.ENOBUFS)):
        list(parse([data]))


@both
def test_an_acknowledgement_ends_the_answer(parse: Any, row: bytes) -> None:
    data = message(2, struct.pack("=i", 0)) + row
    assert list(parse([data])) == []


@both
def test_half_a_message_is_refused_wherever_it_is_cut(parse: Any, row: bytes) -> None:
    whole = row + row
    for end in range(1, len(whole)):
        if end != len(row):
            with pytest.raises(ValueError, match="half a"):
                list(parse([whole[:end]]))


@both
def test_a_row_too_short_for_its_numbers_is_refused(parse: Any, row: bytes) -> None:
    short = message(BY_FAMILY, row[16:28])
    data = short + row
    with pytest.raises(ValueError, match="half a socket"):
        list(parse([data]))


@both
@given(st.binary(max_size=400), st.integers(0, 200))
def test_any_bytes_end_in_rows_or_an_error(parse: Any, row: bytes, junk: bytes, place: int) -> None:
    data = bytearray(row * 3)
    data[place : place + len(junk)] = junk
    with contextlib.suppress(ValueError, OSError):
        list(parse([bytes(data), DONE]))


u32 = st.integers(0, 2**32 - 1)
rows_of = st.lists(
    st.tuples(
        st.binary(min_size=4, max_size=4), st.integers(0, 65535), st.binary(min_size=4, max_size=4),
        st.integers(0, 65535), st.sampled_from([*range(1, 10), 11, 12]), u32, u32, u32, u32,
        st.binary(max_size=9),
    ),
    max_size=8,
)  # fmt: skip


@given(rows_of, st.integers(1, 3))
def test_what_the_kernel_packs_is_read_back(rows: list[tuple[Any, ...]], per_buffer: int) -> None:
    packed = [
        inet(2, state, source=source, sport=sport, destination=destination, dport=dport,
             recv_q=recv_q, send_q=send_q, uid=uid, inode=inode, tail=tail)
        for source, sport, destination, dport, state, recv_q, send_q, uid, inode, tail in rows
    ]  # fmt: skip
    buffers = [b"".join(packed[i : i + per_buffer]) for i in range(0, len(packed), per_buffer)]
    assert sockets("tcp", *buffers, DONE) == [
        snetsock("tcp", recv_q, send_q, addr(socket.inet_ntoa(source), sport),
                 addr(socket.inet_ntoa(destination), dport), state, proc_net.STATUSES[state], uid,
                 inode, None)
        for source, sport, destination, dport, state, recv_q, send_q, uid, inode, _ in rows
    ]  # fmt: skip


# --- netlink itself


def test_attributes() -> None:
    data = attribute(1, b"") + attribute(2, b"abc") + attribute(3 | 0x8000, b"nested")
    assert netlink.attributes(data, 0, len(data)) == {1: b"", 2: b"abc", 3: b"nested"}
    assert netlink.attributes(data, 0, 0) == {}
    for broken in (b"\3\0\1\0", b"\x09\0\1\0abcd", b"\0\0\0\0"):
        with pytest.raises(ValueError, match="half a netlink attribute"):
            netlink.attributes(broken, 0, len(broken))
        rest = data + broken
        assert set(netlink.attributes(rest, 0, len(rest))) == {1, 2, 3}


def test_a_list_that_changed_meanwhile_is_told() -> None:
    data = message(BY_FAMILY, bytes(16), flags=2 | 0x10)
    with pytest.raises(netlink.Interrupted):
        netlink.next_message(data, 0, len(data))


# --- the kernel's own answers


@pytest.fixture
def kernel() -> Iterator[sock_diag.SockDiag]:
    try:
        connection = sock_diag.SockDiag()
        list(connection.inet("tcp"))
    except OSError as error:
        pytest.skip(f"this system does not answer sock_diag: {error}")
    yield connection
    connection.close()


@contextlib.contextmanager
def listening(family: int, number: int) -> Iterator[set[int]]:
    """The inodes of so many listening sockets."""
    with contextlib.ExitStack() as stack:
        inodes = set()
        for _ in range(number):
            made = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            made.bind(("localhost", 0))
            made.listen(7)
            inodes.add(os.fstat(made.fileno()).st_ino)
        yield inodes


def beside(
    mine: set[int], diag: Callable[[], list[snetsock]], file: Callable[[], list[snetsock]]
) -> None:
    """Both tell the same of our sockets in the same order.

    Others come and go meanwhile: a table that is told in parts may then miss a row, or have one twice."""
    for _ in range(50):
        told = [[row for row in ask() if row.inode in mine] for ask in (diag, file)]
        if told[0] == [row._replace(timer=None) for row in told[1]]:
            break
    assert told[0] == [row._replace(timer=None) for row in told[1]]
    assert {row.inode for row in told[0]} == mine


def test_the_kernel_tells_the_same_in_the_same_order_as_proc_net(
    kernel: sock_diag.SockDiag,
) -> None:
    with listening(socket.AF_INET, 300) as mine:
        beside(
            mine,
            lambda: sock_diag.inet_sockets("tcp", kernel.inet("tcp")),
            lambda: proc_net.inet("tcp"),
        )


def test_connected_sockets_with_full_queues_are_told_alike(kernel: sock_diag.SockDiag) -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=9))
        ends = []
        for _ in range(3):
            ends.append(stack.enter_context(socket.create_connection(server.getsockname())))
            ends.append(stack.enter_context(server.accept()[0]))
        ends[0].sendall(b"unread")
        waiting = stack.enter_context(socket.create_connection(server.getsockname()))
        mine = {os.fstat(end.fileno()).st_ino for end in (*ends, server, waiting)}
        beside(
            mine,
            lambda: sock_diag.inet_sockets("tcp", kernel.inet("tcp")),
            lambda: proc_net.inet("tcp"),
        )
        rows = {row.inode: row for row in sock_diag.inet_sockets("tcp", kernel.inet("tcp"))}
        assert rows[os.fstat(server.fileno()).st_ino].recv_q == 1
        assert rows[os.fstat(ends[1].fileno()).st_ino].recv_q == len(b"unread")


@pytest.mark.parametrize("protocol", ["udp", "udplite"])
def test_datagram_sockets_are_told_alike(kernel: sock_diag.SockDiag, protocol: str) -> None:
    with contextlib.ExitStack() as stack:
        try:
            number = {"udp": socket.IPPROTO_UDP, "udplite": 136}[protocol]
            made = [
                stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM, number))
                for _ in range(3)
            ]
            list(kernel.inet(protocol))
        except OSError as error:
            pytest.skip(f"no {protocol} in this kernel: {error}")
        for end in made:
            end.bind(("127.0.0.1", 0))
        made[0].connect(made[1].getsockname())
        made[0].send(b"a datagram that nobody fetches")
        beside(
            {os.fstat(end.fileno()).st_ino for end in made},
            lambda: sock_diag.inet_sockets(protocol, kernel.inet(protocol)),
            lambda: proc_net.inet(protocol),
        )


def test_unix_sockets_are_told_alike_and_know_their_peers(kernel: sock_diag.SockDiag) -> None:
    one, two = socket.socketpair()
    named = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, two, named:
        named.bind(f"\0sysutils\0test {os.getpid()}")
        inodes = [os.fstat(end.fileno()).st_ino for end in (one, two, named)]
        told = {row[2]: row for row in kernel.unix()}
        assert (told[inodes[0]][4], told[inodes[1]][4]) == (inodes[1], inodes[0])
        filed = {row.inode: row for row in proc_net.unix()}
        for inode in inodes:
            type_, _, _, name, _ = told[inode]
            assert (filed[inode].type, filed[inode].path) == (type_, os.fsdecode(name))


def test_one_connection_answers_many_questions(kernel: sock_diag.SockDiag) -> None:
    for _ in range(3):
        for protocol in ("tcp", "tcp6"):
            list(kernel.inet(protocol))
    with pytest.raises(OSError, match=os.strerror(errno.ENOENT)):
        list(sock_diag.parse_inet(kernel.dump(BY_FAMILY, sock_diag.inet_question(2, 254))))
    list(kernel.inet("tcp"))
