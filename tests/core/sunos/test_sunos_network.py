"""Sockets, routes, counters and open files of SunOS, above streams and files of the tests."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.core.sunos import fdinfo, mib2, sockets, streams
from tests.core.sunos import machine, network
from tests.support import elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.sunos.machine import Kernel, Tree

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
_MACHINE = "tests.core.sunos.machine:libraries"


# ---- the stream


def test_a_stream_is_closed(core: Any, kernel: Kernel) -> None:
    core.net_connections()
    assert (kernel.opened, kernel.pushed) == (0, [b"tcp", b"udp"])


@pytest.mark.parametrize("name", ["open", "push", "putmsg", "getmsg"])
def test_a_stream_that_fails(core: Any, kernel: Kernel, name: str) -> None:
    kernel.fails[name] = errno.EACCES
    with pytest.raises(PermissionError):
        core.net_connections()
    assert kernel.opened == 0, "it was closed all the same"


def test_a_stream_that_is_interrupted(core: Any, kernel: Kernel) -> None:
    kernel.fails["getmsg"] = errno.EINTR
    assert len(core.net_connections()) == 9


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (network.error(mib2.TSYSERR, errno.EPERM), errno.EPERM),
        (network.error(3, 0), errno.EPROTO), (b"", errno.EPROTO), (bytes(28), errno.EPROTO),
        (bytes(mib2.T_optmgmt_req(mib2.T_OPTMGMT_ACK, 12, 400, mib2.T_SUCCESS)), errno.EPROTO),
        (bytes(mib2.T_optmgmt_req(mib2.T_OPTMGMT_ACK, 12, 16, 0x40)) + bytes(12), errno.EPROTO),
    ],
)  # fmt: skip
def test_a_request_that_is_refused(core: Any, kernel: Kernel, answer: bytes, code: int) -> None:
    kernel.instead = answer or b"\0"
    with pytest.raises(OSError, match=os.strerror(code)):
        core.net_connections()
    assert kernel.opened == 0


def test_tables_in_pieces(core: Any, kernel: Kernel) -> None:
    whole = core.net_connections()
    kernel.piece = 7
    assert core.net_connections() == whole


def test_a_machine_without_sockets(core: Any, kernel: Kernel) -> None:
    kernel.tables = []
    assert core.net_connections() == []
    assert core.net_sockets() == []
    assert core.net_routes() == core.net_routes6() == core.net_multicast_groups() == []
    assert core.net_protocol_stats() == {}
    assert core.socket_owners() == ({}, True)


def test_many_sockets(core: Any, kernel: Kernel) -> None:
    one = network.tcp(("10.0.0.1", 1), ("10.0.0.2", 2), mib2.TCPS_ESTABLISHED, 9)
    kernel.tables = [(mib2.MIB2_TCP, mib2.MIB2_TCP_CONN, one * 5000 + one[:30])]
    size = len(one)
    counters = mib2.mib2_tcp(tcpConnTableSize=size)
    kernel.tables.insert(0, (mib2.MIB2_TCP, 0, bytes(counters)))
    assert len(core.net_connections("tcp")) == 5000


# ---- sockets


@pytest.mark.parametrize("form", ["old", "new", "apart"])
def test_connections(core: Any, kernel: Kernel, form: str) -> None:
    kernel.tables = network.answers(form)
    found = core.net_connections("all")
    four, six = socket.AF_INET, socket.AF_INET6
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    assert found == [
        (-1, four, stream, ("0.0.0.0", 22), (), "LISTEN", 1),
        (-1, four, stream, ("10.0.0.5", 22), ("10.0.0.9", 40000), "ESTABLISHED", 50),
        (-1, four, stream, ("10.0.0.5", 23), ("10.0.0.9", 40000), "TIME_WAIT", None),
        (-1, four, stream, ("0.0.0.0", 0), (), "IDLE", 50),
        (-1, four, stream, ("0.0.0.0", 99), (), "BOUND", 50),
        (-1, six, stream, ("2001:db8::5", 443), ("2001:db8::9", 5), "CLOSE_WAIT", 50),
        (-1, four, datagram, ("0.0.0.0", 53), (), "NONE", 1),
        (-1, four, datagram, ("10.0.0.5", 123), (), "NONE", 50),
        (-1, six, datagram, ("::", 546), (), "NONE", None),
    ]  # fmt: skip
    rows = core.net_sockets(("tcp",))
    assert (rows[1].recv_q, rows[1].send_q) == (10, 20)
    assert [row.status for row in core.net_connections("tcp6")] == ["CLOSE_WAIT"]
    assert core.net_connections("unix") == []
    with pytest.raises(ValueError, match="invalid kind"):
        core.net_connections("ipx")


def test_queues_whose_numbers_begin_anew() -> None:
    tail = network.tail(mib2.TCPS_ESTABLISHED, 9, (5, (1 << 32) - 5), (2, (1 << 32) - 1), "old")
    assert sockets.parse_tail(tail) == (0, 3, 9, 9)
    assert sockets.parse_tail(b"") == (mib2.TCPS_CLOSED, 0, 0, 0)
    assert sockets.parse_tail(bytes(200))[1:] == (0, 0, 0), "of a system to come: no queues"


def test_sockets_for_netstat(core: Any, tree: Tree) -> None:
    rows = core.net_sockets()
    assert [row.protocol for row in rows] == [*["tcp"] * 5, "tcp6", *["udp"] * 2, "udp6"]
    assert rows[0].laddr.port == 22
    assert rows[2].inode == 0, "nobody has it any more"
    owners = core.socket_owners()
    assert not owners.complete
    assert owners.by_inode[rows[1].inode] == (50, -1, "sh")
    assert owners.by_inode[rows[0].inode] == (1, -1, "/sbin/init")
    assert core.net_sockets(("udplite",)) == []
    with pytest.raises(ValueError, match="invalid protocol"):
        core.net_sockets(("sctp",))


def test_connections_of_a_process(core: Any, tree: Tree) -> None:
    machine.opened(tree)
    shell = core.Process(50)
    assert [row.laddr.port for row in shell.net_connections()] == [22, 0, 99, 443, 123]
    assert shell.net_connections("unix") == [
        (6, socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/log", "", "NONE")
    ]
    assert len(shell.net_connections("all")) == 6
    assert core.Process(60).net_connections("udp") == []
    (tree.root / "60" / "psinfo").unlink()
    (tree.root / "60").rmdir()
    with pytest.raises(core.NoSuchProcess):
        core.Process(60).net_connections()


# ---- routes, counters, groups


def test_routes(core: Any) -> None:
    assert core.net_routes() == [
        ("net0", "0.0.0.0", "10.0.0.1", "0.0.0.0", 3, 3, 7, 0, 1500, 0, 0),
        ("net0", "10.0.0.0", "0.0.0.0", "255.255.255.0", 1, 3, 7, 0, 1500, 0, 0),
        ("lo0", "10.9.0.0", "127.0.0.1", "255.255.0.0", 0x203, 3, 7, 0, 1500, 0, 0),
        ("net0", "10.0.0.77", "10.0.0.1", "255.255.255.255", 7, 3, 7, 0, 1500, 0, 0),
    ]
    assert core.net_routes6() == [
        ("net0", "::", 0, "::", 0, "fe80::1", 3, 2, 4, 1),
        ("net0", "fe80::", 10, "::", 0, "::", 1, 2, 4, 1),
    ]


def test_counters(core: Any) -> None:
    found = core.net_protocol_stats()
    assert list(found) == ["Ip", "Icmp", "Tcp", "Udp", "TcpExt", "Ip6", "Icmp6"]
    assert list(found["Icmp"])[-1] == "OutAddrMaskReps"
    assert (found["Ip"]["InReceives"], found["Ip"]["OutRequests"]) == (102, 109)
    assert (found["Tcp"]["CurrEstab"], found["Tcp"]["InErrs"], found["Tcp"]["OutRsts"]) == (
        108,
        123,
        113,
    )
    assert found["Udp"] == {
        "InDatagrams": 100, "NoPorts": 124, "InErrors": 101, "OutDatagrams": 102, "RcvbufErrors": 130,
        "InCsumErrors": 129,
    }  # fmt: skip
    assert found["Ip6"]["InReceives"] == 2 * 109, "of two links"
    assert found["Ip6"]["FragOKs"] == 2 * 121
    assert found["Icmp6"]["InEchos"] == 109


def test_groups(core: Any, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.links = machine.linked()
    monkeypatch.setattr(socket, "if_nametoindex", {"lo0": 9, "net0": 1}.__getitem__)
    assert core.net_multicast_groups() == [
        (socket.AF_INET, "net0", 2, "224.0.0.1"), (socket.AF_INET6, "net0", 3, "ff02::1"),
    ]  # fmt: skip


def test_interfaces(core: Any, kernel: Kernel) -> None:
    kernel.links = machine.linked()
    first, second = core.net_interfaces()
    assert (first.name, first.flags, first.mtu, first.rx_packets) == ("lo0", 0x1049, 8232, 6)
    assert (second.name, second.flags, second.rx_bytes, second.tx_errors) == ("net0", 0x1043, 30, 2)
    found = core.net_if_details()
    assert (found["lo0"].type, found["net0"].type) == (772, 1)
    assert found["net0"].address == "02:fc:00:00:00:01"
    assert [(row.address, row.prefixlen, row.scope) for row in found["net0"].addresses] == [
        ("10.0.0.5", 24, "global"), ("fe80::5", 64, "link"),
    ]  # fmt: skip


# ---- memory and open files

#: what illumos told of a socket of sshd, byte by byte (its proposal for /proc/PID/fdinfo)
RECORDED = (
    bytes.fromhex(
        "05000000 b6c10000 27f90000 00000000 00000000 00000000 16700000 00000000 00000000 00000000"
        "2f020000 00000000 00000000 00000000 82000000 01000000 03000000 ffffffff ffffffff ffffffff"
    )
    + bytes(116)
    + bytes.fromhex(
        "18000000 01000000 02000016 ac1b0a09 00000000 00000000"
        "18000000 02000000 020096b0 ac1b0a4f 00000000 00000000"
        "0c000000 03000000 0a000000 10000000 04000000 00000000 00000000 0c000000 09000000 02000000"
        "0c000000 05000000 00c00000 0c000000 06000000 68f70100 08000000 07000000"
        "10000000 0a000000 73756e72 656e6f00 00000000 00000000"
    )
)


def test_what_illumos_told_of_a_socket() -> None:
    told = fdinfo.parse(RECORDED)
    assert (told.head.pr_fd, told.head.pr_mode, told.head.pr_ino) == (5, 0o140666, 63783)
    assert (told.head.pr_offset, told.head.pr_major, told.head.pr_fileflags) == (28694, 559, 0x82)
    assert (told.head.pr_locktype, told.head.pr_peerpid) == (3, -1)
    assert told.protocol == "tcp"
    assert told.end(fdinfo.PR_SOCKETNAME) == ("172.27.10.9", 22)
    assert told.end(fdinfo.PR_PEERSOCKNAME) == ("172.27.10.79", 38576)
    assert told.items[10] == b"sunreno\0"


def test_half_of_what_is_told() -> None:
    assert fdinfo.parse(RECORDED[:200]).items == {}
    with pytest.raises(ValueError, match="half a prfdinfo_t"):
        fdinfo.parse(RECORDED[:100])


def test_descriptors(core: Any, tree: Tree) -> None:
    machine.opened(tree)
    rows = core.open_descriptors(50, flags=True)
    assert [(row.fd, row.name, row.access) for row in rows] == [
        ("cwd", "/export/home/me", None), ("txt", "/usr/bin/sh", None), ("mem", "/lib/libc.so.1", None),
        (0, "/dev/pts/1", "u"), (3, "/export/home/me/notes", "u"), (4, "socket:[72]", "u"),
        (5, "socket:[73]", "u"), (6, "socket:[74]", "u"), (7, "pipe:[75]", "u"),
        (8, "/var/run/name_service_door", "u"), (9, "socket:[77]", "u"),
    ]  # fmt: skip
    assert (rows[4].size, rows[4].offset, rows[4].flags, rows[4].inode) == (1234, 100, 2, 71)
    assert core.open_descriptors(50, memory=False)[2].flags is None
    assert core.Descriptors().count(50) == 8
    assert core.Descriptors().count(99) == 0
    assert core.open_descriptors(60) == [], "a zombie"
    with pytest.raises(ProcessLookupError):
        core.open_descriptors(99)


def test_descriptors_of_an_older_system(core: Any, tree: Tree) -> None:
    machine.opened(tree)
    for path in (tree.root / "50" / "fdinfo").iterdir():
        path.unlink()
    (tree.root / "50" / "fdinfo").rmdir()
    row = core.open_descriptors(50, memory=False)[3]
    assert (row.fd, row.name, row.access, row.offset) == (3, "/export/home/me/notes", "", None)
    assert core.unix_sockets() == []
    assert "unix" not in core.net_tables()
    assert core.OpenSockets().load() == {}


def test_descriptors_of_another_user(
    core: Any, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.opened(tree)

    def forbidden(*_: object) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    assert core.Descriptors().count(50) == 8
    theirs = sys.modules["sysutils.core.sunos.files"]  # the library's on that system
    for name in ("link", "descriptors", "maps"):
        monkeypatch.setattr(theirs, name, forbidden)
    rows = core.open_descriptors(50)
    assert [(row.fd, row.error) for row in rows] == [
        ("cwd", "Permission denied"), ("NOFD", "Permission denied"),
    ]  # fmt: skip


def test_sockets_by_number(core: Any, tree: Tree) -> None:
    machine.opened(tree)
    found = core.OpenSockets()
    row = found.internet(72)
    assert (row.protocol, row.status, row.recv_q, row.inode) == ("tcp", "ESTABLISHED", 10, 72)
    assert found.internet(73).laddr == ("10.0.0.5", 123)
    assert found.internet(74) is None
    other = found.other(74)
    assert (other.family, other.name, other.state, other.type) == ("unix", "/var/run/log", 3, 1)
    assert found.other(72) is None
    assert found.peer(74) is None
    assert found.other_end(72) is None
    assert core.OpenSockets(["udp"]).internet(72) is None
    assert (core.socket_protocol(50, 9), core.socket_protocol(50, 99)) == ("ROUTE", None)
    (row,) = core.unix_sockets()
    assert (row.inode, row.path, row.refcount, row.state) == (74, "/var/run/log", 1, 3)


def test_mappings(core: Any, tree: Tree) -> None:
    machine.opened(tree)
    rows = core.process_mappings(50, None)
    assert [(row.start, row.perms, row.path) for row in rows] == [
        (0x400000, "r-xp", "/usr/bin/sh"), (0x405000, "rw-p", "/usr/bin/sh"),
        (0x410000, "rw-p", "[heap]"), (0x7F0000000000, "r-xp", "/lib/libc.so.1"),
        (0x7F0000020000, "rw-s", "[shmid=0x5]"), (0x7FFFFFFF0000, "rw-p", "[stack]"),
    ]  # fmt: skip
    assert rows[1].figures == {"Size": 8, "Rss": 8, "Private_Dirty": 4, "Anonymous": 4, "Locked": 0}
    assert (rows[1].offset, rows[1].device, rows[1].inode) == (0x4000, "01:04", 7)
    assert core.process_mappings(50, ("Rss",))[0].figures == {"Rss": 12}
    assert core.process_mappings(60) == []
    with pytest.raises(FileNotFoundError):
        core.process_mappings(99)


def test_lengths_of_rows() -> None:
    assert streams.rows(b"\1" * 50, mib2.opthdr, 20)[1][1] == b"\1" * 20
    assert streams.length({}, 1, mib2.mib2_tcp, "tcpConnTableSize", mib2.mib2_tcpConnEntry) == 20


# ---- commands


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("netstat -tan", "tcp       10     20 10.0.0.5:22             10.0.0.9:40000          ESTABLISHED\n"),
        ("netstat -n -kind tcp", "tcp        0      0 0.0.0.0:99              0.0.0.0:*               BOUND"),
        ("netstat -tlnp", "LISTEN      1/init"),
        ("netstat -an", "/var/run/log"),
        ("netstat -rn", "10.9.0.0        -               255.255.0.0     !         - -          - -\n"),
        ("netstat -rn6", "fe80::/10                      ::                         U    1   2"),
        ("netstat -s", "    104 active connection openings\n"),
        ("netstat -i", "lo0              8232        6      0      0 0             6      0      0"),
        ("netstat -gn", "net0            2      224.0.0.1\n"),
        ("ifconfig net0", "        inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.0.255\n"),
        ("pmap 50", "00007fffffff0000     16K rw---   [ stack ]\n total              140K\n"),
        ("pmap -x 50", "0000000000405000       8       8       4 rw--- sh\n"),
        ("lsof -nP -p 50", "IPv4     72      0t0     TCP 10.0.0.5:22->10.0.0.9:40000 (ESTABLISHED)\n"),
        ("lsof -p 50", "   8u  DOOR    1,4      0t0      76 /var/run/name_service_door\n"),
        ("lsof -t -i :22", "50\n"),
        ("iostat -d", "sd0 "),
    ],
)  # fmt: skip
def test_commands(words: str, told: str, tmp_path: Path) -> None:
    done = elsewhere.run(
        "sunos5", _MACHINE, words.split(), COLUMNS="120", TZ="UTC", LC_ALL="C.UTF-8",
        PROCFS_PATH=str(tmp_path),
    )  # fmt: skip
    error = done.stderr.decode().replace(elsewhere.NOT_ALL, "")
    assert (error, done.returncode) == ("", 0)
    assert told in done.stdout.decode(errors="replace")


@pytest.mark.parametrize("words", ["ionice -p 50", "taskset -p 50", "iotop -b -n 1"])
def test_what_sunos_has_nothing_of(words: str, tmp_path: Path) -> None:
    done = elsewhere.run("sunos5", _MACHINE, words.split(), PROCFS_PATH=str(tmp_path))
    command = words.split(maxsplit=1)[0]
    assert (done.stderr.decode(), done.returncode) == (f"{command}: not supported on SunOS\n", 1)
