"""taskset(1) of util-linux 2.38.1: the CPUs that a process may run on, told or set.

Departs in numbers of CPUs beyond 2**32, which the classic wraps."""

import errno
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.execute import execute, failure_status
from sysutils.cli.grammar import Reader
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    option,
    output_mode,
    output_options,
    try_help,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream, write_error
from sysutils.cli.output.text import visible

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone

#: the kernel is told of no more CPUs
_MOST_CPUS = 1 << 13


class Affinity(NamedTuple):
    """The CPUs of one process or thread."""

    pid: int
    cpus: list[int]
    #: "current" or "new"
    when: str


# --- masks and lists


def cpu_mask(cpus: Iterable[int]) -> str:
    """``3`` for CPUs 0 and 1."""
    return f"{sum(1 << cpu for cpu in set(cpus)):x}"


def cpu_list(cpus: Iterable[int]) -> str:
    """``0-3,8``; two that follow one another are no range: ``0,1``."""
    parts = []
    for first, last in _runs(sorted(set(cpus))):
        middle = "-" if last - first > 1 else ","
        parts.append(str(first) if first == last else f"{first}{middle}{last}")
    return ",".join(parts)


def _runs(cpus: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run without a gap."""
    start = 0
    for at in range(1, len(cpus) + 1):
        if at == len(cpus) or cpus[at] != cpus[at - 1] + 1:
            yield cpus[start], cpus[at - 1]
            start = at


def parse_mask(word: str) -> set[int] | None:
    """The CPUs of a hexadecimal mask, with commas or without; None for what is no mask."""
    digits = word.removeprefix("0x")
    if not re.fullmatch(r"(?:[0-9a-fA-F],?)*", digits, re.ASCII):
        return None
    mask = int(digits.replace(",", "")[-_MOST_CPUS // 4 :] or "0", 16)
    return {cpu for cpu in range(mask.bit_length()) if mask >> cpu & 1}


_RANGE = re.compile(r"([0-9]+)(?:-([0-9]+)(?::([0-9]+))?)?", re.ASCII)


def parse_list(word: str) -> set[int] | None:
    """The CPUs of a list like ``0,4-8:2``; None for what is no list."""
    cpus: set[int] = set()
    for part in word.split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            return None
        first, last, step = (_number(text) for text in found.groups())
        last = first if last is None else last
        step = 1 if step is None else step
        if first is None or last is None or last < first or not step:
            return None
        cpus.update(range(first, min(last, _MOST_CPUS) + 1, step))
    return cpus


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits.lstrip("0")[:12] or "0")


COLUMNS = (
    Column("pid", "PID", lambda row: row.pid, right=True, help="Process or thread id."),
    Column("cpu_affinity", "CPUS", lambda row: row.cpus, cpu_list,
           kind="[integer]", help="The CPUs it may run on."),
    Column("when", "WHEN", lambda row: row.when, help="current, or new after a change."),
)  # fmt: skip


# --- processes


def pid_of(word: str) -> int:
    """Raises CommandError for what is no process id."""
    if not re.fullmatch(r"[ \t-\r]*[-+]?[0-9]+", word, re.ASCII):
        raise CommandError(f"invalid PID argument: '{visible(word)}'")
    number = int(word[:40])
    if not -(1 << 31) <= number < 1 << 31:
        raise CommandError(f"invalid PID argument: '{word}': Numerical result out of range")
    return number


_PID = "sysutils.cli.taskset.pid"


class TasksetReader(Reader):
    """``-p``: the last word of the line is a process id, whatever it looks like."""

    def __init__(self, command: Any, ctx: click.Context) -> None:
        super().__init__(command, ctx)
        self.rest: list[str] = []
        self.last = ""

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:
        self.rest = rest
        self.last = rest[-1] if rest else ""
        return super()._read(rest, interspersed)

    def _store(self, option: click.Option, value: Any) -> None:
        if option.name == "pid" and not self.ctx.resilient_parsing:
            self.take_own(self.rest)
            self.ctx.meta[_PID] = pid_of(self.rest[-1] if self.rest else self.last)
        super()._store(option, value)


def _tasks(pid: int, everything: bool) -> list[int]:
    """The process, or all of its threads."""
    if not everything:
        return [pid]
    threads = core.process_table(["pid"], [pid or os.getpid()], threads=True)
    return [row.pid for row in threads]


def _get(pid: int) -> list[int]:
    try:
        if sys.platform == "win32":
            return sorted(core.Process(pid or None).cpu_affinity())
        return sorted(os.sched_getaffinity(pid))
    except (OSError, core.Error) as error:
        raise _failed("get", pid, error) from None


def _set(pid: int, cpus: Collection[int]) -> None:
    try:
        if sys.platform == "win32":
            core.Process(pid or None).cpu_affinity(list(cpus))
        else:
            os.sched_setaffinity(pid, cpus)
    except (OSError, ValueError, core.Error) as error:
        raise _failed("set", pid, error) from None


def _failed(what: str, pid: int, error: Exception) -> CommandError:
    reason = getattr(error, "strerror", None) or "Invalid argument"
    if isinstance(error, core.Error):
        reason = os.strerror(errno.ESRCH if isinstance(error, core.NoSuchProcess) else errno.EPERM)
    return CommandError(f"failed to {what} pid {pid or os.getpid()}'s affinity: {reason}")


def _changes(pids: Iterable[int], cpus: Collection[int] | None) -> Iterator[Affinity]:
    for pid in pids:
        yield Affinity(pid, _get(pid), "current")
        if cpus is not None:
            _set(pid, cpus)
            yield Affinity(pid, _get(pid), "new")


def _tell(rows: Iterable[Affinity], as_list: bool, mode: str) -> int:
    """Tells what was done up to the first error, then the error."""
    done: list[Affinity] = []
    error: CommandError | None = None
    try:
        done.extend(rows)
    except CommandError as failure:
        error = failure
    kind, show = ("list", cpu_list) if as_list else ("mask", cpu_mask)

    def plain(_: Sequence[Column], rows: Iterable[Affinity], out: Stream) -> None:
        for row in rows:
            pid = row.pid or os.getpid()
            out.write(f"pid {pid}'s {row.when} affinity {kind}: {show(row.cpus)}\n")

    emit(mode, COLUMNS, done, plain, rich=_rich)
    if error is not None:
        write_error(f"taskset: {error.message}\n")
    return 0 if error is None else 1


def _rich(_: Sequence[Column], rows: Iterable[Affinity], out: Stream) -> None:
    """A table with a map of the CPUs."""
    from sysutils.cli.output import as_rich
    from sysutils.cli.output.text import utf8_locale

    count = core.cpu_count() or 1
    there, absent = ("■", "·") if utf8_locale() else ("#", ".")

    def name(row: Affinity) -> str | None:
        try:
            return core.Process(row.pid or os.getpid()).name()
        except (core.Error, ValueError):
            return None

    def picture(row: Affinity) -> str:
        size = max(count, *row.cpus) if row.cpus else count
        return "".join(there if cpu in row.cpus else absent for cpu in range(size))

    columns = [
        Column("pid", "PID", lambda row: row.pid or os.getpid(), right=True, rank=0),
        Column("name", "Command", name, visible, style="bold", rank=3),
        Column("when", "Affinity", lambda row: row.when, rank=4,
               style=lambda when: "green" if when == "new" else ""),
        Column("cpu_affinity", "CPUs", lambda row: cpu_list(row.cpus), rank=1),
        Column("mask", "Mask", lambda row: cpu_mask(row.cpus), style="dim", rank=5),
        Column("map", f"of {count}", picture, style="cyan", rank=2),
    ]  # fmt: skip
    as_rich.write(columns, rows, out)


def _run(cpus: Collection[int], everything: bool, words: Sequence[str]) -> int:
    for task in _tasks(0, everything):
        _set(task, cpus)
    failure = execute(words)
    message = f"failed to execute {visible(words[0])}: {failure.strerror}"
    raise CommandError(message, failure_status(failure))


def _complete_words(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """CPUs first, then a program; with -p a process, with or without CPUs in front."""
    if "pid" in ctx.params:
        return candidates.pids(ctx, parameter, incomplete)
    if ctx.args:
        ctx.args = ctx.args[1:]
        return candidates.command_line(ctx, parameter, incomplete)
    if "as_list" not in ctx.params:
        return []
    cpus = candidates.words([str(number) for number in range(core.cpu_count() or 1)])
    return candidates.listed(cpus)(ctx, parameter, incomplete)


_ABOUT = Help(
    examples=(
        ("-cp 1234", "The CPUs that a process may use."),
        ("-cp 0-3,6 1234", "Let it use these."),
        ("-c 0 make", "Run a program on one CPU."),
        ("-ap 0x3 1234", "All threads of a process, by a mask."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake, or a process that is not there."),
        ("126", "COMMAND was found but could not be run."),
        ("127", "COMMAND was not found."),
        ("else", "The status of COMMAND."),
    ),
)


@classic(
    "taskset",
    about=_ABOUT,
    grammar=Grammar(hint=try_help, interspersed=False, reader=TasksetReader, may_be_closed=True),
    help_names=("-h", "--help"),
)
@option("-a", "--all-tasks", "everything", group="CPUs of a process", is_flag=True,
        help="With -p: all the tasks (threads) of the process.")  # fmt: skip
@option(
    "-p",
    "--pid",
    "pid",
    is_flag=True,
    expose_value=False,
    help="Work on a process that is there, the last word.",
)
@option("-c", "--cpu-list", "as_list", is_flag=True, help="CPUs in a list: 0,5,8-11:2.")
@version_option("-V", "--version")
@argument("words", nargs=-1, metavar="[MASK | LIST] [PID | COMMAND [ARG]...]",
          shell_complete=_complete_words)  # fmt: skip
@output_options(watch=False)
def command(everything: bool, as_list: bool, words: tuple[str, ...], output: str | None) -> int:
    """Show or set the CPUs of a process."""
    if not hasattr(core.Process, "cpu_affinity"):
        raise NotImplementedError
    mode = output_mode(output)
    pid = click.get_current_context().meta.get(_PID, 0)
    if len(words) < (1 if pid else 2) or (pid and len(words) > 2):
        raise UsageError("bad usage")
    if pid and len(words) == 1:
        return _tell(_changes(_tasks(pid, everything), None), as_list, mode)
    cpus = parse_list(words[0]) if as_list else parse_mask(words[0])
    if cpus is None:
        kind = "list" if as_list else "mask"
        raise CommandError(f"failed to parse CPU {kind}: {visible(words[0])}")
    if pid:
        return _tell(_changes(_tasks(pid, everything), cpus), as_list, mode)
    return _run(cpus, everything, words[1:])
