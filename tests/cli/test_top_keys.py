"""What keys do to the live top, without a terminal: state + key -> state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.live.scroll import Scroll
from sysutils.cli.output.palette import SCHEMES
from sysutils.cli.top_choices import ALL
from sysutils.cli.top_keys import press
from sysutils.cli.top_state import END, LOOK, SAVE, VIEWS, Settings, Sight, State

PIDS = [1, 20, 30, 40, 50]
SIGHT = Sight(
    PIDS,
    3,
    lambda pid: f"name{pid}",
    VIEWS[0].columns,
    lambda pid: [pid + 1, pid + 2],
    lambda place: f"line of {PIDS[place]}",
    lambda: {1, 20},
    50,
    10,
    6,
)
KEYS = [
    *map(chr, range(33, 127)),
    "space",
    "enter",
    "escape",
    "up",
    "down",
    "left",
    "right",
    "pageup",
    "pagedown",
    "home",
    "end",
    "tab",
    "backtab",
    "insert",
    "delete",
    "backspace",
    "ctrl-b",
    "ctrl-f",
    "ctrl-d",
    "ctrl-u",
    "ctrl-l",
    "ctrl-o",
    "ctrl-v",
    "é",
    "漢",
    *(f"f{n}" for n in range(1, 13)),
]


def typed(keys: list[str] | str, state: State | None = None) -> tuple[State, list[Any]]:
    """The state after keys, and what they asked for."""
    state, found = state or State(), []
    for key in keys:
        state, effects = press(state, {" ": "space", "\r": "enter"}.get(key, key), SIGHT)
        found += effects
    return state, found


def settings(keys: str) -> Settings:
    return typed(keys)[0].settings


@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_whatever_is_typed_the_state_makes_sense(keys: list[str]) -> None:
    state, effects = typed(keys)
    now = state.settings
    assert 0 <= state.scroll.place < len(PIDS)
    assert set(now.shown.columns) <= set(ALL)
    assert now.shown.columns
    assert now.shown.sort in ALL
    assert 0 <= now.view < len(now.views)
    assert now.interval >= 0.1
    assert now.scheme in {"", *SCHEMES}
    assert now.task_scale in range(6)
    assert now.summary_scale in range(7)
    known = {"look", "end", "save", "remember", "signal", "renice", "nicer"}
    assert {effect[0] for effect in effects} <= known


@pytest.mark.parametrize(
    ("keys", "sort", "descending"),
    [
        ("P", "%CPU", True),
        ("M", "%MEM", True),
        ("T", "TIME+", True),
        ("N", "PID", True),
        ("NR", "PID", False),
        ("<", "S", True),
        (">", "%MEM", True),
        ("N<", "COMMAND", True),
        ("N>>", "PR", True),
    ],
)
def test_the_order(keys: str, sort: str, descending: bool) -> None:
    view = settings(keys).shown
    assert (view.sort, view.descending) == (sort, descending)
    assert LOOK in typed(keys)[1]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("c", "cmdline"),
        ("i", "idle"),
        ("H", "threads"),
        ("S", "cumulative"),
        ("I", "single"),
        ("1", "per_cpu"),
        ("l", "load"),
        ("x", "mark_column"),
        ("y", "mark_running"),
        ("b", "reverse"),
        ("B", "bold"),
        ("z", "colours"),
        ("0", "zeros"),
        ("V", "tree"),
    ],
)
def test_switches_go_there_and_back(key: str, name: str) -> None:
    usual = getattr(Settings(), name)
    assert getattr(settings(key), name) is not usual
    assert getattr(settings(key * 2), name) is usual


@pytest.mark.parametrize(
    ("key", "name", "count"),
    [
        ("t", "cpu_mode", 4),
        ("m", "memory_mode", 4),
        ("J", "justify", 4),
        ("e", "task_scale", 6),
        ("E", "summary_scale", 7),
    ],
)
def test_cycles_come_round(key: str, name: str, count: int) -> None:
    assert [getattr(settings(key * n), name) for n in range(count + 1)] == [*range(count), 0]


def test_questions() -> None:
    assert settings("d2.5\r").interval == 2.5
    assert settings("s0\r").interval == 0.1
    assert settings("g3\r").shown.name == "Mem"
    assert settings("gusr\r").shown.name == "Usr"
    assert settings("w").view == 1
    assert settings("a").view == len(VIEWS) - 1
    assert settings("X5\r").wider == 5
    assert settings("#7\r").most == 7
    assert typed("n-1\r")[0].message == "-1 is no number from 0 to 4194304"
    assert typed("dx\r")[0].message == "bad delay interval 'x'"
    assert typed("g9\r")[0].settings.view == 0
    assert typed(["d", "1", "escape"])[0] == State()


def test_which_processes() -> None:
    state, effects = typed("ocpu > 5 and user == root\r")
    assert state.filters == ("cpu > 5 and user == root",)
    assert effects == [LOOK]
    assert typed("oname == x\roCOMMAND=y\r")[0].filters == ("name == x", "COMMAND=y")
    assert typed("onosuch > 1\r")[0].message == "unknown field nosuch"
    assert typed("\\word\r")[0].text == "word"
    assert typed("u0\r")[0].user == "0"
    assert (typed("u0\rU0\r")[0].user, typed("u0\rU0\r")[0].any_user) == ("", "0")
    assert typed("unobody at all\r")[0].message == "Invalid user"
    everything = typed("oname == x\r\\y\ru0\rin5\r=")[0]
    assert everything._replace(message="") == State()


def test_moving() -> None:
    assert typed(["down", "down", "j"])[0].scroll == Scroll(1, 3)
    assert typed(["end"])[0].scroll.place == 4
    assert typed(["end", "home"])[0].scroll == Scroll(0, 0)
    vi, _ = typed(["ctrl-v", "j", "j", "k"])
    assert (vi.scroll.place, vi.settings.vi) == (1, True)
    assert typed(["ctrl-v", "G"])[0].scroll.place == 4
    assert typed(["ctrl-v", "f9"])[0].prompt is not None
    assert typed(["right", "right", "left"])[0].left == 1


def test_finding() -> None:
    state, _ = typed("/40\r")
    assert (state.search, state.scroll.place, state.follow) == ("40", 3, 40)
    assert typed("/of\r&&")[0].scroll.place == 2
    assert typed(["ctrl-v", *"/of", "enter", "N"])[0].scroll.place == 4
    assert typed("/nowhere\r")[0].message == "nowhere is not in the table"


def test_tags_and_following() -> None:
    assert typed("**")[0].tagged == {1, 20}
    assert typed(["*", "up", "*"])[0].tagged == frozenset()
    assert typed("*~")[0].tagged == frozenset()
    assert typed("F")[0].follow == 1
    assert typed(["F", "down"])[0].follow == 0


def test_folding() -> None:
    assert typed("Vv")[0].collapsed == {1}
    assert typed("Vvv")[0].collapsed == typed("V-+")[0].collapsed == frozenset()
    assert typed("V_")[0].collapsed == {1, 20}
    assert typed("V__")[0].collapsed == frozenset()
    assert "tree" in typed("v")[0].message


def test_nothing_is_signalled_without_a_question() -> None:
    state, effects = typed("k")
    assert effects == []
    assert state.prompt is not None
    assert state.prompt.question == "PID to signal (1 name1):"
    state, effects = typed("\r", state)
    assert effects == [("remember", (1,))]
    assert state.prompt is not None
    assert state.prompt.question == "Signal for 1 name1 (15 TERM):"
    assert typed("\r", state)[1] == [("signal", (1,), 15), LOOK]
    assert typed("9\r", state)[1] == [("signal", (1,), 9), LOOK]
    assert typed("sighup\r", state)[1] == [("signal", (1,), 1), LOOK]
    assert typed("nosuch\r", state)[0].message == "unknown signal nosuch"
    assert typed(["escape"], state)[1] == []
    assert typed("k20 30\r\r")[1][-2] == ("signal", (20, 30), 15)
    assert typed("K\r")[1][-2] == ("signal", (1, 2, 3), 15)
    assert typed("**k\r")[1][-2] == ("signal", (1, 20), 15)
    assert typed("kx\r")[1] == []
    assert typed("k0\r")[1] == []


def test_nice_values() -> None:
    assert typed("r\r5\r")[1] == [("remember", (1,)), ("renice", (1,), 5), LOOK]
    assert typed("r\r20\r")[0].message == "20 is no number from -20 to 19"
    assert typed("r\r\r")[1] == [("remember", (1,))]
    assert typed(["f7"])[1][0] == ("nicer", 1, -1)
    assert typed(["f8"])[1][0] == ("nicer", 1, 1)


def test_columns() -> None:
    def shown(keys: list[str]) -> tuple[str, ...]:
        return typed(["f", *keys])[0].settings.shown.columns

    assert shown([" "])[:2] == ("USER", "PR")
    assert shown(["end", " "])[-2:] == ("HIST", "COMMAND")
    assert shown(["right", "down", "down", "enter"])[:3] == ("USER", "PR", "PID")
    assert typed(["f", "down", "s"])[0].settings.shown.sort == "USER"
    assert typed(["f", "escape"])[0].panel is None


def test_panels_and_the_rest() -> None:
    panel = typed("\r")[0].panel
    assert panel is not None
    assert (panel.kind, panel.pid) == ("details", 1)
    panel = typed(["enter", "right", "right", "left"])[0].panel
    assert panel is not None
    assert panel.page == 1
    panel = typed(["h", "pagedown"])[0].panel
    assert panel is not None
    assert panel.scroll.top == 10
    assert typed("hq")[0].panel is None
    assert typed("q")[1] == [END]
    assert typed("W")[1] == [SAVE]
    assert typed(" ")[1] == [LOOK]
    assert typed("p")[0].paused
    assert typed(["ctrl-o"])[0].message == "all processes"
    assert typed("Z")[0].settings.scheme in SCHEMES
