"""df's own parts: rows, units, names, and file systems that do not answer."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import df, df_mounts
from sysutils.cli.df_mounts import Filesystem, Mount, Room, Survey, Wanted, better, on_device
from sysutils.cli.grammar import CommandError
from sysutils.cli.output import quoting, units
from sysutils.cli.output.fitted import fitted
from tests.support.sidebyside import Case, run_ours, run_ours_without_stage
from tests.support.stage import StageUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOM = "4096 1000 500 400 1000 900"


# --- file systems that do not answer


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths in this list never answer statvfs(3), until the test is over."""
    paths: list[str] = []
    end = threading.Event()
    real = os.statvfs

    def statvfs(path: Any) -> Any:
        if path in paths:
            end.wait(60)
            raise OSError(5, "the test is over")
        return real(path)

    monkeypatch.setattr(os, "statvfs", statvfs)
    yield paths
    end.set()


def survey(
    monkeypatch: pytest.MonkeyPatch, table: list[Mount], **wanted: Any
) -> tuple[list[Filesystem], list[str]]:
    monkeypatch.setattr(df_mounts, "mounts", lambda: table)
    told: list[str] = []
    return Survey(Wanted(limit=0.05, **wanted), told.append).everything(), told


def test_a_dead_mount_costs_its_row_alone(
    monkeypatch: pytest.MonkeyPatch, blocked: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    dead = str(tmp_path_factory.mktemp("dead"))
    blocked.append(dead)
    table = [Mount("srv:/x", dead, "nfs", dev=-5), Mount("/dev/x", "/", "ext4", dev=-6)]
    rows, told = survey(monkeypatch, table, all=True)
    assert [row.target for row in rows] == ["/"]
    assert told == [f"{dead}: no answer within 0.05 seconds"]


def test_local_file_systems_are_asked_without_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[object] = []
    monkeypatch.setattr("_thread.start_new_thread", lambda *call: started.append(call))
    rows, told = survey(monkeypatch, [Mount("/dev/x", "/", "ext4", dev=-6)])
    assert (len(rows), told, started) == (1, [], [])


def hung(*words: str, device: str = "0:9") -> Any:
    """Ours on a machine where /mnt/nfs hangs; it comes back, or the test's own limit ends it."""
    table = b"20 1 0:9 / /mnt/nfs rw - nfs srv:/x rw\n21 1 8:1 / /mnt/disk rw - ext4 /dev/sda1 rw\n"
    rooms = f"/mnt/nfs {device} hang\n/mnt/disk 8:1 {ROOM}\n".encode()
    files: tuple[tuple[str, bytes | None], ...] = (("self/mountinfo", table), ("statvfs", rooms))
    case = Case("disks", ("df", *words), files=files)
    try:
        return run_ours(case)
    except StageUnavailable:
        return run_ours_without_stage(case)


@pytest.mark.parametrize("device", ["0:9", "hang"])
def test_df_comes_back_from_a_dead_server(device: str) -> None:
    """Even stat(2) of the mount point may hang."""
    answer = hung("--timeout", "0.1", device=device)
    lines = answer.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == ["Filesystem", "/dev/sda1"]
    assert answer.stderr == b"df: /mnt/nfs: no answer within 0.1 seconds\n"
    assert answer.returncode == 1


def test_what_is_not_asked_for_is_not_waited_for() -> None:
    answer = hung("-t", "ext4", device="hang")
    assert (answer.returncode, answer.stderr) == (0, b"")
    answer = hung("-l", device="hang")
    assert (answer.returncode, answer.stderr) == (0, b"")


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "nan", "inf", "1e9"])
def test_a_limit_must_be_a_time(text: str) -> None:
    with pytest.raises(CommandError, match="invalid --timeout argument"):
        df_mounts.dead_after(text)


# --- which mounts


def test_the_mount_of_a_device() -> None:
    table = [
        Mount("/dev/null", "/a/long", "ext4"),
        Mount("/dev/null", "/a", "ext4"),
        Mount("/dev/zero", "/b", "ext4"),
        Mount("tmpfs", "/b", "tmpfs"),
        Mount("/dev/full", "/c", "ext4"),
        Mount("tmpfs", "/c", "tmpfs"),
        Mount("/dev/full", "/d/d", "ext4"),
    ]
    assert on_device("/dev/null", table) == (table[1], False)
    assert on_device("/dev/zero", table) == (None, True)
    assert on_device("/dev/full", table) == (table[6], False)
    assert on_device("/dev/tty", table) == (None, False)


mount_names = st.sampled_from(["/dev/a", "/dev/b", "tmpfs", "h:/x"])
some_mounts = st.builds(
    Mount,
    mount_names,
    st.sampled_from(["/a", "/bb", "/ccc"]),
    st.just("ext4"),
    st.sampled_from(["/", "/s"]),
)


@given(some_mounts, some_mounts)
def test_of_two_equal_mounts_the_first_stays(one: Mount, other: Mount) -> None:
    assert not better(one, one)
    if one.mountpoint != other.mountpoint and ("/" in one.device) == ("/" in other.device):
        assert not (better(one, other) and better(other, one))


def test_the_mount_point_above_a_directory() -> None:
    assert df_mounts.mount_point("/proc/self") == "/proc"
    assert df_mounts.mount_point("/") == "/"


def test_long_device_names_are_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = os.path.realpath(tmp_path_factory.mktemp("by-uuid"))
    target = os.path.join(directory, "dm-0")
    open(target, "w").close()
    uuid = os.path.join(directory, "luks-828fc648-9f30-43d8-a0b1-f7196a2edb66")
    os.symlink(target, uuid)
    assert df_mounts._short_device(uuid) == target
    assert df_mounts._short_device(uuid + "x") == uuid + "x"
    assert df_mounts._short_device(uuid + "1") == uuid + "1"  # no such link


# --- numbers


@pytest.mark.parametrize(
    ("used", "avail", "text"),
    [(0, 0, "-"), (1, 99, "1%"), (1, 10**9, "1%"), (0, 5, "0%"), (500, -100, "125%"), (-1, 9, "-"),
     (-200, -100, "67%"), (1, -1, "-"), (None, 5, "-"), (5, None, "-"), (500, -(2**63), "0%"), (99,
     1, "99%")],
)  # fmt: skip
def test_percent_is_rounded_up(used: int | None, avail: int | None, text: str) -> None:
    assert df.whole_percent(used, avail) == text


@given(st.integers(0, 2**60), st.integers(0, 2**60))
def test_percent_never_tells_less(used: int, avail: int) -> None:
    text = df.whole_percent(used, avail)
    if text != "-":
        share = int(text[:-1])
        assert (share - 1) * (used + avail) < used * 100 <= share * (used + avail)


@given(st.integers(0, 2**70), st.booleans())
def test_sizes_for_people_never_tell_less(size: int, si: bool) -> None:
    text = units.scaled_gnu(size, units.HUMAN_SI if si else units.HUMAN)
    digits = text.rstrip("kKMGTPEZYRQ")
    unit = (1000 if si else 1024) ** (" KMGTPEZYRQ".index(text[len(digits) :].upper() or " "))
    tenths = int(digits.replace(".", "")) if "." in digits else int(digits) * 10
    assert len(digits) <= (3 if si else 4)
    assert 0 <= tenths * unit - size * 10 < (unit if "." in digits else unit * 10)


@given(st.text("0123456789KMGTPEZYkmgtiB'+- xhs", max_size=6))
def test_any_block_size_is_understood_or_refused(text: str) -> None:
    style, problem = units.parse_block_size(text)
    assert problem in {"", "invalid", "invalid suffix in", "too large"}
    if not problem:
        assert style is not None
        assert style.size >= 1


# --- names


NAMES = [("plain", "plain"), ("", "''"), ("a b", "'a b'"), ("it's", '"it\'s"'), ("x\ny", "'x'$'\\n''y'"),
         ("\x1b[31m", "''$'\\033''[31m'"), ("a:b", "'a:b'"), ("a\"b'c", "'a\"b'\\''c'"), ("#",
         "'#'"), ("a#", "a#"),
         ("\udcff", "''$'\\377'"), ("é", "é"), ("-x", "-x"), ("f'\x01", "'''f'\\'''$'\\001'")]  # fmt: skip


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_names_in_messages(name: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting, "utf8_locale", lambda: True)
    assert quoting.shell_name(name) == shown
    assert quoting.quoted("a\x1b’\\") == "‘a\\033\\’\\\\’"
    monkeypatch.setattr(quoting, "utf8_locale", lambda: False)
    assert quoting.shell_name("é") == "''$'\\303\\251'"
    assert quoting.quoted("é'") == "'\\303\\251\\''"


@given(st.text(st.characters(codec="utf-8")), st.booleans())
def test_no_name_reaches_a_terminal_raw(name: str, utf8: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoting, "utf8_locale", lambda: utf8)
        for text in (quoting.shell_name(name), quoting.quoted(name)):
            assert not any(char < " " or "\x7f" <= char < "\xa0" for char in text)
            assert utf8 or text.isascii()


@given(
    st.lists(st.tuples(st.text("ab日", max_size=8), st.text("xy", max_size=3)), min_size=1),
    st.booleans(),
)
def test_columns_line_up(rows: list[tuple[str, str]], right: bool) -> None:
    lines = list(fitted(rows, [False, right], [3, 1], utf8=True))
    widths = {len(line) + line.count("日") for line in lines}
    if right:
        assert len(widths) == 1
    for line, row in zip(lines, rows, strict=True):
        assert line.startswith(row[0])
        assert line.endswith(row[1])


# --- for programs, and on a terminal


def test_json_has_every_field_in_base_units() -> None:
    table = b"20 1 8:1 / /mnt/a\\040b rw - ext4 /dev/sda1 rw\n21 1 8:2 / /mnt/u rw - fuse.x u rw\n"
    rooms = f"/mnt/a\\040b 8:1 {ROOM}\n/mnt/u 8:2 4096 {2**64 - 1} 1 1 {2**64 - 1} 1\n".encode()
    files: tuple[tuple[str, bytes | None], ...] = (("self/mountinfo", table), ("statvfs", rooms))
    case = Case("disks", ("df", "--json"), files=files)
    try:
        answer = run_ours(case)
    except StageUnavailable:
        answer = run_ours_without_stage(case)
    first, second = json.loads(answer.stdout)
    assert first == {
        "source": "/dev/sda1", "fstype": "ext4", "itotal": 1000, "iused": 100, "iavail": 900, "ipcent": 10.0,
        "size": 4096000, "used": 2048000, "avail": 1638400, "pcent": 55.56, "file": None,
        "target": "/mnt/a b",
    }  # fmt: skip
    assert second["size"] is second["used"] is second["pcent"] is second["itotal"] is None
    assert second["avail"] == 4096


def test_csv_has_the_fields_asked_for(sysutils: Callable[..., Any]) -> None:
    done = sysutils("df", "--csv", "--output=target,size", "/")
    heading, row = done.stdout.decode().splitlines()
    assert heading == "target,size"
    assert row.split(",")[0] == "/"
    assert int(row.split(",")[1]) > 0


@pytest.mark.parametrize("width", [30, 60, 80, 120, 200])
def test_a_terminal_s_width_is_kept(sysutils: Callable[..., Any], width: int) -> None:
    done = sysutils("df", "--rich", "-a", env={"COLUMNS": str(width), "NO_COLOR": "1"})
    lines = done.stdout.decode().splitlines()
    assert done.returncode in {0, 1}
    assert len(lines) > 2
    assert max(map(len, lines)) <= width
    gauges = any(
        " ─" in line or "━" in line for line in lines if line[0].isdigit() or line[0] == "/"
    )
    if width == 30 or width == 200:  # between, it depends on the names of this machine
        assert gauges == (width == 200)


def test_full_file_systems_are_red(sysutils: Callable[..., Any]) -> None:
    rows = [
        Filesystem("/dev/x", "ext4", f"/m{n}", None, Room(100, 100 - n, 100 - n, 9, 8))
        for n in (10, 80, 95)
    ]
    view = df.View(df._usual_fields(False, False), units.BlockSize())
    strip, column = df._gauge(df._BY_NAME["pcent"])
    assert strip.gauge is not None
    assert [strip.gauge(value)[-1][1] for value in (10, 80, 95)] == ["green", "yellow", "bold red"]
    assert [column.get(row) for row in rows] == [10, 80, 95]
    assert callable(column.style)
    assert [column.style(value) for value in (10, 80, 95)] == ["green", "yellow", "bold red"]
    assert view.cell(df._BY_NAME["pcent"], rows[2]) == "95%"


def test_writing_to_a_full_disk_is_an_error(sysutils: Callable[..., Any]) -> None:
    with open("/dev/full", "wb") as full:
        done = sysutils("df", "/", stdout=full)
    assert (done.returncode, done.stderr) == (1, b"df: write error: No space left on device\n")


def test_an_option_only_we_have_is_reached_by_no_prefix(sysutils: Callable[..., Any]) -> None:
    done = sysutils("df", "--ti", "1")
    assert done.returncode == 1
    assert done.stderr.startswith(b"df: unrecognized option '--ti'\n")
