"""netstat's table of interfaces in net-tools' format, or rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sysutils import core
from sysutils.cli.netstat_choice import Choice
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import pad_bytes
from sysutils.cli.output.units import scaled_procps

if TYPE_CHECKING:
    from sysutils.core._ntuples import sinterface

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


def _sort_key(name: str) -> list[tuple[int, int]]:
    """By name, numbers in it by value: eth2 before eth10."""
    return [
        (ord("0"), int(part)) if part.isdecimal() else (ord(part), 0)
        for part in re.findall(r"[0-9]+|.", name, re.DOTALL)
    ]


def shown(interfaces: "Iterable[sinterface]", all: bool) -> "list[sinterface]":
    """The interfaces that are up, or all, by name. Those of a recording, where flags are not known, count
    as up."""
    found = [row for row in interfaces if all or row.flags is None or row.flags & _UP]
    return sorted(found, key=lambda row: _sort_key(row.name))


def lines_of(interfaces: "Iterable[sinterface]") -> Iterator[str]:
    """Headings and a line for each interface."""
    yield "Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n"
    for row in interfaces:
        mtu = "" if row.mtu is None else row.mtu
        yield (
            f"{pad_bytes(row.name, 15)} {mtu:>5} "
            f"{row.rx_packets:8d} {row.rx_errors:6d} {row.rx_dropped:6d} {row.rx_fifo:<6d} "
            f"{row.tx_packets:8d} {row.tx_errors:6d} {row.tx_dropped:6d} {row.tx_fifo:6d} "
            f"{flags_text(row.flags)}\n"
        )


def _counter(
    name: str, field: str, header: str, text: str, rank: int = 5, unit: str = ""
) -> Column:
    show = scaled_procps if unit and field != "mtu" else str
    return Column(
        name, header, lambda row: getattr(row, field), show=show, right=True, help=text, rank=rank,
        unit=unit,
    )  # fmt: skip


COLUMNS = (
    Column("name", "Iface", lambda row: row.name, help="Name."),
    _counter("mtu", "mtu", "MTU", "Largest packet.", 6, "bytes"),
    Column("flags", "Flg", lambda row: flags_text(row.flags) or None, help="U up, R running, …"),
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
    """The interfaces to show, by name."""
    return shown(core.net_interfaces(), choice.view.all)


def lines(choice: Choice, first: bool = True) -> Iterator[str]:
    """The table in net-tools' format; ``first`` of several has a title."""
    found = rows(choice)
    if first:
        yield "Kernel Interface table\n"
    yield from lines_of(found)


def columns(_: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    return COLUMNS
