"""Expressions that choose processes: ``cpu > 5 and user == root``, ``rss >= 1G or command ~ python``.

Names are those of top's columns and of ps' fields, in any case. A bare word is found anywhere in the command
line or the user's name. The classic's own form is understood too: ``%CPU>3.0``, ``!USER=root``."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.grammar import CommandError
from sysutils.cli.output.column import Column
from sysutils.cli.top_choices import ALL, Context, choose
from sysutils.cli.top_columns import Task

_TOKEN = re.compile(
    r"""\s*(?:(?P<op>&&|\|\||==|!=|<=|>=|!~|=~|[()<>=~!])|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|"""
    r"""(?P<word>[^\s()<>=~!&|"']+))"""
)
_ALIASES = {
    "cpu": "%CPU", "pcpu": "%CPU", "mem": "%MEM", "pmem": "%MEM", "name": "comm", "cmd": "args",
    "command": "args", "state": "S", "stat": "S", "time": "TIME+", "virt": "VIRT", "vsz": "VIRT",
    "res": "RES", "rss": "RES", "threads": "nTH", "user": "USER", "tty": "TTY", "nice": "NI", "io": "ioW/s",
    "read": "ioR/s", "write": "ioW/s", "elapsed": "ELAPSED", "age": "ELAPSED",
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b, "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip
_SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_CLASSIC = re.compile(r"(!?)\s*([A-Za-z%+_/]+)\s*([=<>])(?![=~])\s*([^\s()&|].*|)$")
_DEEPEST = 50

Holds = Callable[[Task], bool]


class Filter(NamedTuple):
    """A test of a process: the facts it needs, and how to make it for a moment."""

    needs: tuple[str, ...]
    of: Callable[[Context], Holds]


def parse(text: str, exact_case: bool = False) -> Filter:
    """What an expression means. Raises CommandError, which tells what is wrong with it."""
    classic = _CLASSIC.match(text.strip())
    if classic and classic[2] in ALL:
        return _classic_form(classic, exact_case)
    return _Parser(text).whole()


def both(filters: list[Filter]) -> Filter:
    """All of them."""

    def of(context: Context) -> Holds:
        tests = [one.of(context) for one in filters]
        return lambda task: all(test(task) for test in tests)

    return Filter(_union(filters), of)


def contains(text: str) -> Filter:
    """Processes with a text somewhere in their command line, name or user, in any case."""
    wanted = text.casefold()
    columns = ("USER",)
    needs = ("args", "comm", "state", *_needs(columns))

    def of(context: Context) -> Holds:
        (user,) = choose(columns, context)

        def holds(task: Task) -> bool:
            row = task.row
            found = f"{row.args or ''}\n{row.comm or ''}\n{user.get(task) or ''}\n{row.pid}"
            return wanted in found.casefold()

        return holds

    return Filter(needs, of)


def _union(filters: list[Filter]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in filters for name in one.needs))


def _needs(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for column in choose(names, Context()) for name in column.needs)


def _known(word: str) -> str | None:
    """The column or field that a word names."""
    lower = word.lower()
    if lower in _ALIASES:
        return _ALIASES[lower]
    upper = {name.lower(): name for name in ALL}
    if lower in upper:
        return upper[lower]
    return lower if lower in FIELDS and FIELDS[lower].known else None


def _column(name: str, context: Context) -> Column:
    if name in ALL:
        return choose([name], context)[0]
    field = FIELDS[name]
    value = field.value(context.moment)
    return field.column(context.moment)._replace(
        get=lambda task: value(task.row), needs=field.needs
    )


def _number(text: str, unit: str) -> float | None:
    """A number with the suffix that its unit allows."""
    match = re.fullmatch(r"([-+]?[0-9]*\.?[0-9]+)\s*([a-zA-Z%]*)", text)
    if match is None:
        return None
    number, suffix = float(match[1]), match[2].lower()
    if not suffix or (suffix == "%" and unit == "percent"):
        return number
    if unit in {"bytes", "bytes per second"}:
        factor = _SIZES.get(
            suffix.removesuffix("b").removesuffix("i") or "b", 1 if suffix == "b" else 0
        )
    else:
        factor = _SPANS.get(suffix, 0) if unit == "seconds" else 0
    return number * factor if factor else None


def _compare(name: str, operator: str, literal: str) -> Filter:
    first = _column(name, Context())
    if operator in {"~", "=~", "!~"}:
        return _matched(name, first, operator == "!~", literal)
    compare = _COMPARISONS[operator]
    number = _number(literal, first.unit)

    def of(context: Context) -> Holds:
        column = _column(name, context)

        def holds(task: Task) -> bool:
            value = column.get(task)
            if value is None:
                return operator == "!="
            if isinstance(value, (int, float)):
                return number is not None and compare(value, number)
            return compare(str(value), literal)

        return holds

    if number is None and (first.right or first.unit):
        raise CommandError(f"{name}: {literal} is no number")
    return Filter((*first.needs, "pid"), of)


def _matched(name: str, first: Column, inverted: bool, literal: str) -> Filter:
    try:
        pattern = re.compile(literal, re.IGNORECASE if literal.islower() else 0)
    except re.error as error:
        raise CommandError(f"{literal}: {error}") from None

    def of(context: Context) -> Holds:
        column = _column(name, context)

        def holds(task: Task) -> bool:
            value = column.get(task)
            found = value is not None and pattern.search(str(value)) is not None
            return found != inverted

        return holds

    return Filter(first.needs, of)


def _classic_form(match: "re.Match[str]", exact_case: bool) -> Filter:
    """``[!]FIELD=value``: in what is shown, ``=`` is contains; ``<`` and ``>`` compare."""
    inverted, name, operator, literal = match[1] == "!", match[2], match[3], match[4].strip()
    first = _column(name, Context())
    wanted = literal if exact_case else literal.casefold()
    number = _number(literal, first.unit)

    def of(context: Context) -> Holds:
        column = _column(name, context)

        def holds(task: Task) -> bool:
            value = column.get(task)
            if operator == "=":
                text = str(column.text(task) if column.text else value)
                found = wanted in (text if exact_case else text.casefold())
            elif isinstance(value, (int, float)):
                found = number is not None and _COMPARISONS[operator](value, number)
            else:
                found = _COMPARISONS[operator](str(value), literal)
            return found != inverted

        return holds

    return Filter(first.needs, of)


class _Parser:
    """``or`` of ``and`` of ``not`` of comparisons, words and brackets."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        text = text.strip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None or match.end() == place:
                raise CommandError(f"unexpected {text[place:].strip()[:20]}")
            kind = str(match.lastgroup)
            self._tokens.append((kind, match[kind]))
            place = match.end()
        self._tokens.append(("end", ""))
        self._place = 0
        self._depth = 0

    def whole(self) -> Filter:
        """The filter; nothing may be left."""
        if len(self._tokens) == 1:
            raise CommandError("an empty expression")
        found = self._either()
        if self._peek()[0] != "end":
            raise CommandError(f"unexpected {self._peek()[1]}")
        return found

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place]

    def _take(self) -> tuple[str, str]:
        token = self._tokens[self._place]
        self._place += token[0] != "end"
        return token

    def _accept(self, *words: str) -> bool:
        kind, text = self._peek()
        found = kind in {"op", "word"} and text.lower() in words
        if found:
            self._take()
        return found

    def _either(self) -> Filter:
        parts = [self._all()]
        while self._accept("or", "||"):
            parts.append(self._all())
        if len(parts) == 1:
            return parts[0]

        def of(context: Context) -> Holds:
            tests = [one.of(context) for one in parts]
            return lambda task: any(test(task) for test in tests)

        return Filter(_union(parts), of)

    def _all(self) -> Filter:
        parts = [self._not()]
        while self._accept("and", "&&"):
            parts.append(self._not())
        return both(parts) if len(parts) > 1 else parts[0]

    def _not(self) -> Filter:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CommandError("too many brackets")
        try:
            if not self._accept("not", "!"):
                return self._one()
            inner = self._not()
        finally:
            self._depth -= 1

        def of(context: Context) -> Holds:
            test = inner.of(context)
            return lambda task: not test(task)

        return Filter(inner.needs, of)

    def _one(self) -> Filter:
        if self._accept("("):
            found = self._either()
            if not self._accept(")"):
                raise CommandError("a bracket is not closed")
            return found
        kind, text = self._take()
        if kind in {"end", "op"}:
            raise CommandError(f"unexpected {text}" if text else "something is missing at the end")
        operator = self._peek()
        if operator[0] == "op" and (operator[1] in _COMPARISONS or operator[1].strip("!=") == "~"):
            self._take()
            name = _known(text) if kind == "word" else None
            if name is None:
                raise CommandError(f"unknown field {text}")
            kind, literal = self._take()
            if kind in {"end", "op"}:
                raise CommandError(f"{text} {operator[1]}: what?")
            return _compare(name, operator[1], literal)
        return contains(text)
