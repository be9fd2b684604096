"""Which table of sockets is asked: netlink where it is the same kernel's, /proc/net where it is not."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sysutils import core
from sysutils.core.linux import netlink, proc_net, procfs, sock_diag, sockets
from tests.core.proc_dir import here, write

ROOT = Path(__file__).resolve().parents[3]
RECORDED = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 01020304:0016 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 4001\n"
)


def answers() -> bool:
    try:
        connection = sock_diag.SockDiag()
    except OSError:
        return False
    try:
        return bool(list(connection.inet("tcp"))) or True
    except OSError:
        return False
    finally:
        connection.close()


needs_sock_diag = pytest.mark.skipif(not answers(), reason="this system does not answer sock_diag")


# --- the same kernel's?


@needs_sock_diag
def test_the_host_s_own_files_are_live() -> None:
    assert sockets.is_live("tcp")
    assert sockets.is_live("unix")
    assert not sockets.is_live("no-such-file")


def test_a_recording_is_not(tmp_path: Path) -> None:
    with here(write(tmp_path, {"net/tcp": RECORDED})):
        assert not sockets.is_live("tcp")
    with here(Path("/proc/../proc")):
        assert not sockets.is_live("tcp")


@pytest.mark.parametrize("name", ["tcp", "empty"])
def test_nor_one_that_stands_in_the_place_of_proc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As if mounted there; its twin, really mounted: test_a_recording_mounted_over_proc_is_read."""
    write(tmp_path, {"net/tcp": RECORDED, "net/empty": ""})
    stat = os.stat
    monkeypatch.setattr(
        procfs.os, "stat", lambda path: stat(path.replace(b"/proc", os.fsencode(tmp_path)))
    )
    assert not sockets.is_live(name)


@pytest.mark.root
@pytest.mark.parametrize("over", ["/proc/net", "/proc"])
def test_a_recording_mounted_over_proc_is_read(tmp_path: Path, over: str) -> None:
    write(tmp_path, {"net/tcp": RECORDED, "net/tcp6": RECORDED.partition("\n")[0] + "\n"})
    source = {"/proc/net": "net", "/proc": "."}[over]
    code = f"""
import os
from tests.support import namespaces
namespaces.unshare(namespaces.CLONE_NEWNS)
namespaces.make_mounts_private()
namespaces.bind({str(tmp_path / source)!r}, os.path.realpath({over!r}))
from sysutils import core
print(len(core.net_connections("tcp4")), core.net_sockets(["tcp"])[0].inode)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "unshare" in done.stderr:
        pytest.skip("this system lets us make no mount namespace")
    assert (done.stdout, done.stderr) == ("1 4001\n", "")


# --- what is asked when netlink won't tell


class Refusing:
    """A connection that breaks off in the middle of its answer."""

    made = 0
    closed = 0

    def __init__(self) -> None:
        type(self).made += 1

    def close(self) -> None:
        type(self).closed += 1

    def inet(self, protocol: str) -> Any:
        yield (88, 20, 10, 1, 0, bytes(16), bytes(16), 0, 0, 0, 5)
        raise OSError(errno.ENOENT, protocol)

    unix = None


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> type[Refusing]:
    kind = type("Refusing", (Refusing,), {"made": 0, "closed": 0})
    monkeypatch.setattr(sockets, "SockDiag", kind)
    monkeypatch.setattr(sockets, "is_live", lambda _: True)
    return kind


def test_an_answer_that_breaks_off_is_replaced_by_the_file(refusing: type[Refusing]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        inode = os.fstat(server.fileno()).st_ino
        rows = core.net_sockets(["tcp"])
        assert 5 not in {row.inode for row in rows}
        assert inode in {row.inode for row in rows}
        mine = [row for row in core.net_connections("tcp4") if row.fd == server.fileno()]
        assert mine
    assert refusing.made == refusing.closed == 2


def test_each_question_after_a_broken_answer_has_a_connection_of_its_own(
    refusing: type[Refusing],
) -> None:
    core.net_sockets(["tcp", "udp"])
    assert refusing.made == refusing.closed == 2


def test_a_system_without_netlink_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def refuse(protocol: int) -> None:
        tries.append(protocol)
        raise OSError(errno.EPROTONOSUPPORT, "no")

    monkeypatch.setattr(sockets, "is_live", lambda _: True)
    monkeypatch.setattr(sockets, "SockDiag", lambda: refuse(netlink.NETLINK_SOCK_DIAG))
    with socket.create_server(("127.0.0.1", 0)) as server:
        inode = os.fstat(server.fileno()).st_ino
        assert inode in {row.inode for row in core.net_sockets()}
    assert tries == [netlink.NETLINK_SOCK_DIAG]


@needs_sock_diag
def test_one_connection_serves_all_protocols_and_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Counted(sock_diag.SockDiag):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(sockets, "SockDiag", Counted)
    core.net_connections("all")
    assert len(made) == 1
    assert made[0]._socket.fileno() == -1


def test_a_recording_is_never_asked_of_netlink(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SockDiag", None)
    with here(write(tmp_path, {"net/tcp": RECORDED})):
        (row,) = core.net_connections("tcp4")
        assert (row.fd, row.pid, row.laddr.port) == (-1, None, 22)
        assert procfs.root() == os.fsencode(tmp_path)
        assert core.net_sockets(["tcp"]) == proc_net.inet("tcp")
