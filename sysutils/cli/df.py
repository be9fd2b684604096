"""df(1) of GNU coreutils 9.1: the room on file systems.

``--output`` is the classic's, so our formats are ``--json`` and its like. Departs where the classic hangs:
a file system that does not answer costs its row and a line on standard error (``--timeout``). From 16 EiB
on, numbers are exact where the classic's get inexact."""

import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from sysutils.cli import candidates
from sysutils.cli.df_mounts import KINDS, Filesystem, Room, Survey, Wanted, dead_after, kind_of
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    given,
    on_terminal,
    option,
    output_mode,
    output_options,
    quote,
    try_help,
    version_option,
)
from sysutils.cli.output.column import Column, Table
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream, write_error
from sysutils.cli.output.units import (
    HUMAN,
    HUMAN_SI,
    BlockSize,
    block_heading,
    counted_gnu,
    parse_block_size,
    scaled_gnu,
)


def percent(used: int | None, avail: int | None) -> float | None:
    """How much of what a user may have is used; None where that makes no sense."""
    if used is None or avail is None or used + avail == 0:
        return None
    share = used * 100 / (used + avail)
    return share if share > -1 else None


def whole_percent(used: int | None, avail: int | None) -> str:
    """``percent`` rounded up, as text."""
    if used is None or avail is None or used + avail == 0:
        return "-"
    share = -(-used * 100 // (used + avail))
    return f"{share}%" if share >= 0 else "-"


def _ratio(used: int | None, avail: int | None) -> float | None:
    share = percent(used, avail)
    return None if share is None else round(share, 2)


#: the fields of --output in its order, which are JSON's and CSV's as well
FIELDS = (
    Column("source", "Filesystem", lambda row: row.source, width=14, aliases=("device",),
           help="What is mounted, usually a device."),
    Column("fstype", "Type", lambda row: row.fstype, width=4, help="Type of the file system."),
    Column("itotal", "Inodes", lambda row: row.room.files, width=5, right=True, help="Number of inodes."),
    Column("iused", "IUsed", lambda row: row.iused, width=5, right=True, help="Inodes in use."),
    Column("iavail", "IFree", lambda row: row.room.ffree, width=5, right=True, help="Free inodes."),
    Column("ipcent", "IUse%", lambda row: _ratio(row.iused, row.room.ffree), width=4, right=True,
           unit="percent", help="Share of the inodes in use."),
    Column("size", "", lambda row: row.room.total, width=5, right=True, unit="bytes",
           aliases=("total",), help="Size."),
    Column("used", "Used", lambda row: row.used, width=5, right=True, unit="bytes", help="In use."),
    Column("avail", "Avail", lambda row: row.room.avail, width=5, right=True, unit="bytes",
           aliases=("free",), help="Free for users without privileges."),
    Column("pcent", "Use%", lambda row: _ratio(row.used, row.room.avail), width=4, right=True,
           unit="percent", aliases=("percent",), help="Used, of used and available."),
    Column("file", "File", lambda row: row.file, help="The operand, where one was given."),
    Column("target", "Mounted on", lambda row: row.target, aliases=("mountpoint",),
           help="Mount point."),
)  # fmt: skip
_BY_NAME = {column.name: column for column in FIELDS}


class View(NamedTuple):
    """What is shown, and how."""

    fields: tuple[Column, ...]
    blocks: BlockSize
    posix: bool = False
    #: chosen by --output: other headings
    chosen: bool = False
    #: a unit was asked for
    unit_given: bool = False

    def heading(self, column: Column) -> str:
        """The column's heading, which tells the unit."""
        human = self.blocks.human
        posix = self.posix and not human
        if column.name == "size" and not human:
            return f"{self.blocks.size}-blocks" if posix else block_heading(self.blocks)
        if column.name == "size":
            return "Size"
        if column.name == "avail":
            return "Avail" if human or self.chosen else "Available"
        return "Capacity" if posix and column.name == "pcent" else column.header

    def cell(self, column: Column, row: Filesystem) -> str:
        """The text of a cell before control characters are dealt with."""
        if column.name == "pcent":
            return whole_percent(row.used, row.room.avail)
        if column.name == "ipcent":
            return whole_percent(row.iused, row.room.ffree)
        value = column.get(row)
        if value is None:
            return "-"
        if column.unit == "bytes":
            return scaled_gnu(value, self.blocks)
        return counted_gnu(value, self.blocks) if column.right else str(value)

    def plain(self, _: Sequence[Column], rows: Iterable[Filesystem], out: Stream) -> None:
        """The classic's table."""
        from sysutils.cli.output.fitted import fitted, for_pipe
        from sysutils.cli.output.text import utf8_locale, visible

        utf8 = utf8_locale()
        clean = visible if on_terminal() else for_pipe
        table = [[self.heading(column) for column in self.fields]]
        table += ([clean(self.cell(column, row), utf8) for column in self.fields] for row in rows)
        right = [column.right for column in self.fields]
        least = [column.width for column in self.fields]
        for line in fitted(table, right, least, utf8):
            out.write(line + "\n")


def total_of(rows: Iterable[Filesystem], with_source: bool) -> Filesystem:
    """The row of ``--total``: what is known, added up."""
    sums = [0] * len(Room._fields)
    for row in rows:
        # what has no size has no free rest of it either
        for place, value in enumerate(row.room):
            sums[place] += value or 0
    name, target = ("total", None) if with_source else (None, "total")
    return Filesystem(name, None, target, None, Room(*sums))


# --- options


def _block_size(name: str, text: str) -> BlockSize:
    style, problem = parse_block_size(text)
    if problem == "too large":
        raise CommandError(f"{name} argument '{text}' too large")
    if problem or style is None:
        raise CommandError(f"{problem} {name} argument '{text}'")
    return style


def _default_blocks(posix: bool) -> BlockSize:
    """The unit that the environment asks for."""
    usual = BlockSize(512 if "POSIXLY_CORRECT" in os.environ else 1024)
    for name in () if posix else ("DF_BLOCK_SIZE", "BLOCK_SIZE", "BLOCKSIZE"):
        if name in os.environ:
            return parse_block_size(os.environ[name])[0] or usual
    return usual


def _blocks(posix: bool) -> tuple[BlockSize, bool]:
    """The unit asked for last, and whether one was."""
    fixed = {"human": HUMAN, "si": HUMAN_SI, "kibi": BlockSize(1024), "mebi": BlockSize(1 << 20)}
    chosen = None
    for name, value in given():
        if name == "block_size":
            chosen = value
        elif name in fixed:
            chosen = fixed[name]
    return chosen or _default_blocks(posix), chosen is not None


def _fields() -> tuple[tuple[Column, ...], bool]:
    """The fields to show, and whether --output chose them. Raises UsageError."""
    fields: list[Column] = []
    letters: dict[str, str] = {}
    for name, value in given():
        if name in _EXCLUDE_OUTPUT:
            letters[name] = _EXCLUDE_OUTPUT[name]
        elif name == "fields":
            letters["fields"] = ""
        if "fields" in letters and len(letters) > 1:
            letter = next(letter for of, letter in _EXCLUDE_OUTPUT.items() if of in letters)
            raise UsageError(f"options -{letter} and --output are mutually exclusive")
        if name == "fields":
            _add_fields(fields, value)
    if "fields" in letters:
        return tuple(fields) or FIELDS, True
    return _usual_fields("print_type" in letters, "inodes" in letters), False


#: the options that exclude --output, in the order in which they are told
_EXCLUDE_OUTPUT = {"inodes": "i", "posix": "P", "print_type": "T"}


def _add_fields(fields: list[Column], names: Sequence[str]) -> None:
    for name in names:
        column = _BY_NAME.get(name)
        if column is None:
            raise UsageError(f"option --output: field {quote(name)} unknown")
        if column in fields:
            raise UsageError(f"option --output: field {quote(name)} used more than once")
        fields.append(column)


def _usual_fields(with_type: bool, inodes: bool) -> tuple[Column, ...]:
    names = ["source", "fstype"] if with_type else ["source"]
    names += (
        ["itotal", "iused", "iavail", "ipcent"] if inodes else ["size", "used", "avail", "pcent"]
    )
    return tuple(_BY_NAME[name] for name in (*names, "target"))


def _names(text: str) -> list[str]:
    return text.split(",")


def _check_types(types: Sequence[str], excluded: Sequence[str]) -> None:
    both = [kind for kind in reversed(types) if kind in excluded]
    if both:
        lines = [f"file system type {quote(kind)} both selected and excluded" for kind in both]
        raise CommandError("\ndf: ".join(lines))


def tables() -> tuple[Table, ...]:
    """What JSON and CSV hold, for the documentation."""
    return (Table(FIELDS, some=True),)


_USUAL_SIZES = ("K", "M", "G", "T", "kB", "MB", "GB", "512", "human-readable", "si")
_FIELD_HELP = {column.name: column.help for column in FIELDS}
_ABOUT = Help(
    examples=(
        ("-h", "The room on all file systems, in sizes for people."),
        ("-hT /home", "The file system of a file, with its type."),
        ("-i", "Inodes in place of blocks."),
        ("-x tmpfs -x devtmpfs", "Without file systems in memory."),
        ("--output=target,pcent", "These columns alone."),
        ("--json /", "For programs, in bytes."),
    ),
    statuses=(
        ("0", "All was shown."),
        ("1", "Something could not be shown, or a mistake in the words."),
    ),
    notes="A file system that does not answer costs its row after --timeout, with a note on "
    "standard error.",
)


@classic("df", about=_ABOUT, grammar=Grammar(hint=try_help))
@option(
    "-a",
    "--all",
    group="Which file systems",
    is_flag=True,
    help="Include pseudo, duplicate and unreachable file systems.",
)
@option("-B", "block_size", group="Sizes",
        shell_complete=candidates.words(_USUAL_SIZES), metavar="SIZE", parse=partial(_block_size, "-B"),
        expose_value=False,
        help="Write sizes in units of SIZE bytes: 1M, KB, KiB, 512, 'human-readable'.")  # fmt: skip
@option("--block-size", "block_size",
        shell_complete=candidates.words(_USUAL_SIZES),
        metavar="SIZE", parse=partial(_block_size, "--block-size"),
        expose_value=False, help="As -B.")  # fmt: skip
@option("-h", "--human-readable", "human", is_flag=True, expose_value=False,
        help="Write sizes in powers of 1024 (1023M).")  # fmt: skip
@option("-H", "--si", "si", is_flag=True, expose_value=False,
        help="Write sizes in powers of 1000 (1.1G).")  # fmt: skip
@option(
    "-i",
    "--inodes",
    group="Columns",
    is_flag=True,
    expose_value=False,
    help="Show inodes in place of blocks.",
)
@option("-k", "kibi", group="Sizes", is_flag=True, expose_value=False, help="As -B 1K.")
@option("-m", "mebi", is_flag=True, expose_value=False, help="As -B 1M.")
@option(
    "-l", "--local", group="Which file systems", is_flag=True, help="Show local file systems alone."
)
@option(
    "--no-sync",
    "sync",
    group="Asking",
    flag_value="",
    help="Don't sync before asking (the default).",
)
@option("--output", "fields", group="Columns",
        shell_complete=candidates.listed(candidates.words(_FIELD_HELP)),
        metavar="FIELDS", multiple=True, parse=_names,
        optional_value=(),
        expose_value=False, help="Show these of source, fstype, itotal, iused, iavail, ipcent, size, "
        "used, avail, pcent, file and target; all if none is named.")  # fmt: skip
@option("-P", "--portability", "posix", is_flag=True, help="Use the POSIX format.")
@option("--sync", "sync", group="Asking", flag_value="yes", help="Sync before asking.")
@option("--total", group="Columns", is_flag=True, help="Add a line with the sums.")
@option("-t", "--type", "-F", "types", group="Which file systems",
        shell_complete=candidates.file_system_types, metavar="TYPE", multiple=True,
        help="Show file systems of this type alone; may be given several times.")  # fmt: skip
@option(
    "-T", "--print-type", group="Columns", is_flag=True, expose_value=False, help="Show the types."
)
@option("-x", "--exclude-type", "excluded", group="Which file systems",
        shell_complete=candidates.file_system_types, metavar="TYPE", multiple=True,
        help="Leave out file systems of this type; may be given several times.")  # fmt: skip
@option("-v", "ignored", group="Asking", is_flag=True, expose_value=False, help="Ignored.")
@option("--timeout", metavar="SECONDS", parse=dead_after, default=5.0, ours=True,
        help="How long to wait for a file system that does not answer (5).")  # fmt: skip
@version_option("--version")
@output_options(long=False)
@argument(
    "files", metavar="[FILE]...", nargs=-1,
    shell_complete=candidates.either(candidates.mount_points, candidates.files),
)  # fmt: skip
def command(
    all: bool, local: bool, sync: str, posix: bool, total: bool, types: tuple[str, ...],
    excluded: tuple[str, ...], timeout: float, output: str | None, files: tuple[str, ...],
) -> int:  # fmt: skip
    """Show the room on the file systems of the FILEs, or on all."""
    fields, chosen = _fields()
    _check_types(types, excluded)
    mode = output_mode(output)
    blocks, unit_given = _blocks(posix)
    view = View(fields, blocks, posix, chosen, unit_given)
    wanted = Wanted(all, local, frozenset(types), frozenset(excluded), total, timeout)
    failures: list[str] = []

    def tell(message: str) -> None:
        warning = message.startswith("Warning: ")
        failures.extend([] if warning else [message])
        write_error(f"df: {message}\n")

    if sync and hasattr(os, "sync"):
        os.sync()
    survey = Survey(wanted, tell)
    rows = survey.of_files(files) if files else survey.everything()
    if not survey.processed:
        if not failures:
            raise CommandError("no file systems processed")
        return 1
    if total:
        rows.append(total_of(rows, any(column.name == "source" for column in fields)))
    shown = fields if chosen else FIELDS

    def rich(_: Sequence[Column], rows: Iterable[Filesystem], out: Stream) -> None:
        shown = view if unit_given else view._replace(blocks=HUMAN)
        _rich(shown, _apart(list(rows), bool(files), total), out)

    emit(mode, shown, rows, view.plain, rich=rich)
    return 1 if failures else 0


# --- on a terminal


#: how soon a narrow terminal does without a column
_RANKS = {
    "fstype": 9, "used": 8, "iused": 8, "source": 6, "size": 5, "itotal": 5, "avail": 3, "iavail": 3,
    "pcent": 1, "ipcent": 1,
}  # fmt: skip

Part = tuple[Sequence[tuple[str, str]], Sequence[Filesystem]]


def _apart(rows: list[Filesystem], as_asked: bool, total: bool) -> list[Part]:
    """The kinds of file systems, each with its own, in the order of the table; the sum stands last."""
    if as_asked:
        return [((), rows)]
    found: dict[str, list[Filesystem]] = {kind: [] for kind in KINDS}
    last = [rows.pop()] if total else []
    for row in rows:
        found[kind_of(row)].append(row)
    kinds = {kind: some for kind, some in found.items() if some}
    if len(kinds) < 2:
        return [((), rows + last)]
    parts: list[Part] = [(((kind, "bold"),), some) for kind, some in kinds.items()]
    return [*parts, ((("All", "bold"),), last)] if last else parts


def _rich(view: View, parts: Sequence[Part], out: Stream) -> None:
    from sysutils.cli.output import as_rich

    columns: list[Column] = []
    for column in view.fields:
        if column.unit == "percent":
            columns += _gauge(column)
        else:
            columns.append(_rich_column(view, column))
    if not view.chosen and not any(column.name == "fstype" for column in columns):
        columns.insert(1, _rich_column(view, _BY_NAME["fstype"]))
    as_rich.write_groups(columns, parts, out)


def _rich_column(view: View, column: Column) -> Column:
    style = {"source": "cyan", "fstype": "dim", "target": "bold"}.get(column.name, "")
    column = column._replace(
        header=view.heading(column), style=style, rank=_RANKS.get(column.name, 2)
    )
    if column.unit == "bytes":
        return column._replace(show=lambda size: scaled_gnu(size, view.blocks))
    if column.right:
        return column._replace(show=lambda count: counted_gnu(count, view.blocks))
    return column


def _gauge(column: Column) -> list[Column]:
    """The share as a bar, which a narrow terminal does without, and in figures."""
    from sysutils.cli.output.bars import level, levels

    def share(row: Filesystem) -> int | None:
        inodes = column.name == "ipcent"
        used, free = (row.iused, row.room.ffree) if inodes else (row.used, row.room.avail)
        text = whole_percent(used, free)
        return None if text == "-" else int(text[:-1])

    figures = column._replace(
        get=share, show="{}%".format, rank=_RANKS[column.name],
        style=lambda percent: level(percent / 100, 0.75, 0.9),
    )  # fmt: skip
    strip = Column(
        column.name + "_bar", " ", share, rank=4, width=24,
        gauge=lambda percent: levels(percent / 100, 0.75, 0.9),
    )  # fmt: skip
    return [strip, figures]
