"""The host: boot time, uptime, load, and who is logged in by utmp(5) or by logind's files."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import host as linux_host
from sysutils.core.linux import logind
from sysutils.core.posix import utmp
from tests.core.proc_dir import here, write
from tests.support.oracle import at, oracle, same, same_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# --- boot, uptime, load


def test_the_live_machine_s_boot_and_load() -> None:
    same(lambda api: api.boot_time())
    same(lambda api: api.getloadavg())
    assert core.uptime() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=2)
    found = core.loadavg()
    assert found[:3] == pytest.approx(os.getloadavg(), abs=0.2)
    assert 1 <= found.running <= found.threads
    assert core.pid_max() > os.getpid()


@pytest.mark.parametrize("machine", ["small", "crowd"])
def test_recorded_machines(tree: Callable[[str], Path], machine: str) -> None:
    with at(tree(machine)):
        same(lambda api: api.boot_time())


def test_boot_time_follows_the_procfs(tmp_path: Path) -> None:
    with here(write(tmp_path, {"stat": "cpu  1\nbtime 1062191376\nprocesses 2915\n"})):
        assert core.boot_time() == 1062191376.0
        assert linux_host.known_boot_time() == 1062191376.0
        write(tmp_path, {"stat": "cpu  1\nbtime 1062191399"})
        assert core.boot_time() == 1062191399.0
    assert linux_host.known_boot_time() == core.boot_time() > 1062191399.0


@pytest.mark.parametrize(
    "text", ["", "cpu  1 2\n", "cpu\nbtime", "cpu\nbtime x\n", "cpu\nnobtime 5\n"]
)
def test_a_stat_without_boot_time(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"stat": text})
    with here(tmp_path), pytest.raises(RuntimeError, match=r"line 'btime' not found in .*/stat"):
        core.boot_time()


def test_missing_files_are_ordinary_errors(tmp_path: Path) -> None:
    with at(tmp_path):
        same_error(lambda api: api.boot_time())
        for call in (core.uptime, core.loadavg):
            with pytest.raises(FileNotFoundError):
                call()
        assert core.pid_max() == 32768


def _forbidden(*_: object) -> bytes:
    raise PermissionError(13, "Permission denied", "/proc/stat")


def test_android_forbids_the_files_and_the_clock_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = core.boot_time(), core.uptime()
    monkeypatch.setattr(linux_host.procfs, "read_record", _forbidden)
    assert core.boot_time() == pytest.approx(expected[0], abs=2)
    assert core.boot_time().is_integer()
    assert core.uptime() == pytest.approx(expected[1], abs=2)
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    for call in (core.boot_time, core.uptime):
        with pytest.raises(PermissionError):
            call()


def test_a_foreign_procfs_has_no_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux_host.procfs, "read_record", _forbidden)
    with here(tmp_path):
        for call in (core.boot_time, core.uptime):
            with pytest.raises(PermissionError):
                call()


def test_load_and_uptime_of_a_container(tmp_path: Path) -> None:
    write(tmp_path, {"loadavg": "0.20 0.18 0.12 1/80 11206\n", "uptime": "350735.47 234388.90\n"})
    with here(tmp_path):
        assert core.loadavg() == (0.2, 0.18, 0.12, 1, 80, 11206)
        assert linux_host._getloadavg() == (0.2, 0.18, 0.12)
        assert core.uptime() == 350735.47
    assert linux_host.parse_uptime(b"1.5 2.25\n") == (1.5, 2.25)


@given(st.binary())
def test_noise_is_a_value_error_that_quotes_it(data: bytes) -> None:
    for parse in (linux_host.parse_uptime, linux_host.parse_loadavg):
        try:
            parse(data)
        except ValueError as error:
            told = str(error)
            assert told.endswith(repr(data[:80]))
        else:
            assert len(data.split()) in {2, 5}


# --- utmp

_FORMS = {
    "x86_64": ("<", False, 384),
    "ppc": (">", False, 384),
    "aarch64": ("<", True, 400),
    "s390x": (">", True, 400),
}
each_form = pytest.mark.parametrize("machine", _FORMS)


def _form(machine: str) -> struct.Struct:
    order, wide, _ = _FORMS[machine]
    return utmp.layout(wide, order == ">")


def _record(
    kind: int, pid: int = 7, line: bytes = b"pts/3", user: bytes = b"joe", host: bytes = b"far.org",
    sec: int = 1700000000, usec: int = 250000, *, machine: str = "x86_64", **more: Any,
) -> bytes:  # fmt: skip
    """By the offsets of the C structure, not by the module's own format."""
    order, wide, size = _FORMS[machine]
    data = bytearray(size)
    struct.pack_into(f"{order}h", data, 0, kind)
    struct.pack_into(f"{order}i", data, 4, pid)
    for offset, text in ((8, line), (40, more.get("ident", b"ts/3")), (44, user), (76, host)):
        data[offset : offset + len(text)] = text
    struct.pack_into(f"{order}hh", data, 332, *more.get("exit", (15, 1)))
    times = "qqq" if wide else "iII"
    struct.pack_into(f"{order}{times}", data, 336, more.get("session", 4), sec, usec)
    offset = 336 + struct.calcsize(order + times)
    data[offset : offset + 16] = more.get("addr", bytes(range(16)))
    return bytes(data)


@each_form
@pytest.mark.parametrize("kind", range(11))
def test_every_type_in_every_layout(machine: str, kind: int) -> None:
    assert _form(machine).size == _FORMS[machine][2]
    data = _record(kind, machine=machine) + _record(kind, pid=-1, sec=5, usec=0, machine=machine)
    first, second = utmp.parse_utmp(data, _form(machine))
    name = [*utmp.TYPES, "10"][kind]
    assert first == (
        name, 7, "pts/3", "ts/3", "joe", "far.org", 15, 1, 4, 1700000000.25, bytes(range(16)),
    )  # fmt: skip
    assert (second.type, second.pid, second.time) == (name, -1, 5.0)


@pytest.mark.parametrize("end", range(0, 800, 19))
def test_a_record_that_is_being_written(end: int) -> None:
    data = _record(7) + _record(8) + b"x"
    found = list(utmp.parse_utmp(data[:end], _form("x86_64")))
    assert [record.type for record in found] == ["USER_PROCESS", "DEAD_PROCESS"][: end // 384]
    assert len(utmp.parse_users(data[:end], _form("x86_64"))) == (end >= 384)
    assert utmp.count_users(data[:end], _form("x86_64")) == (end >= 384)


@given(st.binary(max_size=2000), st.sampled_from(list(_FORMS)))
def test_any_bytes_are_records(data: bytes, machine: str) -> None:
    form = _form(machine)
    records = list(utmp.parse_utmp(data, form))
    assert len(records) == len(data) // form.size
    users = utmp.parse_users(data, form)
    assert len(users) == sum(record.type == "USER_PROCESS" for record in records)
    assert utmp.count_users(data, form) <= len(users)


_texts = st.binary(max_size=32).map(lambda text: text.replace(b"\0", b"."))


@given(_texts, _texts, _texts, st.integers(0, 2**32 - 1), st.integers(0, 999999))
def test_whatever_is_written_is_read(
    line: bytes, user: bytes, host: bytes, sec: int, usec: int
) -> None:
    data = _record(7, line=line, user=user, host=host, sec=sec, usec=usec)
    (found,) = utmp.parse_utmp(data, _form("x86_64"))
    assert tuple(map(os.fsencode, (found.line, found.user, found.host))) == (line, user, host)
    assert found.time == sec + usec / 1e6


def test_who_is_a_user() -> None:
    data = b"".join(
        [
            *(_record(kind) for kind in range(11)),
            _record(7, host=b""),
            _record(7, host=b":0", line=b"tty2"),
            _record(7, host=b":0.0"),
            _record(7, host=b":1", line=b""),
            _record(7, user=b""),
        ]
    )
    form = _form("x86_64")
    assert utmp.parse_users(data, form) == [
        ("joe", "pts/3", "far.org", 1700000000.0, 7),
        ("joe", "pts/3", "localhost", 1700000000.0, 7),
        ("joe", "tty2", "localhost", 1700000000.0, 7),
        ("joe", "pts/3", "localhost", 1700000000.0, 7),
        ("joe", None, ":1", 1700000000.0, 7),
        ("", "pts/3", "far.org", 1700000000.0, 7),
    ]
    assert utmp.count_users(data, form) == 5  # uptime(1) leaves out the one without a name


@pytest.mark.parametrize(
    ("machine", "bits", "size"),
    [("x86_64", 64, 384), ("aarch64", 64, 400), ("aarch64", 32, 384), ("armv7l", 32, 384)],
)
def test_this_machine_s_layout(
    monkeypatch: pytest.MonkeyPatch, machine: str, bits: int, size: int
) -> None:
    uname = os.uname_result(("Linux", "here", "6.1", "#1", machine))
    monkeypatch.setattr(os, "uname", lambda: uname)
    monkeypatch.setattr(sys, "maxsize", (1 << (bits - 1)) - 1)
    assert utmp.native_layout().size == size


@pytest.fixture
def utmp_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "utmp"
    monkeypatch.setattr(utmp, "PATH", str(path))
    monkeypatch.setattr(logind, "SESSIONS", str(tmp_path / "sessions"))
    monkeypatch.setattr(logind, "_seen", (-1, []))
    return path


def _native(*kinds: int) -> bytes:
    order = ">" if sys.byteorder == "big" else "<"
    machine = next(
        name
        for name, (its, _, size) in _FORMS.items()
        if (its, size) == (order, utmp.native_layout().size)
    )
    return b"".join(_record(kind, machine=machine) for kind in kinds)


def test_this_machine_s_utmp(utmp_file: Path) -> None:
    utmp_file.write_bytes(_native(2, 7, 8, 7))
    assert core.users() == [("joe", "pts/3", "far.org", 1700000000.0, 7)] * 2
    assert core.user_count() == 2
    assert [record.type for record in core.utmp_records(utmp_file)] == [
        "BOOT_TIME", "USER_PROCESS", "DEAD_PROCESS", "USER_PROCESS",
    ]  # fmt: skip
    assert len(core.utmp_records(os.fsencode(utmp_file))) == 4


def test_a_record_file_that_is_missing(utmp_file: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        core.utmp_records(utmp_file)
    assert caught.value.filename == str(utmp_file)
    assert core.users() == []
    assert core.user_count() == 0


@pytest.mark.root
@pytest.mark.oracle
def test_utmp_beside_psutil(tmp_path: Path) -> None:
    """In a name space of its own, whose /run nobody else sees."""
    oracle()
    kinds = b"".join([_native(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), *_odd_records(), _native(7)[:100]])
    (tmp_path / "utmp").write_bytes(kinds)
    program = f"""
import shutil
from tests.support import namespaces
namespaces.unshare(0x20000)
namespaces.make_mounts_private()
namespaces.mount("none", "/run", "tmpfs", 0)
shutil.copy({str(tmp_path / "utmp")!r}, "/run/utmp")
import psutil
from sysutils import core
print(len(core.users()), [tuple(user) for user in core.users()] == [tuple(user) for user in psutil.users()])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("6 True\n", "")


def _odd_records() -> list[bytes]:
    one = bytearray(_native(7))
    variants = []
    hosts = [b"", b":0", b":0.0", b":9", b"h" * 255]
    users = [b"a", b"b", b"", b"\xff\xc3\xa9", b"u" * 31]
    for host, user in zip(hosts, users, strict=True):
        one[44:76] = user.ljust(32, b"\0")
        one[76:332] = host.ljust(256, b"\0")
        variants.append(bytes(one))
    return variants


# --- logind

SSH = """\
# This is private data. Do not parse.
UID=1000
USER=joe
ACTIVE=1
STATE=active
REMOTE=1
TYPE=tty
CLASS=user
SCOPE=session-3.scope
REMOTE_HOST=10.0.2.2
SERVICE=sshd
LEADER=812
AUDIT=3
REALTIME=1700000000250000
MONOTONIC=99
"""
SEAT = """\
UID=1001
USER="d\\"j\\\\ \\x2d"
STATE=online
REMOTE=0
TYPE=wayland
CLASS=user-early
TTY=tty2
DISPLAY=:0
LEADER=700
REALTIME=1600000000000000
"""


def test_a_session_s_file() -> None:
    found = logind.parse_session(SSH.encode())
    assert (found["USER"], found["LEADER"], found["REALTIME"]) == ("joe", "812", "1700000000250000")
    assert not any(name.startswith("#") for name in found)
    assert logind.parse_session(SEAT.encode())["USER"] == 'd"j\\ -'


def test_sessions_as_users() -> None:
    ssh, seat = (logind.parse_session(text.encode()) for text in (SSH, SEAT))
    assert logind.user_of(ssh) == ("joe", None, "10.0.2.2", 1700000000.0, 812)
    assert logind.user_of(seat) == ('d"j\\ -', "tty2", "localhost", 1600000000.0, 700)
    assert logind.user_of({**seat, "DISPLAY": ":7"}) == ('d"j\\ -', "tty2", ":7", 1600000000.0, 700)
    for change in ({"CLASS": "greeter"}, {"CLASS": "manager"}, {"STATE": "closing"}):
        assert logind.user_of({**seat, **change}) is None
    assert logind.user_of({"UID": "5"}) == ("5", None, "localhost", 0.0, None)


@pytest.mark.parametrize(
    ("terminals", "expected"),
    [
        ([], None),
        ([("pts/1", 1000, 1700000002.0)], "pts/1"),
        ([("pts/1", 1000, 1700000002.0), ("pts/0", 1000, 1700000001.0)], "pts/0"),
        ([("pts/1", 1000, 1700000002.0), ("pts/0", 0, 1700000001.0)], "pts/1"),
        ([("pts/1", 1000, 1700000009.0)], None),
        ([("pts/1", 1000, 1699999990.0)], None),
    ],
)
def test_the_terminal_that_sshd_got_afterwards(
    terminals: list[tuple[str, int, float]], expected: str | None
) -> None:
    session = logind.parse_session(SSH.encode())
    found = logind.user_of(session, [logind.terminal(*terminal) for terminal in terminals])
    assert found is not None
    assert found.terminal == expected


def _age(directory: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(directory, (then, then))


def test_without_utmp_logind_tells(utmp_file: Path) -> None:
    sessions = utmp_file.parent / "sessions"
    write(sessions, {"3": SSH, "1": SEAT, "c1": SEAT.replace("user-early", "greeter"), "3.ref": ""})
    expected = ['d"j\\ -', "joe"]  # the oldest first
    assert [user.name for user in core.users()] == expected
    assert core.user_count() == 2
    _age(sessions, 60)
    for _ in range(2):
        assert [user.name for user in core.users()] == expected
    core.users().clear()
    assert core.user_count() == 2  # what is remembered is nobody else's list
    write(sessions, {"3": None})
    assert [user.name for user in core.users()] == expected[:1]  # the stamp is new
    _age(sessions, 3)
    write(sessions, {"4": SSH})
    _age(sessions, 3)
    assert [user.name for user in core.users()] == expected  # too fresh a stamp is not believed


def test_a_session_that_ends_while_it_is_read(utmp_file: Path) -> None:
    sessions = utmp_file.parent / "sessions"
    write(sessions, {"1": SEAT})
    (sessions / "2").symlink_to("gone")
    assert len(core.users()) == 1


@given(st.binary())
def test_a_garbled_session_is_no_error(data: bytes) -> None:
    logind.user_of(logind.parse_session(data))
