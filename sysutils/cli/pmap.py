"""pmap(1) of procps-ng 4.0.2: the memory mappings of processes.

Departs where the classic breaks: names of more than 900 bytes and command lines of more than 128 KiB are
shown whole, and a kernel that counts no Swap hides no rows from ``-x``. For programs and on a terminal, a
process whose mappings are forbidden is told of on standard error; in the classic's format its first line
stands alone, as there."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sysutils.cli import candidates
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    given,
    option,
    output_mode,
    output_options,
    usage,
    version_option,
)
from sysutils.cli.output.column import Table
from sysutils.cli.output.stream import Stream
from sysutils.cli.pmap_columns import DETAILED, EXTENDED, MAPPED, figures_of
from sysutils.cli.pmap_survey import LAST, Process, Survey, kib, mode_of, name_of

if TYPE_CHECKING:
    from sysutils.cli.output.column import Column
    from sysutils.cli.pmap_detail import Layout

_EXCLUSIVE = {"read_rc", "read_rc_from", "device", "create_rc", "create_rc_to", "extended", "more"}
_DIRTY = ("Shared_Dirty", "Private_Dirty")
#: what ``-x`` takes from smaps
_USED = ("Rss", *_DIRTY)
#: of ``-x``; numbers are made text one by one in an f-string, here all at once
_LINE = "%016x %7d %7d %7d %s %s\n"


# --- the classic's formats


def _brief(process: Process, show_path: bool, quiet: bool) -> Iterator[str]:
    total = 0
    for mapping in process.mappings or ():
        size = kib(mapping)
        total += size
        name = name_of(mapping, process.stack, show_path)
        yield f"{mapping.start:016x} {size:6}K {mode_of(mapping.perms)} {name}\n"
    if not quiet:
        yield f" total {total & LAST:16}K\n"


def _extended(process: Process, show_path: bool, quiet: bool) -> Iterator[str]:
    if not quiet:
        yield "Address           Kbytes     RSS   Dirty Mode  Mapping\n"
    total = 0
    shared, private = _DIRTY
    stack = process.stack
    for mapping in process.mappings or ():
        start, end, perms, _, _, _, path, figures = mapping
        get = figures.get
        size = (end - start & LAST) >> 10
        total += size
        named = path or start <= stack <= end
        name = name_of(mapping, stack, show_path) if named else "  [ anon ]"
        rss, dirty = get("Rss", 0), get(shared, 0) + get(private, 0)
        yield _LINE % (start, size, rss, dirty, mode_of(perms), name)
    if not quiet:
        yield "---------------- ------- ------- ------- \n"
        # as in the classic, of a range only the end limits the last two
        rss, dirty = _sum(process, "Rss"), _sum(process, *_DIRTY)
        yield f"total kB         {total & LAST:7} {rss:7} {dirty:7}\n"


def _sum(process: Process, *names: str) -> int:
    figures = [mapping.figures for mapping in process.everything]
    return sum(sum([each.get(name, 0) for each in figures]) for name in names)


def _device_number(text: str) -> str:
    major, _, minor = text.partition(":")
    return f"{major:0>3}:{minor:0>5}"


def _devices(process: Process, show_path: bool, quiet: bool) -> Iterator[str]:
    if not quiet:
        yield "Address           Kbytes Mode  Offset           Device    Mapping\n"
    total = private = shared = 0
    for mapping in process.mappings or ():
        size = kib(mapping)
        total += size
        perms = mapping.perms
        if perms[3:4] == "s":
            shared += size
        elif perms[1:2] == "w":
            private += size
        name = name_of(mapping, process.stack, show_path)
        yield (
            f"{mapping.start:016x} {size:7} {mode_of(perms)} {mapping.offset:016x}"
            f" {_device_number(mapping.device)} {name}\n"
        )
    if not quiet:
        yield f"mapped: {total & LAST}K    writeable/private: {private}K    shared: {shared}K\n"


Lines = Callable[[Process, bool, bool], Iterator[str]]


def _plain(survey: Survey, lines: Lines, show_path: bool, quiet: bool) -> None:
    out = Stream()
    for process in survey:
        out.write(f"{process.pid}:   {process.command}\n")
        if process.mappings is not None:
            out.write("".join(lines(process, show_path, quiet)))
    out.flush()


def _detailed(survey: Survey, layout: "Layout") -> None:
    """``-X`` and its like."""
    from sysutils.cli.output.text import visible
    from sysutils.cli.pmap_detail import Unlike

    out = Stream()
    shown: Callable[[str], str] = visible if out.isatty() else str
    for process in survey:
        out.write(f"{process.pid}:   {process.command}\n")
        try:
            if process.mappings is None and process.why.startswith("Unknown"):
                raise Unlike(process.why)
            for line in layout.lines(process.mappings or ()):
                out.write(shown(line) + "\n")
        except Unlike as error:
            out.flush()
            raise CommandError(str(error)) from None
    out.flush()


# --- operands and options


def _pid(word: str) -> int | None:
    """The process that an operand means, None for a word below /proc that is no number.

    Raises UsageError for any other word. Numbers are C's: 0x802, 04002."""
    number = word.removeprefix("/proc/")
    if number != word and not number[:1].isdecimal():
        return None
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", number):
        pid = int(number, 16)
    elif re.fullmatch(r"0[0-7]+", number):
        pid = int(number, 8)
    else:
        pid = int(number[:20]) if re.fullmatch(r"[1-9][0-9]*", number) else 0
    if not 0 < pid < 1 << 31:
        raise UsageError("")
    return pid


def _address(text: str) -> int | None:
    """What strtoul(3) reads of a whole word, None if it would not."""
    found = re.fullmatch(r"[ \t\n\v\f\r]*([+-]?)(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)", text)
    if found is None:
        return None
    value = min(int(found[2], 16), LAST)
    return -value & LAST if found[1] == "-" and value < LAST else value


def _range(text: str) -> tuple[int, int]:
    """``-A``: ``LOW,HIGH``, ``LOW,`` to the end, ``ADDRESS`` alone."""
    low, comma, high = text.partition(",")
    first = _address(low) if low else 0
    last = (_address(high) if high else LAST) if comma else first
    if not text:
        last = LAST
    if first is None or last is None:
        raise CommandError(f"failed to parse argument: '{text}'")
    return first, last


def _check(pids: Sequence[str]) -> None:
    """The classic's own complaints about options that don't go together, in its order."""
    names = {name for name, _ in given()}
    if len(names & _EXCLUSIVE) > 1:
        raise CommandError("options -c, -C, -d, -n, -N, -x, -X are mutually exclusive")
    if names & {"create_rc", "create_rc_to"}:
        if names & {"show_path", "quiet"}:
            raise CommandError("options -p, -q are mutually exclusive with -n, -N")
        if pids:
            raise CommandError("too many arguments")
    elif not pids:
        raise CommandError("argument missing") if names else UsageError("")


def _usage(command: Any) -> str:
    return usage(command).replace("[options]", "[options] PID [PID ...]", 1)


def tables() -> tuple[Table, ...]:
    """What JSON and CSV hold, for the documentation."""
    return (
        Table(MAPPED, "mappings"),
        Table(EXTENDED, "extended", "-x"),
        Table(DETAILED, "detailed", "-X, -c"),
    )


_ABOUT = Help(
    examples=(
        ("1234", "The mappings of a process."),
        ("-x 1234", "With resident and dirty memory."),
        ("-X 1234", "What the kernel tells of each."),
        ("-p 1234", "With whole paths."),
        ("-x --json 1234", "For programs, in bytes."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake, or mappings that may not be read."),
        ("42", "A process is not there."),
    ),
)


@classic("pmap", about=_ABOUT, grammar=Grammar(hint=_usage), help_names=("-h", "--help"))
@option("-x", "--extended", group="Columns", is_flag=True, help="Show details.")
@option(
    "-X",
    "more",
    count=True,
    help="Show even more details, those of smaps; given twice, everything the kernel provides.",
)
@option(
    "-c",
    "--read-rc",
    group="Columns from a file",
    is_flag=True,
    help="Read the default rc, ~/.pmaprc.",
)
@option(
    "-C",
    "--read-rc-from",
    shell_complete=candidates.files,
    metavar="file",
    help="Read the rc from file.",
)
@option("-n", "--create-rc", is_flag=True, help="Create new default rc.")
@option(
    "-N",
    "--create-rc-to",
    shell_complete=candidates.files,
    metavar="file",
    help="Create new rc to file.",
)
@option("-d", "--device", group="Columns", is_flag=True, help="Show the device format.")
@option("-q", "--quiet", group="Rows", is_flag=True, help="Do not display header and footer.")
@option("-p", "--show-path", is_flag=True, help="Show path in the mapping.")
@option(
    "-A",
    "--range",
    "only",
    metavar="low[,high]",
    parse=_range,
    help="Limit results to the given range.",
    note="-X and -c ignore it, as the classic's do, except where programs read.",
)
@version_option("-V", "--version")
@argument("pids", nargs=-1, shell_complete=candidates.pids)
@output_options
def command(
    extended: bool, more: int, read_rc: bool, read_rc_from: str | None, create_rc: bool,
    create_rc_to: str | None, device: bool, quiet: bool, show_path: bool, only: tuple[int, int] | None,
    pids: tuple[str, ...], output: str | None,
) -> int:  # fmt: skip
    """Report the memory map of processes."""
    mode = output_mode(output)
    _check(pids)
    if create_rc or create_rc_to is not None:
        from sysutils.cli.pmap_rc import create

        create(create_rc_to)
        return 0
    layout = None
    if more or read_rc or read_rc_from is not None:
        layout = _layout(more, quiet, show_path, read_rc, read_rc_from)
    numbers = [number for word in pids if (number := _pid(word)) is not None]
    if not numbers:
        raise CommandError("library failed pids statistics")
    survey = Survey(numbers, (), only or (0, LAST))
    if mode == "plain":
        if layout is not None:
            survey.figures, survey.only = None, (0, LAST)
            _detailed(survey, layout)
        else:
            survey.figures = _USED if extended else ()
            lines = _extended if extended else _devices if device else _brief
            _plain(survey, lines, show_path, quiet)
    elif mode == "rich":
        from sysutils.cli.pmap_rich import write

        survey.figures = None if layout else _USED
        write(survey, show_path, quiet, detailed=layout is not None)
    else:
        columns = DETAILED if layout else EXTENDED if extended else MAPPED
        survey.figures = None if layout else figures_of(columns)
        _for_programs(mode, columns, survey)
    return survey.status


def _layout(more: int, quiet: bool, show_path: bool, read_rc: bool, rc: str | None) -> "Layout":
    from sysutils.cli.pmap_detail import HIDDEN, Layout

    if not read_rc and rc is None:
        return Layout(quiet, show_path, hidden=HIDDEN if more == 1 else frozenset())
    from sysutils.cli.pmap_rc import read

    chosen, paths = read(rc)
    return Layout(quiet, show_path or paths, only=chosen)


def _for_programs(mode: str, columns: "Sequence[Column]", survey: Survey) -> None:
    from sysutils.cli.output.emit import emit

    def never(_: "Sequence[Column]", __: Iterable[Any], ___: Stream) -> None:
        raise AssertionError

    emit(mode, columns, survey.rows(), never)
