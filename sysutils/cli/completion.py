"""Completion in shells: what may follow the words typed so far.

A shell's script (``completion_scripts``) runs ``sysutils`` with ``_SYSUTILS_COMPLETE=SHELL_complete`` in its
environment, and the words typed so far in others. The answer is a line of flags (``files``, ``dirs``,
``commands``: what the shell is to add; ``nospace``; ``cut=N``: characters of the word that the values
leave out), then a value a line, with what is told about it behind a tab."""

import os
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem

from sysutils.cli import COMMANDS
from sysutils.cli.declared import takes
from sysutils.cli.output.stream import put

#: in the environment: shell, and whether it asks for its script ("source") or an answer ("complete")
ASKED = "_SYSUTILS_COMPLETE"
_KINDS = {"file": "files", "dir": "dirs", "command": "commands"}
#: bash lists what it offers for these values of COMP_TYPE
_LISTING = {"63", "33", "64"}


class Typed(NamedTuple):
    """A command line up to the cursor."""

    words: Sequence[str]
    #: the last one, which is to be completed; empty behind a blank
    word: str
    #: the quotation mark it stands in, and the word with all marks as it was typed
    quote: str = ""
    raw: str = ""


class _Place(NamedTuple):
    """Where the cursor is in a command's words."""

    #: the option whose value is to be typed
    option: click.Option | None
    #: whether something else may stand there too
    perhaps: bool
    operands: list[str]
    given: dict[str, str]
    #: options may still come
    options: bool


def split(line: str) -> Typed:
    """The words of a line as POSIX shells read them; an open quotation mark is no mistake."""
    words: list[str] = []
    word, quote, raw = "", "", ""
    inside = escaped = False
    for char in line:
        if escaped:
            word, raw, escaped = word + char, raw + char, False
        elif char == "\\" and quote != "'":
            inside = escaped = True
            raw += char
        elif quote:
            quote = "" if char == quote else quote
            word, raw = word + (char if quote else ""), raw + char
        elif char in "'\"":
            inside, quote, raw = True, char, raw + char
        elif char.isspace():
            if inside:
                words.append(word)
            word, raw, inside = "", "", False
        else:
            inside, word, raw = True, word + char, raw + char
    return Typed(words, word, quote, raw)


def candidates(words: Sequence[str], word: str) -> list[CompletionItem]:
    """What ``word`` may become after ``words``, the first of which is the program's name."""
    name = os.path.basename(words[0]).removesuffix(".exe") if words else "sysutils"
    rest = list(words[1:])
    if name not in COMMANDS:
        while rest and rest[0][:1] == "-" and not _wants_value(rest[0]):
            del rest[0]
        if not rest or rest[0] not in COMMANDS:
            return _of_group(rest, word)
        name = rest.pop(0)
    command: click.Command = import_module(f"sysutils.cli.{name}").command
    with click.Context(
        command, info_name=name, resilient_parsing=True, **command.context_settings
    ) as ctx:
        return _of_command(command, ctx, rest, word)


def _wants_value(word: str) -> bool:
    return word in {"--completion", "--install-links"}


def _of_group(rest: list[str], word: str) -> list[CompletionItem]:
    if not rest and word[:1] != "-":
        return [CompletionItem(n, help=COMMANDS[n]) for n in COMMANDS if n.startswith(word)]
    from sysutils.cli.group import group

    with click.Context(group, info_name="sysutils", **group.context_settings) as ctx:
        names = _names(group, ctx)
        if len(rest) == 1 and rest[0] in names:
            return names[rest[0]].shell_complete(ctx, word)
        return [] if rest else _options(names, word, {})


def _names(command: click.Command, ctx: click.Context) -> dict[str, click.Option]:
    """The options by their names; a blank in front for BSD's."""
    options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    return {name: one for one in options for name in (*one.opts, *one.secondary_opts)}


def _of_command(
    command: click.Command, ctx: click.Context, rest: list[str], word: str
) -> list[CompletionItem]:
    names = _names(command, ctx)
    place = _place(command, names, rest)
    ctx.params.update(place.given)
    ctx.args = place.operands
    found: list[CompletionItem] = []
    if place.option is not None:
        found = place.option.shell_complete(ctx, word)
        if found or not place.perhaps:
            return found
    attached = _attached(names, word) if place.options else None
    if attached is not None:
        option, front = attached
        return [_behind(front, item) for item in option.shell_complete(ctx, word[len(front) :])]
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    for argument in arguments[:1]:
        found = [*found, *argument.shell_complete(ctx, word)]
    if place.options and (word[:1] in {"-", "+"} or not (word or arguments or found)):
        found = [*found, *_options(names, word, place.given)]
    return found


def _behind(front: str, item: CompletionItem) -> CompletionItem:
    value = f"{front}{item.value}"
    return CompletionItem(value, item.type, item.help, more=item.more, front=len(front))


def _place(
    command: click.Command, names: Mapping[str, click.Option], rest: Iterable[str]
) -> _Place:
    """Reads the words in front of the cursor, none of which is a mistake here."""
    grammar = getattr(command, "grammar", None)
    mixed = bool(grammar and grammar.interspersed)
    apart = bool(
        grammar and grammar.reader
    )  # values that may be left out may stand apart from them
    operands: list[str] = []
    given: dict[str, str] = {}
    waiting: click.Option | None = None
    options, perhaps = True, False
    for word in rest:
        if waiting is not None and not (perhaps and word[:1] in {"-", "+"}):
            given[str(waiting.name)] = word
            waiting = None
            continue
        waiting = None
        if options and word == "--":
            options = False
            continue
        read = _read(names, word) if options else None
        if read is None:
            operands.append(word)
            options = options and mixed
            continue
        found, value = read
        given.update({str(one.name): value or "" for one in found})
        kind = takes(found[-1]) if found else "no"
        if not value and (kind == "must" or (kind == "may" and apart)):
            waiting, perhaps = found[-1], kind == "may"
    return _Place(waiting, perhaps, operands, given, options)


def _read(names: Mapping[str, click.Option], word: str) -> tuple[list[click.Option], str] | None:
    """The options of a word, and the value in it that the last one takes; None for an operand."""
    if word[:2] == "--":
        name, _, value = word.partition("=")
        option = _long(names, name)
        return ([option] if option else []), value
    name, _, value = word.partition("=")
    if word[:1] in {"-", "+"} and len(word) > 1:
        if len(name) > 2 and name in names:
            return [names[name]], value
        return _cluster(names, word[0], word[1:])
    if any(one[0] == " " for one in names) and word[:1].isalpha():
        return _cluster(names, " ", word)
    return None


def _long(names: Mapping[str, click.Option], name: str) -> click.Option | None:
    found = [one for one in names if one.startswith(name)]
    return names.get(name) or (names[found[0]] if len(found) == 1 else None)


def _cluster(
    names: Mapping[str, click.Option], sign: str, letters: str
) -> tuple[list[click.Option], str]:
    found = []
    for place, letter in enumerate(letters, 1):
        option = names.get(sign + letter) or names.get(f"-{letter}" if sign == "+" else "")
        if option is not None:
            found.append(option)
            if takes(option) != "no":
                return found, letters[place:]
    return found, ""


def _attached(names: Mapping[str, click.Option], word: str) -> tuple[click.Option, str] | None:
    """The option whose value begins in ``word``, and what stands in front of that."""
    name, equals, _ = word.partition("=")
    if word[:2] == "--" or (equals and name in names):
        option = _long(names, name)
        return (option, f"{name}=") if equals and option and takes(option) != "no" else None
    if word in names or len(word) < 2:
        return None
    sign, letters = (word[0], word[1:]) if word[0] in "-+" else (" ", word)
    if sign == " " and not any(one[0] == " " for one in names):
        return None
    found, value = _cluster(names, sign, letters)
    if (
        not found
        or takes(found[-1]) == "no"
        or not value
        or len(found) != len(letters) - len(value)
    ):
        return None
    return found[-1], word[: len(word) - len(value)]


def _options(
    names: Mapping[str, click.Option], word: str, given: Mapping[str, str]
) -> list[CompletionItem]:
    """The options that begin so; not those that are there, where once is enough."""
    return [
        CompletionItem(name, help=(option.help or "").partition("\n")[0])
        for name, option in names.items()
        if name.startswith(word) and name[0] != " " and not option.hidden
        and (option.multiple or option.count or option.name not in given)
    ]  # fmt: skip


# --- answers


def answer(environ: Mapping[str, str]) -> int:
    """Answers a shell. Whatever is wrong, a person in the middle of a line is told nothing of it."""
    shell, _, what = environ[ASKED].partition("_")
    try:
        if what == "source":
            from sysutils.cli.completion_scripts import script

            put(script(shell))
        else:
            put(_answer(shell, environ))
    except Exception:
        if "SYSUTILS_DEBUG" in environ:
            raise
        return 1
    return 0


def _typed(environ: Mapping[str, str]) -> Typed:
    if "_SYSUTILS_LINE" in environ:
        return split(environ["_SYSUTILS_LINE"])
    words = environ.get("_SYSUTILS_WORDS", "").split("\n")
    return Typed(words, environ.get("_SYSUTILS_WORD", ""))


def _answer(shell: str, environ: Mapping[str, str]) -> str:
    typed = _typed(environ)
    found = candidates(typed.words, typed.word)
    plain = [item for item in found if item.type == "plain"]
    others = [item for item in found if item.type != "plain"]
    flags = [*dict.fromkeys(_KINDS[item.type] for item in others)]
    if any(item.more for item in plain):
        flags.append("nospace")
    front = max((item.front or 0 for item in others), default=0)
    if shell == "bash":
        lines = _for_bash(plain, typed, environ)
    elif shell == "powershell":
        lines = _for_powershell(plain, typed, environ)
    else:
        front = front or _common(plain, typed.word)
        cut = front if shell == "zsh" else 0
        lines = [f"{str(item.value)[cut:]}\t{item.help or ''}" for item in plain]
    return "\n".join([" ".join([*flags, f"cut={front}"]), *lines]) + "\n"


def _common(plain: Sequence[CompletionItem], word: str) -> int:
    """How much of a word is not to be shown with each value: all up to the last of a list, or to ``=``."""
    place = max(word.rfind(","), word.find("=") if word[:1] == "-" else -1) + 1
    return place if all(str(item.value).startswith(word[:place]) for item in plain) else 0


def _left(typed: Typed, environ: Mapping[str, str]) -> int:
    """How many characters of the word the shell takes for another one: it breaks words at = and :."""
    raw, part = typed.raw or typed.word, environ.get("_SYSUTILS_WORD", "")
    if raw == part or not raw.endswith(part) or typed.quote:
        return 0
    return len(raw) - len(part)


def _for_bash(
    plain: Sequence[CompletionItem], typed: Typed, environ: Mapping[str, str]
) -> list[str]:
    left = _left(typed, environ)
    quoted = [_escaped(str(item.value), typed.quote)[left:] for item in plain]
    if len(quoted) < 2 or environ.get("_SYSUTILS_TYPE") not in _LISTING:
        return quoted
    wide = max(map(len, quoted))
    columns = environ.get("_SYSUTILS_COLUMNS", "")
    room = (int(columns) if columns.isdecimal() and columns.isascii() else 80) - wide - 5
    if room < 10:
        return quoted
    return [
        f"{value:{wide}}  ({item.help[:room]})" if item.help else value
        for value, item in zip(quoted, plain, strict=True)
    ]


def _escaped(value: str, quote: str) -> str:
    """A value as it is typed, inside of the quotation mark that is open."""
    if quote:
        return value
    return "".join(f"\\{char}" if char in " \t\\'\"$`&|;<>()*?[]{}!#~" else char for char in value)


def _for_powershell(
    plain: Sequence[CompletionItem], typed: Typed, environ: Mapping[str, str]
) -> list[str]:
    left = _left(typed, environ)
    lines = []
    for item in plain:
        value = str(item.value)[left:]
        odd = set(value) & set(" \t'\"$`&|;<>(){}@#,")
        text = "'" + value.replace("'", "''") + "'" if odd - {","} else value
        lines.append(f"{text}\t{item.help or value}")
    return lines
