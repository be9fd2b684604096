"""What netstat shows: net_sockets, unix_sockets, net_interfaces, on recorded machines and this one."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING

import pytest

from sysutils import core
from sysutils.core._ntuples import addr, sinterface, snetsock, ssocktimer, sunixsock
from sysutils.core.linux import interfaces
from tests.core.proc_dir import here, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVERY = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6")
DEV = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo ...\n"
    "    lo: 13132761  240213    0    0    0     0          0         0 13132761  240213    0    0    0"
    "     0       0          0\n"
    "eth0:1: 71983089    2458    1    2    3     4          5         6   232460    2063    7    8    9"
    "    10      11         12\n"
    "old0:1 2 3 4\n"
)


# --- sockets


def test_a_recorded_machine_s_sockets(tree: Callable[[str], Path]) -> None:
    with here(tree("small")):
        rows = core.net_sockets(EVERY)
        assert list(dict.fromkeys(row.protocol for row in rows)) == [
            name for name in EVERY if name in {row.protocol for row in rows}
        ]
        assert {type(row) for row in rows} == {snetsock}
        ssh = rows[0]
        assert (ssh.laddr, ssh.raddr) == (addr("0.0.0.0", 22), addr("0.0.0.0", 0))
        assert (ssh.status, ssh.recv_q, ssh.send_q) == (core.CONN_LISTEN, 3, 0)
        assert {type(row) for row in core.unix_sockets()} == {sunixsock}


def test_the_order_is_that_of_the_request(tree: Callable[[str], Path]) -> None:
    with here(tree("small")):
        rows = core.net_sockets(name for name in ("udp", "tcp"))
    assert [row.protocol for row in rows] == sorted((row.protocol for row in rows), reverse=True)


def test_what_the_system_lacks_gives_no_rows(tmp_path: Path) -> None:
    with here(tmp_path):
        assert core.net_sockets(EVERY) == core.unix_sockets() == core.net_interfaces() == []


@pytest.mark.parametrize("protocol", ["x", "inet", "unix", "tcp4", ""])
def test_a_bad_protocol_is_refused_before_anything_is_read(tmp_path: Path, protocol: str) -> None:
    with here(tmp_path), pytest.raises(ValueError, match=f"invalid protocol '{protocol}'"):
        core.net_sockets(["tcp", protocol])


@pytest.mark.parametrize("timers", [False, True])
def test_our_own_connection(timers: bool) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0] as accepted,
    ):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        accepted.sendall(b"not fetched")
        rows = {row.inode: row for row in core.net_sockets(["tcp"], timers=timers)}
        ends = [rows[os.fstat(end.fileno()).st_ino] for end in (server, client, accepted)]
        assert [row.status for row in ends] == ["LISTEN", "ESTABLISHED", "ESTABLISHED"]
        assert [row.recv_q for row in ends] == [0, 11, 0]
        assert [tuple(row.laddr) for row in ends] == [
            end.getsockname() for end in (server, client, accepted)
        ]
        assert tuple(ends[1].raddr) == server.getsockname()
        assert {row.uid for row in ends} == {os.getuid()}
        assert [row.timer is not None for row in ends] == [timers] * 3
        if timers:
            assert ends[0].timer == ssocktimer(0, 0.0, 0, 0)
            assert ends[1].timer is not None
            assert ends[1].timer.kind == 2
            assert 7000 < ends[1].timer.expires <= 7200 * 2


def test_timers_of_what_nobody_holds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted = server.accept()[0]
        port = client.getsockname()[1]
        client.close()
        accepted.close()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            waiting = [
                row for row in core.net_sockets(["tcp"], timers=True) if row.laddr.port == port
            ]
            if waiting and waiting[0].status == core.CONN_TIME_WAIT:
                break
        (row,) = waiting
        assert (row.state, row.inode) == (6, 0)
        assert row.timer is not None
        assert row.timer.kind == 3
        assert 0 < row.timer.expires <= 60


def test_unix_sockets_of_our_own(tmp_path: Path) -> None:
    path = str(tmp_path / "a b\nc")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)
        rows = {row.inode: row for row in core.unix_sockets()}
        listening = rows[os.fstat(server.fileno()).st_ino]
        assert (listening.path, listening.flags & 0x10000) == (path, 0x10000)
        assert listening.type is socket.SOCK_STREAM
        other = rows[os.fstat(client.fileno()).st_ino]
        assert (other.path, other.state, other.flags) == ("", 3, 0)


# --- interfaces


def test_counters_of_interfaces() -> None:
    found = interfaces.parse_dev(DEV.encode())
    assert list(found) == ["lo", "eth0:1", "old0"]
    assert found["eth0:1"] == [71983089, 2458, *range(1, 7), 232460, 2063, *range(7, 13)]
    assert found["old0"] == [1, 2, 3, 4, *[0] * 12]
    assert interfaces.parse_dev(b"") == interfaces.parse_dev(b"one\ntwo\n") == {}


@pytest.mark.parametrize("line", ["garbage", "eth0: 1 2 x", "1 2 3"])
def test_garbage_among_interfaces_is_quoted(line: str) -> None:
    with pytest.raises(ValueError, match="not a line of /proc/net/dev") as caught:
        interfaces.parse_dev(f"{DEV}{line}\n".encode())
    assert repr(line.encode()) in str(caught.value)


def test_a_recorded_machine_s_interfaces_have_counters_alone(tmp_path: Path) -> None:
    with here(write(tmp_path, {"net/dev": DEV})):
        rows = core.net_interfaces()
    assert rows[1] == sinterface(
        "eth0:1", None, None, None, 71983089, 2458, *range(1, 7), 232460, 2063, *range(7, 13)
    )
    assert rows[1].tx_collisions == 10
    assert rows[1].tx_carrier == 11


def test_our_own_interfaces() -> None:
    loopback = {row.name: row for row in core.net_interfaces()}["lo"]
    assert loopback.flags is not None
    assert loopback.flags & 8  # IFF_LOOPBACK
    assert loopback.flags < 0x10000
    assert loopback.mtu is not None
    assert loopback.mtu >= 1280
    assert loopback.metric == 0


def test_where_rtnetlink_is_forbidden_ioctl_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> dict[str, tuple[object, ...]]:
        return {row.name: row[1:4] for row in core.net_interfaces()}

    before = told()

    def refuse() -> None:
        raise PermissionError

    monkeypatch.setattr(interfaces, "links", refuse)
    assert told() == before
