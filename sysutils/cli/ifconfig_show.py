"""What ifconfig shows of interfaces and aliases: net-tools' blocks and short table, cards, rows."""

import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sysutils import core
from sysutils.cli.fields.interfaces import HEADINGS, short_line, sort_key
from sysutils.cli.ifconfig_hardware import KINDS, UNSPECIFIED, Hardware
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import visible

if TYPE_CHECKING:
    from sysutils.core._ntuples import sifaddress, sifdetails, sinterface

UP, BROADCAST, POINTOPOINT = 0x1, 0x2, 0x10
#: IFF_* bit -> name, in the order of the classic
FLAGS = (
    (0x1, "UP"), (0x2, "BROADCAST"), (0x4, "DEBUG"), (0x8, "LOOPBACK"), (0x10, "POINTOPOINT"),
    (0x20, "NOTRAILERS"), (0x40, "RUNNING"), (0x80, "NOARP"), (0x100, "PROMISC"), (0x200, "ALLMULTI"),
    (0x800, "SLAVE"), (0x400, "MASTER"), (0x1000, "MULTICAST"), (0x8000, "DYNAMIC"),
)  # fmt: skip
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_SCOPES = {"global": 0x00, "host": 0x10, "link": 0x20, "site": 0x40, "compat": 0x80}
_SCOPE_NAMES = {0x00: "global", 0x10: "host", 0x20: "link", 0x40: "site"}


class Shown(NamedTuple):
    """An interface or an alias: its IPv4 addresses are those of that name."""

    name: str
    details: "sifdetails"
    alias: bool
    inet: "list[sifaddress]"

    @property
    def inet6(self) -> "list[sifaddress]":
        """Those of the interface; an alias has none."""
        return (
            []
            if self.alias
            else [one for one in self.details.addresses if one.family == socket.AF_INET6]
        )

    @property
    def counters(self) -> "sinterface | None":
        """Those of the interface; an alias has none."""
        return None if self.alias else self.details.counters

    @property
    def hardware(self) -> Hardware:
        """The kind of it."""
        return KINDS.get(-1 if self.details.type is None else self.details.type, UNSPECIFIED)


def _of_device(details: "sifdetails") -> Iterator[Shown]:
    labels: dict[str, list[sifaddress]] = {details.name: []}
    for one in details.addresses:
        if one.family == socket.AF_INET:
            labels.setdefault(one.label or details.name, []).append(one)
    for label, addresses in labels.items():
        yield Shown(label, details, label != details.name, addresses)


def chosen(name: str | None, all: bool) -> list[Shown]:
    """The interface of that name, else those that are up, or all. Raises LookupError for an unknown one."""
    known = core.net_if_details()
    if name is None:
        rows = [row for details in known.values() for row in _of_device(details)]
        up = [row for row in rows if all or row.details.flags is None or row.details.flags & UP]
        return sorted(sorted(up, key=lambda row: row.alias), key=lambda row: sort_key(row.name))
    details = known.get(name) or known.get(name.partition(":")[0])
    if details is None:
        raise LookupError(name)
    found = next((row for row in _of_device(details) if row.name == name), None)
    return [found or Shown(name, details, True, [])]


def scaled(size: int) -> str:
    """``302.1 MiB``: cut, not rounded; ``1024.0 KiB`` is no more than that."""
    power = min(max((size - 1).bit_length() - 1, 0) // 10, len(_UNITS) - 1) if size else 0
    tenths = size * 10 >> 10 * power if power < 6 else size // ((1 << 60) // 10)
    return f"{tenths // 10}.{tenths % 10} {_UNITS[power]}"


def flag_names(flags: int | None) -> list[str]:
    """Those that the classic shows."""
    return [name for bit, name in FLAGS if (flags or 0) & bit]


def _head(row: Shown) -> str:
    flags = row.details.flags or 0
    signed = flags - 0x10000 if flags & 0x8000 else flags
    names = ",".join(flag_names(flags)) or "[NO FLAGS]"
    metric = f"  metric {row.details.metric}" if row.details.metric else ""
    return f"{row.name}: flags={signed}<{names}>{metric}  mtu {row.details.mtu or 0}"


def _inet(row: Shown) -> Iterator[str]:
    for one in row.inet[:1]:
        text = f"inet {one.address}  netmask {one.netmask}"
        flags = row.details.flags or 0
        if flags & BROADCAST:
            text += f"  broadcast {one.broadcast or '0.0.0.0'}"
        if flags & POINTOPOINT:
            text += f"  destination {one.peer or one.address}"
        yield text
    for one in row.inet6:
        scope = _SCOPES.get(one.scope)
        scope = int(one.scope, 16) if scope is None else scope
        names = ("compat," if scope & 0x80 else "") + _SCOPE_NAMES.get(scope & 0x70, "unknown")
        address = one.address.removeprefix("::ffff:") if "." in one.address else one.address
        yield f"inet6 {address}  prefixlen {one.prefixlen}  scopeid 0x{scope:x}<{names}>"


def _raw(text: str | None) -> bytes:
    return bytes.fromhex((text or "").replace(":", ""))


def hardware_address(row: Shown) -> str:
    """As its kind of hardware writes it; empty where that has none."""
    kind = row.hardware
    return "" if kind.address is None else kind.address(_raw(row.details.address))


def _hardware(row: Shown) -> str:
    kind, details = row.hardware, row.details
    address = hardware_address(row) and f" {hardware_address(row)}"
    queue = "" if details.txqueuelen is None else f"  txqueuelen {details.txqueuelen}"
    return f"{kind.name}{address}{queue}  ({kind.title})"


def _counted(count: "sinterface", compressed: bool) -> Iterator[str]:
    yield f"RX packets {count.rx_packets}  bytes {count.rx_bytes} ({scaled(count.rx_bytes)})"
    if compressed:
        yield f"RX compressed:{count.rx_compressed}"
    yield (
        f"RX errors {count.rx_errors}  dropped {count.rx_dropped}  overruns {count.rx_fifo}"
        f"  frame {count.rx_frame}"
    )
    yield f"TX packets {count.tx_packets}  bytes {count.tx_bytes} ({scaled(count.tx_bytes)})"
    if compressed:
        yield f"TX compressed {count.tx_compressed}"
    yield (
        f"TX errors {count.tx_errors}  dropped {count.tx_dropped} overruns {count.tx_fifo}"
        f"  carrier {count.tx_carrier}  collisions {count.tx_collisions}"
    )


def _memory(row: Shown) -> str:
    """Where the device is in the machine; empty where that is not known."""
    at = row.details.map
    text = ""
    if at is not None:
        text += f"interrupt {at.irq}  " if at.irq else ""
        text += f"base 0x{at.base_addr:x}  " if at.base_addr >= 0x100 else ""
        text += f"memory 0x{at.mem_start:x}-{at.mem_end:x}  " if at.mem_start else ""
        text += f"  dma 0x{at.dma:x}" if at.dma else ""
    return text and f"device {text}"


def block(row: Shown) -> Iterator[str]:
    """The lines of one interface."""
    yield _head(row)
    lines = [*_inet(row), _hardware(row)]
    if row.counters is not None:
        lines += _counted(row.counters, row.hardware.name in {"cslip", "cslip6"})
    memory = _memory(row)
    for line in [*lines, memory] if memory else lines:
        yield " " * 8 + line
    yield ""


def plain(rows: Iterable[Shown], short: bool, out: Stream) -> None:
    """Net-tools' blocks, or its short table."""
    show = visible if out.isatty() else str
    if short:
        out.write(f"Iface      {HEADINGS}")
    for row in rows:
        if short:
            line = short_line(row.name, row.details.mtu, row.counters, row.details.flags)
            out.write(show(line[:-1]) + "\n")
        else:
            out.write("".join(f"{show(line)}\n" for line in block(row)))


def _counter(name: str, field: str, header: str, text: str, unit: str = "") -> Column:
    return Column(
        name, header, lambda row: getattr(row.counters, field, None), right=True, help=text, unit=unit
    )  # fmt: skip


def _all(addresses: "Iterable[sifaddress]") -> list[str]:
    return [f"{one.address}/{one.prefixlen}" for one in addresses]


COLUMNS = (
    Column("name", "NAME", lambda row: row.name, help="Name, of an alias with a colon."),
    Column("flags", "FLAGS", lambda row: [name.lower() for name in flag_names(row.details.flags)],
           help="up, broadcast, running, …", kind="[string]"),
    Column("mtu", "MTU", lambda row: row.details.mtu, right=True, unit="bytes", help="Largest packet."),
    Column("inet", "INET", lambda row: _all(row.inet), kind="[string]",
           help="IPv4 addresses and lengths of their prefixes."),
    Column("broadcast", "BROADCAST", lambda row: row.inet[0].broadcast if row.inet else None,
           help="Broadcast address of the first."),
    Column("ptp", "DESTINATION", lambda row: row.inet[0].peer if row.inet else None,
           help="The other end of a point-to-point link."),
    Column("inet6", "INET6", lambda row: _all(row.inet6), kind="[string]",
           help="IPv6 addresses likewise."),
    Column("type", "TYPE", lambda row: row.hardware.name, help="Kind of hardware: ether, loop, ppp, …"),
    Column("address", "ADDRESS", lambda row: row.details.address, help="Hardware address."),
    Column("txqueuelen", "QUEUE", lambda row: row.details.txqueuelen, right=True,
           help="Packets that may wait to be sent."),
    _counter("bytes_recv", "rx_bytes", "RX-bytes", "Received.", "bytes"),
    _counter("packets_recv", "rx_packets", "RX-OK", "Packets received."),
    _counter("errin", "rx_errors", "RX-ERR", "Received with errors."),
    _counter("dropin", "rx_dropped", "RX-DRP", "Received and dropped."),
    _counter("fifoin", "rx_fifo", "RX-OVR", "Received when the queue was full."),
    _counter("frame", "rx_frame", "FRAME", "Received with a wrong alignment."),
    _counter("bytes_sent", "tx_bytes", "TX-bytes", "Sent.", "bytes"),
    _counter("packets_sent", "tx_packets", "TX-OK", "Packets sent."),
    _counter("errout", "tx_errors", "TX-ERR", "Not sent for an error."),
    _counter("dropout", "tx_dropped", "TX-DRP", "Dropped on the way out."),
    _counter("fifoout", "tx_fifo", "TX-OVR", "Not sent for the queue was full."),
    _counter("carrier", "tx_carrier", "CARRIER", "Not sent for lack of a carrier."),
    _counter("collisions", "tx_collisions", "COLL", "Collisions."),
)  # fmt: skip
