"""ps(1) of procps-ng 4.0.2: the processes as they are now.

Into a pipe its bytes are the classic's. Departs where that one drops rows (a tree or threads with
``--sort``), shows values it has not read (some fields of the threads of ``m``), crashes (``m`` with WCHAN)
or has no place for -c; its columns for testing (``_left``) are not there."""

import gc
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sysutils import __version__
from sysutils.cli import candidates
from sysutils.cli import ps_values as values
from sysutils.cli.declared import ABOUT
from sysutils.cli.fields.process import Moment
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.grammar import Grammar
from sysutils.cli.options import Help, argument, classic, given, option, output_mode, output_options
from sysutils.cli.output.column import Column, Table
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream, put, write_error
from sysutils.cli.ps_grammar import MISSING, REQUEST, PsReader
from sysutils.cli.ps_request import Request, selection
from sysutils.cli.ps_rows import Listing

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])


def _hint(_: click.Command) -> str:
    from sysutils.cli.ps_help import USAGE

    return USAGE


def _complete_sections(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    from sysutils.cli.ps_help import sections

    return [name for name in sections() if name.startswith(incomplete)]


_pids = candidates.listed(candidates.pids)
_complete_users = candidates.listed(candidates.users)


@candidates.listed_with_signs
def _complete_fields(
    _: click.Context, __: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    known = sorted((name, field.help) for name, field in FIELDS.items() if field.known)
    return candidates.items(known, incomplete)


def _complete_process(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """A bare number is a process; what begins otherwise is options."""
    return (
        candidates.pids(ctx, parameter, incomplete)
        if incomplete.isdecimal() or not incomplete
        else []
    )


def _flag(name: str, *names: str, help: str, **more: Any) -> Callable[[F], F]:
    return option(name, *names, is_flag=True, help=help, **more)


def _list(name: str, *names: str, help: str, **more: Any) -> Callable[[F], F]:
    return option(name, *names, multiple=True, help=help, **more)


_LINUX = ("linux",)
_WIDTH = values.number_of(MISSING["--cols"])
_HEIGHT = values.number_of(MISSING["--rows"])
_HEADINGS = [
    f"--{a}{b}" for a in ("no-", "no") for b in ("header", "headers", "heading", "headings")
]


_ABOUT = Help(
    examples=(
        ("aux --sort=-rss", "All processes, those with most memory first."),
        ("-ef", "All processes in full, as UNIX has it."),
        ("-eo pid,user,%cpu,rss,args", "These columns of all processes."),
        ("-C sshd -o pid=", "The process ids of a command alone, for scripts."),
        ("axf", "All processes as a tree."),
        ("-u root --json", "Processes of a user, for programs."),
    ),
    statuses=(
        ("0", "Processes were listed."),
        ("1", "None was selected, or a mistake in the words."),
    ),
    notes="Options come in three kinds: with a dash (-ef), without one (aux) and with two "
    "(--forest). Lists are separated by commas or blanks; a bare number is a process id. "
    "--help SECTION (simple, list, output, threads, misc) shows a part of this; L lists "
    "all fields.",
)


@classic("ps", about=_ABOUT, help_names=(),
         grammar=Grammar(hint=_hint, program="error", reader=PsReader, unread_status=0))  # fmt: skip
@_flag("everything", "-A", "-e", group="Basic options", help="All processes.")
@_flag("unix_a", "-a", help="All with a terminal, except session leaders.")
@_flag("bsd_a", " a", help="All with a terminal, including those of other users.")
@_flag("unix_d", "-d", help="All except session leaders.")
@_flag("bsd_g", " g", help="Nothing; session leaders are shown anyway.")
@_flag("deselect", "-N", "--deselect", help="Negate the selection.")
@_flag("running", " r", help="Only running processes.")
@_flag("this_tty", " T", help="All processes on this terminal.")
@_flag("bsd_x", " x", help="Processes without a terminal too.")
@_list(
    "commands",
    "-C",
    group="Selection by list",
    shell_complete=candidates.listed(candidates.commands),
    parse=values.commands,
    metavar="COMMAND",
    help="By command name.",
)
@_list(
    "real_groups",
    "-G",
    "--Group",
    parse=values.groups,
    shell_complete=candidates.listed(candidates.groups),
    metavar="GID",
    help="By real group.",
)
@_list(
    "groups",
    "--group",
    parse=values.groups,
    shell_complete=candidates.listed(candidates.groups),
    metavar="GROUP",
    help="By effective group.",
)
@_list("session_or_group", "-g", parse=values.sessions_or_groups,
       shell_complete=candidates.listed(candidates.groups), metavar="GROUP",
       help="By session or effective group name.")  # fmt: skip
@_list(
    "pids",
    "-p",
    " p",
    "--pid",
    parse=values.pids,
    shell_complete=_pids,
    metavar="PID",
    help="By process id.",
)
@_list(
    "ppids",
    "--ppid",
    parse=values.pids,
    shell_complete=_pids,
    metavar="PID",
    help="By the parent's process id.",
)
@_list("quick", "-q", " q", "--quick-pid", parse=values.pids, shell_complete=_pids, metavar="PID",
       help="By process id, in the order of the list.")  # fmt: skip
@_list(
    "sessions",
    "-s",
    "--sid",
    parse=values.pids,
    shell_complete=_pids,
    metavar="SESSION",
    help="By session id.",
)
@_list(
    "ttys",
    "-t",
    "--tty",
    parse=values.terminals,
    shell_complete=candidates.listed(candidates.terminals),
    metavar="TTY",
    help="By terminal.",
)
@_list("bsd_ttys", " t", parse=values.terminals,
       shell_complete=candidates.listed(candidates.terminals), metavar="TTY", optional_value=(),
       help="By terminal; this one where none is named.")  # fmt: skip
@_list("users", "-u", " U", "--user", parse=values.users, metavar="USER",
       shell_complete=_complete_users, help="By effective user.")  # fmt: skip
@_list("real_users", "-U", "--User", parse=values.users, metavar="USER",
       shell_complete=_complete_users, help="By real user.")  # fmt: skip
@_list("process_groups", "--process-group", parse=values.pids,
       shell_complete=_pids, metavar="PGID", ours=True,
       help="By process group; the classic has only -NUMBER for it.")  # fmt: skip
@_flag("extra_full", "-F", group="Output formats", help="Extra full list.")
@_flag("full", "-f", help="Full list, with the arguments.")
@_flag("forest", " f", "--forest", help="A tree, drawn.")
@_flag("hierarchy", "-H", help="A tree, indented.")
@_flag("jobs", "-j", help="Jobs list.")
@_flag("bsd_jobs", " j", help="BSD's jobs list.")
@_flag("long", "-l", help="Long list.")
@_flag("bsd_long", " l", help="BSD's long list.")
@_flag("label", "-M", "-Z", only=_LINUX, help="With the security label.")
@_flag("bsd_label", " Z", only=_LINUX, help="With the security label.")
@_list("preloaded", "-O", metavar="FORMAT", shell_complete=_complete_fields,
       help="Some usual columns and these.")  # fmt: skip
@_list("overloaded", " O", metavar="FORMAT", shell_complete=_complete_fields,
       help="Some usual columns and these; or sort keys.")  # fmt: skip
@_list("format", "-o", " o", "--format", metavar="FORMAT", shell_complete=_complete_fields,
       help="These columns.")  # fmt: skip
@_flag("processor", "-P", help="With the processor.")
@_flag("signals", " s", help="Signals.")
@_flag("bsd_user", " u", help="User-oriented list.")
@_flag("virtual", " v", help="Virtual memory.")
@_flag("registers", " X", only=_LINUX, help="Registers.")
@_flag("no_flags", "-y", help="With -l: no flags, RSS in place of ADDR.")
@_flag("unix_x", "-x", help="With PS_PERSONALITY=hpux: arguments after the name; with svr4: -y.")
@_flag("context", "--context", only=_LINUX, help="The security context.")
@_flag("headers", *[name.replace("no-", "") for name in _HEADINGS[:4]],
       help="Repeat the heading on each page.")  # fmt: skip
@_flag("no_headers", *_HEADINGS, help="No heading.")
@_flag("bsd_h", " h", help="No heading; with BSD's personality one on each page.")
@option(
    "width", "--cols", "--columns", "--width", parse=_WIDTH, metavar="NUM", help="Screen width."
)
@option("height", "--rows", "--lines", parse=_HEIGHT, metavar="NUM", help="Screen height.")
@_flag("bsd_threads", " H", group="Threads", help="Threads as if they were processes.")
@_flag("threads", "-L", help="Threads, with LWP and NLWP.")
@_flag("unix_m", "-m", help="Threads after their process.")
@_flag("capital_m", " M", help="Threads after their process.")
@_flag("bsd_m", " m", help="Threads after their process; -m with BSD options: memory.",
       note="WCHAN and all other values are those of the row; the classic has not read some.")  # fmt: skip
@_flag("threads_spid", "-T", help="Threads, with SPID.")
@_flag("scheduling", "-c", group="Miscellaneous", help="The scheduling class with -l.")
@_flag("true_name", " c", help="The true command name.")
@_flag("environment", " e", help="The environment after the command.")
@_list("sort", " k", "--sort", metavar="SPEC", shell_complete=_complete_fields,
       help="Order: [+|-]KEY[,[+|-]KEY[,...]].",
       note="The classic loses rows of a tree or of threads.")  # fmt: skip
@_flag("list_fields", " L", help="List the fields.")
@_flag("numeric", " n", help="Ids in place of names.")
@_flag("cumulative", " S", "--cumulative", help="With the times of dead children.")
@_flag("wide", "-w", " w", help="Wide; twice: without limit.")
@_flag("version", "-V", " V", "--version", group=ABOUT, help="Show the version.")
@_flag("info", "--info", help="Show the surroundings.")
@option("help_section", "--help", metavar="SECTION", optional_value="", is_eager=True,
        shell_complete=_complete_sections,
        help="Help: simple, list, output, threads, misc or all.")  # fmt: skip
@argument("processes", nargs=-1, metavar="[PID]...", expose_value=False,
          shell_complete=_complete_process)  # fmt: skip
@output_options
def command(output: str | None, help_section: str | None, **_: Any) -> int:
    """Report the processes."""
    context = click.get_current_context()
    found = given(context)
    names = {name for name, _value in found}
    if help_section is not None or "info" in names:
        from sysutils.cli import ps_help

        if help_section is not None:
            ps_help.show(context, help_section)
        else:
            write_error(ps_help.information())
        return 0
    if "version" in names:
        put(f"ps from sysutils {__version__}\n")
        return 0
    if "list_fields" in names:
        put(_field_list())
        return 0
    return _list_processes(context.meta[REQUEST], output_mode(output))


def tables() -> tuple[Table, ...]:
    """What JSON and CSV hold, for the documentation."""
    moment = Moment()
    fields = {field.name: field for field in FIELDS.values()}
    return (Table([field.column(moment) for field in fields.values()], some=True),)


def _field_list() -> str:
    known = sorted((name, field.header) for name, field in FIELDS.items() if field.known)
    return "".join(f"{name:12} {header:8}\n" for name, header in known)


def _list_processes(request: Request, mode: str) -> int:
    gc.disable()  # thousands of rows, all alive to the end
    listing = Listing(request, selection(request.options), Moment())
    if mode == "rich" and not listing.has_heading():
        mode = "plain"  # -o pid= is for programs, wherever it goes
    rows: Sequence[Any] = () if mode == "plain" else listing.rows()
    found = bool(rows)

    def plain(_: Sequence[Column], __: Iterable[Any], out: Stream) -> None:
        nonlocal found
        found = listing.write(out)

    emit(mode, listing.columns(), rows, plain)
    return 0 if found else 1
