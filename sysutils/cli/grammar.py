"""The classics' option grammar (getopt_long(3)) over click's declarations.

A command stays a click command with click options: help, completion and documentation come from
there. Only the reading of the words is ours: clusters with values (``-n5``), unique prefixes of long
options, values that may be left out, single-dash words (``-kind``), operands that end the options, and
the C library's own error texts.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from sysutils.cli.declared import Help, takes

_ORDER = "sysutils.cli.order"
#: where a context keeps the seconds of --watch
WATCH = "sysutils.cli.watch"


class Grammar(NamedTuple):
    """How a command reads its words and refuses them."""

    #: exit status of a usage error
    status: int = 1
    #: exit status where standard output can't be written
    write_status: int = 1
    #: exit status where nobody reads standard output any more; None: ended by SIGPIPE, as most are
    unread_status: int | None = None
    #: standard output may be closed (``>&-``): that is no failure
    may_be_closed: bool = False
    #: what follows the message on standard error; a command's usage text, or a hint at --help
    hint: str | Callable[[click.Command], str] = ""
    #: options may stand after operands (not under POSIXLY_CORRECT)
    interspersed: bool = True
    #: turns the words into others before they are read, or raises UsageError
    rewrite: Callable[[list[str]], list[str]] | None = None
    #: name in messages, where it is not the command's own
    program: str = ""
    #: message about an operand too many; empty where the hint alone is shown
    extra_operand: str = "extra operand {}"
    #: reads the words where getopt's rules are not the command's
    reader: "type[Reader] | None" = None


class CommandError(click.ClickException):
    """``COMMAND: message`` on standard error, and the exit status."""

    def __init__(self, message: str, status: int = 1, program: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.program = program or _program()
        self.hint = ""

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        from sysutils.cli.output.stream import write_error

        line = f"{self.program}: {self.message}\n" if self.message else ""
        write_error(line + self.hint)


class UsageError(CommandError):
    """A CommandError with the command's hint or usage text below it."""

    def __init__(self, message: str, command: "ClassicCommand | None" = None) -> None:
        found = command or _current()
        grammar = found.grammar if found is not None else Grammar()
        super().__init__(message, grammar.status, (found and found.program) or "")
        if found is not None:
            self.hint = grammar.hint(found) if callable(grammar.hint) else grammar.hint


def help_option(names: Sequence[str]) -> click.Option:
    """``--help``: click's own asks gettext for its text, which costs a millisecond at every start."""

    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            from sysutils.cli.help_page import show as show_page

            show_page(ctx)
            ctx.exit(0)

    return click.Option(
        names, is_flag=True, is_eager=True, expose_value=False, callback=show,
        help="Display this help and exit.",
    )  # fmt: skip


class ClassicCommand(click.Command):
    """A click command that reads its words as the classic does."""

    grammar = Grammar()
    about = Help()

    @property
    def program(self) -> str:
        """The name in front of messages, however the command was called."""
        return self.grammar.program or self.name or ""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the words; a value that click refuses is told as the classic tells its usage errors."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise UsageError(_lowered(error.format_message()), self) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; with --watch again and again, by what ``main`` gave the context for that."""
        if WATCH in ctx.meta and ctx.obj is not None:
            return ctx.obj(ctx, ctx.meta.pop(WATCH), super().invoke)
        return super().invoke(ctx)

    def make_parser(self, ctx: click.Context) -> Any:
        """What click asks for the values: our reader of words in place of its own."""
        return (self.grammar.reader or Reader)(self, ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Ours in place of click's."""
        names = self.get_help_option_names(ctx)
        if not names or not self.add_help_option:
            return None
        if self._help_option is None:
            self._help_option = help_option(names)
        return self._help_option

    def get_help(self, ctx: click.Context) -> str:
        """The help as text."""
        from sysutils.cli.help_page import text

        return text(ctx)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def given(ctx: click.Context | None = None) -> list[tuple[str, Any]]:
    """The options as they were given, in order: ``[(parameter name, value), …]``."""
    context = ctx or click.get_current_context()
    return list(context.meta.get(_ORDER, ()))


def last_given(names: Sequence[str], ctx: click.Context | None = None) -> str | None:
    """Which of several options that exclude one another was given last, None for none."""
    found = None
    for name, _ in given(ctx):
        if name in names:
            found = name
    return found


def _current() -> "ClassicCommand | None":
    context = click.get_current_context(silent=True)
    command = context.command if context is not None else None
    return command if isinstance(command, ClassicCommand) else None


def _program() -> str:
    command = _current()
    return command.program if command is not None else "sysutils"


class Reader:
    """Reads words into ``(values, operands, options in order)``, the triple click works on."""

    _opt_prefixes = frozenset({"-", "--"})

    def __init__(self, command: ClassicCommand, ctx: click.Context) -> None:
        self.command = command
        self.ctx = ctx
        self.values: dict[str, Any] = {}
        self.order: list[click.Parameter] = []
        self.given: list[tuple[str, Any]] = []
        self.done = False
        self.short: dict[str, click.Option] = {}
        self.long: dict[str, click.Option] = {}
        self.words: dict[str, click.Option] = {}
        for parameter in command.get_params(ctx):
            if isinstance(parameter, click.Option):
                for name in (*parameter.opts, *parameter.secondary_opts):
                    self._declare(name, parameter)

    def _declare(self, name: str, option: click.Option) -> None:
        if name.startswith("--"):
            self.long[name] = option
        elif len(name) == 2:
            self.short[name[1]] = option
        else:
            self.words[name] = option

    def parse_args(
        self, args: list[str]
    ) -> tuple[dict[str, Any], list[str], list[click.Parameter]]:
        """The values by name, no words left over, and the parameters in their order."""
        grammar = self.command.grammar
        try:
            rest = list(args) if grammar.rewrite is None else grammar.rewrite(list(args))
            operands = self._read(
                rest, grammar.interspersed and "POSIXLY_CORRECT" not in os.environ
            )
        except CommandError:
            if not self.ctx.resilient_parsing:
                raise
            operands = []
        self.ctx.meta[_ORDER] = self.given
        self._operands(operands)
        return self.values, [], self.order

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:
        operands: list[str] = []
        while rest and not self.done:
            word = rest.pop(0)
            if word == "--":
                return operands + rest
            if len(word) < 2 or word[0] != "-":
                operands.append(word)
                if not interspersed:
                    return operands + rest
            elif word.startswith("--"):
                self._long(word, rest)
            elif not self._word(word, rest):
                self._cluster(word, rest)
        return [] if self.done else operands

    def _operands(self, operands: list[str]) -> None:
        arguments = [p for p in self.command.params if isinstance(p, click.Argument)]
        for argument in arguments:
            taken = len(operands) if argument.nargs < 0 else argument.nargs
            if argument.nargs == 1:
                if operands:
                    self.values[str(argument.name)] = operands.pop(0)
            else:
                self.values[str(argument.name)] = tuple(operands[:taken])
                del operands[:taken]
            self.order.append(argument)
        if operands and not self.ctx.resilient_parsing:
            raise self._error(self.command.grammar.extra_operand.format(quote(operands[0])))

    def _error(self, message: str) -> UsageError:
        return UsageError(message, self.command)

    def _store(self, option: click.Option, value: Any) -> None:
        name = str(option.name)
        if option.count:
            value = self.values.get(name, 0) + 1
        self.given.append((name, value))
        if option.multiple:
            self.values.setdefault(name, []).append(value)
        else:
            self.values[name] = value
        self.order.append(option)
        self.done = self.done or option.is_eager

    def _take(
        self, option: click.Option, attached: str | None, rest: list[str], error: str
    ) -> None:
        kind = takes(option)
        if kind == "no":
            self._store(option, True if option.is_bool_flag else option.flag_value)
        elif attached is None and kind == "may":
            self._store(option, option.optional_value)  # type: ignore[attr-defined]
        elif attached is None and not rest:
            raise self._error(error)
        else:
            word = rest.pop(0) if attached is None else attached
            parse = getattr(option, "parse", None)
            self._store(option, word if parse is None else parse(word))

    def _long(self, word: str, rest: list[str]) -> None:
        name, equals, value = word.partition("=")
        option = self.long.get(name) or self._abbreviated(name, word)
        if option is None:
            raise self._error(f"unrecognized option '{word}'")
        whole = next(n for n in (*option.opts, *option.secondary_opts) if n.startswith(name))
        if equals and takes(option) == "no":
            raise self._error(f"option '{whole}' doesn't allow an argument")
        attached = value if equals else None
        self._take(option, attached, rest, f"option '{whole}' requires an argument")

    def take_own(self, rest: list[str]) -> None:
        """Reads our own long options (``--json``, ``--output csv``) from among words that the classic would
        not read as options."""
        for place in reversed(range(len(rest))):
            name, equals, _ = rest[place].partition("=")
            option = self.long.get(name)
            if option is not None and getattr(option, "ours", False):
                count = 2 if takes(option) == "must" and not equals else 1
                word, *values = rest[place : place + count]
                del rest[place : place + count]
                self._long(word, values)

    def _abbreviated(self, prefix: str, word: str) -> click.Option | None:
        found = [
            name
            for name, option in self.long.items()
            if name.startswith(prefix) and not getattr(option, "ours", False)
        ]
        if len({id(self.long[name]) for name in found}) > 1:
            names = " ".join(f"'{name}'" for name in found)
            raise self._error(f"option '{word}' is ambiguous; possibilities: {names}")
        return self.long[found[0]] if found else None

    def _word(self, word: str, rest: list[str]) -> bool:
        """A long option with one dash: ``-kind tcp``, ``-kind=tcp``."""
        name, equals, value = word.partition("=")
        option = self.words.get(name)
        if option is None:
            return False
        error = f"option '{name}' requires an argument"
        self._take(option, value if equals else None, rest, error)
        return True

    def _cluster(self, word: str, rest: list[str]) -> None:
        """``-tulpn``, ``-n5``: flags up to the first letter that takes the rest as its value."""
        for place, letter in enumerate(word[1:], 2):
            option = self.short.get(letter)
            if option is None:
                raise self._error(f"invalid option -- '{letter}'")
            kind = takes(option)
            attached = word[place:] or None if kind != "no" else None
            self._take(option, attached, rest, f"option requires an argument -- '{letter}'")
            if self.done or (kind != "no" and (attached or kind == "must")):
                return


def quote(text: str) -> str:
    """``text`` in the quotation marks that GNU programs use in this locale."""
    from sysutils.cli.output.quoting import quoted

    return quoted(text)
