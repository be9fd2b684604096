"""netstat on the running kernel: beside the classic among sockets that stand still; repeats."""

from __future__ import annotations

import functools
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import environment
from tests.support import classic
from tests.support.golden import difference
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.stage import Answer

LINES = [
    "", "-n", "-an", "-ln", "-tuwUan", "-tan", "-uan", "-wan", "-Uan", "-x", "-xa", "-xl", "-tulpn", "-anp",
    "-anpe", "-anpeW", "-xap", "-6an", "-4an", "-ta", "-ua", "-i", "-ai", "-ie", "-aie", "-in", "-g", "-gn",
    "-rn", "-6rn", "-rne", "-rnee", "-rnC", "-6rnC", "-s", "-s6", "-st", "-su6",
]  # fmt: skip


@functools.cache
def answers() -> dict[str, tuple[Answer, Answer]] | str:
    """What both answer to ``LINES`` in a network of their own, or why there is none."""
    if classic.program("netstat") is None:
        return "net-tools is not installed"
    if classic.version("netstat") != "2.10":
        return f"this is net-tools {classic.version('netstat')}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.netstat_live"],
        input="".join(f"{line}\n" for line in LINES).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        return f"no network of our own: {done.stderr.decode(errors='replace')[-300:]}"
    found: dict[str, tuple[Answer, Answer]] = pickle.loads(done.stdout)
    return found


@pytest.mark.classic
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's namespaces")
@pytest.mark.parametrize("line", LINES)
def test_beside_the_classic(line: str) -> None:
    found = answers()
    if isinstance(found, str):
        skip(found)
    theirs, ours = found[line]
    assert not difference(theirs.stdout, ours.stdout)
    assert (theirs.returncode, theirs.stderr) == (ours.returncode, ours.stderr)


# --- sockets that the test made


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def row_of(server: socket.socket, sysutils, *words: str) -> dict[str, object]:
    done = sysutils("netstat", *words, "--json")
    port = server.getsockname()[1]
    (row,) = [row for row in json.loads(done.stdout) if row["laddr_port"] == port]
    return row


@pytest.mark.parametrize(
    "words", [["-kind", "tcp"], ["-tl"], ["-kind=tcp4", "-l"], ["--kind", "inet"]]
)
def test_a_socket_of_this_process(words: list[str], server: socket.socket, sysutils) -> None:
    row = row_of(server, sysutils, *words)
    assert (row["protocol"], row["family"], row["type"]) == ("tcp", "AF_INET", "SOCK_STREAM")
    assert (row["laddr_ip"], row["raddr_ip"], row["raddr_port"]) == ("127.0.0.1", None, None)
    assert (row["status"], row["pid"], row["fd"]) == ("LISTEN", os.getpid(), server.fileno())
    assert (row["uid"], row["inode"]) == (os.getuid(), os.fstat(server.fileno()).st_ino)


def test_connections_that_wait_to_be_accepted(server: socket.socket, sysutils) -> None:
    with socket.create_connection(server.getsockname()):
        assert row_of(server, sysutils, "-tl")["recv_q"] == 1


@pytest.mark.parametrize("form", ["--plain", "--jsonl", "--csv"])
def test_reports_repeat_until_the_reader_is_gone(form: str) -> None:
    command = [sys.executable, "-m", "sysutils", "netstat", "-rnc", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        for line in running.stdout:
            if form != "--csv" and line == first:
                break  # the second report
            if form == "--csv":
                assert line != first  # one heading for all
                break
        running.stdout.close()
        assert running.wait() == -signal.SIGPIPE


def test_ctrl_c_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "sysutils", "netstat", "-rnc"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"Kernel IP routing table\n"
        running.send_signal(signal.SIGINT)
        assert running.stderr.read() == b""
        assert running.wait() == -signal.SIGINT


def test_a_title_is_told_once_where_the_classic_does_so() -> None:
    command = [sys.executable, "-m", "sysutils", "netstat", "-ic"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(2)]
        assert lines[0] == b"Kernel Interface table\n"
        again = next(line for line in running.stdout if line.startswith((b"Kernel", b"Iface")))
        assert again == lines[1]
        running.kill()
