"""netstat(8) of net-tools 2.10: sockets, routes, interfaces, protocol counters, multicast groups.

``-kind KIND`` (tcp, udp6, unix, …: the kinds of psutil's net_connections) is ours. Departs where the
classic prints memory that is not its own (unknown TCP states) and where -c drifts. SCTP, AX.25, IPX,
NET/ROM, ROSE and X.25 are told of as the classic does on a kernel that lacks them. --help is all on standard
output; the classic has its list of families on standard error."""

import gc
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sysutils.cli import candidates
from sysutils.cli.interval import every
from sysutils.cli.netstat_choice import (
    KINDS,
    PROTOCOLS,
    Choice,
    View,
    Words,
    hint,
    missing,
    refusal,
)
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    given,
    on_terminal,
    option,
    output_mode,
    output_options,
    quote,
    version_option,
)
from sysutils.cli.output.stream import Stream

if TYPE_CHECKING:
    from sysutils.cli.output.column import Table

F = TypeVar("F", bound=Callable[..., Any])

#: word of -A -> family
FAMILIES = {
    "unix": "unix", "inet": "inet", "ip": "inet", "tcpip": "inet", "inet6": "inet6", "ax25": "ax25",
    "netrom": "netrom", "rose": "rose", "ipx": "ipx", "x25": "x25", "ddp": "ddp", "appletalk": "ddp",
    "econet": "ec", "ash": "ash", "bluetooth": "bluetooth",
}  # fmt: skip
#: lines written together
_TOGETHER = 500
#: option -> report
_REPORTS = {
    "route": "routes", "interfaces": "interfaces", "statistics": "statistics",
    "masquerade": "masquerade",
}  # fmt: skip


def _families(words: str) -> list[str]:
    """The families of ``-A inet,inet6``."""
    for word in words.split(","):
        if word not in FAMILIES:
            raise refusal(f"Unknown address family `{word}'.\n")
    return [FAMILIES[word] for word in words.split(",")]


def _kind(word: str) -> str:
    if word not in KINDS:
        raise UsageError(f"invalid kind {quote(word)}; valid ones are: {', '.join(KINDS)}")
    return word


def _flag(*names: str, **settings: Any) -> Callable[[F], F]:
    return option(*names, is_flag="count" not in settings, **settings)


def _show_usage(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        raise UsageError("")


def _all_options(function: F) -> F:
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


_OPTIONS: list[Callable[[Any], Any]] = [
    *(_flag(f"--{name}", name, help="Show another family.", hidden=True)
      for name in ("ax25", "ipx", "netrom", "rose", "x25")),
    _flag("--ddp", "--appletalk", "ddp", help="Show another family.", hidden=True),
    _flag("-r", "--route", group="What to show", help="Show the routing table."),
    _flag("-i", "--interfaces", help="Show the table of interfaces."),
    _flag("-g", "--groups", help="Show the memberships in multicast groups."),
    _flag("-s", "--statistics", help="Show the counters of the protocols."),
    _flag("-M", "--masquerade", only=("linux",), help="Show masqueraded connections."),
    option("-kind", "--kind", group="Which sockets", metavar="KIND", ours=True, parse=_kind,
           shell_complete=candidates.words([*KINDS]),
           help="Show the sockets of a kind, in all states: inet (tcp and udp), inet4, inet6, tcp,"
                " tcp4, tcp6, udp, udp4, udp6, unix or all."),
    _flag("-t", "--tcp", help="Show TCP sockets."),
    _flag("-u", "--udp", help="Show UDP sockets."),
    _flag("-U", "--udplite", help="Show UDP-Lite sockets."),
    _flag("-S", "--sctp", help="Show SCTP sockets."),
    _flag("-w", "--raw", help="Show raw sockets."),
    _flag("-x", "--unix", "unix", help="Show UNIX sockets."),
    _flag("-4", "--inet", "--ip", "--tcpip", "inet", help="Show IPv4 only."),
    _flag("-6", "--inet6", "inet6", help="Show IPv6 only."),
    option("-A", "--protocol", "protocol", metavar="FAMILY", multiple=True, parse=_families,
           shell_complete=candidates.listed(candidates.words([*FAMILIES])),
           help="Address families, separated by commas: inet, inet6, unix, …"),
    _flag("-l", "--listening", help="Show only sockets that wait for connections."),
    _flag("-a", "--all", help="Show these and all others; of interfaces also those that are down."),
    _flag("-n", "--numeric", group="Names", help="Don't resolve names."),
    _flag("--numeric-hosts", help="Don't resolve the names of hosts."),
    _flag("--numeric-ports", help="Don't resolve the names of ports."),
    _flag("--numeric-users", help="Don't resolve the names of users."),
    _flag("-N", "--symbolic", help="Resolve hardware names."),
    _flag("-p", "--programs", group="Details", help="Show process id and name of the program."),
    _flag("-e", "--extend", count=True, help="Show more; twice, all."),
    _flag("-o", "--timers", help="Show timers."),
    _flag("-W", "--wide", help="Don't cut addresses."),
    _flag("-v", "--verbose", help="Tell of protocols that this system lacks."),
    _flag("-c", "--continuous", help="Repeat every second.",
          note="The times of the reports don't drift."),
    _flag("-F", "--fib", group="Routes", help="Show the routing table itself, the default."),
    _flag("-C", "--cache", help="Show the routing cache instead."),
    _flag("-Z", "--context", group="Details", only=("linux",), help="Show SELinux contexts."),
    _flag("-2", "-f", "--bluetooth", "--l2cap", "--rfcomm", "bluetooth", help="Show Bluetooth.",
          hidden=True),
    _flag("-d", "unused", help="Ignored.", hidden=True),
    option("-?", "asked_usage", is_flag=True, is_eager=True, expose_value=False, hidden=True,
           callback=_show_usage, help="Show the usage."),
]  # fmt: skip


def _families_given() -> tuple[str, ...]:
    """Families of -A and of the options of single ones, in the order of the command line."""
    found: list[str] = []
    for name, value in given():
        if name == "protocol":
            found += value
        elif name in FAMILIES.values():
            found.append(name)
    return tuple(found)


def _choice(asked: dict[str, Any]) -> Choice:
    """What is to be shown. Raises UsageError where it can't be together."""
    reports = [_REPORTS[name] for name, _ in given() if name in _REPORTS]
    kind = asked["kind"] or ""
    if len(reports) > 1:
        raise UsageError("")
    if kind and (reports or asked["groups"]):
        raise UsageError("-kind selects sockets, and no other report")
    families = _families_given()
    if "bluetooth" in families:
        raise CommandError("feature `AF BLUETOOTH' not supported.")
    if asked["context"]:
        raise refusal("SELinux is not enabled on this machine.\n")
    numeric = asked["numeric"]
    view = View(
        listening=asked["listening"],
        all=asked["all"] or bool(kind and not asked["listening"]),
        numeric_hosts=numeric or asked["numeric_hosts"],
        numeric_ports=numeric or asked["numeric_ports"],
        numeric_users=numeric or asked["numeric_users"],
        wide=asked["wide"],
        extended=bool(asked["extend"]),
        programs=asked["programs"],
        timers=asked["timers"],
    )
    return Choice(
        report=reports[0] if reports else "sockets",
        families=families,
        protocols=frozenset(name for name in PROTOCOLS if asked[name]),
        kind=kind,
        groups=asked["groups"],
        view=view,
        verbose=asked["verbose"],
        extended=asked["extend"],
        fib=asked["fib"] or not asked["cache"],
        cache=asked["cache"],
    )


def _write(lines: Iterator[str], out: Stream) -> None:
    """Writes lines as they come; on a terminal, what others put into them is made visible."""
    if on_terminal():
        from sysutils.cli.output.text import visible

        lines = (visible(line[:-1]) + "\n" for line in lines)
    part: list[str] = []
    try:
        for line in lines:
            part.append(line)
            if len(part) == _TOGETHER:
                out.write("".join(part))
                part.clear()
    except (AttributeError, NotImplementedError):
        part.clear()  # what this system lacks has no headings either
        raise
    finally:  # an error in the middle leaves what is in front of it
        out.write("".join(part))
        out.flush()


def _report(name: str) -> Any:
    """The file of a report, which alone is loaded."""
    if name == "masquerade":
        raise missing("ip_masquerade")
    return import_module(f"sysutils.cli.netstat_{name}")


def _plain(choice: Choice, turns: int | None) -> None:
    report = _report(choice.report)
    out = Stream()
    numbers = count()
    for lines in every(1.0, turns, lambda: report.lines(choice, not next(numbers))):
        _write(lines, out)


def _told(choice: Choice, turns: int | None, mode: str) -> None:
    from sysutils.cli.output.emit import emit_reports

    if choice.report == "sockets" and choice.groups and (choice.tables or choice.unix):
        raise UsageError(f"sockets and groups are two tables; --{mode} shows one")
    report = _report("groups" if choice.groups and choice.report == "sockets" else choice.report)
    reports = every(1.0, turns, lambda: list(report.rows(choice)))
    emit_reports(mode, report.columns(choice), reports, lambda *_: None)


def tables() -> "tuple[Table, ...]":
    """What JSON and CSV hold, for the documentation."""
    from sysutils.cli.fields.sockets import COLUMNS, TIMER_COLUMNS
    from sysutils.cli.output.column import Table

    reports = {"routes": "-r", "interfaces": "-i", "statistics": "-s", "groups": "-g"}
    return (
        Table(COLUMNS, "sockets"),
        Table(COLUMNS + TIMER_COLUMNS, "sockets_with_timers", "-o"),
        *(Table(_report(name).COLUMNS, name, when) for name, when in reports.items()),
    )


_ABOUT = Help(
    examples=(
        ("-tulpn", "What listens on which port, and its process."),
        ("-tan", "All TCP sockets by number."),
        ("-kind tcp", "TCP sockets in all states; also udp, inet6, unix, all …"),
        ("-rn", "The routing table."),
        ("-i", "The interfaces and their counters."),
        ("-s --tcp", "The counters of TCP."),
        ("-tn --json", "Connections, for programs."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "An error of the system."),
        ("3", "A mistake in the words."),
    ),
)


@classic(
    "netstat",
    about=_ABOUT,
    grammar=Grammar(status=3, hint=hint, reader=Words, may_be_closed=True),
    help_names=("-h", "--help"),
)
@_all_options
@version_option("-V", "--version")
@argument("operands", nargs=-1, expose_value=False)
@output_options
def command(output: str | None, continuous: bool, **asked: Any) -> int:
    """Show sockets, routes, interfaces, protocol counters and multicast groups."""
    mode = output_mode(output)
    choice = _choice(asked)
    if not continuous:
        gc.disable()  # thousands of rows, all alive to the end
    turns = None if continuous and choice.report != "statistics" else 1
    if mode == "plain":
        _plain(choice, turns)
    elif mode == "rich":
        from sysutils.cli.netstat_rich import Connections, show

        if turns is None:
            from sysutils.cli.live import reports as live

            if live.wanted(mode):
                return live.Reports("netstat", 1.0, Connections(choice)).run()
        for _ in every(1.0, turns, lambda: show(choice)):
            pass
    else:
        _told(choice, turns, mode)
    return 0
