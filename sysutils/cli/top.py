"""top(1) of procps-ng 4.0.2 in batch mode: the system and its processes, frame after frame.

Into a pipe its bytes are the classic's with the defaults it was built with: toprc files are not read.
Departs where a new process has the pid of one that ended: what it did is told, not 100 percent; and where
the classic lets a control character pass that stands behind half a character. On a terminal it is a screen
that is repainted until q: the classic's keys and others choose what it shows (h tells them, and
docs/live-screens.md), and W saves that; without -d it is 3 seconds between looks, or what was saved. With
--json, --jsonl and --csv it is a batch without -b."""

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from sysutils.cli import candidates
from sysutils.cli import top_words as words
from sysutils.cli.fields.process import Moment
from sysutils.cli.grammar import CommandError, Grammar
from sysutils.cli.interval import every
from sysutils.cli.options import (
    Help,
    classic,
    on_terminal,
    option,
    output_mode,
    output_options,
    version_option,
)
from sysutils.cli.output.column import Column, Table
from sysutils.cli.output.stream import Stream, is_terminal, put
from sysutils.cli.top_columns import NAMES, Key, Settings, columns, sort_key
from sysutils.cli.top_frame import CPU_STATES, Counts, Frame, Memory, Sampler, Wanted
from sysutils.cli.top_text import Screen, cpu_percents, frame_text, screen, summary

F = TypeVar("F", bound=Callable[..., Any])

_TINY = 1e-6


class Order(NamedTuple):
    """``-o``: a field, highest first."""

    name: str
    descending: bool


def _order(text: str) -> Order:
    name = text[1:] if text[:1] in {"+", "-"} else text
    if name not in NAMES:
        raise CommandError(f"unrecognized field name '{name}'")
    return Order(name, not text.startswith("-"))


_complete_field = candidates.signed(candidates.words(NAMES), "+-")
_complete_user = candidates.signed(candidates.users, "!")


class Options(NamedTuple):
    """The options, their toggles counted out."""

    cmdline: bool
    summary_scale: int
    task_scale: int
    threads: bool
    idle: bool
    order: Order
    cumulative: bool
    pids: tuple[int, ...]
    any_user: words.Owner | None
    user: words.Owner | None
    per_cpu: bool

    def settings(self, whole: float = 0.0) -> Settings:
        """What the columns depend on."""
        return Settings(self.cmdline, self.cumulative, self.threads, self.task_scale, whole)

    def key(self) -> Key:
        """What the tasks are sorted by."""
        return sort_key(self.order.name, self.settings())

    def wanted(self) -> Wanted:
        """What is to be read."""
        needs = {"pid": 0, "utime": 0, "stime": 0, "state": 0}
        for column in columns(self.settings(), Moment()):
            needs.update(dict.fromkeys(column.needs, 0))
        key = self.key()
        needs.update(dict.fromkeys(key.needs, 0))
        if self.any_user is not None:
            needs.update({"uids": 0, "fsuid": 0})
        # last: where another field has the status read, that tells these too
        names = sorted(needs, key={"euid", "egid"}.__contains__)
        pids = list(dict.fromkeys(self.pids)) or None
        return Wanted(
            tuple(names), pids, self.threads, self.per_cpu, self.idle, self._test(), key.of,
            self.order.descending,
        )  # fmt: skip

    def _test(self) -> Callable[[Any], bool] | None:
        if self.user is not None:
            user = self.user
            return lambda row: user.among(row.euid)
        if self.any_user is not None:
            owner = self.any_user
            return lambda row: owner.among(*(row.uids or ()), row.fsuid)
        return None


_ABOUT = Help(
    examples=(
        ("", "The live screen; h shows its keys."),
        ("-o RES", "Those with most memory first."),
        ("-u www-data -c", "Processes of a user with their command lines."),
        ("-b -n 1", "One frame as text."),
        ("-bn2 -d 5 --json", "Two frames, five seconds apart, for programs."),
    ),
    statuses=(
        ("0", "Frames were shown, or an unknown option, as with the classic."),
        ("1", "A value could not be used, or there is no terminal for the live screen."),
    ),
)


@classic("top", about=_ABOUT, grammar=Grammar(status=0, reader=words.TopReader, unread_status=0),
         help_names=("-h", "--help"))  # fmt: skip
@option(
    "-b",
    "--batch-mode",
    "batch",
    group="Frames",
    is_flag=True,
    help="Frames as text, one after the other.",
)
@option(
    "-c",
    "--cmdline-toggle",
    "cmdline",
    group="Columns and units",
    count=True,
    help="Command lines in place of names.",
)
@option("-d", "--delay", "seconds", group="Frames", metavar="SECS", parse=words.delay,
        help="Seconds between frames; 3 unless told.")  # fmt: skip
@option("-E", "--scale-summary-mem", "summary_scale", group="Columns and units",
        shell_complete=candidates.words("kmgtpe"), metavar="SCALE",
        parse=words.summary_scale,
        help="Memory of the system in k, m, g, t, p or e.")  # fmt: skip
@option("-e", "--scale-task-mem", "task_scale",
        shell_complete=candidates.words("kmgtp"), metavar="SCALE", parse=words.task_scale,
        help="Memory of the processes in k, m, g, t or p at least.")  # fmt: skip
@option(
    "-H",
    "--threads-show",
    "threads",
    group="Which tasks",
    is_flag=True,
    help="Threads in place of processes.",
)
@option("-i", "--idle-toggle", "idle", count=True, help="Without what used no CPU.")
@option("-n", "--iterations", "frames", group="Frames", metavar="NUMBER", parse=words.iterations,
        help="End after that many frames. JSON and CSV end after one unless -b or -n is given.")  # fmt: skip
@option(
    "-O", "--list-fields", group="Order", is_flag=True, is_eager=True, help="List the names for -o."
)
@option("-o", "--sort-override", "order", metavar="[+-]FIELD", parse=_order,
        shell_complete=_complete_field, help="Sort by that field, with - lowest first.")  # fmt: skip
@option("-p", "--pid", "pids", group="Which tasks",
        shell_complete=candidates.listed(candidates.pids), metavar="PIDLIST", multiple=True, parse=words.pids,
        help="Only these processes; 0 is top itself.")  # fmt: skip
@option(
    "-S",
    "--accum-time-toggle",
    "cumulative",
    group="Columns and units",
    count=True,
    help="TIME+ with dead children's.",
)
@option(
    "-s",
    "--secure-mode",
    "secure",
    group="Frames",
    is_flag=True,
    expose_value=False,
    help="Without -d.",
)
@option("-U", "--filter-any-user", "any_user", group="Which tasks", metavar="USER", parse=words.Owner,
        shell_complete=_complete_user, help="Only with that user among its ids; !USER: without.")  # fmt: skip
@option("-u", "--filter-only-euser", "user", metavar="USER", parse=words.Owner,
        shell_complete=_complete_user, help="Only with that effective user; !USER: without.")  # fmt: skip
@version_option("-V", "--version")
@option("-w", "--width", "width", group="Columns and units", metavar="COLUMNS", optional_value=0,
        parse=words.width,
        help="Width of a batch; without COLUMNS as wide as possible.")  # fmt: skip
@option("-1", "--single-cpu-toggle", "per_cpu", count=True, help="A part for each CPU.")
@output_options(watch=False)
def command(
    batch: bool, seconds: float | None, frames: int | None, list_fields: bool, order: Order | None,
    pids: tuple[list[int], ...], width: int | None, output: str | None, summary_scale: int | None,
    task_scale: int | None, **rest: Any,
) -> int:  # fmt: skip
    """Show the system and its processes, frame after frame.

    With --json and --jsonl a frame is one object: the system's figures, and its "processes". With --csv a
    process is a line, which begins with the number of its frame and the time."""
    if list_fields:
        put("".join(f"{name}\n" for name in NAMES) + ("\n" if batch else ""))
        return 0
    toggles = {
        name: rest.pop(name) % 2 == 1 for name in ("cmdline", "idle", "cumulative", "per_cpu")
    }
    options = Options(
        order=order or Order("%CPU", True), pids=tuple(pid for some in pids for pid in some),
        summary_scale=1 if summary_scale is None else summary_scale, task_scale=task_scale or 0,
        **{**rest, **toggles, "idle": not toggles["idle"]},
    )  # fmt: skip
    mode = output_mode(output)
    if batch and not (output or os.environ.get("SYSUTILS_OUTPUT")):
        mode = "plain"
    if frames is None and not batch and mode in {"json", "jsonl", "csv"}:
        frames = 1
    if not batch and mode == "plain" and not (on_terminal() or _typed()):
        raise CommandError("failed tty get")
    gc.disable()  # thousands of rows, all alive to the end of their frame
    interval = max(3.0 if seconds is None else seconds, _TINY)
    if mode == "rich" and not batch and on_terminal():
        from sysutils.cli import top_live, top_start

        asked = top_start.Asked(seconds, order, summary_scale, task_scale)
        return top_live.show(top_start.state(options, asked), frames)
    sampler = Sampler(options.wanted())
    reports = every(interval, frames, sampler.frame)
    _WRITERS[mode](reports, options, screen(width or None, width == 0))
    return 0


def _typed() -> bool:
    return sys.stdin is not None and not sys.stdin.closed and is_terminal(0)


# --- writing


def _write_plain(frames: Iterator[Frame], options: Options, room: Screen) -> None:
    out = Stream()
    for frame in frames:
        shown = columns(options.settings(frame.whole), frame.moment)
        groups = summary(frame, options.threads, options.per_cpu, options.summary_scale)
        between = "\n" if frame.number > 1 else ""
        out.write(between + frame_text(groups, shown, frame.tasks, room))
        out.flush()


def _write_rich(frames: Iterator[Frame], options: Options, _: Screen) -> None:
    from sysutils.cli import top_rich

    for frame in frames:
        groups = summary(frame, options.threads, options.per_cpu, options.summary_scale)
        shown = columns(options.settings(frame.whole), frame.moment)
        put(("\n" if frame.number > 1 else "") + top_rich.picture(groups, shown, frame.tasks))


def _write_csv(frames: Iterator[Frame], options: Options, _: Screen) -> None:
    from sysutils.cli.output import as_csv

    out = Stream()
    for frame in frames:
        first = [column._replace(get=_always(column.get(frame))) for column in FRAME[:2]]
        shown = [*first, *columns(options.settings(frame.whole), frame.moment)]
        as_csv.write(shown, frame.tasks, out, header=frame.number == 1)


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _objects(options: Options) -> list[Column]:
    def processes(frame: Frame) -> list[dict[str, Any]]:
        shown = columns(options.settings(frame.whole), frame.moment)
        return [{column.name: column.get(task) for column in shown} for task in frame.tasks]

    return [*FRAME, PROCESSES._replace(get=processes)]


def _write_json(frames: Iterator[Frame], options: Options, _: Screen) -> None:
    from sysutils.cli.output import as_json

    as_json.write_array(_objects(options), frames, Stream())


def _write_jsonl(frames: Iterator[Frame], options: Options, _: Screen) -> None:
    from sysutils.cli.output import as_json

    out = Stream()
    for frame in frames:
        as_json.write_lines(_objects(options), [frame], out)


_WRITERS = {
    "plain": _write_plain, "rich": _write_rich, "csv": _write_csv, "json": _write_json,
    "jsonl": _write_jsonl,
}  # fmt: skip


def _cpus(frame: Frame) -> list[dict[str, float]]:
    return [
        dict(zip(CPU_STATES, (round(share, 2) for share in cpu_percents(ticks)), strict=True))
        for ticks in frame.cpus
    ]


def _parts(names: Iterable[str], kind: str) -> tuple[Column, ...]:
    return tuple(Column(name, name, attrgetter(name), kind=kind, null=False) for name in names)


#: what the objects of --json and --jsonl have; lines of --csv begin with the first two
FRAME = (
    Column("frame", "FRAME", lambda frame: frame.number, right=True, help="Number of the frame, from 1 on."),
    Column("timestamp", "TIMESTAMP", lambda frame: frame.report.time, unit="epoch",
           help="When it was taken."),
    Column("uptime", "UP", lambda frame: frame.report.uptime, unit="seconds", help="Seconds since boot."),
    Column("users", "USERS", lambda frame: frame.report.users, right=True,
           help="Login sessions."),
    Column("loadavg", "LOAD", lambda frame: frame.report.loadavg, kind="[number]",
           help="Load over 1, 5 and 15 minutes."),
    Column("tasks", "TASKS", lambda frame: frame.counts._asdict(), of=_parts(Counts._fields, "integer"),
           kind="object", help="How many processes, with -H threads, there are in each state."),
    Column("cpu", "CPU", _cpus, unit="percent", kind="[object]", of=_parts(CPU_STATES, "number"),
           help="Shares of the states since the frame before, of all CPUs; with -1 of each."),
    Column("memory", "MEMORY", lambda frame: frame.memory._asdict(), unit="bytes", kind="object",
           of=_parts(Memory._fields, "integer"), help="Physical memory and swap."),
)  # fmt: skip
PROCESSES = Column("processes", "PROCESSES", lambda frame: frame.tasks, kind="[object]",
                   help="The processes, with -H the threads.")  # fmt: skip


def tables() -> tuple[Table, ...]:
    """What JSON holds, for the documentation; a line of CSV is a process."""
    return (Table((*FRAME, PROCESSES._replace(of=columns(Settings(), Moment())))),)
