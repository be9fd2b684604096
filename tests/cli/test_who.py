"""who: every record of utmp files beside the classic, the terminals they name, other outputs."""

from __future__ import annotations

import csv
import functools
import json
import os
import random
import socket
import struct
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.cli import who
from sysutils.core._ntuples import suser
from sysutils.core.posix import utmp
from tests.support import classic
from tests.support.sidebyside import Case, compare, run_ours
from tests.support.stage import StageUnavailable
from tests.support.terminal import show

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.golden import Golden

RUN_LVL, BOOT, NEW_TIME, OLD_TIME, INIT, LOGIN, USER, DEAD = range(1, 9)


def record(
    kind: int, line: bytes = b"", user: bytes = b"", host: bytes = b"", *, pid: int = 1,
    ident: bytes = b"ts/0", ended: tuple[int, int] = (0, 0), at: int = 1_700_000_000, usec: int = 0,
    addr: bytes = b"",
) -> bytes:  # fmt: skip
    """One ``struct utmp``, in the layout of this machine."""
    form = utmp.native_layout()
    return form.pack(kind, pid, line, ident, user, host, *ended, 0, at, usec, addr)


EVERYTHING = b"".join(
    [
        record(0),
        record(BOOT, b"~", b"reboot", b"6.1", at=1_699_990_000, pid=0),
        record(RUN_LVL, b"~", b"runlevel", pid=ord("5")),
        record(RUN_LVL, b"~", b"runlevel", pid=ord("5") | ord("N") << 8),
        record(RUN_LVL, b"~", b"runlevel", pid=ord("0") | ord("6") << 8),
        record(RUN_LVL, b"~", b"runlevel", pid=0),
        record(RUN_LVL, b"~", b"runlevel", pid=7 | 200 << 8),
        record(RUN_LVL, b"~", b"runlevel", pid=-7),
        record(OLD_TIME, b"|", b"date"),
        record(NEW_TIME, b"{", b"date", at=1_700_000_100),
        record(INIT, b"tty9", b"init", ident=b"si"),
        record(LOGIN, b"tty1", b"LOGIN", pid=99, ident=b"1"),
        record(LOGIN, b"tty1", b"", b"h", pid=99, ident=b"x  "),
        record(USER, b"pts/0", b"root", b"10.0.0.1"),
        record(USER, b"pts/77", b"a" * 32, b"host:0.0:1", pid=2**31 - 1),
        record(USER, b"null", b"a b", b""),
        record(USER, b"null", b"blank  ", b" ", pid=-1),
        record(USER, b"/dev/tty", b"x\x1b[31m\xff", b"h\x1b"),
        record(USER, b":0", "ä".encode(), b":0"),
        record(USER, b"b" * 32, b"long", b"c" * 256, at=100, usec=999_999),
        record(USER, b"", b"", b"no name"),
        record(USER, b"", b"noline", b"h:"),
        record(DEAD, b"pts/1", b"gone", b"h", ended=(3, 5)),
        record(DEAD, b"", b"", ident=b"", ended=(-3, 300), pid=-1),
        record(9, b"l", b"accounting"),
        record(10, b"l", b"ten"),
        record(-1, b"l", b"minus one"),
    ]
)
LOCAL = b"".join(
    [
        record(USER, b"null", b"v4", b"named", addr=socket.inet_aton("127.0.0.1")),
        record(USER, b"null", b"v6", b"", addr=socket.inet_pton(socket.AF_INET6, "2001:db8::1")),
        record(USER, b"null", b"m", b"x:0", addr=b"\0" * 10 + b"\xff\xff\x01\x02\x03\x04"),
        record(USER, b"null", b"none", b"127.0.0.1:10.0"),
        record(USER, b"null", b"none", b"::1"),
        record(USER, b"null", b"none", b":1"),
    ]
)


def same(*words: str, data: bytes = EVERYTHING, **settings: Any) -> None:
    """Ours and the classic's, with a file to look at as the last word."""
    compare(
        "small", ["who", *words, "/proc/records"], files={"records": data}, stderr=True, owners=False,
        **settings,
    )  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-a", "-b", "-d", "-H", "-l", "-m", "-p", "-q", "-r", "-s", "-t", "-T", "-w", "-u", "--mesg",
        "--message", "--writable", "--count", "-aH", "-uH", "-bH", "-dH", "-lH", "-pH", "-rH", "-tH", "-TH",
        "-lT", "-dT", "-sT", "-su", "-us", "-as", "-sd", "-qH", "-aq", "-qm", "-qu", "-mH", "-ma",
        "-bdlprtu", "--all --heading", "--boot --dead", "--login --process", "--runlevel --time",
        "--short --users", "--m", "--co", "--al", "--wr", "-Tw --mesg", "-bsH",
    ],
)  # fmt: skip
def test_options_beside_the_classic(words: str) -> None:
    same(*words.split())
    same(*words.split(), env={"LC_ALL": "C.UTF-8"})


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["--ips", "--lookup", "--ips -uT", "-a --ips", "--ips -q", "--lookup -a"]
)
def test_hosts_beside_the_classic(words: str) -> None:
    same(*words.split(), data=LOCAL)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "--nope", "-z", "-qz", "--he", "--l", "--help=1", "--count=1", "-q --x", "a b c", "-- a b c",
        "-a a b c", "a b", "am i", "-H mom likes", "/nowhere", "-q /nowhere", "-H /nowhere", "-qH /nowhere",
        ".", "-a -", "-H -- /nowhere", "",  "-a", "-q", "--heading -d",
    ],
)  # fmt: skip
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_words_beside_the_classic(words: str, locale: str) -> None:
    compare("small", ["who", *words.split()], stderr=True, owners=False, env={"LC_ALL": locale})


@pytest.mark.classic
@pytest.mark.parametrize("size", [0, 1, 383, 384, 385, len(EVERYTHING) - 1])
@pytest.mark.parametrize("words", ["-aH", "-q"])
def test_half_a_record_beside_the_classic(size: int, words: str) -> None:
    same(words, data=EVERYTHING[:size])


@pytest.mark.classic
@pytest.mark.parametrize("seed", range(6))
def test_any_bytes_beside_the_classic(seed: int) -> None:
    dice = random.Random(seed)
    data = b""
    for _ in range(40):
        fields = [dice.randbytes(dice.randrange(1, size + 1)) for size in (32, 4, 32, 256)]
        line, ident, user, host = (
            field.replace(b"/", b".").replace(b"\n", b"") for field in fields
        )
        data += record(
            dice.randrange(-1, 10), b"no" + line[:30], user, host, ident=ident,
            pid=dice.randrange(-(2**31), 2**31), at=dice.randrange(2**31), usec=dice.randrange(2**31),
            ended=(dice.randrange(-(2**15), 2**15), dice.randrange(-(2**15), 2**15)),
        )  # fmt: skip
    same("-a", data=data)
    same("-q", data=data)


@pytest.mark.classic
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "POSIX"}, {"LC_ALL": "", "LC_TIME": "C", "LANG": "C.UTF-8"},
        {"LC_ALL": "", "LC_TIME": "C.UTF-8"}, {"LC_ALL": "", "LANG": "C.UTF-8"}, {"LC_ALL": ""},
        {"LC_ALL": "no_SUCH.locale"}, {"LC_ALL": "", "LC_TIME": "C.UTF-8", "LC_NUMERIC": "no_SUCH"},
        {"TZ": "Asia/Kolkata"}, {"TZ": "EST5EDT,M3.2.0,M11.1.0", "LC_ALL": "C.UTF-8"},
    ],
    ids=str,
)  # fmt: skip
def test_dates_beside_the_classic(env: dict[str, str]) -> None:
    same("-aH", env=env)


@pytest.mark.classic
def test_order_under_posixly_correct() -> None:
    compare("small", ["who", "x", "-q"], stderr=True, owners=False, env={"POSIXLY_CORRECT": "1"})


# --- the system's own file, and terminals


@functools.cache
def with_utmp() -> Path:
    """A machine with a utmp: process 1 is there, the others are not."""
    from tests.support import trees

    proc = trees.fresh("small")
    data = b"".join(
        [
            record(BOOT, b"~", b"reboot", at=1_690_000_000),
            *(
                record(USER, b"pts/%d" % n, b"u%d" % n, b"h", at=1_700_000_000 + n)
                for n in range(16)
            ),
            record(USER, b"tty1", b"dead", pid=2**22 + 77),
            record(USER, b"tty2", b"", pid=2**22 + 77),
            record(USER, b"tty3", b"odd", pid=0),
            record(USER, b"tty4", b"odder", pid=-5),
            record(LOGIN, b"tty5", b"LOGIN", pid=2**22 + 77),
            record(DEAD, b"tty6", b"", pid=2**22 + 77),
        ]
    )
    for path in ("run/utmp", "var/run/utmp"):
        (proc.parent / path).parent.mkdir(parents=True, exist_ok=True)
        (proc.parent / path).write_bytes(data)
    return proc


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-a", "-q", "-m", "-uH", "-d", "am i"])
def test_the_system_s_file_beside_the_classic(words: str) -> None:
    answer = compare(with_utmp(), ["who", *words.split()], owners=False)
    assert b"dead" not in answer.stdout


@pytest.mark.classic
@pytest.mark.parametrize("words", ["-m", "am i", "-mH", "-ma", "-mu", "-mq", "-mT", "mom likes -b"])
def test_the_own_terminal_beside_the_classic(words: str) -> None:
    argv = ["who", *words.split()]
    answer = compare(with_utmp(), argv, owners=False, tty=(80, 24), tty_input_only=True)
    if words == "am i":
        assert answer.stdout.count(b"\n") == 1


@pytest.fixture
def terminals() -> Any:
    """``(line, seconds since it was used, mode)`` -> a file below /dev that looks like that."""
    made: list[str] = []
    if not os.access("/dev/shm", os.W_OK | os.X_OK):
        pytest.skip("no place for files below /dev")

    def make(age: float, mode: int) -> bytes:
        handle, path = tempfile.mkstemp(dir="/dev/shm", prefix="who-")
        os.close(handle)
        made.append(path)
        os.chmod(path, mode)
        used = 0 if age < 0 else time.time() - age
        os.utime(path, (used, used))
        return os.fsencode(path.removeprefix("/dev/"))

    yield make
    for path in made:
        os.unlink(path)


#: ages in the middle of a minute, so that the two commands see the same one; -1 is the epoch
AGES = [20, 150, 3 * 3600 + 30, 86_400 - 330, 86_400 + 30, 90_000, -1, 20.5]


@pytest.mark.classic
@pytest.mark.parametrize("words", ["-u", "-a", "-T", "-uTH"])
def test_idle_times_and_messages_beside_the_classic(
    words: str, terminals: Callable[[float, int], bytes], tmp_path: Path, sysutils: Any
) -> None:
    program = classic.program("who")
    if program is None:
        pytest.skip("who is not installed")
    users = [
        record(USER, terminals(age, mode), b"u%d" % n)
        for n, (age, mode) in enumerate((age, mode) for age in AGES for mode in (0o600, 0o620))
    ]
    boots = [record(BOOT, at=int(time.time()) - 7200), record(BOOT, at=2**31 - 1)]
    path = tmp_path / "wtmp"
    path.write_bytes(b"".join([*users, boots[0], *users, boots[1], *users]))
    theirs = subprocess.run(
        [program, words, path], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert sysutils("who", words, str(path)).stdout == theirs.stdout
    if words == "-u":
        assert [line.split()[4] for line in theirs.stdout.decode().splitlines()[:8:2]] == [
            ".", "00:02", "03:00", "23:54",
        ]  # fmt: skip


# --- what the classic doesn't have


def test_every_ipv6_address_is_told() -> None:
    raw = socket.inet_pton(socket.AF_INET6, "fe80::1")
    assert who.address(raw) == "fe80::1"
    assert who.address(bytes(16)) is None


def test_sessions_of_logind_where_there_is_no_utmp(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from sysutils.core import host

    def no_file(path: Any) -> bytes:
        raise FileNotFoundError(2, "No such file", path)

    users = [
        suser("ada", "pts/3", "203.0.113.7", 1e9, 4),
        suser("bob", None, "localhost", 1e9, None),
    ]
    monkeypatch.setattr(utmp, "read", no_file)
    monkeypatch.setattr(host, "users", lambda: users)
    monkeypatch.setenv("TZ", "UTC0")
    monkeypatch.setenv("LC_ALL", "C")
    time.tzset()
    who.command.main(["--plain", "-s"], standalone_mode=False)
    assert capfd.readouterr().out == (
        "ada      pts/3        Sep  9 01:46 (203.0.113.7)\nbob      ?            Sep  9 01:46\n"
    )


def test_json_and_csv_hold_raw_values(tmp_path: Path, sysutils: Any) -> None:
    path = tmp_path / "utmp"
    path.write_bytes(EVERYTHING)
    rows = json.loads(sysutils("who", "-a", "--json", str(path)).stdout)
    boot, level = rows[0], rows[1]
    assert (boot["type"], boot["started"], boot["idle"]) == ("BOOT_TIME", 1_699_990_000, None)
    assert (level["type"], level["run_level"]) == ("RUN_LVL", "5")
    root = next(row for row in rows if row["name"] == "root")
    assert (root["terminal"], root["host"], root["pid"]) == ("pts/0", "10.0.0.1", 1)
    dead = next(row for row in rows if row["type"] == "DEAD_PROCESS")
    assert (dead["exit_termination"], dead["exit_status"]) == (3, 5)
    text = sysutils("who", "--csv", str(path)).stdout.decode(errors="surrogateescape")
    table = list(csv.DictReader(text.splitlines()))
    assert {row["type"] for row in table} == {"USER_PROCESS"}
    assert list(table[0]) == list(rows[0])


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
@pytest.mark.parametrize(("words", "name"), [("", "users"), ("-a", "all"), ("-q", "count")])
def test_what_is_written(words: str, name: str, form: str, golden: Golden) -> None:
    argv = ("who", *words.split(), f"--{form}", "/proc/records")
    env = (("COLUMNS", "100"), ("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"))
    data = (
        EVERYTHING.replace(b"null\0", b"none\0")
        .replace(b"/dev/tty\0", b"/dev/nil\0")
        .replace(b"pts/", b"ptx/")
    )
    try:
        answer = run_ours(Case("small", argv, env, files=(("records", data),)))
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check("who", name, form, answer.stdout)


@pytest.mark.parametrize("form", ["--plain", "--rich", "--json", "--csv"])
@pytest.mark.parametrize("words", ["-a", "-q"])
def test_nothing_hostile_reaches_a_terminal(form: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "utmp"
    path.write_bytes(EVERYTHING)
    screen = show(["who", words, form, str(path)], columns=120, env={"NO_COLOR": "1"})
    assert b"\x1b" not in screen.raw
    assert b"\x07" not in screen.raw
    assert b"\xff" not in screen.raw
    assert b"root" in screen.raw


def test_records_of_other_machines_are_as_wide_as_theirs() -> None:
    wide = utmp.layout(wide=True, big=True)
    data = wide.pack(USER, 5, b"tty1", b"1", b"ada", b"", 0, 0, 0, 2**33, 0, b"")
    (found,) = utmp.parse_utmp(data, wide)
    assert (found.user, found.time) == ("ada", 2.0**33)
    assert struct.calcsize("=384x") == utmp.layout().size
