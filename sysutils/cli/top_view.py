"""The live screen of top(1): state + look + tasks + size -> lines."""

import re
from collections.abc import Mapping, Sequence
from os import terminal_size
from typing import NamedTuple

from sysutils.cli.fields.process_command import command_pieces
from sysutils.cli.live.table import Table, clean, fit, fitting, painted, size_of
from sysutils.cli.output.column import Column
from sysutils.cli.output.palette import Palette
from sysutils.cli.top_answers import asked_for
from sysutils.cli.top_arrange import context_of
from sysutils.cli.top_choices import choose
from sysutils.cli.top_columns import Task
from sysutils.cli.top_head import head
from sysutils.cli.top_help import HINTS
from sysutils.cli.top_look import Look
from sysutils.cli.top_state import Prompt, State

Pieces = list[tuple[str, str]]
#: what stands before a command in the tree: lines, and how many are folded away
_BRANCH = re.compile(r"([ ├└│─|`-]*)(\[\+\d+\] )?")
_SHIFT = 8
#: columns that change though nothing of the row does
_CHANGING = {"ELAPSED", "%CUU", "%CUC", "HIST", "ioR/s", "ioW/s"}
#: lines that are remembered at most
_MANY = 1000
#: cells of the command for which other columns leave; in a tree it stands further right
_COMMAND, _TREE = 12, 36


class Shape(NamedTuple):
    """How the screen is divided."""

    head: list[str]
    #: lines of the table
    page: int
    hints: bool


def palette_of(state: State) -> Palette:
    """The colours of the settings."""
    return Palette(state.settings.scheme if state.settings.colours else "none")


def shape(state: State, look: Look, palette: Palette, size: terminal_size) -> Shape:
    """The lines above the table, and what is left for it."""
    hints = state.settings.hints and size.lines >= 16
    room = 2 if size.lines < 14 else max(2, (size.lines - 6) // 2)
    lines = head(state, look, palette, size.columns, room) if size.lines >= 6 else []
    page = max(1, size.lines - len(lines) - 2 - hints)
    if state.settings.most:
        page = min(page, state.settings.most)
    return Shape(lines, page, hints)


# --- the table


def shown_columns(state: State, look: Look, cpus: int, width: int) -> list[Column]:
    """The columns that there is room for, from the one scrolled to on."""
    context = context_of(state, look, cpus)
    view = state.settings.shown
    columns = choose(view.columns, context)
    skipped = min(state.left, len(columns) - 1)
    columns = columns[skipped:]
    found = []
    for column in columns:
        if column.name == view.sort:
            column = _sorted(column, state)  # noqa: PLW2901
        if state.settings.justify:
            column = _justified(column, state.settings.justify)  # noqa: PLW2901
        found.append(column)
    if found[-1].name == "COMMAND":
        found[-1] = found[-1]._replace(width=_TREE)
        return fitting(found, width, _TREE if state.settings.tree else _COMMAND)
    return fitting(found, width)


def _sorted(column: Column, state: State) -> Column:
    column = column._replace(rank=min(column.rank, 2))
    if state.settings.mark_column:
        mark = "reverse" if state.settings.reverse or not state.settings.bold else "bold"
        column = column._replace(style=mark, pieces=None)
    return column


def _justified(column: Column, how: int) -> Column:
    flips = (column.right and how in {1, 3}) or (not column.right and how in {2, 3})
    return column._replace(right=not column.right) if flips else column


def _with_branches(column: Column, prefixes: Mapping[int, str]) -> Column:
    text = column.text

    def lined(task: Task) -> str:
        return prefixes.get(task.row.pid, "") + str(text(task) if text else column.get(task))

    def pieces(shown: str) -> Pieces:
        found = _BRANCH.match(shown)
        start = found.end() if found else 0
        lines, folded = (found[1], found[2] or "") if found else ("", "")
        return [(lines, "dim"), (folded, "bold yellow"), *command_pieces(shown[start:])]

    return column._replace(text=lined, pieces=pieces)


def table_of(
    state: State, look: Look, prefixes: Mapping[int, str], palette: Palette, cpus: int, width: int
) -> Table:  # fmt: skip
    """The table, ready for its rows."""
    columns = shown_columns(state, look, cpus, width)
    if state.settings.tree:
        columns = [
            _with_branches(column, prefixes) if column.name == "COMMAND" else column for column in columns
        ]  # fmt: skip
    view = state.settings.shown
    shift = max(0, state.left - len(view.columns) + 1) * _SHIFT
    return Table(palette, columns, width, view.sort, view.descending, shift)


def _row_style(state: State, task: Task, selected: bool) -> str:
    settings = state.settings
    words = []
    if task.row.pid in state.tagged:
        words += ["yellow", "bold"]
    if settings.mark_running and task.row.state == "R":
        words.append("reverse" if settings.reverse and not selected else "bold")
    if selected:
        words.append("reverse")
    if not settings.bold:
        words = [word for word in words if word != "bold"]
    return " ".join(dict.fromkeys(words))


class Known:
    """Lines of rows from look to look: what sleeps looks as it did, and most processes sleep."""

    def __init__(self) -> None:
        self._for: object = None
        self._lines: dict[int, tuple[Task, str, str]] = {}
        self._prefixes: Mapping[int, str] = {}
        self._kept = False

    def prepare(self, table: Table, prefixes: Mapping[int, str], shown: object) -> None:
        """For a table, and all else that its lines depend on."""
        if shown != self._for:
            self._for, self._lines = shown, {}
        self._prefixes = prefixes
        self._kept = not any(column.name in _CHANGING for column in table.columns)
        if len(self._lines) > _MANY:
            self._lines = {}

    def line(self, table: Table, task: Task) -> str:
        """The line of a row."""
        if task.ticks or not self._kept:
            return table.line(task)
        pid = task.row.pid
        prefix = self._prefixes.get(pid, "")
        known = self._lines.get(pid)
        if known is not None and known[0] == task and known[1] == prefix:
            return known[2]
        line = table.line(task)
        self._lines[pid] = task, prefix, line
        return line


# --- the line between


def _prompt_line(prompt: Prompt, width: int) -> Pieces:
    question = clean(prompt.question)
    room = max(width // 3, width - len(question) - 2)
    before, under, after = prompt.entry.shown(room - 1)
    return [
        (fit(question, min(len(question), width - room - 1)), "bold cyan"), (" ", ""),
        (clean(before), "bold"), (clean(under), "reverse"), (clean(after), "bold"),
    ]  # fmt: skip


def status(state: State, count: int, width: int) -> Pieces:
    """The line between the head and the table: a question, a message, or what is chosen and where one is."""
    if state.prompt is not None:
        return _prompt_line(state.prompt, width)
    if state.message:
        return [(f" {clean(state.message)} ", "reverse")]
    place = f"{min(state.scroll.place + 1, count)}/{count}"
    marks = [f"{len(state.tagged)} tagged"] * bool(state.tagged)
    marks += [f"follows {state.follow}"] * bool(state.follow)
    marks += ["vi"] * state.settings.vi
    right: Pieces = [("  ".join([*marks, place]), "dim")]
    chosen = asked_for(state)
    left: Pieces = [("only  ", "dim"), (clean(chosen), "bold yellow")] if chosen else []
    room = width - size_of(right) - 1
    if size_of(left) > room:
        left = [(fit("".join(text for text, _ in left), max(room, 0)), "bold yellow")]
    return [*left, (" " * max(0, width - size_of(left) - size_of(right)), ""), *right]


def hints(width: int) -> Pieces:
    """The keys most asked for, as many as fit."""
    found: Pieces = []
    for key, does in HINTS:
        more: Pieces = [(key, "bold"), (f" {does}  ", "dim")]
        if size_of(found) + size_of(more) > width:
            break
        found += more
    return found


# --- all of it


def screen(
    state: State, form: Shape, table: Table, tasks: Sequence[Task], count: int, palette: Palette,
    size: terminal_size, lines_known: Known,
) -> list[str]:  # fmt: skip
    """The whole screen. ``tasks`` are those that the table has room for, ``count`` is how many there are."""
    lines = [*form.head, painted(palette, status(state, count, size.columns), size.columns)]
    lines.append(table.heading())
    selected = state.scroll.place - state.scroll.top
    for place, task in enumerate(tasks[: form.page]):
        style = _row_style(state, task, place == selected)
        lines.append(table.line(task, style) if style else lines_known.line(table, task))
    lines = lines[: size.lines]
    if form.hints:
        lines += [""] * (size.lines - 1 - len(lines))
        lines.append(painted(palette, hints(size.columns), size.columns))
    return lines
