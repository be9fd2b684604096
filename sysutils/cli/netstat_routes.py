"""netstat's routing tables in net-tools' format, or rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sysutils import core
from sysutils.cli.fields.names import host_text, network_name
from sysutils.cli.netstat_choice import Choice, lacks, refusal, told
from sysutils.cli.options import CommandError
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import cut_bytes, pad_bytes

if TYPE_CHECKING:
    from sysutils.core._ntuples import sroute, sroute6

_UP, _HOST, _REJECT, _CACHE = 1, 4, 0x200, 0x1000000
#: RTF_* bit -> letter, in net-tools' order
_LETTERS = (
    (2, "G"), (4, "H"), (8, "R"), (0x10, "D"), (0x20, "M"), (0x10000, "d"), (0x20000, "a"), (0x40000, "c"),
    (0x200000, "o"), (0x400000, "e"), (0x1000000, "c"), (0x2000000, "f"), (0x4000000, "p"),
    (0x80000000, "l"), (0x40, "u"), (0x80, "w"), (0x100, "i"), (0x400, "n"),
)  # fmt: skip
_LETTERS6 = (
    (1, "U"), (0x200, "!"), (2, "G"), (4, "H"), (0x10000, "D"), (0x40000, "A"), (0x1000000, "C"),
    (0x20000, "a"), (0x400000, "e"), (0x20, "m"), (0x200000, "n"), (0x2000000, "f"),
)  # fmt: skip


class Route(NamedTuple):
    """One route; ``netmask`` of IPv4, ``prefixlen`` of both."""

    family: str
    destination: str
    prefixlen: int
    netmask: str | None
    gateway: str | None
    flags: str
    metric: int
    refcnt: int
    use: int
    mss: int | None
    window: int | None
    irtt: int | None
    iface: str


def _column(name: str, header: str, text: str, rank: int = 5, unit: str = "") -> Column:
    place = Route._fields.index(name)
    right = name in {"prefixlen", "metric", "refcnt", "use", "mss", "window", "irtt"}
    return Column(
        name, header, lambda row: row[place], help=text, rank=rank, unit=unit, right=right
    )


COLUMNS = (
    _column("family", "Family", "AF_INET or AF_INET6.", 9),
    _column("destination", "Destination", "Network or host."),
    _column("prefixlen", "Length", "Bits of the network's number.", 6),
    _column("netmask", "Genmask", "The same as a mask; IPv4 only.", 8),
    _column("gateway", "Gateway", "Next hop; null where the network is at the interface."),
    _column("flags", "Flags", "U up, G by a gateway, H a host, ! refused, …"),
    _column("metric", "Metric", "The lower the better."),
    _column("refcnt", "Ref", "References.", 8),
    _column("use", "Use", "Times it was looked up.", 8),
    _column("mss", "MSS", "Largest segment of TCP; 0 where not set.", 9, "bytes"),
    _column("window", "Window", "Window of TCP; 0 where not set.", 9, "bytes"),
    _column("irtt", "irtt", "First guess of the round trip; 0 where not set.", 9, "milliseconds"),
    _column("iface", "Iface", "Interface."),
)


def flags_text(flags: int) -> str:
    """Letters of an IPv4 route's flags; of a refused one ``!`` in place of ``U`` and ``G``."""
    text = "".join(letter for bit, letter in _LETTERS if flags & bit)
    if flags & _REJECT:
        return "!" + text.removeprefix("G")
    return ("U" if flags & _UP else "") + text


def flags_text6(flags: int) -> str:
    """Letters of an IPv6 route's flags."""
    return "".join(letter for bit, letter in _LETTERS6 if flags & bit)


def shown(routes: "Iterable[sroute]") -> "list[sroute]":
    """The IPv4 routes in force."""
    return [route for route in routes if route.flags & _UP]


def shown6(routes: "Iterable[sroute6]", cache: bool) -> "list[sroute6]":
    """The IPv6 routes that were made, or the ``cache`` of those learned."""
    return [route for route in routes if bool(route.flags & _CACHE) == cache]


def route_row(route: "sroute") -> Route:
    """The row of an IPv4 route."""
    bits = sum(int(part).bit_count() for part in route.netmask.split("."))
    gateway = None if route.gateway == "0.0.0.0" else route.gateway
    return Route(
        "AF_INET", route.destination, bits, route.netmask, gateway, flags_text(route.flags), route.metric,
        route.refcnt, route.use, route.mss, route.window, route.irtt, route.iface,
    )  # fmt: skip


def route_row6(route: "sroute6") -> Route:
    """The row of an IPv6 route."""
    gateway = None if route.gateway == "::" else route.gateway
    metric = route.metric - (1 << 32) if route.metric >= 1 << 31 else route.metric
    return Route(
        "AF_INET6", route.destination, route.prefixlen, None, gateway, flags_text6(route.flags), metric,
        route.refcnt, route.use, None, None, None, route.iface,
    )  # fmt: skip


# --- net-tools' lines

_HEADINGS = (
    "Flags   MSS Window  irtt Iface",
    "Flags Metric Ref    Use Iface",
    "Flags Metric Ref    Use Iface    MSS   Window irtt",
)
_CACHE_EXTRA = ("", "", "  TOS HHRef HHUptod     SpecDst")


def _destination(address: str, mask: str, host: bool, numeric: bool) -> str:
    if numeric:
        return address
    if address == "0.0.0.0":
        return "default" if mask == address else address
    if host or _has_host_part(address, mask):
        return host_text(address, False)
    return network_name(address) or address


def destination_name(row: Route, numeric: bool) -> str:
    """The name of a network, or of a host where it is one; ``default`` for all of them."""
    if row.netmask is None:
        if not row.prefixlen and row.destination == "::":
            return "default"
        return host_text(row.destination, numeric)
    name = _destination(row.destination, row.netmask, "H" in row.flags, numeric)
    return "default" if not row.prefixlen and row.destination == "0.0.0.0" else name


def _has_host_part(address: str, mask: str) -> bool:
    pairs = zip(address.split("."), mask.split("."), strict=True)
    return any(int(part) & ~int(bits) for part, bits in pairs)


def _line(route: "sroute", numeric: bool, extended: int) -> str:
    flags = flags_text(route.flags)
    refused = bool(route.flags & _REJECT)
    gateway = "-" if refused else cut_bytes(host_text(route.gateway, numeric), 15)
    name = _destination(route.destination, route.netmask, bool(route.flags & _HOST), numeric)
    head = f"{pad_bytes(cut_bytes(name, 15), 15)} {pad_bytes(gateway, 15)} {route.netmask:<15} {flags:<5}"
    if not extended:
        if refused:
            return f"{head}     - -          - -\n"
        return f"{head} {route.mss:5d} {route.window:<5d} {route.irtt:6d} {route.iface}\n"
    if extended == 1:
        if refused:
            return f"{head} {route.metric:<6d} -  {route.use:7d} -\n"
        return f"{head} {route.metric:<6d} {route.refcnt:<2d} {route.use:7d} {route.iface}\n"
    if refused:
        return f"{head} {route.metric:<6d} -  {route.use:7d} -        -     -      -\n"
    iface = pad_bytes(cut_bytes(route.iface, 6), 6)
    return (
        f"{head} {route.metric:<6d} {route.refcnt:<3d} {route.use:6d} {iface}"
        f"   {route.mss:<5d} {route.window:<6d} {route.irtt}\n"
    )


def lines_of(routes: "Iterable[sroute]", numeric: bool, extended: int) -> Iterator[str]:
    """The IPv4 routing table; ``extended`` is the number of -e."""
    extended = min(extended, 2)
    yield "Kernel IP routing table\n"
    yield f"Destination     Gateway         Genmask         {_HEADINGS[extended]}\n"
    for route in routes:
        yield _line(route, numeric, extended)


def cache_lines(extended: int) -> Iterator[str]:
    """The IPv4 routing cache, which Linux has not had since 3.6: its headings."""
    extended = min(extended, 2)
    yield "Kernel IP routing cache\n"
    yield (
        "Source          Destination     Gateway         "
        f"{_HEADINGS[extended]}{_CACHE_EXTRA[extended]}\n"
    )


def lines_of6(routes: "Iterable[sroute6]", numeric: bool, cache: bool) -> Iterator[str]:
    """The IPv6 routing table, or its cache."""
    yield f"Kernel IPv6 routing {'cache' if cache else 'table'}\n"
    yield "Destination                    Next Hop                   Flag Met Ref  Use If\n"
    for route in routes:
        row = route_row6(route)
        destination = f"{host_text(row.destination, numeric)}/{row.prefixlen}"
        gateway = host_text(route.gateway, numeric)
        yield (
            f"{pad_bytes(destination, 30)} {pad_bytes(gateway, 26)} {row.flags:<4}"
            f" {row.metric:<3d} {row.refcnt} {row.use:6d} {row.iface}\n"
        )


# --- reports

_ROUTELESS = {
    "ax25": "AX.25", "ipx": "IPX", "x25": "X.25", "netrom": "NET/ROM", "rose": "ROSE", "ddp": "DDP",
}  # fmt: skip


def lines(choice: Choice, first: bool = True) -> Iterator[str]:  # noqa: ARG001
    """The tables of the families asked for, in net-tools' format."""
    numeric = choice.view.numeric_hosts
    for family in choice.families or ("inet",):
        if family == "inet":
            yield from _tables(choice, numeric)
        elif family == "inet6":
            yield from _tables6(choice, numeric)
        elif family in _ROUTELESS:
            yield f"{_ROUTELESS[family]} not configured in this system.\n"
            raise _no_table("ax25_route" if family == "ax25" else "")
        else:
            raise refusal(f"No routing for address family `{family}'.\n", 3)


def _no_table(name: str) -> CommandError:
    return refusal(f"/proc/net/{name}: No such file or directory\n" if name else "")


def _tables(choice: Choice, numeric: bool) -> Iterator[str]:
    if choice.fib:
        routes = told(core.net_routes, [])
        if not routes and lacks("route"):
            yield "INET (IPv4) not configured in this system.\n"
            raise _no_table("route")
        yield from lines_of(shown(routes), numeric, choice.extended)
    if choice.cache:
        if lacks("rt_cache"):
            yield "INET (IPv4) not configured in this system.\n"
            raise _no_table("rt_cache")
        yield from cache_lines(choice.extended)


def _tables6(choice: Choice, numeric: bool) -> Iterator[str]:
    routes = told(core.net_routes6, [])
    if not routes and lacks("ipv6_route"):
        yield "INET6 (IPv6) not configured in this system.\n"
        raise _no_table("ipv6_route")
    for wanted, cache in ((choice.fib, False), (choice.cache, True)):
        if wanted:
            yield from lines_of6(shown6(routes, cache), numeric, cache)


def rows(choice: Choice) -> Iterator[Route]:
    """The routes to show. Raises CommandError for a family that has none."""
    for family in choice.families or ("inet",):
        if family == "inet":
            if not choice.fib:
                continue
            yield from map(route_row, shown(told(core.net_routes, [])))
        elif family == "inet6":
            found = told(core.net_routes6, [])
            for wanted, cache in ((choice.fib, False), (choice.cache, True)):
                if wanted:
                    yield from map(route_row6, shown6(found, cache))
        else:
            raise refusal(f"No routing for address family `{family}'.\n", 3)


def columns(_: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    return COLUMNS
