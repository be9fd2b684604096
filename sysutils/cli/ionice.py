"""ionice(1) of util-linux 2.38.1: the I/O scheduling class and priority of programs, told or set.

As in the classic nearly every number passes: it is for the kernel to refuse."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
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

CLASSES = ("none", "realtime", "best-effort", "idle")
_NONE, _BEST_EFFORT, _IDLE = 0, 2, 3
_CLASS_SHIFT = 13
_LEVEL = (1 << _CLASS_SHIFT) - 1
_DEFAULT_LEVEL = 4
#: option -> what it names, as ioprio_get(2) counts them, and in messages
_OF_PROCESS, _OF_GROUP, _OF_USER = 1, 2, 3
_WHO = {"pid": (_OF_PROCESS, "PID"), "pgid": (_OF_GROUP, "PGID"), "uid": (_OF_USER, "UID")}


class Priority(NamedTuple):
    """What was told of one process, group or user."""

    who: int
    value: int

    @property
    def name(self) -> str:
        """The class."""
        number = self.value >> _CLASS_SHIFT
        return CLASSES[number] if 0 <= number < len(CLASSES) else "unknown"

    @property
    def level(self) -> int:
        """The priority within the class."""
        return self.value & _LEVEL


COLUMNS = (
    Column("id", "ID", lambda row: row.who, right=True,
           help="The process, group or user; 0 is ionice itself."),
    Column("ioclass", "CLASS", lambda row: row.name, help="none, realtime, best-effort or idle."),
    Column("value", "PRIO", lambda row: row.level, right=True,
           help="Priority in the class, 0 the highest."),
)  # fmt: skip


def number_of(word: str, what: str) -> int:
    """A number of 32 bits. Raises CommandError."""
    if not re.fullmatch(r"[ \t-\r]*[-+]?[0-9]+", word, re.ASCII):
        raise CommandError(f"invalid {what} argument: '{visible(word)}'")
    number = int(word[:40])
    if not -(1 << 31) <= number < 1 << 31:
        raise CommandError(f"invalid {what} argument: '{word}': Numerical result out of range")
    return number


def parse_class(word: str) -> int:
    """By number or name. Raises CommandError."""
    if word[:1].isascii() and word[:1].isdigit():
        return number_of(word, "class")
    if word.lower() not in CLASSES:
        raise CommandError(f"unknown scheduling class: '{visible(word)}'")
    return CLASSES.index(word.lower())


def _who(name: str) -> Any:
    return lambda word: number_of(word, _WHO[name][1])


class IoniceReader(Reader):
    """The second of -p, -P and -u is refused where it stands, before its value is looked at."""

    def _take(
        self, option: click.Option, attached: str | None, rest: list[str], error: str
    ) -> None:
        named = option.name in _WHO and (attached is not None or rest)
        if named and any(name in _WHO for name, _ in self.given):
            raise CommandError("can handle only one of pid, pgid or uid at once")
        super()._take(option, attached, rest, error)


def _get(kind: int, who: int) -> Priority:
    try:
        return Priority(who, core.io_priority(kind, who))
    except OSError as error:
        raise CommandError(f"ioprio_get failed: {error.strerror}") from None


def _set(kind: int, who: int, value: int, tolerant: bool) -> None:
    try:
        core.set_io_priority(kind, who, value)
    except OSError as error:
        if not tolerant:
            raise CommandError(f"ioprio_set failed: {error.strerror}") from None


def _tell(rows: Iterator[Priority], mode: str, kind: int) -> int:
    """Tells what was found up to the first error, then the error."""
    done: list[Priority] = []
    error: CommandError | None = None
    try:
        done.extend(rows)
    except CommandError as failure:
        error = failure
    emit(mode, COLUMNS, done, _plain, rich=partial(_rich, kind))
    if error is not None:
        write_error(f"ionice: {error.message}\n")
    return 0 if error is None else 1


def _rich(kind: int, _: Sequence[Column], rows: Iterable[Priority], out: Stream) -> None:
    """A table, with the names of what has the priorities."""
    from sysutils.cli.output import as_rich

    def name(row: Priority) -> str | None:
        if kind == _OF_USER:
            return core.user_name(row.who)
        if not row.who:
            return "ionice"
        try:
            return core.Process(row.who).name()
        except (core.Error, ValueError):
            return None

    def prio(row: Priority) -> int | None:
        return row.level if row.name in {"realtime", "best-effort"} else None

    what = "User" if kind == _OF_USER else "Leader" if kind == _OF_GROUP else "Command"
    columns = [
        Column("id", "ID", lambda row: row.who, right=True, rank=0),
        Column("name", what, name, visible, style="bold", rank=3),
        Column("ioclass", "Class", lambda row: row.name, rank=1,
               style=lambda name: {"realtime": "bold red", "idle": "dim"}.get(name, "")),
        Column("value", "Priority", prio, right=True, rank=2),
    ]  # fmt: skip
    as_rich.write(columns, rows, out)


def _plain(_: Sequence[Column], rows: Iterable[Priority], out: Stream) -> None:
    for row in rows:
        idle = row.value >> _CLASS_SHIFT == _IDLE
        out.write(f"{row.name}\n" if idle else f"{row.name}: prio {row.level}\n")


def _wanted(ioclass: int | None, level: int | None, tolerant: bool) -> int:
    """The priority to set; warns of what makes no sense."""
    number = _BEST_EFFORT if ioclass is None else ioclass
    value = _DEFAULT_LEVEL if level is None else level
    warning = ""
    if number in {_NONE, _IDLE}:
        value = 0 if number == _NONE else 7
        if level is not None:
            warning = f"ignoring given class data for {CLASSES[number]} class"
    elif number not in {1, _BEST_EFFORT}:
        warning = f"unknown prio class {number}"
    if warning and not tolerant:
        write_error(f"ionice: {warning}\n")
    return number << _CLASS_SHIFT | value


def _complete_words(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    named = {"pid": candidates.pids, "pgid": candidates.pids, "uid": candidates.user_ids}
    chosen = [complete for name, complete in named.items() if name in ctx.params]
    return (chosen or [candidates.command_line])[0](ctx, parameter, incomplete)


def _ids(first: int, others: Iterable[str], what: str) -> Iterator[int]:
    yield first
    for word in others:
        yield number_of(word, what)


_ABOUT = Help(
    examples=(
        ("-p 1234", "Class and priority of a process."),
        ("-c idle tar c .", "Run a program that reads and writes when nobody else does."),
        ("-c best-effort -n 0 -p 1234", "The best priority of the usual class for a process."),
        ("-c idle -u 1000", "All processes of a user."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake, or a process that is not there."),
        ("126", "COMMAND was found but could not be run."),
        ("127", "COMMAND was not found."),
        ("else", "The status of COMMAND."),
    ),
    notes="macOS has a policy of I/O for a program and those that it starts: ionice tells its own and runs "
    "COMMAND with one; best-effort has three steps there (0 to 3, 4, 5 to 7), realtime is none.",
)


@classic(
    "ionice",
    about=_ABOUT,
    grammar=Grammar(hint=try_help, interspersed=False, reader=IoniceReader, may_be_closed=True),
    help_names=("-h", "--help"),
)
@option("-n", "--classdata", "level", group="Class and priority", metavar="NUM",
        parse=lambda word: number_of(word, "class data"),
        help="Priority in the class, 0 to 7, for realtime and best-effort.")  # fmt: skip
@option("-c", "--class", "ioclass", metavar="CLASS", parse=parse_class,
        shell_complete=candidates.words({name: str(number) for number, name in enumerate(CLASSES)}),
        help="none, realtime, best-effort or idle, or its number 0 to 3.")  # fmt: skip
@option(
    "-p",
    "--pid",
    group="Which processes",
    shell_complete=candidates.pids,
    metavar="PID",
    parse=_who("pid"),
    help="Work on these processes.",
)
@option(
    "-P",
    "--pgid",
    shell_complete=candidates.pids,
    metavar="PGID",
    parse=_who("pgid"),
    help="Work on these process groups.",
)
@option(
    "-t", "--ignore", "tolerant", group="Class and priority", is_flag=True, help="Ignore failures."
)
@option(
    "-u",
    "--uid",
    group="Which processes",
    shell_complete=candidates.user_ids,
    metavar="UID",
    parse=_who("uid"),
    help="Work on the processes of these users.",
)
@version_option("-V", "--version")
@argument("words", nargs=-1, metavar="[PID... | COMMAND [ARG]...]", shell_complete=_complete_words)
@output_options(watch=False)
def command(
    ioclass: int | None, level: int | None, pid: int | None, pgid: int | None, uid: int | None,
    tolerant: bool, words: tuple[str, ...], output: str | None,
) -> int:  # fmt: skip
    """Show or set the I/O scheduling class and priority of programs."""
    mode = output_mode(output)
    change = ioclass is not None or level is not None
    named = next(
        (
            (name, who)
            for name, who in (("pid", pid), ("pgid", pgid), ("uid", uid))
            if who is not None
        ),
        None,
    )
    value = _wanted(ioclass, level, tolerant) if change or words else 0
    if named is None and not change and not words:
        return _tell((_get(_OF_PROCESS, who) for who in (0,)), mode, _OF_PROCESS)
    if named is None:
        if not words:
            raise UsageError("bad usage")
        _set(1, 0, value, tolerant)
        failure = execute(words)
        message = f"failed to execute {visible(words[0])}: {failure.strerror}"
        raise CommandError(message, failure_status(failure))
    kind, what = _WHO[named[0]]
    ids = _ids(named[1], words, what)
    if not change:
        return _tell((_get(kind, who) for who in ids), mode, kind)
    for who in ids:
        _set(kind, who, value, tolerant)
    return 0
