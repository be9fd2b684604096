"""ifconfig on a terminal: a card for each interface, with all its addresses and its traffic."""

from collections.abc import Iterable, Iterator, Sequence

from sysutils.cli.ifconfig_show import UP, Shown, flag_names, hardware_address, scaled
from sysutils.cli.output.as_rich import Pieces, Screen, write
from sysutils.cli.output.bars import EMPTY, rule
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import cells, steady, visible

_LABEL = 8

#: what stands together on a line
Group = tuple[tuple[str, str], ...]


def cards(_: Sequence[Column], rows: Iterable[Shown], out: Stream) -> None:
    """The cards, one below the other."""
    screen = Screen(out)
    for number, row in enumerate(rows):
        out.write(("\n" if number else "") + screen.pieces(_head(row, screen.width)) + "\n")
        for label, groups in _facts(row):
            for line in _lines(label, groups, screen.width):
                out.write(screen.pieces(line) + "\n")


#: how soon a narrow terminal does without a column of the short table
_RANKS = {
    "name": 0, "bytes_recv": 1, "bytes_sent": 1, "packets_recv": 3, "packets_sent": 3,
    "errin": 5, "errout": 5, "dropin": 6, "dropout": 6, "mtu": 7, "fifoin": 8, "fifoout": 8,
}  # fmt: skip


def table(columns: Sequence[Column], rows: Iterable[Shown], out: Stream) -> None:
    """A line for each: what -s tells."""

    def changed(column: Column) -> Column:
        rank = _RANKS[column.name]
        if column.name in {"name", "mtu"}:
            return column._replace(rank=rank, style="bold" if column.name == "name" else "")
        if column.unit == "bytes":
            return column._replace(rank=rank, show=scaled)
        trouble = column.name not in {"packets_recv", "packets_sent"}
        return column._replace(rank=rank, style=_trouble if trouble else "")

    shown = [changed(column) for column in columns if column.name in _RANKS]
    write(shown, rows, out)


def _trouble(count: int) -> str:
    return "bold red" if count else EMPTY


def _head(row: Shown, width: int) -> Pieces:
    """``● eth0  up broadcast running ───``."""
    up = (row.details.flags or 0) & UP
    flags = " ".join(name.lower() for name in flag_names(row.details.flags))
    name = steady(visible(row.name))
    left = width - cells(name) - cells(flags) - 5
    return (
        ("● " if up else "○ ", "green" if up else "red"),
        (name, "bold"),
        (f"  {flags}" + (f" {rule() * left}" if left > 0 else ""), EMPTY),
    )


def _lines(label: str, groups: Sequence[Group], width: int) -> Iterator[Pieces]:
    """The facts behind their label, on as many lines as they need."""
    line: list[tuple[str, str]] = [(f"  {label:<{_LABEL - 2}}", "cyan")]
    used = 0
    for group in groups:
        size = sum(cells(text) for text, _ in group)
        if used and _LABEL + used + 2 + size > width:
            yield line
            line, used = [(" " * _LABEL, "")], 0
        line += [("  " if used else "", ""), *group]
        used += size + (2 if used else 0)
    yield line


def _facts(row: Shown) -> Iterator[tuple[str, Sequence[Group]]]:
    label = "IPv4"
    for one in row.inet:
        groups: list[Group] = [((f"{one.address}/{one.prefixlen}", "bold"),)]
        if one.peer:
            groups.append(((f"to {visible(one.peer)}", ""),))
        elif one.broadcast:
            groups.append(((f"broadcast {one.broadcast}", EMPTY),))
        yield label, groups
        label = ""
    label = "IPv6"
    for other in row.inet6:
        yield label, [((f"{other.address}/{other.prefixlen}", "bold"),), ((other.scope, EMPTY),)]
        label = ""
    yield "link", _link(row)
    count = row.counters
    if count is None:
        return
    received = {
        "errors": count.rx_errors, "dropped": count.rx_dropped, "overruns": count.rx_fifo,
        "frame": count.rx_frame,
    }  # fmt: skip
    sent = {
        "errors": count.tx_errors, "dropped": count.tx_dropped, "overruns": count.tx_fifo,
        "carrier": count.tx_carrier, "collisions": count.tx_collisions,
    }  # fmt: skip
    yield "RX", _traffic(count.rx_bytes, count.rx_packets, received)
    yield "TX", _traffic(count.tx_bytes, count.tx_packets, sent)


def _link(row: Shown) -> list[Group]:
    details = row.details
    address = hardware_address(row)
    groups: list[Group] = [((visible(row.hardware.title), ""),)]
    groups += [((visible(address), "bold"),)] if address else []
    groups.append(((f"mtu {details.mtu}", ""),))
    if details.txqueuelen is not None:
        groups.append(((f"queue {details.txqueuelen}", EMPTY),))
    return groups


def _traffic(size: int, packets: int, troubles: dict[str, int]) -> list[Group]:
    """How much passed, and of what was lost only what there is."""
    lost = [((f"{count:,} {what}", "bold red"),) for what, count in troubles.items() if count]
    return [((scaled(size), "bold"),), ((f"{packets:,} packets", ""),), *lost]
