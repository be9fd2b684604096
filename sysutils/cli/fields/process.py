"""What a process's fields are made of: the one table of them, shared by ps, top, iotop and pidof.

A ``Field`` is declared once, by theme: ``process_ids``, ``process_command``, ``process_state``,
``process_times``, ``process_memory``. It tells what it needs of core, how the raw value comes from a row,
and how ps shows it. ``FIELDS`` has them all by name, the names that only change the heading included.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import attrgetter
from time import time
from typing import Any, Literal, NamedTuple

from sysutils import core
from sysutils.cli.output.column import Column
from sysutils.cli.output.units import scaled_procps

Row = Any
Get = Callable[[Row], Any]

#: how a column is laid out: numbers stand right; names are cut with ``+``; texts run on to the edge of
#: the screen where they are last and are cut elsewhere; masks of signals widen on a wide screen
RIGHT, LEFT, NAME, TEXT, PID, MASK = "right", "left", "name", "text", "pid", "mask"

#: whose a value is, where processes and their threads have rows of their own
BOTH, PROCESS, THREAD, NEITHER = "both", "process", "thread", "neither"


class Moment:
    """When the rows are read: what turns ticks and bytes into elapsed seconds and shares."""

    ticks: int = core.CLOCK_TICKS

    @cached_property
    def now(self) -> float:
        """Seconds since the epoch."""
        return time()

    @cached_property
    def uptime(self) -> int:
        """Clock ticks since boot."""
        return int(core.uptime() * self.ticks)

    @cached_property
    def boot_time(self) -> int:
        """When the system was started, in seconds since the epoch."""
        return int(core.boot_time())

    @cached_property
    def memory(self) -> int:
        """Physical memory in bytes."""
        read = getattr(core, "meminfo", None)
        return int(read()["MemTotal"] if read else core.virtual_memory().total)


class Field(NamedTuple):
    """One field of a process."""

    #: key in JSON and CSV, and the name of ``-o`` and ``--sort``
    name: str
    header: str
    width: int
    #: what ``core.process_table`` is asked for
    needs: tuple[str, ...]
    #: the moment -> row -> raw value
    value: Callable[[Moment], Get]
    layout: str = RIGHT
    #: raw value -> text
    show: Callable[[Any], str] = str
    #: the moment, the room there is -> row -> text, where the raw value alone does not tell
    cell: Callable[[Moment, int], Callable[[Row], Any]] | None = None
    #: the moment -> row -> key to sort by, where that is not the raw value; "text": what is shown
    order: Callable[[Moment], Get] | Literal["text"] | None = None
    #: text for what is not there or forbidden
    missing: str = "-"
    whose: str = BOTH
    unit: str = ""
    help: str = ""
    #: False for names that other systems know and this one answers with ``-``
    known: bool = True
    #: style in a table on a terminal
    style: str | Callable[[Any], str] = ""
    rank: int = 5
    #: text in a table on a terminal -> its pieces with their styles
    pieces: Callable[[str], Sequence[tuple[str, str]]] | None = None
    #: as of a column
    shorten: Callable[[str, int], str] | None = None
    kind: str = ""
    #: those of ``needs`` that it can do without, on systems that do not tell them
    optional: tuple[str, ...] = ()

    def text(self, moment: Moment, room: int) -> Callable[[Row], Any]:
        """Row -> text (or a number, which stands for its digits)."""
        if self.cell is not None:
            return self.cell(moment, room)
        get, show, missing = self.value(moment), self.show, self.missing

        def text(row: Row) -> str:
            value = get(row)
            return missing if value is None else show(value)

        return text

    def key(self, moment: Moment) -> Get:
        """Row -> what it is sorted by."""
        if self.order == "text":
            return self.text(moment, 1 << 17)
        return (self.order or self.value)(moment)

    def column(self, moment: Moment) -> Column:
        """The field for the writers of tables, JSON and CSV."""
        return Column(
            self.name,
            self.header,
            self.value(moment),
            self.show,
            self.needs,
            self.width,
            self.layout in {RIGHT, PID},
            self.unit,
            self.help,
            style=self.style,
            rank=self.rank,
            text=self._table_text(moment),
            shorten=self.shorten,
            pieces=self.pieces,
            kind=self.kind or ("integer" if self.layout == MASK else ""),
        )

    def _table_text(self, moment: Moment) -> Callable[[Row], Any]:
        """Row -> text in a table: nothing cut, sizes in units that fit."""
        if self.unit != "bytes":
            return self.text(moment, 1 << 17)
        get = self.value(moment)

        def text(row: Row) -> str:
            size = get(row)
            return scaled_procps(size) if size else "-" if size is None else "0"

        return text


def plain(fact: str) -> Callable[[Moment], Get]:
    """The fact itself is the value."""
    return lambda _: attrgetter(fact)


def fact(
    name: str, header: str, width: int, source: str = "", help: str = "", **more: Any
) -> Field:
    """A field that is one fact of core, shown as it is."""
    source = source or name
    return Field(name, header, width, (source,), plain(source), help=help, **more)


def number(
    name: str, header: str, width: int, source: str = "", help: str = "", **more: Any
) -> Field:
    """A field that is one number of core; every process has it."""
    source = source or name
    more.setdefault("cell", lambda _moment, _room: attrgetter(source))
    return fact(name, header, width, source, help, **more)


def again(field: Field, header: str = "", width: int = 0, **more: Any) -> Field:
    """The same field under another name: with another heading."""
    return field._replace(header=header or field.header, width=width or field.width, **more)


def empty(name: str, header: str, width: int, layout: str = RIGHT) -> Field:
    """A field of other systems: accepted, always ``-``."""
    return Field(name, header, width, (), lambda _: _nothing, layout, known=False, kind="null")


def emptied(field: Field) -> Field:
    """A field that this system does not tell: accepted, always ``-``."""
    return field._replace(
        needs=(), value=lambda _: _nothing, cell=None, order=unsorted, missing="-", known=False,
        kind="null",
    )  # fmt: skip


def pid_width() -> int:
    """Digits of the largest process id there may be, five at least."""
    largest = getattr(core, "pid_max", None)
    return max(5, len(str(largest() - 1))) if largest else 5


def unsorted(_: Moment) -> Get:
    """The order of fields that ps(1) takes for ``--sort`` and does not sort by."""
    return lambda _: 0


def _nothing(_: Row) -> None:
    return None
