"""Manuals in man(7)'s language, of what the commands declare."""

import re
from collections.abc import Iterable, Iterator, Sequence

from sysutils import __version__
from sysutils.cli import COMMANDS
from sysutils.cli.output.column import Column, Table, kind_of
from sysutils.cli.reference import Option, Reference, platforms, type_of

#: of the version; man(1) shows it below each page
_DATE = "2026-11-28"
_WIDTH = 78
#: what means something to troff(1), or is not the ASCII character that is meant
_SPECIAL = {
    "\\": "\\(rs", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq",
}  # fmt: skip
_ENVIRONMENT = (
    (
        "SYSUTILS_OUTPUT",
        "How to write where no option says it: auto, rich, plain, json, jsonl or csv.",
    ),
    ("NO_COLOR", "No colours."),
    ("COLUMNS", "The width to write for."),
    ("TERM", "With dumb, a terminal gets what a pipe gets."),
    ("SYSUTILS_DEBUG", "An error that no command expects shows where it came from."),
)


def manual(command: Reference) -> str:
    """The manual of a command, or of ``sysutils`` itself."""
    alone = command.name == "sysutils"
    page = command.name if alone else f"sysutils-{command.name}"
    about = command.about
    called = "sysutils" if alone else f"sysutils {command.name}"
    brief = f"{command.line[:1].lower()}{command.line[1:].rstrip('.')}"
    lines = [
        f'.TH {_escaped(page).upper()} 1 {_DATE} "sysutils {__version__}" "User Commands"',
        *_section("Name"), f"{_escaped(page)} \\-", *_filled(brief),
        *_section("Synopsis"), *_synopsis(called, command.usage.removeprefix(command.name)),
        *_section("Description"), *_paragraphs(command.line, command.classic, command.more),
        *_section("Examples"),
        *_list((f"{called} {words}".rstrip(), text) for words, text in about.examples),
    ]  # fmt: skip
    if alone:
        lines += [*_section("Commands"), *_list(sorted(COMMANDS.items()))]
    lines += [*_section("Options"), *_options(command.options)]
    if command.tables:
        lines += [*_section("JSON and CSV"), *_tables(command.tables)]
    lines += [*_section("Exit status"), *_list(about.statuses)]
    lines += [*_section("Environment"), *_list(_ENVIRONMENT)]
    if about.notes:
        lines += [*_section("Notes"), *_paragraphs(about.notes)]
    lines += [*_section("See also"), *_see_also(command.name)]
    return "\n".join(lines) + "\n"


def _section(title: str) -> list[str]:
    return [f".SH {title.upper()}"]


def _escaped(text: str) -> str:
    """``text`` so that each character is shown as it is."""
    made = "".join(_SPECIAL.get(char) or char for char in text)
    return "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in made)


def _line(text: str) -> str:
    """A line of text that is no request to troff(1)."""
    return f"\\&{text}" if text[:1] in {".", "'"} else text


def _filled(text: str) -> Iterator[str]:
    """Lines of text, of no more than ``_WIDTH`` characters where words allow it; what stands in double
    backquotes is bold."""
    pieces = re.split(r"``(.*?)``", text, flags=re.DOTALL)
    made = "".join(
        f"\\fB{_escaped(piece)}\\fP" if number % 2 else _escaped(piece)
        for number, piece in enumerate(pieces)
    )
    line = ""
    for word in made.split():
        if line and len(line) + 1 + len(word) > _WIDTH:
            yield _line(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield _line(line)


def _paragraphs(*texts: str) -> Iterator[str]:
    parts = [part for text in texts for part in text.split("\n\n") if part.strip()]
    for number, part in enumerate(parts):
        if number:
            yield ".PP"
        yield from _filled(part)


def _synopsis(called: str, words: str) -> Iterator[str]:
    yield f".B {_escaped(called)}"
    yield from _filled(words)


def _list(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Terms in bold, and what they mean."""
    for term, meaning in rows:
        yield ".TP"
        yield f"\\fB{_escaped(term)}\\fP"
        yield from _filled(meaning)


def _options(options: Sequence[Option]) -> Iterator[str]:
    group = ""
    for option in options:
        if option.group != group:
            group = option.group
            yield f".SS {_escaped(group)}"
        yield ".TP"
        yield ", ".join(map(_spelled, option.spelled))
        only = f"On {platforms(option.only)} only." if option.only else ""
        yield from _filled(" ".join(filter(None, (option.help, only, option.departs))))


def _spelled(name: str) -> str:
    """A name in bold, its value in italics."""
    found = re.match(r"[-+]*\w?[\w-]*\??", name)
    end = found.end() if found else len(name)
    if (
        name[:1] in {"-", "+"}
        and name[1:2] != "-"
        and "-kind" not in name
        and "-version" not in name
    ):
        end = 2
    value = f"\\fI{_escaped(name[end:])}\\fP" if name[end:] else ""
    return f"\\fB{_escaped(name[:end])}\\fP{value}"


def _tables(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        if len(tables) > 1:
            yield f".SS {_escaped(table.name)}"
        if table.when:
            yield from _filled(f"With ``{table.when}``.")
        if table.some:
            yield from _filled("A row has those that were asked for.")
        columns = [column for column in table.columns if kind_of(column) != "null"]
        yield from _list(map(_column, columns))


def _column(column: Column) -> tuple[str, str]:
    what = ", ".join(filter(None, (type_of(column), column.unit)))
    only = f"On {platforms(column.only)} only." if column.only else ""
    return ", ".join((column.name, *column.aliases)), f"{column.help} {only} ({what})"


def _see_also(name: str) -> Iterator[str]:
    commands = [f"sysutils-{other}" for other in sorted(COMMANDS)]
    pages = commands if name == "sysutils" else ["sysutils", name]
    yield from _filled(", ".join(f"``{page}``(1)" for page in pages))
