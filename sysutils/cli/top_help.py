"""The keys of the live top(1): one table for the help on the screen and for the documentation."""

from collections.abc import Iterator
from typing import NamedTuple


class Keys(NamedTuple):
    """Some keys, and what they do. ``classic``: they are procps top's and mean the same there."""

    keys: str
    does: str
    classic: bool = False


HELP: dict[str, tuple[Keys, ...]] = {
    "Moving": (
        Keys("↑ ↓  j", "to the process above, below"),
        Keys("PgUp PgDn  Ctrl-B Ctrl-F", "a page up, down; Ctrl-U Ctrl-D half a page"),
        Keys("Home End", "to the first, the last process", True),
        Keys("← →", "columns at the left leave and come back; then the command moves", True),
        Keys("/  L", "find a text in the table", True),
        Keys("&", "find it again; n with vi's keys", True),
        Keys("F", "stay with the process that is selected, wherever it goes"),
        Keys("Ctrl-V", "vi's keys: j k g G n N and h l move; F9 signals, < and > choose the order"),
    ),
    "Order": (
        Keys("P M T N", "by %CPU, %MEM, TIME+, PID", True),
        Keys("< >", "by the column at the left, at the right", True),
        Keys("S", "TIME+ with that of dead children", True),
        Keys("R", "the other way round", True),
        Keys("V  F5", "as a tree", True),
        Keys("v  - +", "fold the branch, or unfold it", True),
        Keys("_", "fold all branches, or unfold them"),
    ),
    "Which processes": (
        Keys("o O", "an expression: cpu > 5 and user == root; O tells a from A", True),
        Keys("\\  F4", "a text that the command or user has"),
        Keys("u U", "of one user: effective, any of its ids; !name: all others", True),
        Keys("i", "with or without what used no CPU", True),
        Keys("n #", "so many at most; 0 for as many as there is room for", True),
        Keys("H", "threads or processes", True),
        Keys("Ctrl-O", "tell what is chosen", True),
        Keys("=", "all again", True),
    ),
    "What of them": (
        Keys("f  F2", "choose columns, their order and the one to sort by", True),
        Keys(
            "g  1-6",
            "another view: Def, Job, Mem, Usr as in the classic, I/O, Box (containers)",
            True,
        ),
        Keys("a w", "the next view, the one before", True),
        Keys("G", "name the view", True),
        Keys("c", "command lines or names", True),
        Keys("e", "units of the table", True),
        Keys("I", "shares of one CPU, or of all", True),
        Keys("X", "wider names", True),
        Keys("J", "numbers left, texts right, both, as usual (the classic has j for the texts)"),
        Keys("0", "zeros or blanks", True),
    ),
    "What to do": (
        Keys("Enter  Y", "files, sockets, environment, maps, limits of the process"),
        Keys("k  F9", "send a signal to it, or to all that are tagged", True),
        Keys("K", "send a signal to it and all below it"),
        Keys("r", "change its nice value; F7 and F8: one less, one more", True),
        Keys("*  Insert", "tag it, or not; ~ untags all"),
    ),
    "The screen": (
        Keys("l t m", "load, CPUs, memory: meters, history, numbers, nothing", True),
        Keys("1", "each CPU, or all together", True),
        Keys("E", "units of memory and swap", True),
        Keys(
            "x y b B",
            "sorted column, running processes stand out: bold or reversed; never bold",
            True,
        ),
        Keys("z Z", "colours or none; other colours", True),
        Keys("d s", "seconds between looks", True),
        Keys("space", "look now", True),
        Keys("p", "pause"),
        Keys("W", "save all this", True),
        Keys("h ?  F1", "this help", True),
        Keys("q  F10", "end", True),
    ),
}
#: keys of the classic that are not here, and why
ABSENT = (
    ("A", "four tables at once: a screen is better filled by one; g, a and w change views"),
    ("2 3", "NUMA nodes: the column NU tells the node"),
    ("4 5 !", "how CPUs stand beside one another: as many as there is room for"),
    ("C", "scroll coordinates: what is selected and how many there are always stands there"),
    ("^G ^K ^N ^P ^U", "fields of one process in a line: Enter tells them and more"),
)
#: at the bottom of the screen
HINTS = (
    ("h", "Help"), ("Enter", "Details"), ("/", "Find"), ("o", "Filter"), ("f", "Columns"), ("g", "Views"),
    ("V", "Tree"), ("k", "Signal"), ("r", "Nice"), ("W", "Save"), ("q", "Quit"),
)  # fmt: skip


def help_lines(width: int) -> Iterator[list[tuple[str, str]]]:
    """The help as pieces of text and their styles, for a screen so wide."""
    for heading, table in HELP.items():
        yield [(heading, "bold cyan")]
        column = 24 if width >= 60 else 12
        for keys in table:
            room = max(10, width - column - 2)
            lines = list(_wrapped(keys.does, room))
            names = keys.keys
            if len(names) >= column:
                yield [(f"  {names}", "bold")]
                names = ""
            for text in lines:
                yield [(f"  {names:<{column - 1}} ", "bold"), (text, "")]
                names = ""
        yield []


def _wrapped(text: str, room: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > room:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line
