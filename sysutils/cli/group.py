"""``sysutils`` without a command: its help, its version, completion, links."""

from importlib import import_module

import click

from sysutils import __version__
from sysutils.cli.main import COMMANDS


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
