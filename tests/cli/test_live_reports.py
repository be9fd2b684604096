"""Commands with an interval on a terminal: one screen, keys; and which line of a report was which before.

No test waits for an interval to pass: it is long, and Enter asks for a new report."""

from __future__ import annotations

import os
from typing import Any

import pytest

from sysutils.cli import iotop_live
from sysutils.cli.iotop_rows import Counters, Row, Wanted
from sysutils.cli.iotop_text import Style
from sysutils.cli.live import loop
from sysutils.cli.live.changes import bare, counterparts
from sysutils.cli.live.reports import Reports
from sysutils.cli.live.sheet import Sheet, is_heading
from sysutils.cli.output.as_rich import ALL, Order, Shown, ordered
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Kept
from sysutils.cli.output.text import cells
from tests.support.terminal import Terminal

SIZES = [(40, 10), (80, 24), (120, 40), (200, 60)]
COMMANDS = ["iotop -d 600", "iostat 600", "iostat -x 600", "free -s 600", "netstat -c -an"]


# --- the screen, by keys


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_reports_have_one_screen_of_any_size(words: str, size: tuple[int, int]) -> None:
    columns, lines = size
    with Terminal(words.split(), columns=columns, lines=lines) as terminal:
        screen = terminal.wait_for(f"{words.split(maxsplit=1)[0]}  every")
        assert len(screen.lines) == lines
        assert max(map(len, screen.lines)) <= columns
        terminal.type("h")
        terminal.wait_for("only rows with")
        terminal.type(b"\x1b[F")  # the end of the keys
        terminal.wait_until(lambda screen: screen.text.endswith("end"), "the last key")
        terminal.type("h")
        terminal.wait_until(lambda screen: "the other way" not in screen.text, "the report again")
        terminal.type("q")
        assert terminal.finish() == 0
        raw = terminal.screen().raw
    assert raw.count(b"\x1b[?1049h") == raw.count(b"\x1b[?1049l") == 1
    assert raw.rpartition(b"\x1b[?1049l")[2].strip()  # the last report stays on the terminal


def test_another_width_draws_the_same_report_anew() -> None:
    with Terminal(["netstat", "-c", "-an"], columns=120, lines=20) as terminal:
        terminal.type(" ")
        terminal.wait_for("paused")
        terminal.resize(50, 12)
        screen = terminal.wait_until(lambda screen: len(screen.lines) == 12, "another size")
        assert max(map(len, screen.lines)) <= 50
        terminal.type("q")
        assert terminal.finish() == 0


def test_rows_are_sorted_chosen_and_read_again_by_keys() -> None:
    me = str(os.getpid())
    with Terminal(["iotop", "-P", "-d", "600"], columns=120, lines=24) as terminal:
        terminal.wait_for("PID")
        terminal.type(b"\x1b[C")  # right
        terminal.wait_for("sorted by tid")
        screen = terminal.wait_for("PID▾")
        pids = [int(line.split()[0]) for line in screen.lines[3:10]]
        assert pids == sorted(pids, reverse=True)
        terminal.type("r")
        screen = terminal.wait_for("PID▴")
        pids = [int(line.split()[0]) for line in screen.lines[3:10]]
        assert pids == sorted(pids)
        terminal.type("c")
        terminal.type("/")
        terminal.wait_for("Rows with:")
        terminal.type("no such thing anywhere\r")
        terminal.wait_until(lambda screen: not screen.lines[3].strip(), "no rows")
        terminal.type(b"\x1b")
        terminal.wait_until(lambda screen: bool(screen.lines[3].strip()), "rows again")
        terminal.type(b"\x1b[D")  # left: the command's own order
        terminal.wait_until(lambda screen: "sorted by" not in screen.lines[0], "its order")
        terminal.type("i")
        terminal.wait_for("Thread, class")
        terminal.type(f"{me} nonsense\r")
        terminal.wait_for(f"not understood: {me} nonsense")
        terminal.type(" ")
        terminal.wait_for("paused")
        terminal.type("+")
        terminal.type(" ")
        terminal.wait_for("every 1200 s")
        terminal.type("q")
        assert terminal.finish() == 0


@pytest.mark.parametrize("words", ["free -c 2 -s 0.1", "iostat -d 1 1"])
def test_so_many_reports_are_a_sequence(words: str) -> None:
    with Terminal(words.split(), columns=80, lines=24) as terminal:
        assert terminal.finish() == 0
        assert b"\x1b[?1049h" not in terminal.screen().raw


def test_no_live_screen_on_a_terminal_without_one() -> None:
    with Terminal(["free", "-s", "600"], columns=80, lines=24, term="dumb") as terminal:
        screen = terminal.wait_for("Mem:")
        assert b"\x1b" not in screen.raw


# --- the parts


def test_rows_by_a_column_and_those_without_a_value_last() -> None:
    columns = [Column("n", "N", lambda row: row)]
    assert ordered(columns, [2, None, 3, 1], Order("n")) == [3, 2, 1, None]
    assert ordered(columns, [2, None, 3, 1], Order("n", descending=False)) == [1, 2, 3, None]
    assert ordered(columns, ["b", 1, "a", 2], Order("n", descending=False)) == [1, 2, "a", "b"]
    assert ordered(columns, [2, 1], Order("gone")) == [2, 1]


def test_rows_with_a_text_in_a_cell_of_text() -> None:
    columns = [
        Column("name", "NAME", lambda row: row[0]),
        Column("n", "N", lambda row: row[1], right=True),
    ]
    rows = [("Abc", 1), ("xyz", 12), (None, 3)]
    assert Shown(text="aB").of(columns, rows) == [("Abc", 1)]
    assert Shown(text="1").of(columns, rows) == []
    assert Shown().of(columns, rows) == rows


def test_which_line_was_which() -> None:
    before = ["PID COMMAND", "1 a one", "2 b two", "3 c three"]
    assert counterparts(before, before) == [0, 1, 2, 3]
    now = ["PID COMMAND", "3 c four", "1 a one", "4 d new"]
    assert counterparts(now, before) == [0, 3, 1, None]
    now[1] = "9 x other"
    assert counterparts(now, before) == [0, None, 1, 3]
    assert counterparts(["PID COMMAND", "9 x", *before[2:]], before) == [0, 1, 2, 3]  # at its place
    assert counterparts([*now, "5 e more"], before) == [0, None, 1, None, None]
    assert counterparts(["x", "x"], ["x"]) == [0, None]
    assert counterparts([], ["x"]) == []
    assert bare("\x1b[1;4mPID\x1b[0m \x1b[2mx") == "PID x"


def test_what_is_a_heading() -> None:
    assert is_heading("\x1b[1;4mPID  COMMAND\x1b[0m")
    assert not is_heading("\x1b[1mTitle\x1b[0m")
    assert not is_heading("\x1b[1;4mPID\x1b[0m  rest")
    assert not is_heading("")


class _Sampler:
    """Two processes, the second of which wrote; a thread of it."""

    def __init__(self) -> None:
        self.wanted = Wanted()

    def read(self) -> list[Row]:
        def row(kind: str, pid: int, tid: int, wrote: int) -> Row:
            moved = Counters(0, wrote)
            argv = ("/bin/prog", f"arg{tid}")
            return Row(
                kind,
                0.0,
                1.0,
                pid,
                tid,
                "be/4",
                0,
                "root",
                moved,
                moved,
                moved,
                1.0,
                f"c{tid}",
                argv,
            )

        return [row("process", 1, 1, 0), row("process", 2, 2, 4096), row("thread", 2, 3, 4096)]


def _drawn(source: iotop_live.Activity) -> str:
    out = Kept(100)
    source.draw(source.read(), out, ALL)
    return bare(out.text)


def test_iotop_s_keys_change_what_is_shown() -> None:
    sampler: Any = _Sampler()
    source = iotop_live.Activity(sampler, Style())
    lines = _drawn(source).splitlines()
    assert [line.split()[0] for line in lines[-3:]] == ["1", "2", "3"]
    source.keys["o"].press()
    assert [line.split()[0] for line in _drawn(source).splitlines()[-2:]] == ["2", "3"]
    source.keys["p"].press()
    assert sampler.wanted.processes
    assert [line.split()[0] for line in _drawn(source).splitlines()[-1:]] == ["2"]
    assert "K/s" in _drawn(source)
    source.keys["a"].press()
    assert "/s" not in _drawn(source).splitlines()[-1]
    assert "arg2" not in _drawn(source)
    source.keys["c"].press()
    assert "arg2" in _drawn(source)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", ""), ("12", "not understood: 12"), ("x idle", "not understood: x idle"),
        ("1 be 4 5", "not understood: 1 be 4 5"), ("1 be 9", "no level of 0 to 7: 9"),
        ("1 rt x", "no level of 0 to 7: x"),
    ],
)  # fmt: skip
def test_priorities_that_are_none(text: str, answer: str) -> None:
    assert iotop_live._prioritised(text) == answer


def test_a_priority_is_set() -> None:
    me = os.getpid()
    assert iotop_live._prioritised(f"{me} be/6") == f"I/O priority of {me}: be/6"
    assert iotop_live._prioritised(f"{me} be 4") == f"I/O priority of {me}: be/4"
    assert "not" in iotop_live._prioritised("999999999 idle").lower()


def test_an_interval_has_limits() -> None:
    screen = Reports("x", 1.0, iotop_live.Activity(_Sampler(), Style()))  # type: ignore[arg-type]
    size = os.terminal_size((80, 24))
    for key, last in (("-", 0.1), ("+", 86400.0)):
        for _ in range(40):
            screen.press(key, size)
        assert screen.interval == last


class _Text(Sheet):
    def look(self, size: os.terminal_size) -> None:
        self.put("")


def test_a_new_row_and_a_changed_word_stand_out_and_no_other() -> None:
    sheet = _Text("x", 1.0)
    size = os.terminal_size((30, 10))
    sheet.put("PID NAME  CPU\n1 a  0.1\n2 b  0.2\n3 c  0.3\n")
    assert not any("\x1b[7m" in line for line in sheet.lines(size)[1:])
    sheet.put("PID NAME  CPU\n9 new  7.0\n1 a  0.1\n2 b  5.2\n3 c  0.3\n")
    lines = sheet.lines(size)[1:]
    assert [bare(line) for line in lines if "\x1b[7m" in line] == ["9 new  7.0", "2 b  5.2"]
    assert "\x1b[7m5.2\x1b[0m" in lines[3]
    assert lines[3].startswith("2 b  ")
    assert sheet.press("d", size) == loop.PAINT
    assert not any("\x1b[7m" in line for line in sheet.lines(size)[1:])


def test_what_stands_above_the_rows_stays_there() -> None:
    sheet = _Text("x", 1.0)
    rows = "".join(f"row{number}\n" for number in range(40))
    sheet.put(f"a title\n\x1b[1;4mNAME\x1b[0m\n{rows}")
    size = os.terminal_size((30, 10))
    for key, first in (("down", 1), ("pagedown", 8), ("end", 33), ("home", 0), ("up", 0)):
        sheet.press(key, size)
        lines = [bare(line) for line in sheet.lines(size)]
        assert lines[1:4] == ["a title", "NAME", f"row{first}"], key
        assert len(lines) == 10
    small = os.terminal_size((30, 4))
    assert bare(sheet.lines(small)[1]) == "a title"  # it scrolls where it would leave no room
    sheet.press("down", small)
    assert bare(sheet.lines(small)[1]) == "NAME"


@pytest.mark.parametrize("width", [0, 1, 5, 12, 30, 200])
def test_the_first_line_is_as_wide_as_the_screen(width: int) -> None:
    sheet = _Text("a title of 日本語 and more", 1.0)
    sheet.put("x")
    assert cells(bare(sheet.lines(os.terminal_size((width, 5)))[0])) == width
