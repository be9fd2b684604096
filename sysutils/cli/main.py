"""``sysutils COMMAND``: finds the command, imports it alone, ends with its exit status."""

import os
import sys
from importlib import import_module
from typing import Any

import click

from sysutils import __version__
from sysutils.cli.output.stream import WriteError, write_error

#: command -> one line of help; its module below sysutils.cli has the same name
COMMANDS = {
    "df": "Report file system space.",
    "free": "Show used and free memory.",
    "netstat": "Show sockets, routes, interfaces and protocol statistics.",
    "ps": "Report the processes.",
    "uptime": "Tell how long the system has been running.",
}


class Commands(click.Group):
    """The group of all commands; importing it imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sysutils.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _install_links(ctx: click.Context, _: click.Parameter, directory: str | None) -> None:
    if directory is None or ctx.resilient_parsing:
        return
    from sysutils.cli.links import install

    for line in install(directory, sorted(COMMANDS)):
        click.echo(line)
    ctx.exit(0)


@click.group(
    cls=Commands,
    name="sysutils",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="sysutils")
@click.option(
    "--install-links",
    metavar="DIR",
    is_eager=True,
    expose_value=False,
    callback=_install_links,
    help="Make a link named like each command in DIR, so that DIR can stand first on PATH.",
)
def group() -> None:
    """The classic sysadmin commands, with tables on a terminal and JSON or CSV for programs."""


def _called_as(program: str) -> str:
    name = os.path.basename(program)
    return name.removesuffix(".exe")


def main(program: str, arguments: list[str]) -> int:
    """Runs the command line; returns the exit status."""
    name = _called_as(program)
    command: click.Command = group
    if name in COMMANDS:  # a link named like the command
        command = import_module(f"sysutils.cli.{name}").command
    else:
        name = "sysutils"
    try:
        result: Any = command.main(args=arguments, prog_name=name, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return getattr(error, "status", error.exit_code)
    except WriteError as error:
        write_error(f"{name}: write error: {error.strerror}\n")
        return 1
    except click.Abort:
        return 130
    return result if isinstance(result, int) else 0


def _default_signals() -> None:
    """End as a C program does: silently by SIGPIPE when the reader is gone, by SIGINT at Ctrl-C."""
    if os.name == "posix":
        import signal

        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def run() -> None:
    """Entry point of the console script."""
    _default_signals()
    sys.exit(main(sys.argv[0], sys.argv[1:]))
