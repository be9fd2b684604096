"""netstat's table of interfaces in net-tools' format, or rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sysutils import core
from sysutils.cli.fields.interfaces import HEADINGS, Named, block, flag_names, named, short_line
from sysutils.cli.netstat_choice import Choice, told
from sysutils.cli.output.column import Column
from sysutils.cli.output.units import scaled_procps

_UP = 1


def shown(interfaces: Iterable[Named], all: bool) -> list[Named]:
    """The interfaces that are up, or all. Those of a recording, where flags are not known, count as up."""
    return [
        row for row in interfaces if all or row.details.flags is None or row.details.flags & _UP
    ]


def lines_of(interfaces: Iterable[Named]) -> Iterator[str]:
    """Headings and a line for each interface."""
    yield f"Iface             {HEADINGS}"
    for row in interfaces:
        yield short_line(row.name, row.details.mtu, row.counters, row.details.flags)


def _counter(
    name: str, field: str, header: str, text: str, rank: int = 5, unit: str = ""
) -> Column:
    show = scaled_procps if unit else str

    def get(row: Named) -> int | None:
        return None if row.counters is None else getattr(row.counters, field)

    return Column(name, header, get, show=show, right=True, help=text, rank=rank, unit=unit)


def _flags(flags: int | None) -> str | None:
    return None if flags is None else flag_names(flags).lower()


COLUMNS = (
    Column("name", "Iface", lambda row: row.name, help="Name."),
    Column("mtu", "MTU", lambda row: row.details.mtu, unit="bytes", right=True, rank=6,
           help="Largest packet."),
    Column("flags", "Flg", lambda row: _flags(row.details.flags), help="up, broadcast, …, by commas."),
    _counter("bytes_recv", "rx_bytes", "RX-bytes", "Received.", 6, "bytes"),
    _counter("packets_recv", "rx_packets", "RX-OK", "Packets received."),
    _counter("errin", "rx_errors", "RX-ERR", "Received with errors.", 7),
    _counter("dropin", "rx_dropped", "RX-DRP", "Received and dropped.", 7),
    _counter("fifoin", "rx_fifo", "RX-OVR", "Received when the queue was full.", 8),
    _counter("bytes_sent", "tx_bytes", "TX-bytes", "Sent.", 6, "bytes"),
    _counter("packets_sent", "tx_packets", "TX-OK", "Packets sent."),
    _counter("errout", "tx_errors", "TX-ERR", "Not sent for an error.", 7),
    _counter("dropout", "tx_dropped", "TX-DRP", "Dropped on the way out.", 7),
    _counter("fifoout", "tx_fifo", "TX-OVR", "Not sent for the queue was full.", 8),
)  # fmt: skip


def rows(choice: Choice) -> list[Any]:
    """The interfaces to show, and the aliases of each."""
    return shown(named(told(core.net_if_details, {}).values()), choice.view.all)


def lines(choice: Choice, first: bool = True) -> Iterator[str]:
    """The table in net-tools' format; ``first`` of several has a title."""
    found = rows(choice)
    if first:
        yield "Kernel Interface table\n"
    if choice.extended:
        for row in found:
            yield from block(row)
    else:
        yield from lines_of(found)


def columns(_: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    return COLUMNS
