"""net_connections: sockets of the test's own in every state beside psutil 7.2.2, and recorded files."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from sysutils.core._ntuples import addr, pconn, sconn
from sysutils.core._sockets import KINDS
from sysutils.core.linux import fds, sock_diag, sockets
from tests.core.nobody import ask_nobody
from tests.core.proc_dir import here, write
from tests.support.oracle import oracle, same_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

every_kind = pytest.mark.parametrize("kind", KINDS)
Ends = dict[str, socket.socket]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def eventually(reached: Callable[[], bool]) -> None:
    """The kernel's timers of a few milliseconds are waited for."""
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def status_of(ours: socket.socket) -> int:
    """The kernel's number of a TCP socket's state."""
    return ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


def tcp(stack: contextlib.ExitStack, family: int, host: str, name: str) -> Ends:
    """A listening socket, a connection, one closed by the other end, one closed by ours first."""
    made: Ends = {}
    server = stack.enter_context(socket.socket(family))
    server.bind((host, 0))
    server.listen(4)
    made[f"{name} listening"] = server
    for what in ("established", "close-wait", "fin-wait", "unaccepted"):
        client = stack.enter_context(socket.socket(family))
        client.connect(server.getsockname())
        made[f"{name} {what}"] = client
        if what != "unaccepted":
            made[f"{name} {what} server"] = stack.enter_context(server.accept()[0])
    made[f"{name} close-wait server"].shutdown(socket.SHUT_WR)
    made[f"{name} fin-wait"].shutdown(socket.SHUT_WR)
    for end, state in (("close-wait", 8), ("close-wait server", 5), ("fin-wait", 5)):
        eventually(lambda end=made[f"{name} {end}"], state=state: status_of(end) == state)  # type: ignore[misc]
    return made


def udp(stack: contextlib.ExitStack, family: int, host: str, name: str) -> Ends:
    """A bound socket, a connected one, one that is not bound at all."""
    one, two, three = (
        stack.enter_context(socket.socket(family, socket.SOCK_DGRAM)) for _ in range(3)
    )
    one.bind((host, 0))
    two.connect(one.getsockname())
    return {f"{name} bound": one, f"{name} connected": two, f"{name} unbound": three}


def unix(stack: contextlib.ExitStack, directory: Path) -> Ends:
    """Sockets with a path, an abstract name and none, of every type."""
    made: Ends = {}
    for name, type_ in (("stream", 1), ("datagram", 2), ("packets", 5)):
        made[name] = stack.enter_context(socket.socket(socket.AF_UNIX, type_))
        made[name].bind(str(directory / name))
        pair = socket.socketpair(socket.AF_UNIX, type_)
        for number, end in enumerate(pair):
            made[f"{name} pair {number}"] = stack.enter_context(end)
    made["stream"].listen()
    made["abstract"] = stack.enter_context(socket.socket(socket.AF_UNIX))
    made["abstract"].bind(f"\0sysutils-test\0{os.getpid()}")
    made["abstract"].listen()
    made["unaccepted"] = stack.enter_context(socket.socket(socket.AF_UNIX))
    made["unaccepted"].connect(f"\0sysutils-test\0{os.getpid()}")
    made["unbound"] = stack.enter_context(socket.socket(socket.AF_UNIX))
    return made


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ends]:
    """Sockets of every kind and in every state that lasts, all of this process."""
    with contextlib.ExitStack() as stack:
        made = tcp(stack, socket.AF_INET, "127.0.0.1", "tcp4")
        made |= udp(stack, socket.AF_INET, "127.0.0.1", "udp4")
        made |= unix(stack, tmp_path_factory.mktemp("u"))
        if has_ipv6():
            made |= tcp(stack, socket.AF_INET6, "::1", "tcp6")
            made |= udp(stack, socket.AF_INET6, "::1", "udp6")
            server = made["mapped listening"] = stack.enter_context(socket.socket(socket.AF_INET6))
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            server.bind(("::", 0))
            server.listen()
            client = made["mapped client"] = stack.enter_context(socket.socket())
            client.connect(("127.0.0.1", server.getsockname()[1]))
            made["mapped server"] = stack.enter_context(server.accept()[0])
        yield made


def mine(rows: list[Any], ends: Ends) -> set[tuple[Any, ...]]:
    """The rows of these sockets, as plain tuples (others come and go while we look)."""
    numbers = {end.fileno() for end in ends.values()}
    return {tuple(row) for row in rows if row.pid == os.getpid() and row.fd in numbers}


# --- beside psutil


@pytest.mark.oracle
@every_kind
def test_our_sockets_are_told_as_psutil_tells_them(ends: Ends, kind: str) -> None:
    rows = mine(core.net_connections(kind), ends)
    assert rows == mine(oracle().net_connections(kind), ends)
    assert rows or "6" in kind


@pytest.mark.oracle
@every_kind
def test_without_netlink_the_rows_are_the_same(
    ends: Ends, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = mine(core.net_connections(kind), ends)
    monkeypatch.setattr(sockets, "is_live", lambda _: False)
    monkeypatch.setattr(sock_diag.SockDiag, "__init__", None)  # not to be asked
    assert mine(core.net_connections(kind), ends) == told


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["x", "", "TCP", None, 4, ["tcp"]])
def test_a_bad_kind_is_refused_as_psutil_refuses_it(kind: Any) -> None:
    same_error(lambda api: api.net_connections(kind))


@pytest.mark.oracle
def test_sockets_that_nobody_holds_are_told_alike() -> None:
    """TIME_WAIT on one side; a connection nobody accepted is the listener's alone."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(server.getsockname())
        accepted = server.accept()[0]
        client.close()
        accepted.close()
        for _ in range(20):  # TIME_WAIT may end between the two
            told = [
                {
                    tuple(row)
                    for row in api.net_connections("tcp4")
                    if row.raddr and row.raddr[1] == port
                }
                for api in (oracle(), core, oracle())
            ]
            if told[0] == told[2]:
                break
        assert told[1] == told[0]
        assert {row[5] for row in told[1]} == {"TIME_WAIT"}
        assert {(row[0], row[6]) for row in told[1]} == {(-1, None)}


@pytest.mark.oracle
def test_connections_that_are_not_answered_yet_are_told_alike() -> None:
    """A listener whose queue is full lets others wait in SYN_SENT."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = [stack.enter_context(socket.socket()) for _ in range(6)]
        for end in waiting:
            end.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                end.connect(server.getsockname())
        ends = {str(number): end for number, end in enumerate([server, *waiting])}
        rows = mine(core.net_connections("tcp"), ends)
        assert rows == mine(oracle().net_connections("tcp"), ends)
        assert "SYN_SENT" in {row[5] for row in rows}


@pytest.mark.oracle
@pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="this Python has no posix_spawn()")
def test_a_socket_of_several_processes_has_the_owner_that_psutil_names() -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        pair, _ = map(stack.enter_context, socket.socketpair())
        extra = stack.enter_context(pair.dup()).fileno()
        port = server.getsockname()[1]
        child = os.posix_spawn(
            "/bin/sleep", ["sleep", "60"], {},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, server.fileno(), 30),
                (os.POSIX_SPAWN_DUP2, server.fileno(), 31),
                (os.POSIX_SPAWN_DUP2, pair.fileno(), 32),
                (os.POSIX_SPAWN_DUP2, extra, 33),
            ],
        )  # fmt: skip
        try:
            theirs = oracle().net_connections("all")
            ours = core.net_connections("all")
            told = [
                {tuple(row) for row in rows if row.laddr and row.laddr[1] == port}
                for rows in (theirs, ours)
            ]
            assert told[0] == told[1]
            assert len(told[1]) == 1
            # of a UNIX socket every descriptor of that one process
            told = [{tuple(row) for row in rows if row.pid == child} for rows in (theirs, ours)]
            assert told[0] == told[1]
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)


# --- what a row is


def test_the_types_of_a_row(ends: Ends) -> None:
    rows = [row for row in core.net_connections("all") if row.pid == os.getpid()]
    assert {type(row) for row in rows} == {sconn}
    for row in rows:
        assert type(row.family) is socket.AddressFamily
        assert type(row.type) is socket.SocketKind
        if row.family == socket.AF_UNIX:
            assert type(row.laddr) is str
            assert row.raddr == ""
            assert row.status is core.CONN_NONE
        else:
            assert {type(row.laddr), type(row.raddr)} <= {addr, tuple}
            assert isinstance(row.status, core.ConnectionStatus)


def test_every_state_was_among_the_sockets(ends: Ends) -> None:
    found = {row.fd: row.status for row in core.net_connections("inet") if row.pid == os.getpid()}
    told = {name: str(found[end.fileno()]) for name, end in ends.items() if end.fileno() in found}
    assert told["tcp4 listening"] == "LISTEN"
    assert told["tcp4 established"] == told["tcp4 unaccepted"] == "ESTABLISHED"
    assert told["tcp4 close-wait"] == "CLOSE_WAIT"
    assert told["tcp4 fin-wait"] == "FIN_WAIT2"
    assert told["udp4 bound"] == told["udp4 connected"] == "NONE"
    assert "udp4 unbound" not in told


def test_equal_rows_count_once(tmp_path: Path) -> None:
    """Sockets of one port that nobody is known to hold look all alike."""
    line = "0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 {} 1\n"
    text = "heading\n" + line.format(7) + line.format(8)
    write(tmp_path, {"net/tcp": text, "net/unix": "heading\n"})
    with here(tmp_path):
        assert len(core.net_connections("tcp4")) == 1


# --- recorded machines


@pytest.mark.oracle
@every_kind
@pytest.mark.parametrize("name", ["small", "crowd"])
def test_recorded_machines_beside_psutil(tree: Callable[[str], Path], name: str, kind: str) -> None:
    top = tree(name)
    with here(top):
        ours = core.net_connections(kind)
    psutil = oracle()
    before, psutil.PROCFS_PATH = psutil.PROCFS_PATH, str(top)
    try:
        theirs = psutil.net_connections(kind)
    finally:
        psutil.PROCFS_PATH = before
    # psutil takes a name with a blank for none
    assert {tuple(row) for row in ours if " " not in row.laddr} <= {tuple(row) for row in theirs}
    assert len(ours) == len(set(ours)) >= len(theirs)


def test_a_kernel_without_ipv6_has_no_such_rows_and_without_ipv4_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"net/tcp": "heading\n", "net/udp": "heading\n", "net/unix": "heading\n"})
    with here(tmp_path):
        assert core.net_connections("all") == []
        write(tmp_path, {"net/udp": None})
        with pytest.raises(FileNotFoundError):
            core.net_connections("inet")
        write(tmp_path, {"net/unix": None})
        with pytest.raises(FileNotFoundError):
            core.net_connections("unix")


@pytest.mark.parametrize("name", ["tcp", "unix"])
def test_garbage_is_a_runtime_error_as_in_psutil(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"net/tcp": "heading\n", "net/tcp6": "heading\n", f"net/{name}": "h\na b c\n"})
    with here(tmp_path), pytest.raises(RuntimeError, match=r"error while parsing.*a b c"):
        core.net_connections(name)


# --- one process


@pytest.mark.oracle
@every_kind
def test_the_sockets_of_one_process(ends: Ends, kind: str) -> None:
    numbers = {end.fileno() for end in ends.values()}
    told = [
        {tuple(row) for row in rows if row.fd in numbers}
        for rows in (
            sockets.process_connections(os.getpid(), kind),
            oracle().Process().net_connections(kind),
        )
    ]
    assert told[0] == told[1]
    assert all(type(row) is pconn for row in sockets.process_connections(os.getpid(), kind))


def test_a_process_without_sockets_or_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "5/fd").mkdir(parents=True)
    (tmp_path / "5/fd/0").symlink_to("/dev/null")
    with here(tmp_path):
        assert sockets.process_connections(5, "all") == []
        with pytest.raises(FileNotFoundError):
            sockets.process_connections(6, "all")
        with pytest.raises(ValueError, match="invalid kind argument 'x'"):
            sockets.process_connections(5, "x")


# --- rights


@pytest.mark.root
@pytest.mark.oracle
def test_nobody_sees_root_s_sockets_without_owners(ends: Ends) -> None:
    """Its twin for everybody: test_sockets_of_forbidden_processes_have_no_owner."""
    port = ends["tcp4 listening"].getsockname()[1]

    def question() -> list[set[tuple[Any, ...]]]:
        return [
            {
                tuple(row)
                for row in api.net_connections("tcp4")
                if row.laddr and row.laddr[1] == port
            }
            for api in (core, oracle())
        ]

    ours, theirs = ask_nobody(question)
    assert ours == theirs
    assert os.getpid() not in {row[6] for row in ours}
    assert None in {row[6] for row in ours}  # the connection that nobody has accepted


def test_sockets_of_forbidden_processes_have_no_owner(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(base: bytes, counted: bool = False) -> dict[int, bytes]:
        raise PermissionError

    monkeypatch.setattr(fds, "read_links", refuse)
    port = ends["tcp4 listening"].getsockname()[1]
    rows = [row for row in core.net_connections("tcp4") if row.laddr and row.laddr[1] == port]
    assert rows
    assert {(row.fd, row.pid) for row in rows} == {(-1, None)}
