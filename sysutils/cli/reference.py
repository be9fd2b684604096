"""What the commands declare about themselves: their options and columns, for documentation."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from inspect import cleandoc, getdoc
from typing import TYPE_CHECKING, NamedTuple

import click

from sysutils.cli import COMMANDS
from sysutils.cli.declared import ClassicOption, spelled
from sysutils.cli.options import MODES
from sysutils.cli.output.column import Table

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


def names() -> list[str]:
    """The commands."""
    return sorted(COMMANDS)


def describe(name: str) -> Reference:
    """The reference of one command."""
    module = import_module(f"sysutils.cli.{name}")
    command: ClassicCommand = module.command
    with click.Context(command, info_name=name) as ctx:
        usage = " ".join((name, *command.collect_usage_pieces(ctx)))
        declared = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    line, _, more = cleandoc(command.help or "").partition("\n")
    tables = module.tables() if hasattr(module, "tables") else (Table(module.COLUMNS),)
    return Reference(
        name,
        line,
        getdoc(module) or "",
        more.strip(),
        usage,
        command.grammar.status,
        list(_options(declared)),
        tables,
    )


def _options(declared: Iterable[click.Option]) -> Iterable[Option]:
    """Each option; those for the choice of output, which every command has, as one."""
    modes = []
    for option in declared:
        if option.name == "output" and getattr(option, "ours", False):
            modes += spelled(option)
        else:
            yield _option(option)
    if modes:
        text = f"How to write: {', '.join(MODES[:-1])} or {MODES[-1]}."
        yield Option(modes, text, (), "Not in the classic.")


def _option(option: click.Option) -> Option:
    departs = ""
    only: tuple[str, ...] = ()
    if isinstance(option, ClassicOption):
        ours = "Not in the classic." if option.ours else ""
        departs, only = " ".join(filter(None, (ours, option.note))), tuple(option.only)
    return Option(spelled(option), option.help or "", only, departs)
