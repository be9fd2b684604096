"""What netstat reads and tells for the options given: lines as net-tools', or rows."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli import netstat_interfaces, netstat_routes, netstat_sockets, netstat_statistics
from sysutils.cli.fields import sockets
from sysutils.cli.netstat_sockets import Owners, View
from sysutils.cli.options import CommandError
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import write_error

#: -kind -> tables, psutil's meaning
KINDS = {
    "inet": ("tcp", "tcp6", "udp", "udp6"),
    "inet4": ("tcp", "udp"),
    "inet6": ("tcp6", "udp6"),
    "tcp": ("tcp", "tcp6"),
    "tcp4": ("tcp",),
    "tcp6": ("tcp6",),
    "udp": ("udp", "udp6"),
    "udp4": ("udp",),
    "udp6": ("udp6",),
    "unix": ("unix",),
    "all": ("tcp", "tcp6", "udp", "udp6", "unix"),
}
#: protocols with tables of Internet sockets, in their order
PROTOCOLS = ("tcp", "sctp", "udp", "udplite", "raw")
_INET = {"inet", "inet6"}
#: what net-tools shows on kernels that have it, and we never
_FOREIGN = ("ipx", "ax25", "x25", "netrom", "rose")
_ROUTELESS = {
    "ax25": "AX.25", "ipx": "IPX", "x25": "X.25", "netrom": "NET/ROM", "rose": "ROSE", "ddp": "DDP",
}  # fmt: skip


class Choice(NamedTuple):
    """What the options select."""

    #: route, interfaces, statistics, masquerade or sockets
    report: str
    #: address families in the order given
    families: tuple[str, ...]
    #: of PROTOCOLS, those with an option
    protocols: frozenset[str]
    #: psutil's kind, empty without -kind
    kind: str
    groups: bool
    view: View
    verbose: bool
    #: number of -e
    extended: int
    #: of the routes: the table, the cache
    fib: bool
    cache: bool

    @property
    def unnamed(self) -> bool:
        """No protocol is named, but IPv4 or IPv6: all their protocols are shown, and none is missed."""
        return not self.protocols and bool(_INET & set(self.families))

    @property
    def everything(self) -> bool:
        """Nothing particular is asked for: all sockets are shown, and none is missed."""
        shown = {*_INET, "unix", *_FOREIGN} & set(self.families)
        return not (self.protocols or shown or self.kind or self.groups)

    @property
    def tables(self) -> list[str]:
        """Tables of Internet sockets to show: ``["tcp", "tcp6", …]``."""
        found = [name for name in KINDS.get(self.kind, ()) if name != "unix"]
        all_of_them = self.everything or (self.unnamed and not self.kind)
        for protocol in PROTOCOLS:
            if protocol in self.protocols or all_of_them:
                found += [name for name in (protocol, f"{protocol}6") if name not in found]
        ipv4, ipv6 = self.versions
        return [name for name in found if (ipv6 if name.endswith("6") else ipv4)]

    @property
    def versions(self) -> tuple[bool, bool]:
        """Whether IPv4, whether IPv6 is shown: both unless one is asked for."""
        asked = _INET & set(self.families) or _INET
        return "inet" in asked, "inet6" in asked

    @property
    def unix(self) -> bool:
        """Whether UNIX sockets are shown."""
        asked = "unix" in self.families or "unix" in KINDS.get(self.kind, ())
        return asked or self.everything


class Section(NamedTuple):
    """One table for a terminal."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]


def refusal(text: str, status: int = 1) -> CommandError:
    """An error in the classic's own words, without the command's name in front."""
    error = CommandError("", status)
    error.hint = text
    return error


# --- sockets


def _lacks(table: str) -> bool:
    """Whether the system has no such table."""
    tables = getattr(core, "net_tables", None)
    return tables is not None and table not in tables()


def _missing(name: str) -> CommandError:
    return CommandError(f"no support for `{name}' on this system.")


def _note_missing(choice: Choice, name: str) -> None:
    """Raises CommandError if it was asked for; tells of it with -v."""
    if choice.everything:
        if choice.verbose:
            _missing(name).show()
    elif not choice.unnamed:
        raise _missing(name)


def owners(warn: bool) -> Owners:
    """The processes that have sockets open; says so on standard error if some don't let us look."""
    found = core.socket_owners()
    user = getattr(os, "geteuid", int)()
    if warn and user and not found.complete:  # root can't do anything about the rest
        if found.by_inode:
            write_error(
                "(Not all processes could be identified, non-owned process info\n"
                " will not be shown, you would have to be root to see it all.)\n"
            )
        else:
            write_error(
                f'(No info could be read for "-p": geteuid()={user} but you should be root.)\n'
            )
    return found.by_inode


def inet_sockets(choice: Choice) -> Iterator[tuple[str, Iterable[Any]]]:
    """``(table, its sockets)`` for each to show; raises CommandError for one that is missing."""
    for table in choice.tables:
        if table.startswith("sctp"):
            if table == "sctp":
                for _ in range(1 + choice.view.all):  # endpoints, with -a associations too
                    _note_missing(choice, "AF INET (sctp)")
            continue
        rows = core.net_sockets((table,), timers=choice.view.timers)
        if not rows and not table.endswith("6") and _lacks(table):
            _note_missing(choice, f"AF INET ({table})")
        yield table, netstat_sockets.selected(rows, choice.view)


def unix_sockets(choice: Choice) -> Iterable[Any]:
    """The UNIX sockets to show; raises CommandError if there is no such table."""
    rows = core.unix_sockets()
    if not rows and _lacks("unix"):
        _note_missing(choice, "AF UNIX")
    return netstat_sockets.selected_unix(rows, choice.view)


def groups(choice: Choice) -> list[Any]:
    """The memberships to show; raises CommandError if there is no such table."""
    rows = netstat_interfaces.groups(core.net_multicast_groups(), *choice.versions)
    if choice.versions[0] and not rows and _lacks("igmp"):
        _note_missing(choice, "AF INET (igmp)")
    return rows


def refuse_foreign(choice: Choice) -> None:
    """Raises CommandError for a family that is asked for and never shown."""
    for family in _FOREIGN:
        if family in choice.families:
            raise _missing(f"AF {family.upper()}")
        if choice.everything and choice.verbose:
            _missing(f"AF {family.upper()}").show()


def _socket_lines(choice: Choice) -> Iterator[str]:
    view = choice.view
    known = owners(True) if view.programs else {}
    if choice.tables:
        yield from netstat_sockets.inet_heading(view)
        for table, rows in inet_sockets(choice):
            yield from netstat_sockets.inet_lines(table, rows, view, known)
    if choice.groups:
        yield from netstat_interfaces.group_heading()
        yield from netstat_interfaces.group_lines(groups(choice), view.numeric_hosts)
    if choice.unix:
        yield from netstat_sockets.unix_heading(view)
        yield from netstat_sockets.unix_lines(unix_sockets(choice), view, known)
    refuse_foreign(choice)


def _socket_rows(choice: Choice) -> Iterator[sockets.SocketRow]:
    known = owners(choice.view.programs)
    for _, rows in inet_sockets(choice):
        yield from sockets.rows(rows, (), known)
    if choice.unix:
        yield from sockets.rows((), unix_sockets(choice), known)


# --- the other reports


def _route_lines(choice: Choice) -> Iterator[str]:
    numeric = choice.view.numeric_hosts
    for family in choice.families or ("inet",):
        if family == "inet":
            yield from _route_lines4(choice, numeric)
        elif family == "inet6":
            yield from _route_lines6(choice, numeric)
        elif family in _ROUTELESS:
            yield f"{_ROUTELESS[family]} not configured in this system.\n"
            raise refusal("")
        else:
            raise refusal(f"No routing for address family `{family}'.\n", 3)


def _route_lines4(choice: Choice, numeric: bool) -> Iterator[str]:
    if choice.fib:
        routes = core.net_routes()
        if not routes and _lacks("route"):
            yield "INET (IPv4) not configured in this system.\n"
            raise refusal("/proc/net/route: No such file or directory\n")
        shown = netstat_routes.shown(routes)
        yield from netstat_routes.lines(shown, numeric, choice.extended)
    if choice.cache:
        yield from netstat_routes.cache_lines(choice.extended)


def _route_lines6(choice: Choice, numeric: bool) -> Iterator[str]:
    routes = core.net_routes6()
    if not routes and _lacks("ipv6_route"):
        yield "INET6 (IPv6) not configured in this system.\n"
        raise refusal("/proc/net/ipv6_route: No such file or directory\n")
    for wanted, cache in ((choice.fib, False), (choice.cache, True)):
        if wanted:
            yield from netstat_routes.lines6(netstat_routes.shown6(routes, cache), numeric, cache)


def routes(choice: Choice) -> Iterator[netstat_routes.Route]:
    """The routes to show. Raises CommandError for a family that has none."""
    for family in choice.families or ("inet",):
        if family == "inet":
            yield from map(netstat_routes.route_row, netstat_routes.shown(core.net_routes()))
        elif family == "inet6":
            found = core.net_routes6()
            for wanted, cache in ((choice.fib, False), (choice.cache, True)):
                if wanted:
                    yield from map(netstat_routes.route_row6, netstat_routes.shown6(found, cache))
        else:
            raise refusal(f"No routing for address family `{family}'.\n", 3)


def interfaces(choice: Choice) -> list[Any]:
    """The interfaces to show, by name."""
    return netstat_interfaces.shown(core.net_interfaces(), choice.view.all)


def _interface_lines(choice: Choice, first: bool) -> Iterator[str]:
    if first:
        yield "Kernel Interface table\n"
    yield from netstat_interfaces.lines(interfaces(choice))


def _without_counters(choice: Choice) -> str:
    """The families that are asked for in vain: counters are those of one IP version."""
    families = choice.families
    return "" if len(families) < 2 and _INET.issuperset(families) else ",".join(families)


def counters(choice: Choice) -> netstat_statistics.Counters:
    """The counters to choose from. Raises CommandError for what has none."""
    if named := _without_counters(choice):
        raise CommandError(f"No statistics support for specified address family: {named}")
    found = core.net_protocol_stats()
    ipv6 = "inet6" in choice.families
    if not found:
        raise refusal(f"cannot open /proc/net/snmp{'6' * ipv6}: No such file or directory\n", 0)
    return netstat_statistics.of_version(found, ipv6)


def _counter_lines(choice: Choice) -> Iterator[str]:
    if named := _without_counters(choice):  # net-tools says so on standard output
        yield f"netstat: No statistics support for specified address family: {named}\n"
        raise refusal("")
    yield from netstat_statistics.lines(counters(choice), choice.protocols)


def lines(choice: Choice, first: bool = True) -> Iterator[str]:
    """The report in net-tools' format; ``first`` of several."""
    if choice.report == "route":
        return _route_lines(choice)
    if choice.report == "interfaces":
        return _interface_lines(choice, first)
    if choice.report == "statistics":
        return _counter_lines(choice)
    if choice.report == "masquerade":
        raise _missing("ip_masquerade")
    return _socket_lines(choice)


def columns(choice: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    if choice.report == "route":
        return netstat_routes.COLUMNS
    if choice.report == "interfaces":
        return netstat_interfaces.COLUMNS
    if choice.report == "statistics":
        return netstat_statistics.COLUMNS
    if choice.groups:
        return netstat_interfaces.GROUP_COLUMNS
    return sockets.COLUMNS + sockets.TIMER_COLUMNS * choice.view.timers


def rows(choice: Choice) -> Iterable[Any]:
    """The rows of JSON and CSV."""
    if choice.report == "route":
        return routes(choice)
    if choice.report == "interfaces":
        return interfaces(choice)
    if choice.report == "statistics":
        return netstat_statistics.rows(counters(choice), choice.protocols)
    if choice.report == "masquerade":
        raise _missing("ip_masquerade")
    if choice.groups:
        return groups(choice)
    return _socket_rows(choice)
