"""netstat's table of interfaces in net-tools' format, or rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sysutils import core
from sysutils.cli.fields.interfaces import Named, block, flag_names, named
from sysutils.cli.netstat_choice import Choice
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import pad_bytes
from sysutils.cli.output.units import scaled_procps

_UP = 1
#: IFF_* bit -> letter, in net-tools' order; P is both promiscuous and point-to-point
_LETTERS = (
    (0x200, "A"), (2, "B"), (4, "D"), (8, "L"), (0x1000, "M"), (0x8000, "d"), (0x100, "P"), (0x20, "N"),
    (0x80, "O"), (0x10, "P"), (0x800, "s"), (0x400, "m"), (0x40, "R"), (1, "U"),
)  # fmt: skip


def flags_text(flags: int | None) -> str:
    """``BMRU``; empty where the flags are not known."""
    if flags is None:
        return ""
    return "".join(letter for bit, letter in _LETTERS if flags & bit) or "[NO FLAGS]"


def shown(interfaces: Iterable[Named], all: bool) -> list[Named]:
    """The interfaces that are up, or all. Those of a recording, where flags are not known, count as up."""
    return [
        row for row in interfaces if all or row.details.flags is None or row.details.flags & _UP
    ]


def _line(row: Named) -> str:
    mtu = "" if row.details.mtu is None else row.details.mtu
    counters = f"{'     - no statistics available -':<56}"
    if row.counters is not None:
        one = row.counters
        counters = (
            f"{one.rx_packets:8d} {one.rx_errors:6d} {one.rx_dropped:6d} {one.rx_fifo:<6d} "
            f"{one.tx_packets:8d} {one.tx_errors:6d} {one.tx_dropped:6d} {one.tx_fifo:6d} "
        )
    return f"{pad_bytes(row.name, 15)} {mtu:>5} {counters}{flags_text(row.details.flags)}\n"


def lines_of(interfaces: Iterable[Named]) -> Iterator[str]:
    """Headings and a line for each interface."""
    yield "Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n"
    for row in interfaces:
        yield _line(row)


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
    return shown(named(core.net_if_details().values()), choice.view.all)


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
