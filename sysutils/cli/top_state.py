"""What the live screen of top(1) is showing: settings that can be saved, and where the user is."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sysutils.cli.live.entry import Entry
from sysutils.cli.live.scroll import Scroll


class View(NamedTuple):
    """One way to look at the processes: its columns, and what they are sorted by."""

    name: str
    columns: tuple[str, ...]
    sort: str
    descending: bool = True


#: the first four are the classic's windows, in its order; the others answer what it is asked for besides
VIEWS = (
    View("Def", ("PID", "USER", "PR", "NI", "VIRT", "RES", "SHR", "S", "%CPU", "%MEM", "TIME+", "COMMAND"),
         "%CPU"),
    View("Job", ("PID", "PPID", "TIME+", "%CPU", "%MEM", "PR", "NI", "S", "VIRT", "SWAP", "RES", "UID",
                 "COMMAND"), "PID"),
    View("Mem", ("PID", "%MEM", "VIRT", "RES", "CODE", "DATA", "SHR", "nMaj", "nDRT", "SWAP", "PSS", "USS",
                 "%CPU", "COMMAND"), "%MEM"),
    View("Usr", ("PID", "PPID", "UID", "USER", "RUSER", "TTY", "TIME+", "%CPU", "%MEM", "S", "COMMAND"),
         "USER"),
    View("I/O", ("PID", "USER", "S", "%CPU", "%MEM", "ioR/s", "ioW/s", "ioR", "ioW", "COMMAND"), "ioW/s"),
    View("Box", ("PID", "USER", "CONTAINER", "S", "%CPU", "HIST", "%MEM", "RES", "TIME+", "COMMAND"), "%CPU"),
)  # fmt: skip


class Settings(NamedTuple):
    """What ``W`` saves."""

    views: tuple[View, ...] = VIEWS
    #: which of them is shown
    view: int = 0
    interval: float = 3.0
    cmdline: bool = False
    #: those that used no CPU are shown
    idle: bool = True
    threads: bool = False
    #: times with those of dead children
    cumulative: bool = False
    tree: bool = False
    #: a share of one CPU, as Irix had it; False: of all CPUs
    single: bool = True
    per_cpu: bool = True
    #: 0 for what fits, 1 for KiB, … of the table; of the lines above it
    task_scale: int = 0
    summary_scale: int = 0
    #: how CPUs and memory are shown: 0 meters, 1 history, 2 numbers, 3 not at all
    cpu_mode: int = 0
    memory_mode: int = 0
    load: bool = True
    #: the sorted column, and rows of running processes, stand out
    mark_column: bool = False
    mark_running: bool = False
    #: what stands out is reversed, not bold
    reverse: bool = False
    bold: bool = True
    colours: bool = True
    #: a scheme of the palette, "" for the one that the terminal asks for
    scheme: str = ""
    #: 0 as usual, 1 numbers left, 2 texts right, 3 both
    justify: int = 0
    #: further columns for names
    wider: int = 0
    zeros: bool = True
    #: how many processes at most, 0 for as many as there is room for
    most: int = 0
    vi: bool = False
    hints: bool = True

    @property
    def shown(self) -> View:
        """The view on the screen."""
        return self.views[self.view]

    def with_view(self, **changes: Any) -> "Settings":
        """The settings with the view on the screen changed."""
        views = list(self.views)
        views[self.view] = views[self.view]._replace(**changes)
        return self._replace(views=tuple(views))


class Prompt(NamedTuple):
    """A question on the screen. ``kind`` tells what is done with the answer, ``about`` what it is about."""

    kind: str
    question: str
    entry: Entry = Entry()
    about: tuple[int, ...] = ()


class Panel(NamedTuple):
    """Something that is shown in place of the table: ``help``, ``fields``, ``details``."""

    kind: str
    scroll: Scroll = Scroll()
    #: of details: the process and the page
    pid: int = 0
    page: int = 0
    #: of fields: the name that is being moved
    moving: str = ""


class State(NamedTuple):
    """All that a key can change."""

    settings: Settings = Settings()
    scroll: Scroll = Scroll()
    #: so many columns are left out at the left; beyond them the last is shifted
    left: int = 0
    #: expressions, all of which hold
    filters: tuple[str, ...] = ()
    #: found somewhere in the line
    text: str = ""
    #: of -u and -U, and whose keys they are
    user: str = ""
    any_user: str = ""
    pids: tuple[int, ...] = ()
    #: the process that the selection stays with
    follow: int = 0
    tagged: frozenset[int] = frozenset()
    #: processes of the tree whose children are not shown
    collapsed: frozenset[int] = frozenset()
    search: str = ""
    paused: bool = False
    message: str = ""
    prompt: Prompt | None = None
    panel: Panel | None = None


class Sight(NamedTuple):
    """What of the processes a key may need to know."""

    #: in their order on the screen
    pids: Sequence[int] = ()
    #: the lines of the table that there is room for
    page: int = 1
    #: pid -> name
    names: Any = None
    #: names of the columns on the screen
    columns: Sequence[str] = ()
    #: pid -> pids of all below it
    below: Any = None
    #: the text of a line by its place in ``pids``; for searching
    line: Any = None
    #: the pids that have others below them
    parents: Any = None
    #: lines of the panel, and how many of them there is room for
    panel: int = 0
    panel_page: int = 1
    #: pages of details
    pages: int = 1

    def selected(self, state: State) -> int:
        """The pid of the process that is selected, 0 for none."""
        return self.pids[state.scroll.place] if state.scroll.place < len(self.pids) else 0

    def name(self, pid: int) -> str:
        """The name of a process on the screen."""
        return str(self.names(pid)) if self.names else ""


#: what a key asks for beyond the state: its name, and what it needs
Effect = tuple[Any, ...]
Pressed = tuple[State, tuple[Effect, ...]]
LOOK: Effect = ("look",)
END: Effect = ("end",)
SAVE: Effect = ("save",)
