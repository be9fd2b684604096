"""Every column that the live screen of top(1) can show, sort by and filter on.

All names of the classic's field management are there under its own names; beside them rates of input and
output, the container, and the history of a process."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sysutils.cli.fields.process import PID, RIGHT, Field, Moment
from sysutils.cli.fields.process_command import command_pieces
from sysutils.cli.fields.process_ids import container
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.live import meters
from sysutils.cli.output.column import Column
from sysutils.cli.top_columns import (
    FACTS,
    NAMES,
    ROLLUP,
    SHARED,
    Key,
    Settings,
    Task,
    columns,
    memory_text,
    pairs,
    sort_key,
)

#: what is not the classic's
OWN = ("ioR/s", "ioW/s", "CONTAINER", "HIST")
ALL = (*NAMES, *OWN)
#: cells of a process's history
HISTORY = 10
_NO_FIGURES: Mapping[Any, Any] = {}

_ID = re.compile(r"(?:^|[/:-])(?:[a-z]+-)*([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:$|/)")
_MACHINE = re.compile(r"/machine(?:\.slice/machine)?[-/]([^/]+?)(?:\.scope|\.service)?(?:$|/)")

#: columns in the order in which a narrow screen keeps them; the others leave first, from the right
_KEPT = (
    "PID", "COMMAND", "%CPU", "%MEM", "S", "RES", "USER", "TIME+", "ioR/s", "ioW/s", "CONTAINER", "HIST",
    "PSS", "SWAP", "VIRT", "NI", "SHR", "PR",
)  # fmt: skip
#: names of top without a sentence in the table of fields
_HELP = {
    "VIRT": "Virtual memory.", "SWAP": "Swapped out memory.", "CODE": "Memory of program text.",
    "DATA": "Memory of data and stack.", "nDRT": "Dirty pages.", "RSan": "Resident memory, anonymous.",
    "RSfd": "Resident memory, of files.", "RSsh": "Resident memory, shared.",
    "RSlk": "Memory locked by the process.", "STARTED": "When it was started, since boot.",
    "ELAPSED": "How long ago it was started.", "TIME": "CPU time.",
    "vMj": "Major faults since the look before.",
    "vMn": "Minor faults since the look before.", "USED": "Resident and swapped out memory.",
    "RSS": "Resident memory by its mappings.", "PSS": "Proportional set size.",
    "PSan": "Proportional set size, anonymous.", "PSfd": "Proportional set size, of files.",
    "PSsh": "Proportional set size, shared.", "USS": "Unique set size.", "ENVIRON": "Environment.",
    "LOGID": "Login user id.", "CGROUPS": "Control groups.",
}  # fmt: skip


class Context(NamedTuple):
    """What columns depend on, beside the process."""

    settings: Settings = Settings()
    moment: Moment = Moment()
    #: pid -> bytes read and written a second
    rates: Mapping[int, tuple[float, float]] = _NO_FIGURES
    #: pid -> its shares of a CPU at the last looks
    history: Mapping[int, Sequence[float]] = _NO_FIGURES
    zeros: bool = True
    #: sizes in the units that fit
    human: bool = False
    #: further cells for names
    wider: int = 0


def container_of(groups: Sequence[str]) -> str | None:
    """The container that control groups belong to: its name, or the first digits of its id."""
    for line in groups:
        found = _ID.search(line) or _MACHINE.search(line)
        if found:
            return found[1]
    return container(list(groups))


def _of_row(get: Callable[[Any], Any]) -> Callable[[Task], Any]:
    return lambda task: get(task.row)


def _size_column(name: str, get: Callable[[Task], int | None], needs: tuple[str, ...], context: Context,
                 width: int = 6) -> Column:  # fmt: skip
    scale = context.settings.scale

    def text(task: Task) -> str:
        size = get(task)
        return "-" if size is None else memory_text(size >> 10, width, scale)

    return Column(
        name, name, get, needs=needs, width=width, right=True, unit="bytes", text=text,
        help=_HELP.get(name, ""),
    )  # fmt: skip


def _of_field(name: str, field: Field, context: Context) -> Column:
    value, shown = field.value(context.moment), field.text(context.moment, 1 << 17)
    if field.unit == "bytes":
        return _size_column(name, _of_row(value), field.needs, context)._replace(help=field.help)
    right = field.layout in {RIGHT, PID}
    return Column(
        name, name, _of_row(value), needs=field.needs, right=right, unit=field.unit, help=field.help,
        width=max(min(field.width, 20), len(name)) + (0 if right else context.wider), style=field.style,
        text=_of_row(shown), kind=field.kind,
    )  # fmt: skip


def _elapsed_text(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d{hours:02}h"
    return f"{hours}h{minutes:02}m" if hours else f"{minutes}m{rest:02}s"


def rate_text(rate: float | None) -> str:
    """Bytes a second in five cells: ``0``, ``512``, ``1.5K``, ``120M``."""
    if rate is None:
        return "-"
    if rate < 1000:
        return f"{rate:.0f}"
    for letter in "KMGT":
        rate /= 1024
        if rate < 1000:
            return f"{rate:.1f}{letter}" if rate < 10 else f"{rate:.0f}{letter}"
    return "?"


def _heavy(rate: float | None) -> str:
    return (
        "bold magenta"
        if rate and rate >= 10 << 20
        else "magenta"
        if rate and rate >= 1 << 20
        else ""
    )


def _rate(name: str, place: int, context: Context) -> Column:
    rates = context.rates

    def get(task: Task) -> float | None:
        found = rates.get(task.row.pid)
        return None if found is None else found[place]

    words = "read from" if not place else "written to"
    return Column(
        name, name, get, needs=("io_counters",), width=5, right=True, unit="bytes per second", style=_heavy,
        text=lambda task: rate_text(get(task)), help=f"Bytes a second {words} disks.",
    )  # fmt: skip


def _times(name: str, context: Context) -> Column:
    ticks, moment = context.moment.ticks, context.moment

    def since(task: Task) -> float:
        return float(task.row.starttime / ticks)

    def ago(task: Task) -> float:
        return max(0.0, moment.uptime / ticks - since(task))

    get = since if name == "STARTED" else ago
    return Column(
        name, name, get, needs=("starttime",), width=7, right=True, unit="seconds",
        text=lambda task: _elapsed_text(get(task)), help=_HELP[name],
    )  # fmt: skip


def _faults(name: str) -> Column:
    get = attrgetter({"vMj": "majflt", "vMn": "minflt"}[name])
    return Column(
        name, name, get, needs=("majflt", "minflt"), width=4, right=True, text=get, help=_HELP[name]
    )


def _history(context: Context) -> Column:
    history = context.history

    def text(task: Task) -> str:
        return meters.spark(history.get(task.row.pid, ()), HISTORY, 100.0)

    return Column("HIST", "HIST", lambda _: None, width=HISTORY, text=text, style="cyan",
                  help="%CPU at the last looks, the highest bar a whole CPU.")  # fmt: skip


def _own(name: str, context: Context) -> Column:
    if name == "HIST":
        return _history(context)
    if name == "CONTAINER":

        def get(task: Task) -> str | None:
            return container_of(task.row.cgroup or ())

        return Column(name, name, get, needs=("cgroup",), width=12 + context.wider, style="cyan",
                      help="Container: its name, or the first digits of its id.")  # fmt: skip
    return _rate(name, OWN.index(name), context)


def _usual(context: Context) -> dict[str, Column]:
    """The classic's default columns, by heading."""
    found = {
        column.header: column._replace(name=column.header)
        for column in columns(context.settings, context.moment)
    }
    found["COMMAND"] = found["COMMAND"]._replace(pieces=command_pieces)
    found["USER"] = found["USER"]._replace(width=found["USER"].width + context.wider)
    return found


def _rolled(name: str, context: Context) -> Column:
    key = sort_key(name, context.settings)
    get = key.of(context.moment)

    def size(task: Task) -> int | None:
        if task.row.smaps_rollup is None:
            return None
        value = get(task)
        return int(value[1] if isinstance(value, tuple) else value)

    return _size_column(name, size, key.needs, context)


def _special(name: str, context: Context) -> Column:
    row = attrgetter
    if name in {"STARTED", "ELAPSED"}:
        return _times(name, context)
    if name in {"vMj", "vMn"}:
        return _faults(name)
    if name == "USED":

        def used(task: Task) -> int:
            return (task.row.vmrss or 0) + (task.row.vmswap or 0)

        return _size_column(name, used, ("vmrss", "vmswap"), context)
    if name == "ENVIRON":
        return Column(
            name, name, row("row.env_args"), needs=("env_args",), width=20, help=_HELP[name]
        )
    if name == "LOGID":
        return Column(
            name,
            name,
            row("row.loginuid"),
            needs=("loginuid",),
            width=5,
            right=True,
            help=_HELP[name],
        )
    if name == "TIME":
        return _usual(context)["TIME+"]._replace(name=name, header=name, help=_HELP[name])
    return _of_field(name, FIELDS["cgroup"], context)


def choose(names: Sequence[str], context: Context) -> list[Column]:
    """The columns of these names, in their order."""
    usual = _usual(context)
    facts, shared = pairs(FACTS), pairs(SHARED)
    found = []
    for name in names:
        if name in usual:
            column = usual[name]
        elif name in OWN:
            column = _own(name, context)
        elif name in ROLLUP or name == "USS":
            column = _rolled(name, context)
        elif name in facts and name != "STARTED":
            get = attrgetter(f"row.{facts[name]}")
            column = _size_column(name, get, (facts[name],), context)
        elif name in shared:
            column = _of_field(name, FIELDS[shared[name]], context)
        else:
            column = _special(name, context)
        if context.human and column.unit == "bytes":
            column = column._replace(text=_human(column.get))
        if not context.zeros and column.right:
            column = column._replace(text=_without_zero(column))
        rank = _KEPT.index(name) if name in _KEPT else len(_KEPT)
        found.append(column._replace(rank=rank))
    return found


def size_text(size: float) -> str:
    """A size in five cells: ``0``, ``640K``, ``1.5G``."""
    return rate_text(size) if size < 1 else rate_text(max(size, 1024))


def _human(get: Callable[[Task], Any]) -> Callable[[Task], str]:
    known: dict[int | None, str] = {None: "-"}

    def text(task: Task) -> str:
        size = get(task)
        if size not in known:
            known[size] = size_text(size)
        return known[size]

    return text


def _without_zero(column: Column) -> Callable[[Task], str]:
    def text(task: Task) -> str:
        shown = str(column.text(task) if column.text else column.get(task))
        return shown if shown.strip("0.:") else ""

    return text


def key_of(name: str, context: Context) -> Key:
    """What tasks are sorted by for a column."""
    if name == "HIST":
        return sort_key("%CPU", context.settings)
    if name not in OWN:
        return sort_key(name, context.settings)
    column = _own(name, context)

    def of(_: Moment) -> Callable[[Task], Any]:
        def key(task: Task) -> Any:
            value = column.get(task)
            return (value is not None, value if value is not None else 0)

        return key

    return Key(column.needs, of)


def help_of(name: str) -> str:
    """One sentence about a column."""
    return choose([name], Context())[0].help or _HELP.get(name, "")
