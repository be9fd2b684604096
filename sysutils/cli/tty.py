"""tty(1) of GNU coreutils 9.1: the file name of the terminal on standard input.

On a terminal it is written as into a pipe."""

import os
import sys

from sysutils.cli.options import (
    Grammar,
    Help,
    classic,
    option,
    output_mode,
    output_options,
    try_help,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.text import visible

COLUMNS = (
    Column("terminal", "TERMINAL", lambda name: name, visible, help="Path of the terminal, null for none."),
)  # fmt: skip


def _is_terminal() -> bool:
    if sys.platform != "win32":
        return os.isatty(0)
    from sysutils import core

    return core.is_console(0)


def terminal() -> str | None:
    """The terminal on standard input; None if there is none, or none with a name."""
    if sys.platform == "win32":
        return "CON" if _is_terminal() else None
    try:
        return os.ttyname(0)
    except OSError:
        return None


_ABOUT = Help(
    examples=(
        ("", "The terminal on standard input."),
        ("-s", "Only the status: is it a terminal?"),
    ),
    statuses=(
        ("0", "Standard input is a terminal."),
        ("1", "It is none."),
        ("2", "A mistake in the words."),
        ("3", "Standard output could not be written."),
    ),
)


@classic("tty", about=_ABOUT, grammar=Grammar(status=2, write_status=3, hint=try_help))
@option(
    "-s",
    "--silent",
    "--quiet",
    is_flag=True,
    group="What to print",
    help="Print nothing, only return an exit status.",
)
@version_option("--version")
@output_options(watch=False)
def command(silent: bool, output: str | None) -> int:
    """Print the file name of the terminal on standard input."""
    if silent:
        return 0 if _is_terminal() else 1
    mode = output_mode(output)
    name = terminal()
    emit("plain" if mode == "rich" else mode, COLUMNS, [name], lambda _, __, out: out.write(
        f"{name or 'not a tty'}\n"
    ))  # fmt: skip
    return 0 if name else 1
