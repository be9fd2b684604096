"""nice(1) of GNU coreutils 9.1: runs a program with an adjusted niceness, or tells the present one.

On a terminal the number is written as into a pipe."""

import errno
import os
import re
import sys
from typing import TYPE_CHECKING

import click

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
    quote,
    try_help,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import write_error

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: nice itself failed
_FAILED = 125
_DEFAULT = "10"
#: no adjustment has to be larger
_LARGEST = 39
_NUMBER = re.compile(r"-[-+]?[0-9]")

COLUMNS = (
    Column("nice", "NICE", lambda value: value, right=True, help="The niceness, -20 to 19."),
)


class NiceReader(Reader):
    """``-5``, ``--5`` and ``-+5`` are adjustments."""

    def _number(self, word: str) -> bool:
        if not _NUMBER.match(word):
            return False
        self._store(self.short["n"], word[1:])
        return True

    def _long(self, word: str, rest: list[str]) -> None:
        if not self._number(word):
            super()._long(word, rest)

    def _word(self, word: str, rest: list[str]) -> bool:
        return self._number(word) or super()._word(word, rest)


def parse_adjustment(word: str) -> int:
    """A number as strtol(3) reads it. Raises CommandError."""
    if not re.fullmatch(r"[ \t-\r]*[-+]?[0-9]+", word, re.ASCII):
        raise CommandError(f"invalid adjustment {quote(word)}", _FAILED)
    sign, digits = re.fullmatch(r"\s*([-+]?)0*([0-9]*)", word, re.ASCII).groups()  # type: ignore[union-attr]
    size = min(int(digits[:4] or "0"), _LARGEST)
    return -size if sign == "-" else size


def _now() -> int:
    """The niceness of this process."""
    if sys.platform != "win32":
        return os.getpriority(os.PRIO_PROCESS, 0)
    from sysutils import core

    found: int = next(core.process_table(["nice"], [os.getpid()])).nice
    return found


def _set(value: int) -> None:
    """Sets it; on Windows the priority class that stands for it. Raises OSError."""
    if sys.platform != "win32":
        os.setpriority(os.PRIO_PROCESS, 0, value)
        return
    from sysutils import core

    core.Process().nice(
        core.IDLE_PRIORITY_CLASS if value > 14 else core.BELOW_NORMAL_PRIORITY_CLASS if value > 0
        else core.NORMAL_PRIORITY_CLASS if value == 0 else core.ABOVE_NORMAL_PRIORITY_CLASS if value > -10
        else core.HIGH_PRIORITY_CLASS
    )  # fmt: skip


def _run(adjustment: int, words: tuple[str, ...]) -> int:
    try:
        _set(_now() + adjustment)
    except OSError as error:
        fatal = error.errno not in {errno.EACCES, errno.EPERM}
        message = f"cannot set niceness: {error.strerror}"
        if fatal:
            raise CommandError(message, _FAILED) from None
        if not write_error(f"nice: {message}\n"):
            return _FAILED  # a priority that nobody was told of is not run with
    failure = execute(words)
    raise CommandError(f"{quote(words[0])}: {failure.strerror}", failure_status(failure))


def _complete_words(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    from sysutils.cli import candidates  # the system, which nice itself does not ask

    return candidates.command_line(ctx, parameter, incomplete)


_ABOUT = Help(
    examples=(
        ("-n 10 make", "Run a program that gives way to others."),
        ("-n -5 ./server", "One that goes before others; for root."),
        ("", "The niceness now."),
    ),
    statuses=(
        ("125", "nice itself failed."),
        ("126", "COMMAND was found but could not be run."),
        ("127", "COMMAND was not found."),
        ("else", "The status of COMMAND."),
    ),
)


@classic(
    "nice",
    about=_ABOUT,
    grammar=Grammar(
        status=_FAILED, write_status=_FAILED, hint=try_help, interspersed=False, reader=NiceReader
    ),
)
@option(
    "-n", "--adjustment", group="Niceness", metavar="N", help="Add N to the niceness (default 10)."
)
@version_option("--version")
@argument("words", nargs=-1, metavar="[COMMAND [ARG]...]", shell_complete=_complete_words)
@output_options(watch=False)
def command(adjustment: str | None, words: tuple[str, ...], output: str | None) -> int:
    """Run a program with an adjusted niceness."""
    change = parse_adjustment(_DEFAULT if adjustment is None else adjustment)
    if words:
        return _run(change, words)
    if adjustment is not None:
        raise UsageError("a command must be given with an adjustment")
    mode = output_mode(output)
    value = _now()
    emit(
        "plain" if mode == "rich" else mode,
        COLUMNS,
        [value],
        lambda _, __, out: out.write(f"{value}\n"),
    )
    return 0
