"""The tables of interfaces and of multicast groups in net-tools' format."""

import re
import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sysutils.cli.netstat_sockets import host_text, pad
from sysutils.cli.output.column import Column
from sysutils.cli.output.units import scaled_procps

if TYPE_CHECKING:
    from sysutils.core._ntuples import sinterface, smcastgroup

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


def lines(interfaces: "Iterable[sinterface]") -> Iterator[str]:
    """Headings and a line for each interface."""
    yield "Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n"
    for row in interfaces:
        mtu = "" if row.mtu is None else row.mtu
        yield (
            f"{pad(row.name, 15)} {mtu:>5} "
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


# --- groups


def groups(found: "Iterable[smcastgroup]", ipv4: bool, ipv6: bool) -> "list[smcastgroup]":
    """The memberships of the families asked for."""
    families = [socket.AF_INET] * ipv4 + [socket.AF_INET6] * ipv6
    return [row for row in found if row.family in families]


def group_heading() -> Iterator[str]:
    """Title and headings of the memberships."""
    yield "IPv6/IPv4 Group Memberships\n"
    yield "Interface       RefCnt Group\n--------------- ------ ---------------------\n"


def group_lines(rows: "Iterable[smcastgroup]", numeric: bool) -> Iterator[str]:
    """A line for each membership."""
    for row in rows:
        yield f"{pad(row.iface, 15)} {row.refcnt:<6d} {host_text(row.group, numeric)}\n"


GROUP_COLUMNS = (
    Column("family", "Family", lambda row: socket.AddressFamily(row.family).name,
           help="AF_INET or AF_INET6."),
    Column("iface", "Interface", lambda row: row.iface, help="Interface."),
    Column("refcnt", "RefCnt", lambda row: row.refcnt, right=True, help="Sockets that joined."),
    Column("group", "Group", lambda row: row.group, help="Address of the group."),
)  # fmt: skip
