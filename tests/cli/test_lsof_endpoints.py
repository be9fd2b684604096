"""lsof -E and +E: what is at the other end of what the tests make, beside the classic."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.cli.beside import ask, ours, program
from tests.cli.test_lsof import same
from tests.support.children import linux_only
from tests.support.sockets import Sockets

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = linux_only

_NAME = "a long\nname \xe9"
_HOLD = """
import sys
with open("/proc/self/comm", "wb", 0) as file:
    file.write(sys.argv[1].encode())
print("ready", flush=True)
sys.stdin.read()
"""


class Two(NamedTuple):
    """Two processes; the second has but some of the descriptors of the first."""

    first: int
    second: int
    fds: dict[str, int]


def _pairs(made: Sockets) -> dict[str, int]:
    """Descriptors of both ends of all kinds of things."""
    found: dict[str, int] = {}

    def put(name: str, *fds: int) -> None:
        found.update({f"{name}{place}": fd for place, fd in enumerate(fds)})

    put("pipe", *os.pipe())
    ends = os.pipe()
    put("dup", *ends, *map(os.dup, ends))
    put("pty", *os.openpty())
    put("half", *os.openpty())
    listener = made.listener()
    put("tcp", *(one.fileno() for one in made.connected()))
    put("tcp6", *(one.fileno() for one in made.connected(socket.AF_INET6)))
    put("ended", *(one.fileno() for one in made.half_closed()))
    waiting = made.keep(socket.create_connection(listener.getsockname()))
    put("waiting", listener.fileno(), waiting.fileno())
    udp = [made.udp(), made.udp()]
    udp[0].connect(udp[1].getsockname())
    put("oneway", *(one.fileno() for one in udp))
    udp = [made.udp(), made.udp()]
    udp[0].connect(udp[1].getsockname())
    udp[1].connect(udp[0].getsockname())
    put("udp", *(one.fileno() for one in udp))
    lonely = made.udp()
    lonely.connect(lonely.getsockname())
    put("self", lonely.fileno())
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        put(f"unix{kind}", *(one.fileno() for one in made.unix_pair(kind)))
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        server = made.unix(kind, b"\0ends %d %d" % (kind, os.getpid()))
        if kind == socket.SOCK_STREAM:
            server.listen()
        clients = [made.keep(socket.socket(socket.AF_UNIX, kind)) for _ in range(3)]
        for client in clients:
            client.connect(server.getsockname())
        put(f"server{kind}", server.fileno(), *(one.fileno() for one in clients))
    if hasattr(os, "eventfd"):  # Python 3.10 on Linux
        event = os.eventfd(0)
        put("event", event, os.dup(event))
    return found


@pytest.fixture(scope="module")
def two() -> Iterator[Two]:
    with Sockets() as made:
        fds = _pairs(made)
        theirs = [fd for name, fd in fds.items() if name != "pipe0"]
        mine = [fd for name, fd in fds.items() if name not in {"pipe1", "half1", "unix11"}]
        processes = [
            subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _HOLD, name],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=some,
            )
            for name, some in (("first", mine), (_NAME, theirs))
        ]  # fmt: skip
        try:
            for process in processes:
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
            for name, fd in fds.items():
                if name.rstrip("0123456789") in {"pipe", "dup", "pty", "half", "event"}:
                    os.close(fd)
            yield Two(processes[0].pid, processes[1].pid, fds)
        finally:
            for process in processes:
                process.communicate()


def _words(line: str, two: Two) -> list[str]:
    """The words of a line; FIRST, SECOND are pids, NAME=fd the descriptor, FDS all but the terminals."""
    fds = {name: str(fd) for name, fd in two.fds.items()}
    quiet = ",".join(fd for name, fd in fds.items() if name.rstrip("01") not in {"pty", "half"})
    known = {"FIRST": str(two.first), "SECOND": str(two.second), "FDS": quiet, **fds}
    return [",".join(known.get(part, part) for part in word.split(",")) for word in line.split()]


_LINES = """
-E -a -nP -p FIRST,SECOND -d FDS
-E -a -p FIRST -d FDS
+E -a -nP -p FIRST -d FDS
+E -a -nP -p SECOND -d FDS
-E -a -nP -p FIRST -d FDS +c 15
-E -a -nP -p FIRST -d FDS +c 4
-E -a -nP -p FIRST -d FDS -F
-E -a -nP -p FIRST -d FDS -F0pn
-E -a -nPX -p FIRST -d FDS
-E -a -nP -p FIRST -d FDS -s
-E -a -nP -p FIRST -d FDS -o
-E -a -nP -p FIRST -i
+E -a -nP -p SECOND -iTCP -sTCP:ESTABLISHED
+E -a -p FIRST -U
+E -a -p SECOND -d pipe1
+E -a -p FIRST -d pipe0 -t
+E -a -p FIRST -d dup0,^pipe0
+E -a -p FIRST -d dup0
+E -a -nP -p FIRST -d tcp0,udp1,unix10,event0
+E -a -nP -p SECOND -d server10,server20,waiting0,self0,ended0
-E -E -a -p FIRST -d pipe0
+E -E -a -p FIRST -d pipe0
-E +E -a -p FIRST -d pipe0
-Q -E -a -p FIRST -d 3000
-E -V -a -p FIRST -d 3000 -i
"""


@pytest.mark.classic
@pytest.mark.parametrize("line", _LINES.strip().split("\n"))
def test_ends_beside_the_classic(two: Two, line: str) -> None:
    same(_words(line, two), env={"LC_ALL": "C.UTF-8"})


@pytest.mark.classic
@pytest.mark.parametrize("line", ["-E -p FIRST -d pty0,pty1,half0", "+E -p FIRST -d half0"])
def test_terminals_beside_the_classic(two: Two, line: str) -> None:
    words = _words(f"-a {line}", two)
    command = [program("lsof"), *words]
    before = ask(command)
    mine = ours("lsof", *words)
    if before != ask(command):
        pytest.skip("another file system of terminals has one with this number, and it changes")
    assert mine == before


def _ends(two: Two, *words: str) -> dict[tuple[int, int], list[tuple[int, int, str]]]:
    rows = json.loads(ours("lsof", "-nP", *words, "--json").stdout)
    pids = {two.first, two.second}
    return {
        (row["pid"], row["fd"]): [
            (end["pid"], end["fd"], end["mode"]) for end in row["endpoints"] if end["pid"] in pids
        ]
        for row in rows
    }


def test_ends_in_json(two: Two) -> None:
    first, second, fds = two
    ends = _ends(two, "-E", "-a", "-p", str(first), "-d", "3-999")
    assert ends[first, fds["pipe0"]] == [(second, fds["pipe1"], "w")]
    assert ends[first, fds["half0"]] == [(second, fds["half1"], "u")]
    assert ends[first, fds["unix10"]] == [(second, fds["unix11"], "u")]
    assert ends[first, fds["tcp0"]] == [
        (pid, fds["tcp1"], "u") for pid in sorted((first, second))[::-1]
    ]
    assert ends[first, fds["waiting0"]] == ends[first, fds["oneway0"]] == []
    dups = [(pid, fds[f"dup{n}"], "rwrw"[n]) for pid in (first, second) for n in range(4)]
    assert sorted(ends[first, fds["dup2"]]) == sorted(
        end for end in dups if end[:2] != (first, fds["dup2"])
    )


def test_files_at_the_other_ends_are_selected(two: Two) -> None:
    first, second, fds = two
    ends = _ends(two, "+E", "-a", "-p", str(first), "-d", str(fds["pipe0"]))
    assert list(ends) == sorted([(first, fds["pipe0"]), (second, fds["pipe1"])])
    assert [*_ends(two, "-E", "-a", "-p", str(first), "-d", str(fds["pipe0"]))] == [
        (first, fds["pipe0"])
    ]


def test_without_the_option_there_are_none(two: Two) -> None:
    rows = json.loads(ours("lsof", "-a", "-p", str(two.first), "-d", "3-999", "--json").stdout)
    assert {row["endpoints"] for row in rows} == {None}


def test_the_commands_at_the_ends_are_whole_with_c_0(two: Two) -> None:
    words = _words("+c 0 -E -a -p FIRST -d pipe0", two)
    shown = ours("lsof", *words, env={"LC_ALL": "C.UTF-8"}).stdout.decode()
    assert f" pipe {two.second},a long\\nname \xe9,{two.fds['pipe1']}w\n" in shown
