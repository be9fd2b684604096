"""iotop(8) of iotop-c 1.23: what threads and processes read, write and wait for.

Departs: without CAP_NET_ADMIN it is no error; the figures are then those of /proc/PID/io, without SWAPIN
and IO. The totals count each thread once (the classic counts what threads moved with their process as
well). ``-d`` takes fractions, as the manual says (the classic cuts them); words that are no numbers are
refused; counters that fall are no traffic. Where the system counts whole processes alone, they are shown, not
threads (on Windows: what they read and write anywhere, files, devices and the network alike). Each frame is
written at once. Control characters are ``?``. ``-q`` and its like do what the classic does, not what its
manual says; in JSON, CSV and on a terminal -qqq
leaves the summary out. On a terminal h tells
the keys. No configuration file is read or written, and there is no graph."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.declared import IDLE
from sysutils.cli.grammar import Reader
from sysutils.cli.interval import every, interruptible
from sysutils.cli.iotop_rows import COLUMNS, Row, Sampler, TaskStats, Wanted
from sysutils.cli.iotop_text import Style, report
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    classic,
    given,
    option,
    output_mode,
    output_options,
    version_option,
)
from sysutils.cli.output.emit import emit_reports
from sysutils.cli.output.fitted import for_pipe
from sysutils.cli.output.stream import Stream, write_error
from sysutils.cli.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sysutils.cli.output.column import Column


class _Words(Reader):
    """There are no operands."""

    def _operands(self, operands: list[str]) -> None:
        if operands and not self.ctx.resilient_parsing:
            raise self._error(f"unknown argument: {operands[0]}")


F = TypeVar("F", bound=Callable[..., Any])

_OFF = "task_delayacct is 0, enable by: echo 1 > /proc/sys/kernel/task_delayacct"
_INSTEAD = "the figures are those of /proc/PID/io, SWAPIN and IO are not known"
#: a delay of nothing would be a loop without a rest
_SHORTEST = 0.001


def _number(what: str) -> Callable[[str], int]:
    def parse(word: str) -> int:
        text = word.strip().removeprefix("+")
        if not text.isascii() or not text.removeprefix("-").isdecimal() or len(text) > 18:
            raise CommandError(f"invalid {what}: {word}")
        return int(text)

    return parse


def _pid(word: str) -> int:
    pid = _number("process id")(word)
    if pid < 0:
        raise CommandError(f"invalid process id: {word}")
    return pid


def _delay(word: str) -> float:
    digits = word.strip().removeprefix("+")
    whole, _, part = digits.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdecimal():
        raise CommandError(f"invalid delay: {word}")
    return min(max(float(f"0{whole}.{part}0"), _SHORTEST), 4e9)


def _user(word: str) -> int:
    """A name; what is none, or begins with ``+``, may be a number."""
    found = None if word[:1] == "+" else core.user_id(word)
    digits = word.removeprefix("+")
    if found is None and digits.isascii() and digits.isdecimal() and len(digits) < 11:
        found = int(digits)
    if found is None:
        raise CommandError(f"user {word} not found")
    return found


def _one_of(what: str, words: Sequence[str]) -> Callable[[str], str]:
    def parse(word: str) -> str:
        if word not in words:
            raise CommandError(f"invalid value {word} for {what}")
        return word

    return parse


def _threshold(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or not 1 <= int(word[:4]) <= 10:
        raise CommandError(f"threshold {word} is not between 1 and 10")
    return int(word)


#: groups of options
_WHICH, _FRAMES, _FIGURES = "Which processes", "Frames", "Figures"
_HIDDEN = ("pid", "prio", "user", "read", "write", "swapin", "io", "graph", "command")


def _columns(function: F) -> F:
    """Adds the options that hide columns and show them again."""
    for number, name in reversed(list(enumerate(_HIDDEN, 1))):
        text = f"the {name.upper()} column on a terminal; batches have all."
        function = option(
            f"--show-{name}",
            f"show_{name}",
            is_flag=True,
            expose_value=False,
            help=f"Show {text}",
            group="Columns",
        )(function)
        function = option(
            f"-{number}", f"--hide-{name}", f"hide_{name}", is_flag=True, expose_value=False,
            help=f"Hide {text}", group="Columns",
        )(function)  # fmt: skip
    return function


def _pair(
    on: Sequence[str], off: str, name: str, help: str, off_help: str, group: str
) -> Callable[[F], F]:
    """An option and the one that takes it back."""

    def add(function: F) -> F:
        function = option(off, name, flag_value="", help=off_help, group=group)(function)
        return option(*on, name, flag_value="yes", help=help, group=group)(function)

    return add


def _ignored(*names: str, **settings: Any) -> Callable[[F], F]:
    text = settings.pop("help", "Changes nothing here.")
    settings.setdefault("is_flag", "metavar" not in settings)
    settings.setdefault("group", IDLE)
    return option(
        *names, names[-1].lstrip("-").replace("-", "_"), expose_value=False, help=text, **settings
    )


def _summing() -> str:
    """ "", "sum" or "mean": -a and -A turn one another off."""
    found = ""
    for name, _ in given():
        if name in {"sum", "mean"}:
            found = name
        elif name == f"no_{found}":
            found = ""
    return found


def _hidden() -> frozenset[str]:
    """The columns that were hidden and not shown again."""
    hidden = set()
    for name, _ in given():
        verb, _, column = name.partition("_")
        if verb == "hide":
            hidden.add(column)
        elif verb == "show":
            hidden.discard(column)
    return frozenset(hidden)


def _taskstats() -> tuple[TaskStats | None, str]:
    """The better source of figures, or None and why there is none."""
    try:
        return TaskStats(), ""
    except core.AccessDenied:
        return None, f"no right to taskstats (CAP_NET_ADMIN, which root has): {_INSTEAD}"
    except (NotImplementedError, core.NoSuchProcess, OSError, ValueError) as error:
        return None, f"no taskstats ({error}): {_INSTEAD}"


_ABOUT = Help(
    examples=(
        ("-o", "Only what reads or writes."),
        ("-b -n 3", "Three frames as text."),
        ("-Pa", "Processes, and what they moved since iotop began."),
        ("-u postgres -d 5", "A user's, every five seconds."),
        ("-P --jsonl", "For programs, an object a line."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake in the words."),
    ),
    notes="With the right CAP_NET_ADMIN, which root has, waits for disk and swap are known; "
    "without it only what one's own processes move. The kernel counts waits when "
    "kernel.task_delayacct is 1. macOS tells what whole processes move, and no waits.",
)


@classic("iotop", about=_ABOUT, grammar=Grammar(reader=_Words), help_names=("-h", "--help"))
@version_option("-v", "--version")
@_ignored(
    "-H",
    "--help-type",
    metavar="TYPE",
    parse=_one_of("interactive help type", ("none", "win", "inline")),
)
@_pair(
    ("-o", "--only"),
    "--no-only",
    "only",
    "Only show processes or threads actually doing I/O.",
    "Show all processes or threads.",
    _WHICH,
)
@option("-b", "--batch", group=_FRAMES, is_flag=True, help="Frames as text, one after the other.")
@option(
    "-n",
    "--iter",
    "count",
    metavar="NUM",
    parse=_number("number of iterations"),
    help="Number of iterations before ending; for ever otherwise.",
)
@option(
    "-d",
    "--delay",
    metavar="SEC",
    parse=_delay,
    default=1.0,
    note="Fractions count; the classic cuts them.",
    help="Seconds between iterations (1).",
)
@option(
    "-p",
    "--pid",
    group=_WHICH,
    shell_complete=candidates.pids,
    metavar="PID",
    parse=_pid,
    help="Process or thread to monitor.",
)
@option(
    "-u",
    "--user",
    shell_complete=candidates.users,
    metavar="USER",
    parse=_user,
    help="User to monitor, a name or a number; with a + in front a number.",
)
@_pair(
    ("-P", "--processes"),
    "--threads",
    "processes",
    "Only show processes, not all threads.",
    "Show all threads.",
    _WHICH,
)
@option(
    "-a",
    "--accumulated",
    "sum",
    group=_FIGURES,
    is_flag=True,
    expose_value=False,
    help="Show what was moved since iotop or the process began.",
)
@option("--no-accumulated", "no_sum", is_flag=True, expose_value=False, help="Show bandwidth.")
@option(
    "-A",
    "--accum-bw",
    "mean",
    is_flag=True,
    expose_value=False,
    help="Show bandwidth since iotop or the process began.",
)
@option(
    "--no-accum-bw",
    "no_mean",
    is_flag=True,
    expose_value=False,
    help="Show bandwidth of the last iteration.",
)
@_pair(
    ("-k", "--kilobytes"),
    "--no-kilobytes",
    "kilobytes",
    "Write sizes in kilobytes.",
    "Write sizes in the unit that fits.",
    _FIGURES,
)
@option(
    "-t",
    "--timestamp",
    "stamped",
    group=_FRAMES,
    is_flag=True,
    help="Tell the time in each frame (implies --batch).",
)
@_pair(
    ("-c", "--fullcmdline"),
    "--no-fullcmdline",
    "full",
    "Show full command lines.",
    "Show program names only.",
    "Columns",
)
@_columns
@option(
    "-g",
    "--grtype",
    "key",
    group=_WHICH,
    shell_complete=candidates.words(("io", "r", "w", "rw", "sw")),
    metavar="TYPE",
    default="io",
    parse=_one_of("graph type", ("io", "r", "w", "rw", "sw")),
    help="Order by io, r (read), w (written), rw (both) or sw (swapped in).",
)
@option("-q", "--quiet", group=_FRAMES, count=True, help="No column names (implies --batch).")
@_ignored("-x", "--dead-x")
@_ignored("--no-dead-x")
@_ignored("-e", "--hide-exited")
@_ignored("--show-exited")
@_ignored("-l", "--no-color")
@_ignored("--color")
@_ignored("-R", "--reverse-graph")
@_ignored("--no-reverse-graph")
@_pair(("--si",), "--no-si", "si", "Units of 1000.", "Units of 1024.", _FIGURES)
@option(
    "--threshold",
    metavar="1..10",
    parse=_threshold,
    default=2,
    help="How many of a unit make it the next unit (2).",
)
@_ignored("--ascii")
@_ignored("--unicode")
@option(
    "-W",
    "--write",
    "save",
    group="Without effect",
    is_flag=True,
    help="Refused: no configuration file is written.",
)
@output_options(watch=False)
def command(
    only: str, batch: bool, count: int | None, delay: float, pid: int | None, user: int | None,
    processes: str, kilobytes: str, stamped: bool, full: str, key: str, quiet: int, si: str,
    threshold: int, save: bool, output: str | None,
) -> int:  # fmt: skip
    """Show what threads and processes read, write and wait for."""
    if save:
        raise CommandError("no configuration file is written")
    mode = output_mode(output)
    if (batch or stamped or quiet) and not (output or os.environ.get("SYSUTILS_OUTPUT")):
        mode = "plain"
    stats, missing = _taskstats()
    whole = bool(processes) or (stats is not None and not stats.per_thread)
    summing = _summing()
    wanted = Wanted(pid, user, whole, bool(only), bool(summing), key)
    style = Style(
        bool(kilobytes), bool(si), threshold, summing == "sum", summing == "mean", bool(full),
        whole, stamped, quiet, delays=stats is not None and hasattr(core, "task_delayacct"),
        hidden=_hidden(),
    )  # fmt: skip
    if missing:
        write_error(f"iotop: {missing}\n")
    sampler = Sampler(wanted, stats)

    def read() -> list[Row]:
        rows = sampler.read()
        return (
            rows if mode == "plain" or quiet < 3 else [row for row in rows if row.tid is not None]
        )

    if mode == "rich" and not batch:
        from sysutils.cli.live import reports as live

        if live.wanted(mode):
            from sysutils.cli.iotop_live import show

            _warning(mode, stats is not None)
            return show(sampler, style, delay, count if count and count > 0 else None)
    reports = interruptible(every(delay, count if count and count > 0 else None, read))
    rich = None
    if mode == "rich":
        from sysutils.cli.iotop_rich import writer

        rich = writer(style)
    plain = _plain(style, _warning(mode, stats is not None))
    between = "\n" if mode == "rich" else ""
    emit_reports(mode, COLUMNS, reports, plain, rich=rich, between=between)
    return 0


def _warning(mode: str, delays: bool) -> str:
    """That waits are not counted: the first line of the classic's frames, else on standard error."""
    if not hasattr(core, "task_delayacct") or core.task_delayacct() is not False:
        return ""
    if mode == "plain":
        return f"Warning: {_OFF}\n"
    if delays:
        write_error(f"iotop: {_OFF}\n")
    return ""


def _plain(
    style: Style, first: str
) -> Callable[[Sequence["Column"], "Iterable[Row]", Stream], None]:
    def write(_: Sequence["Column"], rows: "Iterable[Row]", out: Stream) -> None:
        nonlocal first
        out.write(first)
        first = ""
        terminal = out.isatty()
        for line in report(rows, style):
            out.write((visible(line) if terminal else for_pipe(line, utf8=False)) + "\n")

    return write
