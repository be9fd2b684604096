"""Parts of top: values of its options, text of its columns, what a frame is made of."""

from __future__ import annotations

import contextlib
import re
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.cli import top_columns as columns
from sysutils.cli import top_frame, top_text
from sysutils.cli import top_words as words
from sysutils.cli.fields.process import Moment
from sysutils.cli.grammar import CommandError
from sysutils.cli.output.text import cells
from tests.support import trees
from tests.support.children import linux_only

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = linux_only


# --- values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (" 1.5", 1.5),
        ("1,5", 1.5),
        (".25", 0.25),
        ("1e1", 10.0),
        ("0x10", 16.0),
        ("0", 0.0),
    ],
)
def test_delays(text: str, value: float) -> None:
    assert words.delay(text) == value


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_0", "1 ", "1,2,3", "-1", "0x", "."])
def test_no_delays(text: str) -> None:
    with pytest.raises(CommandError):
        words.delay(text)


@given(st.text(max_size=8))
def test_a_word_is_a_value_or_refused(text: str) -> None:
    for parse in (words.delay, words.iterations, words.width, words.pids, words.task_scale):
        with contextlib.suppress(CommandError):
            value = parse(text)
            assert value == [] or value or value == 0


def test_owners() -> None:
    assert words.Owner("0").among(5, 0)
    assert not words.Owner("0").among(5, None)
    assert words.Owner("!0").among(5)
    assert words.Owner("-1").uid == 0xFFFFFFFF
    with pytest.raises(CommandError, match="Invalid user"):
        words.Owner("no such user")


# --- text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0:59.99"), (360, "360:59.99"), (361, "6,01"), (96 * 60 + 59, "96,59"), (97 * 60, "4d+1h"),
     (15 * 1440 - 1, "14d+23h"), (15 * 1440, "2w+1d"), (10**9, "99206w+2d"), (10**11, "9920634w"),
     (10**15, "?")],
)  # fmt: skip
def test_cpu_times(minutes: int, text: str) -> None:
    assert columns.time_text(minutes * 6000 + 5999, 9, 100) == text


@pytest.mark.parametrize(
    ("kib", "width", "scale", "text"),
    [(9999999, 7, 0, "9999999"), (10**7, 7, 0, "9765.6m"), (10**7, 6, 0, "9.5g"), (0, 6, 3, "0.0t"),
     (1048576, 7, 1, "1024.0m"), (1 << 50, 6, 0, "?")],
)  # fmt: skip
def test_sizes(kib: int, width: int, scale: int, text: str) -> None:
    assert columns.memory_text(kib, width, scale) == text


@given(st.integers(0, 1 << 62), st.integers(6, 9), st.integers(0, 4))
def test_a_size_fits_its_column(kib: int, width: int, scale: int) -> None:
    text = columns.memory_text(kib, width, scale)
    assert len(text) <= width
    assert re.fullmatch(r"[0-9]+|[0-9]+\.[0-9][mgtp]|\?", text)


@given(st.integers(0, 1 << 64))
def test_a_time_fits_its_column(ticks: int) -> None:
    assert len(columns.time_text(ticks, 9)) <= 9


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0.0"), (99.96, "100.0"), (1273.4, "1273"), (99999.0, "99999"), (1e6, "?")],
)
def test_shares(share: float, text: str) -> None:
    assert columns.percent_text(share, 5) == text


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_text_is_cut_with_a_plus(text: str, room: int) -> None:
    cut = columns.fitted_text(columns.shown(text), room)
    assert cells(cut) <= room
    assert cut == columns.shown(text) or cut.endswith("+")


@given(st.binary(max_size=20))
def test_no_control_character_is_shown(data: bytes) -> None:
    shown = columns.shown(data.decode("utf-8", "surrogateescape"))
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    alone = data.decode("utf-8", "surrogateescape") if len(data) == 1 else ""
    assert not any("\udc80" <= char <= "\udc9f" for char in columns.shown(alone))


def test_what_only_begins_like_utf8_stays_as_in_the_classic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(columns, "utf8_locale", lambda: True)
    for data, shown in ((b"cut\xc3 \xa9", b"cut\xc3 ?"), (b"\xed\xa0\x80", b"\xed\xa0\x80"),
                        (b"\xc3\x1b[1m", b"??[1m"), (b"\x9b31m", b"?31m"), (b"\xe2\x80", b"??")):  # fmt: skip
        text = columns.shown(data.decode("utf-8", "surrogateescape"))
        assert text.encode("utf-8", "surrogateescape") == shown


@given(st.lists(st.integers(0, 1 << 40), min_size=8, max_size=8))
def test_shares_of_the_cpu_add_up(ticks: list[int]) -> None:
    shares = top_text.cpu_percents(ticks)
    assert sum(shares) == pytest.approx(100, abs=0.01)


def test_every_listed_field_can_be_sorted_by() -> None:
    for name in columns.NAMES:
        for settings in (columns.Settings(), columns.Settings(True, True, True)):
            key = columns.sort_key(name, settings)
            tasks = [
                columns.Task(row, 1, 2, 3)
                for row in core.process_table(list({"pid", *key.needs}), [1])
            ]
            assert sorted(tasks, key=key.of(Moment())) == tasks


@pytest.mark.parametrize("width", [3, 5, 6, 14, 68, 69, 76, 77, 80, 512])
def test_columns_that_do_not_fit_are_left_out(width: int) -> None:
    every = columns.columns(columns.Settings(), Moment())
    shown = top_text.kept(every, width)
    assert shown == every[: len(shown)] or len(shown) == len(every)
    assert sum(column.width + 1 for column in shown) <= max(width, 0)
    if len(shown) == len(every):
        assert sum(column.width + 1 for column in shown) == width
    assert len(top_text.header(shown)) <= width


# --- frames


class Machine(NamedTuple):
    """A recorded machine that a test changes."""

    proc: Path

    def set(self, pid: int, **fields: int) -> None:
        """Changes utime, stime, starttime or majflt of a process."""
        path = self.proc / f"{pid}/stat"
        head, _, rest = path.read_text().rpartition(") ")
        values = rest.split()
        for name, value in fields.items():
            values[{"majflt": 9, "minflt": 7, "utime": 11, "stime": 12}[name]] = str(value)
        path.chmod(0o644)
        path.write_text(f"{head}) {' '.join(values)}\n")

    def after(self, seconds: str, cpu: str) -> None:
        """The time since boot, and the CPUs' times."""
        for name, text in (("uptime", f"{seconds} 1.00\n"), ("stat", f"cpu  {cpu}\nbtime 1\n")):
            (self.proc / name).chmod(0o644)
            (self.proc / name).write_text(text)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine(trees.fresh("small"))
    found.proc.chmod(0o755)  # its test changes it, as whatever user
    monkeypatch.setattr(core, "PROCFS_PATH", str(found.proc))
    monkeypatch.setattr(top_frame, "sleep", lambda _: None)
    return found


def _sampler(**more: Any) -> top_frame.Sampler:
    needs = ("pid", "utime", "stime", "state", "num_threads", "majflt", "minflt", "euid")
    return top_frame.Sampler(top_frame.Wanted(needs, **more))


def _ticks(frame: top_frame.Frame) -> dict[int, int]:
    return {task.row.pid: task.ticks for task in frame.tasks}


def test_frames_tell_what_happened_since_the_one_before(machine: Machine) -> None:
    machine.after("100.00", "10 0 10 1000 0 0 0 0 0 0")
    machine.set(2001, utime=100, stime=10, majflt=3)
    sampler = _sampler()
    machine.set(2001, utime=150, stime=20, majflt=5)
    machine.after("101.50", "70 20 30 1030 10 0 5 5 0 0")
    frame = sampler.frame()
    assert (frame.number, frame.whole) == (1, 150)
    assert frame.cpus == [[60, 20, 20, 30, 10, 0, 5, 5]]
    task = next(task for task in frame.tasks if task.row.pid == 2001)
    assert (task.ticks, task.majflt) == (60, 2)
    share = columns.cpu_share(columns.Settings(whole=frame.whole))
    assert share(task) == pytest.approx(40)
    assert sum(_ticks(frame).values()) == 60
    assert frame.counts == (10, 1, 7, 1, 1)
    assert sum(_ticks(sampler.frame()).values()) == 0


def test_a_new_process_counts_whole_even_with_an_old_pid(machine: Machine) -> None:
    machine.set(2001, utime=100, stime=10)
    shutil.move(machine.proc / "2050", machine.proc / "gone")
    sampler = _sampler()
    machine.set(2001, utime=7, stime=1)
    shutil.move(machine.proc / "gone", machine.proc / "2050")
    ticks = _ticks(sampler.frame())
    assert ticks[2001] == 8
    assert ticks[2050] > 100000


def test_no_share_exceeds_that_of_the_threads_and_cpus(monkeypatch: pytest.MonkeyPatch) -> None:
    class Row(NamedTuple):
        num_threads: int

    monkeypatch.setattr(core, "cpu_count", lambda: 4)

    def most(of: int, **settings: Any) -> float:
        share = columns.cpu_share(columns.Settings(whole=100.0, **settings))
        return share(columns.Task(Row(of), 10**6, 0, 0))

    assert [most(1), most(3), most(9), most(9, threads=True)] == [100, 300, 400, 99.9]
    monkeypatch.setattr(core, "cpu_count", lambda: 1)
    assert most(9) == 99.9
    monkeypatch.setattr(core, "cpu_count", lambda: 2000)
    assert most(10**6) == 99999


def test_no_time_has_passed(machine: Machine) -> None:
    sampler = _sampler()
    machine.set(2001, utime=10**6)
    frame = sampler.frame()
    assert frame.whole == 0
    share = columns.cpu_share(columns.Settings(whole=frame.whole))
    assert {share(task) for task in frame.tasks} == {0.0}


def test_what_is_chosen_is_still_counted(machine: Machine) -> None:
    sampler = _sampler(test=lambda row: row.state == "Z")
    frame = sampler.frame()
    assert [task.row.state for task in frame.tasks] == ["Z"]
    assert frame.counts.total == 10
    assert [task.row.pid for task in _sampler(pids=[2001, 1, 99999]).frame().tasks] == [2001, 1]
    assert _sampler(idle=False).frame().tasks == []


def test_a_process_that_may_not_be_read_costs_its_row(machine: Machine) -> None:
    stat = machine.proc / "2001/stat"
    (machine.proc / "2001").chmod(0o755)
    stat.unlink()
    stat.mkdir()  # it is there, and reading it fails, whoever tries
    frame = _sampler().frame()
    assert 2001 not in _ticks(frame)
    assert frame.counts.total == 9


def test_a_machine_without_uptime(machine: Machine) -> None:
    (machine.proc / "uptime").unlink()
    with pytest.raises(CommandError, match="Cannot get system uptime: No such file"):
        _sampler()
