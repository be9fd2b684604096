"""What the live top(1) shows in place of the table: its help, the choice of columns, a process's details."""

from collections.abc import Sequence

from sysutils.cli.live.scroll import VI, Scroll
from sysutils.cli.live.table import painted, size_of
from sysutils.cli.output.palette import Palette
from sysutils.cli.top_choices import ALL, help_of
from sysutils.cli.top_help import help_lines
from sysutils.cli.top_state import LOOK, Panel, Pressed, Settings, State

Pieces = list[tuple[str, str]]
_CLOSING = {"q", "escape", "f10"}
_PREVIOUS, _NEXT = {"left", "h", "backtab"}, {"right", "l", "tab"}


def frame(
    title: Pieces, body: Sequence[Pieces], panel: Panel, foot: Pieces, palette: Palette,
    width: int, lines: int,
) -> list[str]:  # fmt: skip
    """A panel over the whole screen: a title, the part of the body that is scrolled to, a last line."""
    page = page_of(lines)
    top = max(0, min(panel.scroll.top, len(body) - page))
    shown = body[top : top + page]
    more = f" {top + 1}-{top + len(shown)} of {len(body)} " if len(body) > page else ""
    space = max(0, width - size_of(title) - len(more))
    head = [*title, (" " * space, "reverse"), (more, "reverse")]
    drawn = [painted(palette, pieces, width) for pieces in [head, *shown]]
    drawn += [""] * (page - len(shown))
    return [*drawn, painted(palette, foot, width)][:lines]


def page_of(lines: int) -> int:
    """Lines of a panel's body."""
    return max(1, lines - 2)


# --- help


def help_body(width: int) -> list[Pieces]:
    """The keys."""
    return list(help_lines(width))


# --- columns


def order_of(settings: Settings) -> list[str]:
    """All names: those that are shown, then the others."""
    shown = settings.shown.columns
    return [*shown, *(name for name in ALL if name not in shown)]


def fields_body(state: State, panel: Panel) -> list[Pieces]:
    """A line for each column."""
    view = state.settings.shown
    found: list[Pieces] = []
    for place, name in enumerate(order_of(state.settings)):
        chosen = name in view.columns
        sort = ("▼" if view.descending else "▲") if name == view.sort else " "
        style = "bold" if chosen else "dim"
        if place == panel.scroll.place:
            style = "reverse bold yellow" if panel.moving else "reverse"
        mark = "*" if chosen else " "
        found.append(
            [(f" {mark} {name:<10}{sort} ", style), (f" {help_of(name)}", "" if chosen else "dim")]
        )
    return found


FIELDS_HINT = "space show  s sort  → take to move, ↑ ↓, Enter drop  q done"
HELP_HINT = "↑ ↓ PgUp PgDn scroll  q back"
DETAILS_HINT = "← → other pages  ↑ ↓ PgUp PgDn scroll  k signal  q back"


def press_fields(state: State, panel: Panel, key: str, page: int) -> Pressed:
    """A key in the choice of columns."""
    settings = state.settings
    names = order_of(settings)
    place = min(panel.scroll.place, len(names) - 1)
    name = names[place]
    if panel.moving:
        return _move(state, panel, key, names)
    key = VI.get(key, key) if key not in {"l", "h"} else key
    moved = panel.scroll.moved(key, len(names), page)
    if moved is not None:
        return state._replace(panel=panel._replace(scroll=moved)), ()
    if key in _CLOSING | {"enter"}:
        return state._replace(panel=None), (LOOK,)
    view = settings.shown
    if key in {"space", "d"}:
        columns = tuple(column for column in view.columns if column != name)
        if len(columns) == len(view.columns):
            columns = (*view.columns[:-1], name, *view.columns[-1:])
        if columns:
            settings = settings.with_view(columns=columns)
    elif key == "s":
        settings = settings.with_view(sort=name)
    elif key == "R":
        settings = settings.with_view(descending=not view.descending)
    elif key in {"right", "l"} and name in view.columns:
        return state._replace(panel=panel._replace(moving=name)), ()
    return state._replace(settings=settings), ()


def _move(state: State, panel: Panel, key: str, names: list[str]) -> Pressed:
    """A column is being moved."""
    columns = list(state.settings.shown.columns)
    place = columns.index(panel.moving)
    step = {"up": -1, "k": -1, "down": 1, "j": 1}.get(key)
    if step is None:
        return state._replace(panel=panel._replace(moving="")), ()
    there = max(0, min(place + step, len(columns) - 1))
    columns.insert(there, columns.pop(place))
    scroll = Scroll(panel.scroll.top, there).within(len(names), len(names))
    settings = state.settings.with_view(columns=tuple(columns))
    return state._replace(settings=settings, panel=panel._replace(scroll=scroll)), ()


# --- texts


def press_text(state: State, panel: Panel, key: str, lines: int, page: int, pages: int) -> Pressed:
    """A key in a panel that is read: help, details."""
    if key in _CLOSING or (panel.kind == "help" and key in {"?", "f1"}):
        return state._replace(panel=None), ()
    if pages > 1 and key in _PREVIOUS | _NEXT:
        number = (panel.page + (1 if key in _NEXT else -1)) % pages
        return state._replace(panel=panel._replace(page=number, scroll=Scroll())), (LOOK,)
    if key in {"space", "r"} and panel.kind == "details":
        return state, (LOOK,)
    turned = panel.scroll.turned(VI.get(key, key), lines, page)
    if turned is None and key in {"space", "enter"}:
        turned = panel.scroll.turned("pagedown", lines, page)
    return state._replace(panel=panel._replace(scroll=turned or panel.scroll)), ()
