"""kill(1) of procps-ng 4.0.2: sends signals to processes and process groups; ``--timeout`` is util-linux'.

Departs where the classic hits what nobody meant: ``-123`` after a signal is the process group 123 (the
classic takes the first digit alone), a number that is neither (``kill -128 PID``, for the classic all
processes) is refused, and so is a pid beyond the kernel's numbers, which the classic wraps. A failed
write is told. RTMAX-N is known too."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.grammar import Reader
from sysutils.cli.options import (
    MODES,
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    option,
    output_mode,
    output_options,
    usage,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream, write_error
from sysutils.cli.output.text import visible
from sysutils.cli.signals import (
    complete_signals,
    signal_names,
    signal_number,
)

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_LINE = 80
_IN_A_ROW = 7
_TERM = 15
_SIGNAL_OPTION = re.compile(r"-s.|-s$|--si?g?n?a?l?(=|$)")


class Named(NamedTuple):
    """A signal that has a name."""

    number: int
    name: str


COLUMNS = (
    Column("number", "NUMBER", lambda row: row.number, right=True, help="Number of the signal."),
    Column("name", "NAME", lambda row: row.name, help="Its name, without SIG."),
)


# --- words


def rewrite(words: list[str]) -> list[str]:
    """The first word that is a signal becomes an option, other numbers after it become groups."""
    words = _timeouts(words)
    front = [word for word in words if word[:2] == "--" and word[2:].split("=")[0] in _OUTPUT]
    words = [word for word in words if word not in front]
    found = next((word for word in words if _is_signal(word)), None)
    if found is not None:
        words.remove(found)
        front = [*front, f"-s{found[1:]}"]
    if found is not None or any(map(_SIGNAL_OPTION.match, words)):
        words = [f" {word}" if re.fullmatch(r"-[0-9]+", word, re.ASCII) else word for word in words]
    return front + words


_OUTPUT = {"output", *MODES[1:]}


def _is_signal(word: str) -> bool:
    return len(word) > 1 and word[0] == "-" and signal_number(word[1:]) is not None


def _timeouts(words: list[str]) -> list[str]:
    """``--timeout MS SIGNAL`` takes two words."""
    done: list[str] = []
    rest = list(words)
    while rest and rest[0] != "--":
        word = rest.pop(0)
        if word == "--timeout" and len(rest) > 1:
            word = f"--timeout={rest.pop(0)} {rest.pop(0)}"
        done.append(word)
    return done + rest


class KillReader(Reader):
    """Tells of a bad option by its letter; ``-l`` may have its value in the next word."""

    def _error(self, message: str) -> UsageError:
        found = re.search(r"-- '(.)'$", message) or re.search(
            r"option '--?(.)[^']*' (?:re|do)", message
        )
        letter = found[1] if found else re.sub(r"^unrecognized option '(.*)'$", r"\1", message)
        if found and letter == "t":
            letter = "L"  # --table, known to getopt(3) as -L
        return UsageError(f"invalid argument {visible(letter)}", self.command)

    def _take(
        self, option: click.Option, attached: str | None, rest: list[str], error: str
    ) -> None:
        if attached is None and option.name == "listed" and rest and rest[0][:1] != "-":
            attached = rest.pop(0)
        super()._take(option, attached, rest, error)


def parse_value(word: str) -> int:
    """What ``-q`` sends along. Raises CommandError."""
    text = "must be an integer value to be passed with the signal."
    return _wrapped(strtol(word, text))


def strtol(word: str, what: str) -> int:
    """A number as strtol(3) reads it. Raises CommandError, which begins with ``what``."""
    if not re.fullmatch(r"[ \t-\r]*[-+]?[0-9]+", word, re.ASCII):
        raise CommandError(f"{what}: '{visible(word)}'")
    number = int(word) if len(word) < 40 else 1 << 70
    if not -(1 << 63) <= number < 1 << 63:
        raise CommandError(f"{what}: '{word}': Numerical result out of range")
    return number


def _wrapped(number: int) -> int:
    """As an int of C."""
    return (number + 0x80000000) % 0x100000000 - 0x80000000


def parse_timeout(word: str) -> tuple[float, int]:
    """Seconds, and the signal that comes after them. Raises UsageError."""
    digits, _, name = word.partition(" ")
    number = signal_number(name)
    if not re.fullmatch(r"[0-9]{1,10}", digits, re.ASCII) or number is None:
        raise UsageError(f"invalid timeout: '{visible(word)}'")
    return int(digits) / 1000, number


# --- the list of signals


def _filled(names: Iterable[str]) -> str:
    """The names in lines of 80."""
    lines = [""]
    for name in names:
        if lines[-1] and len(lines[-1]) + 1 + len(name) >= _LINE:
            lines.append("")
        lines[-1] += f" {name}" if lines[-1] else name
    return "".join(f"{line}\n" for line in lines)


def _table(rows: Sequence[Named]) -> str:
    cells = [
        f"{row.number:2} {row.name}" if place % _IN_A_ROW == 0 else f"{row.number:2} {row.name:8}"
        for place, row in enumerate(rows, 1)
    ]
    lines = [cells[at : at + _IN_A_ROW] for at in range(0, len(cells), _IN_A_ROW)]
    return "".join("".join(line) + "\n" for line in lines)


def _looked_up(word: str) -> tuple[Named | None, str]:
    """The signal of that name or number, and the answer in text."""
    names = signal_names()
    if re.fullmatch(r"[0-9]+", word, re.ASCII):
        number = int(word[-9:])
        if number in names and len(word.lstrip("0")) < 3:
            return Named(number, names[number]), f"{names[number]}\n"
    upper = word.upper().removeprefix("SIG") if word.isascii() else word
    for number, name in names.items():
        if name == upper:
            return Named(number, name), f"{number}\n"
    return None, ""


def _list(word: str, table: bool, mode: str) -> int:
    rows = [Named(*pair) for pair in signal_names().items()]
    text = _table(rows) if table else _filled(row.name for row in rows)
    if word and not table:
        row, text = _looked_up(word[1:])
        rows = [row] if row else []
        if not rows:
            write_error(f"kill: unknown signal name {visible(word[1:])}\n")

    def plain(_: Sequence[Column], __: Iterable[Any], out: Stream) -> None:
        out.write(text)

    if mode == "rich" and not table:
        mode = "plain"

    def told(_: Sequence[Column], rows: Iterable[Named], out: Stream) -> None:
        from sysutils.cli import kill_rich

        kill_rich.write(rows, out)

    emit(mode, COLUMNS, rows, plain, rich=told)
    return 0


# --- the processes


def _target(word: str) -> Any:
    """The process as it is before anything is sent; None for what is no pid."""
    try:
        return core.SignalTarget(strtol(word, ""))
    except CommandError:
        return None


def _signal(
    target: Any, number: int, value: int | None, later: Sequence[tuple[float, int]]
) -> bool:
    """Sends one process its signals; tells of an error, and says whether there was none."""
    try:
        target.send(number, value)
        for seconds, following in later:
            if target.wait(seconds):
                break
            target.send(following)
    except ProcessLookupError as error:
        if later and target.wait(0):
            return True  # it ended while we waited
        return _failed(target.pid, error)
    except OSError as error:
        return _failed(target.pid, error)
    return True


def _failed(pid: int, error: OSError) -> bool:
    write_error(f"kill: ({pid}): {error.strerror}\n")
    return False


def _kill(
    pids: Sequence[str], number: int, value: int | None, later: Sequence[tuple[float, int]]
) -> int:
    targets = [_target(word) for word in pids]
    status = 0
    for word, target in zip(pids, targets, strict=True):
        if target is None:
            strtol(word, "failed to parse argument")
        if not _signal(target, number, value, later):
            status = 1
    return status


def _complete_operand(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Processes; behind a dash, signals."""
    if incomplete[:1] != "-":
        return candidates.pids(ctx, parameter, incomplete)
    return candidates.signed(complete_signals, "-")(ctx, parameter, incomplete)


def _usage(command: click.Command) -> str:
    return usage(command).replace("[options]\n", "[options] <pid> [...]\n", 1)


_ABOUT = Help(
    examples=(
        ("1234", "Ask a process to end (TERM)."),
        ("-9 1234 1235", "End two processes at once (KILL)."),
        ("-s HUP 1234", "Another signal, by name."),
        ("-TERM -- -1234", "A process group."),
        ("--timeout 5000 KILL 1234", "TERM, and KILL where that has not helped in five seconds."),
        ("-l", "The names of the signals."),
    ),
    statuses=(
        ("0", "All were signalled."),
        ("1", "One could not be signalled, or a mistake in the words; the others were."),
    ),
    notes="A process is held by the kernel's handle while it is signalled, so that a new "
    "process with its id is never hit.",
)


@classic(
    "kill",
    about=_ABOUT,
    grammar=Grammar(hint=_usage, rewrite=rewrite, reader=KillReader, may_be_closed=True),
    help_names=("-h", "--help"),
)
@option("-s", "--signal", "name", group="Sending", metavar="SIGNAL", shell_complete=complete_signals,
        help="The signal, by name or number; -SIGNAL for short (default TERM).")  # fmt: skip
@option("-q", "--queue", "value", metavar="VALUE", parse=parse_value,
        help="Send this integer with the signal.")  # fmt: skip
@option("-l", "--list", "listed", group="Names of signals", metavar="SIGNAL", optional_value="",
        is_eager=True,
        parse=lambda word: f"={word}", shell_complete=complete_signals,
        help="List all names, or tell the name of a number, the number of a name.")  # fmt: skip
@option("-L", "--table", is_flag=True, is_eager=True, help="List names and numbers in a table.")
@option("--timeout", "later", group="Sending", multiple=True, parse=parse_timeout, metavar="MS SIGNAL",
        ours=True,
        help="Where the process is still there after so many milliseconds, send this too.")  # fmt: skip
@version_option("-V", "--version")
@argument("pids", nargs=-1, metavar="PID...", shell_complete=_complete_operand)
@output_options(watch=False)
def command(
    name: str | None, value: int | None, listed: str | None, table: bool,
    later: tuple[tuple[float, int], ...], pids: tuple[str, ...], output: str | None,
) -> int:  # fmt: skip
    """Send signals to processes."""
    if listed is not None or table:
        return _list(listed or "", table, output_mode(output))
    if not pids:
        raise UsageError("")
    number = _TERM if name is None else signal_number(name)
    return _kill(pids, -1 if number is None else number, value, later)
