"""``--help``: examples, options in groups, notes; as wide as the terminal at most, styled there alone.

A page is lines of pieces, ``(text, style)``; the text of both kinds is the same."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import wrap

import click

from sysutils.cli import COMMANDS
from sysutils.cli.declared import Help, groups, spelled
from sysutils.cli.output.stream import on_terminal, put

Piece = tuple[str, str]
Line = list[Piece]

_HEADING, _NAME, _VALUE, _EXAMPLE, _QUIET = "bold", "cyan", "underline", "green", "dim"
#: longer lines are hard to read; where no terminal tells, lines are this long
_WIDEST, _USUAL = 100, 80
#: what stands at the left takes no more of the line, or its explanation begins on the next
_OPTION, _TYPED = 28, 34


def show(ctx: click.Context, only: Sequence[str] = ()) -> None:
    """Writes the page to standard output; of the options those of the groups ``only``, if any."""
    if not on_terminal() or os.environ.get("TERM") == "dumb" or "NO_COLOR" in os.environ:
        put(text(ctx, only))
        return
    from sysutils.cli.output.palette import Palette

    paint = Palette().paint
    lines = page(ctx, min(_columns(), _WIDEST), only)
    put("".join("".join(paint(*piece) for piece in line) + "\n" for line in lines))


def text(ctx: click.Context, only: Sequence[str] = ()) -> str:
    """The page without styles."""
    lines = page(ctx, min(_columns(), _WIDEST), only)
    return "".join("".join(piece for piece, _ in line) + "\n" for line in lines)


def _columns() -> int:
    word = os.environ.get("COLUMNS", "")
    if word.isascii() and word.isdecimal() and int(word) > 0:
        return int(word)
    if on_terminal():
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL
    return _USUAL


def page(ctx: click.Context, width: int, only: Sequence[str] = ()) -> Iterator[Line]:
    """The lines of the help of a context's command."""
    command = ctx.command
    about: Help = getattr(command, "about", Help())
    first, _, more = (command.help or "").partition("\n")
    words = " ".join((ctx.command_path, *command.collect_usage_pieces(ctx)))
    yield from _hanging([("Usage: ", _HEADING)], words, width)
    yield []
    yield from _paragraph(first, width)
    if about.examples and not only:
        yield from _heading("Examples")
        typed = [(_typed(ctx, words), meaning) for words, meaning in about.examples]
        yield from _rows(typed, width, lambda one: [(one, _EXAMPLE)], _place(typed, width, _TYPED))
    if isinstance(command, click.Group) and not only:
        yield from _heading("Commands")
        table = sorted(COMMANDS.items())
        yield from _rows(table, width, lambda name: [(name, _NAME)], _place(table, width))
    declared = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    shown = [option for option in declared if not option.hidden]
    aligned = any(_pair(option) for option in shown)
    rows = {id(option): (_names(option, aligned), option.help or "") for option in shown}
    place = _place(rows.values(), width)
    for group, members in groups(shown).items():
        if not only or group in only:
            yield from _heading(group)
            yield from _rows((rows[id(option)] for option in members), width, _painted, place)
    if not only:
        yield from _end(ctx, about, more, width)


def _end(ctx: click.Context, about: Help, more: str, width: int) -> Iterator[Line]:
    if about.statuses:
        yield from _heading("Exit status")
        place = _place(about.statuses, width)
        yield from _rows(about.statuses, width, lambda word: [(word, _NAME)], place)
    paragraphs = [part for part in (*more.split("\n\n"), *about.notes.split("\n\n")) if part]
    if paragraphs:
        yield from _heading("Notes")
        for number, paragraph in enumerate(paragraphs):
            if number:
                yield []
            yield from _paragraph(paragraph, width, "  ")
    name = ctx.command.name or ""
    page = name if name == "sysutils" else f"sysutils-{name}"
    yield []
    yield from ([(line, _QUIET)] for line in wrap(f"The whole manual: man {page}", width))


def _typed(ctx: click.Context, words: str) -> str:
    """An example as it is typed: in front of the words the name that the command was called by."""
    return f"{ctx.command_path} {words}".rstrip()


def _heading(title: str) -> Iterator[Line]:
    yield []
    yield [(f"{title}:", _HEADING)]


def _paragraph(words: str, width: int, indent: str = "") -> Iterator[Line]:
    room = max(width - len(indent), 1)
    yield from ([(indent + line, "")] for line in wrap(" ".join(words.split()), room))


def _hanging(start: Line, words: str, width: int, style: str = "") -> Iterator[Line]:
    """``words`` after ``start``, further lines below the first word."""
    indent = sum(len(piece) for piece, _ in start)
    lines = wrap(words, max(width - indent, 1), break_on_hyphens=False) or [""]
    yield [*start, (lines[0], style)]
    yield from ([(" " * indent, ""), (line, style)] for line in lines[1:])


def _place(rows: Iterable[tuple[str, str]], width: int, most: int = _OPTION) -> int:
    """Where the second of two columns begins."""
    place = max((len(left) for left, _ in rows if len(left) <= most), default=0) + 4
    return place if place <= width // 2 else min(6, width // 2)


def _rows(
    rows: Iterable[tuple[str, str]], width: int, paint: Callable[[str], Line], place: int
) -> Iterator[Line]:
    """Two columns; where the first is too long for its place, the second begins on the next line."""
    for left, right in rows:
        lines = wrap(right, max(width - place, 1))
        if len(left) + 4 <= place:
            first = f"{'':{place - 2 - len(left)}}{lines.pop(0)}" if lines else ""
            yield [("  ", ""), *paint(left), (first, "")]
        else:
            indent = "  "
            shown = left if place > 6 else left.lstrip()  # nothing to align with
            for part in wrap(shown, max(width - 6, 1), break_on_hyphens=False):
                yield [(indent, ""), *paint(part)]
                indent = " " * min(6, width // 2)
        yield from ([(" " * place + line, "")] for line in lines)


def _pair(option: click.Option) -> bool:
    names = [name.lstrip() for name in option.opts]
    return len(names) > 1 and len(names[0]) == 2 and names[-1][:2] == "--"


def _names(option: click.Option, aligned: bool) -> str:
    """``-n, --lines=N``: the names, the value after the last one."""
    names = [name.lstrip() for name in option.opts]
    names[-1] = spelled(option)[-1]
    indent = "    " if aligned and names[0][:2] == "--" else ""
    return indent + ", ".join(names)


def _painted(names: str) -> Line:
    """Names and values of an option in their styles."""
    line: Line = []
    for number, name in enumerate(names.split(", ")):
        if number:
            line.append((", ", ""))
        stripped = name.lstrip(" ")
        line.append((" " * (len(name) - len(stripped)), ""))
        start = len(stripped)
        for place, char in enumerate(stripped[2:], 2):
            if not (char.isalnum() or char in "-?"):
                start = place
                break
        line += [(stripped[:start], _NAME), (stripped[start:], _VALUE)]
    return line
