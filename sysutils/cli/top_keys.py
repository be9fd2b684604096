"""What a key does to the live top(1): state + key -> state, and what is asked for beyond it."""

from typing import TYPE_CHECKING, Any

from sysutils.cli import top_panels as panels
from sysutils.cli.live.entry import DONE, OPEN, Entry
from sysutils.cli.live.scroll import VI
from sysutils.cli.output.palette import SCHEMES, usual_scheme
from sysutils.cli.top_answers import answer, asked_for, nice_question, searched, signal_question
from sysutils.cli.top_state import (
    END,
    LOOK,
    SAVE,
    Panel,
    Pressed,
    Prompt,
    Settings,
    Sight,
    State,
)
from sysutils.cli.top_words import SCALES

if TYPE_CHECKING:
    from collections.abc import Callable

_SORTS = {"P": "%CPU", "M": "%MEM", "T": "TIME+", "N": "PID"}
#: key -> setting; the second are those for which other things are read
_TOGGLES = {
    "I": "single", "1": "per_cpu", "l": "load", "x": "mark_column", "y": "mark_running", "b": "reverse",
    "B": "bold", "z": "colours", "0": "zeros",
}  # fmt: skip
_READS = {"c": "cmdline", "i": "idle", "H": "threads", "S": "cumulative"}
_CYCLES = {"t": ("cpu_mode", 4), "m": ("memory_mode", 4), "J": ("justify", 4)}
_SAID = {
    "I": ("%CPU: of one CPU", "%CPU: of all CPUs"), "B": ("bold is used", "bold is not used"),
    "x": ("the sorted column stands out", ""), "y": ("running processes stand out", ""),
    "S": ("TIME+ with that of dead children", "TIME+ without that of dead children"),
}  # fmt: skip
#: keys of others that mean the same
_SAME = {
    "?": "h", "f1": "h", "f2": "f", "f3": "/", "f4": "\\", "f5": "V", "f9": "k", "f10": "q", "Y": "enter",
    "L": "/", "j": "down", "insert": "*", "#": "n", "s": "d", "ctrl-l": "space",
}  # fmt: skip
_WITH_VI = {**_SAME, **VI, "n": "&", "N": "previous"}


def press(state: State, key: str, sight: Sight) -> Pressed:
    """The state after a key."""
    state = state._replace(message="")
    if state.prompt is not None:
        return _type(state, state.prompt, key, sight)
    if state.panel is not None:
        return _panel(state, state.panel, key, sight)
    key = (_WITH_VI if state.settings.vi else _SAME).get(key, key)
    moved = state.scroll.moved(key, len(sight.pids), sight.page)
    if moved is not None:
        return state._replace(scroll=moved, follow=0), ()
    for part in (_order, _switch, _question, _act):
        found = part(state, key, sight)
        if found is not None:
            return found
    return state, ()


def _panel(state: State, panel: Panel, key: str, sight: Sight) -> Pressed:
    if panel.kind == "fields":
        return panels.press_fields(state, panel, key, sight.panel_page)
    if panel.kind == "details" and key in {"k", "f9"} and not state.settings.vi:
        return signal_question(state, (panel.pid,), sight)
    return panels.press_text(state, panel, key, sight.panel, sight.panel_page, sight.pages)


def _type(state: State, prompt: Prompt, key: str, sight: Sight) -> Pressed:
    entry, ended = prompt.entry.typed(key)
    if ended == OPEN:
        state = state._replace(prompt=prompt._replace(entry=entry))
        if prompt.kind == "find" and entry.text != prompt.entry.text:
            return searched(state, entry.text, 0, sight), ()
        return state, ()
    state = state._replace(prompt=None)
    if ended != DONE:
        return state, ()
    return answer(state, prompt, entry.text.strip(), sight)


# --- the order, and what is shown


def _order(state: State, key: str, sight: Sight) -> Pressed | None:
    settings, view = state.settings, state.settings.shown
    if key in _SORTS:
        settings = settings.with_view(sort=_SORTS[key], descending=True)
    elif key in {"<", ">"}:
        columns = view.columns
        place = columns.index(view.sort) if view.sort in columns else 0
        name = columns[(place + (1 if key == ">" else -1)) % len(columns)]
        settings = settings.with_view(sort=name)
        state = state._replace(message=f"sorted by {name}")
    elif key == "R":
        settings = settings.with_view(descending=not view.descending)
    elif key == "V":
        settings = settings._replace(tree=not settings.tree)
    elif key in {"v", "-", "+", "_"}:
        return _fold(state, key, sight), ()
    elif key in {"a", "w"}:
        return _viewed(state, settings.view + (1 if key == "w" else -1))
    else:
        return None
    return state._replace(settings=settings), (LOOK,)


def _viewed(state: State, number: int) -> Pressed:
    views = state.settings.views
    settings = state.settings._replace(view=number % len(views))
    return state._replace(settings=settings, left=0, message=f"view {settings.shown.name}"), (LOOK,)


def _fold(state: State, key: str, sight: Sight) -> State:
    pid = sight.selected(state)
    if not state.settings.tree:
        return state._replace(message="V shows the tree whose branches that folds")
    folded = state.collapsed
    if key == "_":
        folded = frozenset() if folded else frozenset(sight.parents() if sight.parents else ())
    elif key == "+" or (key == "v" and pid in folded):
        folded -= {pid}
    else:
        folded |= {pid}
    return state._replace(collapsed=folded)


def _switch(state: State, key: str, _: Sight) -> Pressed | None:
    settings = state.settings
    name = _READS.get(key) or _TOGGLES.get(key)
    if name is not None:
        on = not getattr(settings, name)
        said = _SAID.get(key, ("", ""))[not on]
        changes: dict[str, Any] = {name: on}
        return _with(state, **changes)._replace(message=said), (LOOK,) if key in _READS else ()
    if key in _CYCLES:
        name, count = _CYCLES[key]
        return _with(state, **{name: (getattr(settings, name) + 1) % count}), ()
    if key == "e":
        return _with(state, task_scale=(settings.task_scale + 1) % len(SCALES)), ()
    if key == "E":
        return _with(state, summary_scale=(settings.summary_scale + 1) % (len(SCALES) + 1)), ()
    if key == "Z":
        return _coloured(state), ()
    if key in {"left", "right"}:
        return state._replace(left=max(0, state.left + (1 if key == "right" else -1))), ()
    if key == "ctrl-v":
        said = (
            "vi's keys: j k g G n N h l move, F9 signals" if not settings.vi else "the usual keys"
        )
        return _with(state, vi=not settings.vi)._replace(message=said), ()
    return None


def _with(state: State, **changes: Any) -> State:
    return state._replace(settings=state.settings._replace(**changes))


def _coloured(state: State) -> State:
    scheme = state.settings.scheme or usual_scheme()
    scheme = SCHEMES[(SCHEMES.index(scheme) + 1) % len(SCHEMES)]
    names = {
        "both": "for any background", "dark": "for a dark background", "light": "for a light background",
        "basic": "the terminal's own 8", "none": "none",
    }  # fmt: skip
    return _with(state, scheme=scheme, colours=True)._replace(message=f"colours: {names[scheme]}")


# --- questions


def _question(state: State, key: str, sight: Sight) -> Pressed | None:
    settings = state.settings
    asked: dict[str, Callable[[], Prompt]] = {
        "d": lambda: Prompt("delay", f"Seconds between looks ({settings.interval:g}):"),
        "o": lambda: Prompt("filter", "Only where (cpu > 5 and user == root):"),
        "O": lambda: Prompt("exact filter", "Only where, in this case (COMMAND=Xorg):"),
        "\\": lambda: Prompt("text", "Only with the text (none: all):", Entry.of(state.text)),
        "u": lambda: Prompt("user", "User (none: all):"),
        "U": lambda: Prompt("any user", "User, by any of its ids (none: all):"),
        "n": lambda: Prompt("most", f"Processes at most ({settings.most or 'as many as fit'}):"),
        "g": lambda: Prompt("view", _view_names(settings)),
        "G": lambda: Prompt("name", "Name of this view:", Entry.of(settings.shown.name)),
        "X": lambda: Prompt("wider", f"Further columns for names ({settings.wider}):"),
        "/": lambda: Prompt("find", "Find:"),
    }
    if key in asked:
        return state._replace(prompt=asked[key]()), ()
    pid = sight.selected(state)
    if key in {"k", "r"}:
        targets = tuple(sorted(state.tagged))
        if targets:
            return (signal_question if key == "k" else nice_question)(state, targets, sight)
        kind, verb = ("target", "signal") if key == "k" else ("nice target", "renice")
        question = f"PID to {verb} ({pid} {sight.name(pid)}):"
        return state._replace(prompt=Prompt(kind, question, about=(pid,))), ()
    if key == "K" and pid:
        return signal_question(state, (pid, *sight.below(pid)), sight)
    return None


def _view_names(settings: Settings) -> str:
    names = "  ".join(f"{number} {view.name}" for number, view in enumerate(settings.views, 1))
    return f"View ({names}):"


def _act(state: State, key: str, sight: Sight) -> Pressed | None:
    pid = sight.selected(state)
    if key == "q":
        return state, (END,)
    if key == "space":
        return state, (LOOK,)
    if key == "h":
        return state._replace(panel=Panel("help")), ()
    if key == "f":
        return state._replace(panel=Panel("fields")), ()
    if key == "enter" and pid:
        return state._replace(panel=Panel("details", pid=pid)), (LOOK,)
    if key == "W":
        return state, (SAVE,)
    if key == "p":
        return state._replace(paused=not state.paused), () if not state.paused else (LOOK,)
    if key == "&":
        return searched(state, state.search, 1, sight), ()
    if key == "previous":
        return searched(state, state.search, -1, sight), ()
    if key == "F" and pid:
        follow = 0 if state.follow else pid
        said = f"follows {pid} {sight.name(pid)}" if follow else "follows nobody"
        return state._replace(follow=follow, message=said), ()
    if key == "*" and pid:
        moved = state.scroll.moved("down", len(sight.pids), sight.page) or state.scroll
        return state._replace(tagged=state.tagged ^ {pid}, scroll=moved, follow=0), ()
    if key == "~":
        return state._replace(tagged=frozenset()), ()
    if key in {"f7", "f8"} and pid:
        return state, (("nicer", pid, -1 if key == "f7" else 1), LOOK)
    if key == "ctrl-o":
        return state._replace(message=asked_for(state) or "all processes"), ()
    if key == "=":
        everyone = state._replace(filters=(), text="", user="", any_user="", pids=(), follow=0)
        return _with(everyone, idle=True, most=0), (LOOK,)
    return None
