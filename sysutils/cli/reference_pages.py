"""Pages, manuals and schemas of the commands: ``python -m sysutils.cli.reference_pages docs``."""

import os
import sys
from collections.abc import Iterable, Sequence

from sysutils.cli.output.column import Column, Table, kind_of
from sysutils.cli.reference import (
    Option,
    Reference,
    describe,
    describe_group,
    names,
    platforms,
    type_of,
)
from sysutils.cli.reference_man import manual
from sysutils.cli.reference_schema import schema

FOLDERS = ("commands", "man", "schemas")
#: commands whose page has a picture, from ``docs/pictures``
PICTURED = frozenset(
    (
        "df",
        "free",
        "ifconfig",
        "iostat",
        "iotop",
        "kill",
        "lsof",
        "netstat",
        "pmap",
        "ps",
        "top",
        "uptime",
        "who",
    )
)


def files() -> dict[str, str]:
    """Path below ``docs`` -> text, of every page, manual and schema."""
    from json import dumps

    found = {}
    for name in names():
        command = describe(name)
        found[f"commands/{name}.md"] = page(command)
        text = dumps(schema(command), indent=1, ensure_ascii=False)
        found[f"schemas/{name}.json"] = f"{text}\n"
        found[f"man/sysutils-{name}.1"] = manual(command)
    found["man/sysutils.1"] = manual(describe_group())
    return found


def page(command: Reference) -> str:
    """The page of a command, in Markdown."""
    parts = [
        f"# {command.name}",
        command.line,
        f"    {command.usage}",
        *(
            [f"![{command.name}](../pictures/{command.name}.svg)"]
            if command.name in PICTURED
            else []
        ),
        _prose(command.classic),
        *([_prose(command.more)] if command.more else []),
        "## Examples",
        _examples(command),
        "## Options",
        *_grouped(command.options),
        "## Exit status",
        _grid(("status", "meaning"), command.about.statuses),
        *([_prose(command.about.notes)] if command.about.notes else []),
        "## JSON and CSV",
        f"The schema is [schemas/{command.name}.json](../schemas/{command.name}.json).",
    ]
    for table in command.tables:
        parts += _table(table, alone=len(command.tables) == 1)
    return "\n\n".join(parts) + "\n"


def _prose(text: str) -> str:
    """A docstring as Markdown."""
    return _safe(text.replace("``", "`"))


def _safe(text: str) -> str:
    """No part of it is taken for HTML."""
    return text.replace("<", "\\<")


def _cell(text: str) -> str:
    return _safe(text.replace("|", "\\|").replace("``", "`"))


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _options(options: Iterable[Option]) -> str:
    rows = [
        (
            ", ".join(map(_code, option.spelled)), _cell(option.help), platforms(option.only),
            _cell(option.departs) or "–",
        )
        for option in options
    ]  # fmt: skip
    return _grid(("option", "what it does", "platforms", "departs from the classic"), rows)


def _examples(command: Reference) -> str:
    rows = [(_code(f"sysutils {command.name} {words}".rstrip()), _cell(text))
            for words, text in command.about.examples]  # fmt: skip
    return _grid(("typed", "what it does"), rows)


def _grouped(options: Sequence[Option]) -> Iterable[str]:
    for group in dict.fromkeys(option.group for option in options):
        yield f"### {group}"
        yield _options(option for option in options if option.group == group)


def _table(table: Table, alone: bool) -> list[str]:
    empty = [column.name for column in table.columns if kind_of(column) == "null"]
    columns = [column for column in table.columns if column.name not in empty]
    parts = [] if alone else [f"### {table.name}"]
    if table.when:
        parts.append(f"With {', '.join(map(_code, table.when.split(', ')))}.")
    if table.some:
        parts.append("A row has those that were asked for.")
    heads = ("name", "heading", "type", "unit", "what it is")
    parts.append(_grid(heads, map(_column, columns)))
    parts += [_members(column, heads) for column in columns if column.of]
    if empty:
        names = ", ".join(map(_code, empty))
        parts.append(f"Names of other systems, accepted and always null: {names}.")
    return parts


def _members(column: Column, heads: Sequence[str]) -> str:
    """What the objects of a column have."""
    if any(member.help for member in column.of):
        return f"Of `{column.name}`:\n\n{_grid(heads, map(_column, column.of))}"
    names = [f"`{member.name}` ({type_of(member)})" for member in column.of]
    return f"`{column.name}` has {', '.join(names)}."


def _column(column: Column) -> tuple[str, ...]:
    named = ", ".join(map(_code, (column.name, *column.aliases)))
    only = f" {platforms(column.only)} only." if column.only else ""
    heading = _cell(column.header) or "–"
    return named, heading, type_of(column), column.unit or "–", _cell(column.help) + only


def write(directory: str) -> None:
    """Writes all files below ``directory``, and removes those of commands that are gone."""
    made = files()
    for folder in FOLDERS:
        place = os.path.join(directory, folder)
        os.makedirs(place, exist_ok=True)
        for name in os.listdir(place):
            if f"{folder}/{name}" not in made:
                os.unlink(os.path.join(place, name))
    for name, text in made.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    write(*sys.argv[1:2] or ["docs"])
