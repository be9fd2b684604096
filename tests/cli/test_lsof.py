"""lsof beside the classic: files, sockets and processes that the tests make, selected by their pid."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import lsof_internet, lsof_text
from sysutils.cli.fields.descriptors import FileRow, ProcessRow
from sysutils.cli.main import main
from sysutils.cli.options import UsageError
from tests.cli.beside import OURS, ask, drop_capability, ours, program
from tests.support.children import linux_only, member, threads
from tests.support.golden import difference
from tests.support.sockets import Sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

#: numbers of capabilities(7)
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE = 1, 2, 19

pytestmark = linux_only

_UTF8 = {"LC_ALL": "C.UTF-8"}


def _files(top: Path) -> list[int]:
    """Descriptors of every kind of file."""
    found = []
    how = {"r": os.O_RDONLY, "w": os.O_WRONLY, "u": os.O_RDWR, "a b": os.O_RDWR | os.O_APPEND}
    for name, flags in how.items():
        fd = os.open(top / name, flags | os.O_CREAT)
        if flags != os.O_RDONLY:
            os.write(fd, b"x" * 1234)
        found.append(fd)
    os.lseek(found[-1], 5_000_000_000, os.SEEK_SET)
    (top / "sub" / "deep").mkdir(parents=True)
    flags = os.O_NONBLOCK | os.O_SYNC | os.O_NOATIME | os.O_ASYNC | os.O_CREAT | os.O_APPEND
    found.append(os.open(top / "sub" / "deep" / "file", os.O_RDWR | flags))
    found.append(os.open(top / "sub", os.O_DIRECTORY | os.O_NOFOLLOW))
    (top / "other").mkdir()
    found.append(os.open(top / "other" / "file", os.O_CREAT | os.O_WRONLY | os.O_DSYNC))
    (top / "sub" / "to a directory").symlink_to("../other")
    (top / "sub" / "to a file").symlink_to("../other/file")
    hostile = os.fsencode(top) + b"/\t\n \xc3\xa9\xff\x1b[31m\\"
    gone = top / "gone"
    found += [os.open(hostile, os.O_CREAT), os.open(gone, os.O_CREAT), os.open(top, os.O_RDONLY)]
    gone.unlink()
    (top / "link").hardlink_to(top / "r")
    os.mkfifo(top / "fifo")
    found += [os.open(top / "fifo", os.O_RDWR), os.open("/dev/null", os.O_RDWR), *os.pipe()]
    found += [os.open("/proc/version", os.O_RDONLY), os.open(top, os.O_PATH), *os.openpty()]
    found.append(os.memfd_create("in memory"))
    return found


def _sockets(made: Sockets) -> list[int]:
    """Sockets of every kind that needs no privilege."""
    inet6 = socket.AF_INET6
    found = [made.listener(), *made.connected(), made.udp(), made.udp(connected=True)]
    found += [made.bound(socket.AF_INET, socket.SOCK_DGRAM, "0.0.0.0"), *made.half_closed()]
    found += [made.listener(inet6), *made.connected(inet6), made.listener(inet6, "::")]
    found += [made.keep(socket.socket()), made.keep(socket.socket(inet6))]
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        found += [made.unix(kind), made.unix(kind, b"\0a b %d %d" % (kind, os.getpid()))]
        found += made.unix_pair(kind)
    netlink = made.keep(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
    netlink.bind((0, 0))
    return [one.fileno() for one in [*found, netlink]]


class Zoo:
    """A process that has one of everything open."""

    def __init__(self, top: Path, pid: int) -> None:
        self.top, self.pid = top, pid


_HOLD = """
import fcntl, mmap, sys
whole, part, shared, mapped, gone = (open(name, "r+b") for name in sys.argv[1:6])
fcntl.lockf(whole, fcntl.LOCK_EX)
fcntl.lockf(part, fcntl.LOCK_EX, 10)
fcntl.lockf(shared, fcntl.LOCK_SH)
maps = [mmap.mmap(file.fileno(), 0) for file in (mapped, gone)]
import os
os.unlink(gone.name)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    top = tmp_path_factory.mktemp("zoo")
    locked = [top / name for name in ("whole", "part", "shared", "mapped", "unmapped")]
    for path in locked:
        path.write_bytes(b"x" * 5000)
    with Sockets() as made:
        files = _files(top)
        bound = made.keep(socket.socket(socket.AF_UNIX))
        bound.bind(str(top / "sub" / "bound"))
        descriptors = [*files, *_sockets(made), bound.fileno()]
        words = [sys.executable, "-I", "-S", "-c", _HOLD, *map(str, locked)]
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            pass_fds=descriptors, cwd=top,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            assert child.stdin is not None
            assert child.stdout.readline() == b"ready\n"
            yield Zoo(top, child.pid)
            child.stdin.close()
        for fd in files:
            try:
                os.close(fd)
            except OSError:
                continue


def same(
    words: Sequence[str],
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    preexec_fn: Callable[[], object] | None = None,
) -> None:
    """Asserts that ours says what the classic says."""
    path = program("lsof")
    theirs = ask(["lsof", *words], env, executable=path, cwd=cwd, preexec_fn=preexec_fn)
    mine = ask([*OURS, "lsof", *words], env, cwd=cwd, preexec_fn=preexec_fn)
    wrong = [
        f"{name}: {unlike}"
        for name, left, right in zip(("output", "errors"), theirs[1:], mine[1:], strict=True)
        if (unlike := difference(left, right))
    ]
    if theirs.returncode != mine.returncode:
        wrong.append(f"exit status: classic {theirs.returncode}, ours {mine.returncode}")
    if wrong:
        pytest.fail(f"lsof {' '.join(words)}\n" + "\n".join(wrong), pytrace=False)


#: PID is the zoo's
_OF_THE_ZOO = """
-nP -p PID
-p PID
-nP -o -p PID
-nP -o 3 -p PID
-nP -o 0 -p PID
-nP -s -p PID
-nP -l -p PID
-nP -R -g -a -p PID
-nP +L -p PID
-nP +L1 -a -p PID
-nP +L2 -a -p PID
-nP +c 0 -p PID
-nP +c 3 -a -d 0 -p PID
-nPX -p PID
-t -p PID
-tp PID
-atp PID -d 0
-F -p PID
-F0 -nP -p PID
-Fpcn -p PID
-F n -p PID
-FpRgT -p PID
-Fr -p PID
-Ftsok -p PID
-FfaltDdiPn -nP -p PID
-a -p PID -nP -d fd
-a -p PID -nP -d mem
-a -p PID -nP -d DEL
-a -p PID -nP -d cwd,rtd,txt
-a -p PID -nP -d 0-2,cwd
-a -p PID -nP -d ^mem,^cwd
-a -p PID -nP -d x
-a -p PID -nP -d 3000
-a -p PID -i
-a -p PID -nP -i
-a -p PID -nP -i4
-a -p PID -nP -i6
-a -p PID -nP -i4 -i6
-a -p PID -nP -i 4 -i UDP
-a -p PID -nP -iTCP
-a -p PID -nP -iudp
-a -p PID -nP -i 4TCP
-a -p PID -nP -i @127.0.0.1
-a -p PID -nP -i @[::1]
-a -p PID -nP -i TCP@[::1]:1-65535
-a -p PID -nP -i :1-65535
-a -p PID -i :http
-a -p PID -i udplite
-a -p PID -i -sTCP:LISTEN -nP
-a -p PID -i -sTCP:^LISTEN -nP
-p PID -sTCP:LISTEN -nP
-a -p PID -i -T -nP
-a -p PID -i -Tqs -nP
-a -p PID -i -Tq -nP
-a -p PID -U
-a -p PID -U -F
-a -p PID -c /PYTHON/i -d 0
-a -p PID -c pyth -d 0
-a -p PID -c ^pyth -d 0
-a -p PID -u ^0,^65534
-a -p PID +d . -nP
-a -p PID +D . -V -d 0-5
-a -p PID w fifo link -nP
-a -p PID /dev/null
-V -p PID,99999999 -a -d 0
-V -p PID -i :5 -i TCP@127.0.0.1:3 -a
-Q -p PID,99999999 -a -d 0
-p PID,^PID
-p PID -st
-p PID /nosuch
-nP -d 0-5 -a -p PID /nosuch w
-Q -a -p PID -d 0 /nosuch
-a -p PID -i -Tf -nP
-a -p PID -i -Tfqs -nP
-a -p PID -U -Tq
-V -a -p PID -nP -i -sTCP:LISTEN -sTCP:CLOSED
-a -p PID -nP -i -sTCP:ESTABLISHED
-a -p PID -nP -i -sTCP:^ESTABLISHED
-V -a -p PID -nP -d 0 -sTCP:SYN_SENT,closed
-V -a -p PID -d 0 -i
-V -a -p PID -d 0 -U
-V -a -p PID -K -d 0
-V -p PID -u 4294967290
-nP +fg -p PID
-nP +fG -p PID
-nP +fgG -Rg -p PID
-nP +f g -s -a -d 0-9 -p PID
+fg -fG -a -d 0 -p PID
-fg -a -d 0 -p PID
+fg -F -p PID
-nP -a +p PID +i
+d sub -nP
-V -nP +D sub
-V -nP -x +D sub
-V -nP -x l +D sub
-V -nP -x f +d sub
-V -nP +D sub -x
-nP sub/bound
-nP TOP/sub/bound
-V -nP +d TOP/sub
-V -nP link r
-V -nP r link
-f -- r
+f -- r
-f +f -- r
+f -f -- r
"""
#: what needs no process
_ALONE = """
-p abc
-p 1,abc,2x
-p
-p 99999999
-t -p 99999999
-Q -p 99999999
-V -p 99999999
-V -Q -p 99999999 -c nosuchcmd
-u nosuch
-u root,^root
-u 0x
-u ^nosuch
-c /x
-c /(/
-c /py/z
-c
-c aaaaaaaaaaaaaaaaaaaaaaaa
-d 3-1
-d a-b
-d 1,^2
-d ^1,3
-d ^0-5,^txt -d DEL,cwd
-d 1 -d ^2
-i xyz
-i :nosuch
-i TCP:x-y
-i 5
-i @
-i 6TCP@::1
-i TCP@
-i TCP:
-i :
-i 46
-i 4@::1
-i 6@127.0.0.1
-i @[::1
-i :80-70
-i :1-
-i :-5
-i :1,,2
-i :a,b
-s TCP
-sTCP:FOO
-sUDP:Idle
+D
+D /nosuch
+d /etc/passwd
/nosuch /nosuch2
-- -x
-r x
-F?
-Fy
+c 20
+c x
-L 3
-K x
-T x
-g x
-a
-tF
-x
-X -i
-z
-p abc -u nosuch -z
-D x
-m
-k
-k x
-o -s
-so
-s -Fo
+fcfn
-fx
+f /nosuch -- /
-x q +d /
-xfz +d /
+f -- /bin
-Q /nosuch
-U /nosuch
-Q -V /nosuch /nosuch2
+p abc
+K x
"""


def _lines(text: str) -> list[str]:
    return text.strip().split("\n")


@pytest.mark.parametrize("line", _lines(_OF_THE_ZOO))
def test_a_process_beside_the_classic(zoo: Zoo, line: str) -> None:
    known = {"PID": str(zoo.pid), "TOP": str(zoo.top)}
    words = [re.sub("PID|TOP", lambda found: known[found[0]], word) for word in line.split()]
    same(words, zoo.top, _UTF8)


def test_names_in_a_locale_without_utf8(zoo: Zoo) -> None:
    same(["-nP", "-p", str(zoo.pid)], zoo.top)


@pytest.mark.parametrize("line", _lines(_ALONE))
def test_errors_and_nothing_found_beside_the_classic(line: str) -> None:
    same(line.split())


def test_threads_beside_the_classic() -> None:
    with threads(3, [b"a b\n\x01\\", b"second"]) as child:
        same(["-nP", "-K", "-a", "-p", str(child.pid)])
        same(["-nP", "-K", "i", "-a", "-p", str(child.pid)])


def _without_rights() -> None:
    for capability in CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE:
        drop_capability(capability)


@pytest.mark.root
@pytest.mark.parametrize(
    "line",
    [
        "-p PID", "-w -p PID", "-t -p PID", "+w -t -p PID", "-t +w -p PID", "-w +w -p PID", "+w -w -p PID",
        "-w -V -p PID", "-w -Fpf -p PID", "-a -t -p PID -d cwd",
    ],
)  # fmt: skip
def test_what_may_not_be_read_beside_the_classic(line: str) -> None:
    with member(gids=[65534] * 3, uids=[65534] * 3) as child:
        same(line.replace("PID", str(child.pid)).split(), preexec_fn=_without_rights)


def test_what_may_not_be_read_is_left_out_with_t_and_w(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def read(*_: object) -> list[FileRow]:
        process = ProcessRow(7, None, None, 1, 7, 0, "x")
        rows = [FileRow(process, fd, *[None] * (len(FileRow._fields) - 2)) for fd in (0, 1)]
        return [
            row._replace(type=kind, name="n")
            for row, kind in zip(rows, ("unknown", "REG"), strict=True)
        ]

    monkeypatch.setattr("sysutils.cli.lsof.read", read)
    for words, fds in (("-w", [1]), ("+w -t", [1]), ("-w +w", [0, 1]), ("", [0, 1])):
        main("lsof", [*words.split(), "--json", "-p", str(os.getpid())])
        assert [row["fd"] for row in json.loads(capfd.readouterr().out)] == fds, words


def test_json_has_raw_values(zoo: Zoo) -> None:
    rows = json.loads(ours("lsof", "-p", str(zoo.pid), "--json").stdout)
    assert {row["pid"] for row in rows} == {zoo.pid}
    told = {row["name"]: row for row in rows}
    assert told[str(zoo.top / "w")]["size"] == 1234
    assert told[str(zoo.top / "w")]["mode"] == "w"
    assert told[str(zoo.top / "a b")]["offset"] == 5_000_000_000
    assert any(row["protocol"] == "TCP" and row["state"] == "LISTEN" for row in rows)


def test_repeated_until_nothing_is_found(zoo: Zoo) -> None:
    answer = ours("lsof", "+r1c2", "-t", "-p", str(zoo.pid))
    assert answer == (0, f"{zoo.pid}\n=======\n{zoo.pid}\n=======\n".encode(), b"")
    assert ours("lsof", "+r1", "-t", "-p", "99999999").stdout == b"=======\n"


# --- parsers


@given(st.text())
def test_an_address_is_parsed_or_refused(text: str) -> None:
    if "@" in text or ":" in text:
        return  # would ask the resolver
    try:
        found = lsof_internet.parse(text)
    except UsageError:
        return
    assert found.text == text


@given(st.text() | st.binary().map(os.fsdecode))
def test_escaped_text_is_one_printable_line(text: str) -> None:
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in lsof_text.escaped(text))


@given(st.integers(0, 2**63))
def test_offsets(offset: int) -> None:
    text = lsof_text.offset_text(offset, 8)
    assert int(text[2:], 10 if text.startswith("0t") else 16) == offset
    assert lsof_text.offset_text(offset, 0) == f"0t{offset}"
