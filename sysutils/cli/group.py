"""``sysutils`` without a command: its help, its version, completion, links."""

from importlib import import_module

import click
from click.shell_completion import CompletionItem

from sysutils import __version__
from sysutils.cli import COMMANDS
from sysutils.cli.declared import ClassicOption, Help
from sysutils.cli.grammar import help_option
from sysutils.cli.output.stream import put, write_error


class _Refusal(click.ClickException):
    """``sysutils: message`` and a hint, where click would show a usage block."""

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002
        write_error(f"sysutils: {self.message}\nTry 'sysutils --help' for more information.\n")


def _unknown(name: str) -> _Refusal:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    return _Refusal(f"unknown command '{name}'" + (f"; did you mean '{near[0]}'?" if near else ""))


class Commands(click.Group):
    """The group of all commands; importing it imports none of them."""

    about = Help(
        examples=(
            ("ps aux --sort=-rss", "All processes, those with most memory first."),
            ("top", "The system and its processes, live."),
            ("netstat -tulpn", "What listens on which port."),
            ("df -hT --watch 2", "The room on file systems, every two seconds."),
            ("lsof -i :22 --json", "Who has port 22 open, for programs."),
            ("ps --help", "What a command can do."),
            ("--install-links DIR", "The commands under their own names, in DIR."),
            ("--completion bash", "What bash runs to complete words."),
        ),
        statuses=(
            ("0", "Help, version, links or completion were given."),
            ("2", "A mistake in front of the command; else the status is the command's."),
        ),
        notes="On a terminal the commands show tables and colours, elsewhere they write what their classics"
        " write; --json, --jsonl and --csv are for programs.",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names, by which click asks for each."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from its own module."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sysutils.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name. Raises an error of ours for an unknown one."""
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing:
            raise _unknown(args[0])
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's, with our own refusals."""
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            message = error.format_message()
            raise _Refusal(message[:1].lower() + message[1:].rstrip(".")) from None

    def get_help(self, ctx: click.Context) -> str:
        """The help as text."""
        from sysutils.cli.help_page import text

        return text(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Ours in place of click's."""
        self._help_option = self._help_option or help_option(self.get_help_option_names(ctx))
        return self._help_option


def _install_links(ctx: click.Context, _: click.Parameter, directory: str | None) -> None:
    if directory is None or ctx.resilient_parsing:
        return
    from sysutils.cli.links import install

    put("".join(f"{line}\n" for line in install(directory, sorted(COMMANDS))))
    ctx.exit(0)


def _completion(ctx: click.Context, _: click.Parameter, shell: str | None) -> None:
    if shell is None or ctx.resilient_parsing:
        return
    from sysutils.cli.completion_scripts import script

    put(script(shell))
    ctx.exit(0)


def _complete_shells(
    _: click.Context, __: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from sysutils.cli.completion_scripts import shells

    return shells(incomplete)


def _complete_directories(
    _: click.Context, __: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        put(f"sysutils {__version__}\n")
        ctx.exit(0)


@click.group(
    cls=Commands,
    name="sysutils",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
@click.option(
    "--install-links",
    metavar="DIR",
    is_eager=True,
    expose_value=False,
    callback=_install_links,
    help="Make a link named like each command in DIR, so that DIR can stand first on PATH.",
    cls=ClassicOption,
    group="Setting up",
    shell_complete=_complete_directories,
)
@click.option(
    "--completion",
    metavar="SHELL[,links]",
    is_eager=True,
    expose_value=False,
    callback=_completion,
    help="Print the script that has bash, zsh, fish or powershell complete commands, options and values;"
    " with ,links those of the links as well.",
    cls=ClassicOption,
    group="Setting up",
    shell_complete=_complete_shells,
)
def group() -> None:
    """The classic sysadmin commands, with tables on a terminal and JSON or CSV for programs."""
