"""netstat on a terminal: the same rows as tables, states in colours, every socket with its process."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sysutils.cli import (
    netstat_groups,
    netstat_interfaces,
    netstat_routes,
    netstat_sockets,
    netstat_statistics,
)
from sysutils.cli.fields.interfaces import flags_text
from sysutils.cli.fields.names import host_text, user_name
from sysutils.cli.fields.sockets import SocketRow, rows, state_style
from sysutils.cli.netstat_choice import Choice, View, missing
from sysutils.cli.netstat_sockets import port_text
from sysutils.cli.output.as_rich import ALL, Screen, Shown, fit, write
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Kept, Stream
from sysutils.cli.output.text import cells, cut_cells, ellipsis

if TYPE_CHECKING:
    from sysutils.cli.live.reports import Key


class Section(NamedTuple):
    """One table."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]


def _waiting_style(count: int) -> str:
    return "yellow" if count else "dim"


def _trouble_style(count: int) -> str:
    return "bold red" if count else "dim"


def _address(ip: str | None, port: int | None, protocol: str, view: View) -> str:
    if ip is None:
        return "*"
    host = host_text(ip, view.numeric_hosts)
    name = port_text(protocol, port or 0, view.numeric_ports)
    # in brackets, else the port could be taken for a part of it
    bare = host if host.startswith("[") or ":" not in host else f"[{host}]"
    return f"{bare}:{name}"


def _shorter(text: str, room: int) -> str:
    """An address with its host cut, and its port whole."""
    host, _, port = text.rpartition(":")
    end = f"{ellipsis()}{']' * text.startswith('[')}:{port}"
    return cut_cells(host, max(1, room - cells(end))) + end


def _process(row: SocketRow) -> str | None:
    return None if row.pid is None else f"{row.pid}/{row.program}"


def _timer(row: SocketRow) -> str | None:
    if row.timer in {None, "off"}:
        return None
    return f"{row.timer} {row.timer_expires:.1f}s, {row.retransmits}/{row.probes}"


def _inet_columns(view: View) -> list[Column]:
    def user(row: SocketRow) -> str | None:
        if row.uid is None:
            return None
        return (None if view.numeric_users else user_name(row.uid)) or str(row.uid)

    def local(row: SocketRow) -> str:
        return _address(row.laddr_ip, row.laddr_port, row.protocol, view)

    def remote(row: SocketRow) -> str:
        return _address(row.raddr_ip, row.raddr_port, row.protocol, view)

    cut: dict[str, Any] = {"whole": True} if view.wide else {"shorten": _shorter}
    columns = [
        Column("protocol", "Proto", lambda row: row.protocol, rank=6),
        Column(
            "recv_q", "Recv-Q", lambda row: row.recv_q, right=True, style=_waiting_style, rank=8
        ),
        Column(
            "send_q", "Send-Q", lambda row: row.send_q, right=True, style=_waiting_style, rank=8
        ),
        Column("laddr", "Local", local, rank=1, **cut),
        Column("raddr", "Foreign", remote, rank=2, **cut),
        Column("status", "State", lambda row: row.status, style=state_style, rank=3, whole=True),
        Column("user", "User", user, rank=7),
        Column("inode", "Inode", lambda row: row.inode, right=True, rank=9),
        Column("timer", "Timer", _timer, rank=7),
        Column("process", "Process", _process, style="bold", rank=4),
    ]
    absent = {"user", "inode"} if not view.extended else set()
    absent |= {"timer"} if not view.timers else set()
    return [column for column in columns if column.name not in absent]


def _unix_columns() -> list[Column]:
    return [
        Column("type", "Type", lambda row: row.type.removeprefix("SOCK_"), rank=6),
        Column("refcount", "RefCnt", lambda row: row.refcount, right=True, rank=9),
        Column("flags", "Flags", lambda row: row.flags or None, rank=8),
        Column("status", "State", lambda row: row.status, style=state_style, rank=3),
        Column("inode", "I-Node", lambda row: row.inode, right=True, rank=7),
        Column("process", "Process", _process, style="bold", rank=2),
        Column("path", "Path", lambda row: row.path, rank=1),
    ]


def _sockets(choice: Choice) -> Iterator[Section]:
    view = choice.view
    known = netstat_sockets.owners(view.programs)
    if choice.tables:
        found = [
            row for _, part in netstat_sockets.inet_sockets(choice) for row in rows(part, (), known)
        ]
        title = f"Active Internet connections {view.title}"
        yield Section(title, _inet_columns(view), found)
    if choice.groups:
        yield _groups(choice)
    if choice.unix:
        found = list(rows((), netstat_sockets.unix_sockets(choice), known))
        yield Section(f"Active UNIX domain sockets {view.title}", _unix_columns(), found)
    netstat_sockets.refuse_foreign(choice)


#: how the family of addresses is told
_FAMILY: dict[str, Any] = {
    "show": lambda name: {"AF_INET": "IPv4", "AF_INET6": "IPv6"}.get(name, name),
    "style": "dim",
    "rank": 8,
}


def _groups(choice: Choice) -> Section:
    numeric = choice.view.numeric_hosts
    changed: dict[str, dict[str, Any]] = {
        "family": _FAMILY,
        "iface": {"style": "cyan", "rank": 2},
        "refcnt": {"rank": 7},
        "group": {"show": lambda address: host_text(address, numeric), "rank": 1},
    }
    columns = [column._replace(**changed[column.name]) for column in netstat_groups.COLUMNS]
    return Section("IPv6/IPv4 Group Memberships", columns, netstat_groups.rows(choice))


def _destination(view: View) -> Callable[[netstat_routes.Route], str]:
    def get(row: netstat_routes.Route) -> str:
        name = netstat_routes.destination_name(row, view.numeric_hosts)
        return name if name == "default" else f"{name}/{row.prefixlen}"

    return get


def _routes(choice: Choice) -> Section:
    numeric = choice.view.numeric_hosts
    changed: dict[str, dict[str, Any]] = {
        "family": _FAMILY,
        "destination": {"get": _destination(choice.view), "style": "bold", "rank": 0},
        "gateway": {"show": lambda ip: host_text(ip, numeric), "rank": 1},
        "flags": {"style": lambda flags: "bold red" if "!" in flags else "", "rank": 6},
        "metric": {"rank": 7},
        "iface": {"style": "cyan", "rank": 2},
    }
    hidden = {"prefixlen", "netmask"}
    if not choice.extended:
        hidden |= {"refcnt", "use", "mss", "window", "irtt"}
    columns = [
        column._replace(**changed.get(column.name, {}))
        for column in netstat_routes.COLUMNS
        if column.name not in hidden
    ]
    return Section("Kernel routing tables", columns, list(netstat_routes.rows(choice)))


def _interfaces(choice: Choice) -> Section:
    troubles = {"errin", "dropin", "fifoin", "errout", "dropout", "fifoout"}
    changed: dict[str, dict[str, Any]] = {name: {"style": _trouble_style} for name in troubles}
    changed["name"] = {"style": "bold", "rank": 0}
    changed |= {name: {"rank": 2} for name in ("bytes_recv", "bytes_sent")}
    changed["flags"] = {
        "get": lambda row: flags_text(row.details.flags) or None,
        "style": lambda letters: "green" if "U" in letters else "dim",
    }
    columns = [
        column._replace(**changed.get(column.name, {})) for column in netstat_interfaces.COLUMNS
    ]
    return Section("Kernel interfaces", columns, netstat_interfaces.rows(choice))


def _statistics(choice: Choice, out: Stream) -> None:
    screen = Screen(out)

    def painted(match: re.Match[str]) -> str:
        return screen.paint(match[0], "bold" if match[0] != "0" else "dim")

    counters = netstat_statistics.counters(choice)
    for whole in netstat_statistics.lines_of(counters, choice.protocols):
        line = whole if len(whole) <= screen.width else fit(whole.rstrip(), screen.width) + "\n"
        if line[0] == " ":
            out.write(re.sub(r"(?<!\w)[0-9]+(?!\w)", painted, line))
        else:
            out.write(screen.paint(line[:-1], "bold underline") + "\n")


def sections(choice: Choice) -> Iterator[Section]:
    """The tables of a report."""
    if choice.report == "routes":
        yield _routes(choice)
    elif choice.report == "interfaces":
        yield _interfaces(choice)
    elif choice.report == "masquerade":
        raise missing("ip_masquerade")
    else:
        yield from _sockets(choice)


def show(choice: Choice) -> None:
    """Writes the report to standard output."""
    out = Stream()
    if choice.report == "statistics":
        _statistics(choice, out)
    else:
        draw(sections(choice), out)
    out.flush()


def draw(found: Iterable[Section], out: Stream, shown: Shown = ALL) -> list[str]:
    """Writes the tables; the names of the columns that are shown."""
    names: dict[str, None] = {}
    for number, section in enumerate(found):
        out.write("\n" if number else "")
        names.update(dict.fromkeys(write(section.columns, section.rows, out, section.title, shown)))
    return list(names)


class Connections(NamedTuple):
    """What ``-c`` shows on a terminal."""

    choice: Choice
    keys: "Mapping[str, Key]" = {}

    def read(self) -> list[Section]:
        """The tables."""
        return list(sections(self.choice))

    def draw(self, report: list[Section], out: Kept, shown: Shown) -> Sequence[str]:
        """Writes them."""
        return draw(report, out, shown)
