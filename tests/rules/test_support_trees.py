"""The tests' own ground: how archives are written and read, and what the recorded machines hold."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import spelling, trees
from tests.support.stage import ROOT

ROOT_USER = os.geteuid() == 0
NAMES = st.binary(min_size=1, max_size=20).filter(
    lambda name: not {0, ord("/")} & set(name) and name not in {b".", b".."}
)
CONTENTS = st.one_of(st.binary(max_size=200), st.text(max_size=60).map(str.encode))
LEAVES = st.one_of(
    st.tuples(st.just("f"), st.sampled_from([0o400, 0o444, 0o644, 0o600]), CONTENTS),
    st.tuples(
        st.just("l"), st.just(0), st.binary(min_size=1, max_size=40).filter(lambda t: 0 not in t)
    ),
)
DIRECTORIES = st.recursive(
    LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
).filter(lambda found: isinstance(found, dict))


def build(top: bytes, found: dict[bytes, Any]) -> None:
    for name, what in found.items():
        path = top + b"/" + name
        if isinstance(what, dict):
            os.mkdir(path)
            build(path, what)
            os.chmod(path, 0o555)
            continue
        kind, mode, data = what
        if kind == "l":
            os.symlink(data, path)
        else:
            Path(os.fsdecode(path)).write_bytes(data)
            os.chmod(path, mode)


def contents(top: Path) -> list[trees.Entry]:
    return list(trees.scan(top))


@given(st.binary())
def test_a_line_is_spelled_printable_and_read_back(data: bytes) -> None:
    text = spelling.spell(data)
    assert spelling.unspell(text) == data
    assert text.isprintable()
    assert text == text.rstrip()
    assert len(spelling.spell_word(data).split()) == (1 if data else 0)
    assert spelling.unspell(spelling.spell_word(data)) == data


@given(st.binary())
def test_lines_are_read_back(data: bytes) -> None:
    lines = spelling.spell_lines(data)
    assert b"".join(map(spelling.unspell_line, lines)) == data
    assert not any("\n" in line for line in lines)


def test_readable_text_stays_readable() -> None:
    assert spelling.spell("größe 東京".encode()) == "größe 東京"
    assert spelling.spell(b"a\0b\x1b[0m\\\xff ") == r"a\0b\e[0m\\\xff\x20"
    assert spelling.spell("e\u0301\u200b".encode()) == r"e\xcc\x81\xe2\x80\x8b"
    with pytest.raises(ValueError, match="unknown escape"):
        spelling.unspell("\\q")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(DIRECTORIES)
def test_an_archive_holds_a_directory_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, found: dict[bytes, Any]
) -> None:
    one, other = (tmp_path_factory.mktemp("tree") for _ in range(2))
    build(os.fsencode(one), found)
    text = trees.pack(one)
    assert trees.unpack(text, other)  # our own files: the owners can be kept by everybody
    assert contents(one) == contents(other)
    assert trees.pack(other) == text
    trees.remove(one)
    trees.remove(other)


def test_names_and_contents_that_tempt(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    tempting = {
        b"new\nline": b"no newline at the end",
        b"\xff\xfe": b"",
        b"a = b -> c": b"\n\n",
        b"|": b"|\n:\n# x\nf 444 0 0 y\n",
        b" ": b"trailing \t \n",
        b"twin": b"x" * 300,
        b"twin2": b"x" * 300,
    }
    for name, data in tempting.items():
        Path(source, os.fsdecode(name)).write_bytes(data)
    text = trees.pack(source)
    assert text.count("x" * 300) == 1
    trees.unpack(text, tmp_path / "copy")
    copied = {path: data for *_, path, data in contents(tmp_path / "copy") if path != b"."}
    assert copied == tempting


def test_an_archive_may_be_written_by_hand(tmp_path: Path) -> None:
    text = "# mine\n\nf 640 0 0 proc/7/comm\n|top\nl 0 0 proc/self -> 7\n"
    trees.unpack(text, tmp_path)
    assert (tmp_path / "proc/self/comm").read_bytes() == b"top\n"
    assert stat.S_IMODE((tmp_path / "proc/7/comm").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("|lost\n", "line 1: content before"),
        ("d 755 0 0 a\n|x\n", "content after"),
        ("f 644 0 0 a\nwhat 1 2 3 4\n", "line 2: unknown kind"),
        ("f 644 0 a\n", "line 1"),
        ("f 644 0 0 b = a\n", "line 1"),
        ("f 644 0 0 b\n|a\\q\n", "line 2: unknown escape"),
    ],
)
def test_a_malformed_archive_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        trees.read(text)


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x"])
def test_an_archive_writes_nowhere_else(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        trees.unpack(f"f 644 0 0 {path}\n", tmp_path / "inside")


def test_owners_are_given_by_root_alone(tmp_path: Path) -> None:
    kept = trees.unpack("f 600 1234 4321 a\n", tmp_path)
    owner = (tmp_path / "a").stat()
    assert kept is ROOT_USER
    assert ((owner.st_uid, owner.st_gid) == (1234, 4321)) is ROOT_USER


@pytest.mark.parametrize("name", trees.names())
def test_recorded_machines_are_kept_as_pack_writes_them(name: str) -> None:
    entries = trees.read(trees.source(name))
    assert trees.write(entries) == trees.source(name)
    assert [entry.path for entry in entries] == sorted(
        {entry.path for entry in entries}, key=trees.order
    )


def stat_of(entry: trees.Entry) -> tuple[int, list[int]]:
    """(pid, the fields after the state)."""
    return int(entry.data.split()[0]), [int(w) for w in entry.data.rpartition(b")")[2].split()[1:]]


@pytest.mark.parametrize("name", trees.names())
def test_recorded_machines_are_consistent(name: str) -> None:
    entries = {entry.path: entry for entry in trees.read(trees.source(name))}
    top = re.compile(rb"proc/(\d+)/stat")
    found = {path: top.fullmatch(path) for path in entries}
    stats = dict(stat_of(entries[path]) for path, match in found.items() if match)
    task = re.compile(rb"proc/(\d+)/task/\d+/stat")
    threads = Counter(int(match[1]) for path in entries if (match := task.fullmatch(path)))
    assert all(match is None or b"proc/%d/stat" % stat_of(entries[path])[0] == path
               for path, match in found.items())  # fmt: skip
    if not stats:
        assert entries[b"proc/self"].kind == "d"  # a part of a machine, without processes
        return
    uptime = float(entries[b"proc/uptime"].data.split()[0])
    assert int(entries[b"proc/self"].data) in stats
    for pid, fields in stats.items():
        ppid, start = fields[0], fields[18]
        assert start <= uptime * 100, pid
        assert ppid == 0 or stats[ppid][18] <= start, f"{pid} is older than its parent"
        assert threads[pid] == fields[16], f"threads of {pid}"


def test_the_crowd_is_one() -> None:
    stats = [path.read_bytes() for path in trees.load("crowd").glob("[0-9]*/stat")]
    states = [data.rpartition(b") ")[2][:1] for data in stats]
    kernel = [data for data in stats if int(data.rpartition(b") ")[2].split()[6]) & 0x200000]
    assert len(kernel) >= 50
    assert len(stats) - len(kernel) >= 300
    assert states.count(b"Z") >= 10
    assert states.count(b"T") >= 5


def test_now_is_the_moment_of_the_recording() -> None:
    assert int(trees.now(trees.load("small"))) == 1773500966  # 2026-03-14 15:09:26 UTC


def test_the_recorded_sockets_are_in_every_state() -> None:
    net = trees.load("sockets") / "net"
    lines = [line for name in ("tcp", "tcp6") for line in (net / name).read_text().splitlines()]
    states = {line.split()[3] for line in lines}
    assert states >= {f"{number:02X}" for number in range(1, 12) if number != 7}
    assert all(len((net / name).read_text().splitlines()) > 1 for name in ("udp", "raw", "packet"))
    assert {line.split()[4] for line in (net / "unix").read_bytes().split(b"\n") if line[:1] == b"0"} >= {
        b"0001", b"0002", b"0005",
    }  # fmt: skip
    links = (os.readlink(path) for path in net.parent.glob("[0-9]*/fd/*"))
    owned = {link for link in links if link.startswith("socket:")}
    assert len(owned) > 60


def alive(program: str, *command: str) -> bytes:
    """What a command says inside one of the crowds."""
    words = [sys.executable, "-m", f"tests.support.{program}", *command]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(words, capture_output=True, check=False, env=env, cwd="/")
    if done.returncode and b"unshare" in done.stderr:
        pytest.skip(done.stderr.decode().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_crowd_can_be_looked_at_alive() -> None:
    stats = alive("crowd", "sh", "-c", "cat /proc/[0-9]*/stat").split(b"\n")
    assert sum(re.match(rb"\d+ \(", line) is not None for line in stats) > 250
    assert sum(re.search(rb"\) Z \d", line) is not None for line in stats) >= 10
    assert sum(re.search(rb"\) T \d", line) is not None for line in stats) >= 5


def test_the_sockets_can_be_looked_at_alive() -> None:
    lines = alive("socket_crowd", "cat", "/proc/net/tcp", "/proc/net/tcp6").splitlines()
    assert {line.split()[3] for line in lines} >= {b"01", b"02", b"03", b"04", b"05", b"08", b"0A"}
