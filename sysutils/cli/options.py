"""What every command shares: declaring a command and its options, and the choice of output."""

import os
from collections.abc import Callable
from typing import Any, TypeVar, overload

import click

from sysutils import __version__
from sysutils.cli.declared import ABOUT, OUTPUT, ClassicOption, Help
from sysutils.cli.grammar import (
    WATCH,
    ClassicCommand,
    CommandError,
    Grammar,
    UsageError,
    given,
    last_given,
    quote,
)
from sysutils.cli.output.stream import on_terminal

__all__ = [
    "ClassicCommand", "ClassicOption", "CommandError", "Grammar", "Help", "UsageError", "argument", "classic",
    "given", "last_given", "on_terminal", "option", "output_mode", "output_options", "quote", "try_help",
    "usage", "version_option",
]  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])

#: seconds of --watch
_SHORTEST, _LONGEST = 0.1, 1e6
_NO_HELP = Help()
MODES = ("auto", "rich", "plain", "json", "jsonl", "csv")


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """``click.option`` with getopt's further settings (``ClassicOption``)."""
    return click.option(*names, cls=ClassicOption, **settings)


argument = click.argument


def classic(
    name: str,
    *,
    grammar: Grammar,
    about: Help = _NO_HELP,
    help_names: tuple[str, ...] = ("--help",),
    **settings: Any,
) -> Callable[[Callable[..., Any]], ClassicCommand]:
    """Declares a command; its function returns the exit status (None is 0)."""

    def declare(function: Callable[..., Any]) -> ClassicCommand:
        context = {"help_option_names": list(help_names)}
        command = click.command(name, cls=ClassicCommand, context_settings=context, **settings)(
            function
        )
        command.grammar, command.about = grammar, about
        return command

    return declare


def try_help(command: click.Command) -> str:
    """The hint of GNU programs and util-linux."""
    return f"Try '{command.name} --help' for more information.\n"


def usage(command: click.Command) -> str:
    """The usage text of procps programs, made from the declarations."""
    lines = [f"\nUsage:\n {command.name} [options]\n\nOptions:\n"]
    rows = []
    with click.Context(command, info_name=command.name) as ctx:
        for parameter in command.get_params(ctx):
            if isinstance(parameter, click.Option) and not getattr(parameter, "ours", False):
                names = ", ".join(sorted(parameter.opts, key=len))
                value = f" <{parameter.metavar}>" if parameter.metavar else ""
                text = parameter.help or ""
                indent = "    " if names.startswith("--") else ""
                rows.append((indent + names + value, text[:1].lower() + text[1:].rstrip(".")))
    width = max((len(names) for names, _ in rows), default=0)
    lines += [f" {names:{width}}  {text}\n" for names, text in rows]
    lines.append(f"\nFor more details see {command.name}(1).\n")
    return "".join(lines)


def version_option(*names: str) -> Callable[[F], F]:
    """``--version`` (and other names): the command's and our own name and number."""

    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            from sysutils.cli.output.stream import put

            put(f"{ctx.command.name} from sysutils {__version__}\n")
            ctx.exit(0)

    return option(
        *names,
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Show the version.",
        group=ABOUT,
    )


@overload
def output_options(function: F) -> F: ...
@overload
def output_options(*, long: bool = True, watch: bool = True) -> Callable[[F], F]: ...
def output_options(
    function: F | None = None, *, long: bool = True, watch: bool = True
) -> F | Callable[[F], F]:
    """Adds ``--output MODE`` and its short forms, and ``--watch``; ``long=False`` where the classic has an
    --output, ``watch=False`` for commands that do something, or run on by themselves."""

    def add(target: F) -> F:
        if watch:
            target = option(
                "--watch", metavar="SECONDS", ours=True, parse=_seconds, expose_value=False,
                callback=_keep_watch, group=OUTPUT,
                help="Again every SECONDS: on a terminal in place, with what has changed standing out.",
            )(target)  # fmt: skip
        for mode in reversed(MODES[1:]):
            target = option(
                f"--{mode}", "output", flag_value=mode, ours=True, help=_MODE_HELP[mode],
                group=OUTPUT,
            )(target)  # fmt: skip
        if long:
            target = option(
                "--output", "output", metavar="MODE", ours=True, parse=_mode, shell_complete=_modes,
                group=OUTPUT,
                help="auto (rich on a terminal, plain elsewhere), rich, plain, json, jsonl or csv.",
            )(target)  # fmt: skip
        return target

    return add if function is None else add(function)


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = 0.0
    if not _SHORTEST <= seconds <= _LONGEST:
        raise UsageError(f"invalid interval {quote(word)} for {quote('--watch')}")
    return seconds


def _keep_watch(ctx: click.Context, _: click.Parameter, value: float | None) -> None:
    if value is not None:
        ctx.meta[WATCH] = value


def _mode(word: str) -> str:
    if word not in MODES:
        valid = ", ".join(MODES)
        raise UsageError(f"invalid argument {quote(word)} for {quote('--output')}: {valid}")
    return word


def _modes(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return [mode for mode in MODES if mode.startswith(incomplete)]


_MODE_HELP = {
    "rich": "Tables and colours, also where there is no terminal.",
    "plain": "The classic command's own format, also on a terminal.",
    "json": "One JSON array of objects, raw values.",
    "jsonl": "One JSON object a line, raw values.",
    "csv": "CSV with a heading line, raw values.",
}


def output_mode(asked: str | None) -> str:
    """``rich``, ``plain``, ``json``, ``jsonl`` or ``csv``: what was asked for, else ``SYSUTILS_OUTPUT``,
    else rich on a terminal and plain elsewhere. Raises UsageError for a bad environment."""
    mode = asked or os.environ.get("SYSUTILS_OUTPUT") or "auto"
    if mode not in MODES:
        raise UsageError(f"invalid SYSUTILS_OUTPUT {quote(mode)}")
    if mode == "auto":
        rich = on_terminal() and os.environ.get("TERM") != "dumb"
        return "rich" if rich else "plain"
    return mode
