"""The pages and schemas of the commands below ``docs``: ``python -m sysutils.cli.reference_pages docs``."""

import os
import sys
from collections.abc import Iterable, Sequence

from sysutils.cli.output.column import Column, Table, kind_of
from sysutils.cli.reference import Option, Reference, describe, names
from sysutils.cli.reference_schema import schema

_SYSTEMS = {
    "linux": "Linux", "win32": "Windows", "darwin": "macOS", "freebsd": "FreeBSD", "openbsd": "OpenBSD",
    "netbsd": "NetBSD", "sunos": "illumos", "aix": "AIX",
}  # fmt: skip


def files() -> dict[str, str]:
    """Path below ``docs`` -> text, of every page and schema."""
    from json import dumps

    found = {}
    for name in names():
        command = describe(name)
        found[f"commands/{name}.md"] = page(command)
        text = dumps(schema(command), indent=1, ensure_ascii=False)
        found[f"schemas/{name}.json"] = f"{text}\n"
    return found


def page(command: Reference) -> str:
    """The page of a command, in Markdown."""
    parts = [
        f"# {command.name}",
        command.line,
        f"    {command.usage}",
        _prose(command.classic),
        *([_prose(command.more)] if command.more else []),
        f"A usage error ends it with status {command.status}.",
        "## Options",
        _options(command.options),
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


def _platforms(only: Sequence[str]) -> str:
    return ", ".join(_SYSTEMS[name] for name in only) or "all"


def _options(options: Iterable[Option]) -> str:
    rows = [
        (
            ", ".join(map(_code, option.spelled)), _cell(option.help), _platforms(option.only),
            _cell(option.departs) or "–",
        )
        for option in options
    ]  # fmt: skip
    return _grid(("option", "what it does", "platforms", "departs from the classic"), rows)


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
    names = [f"`{member.name}` ({_type(member)})" for member in column.of]
    return f"`{column.name}` has {', '.join(names)}."


def _column(column: Column) -> tuple[str, ...]:
    named = ", ".join(map(_code, (column.name, *column.aliases)))
    only = f" {_platforms(column.only)} only." if column.only else ""
    heading = _cell(column.header) or "–"
    return named, heading, _type(column), column.unit or "–", _cell(column.help) + only


def _type(column: Column) -> str:
    kinds = [*kind_of(column).split("|"), *(["null"] if column.null else [])]
    words = [f"list of {kind.strip('[]')}s" if kind[0] == "[" else kind for kind in kinds]
    return " or ".join(words)


def write(directory: str) -> None:
    """Writes all files below ``directory``, and removes those of commands that are gone."""
    made = files()
    for folder in ("commands", "schemas"):
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
