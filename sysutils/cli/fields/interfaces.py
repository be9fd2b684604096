"""Network interfaces by the names that ifconfig and netstat give them, in their order and words."""

import re
import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sysutils.cli.output.text import pad_bytes

if TYPE_CHECKING:
    from sysutils.core._ntuples import sifaddress, sifdetails, sinterface

HEADINGS = "MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n"

#: IFF_* bit -> letter, in net-tools' order; P is both promiscuous and point-to-point
_LETTERS = (
    (0x200, "A"), (2, "B"), (4, "D"), (8, "L"), (0x1000, "M"), (0x8000, "d"), (0x100, "P"), (0x20, "N"),
    (0x80, "O"), (0x10, "P"), (0x800, "s"), (0x400, "m"), (0x40, "R"), (1, "U"),
)  # fmt: skip
_BROADCAST, _POINTOPOINT = 2, 0x10
#: IFF_* bits in the order in which they are told
_FLAGS = (
    "UP", "BROADCAST", "DEBUG", "LOOPBACK", "POINTOPOINT", "NOTRAILERS", "RUNNING", "NOARP", "PROMISC",
    "ALLMULTI", "MASTER", "SLAVE", "MULTICAST", "", "", "DYNAMIC",
)  # fmt: skip
_ORDER = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10, 12, 15)


class Hardware(NamedTuple):
    """What a type of hardware is called; ``size`` bytes of its address are shown, joined by ``sign``."""

    word: str
    name: str
    size: int = 0
    sign: str = ":"


#: ARPHRD_* -> its words
_HARDWARE = {
    1: Hardware("ether", "Ethernet", 6),
    7: Hardware("arcnet", "ARCnet", 1),
    27: Hardware("eui64", "Generic EUI-64", 8),
    256: Hardware("slip", "Serial Line IP"),
    257: Hardware("cslip", "VJ Serial Line IP"),
    271: Hardware("x25 ", "generic X.25"),
    512: Hardware("ppp", "Point-to-Point Protocol"),
    513: Hardware("hdlc", "(Cisco)-HDLC"),
    516: Hardware("lapb", "LAPB"),
    768: Hardware("tunnel ", "IPIP Tunnel"),
    770: Hardware("frad", "Frame Relay Access Device"),
    772: Hardware("loop", "Local Loopback"),
    774: Hardware("fddi", "Fiber Distributed Data Interface", 6, "-"),
    776: Hardware("sit", "IPv6-in-IPv4"),
    780: Hardware("hippi", "HIPPI", 6),
}
_NAME = re.compile(r"(.*?)(\d*)(?::(\d+))?", re.DOTALL | re.ASCII)
_SCOPES = {"global": 0, "host": 0x10, "link": 0x20, "site": 0x40, "compat": 0x80}


class Named(NamedTuple):
    """An interface, or an alias of one: an IPv4 address with a label of its own (``eth0:1``)."""

    name: str
    details: "sifdetails"
    #: the IPv4 address shown; there may be more
    address: "sifaddress | None"

    @property
    def alias(self) -> bool:
        """Whether the name is only that of an address."""
        return self.name != self.details.name

    @property
    def counters(self) -> "sinterface | None":
        """What was sent and received; not known of an alias."""
        return None if self.alias else self.details.counters


def named(details: "Iterable[sifdetails]") -> list[Named]:
    """The interfaces and their aliases, in order."""
    found: dict[str, Named] = {}
    for one in details:
        found[one.name] = Named(one.name, one, None)
        for address in one.addresses:
            if address.family == socket.AF_INET:
                name = address.label or one.name
                if name not in found or found[name].address is None:
                    found[name] = Named(name, one, address)
    return sorted(found.values(), key=lambda row: (sort_key(row.name), row.name))


def flag_names(flags: int) -> str:
    """``UP,BROADCAST,RUNNING,MULTICAST``."""
    return ",".join(_FLAGS[bit] for bit in _ORDER if flags & 1 << bit)


def scaled(size: int) -> str:
    """``34.9 GiB``: in the largest unit of which there is more than one, cut to a tenth."""
    power = 0
    while power < 6 and size > 1 << 10 * (power + 1):
        power += 1
    tenths = size * 10 >> 10 * power if power < 6 else size // ((1 << 60) // 10)
    unit = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")[power]
    return f"{tenths // 10}.{tenths % 10} {unit}"


# --- the short table


def flags_text(flags: int | None) -> str:
    """``BMRU``; empty where the flags are not known."""
    if flags is None:
        return ""
    return "".join(letter for bit, letter in _LETTERS if flags & bit) or "[NO FLAGS]"


def sort_key(name: str) -> tuple[bytes, int, int]:
    """By name, a number at its end by value (eth2 before eth10), numbered aliases after their interface."""
    found = _NAME.fullmatch(name)
    assert found
    base, number, alias = found.groups()
    encoded = base.encode("utf-8", "surrogateescape")
    return encoded, int(number or -1), int(alias) if alias else -1


def short_line(name: str, mtu: int | None, counters: Any, flags: int | None) -> str:
    """A line below ``HEADINGS``; an alias has no ``counters`` of its own."""
    head = f"{pad_bytes(name, 15)} {'' if mtu is None else mtu:>5} "
    tail = f"{flags_text(flags)}\n"
    if counters is None:
        return f"{head}     - no statistics available -                        {tail}"
    row = counters
    return (
        f"{head}{row.rx_packets:8d} {row.rx_errors:6d} {row.rx_dropped:6d} {row.rx_fifo:<6d} "
        f"{row.tx_packets:8d} {row.tx_errors:6d} {row.tx_dropped:6d} {row.tx_fifo:6d} {tail}"
    )


# --- ifconfig's block of an interface


def _inet(row: Named, flags: int) -> Iterator[str]:
    address = row.address
    if address is None:
        return
    line = f"        inet {address.address}  netmask {address.netmask}"
    if flags & _BROADCAST:
        line += f"  broadcast {address.broadcast or '0.0.0.0'}"
    if flags & _POINTOPOINT:
        line += f"  destination {address.peer or address.address}"
    yield f"{line}\n"


def _inet6(row: Named) -> Iterator[str]:
    for address in () if row.alias else row.details.addresses:
        if address.family == socket.AF_INET6:
            number = _SCOPES.get(address.scope, 0)
            scope = "compat,global" if address.scope == "compat" else address.scope
            yield (
                f"        inet6 {address.address}  prefixlen {address.prefixlen}"
                f"  scopeid 0x{number:x}<{scope}>\n"
            )


def hardware_text(kind: int | None, address: str | None) -> tuple[str, str]:
    """``("ether 02:fc:00:00:00:01", "Ethernet")``; of an unknown type 8 bytes of the address at most."""
    parts = (address or "").split(":") if address else []
    found = _HARDWARE.get(-1 if kind is None else kind)
    if found is None:
        shown = (parts[:8] + ["00"] * 16)[:16]
        return f"unspec {'-'.join(shown).upper()}", "UNSPEC"
    if not found.size:
        return found.word, found.name
    shown = (parts + ["00"] * found.size)[: found.size]
    return f"{found.word} {found.sign.join(shown)}", found.name


def _device(row: Named) -> Iterator[str]:
    found = row.details.map
    if found is None:
        return
    line = ""
    if found.irq:
        line += f"interrupt {found.irq}  "
    if found.base_addr >= 0x100:
        line += f"base 0x{found.base_addr:x}  "
    if found.mem_start:
        line += f"memory 0x{found.mem_start:x}-{found.mem_end:x}  "
    if found.dma:
        line += f"  dma 0x{found.dma:x}"
    if line:
        yield f"        device {line}\n"


def _counters(row: "sinterface") -> Iterator[str]:
    yield (
        f"        RX packets {row.rx_packets}  bytes {row.rx_bytes} ({scaled(row.rx_bytes)})\n"
        f"        RX errors {row.rx_errors}  dropped {row.rx_dropped}  overruns {row.rx_fifo}"
        f"  frame {row.rx_frame}\n"
        f"        TX packets {row.tx_packets}  bytes {row.tx_bytes} ({scaled(row.tx_bytes)})\n"
        f"        TX errors {row.tx_errors}  dropped {row.tx_dropped} overruns {row.tx_fifo}"
        f"  carrier {row.tx_carrier}  collisions {row.tx_collisions}\n"
    )


def block(row: Named) -> Iterator[str]:
    """The lines that ifconfig shows of an interface, the empty one below it among them."""
    details = row.details
    flags = details.flags or 0
    shown = flags - (1 << 16) if flags & 1 << 15 else flags
    names = flag_names(flags)
    yield f"{row.name}: flags={shown}<{f'{names}>' if names else ''}  mtu {details.mtu or 0}\n"
    yield from _inet(row, flags)
    yield from _inet6(row)
    hardware, kind = hardware_text(details.type, details.address)
    yield f"        {hardware}  txqueuelen {details.txqueuelen or 0}  ({kind})\n"
    if row.counters is not None:
        yield from _counters(row.counters)
        yield from _device(row)
    yield "\n"
