"""Parts of live screens that need no terminal: styles, meters, typed lines, lists, tables, the loop."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.live import loop, meters, styled
from sysutils.cli.live.entry import DONE, GIVEN_UP, OPEN, Entry
from sysutils.cli.live.scroll import Scroll
from sysutils.cli.live.table import Table, fit, fitting, sized
from sysutils.cli.output import text as text_module
from sysutils.cli.output.column import Column
from sysutils.cli.output.palette import SCHEMES, Palette, usual_scheme
from sysutils.cli.output.text import cells

STYLES = ["red", "bold red", "dim", "reverse", "bold underline cyan", "grey", ""]
KEYS = [
    "a", "é", "漢", "space", "left", "right", "home", "end", "backspace", "delete", "ctrl-u", "ctrl-k",
    "ctrl-w", "ctrl-a", "ctrl-e", "f5", "up",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for cached in (text_module.utf8_locale, meters._strokes, meters._levels):
        cached.cache_clear()


def bare(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


# --- styles


@pytest.mark.parametrize(
    ("environment", "scheme"),
    [
        ({"TERM": "xterm-256color"}, "both"), ({"TERM": "xterm"}, "basic"), ({"TERM": "linux"}, "basic"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "both"), ({"TERM": "dumb"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"), ({"TERM": "vt220"}, "none"),
    ],
)  # fmt: skip
def test_the_environment_tells_the_colours(
    environment: dict[str, str], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert usual_scheme() == Palette().scheme == scheme


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_style_is_begun_and_ended(scheme: str) -> None:
    palette = Palette(scheme)
    for style in STYLES:
        painted = palette.paint("text", style)
        assert bare(painted) == "text"
        assert painted == "text" or painted.endswith("\x1b[0m")
        assert scheme != "none" or not re.search(r"\x1b\[[0-9;]*3[0-9]", painted)
        rest = re.sub(r"38;5;[0-9]+", "", painted)
        assert scheme == "basic" or not re.search(r"[\[;]3[0-7]m", rest)


def _luminance(number: int) -> float:
    if number >= 232:
        levels = [8 + 10 * (number - 232)] * 3
    else:
        steps = (0, 95, 135, 175, 215, 255)
        rest = number - 16
        levels = [steps[rest // 36], steps[rest // 6 % 6], steps[rest % 6]]
    shares = [level / 255 for level in levels]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("scheme", "backgrounds"), [("both", (0.0, 1.0)), ("dark", (0.0,)), ("light", (1.0,))]
)
def test_colours_read_on_their_background(scheme: str, backgrounds: tuple[float, ...]) -> None:
    for colour in ("red", "green", "yellow", "blue", "magenta", "cyan", "grey"):
        found = re.search(r"38;5;([0-9]+)", Palette(scheme).start(colour))
        assert found is not None
        shade = _luminance(int(found[1]))
        for background in backgrounds:
            high, low = max(shade, background), min(shade, background)
            assert (high + 0.05) / (low + 0.05) >= 3, (colour, scheme)  # WCAG 2, large text


# --- meters


@given(st.lists(st.floats(0, 1), max_size=5), st.integers(0, 60))
def test_the_parts_of_a_bar_are_the_bar(shares: list[float], width: int) -> None:
    counts = meters.split(shares, width)
    assert len(counts) == len(shares)
    assert min(counts, default=0) >= 0
    assert sum(counts) <= width
    painted = meters.bar(Palette("both"), [(share, "red") for share in shares], width)
    assert cells(bare(painted)) == width
    assert abs(sum(counts) - min(sum(shares), 1) * width) <= 1


def test_bars() -> None:
    def drawn(*shares: float) -> str:
        return bare(meters.bar(Palette("none"), [(share, "") for share in shares], 8))

    assert drawn(0.25, 0.5) == "━━━━━━──"
    assert drawn(0.01) == "━───────"
    assert drawn(0.0) == "────────"


@given(st.lists(st.floats(0, 2), max_size=30), st.integers(0, 20))
def test_a_sparkline_is_as_wide_as_asked(values: list[float], width: int) -> None:
    assert cells(meters.spark(values, width)) == width


def test_sparklines() -> None:
    assert meters.spark([0, 0.5, 1, 9], 6) == "  ▁▅██"
    assert meters.spark([1, 2], 2, 0) == "▁▁"


# --- a line that is typed


@given(st.lists(st.sampled_from(KEYS)), st.integers(1, 20))
def test_whatever_is_typed_the_cursor_is_in_the_line(keys: list[str], width: int) -> None:
    entry = Entry()
    for key in keys:
        entry, ended = entry.typed(key)
        assert ended == OPEN
        assert 0 <= entry.place <= len(entry.text)
    before, under, after = entry.shown(width)
    assert before + under.strip() + after in entry.text + " "
    assert cells(before + under + after) <= max(width, 2)


def test_editing() -> None:
    entry = Entry.of("one two")
    for key, text in (
        ("ctrl-w", "one "), ("x", "one x"), ("home", "one x"), ("delete", "ne x"), ("O", "One x"),
        ("end", "One x"), ("backspace", "One "), ("left", "One "), ("ctrl-k", "One"), ("ctrl-u", ""),
    ):  # fmt: skip
        entry, _ = entry.typed(key)
        assert entry.text == text
    assert entry.typed("enter")[1] == DONE
    assert entry.typed("escape")[1] == GIVEN_UP


# --- lists


@given(
    st.lists(st.sampled_from(["up", "down", "pageup", "pagedown", "home", "end", "ctrl-d", "ctrl-u"])),
    st.integers(0, 50), st.integers(1, 12),
)  # fmt: skip
def test_what_is_selected_is_on_the_screen(keys: list[str], count: int, page: int) -> None:
    scroll = Scroll()
    for key in keys:
        moved = scroll.moved(key, count, page)
        assert moved is not None
        scroll = moved
        assert 0 <= scroll.place <= max(count - 1, 0)
        assert scroll.top <= scroll.place < scroll.top + page
        assert 0 <= scroll.top <= max(0, count - page)


def test_moving() -> None:
    scroll = Scroll()
    for key, there in (
        ("down", (0, 1)), ("pagedown", (10, 11)), ("end", (90, 99)), ("up", (90, 98)), ("home", (0, 0)),
        ("ctrl-d", (0, 5)),
    ):  # fmt: skip
        moved = scroll.moved(key, 100, 10)
        assert moved == there
        assert moved is not None
        scroll = moved
    assert scroll.moved("q", 100, 10) is None
    assert Scroll(5, 9).within(3, 10) == (0, 2)
    assert Scroll(0, 0).turned("down", 30, 10) == (1, 1)
    assert Scroll(19, 19).turned("pagedown", 30, 10) == (20, 20)
    assert Scroll(0, 0).turned("x", 30, 10) is None


# --- tables


class Thing(NamedTuple):
    pid: int
    name: str
    command: str


COLUMNS = [
    Column("pid", "PID", lambda row: row.pid, width=7, right=True, rank=0),
    Column("name", "NAME", lambda row: row.name, width=8, rank=6, style="green"),
    Column("command", "COMMAND", lambda row: row.command, width=7, rank=1,
           pieces=lambda text: [(text[:2], "dim"), (text[2:], "bold cyan")]),
]  # fmt: skip


@given(st.text(max_size=30), st.integers(0, 20), st.booleans())
def test_a_text_is_made_to_fit(text: str, width: int, right: bool) -> None:
    assert cells(fit(text_module.visible(text), width, right)) == width


@given(st.text(max_size=20), st.text(max_size=40), st.integers(7, 60), st.integers(0, 5))
def test_no_line_is_wider_than_the_screen(name: str, command: str, width: int, shift: int) -> None:
    row = Thing(12345678901, name, command)
    table = Table(Palette("both"), COLUMNS, width, "pid", shift=shift)
    for line in (table.heading(), table.line(row), table.line(row, "reverse")):
        assert not set(bare(line)) & {"\x1b", "\n", "\t", "\x07"}
        assert cells(bare(line)) <= width
    assert cells(bare(table.heading())) == cells(bare(table.line(row, "reverse"))) == width


def test_columns_leave_a_narrow_screen() -> None:
    names = [[column.name for column in fitting(COLUMNS, width)] for width in (60, 23, 14, 5)]
    assert names == [["pid", "name", "command"], ["pid", "command"], ["pid"], ["pid"]]
    assert [column.width for column in fitting(COLUMNS, 60)] == [7, 8, 43]
    assert sized(COLUMNS, [Thing(1, "a long name", "x")])[1].width == 11


def test_a_heading_stands_over_its_column() -> None:
    table = Table(Palette("none"), COLUMNS, 40, "pid")
    assert bare(table.heading()) == "   ▼PID NAME     COMMAND".ljust(40)
    assert bare(table.line(Thing(1, "漢字", "ls -l"))) == "      1 漢字     ls -l"
    line = styled.parse(Table(Palette("both"), COLUMNS, 40).line(Thing(1, "n", "ls -l")))
    assert "38;5;28" in line[8].style
    assert "1;" in line[19].style


# --- the loop


class Still:
    """A live screen that does nothing."""

    interval = 600.0
    paused = False

    def look(self, size: os.terminal_size) -> None:
        """Nothing."""

    def lines(self, size: os.terminal_size) -> list[str]:
        return []

    def press(self, key: str, size: os.terminal_size) -> str:
        return loop.END


def test_a_live_screen_is_what_the_loop_takes() -> None:
    live: loop.Live = Still()
    assert live.press("q", os.terminal_size((80, 24))) == loop.END
