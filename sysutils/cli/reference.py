"""What the commands declare about themselves: their options and columns, for documentation."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from inspect import cleandoc, getdoc
from typing import TYPE_CHECKING, NamedTuple

import click

from sysutils.cli import COMMANDS
from sysutils.cli.declared import ABOUT, IDLE, OUTPUT, ClassicOption, Help, groups, spelled
from sysutils.cli.options import MODES
from sysutils.cli.output.column import Column, Table, kind_of

if TYPE_CHECKING:
    from sysutils.cli.grammar import ClassicCommand


class Option(NamedTuple):
    """An option, or operands."""

    #: as they are typed: ``-B SIZE``, ``--output[=FIELDS]``
    spelled: Sequence[str]
    help: str
    #: platforms that have it; none named: all
    only: Sequence[str]
    #: where it departs from the classic, and why
    departs: str
    #: the heading it stands under
    group: str


class Reference(NamedTuple):
    """All that a command declares."""

    name: str
    #: what it does, in one line
    line: str
    #: which classic it follows and where it departs
    classic: str
    #: more of its help
    more: str
    usage: str
    #: of usage errors
    status: int
    options: Sequence[Option]
    tables: Sequence[Table]
    about: Help


def names() -> list[str]:
    """The commands."""
    return sorted(COMMANDS)


def describe(name: str) -> Reference:
    """The reference of one command."""
    module = import_module(f"sysutils.cli.{name}")
    command: ClassicCommand = module.command
    usage, options = _declared(command, name)
    line, _, more = cleandoc(command.help or "").partition("\n")
    tables = module.tables() if hasattr(module, "tables") else (Table(module.COLUMNS),)
    return Reference(
        name,
        line,
        getdoc(module) or "",
        more.strip(),
        usage,
        command.grammar.status,
        options,
        tables,
        command.about,
    )


def describe_group() -> Reference:
    """The reference of ``sysutils`` itself."""
    from sysutils.cli.group import group

    usage, options = _declared(group, "sysutils")
    line = cleandoc(group.help or "")
    return Reference("sysutils", line, "", "", usage, 2, options, (), group.about)


def _declared(command: click.Command, name: str) -> tuple[str, list[Option]]:
    """The line of usage, and the options: below their headings, those that help leaves out at the end."""
    with click.Context(command, info_name=name, **command.context_settings) as ctx:
        usage = " ".join((name, *command.collect_usage_pieces(ctx)))
        declared = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    below = groups(option for option in declared if not option.hidden)
    hidden = [option for option in declared if option.hidden]
    if hidden:
        ends = {name: below.pop(name) for name in (OUTPUT, ABOUT) if name in below}
        below = {**below, IDLE: [*below.get(IDLE, ()), *hidden], **ends}
    return usage, [one for name, members in below.items() for one in _options(members, name)]


def _options(declared: Iterable[click.Option], group: str) -> Iterable[Option]:
    """Each option; those for the choice of output, which every command has, as one."""
    modes = []
    for option in declared:
        if option.name == "output" and getattr(option, "ours", False):
            modes += spelled(option)
        else:
            yield _option(option, group)
    if modes:
        text = f"How to write: {', '.join(MODES[:-1])} or {MODES[-1]}."
        yield Option(modes, text, (), "Not in the classic.", group)


def _option(option: click.Option, group: str) -> Option:
    departs = ""
    only: tuple[str, ...] = ()
    if isinstance(option, ClassicOption):
        ours = "Not in the classic." if option.ours else ""
        departs, only = " ".join(filter(None, (ours, option.note))), tuple(option.only)
    return Option(spelled(option), option.help or "", only, departs, group)


_SYSTEMS = {
    "linux": "Linux", "win32": "Windows", "darwin": "macOS", "freebsd": "FreeBSD", "openbsd": "OpenBSD",
    "netbsd": "NetBSD", "sunos": "illumos", "aix": "AIX",
}  # fmt: skip


def platforms(only: Sequence[str]) -> str:
    """The systems by their usual names."""
    return ", ".join(_SYSTEMS[name] for name in only) or "all"


def type_of(column: Column) -> str:
    """The types of a column's raw value, in words."""
    kinds = [*kind_of(column).split("|"), *(["null"] if column.null else [])]
    words = [f"list of {kind.strip('[]')}s" if kind[0] == "[" else kind for kind in kinds]
    return " or ".join(words)
