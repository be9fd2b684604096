"""The screen of the live top, without a terminal: a look at a recorded machine, made lines of."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sysutils import core
from sysutils.cli import top_look
from sysutils.cli.output.text import cells
from sysutils.cli.top_arrange import arrange, demand
from sysutils.cli.top_help import ABSENT, HELP
from sysutils.cli.top_live import Live
from sysutils.cli.top_state import VIEWS, Settings, State
from sysutils.cli.top_tree import below
from tests.support import trees
from tests.support.children import linux_only
from tests.support.stage import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = linux_only
#: keys of the classic, all of which the help tells
CLASSIC = [*"qh?krPMTNcuoO=fdsi1mteERxzWZVH<>bjJL&YBGAawgXSn#+-", "space"]
SIZES = [(40, 10), (80, 24), (120, 40), (200, 60), (10, 3), (1, 1), (20, 6)]
PANELS = ["h", "f", "\r", "k", "o", "/", "ocpu > 5 and user == root or name ~ x\r", "hjjj"]


@pytest.fixture(scope="module", autouse=True)
def machine() -> Iterator[None]:
    """A recorded machine with names of every kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "PROCFS_PATH", str(trees.fresh("crowd")))
        patch.setenv("TERM", "xterm-256color")
        patch.delenv("NO_COLOR", raising=False)
        yield


def bare(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def screen(state: State, columns: int, lines: int, keys: str = "") -> list[str]:
    live = Live(state)
    size = os.terminal_size((columns, lines))
    live.look(size)
    live.lines(size)
    for key in keys:
        if live.press({" ": "space", "\r": "enter"}.get(key, key), size) == "look":
            live.look(size)
        live.lines(size)
    return live.lines(size)


def fits(shown: list[str], columns: int, lines: int) -> None:
    assert len(shown) <= lines
    for line in shown:
        text = bare(line)
        assert cells(text) <= columns, text
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text), text


@pytest.mark.parametrize(
    ("columns", "lines"), [(40, 10), (80, 24), (120, 40), (200, 60), (10, 3), (1, 1), (20, 6)]
)
@pytest.mark.parametrize("view", range(len(VIEWS)))
def test_every_view_fits_every_screen(view: int, columns: int, lines: int) -> None:
    for more in ({}, {"tree": True, "cmdline": True}, {"threads": True, "justify": 3, "wider": 20}):
        changes: dict[str, Any] = more
        fits(screen(State(Settings(view=view, **changes)), columns, lines), columns, lines)


@pytest.mark.parametrize(
    "keys", ["h", "f", "\r", "k", "o", "/", "ocpu > 5 and user == root or name ~ x\r", "hjjj"]
)
def test_panels_and_questions_fit(keys: str) -> None:
    for columns, lines in ((40, 10), (80, 24), (120, 40), (12, 4)):
        fits(screen(State(), columns, lines, keys), columns, lines)


@given(
    st.sampled_from([(40, 10), (80, 24), (133, 37)]),
    st.text(st.sampled_from("PMTN<>RVv_cHiIlt1mxyzBbeEJ0 gaw*p&hfq\r\x7f3"), max_size=12),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_typed_the_screen_fits(size: tuple[int, int], keys: str) -> None:
    fits(screen(State(), *size, keys.replace("q", "=")), *size)


def test_headings_stand_over_their_columns() -> None:
    shown = [
        bare(line)
        for line in screen(State(Settings().with_view(sort="PID", descending=False)), 120, 40)
    ]
    place = next(i for i, line in enumerate(shown) if "COMMAND" in line)
    heading = shown[place]
    for line in shown[place + 1 : -1]:
        for name in ("PID", "VIRT", "RES", "%MEM", "TIME+"):
            end = heading.index(name) + len(name)
            assert line[end - 1] != " "
            assert line[end] == " "
        for name in ("USER", "COMMAND"):
            start = heading.index(name)
            assert line[start - 1] == " "
            assert line[start] != " "


def test_the_tree_has_children_below_their_parents() -> None:
    state = State(Settings(tree=True).with_view(sort="PID", descending=False))
    look = top_look.Looker().look(demand(state))
    tasks, prefixes = arrange(state, look, 2)
    assert {task.row.pid for task in tasks} == {task.row.pid for task in look.tasks}
    seen: set[int] = set()
    known = {task.row.pid for task in look.tasks}
    for task in tasks:
        assert task.row.ppid in seen or task.row.ppid not in known
        seen.add(task.row.pid)
        assert bool(prefixes[task.row.pid]) == (task.row.ppid in known)
    top = tasks[0].row.pid
    folded = arrange(state._replace(collapsed=frozenset({top})), look, 2)
    under = below(look.tasks, top)
    assert len(folded.tasks) == len(tasks) - len(under)
    assert folded.prefixes[top] == f"[+{len(under)}] "


def test_a_filter_in_a_tree_keeps_the_branch() -> None:
    state = State(Settings(tree=True))
    looker = top_look.Looker()
    tasks = arrange(state, looker.look(demand(state)), 2).tasks
    leaf = max(
        tasks,
        key=lambda task: len(arrange(state, looker.look(demand(state)), 2).prefixes[task.row.pid]),
    )
    state = state._replace(filters=(f"pid == {leaf.row.pid}",))
    shown = [task.row.pid for task in arrange(state, looker.look(demand(state)), 2).tasks]
    assert shown[-1] == leaf.row.pid
    assert leaf.row.ppid in shown


def test_processes_that_end_leave_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    live, size = Live(State()), os.terminal_size((100, 20))
    live.look(size)
    first = live.lines(size)
    gone = set(live._filled)
    details = live._looker.details

    def without(tasks: Any, *more: Any) -> Any:
        return [task if task.row.pid not in gone else None for task in details(tasks, *more)]

    monkeypatch.setattr(live._looker, "details", without)
    live._filled = {}
    shown = live.lines(size)
    assert len(shown) == len(first)
    assert not gone & set(live._filled)


def test_a_process_without_a_start_has_no_share_at_first() -> None:
    class Row(NamedTuple):
        utime: int = 50
        stime: int = 50
        starttime: int | None = None

    assert top_look._since_start(Row(), 1000.0) == 0
    assert top_look._since_start(Row(starttime=0), 1000.0) == 100
    assert top_look._since_start(Row(starttime=500), 1000.0) == 200


@pytest.mark.parametrize("scheme", ["both", "dark", "light", "basic", "none"])
def test_schemes_differ_in_their_colours_alone(scheme: str) -> None:
    usual = screen(State(Settings(scheme="both")), 100, 30)
    shown = screen(State(Settings(scheme=scheme)), 100, 30)
    assert list(map(bare, shown))[7:] == list(map(bare, usual))[7:]
    assert any("\x1b[" in line for line in shown)


def test_every_key_is_told() -> None:
    told = {word for table in HELP.values() for keys in table for word in keys.keys.split()}
    told |= {word for keys, _ in ABSENT for word in keys.split()}
    assert set(CLASSIC) <= told | {"space"}
    documented = (ROOT / "docs/live-screens.md").read_text(encoding="utf-8")
    for table in HELP.values():
        for keys in table:
            assert keys.does.replace("|", "\\|") in documented
