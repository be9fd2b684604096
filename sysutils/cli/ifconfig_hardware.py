"""How ifconfig tells of a kind of hardware: its name, its address, its title."""

from collections.abc import Callable
from typing import NamedTuple


class Hardware(NamedTuple):
    """``address``: the text of a hardware address behind the name; None where none is shown."""

    name: str
    title: str
    address: Callable[[bytes], str] | None = None


def _joined(size: int, separator: str) -> Callable[[bytes], str]:
    return lambda raw: raw[:size].ljust(size, b"\0").hex(separator)


def _unspecified(raw: bytes) -> str:
    return raw[:14].ljust(16, b"\0").hex("-").upper()


UNSPECIFIED = Hardware("unspec", "UNSPEC", _unspecified)

#: ARPHRD_* -> kind; others are unspecified
KINDS = {
    0: Hardware("netrom", "AMPR NET/ROM", lambda _: ""),
    1: Hardware("ether", "Ethernet", _joined(6, ":")),
    3: Hardware("ax25", "AMPR AX.25", lambda _: ""),
    7: Hardware("arcnet", "ARCnet", lambda raw: f"{raw[0] if raw else 0:02X}"),
    15: Hardware("dlci", "Frame Relay DLCI", lambda raw: str(int.from_bytes(raw[:2], "little"))),
    27: Hardware("eui64", "Generic EUI-64", _joined(8, ":")),
    256: Hardware("slip", "Serial Line IP"),
    257: Hardware("cslip", "VJ Serial Line IP"),
    258: Hardware("slip6", "6-bit Serial Line IP"),
    259: Hardware("cslip6", "VJ 6-bit Serial Line IP"),
    264: Hardware("adaptive", "Adaptive Serial Line IP"),
    270: Hardware("rose", "AMPR ROSE", lambda raw: raw[:5].ljust(5, b"\0").hex()),
    271: Hardware("x25", "generic X.25", lambda _: ""),
    512: Hardware("ppp", "Point-to-Point Protocol"),
    513: Hardware("hdlc", "(Cisco)-HDLC"),
    516: Hardware("lapb", "LAPB"),
    768: Hardware("tunnel", "IPIP Tunnel", lambda _: ""),
    770: Hardware("frad", "Frame Relay Access Device"),
    772: Hardware("loop", "Local Loopback"),
    774: Hardware("fddi", "Fiber Distributed Data Interface", _joined(6, "-")),
    776: Hardware("sit", "IPv6-in-IPv4"),
    780: Hardware("hippi", "HIPPI", _joined(6, ":")),
    782: Hardware("ec", "Econet"),
    783: Hardware("irda", "IrLAP", _joined(4, ":")),
}
#: words of ``hw``
NAMES = {kind.name: kind for kind in KINDS.values()} | {"unspec": UNSPECIFIED}


def ethernet_address(text: str) -> bytes | None:
    """The bytes of ``2:0:0:0:0:1``; what is more is not read. None for no address."""
    raw: list[int] = []
    rest = text
    while rest and len(raw) < 6:
        digits = rest[:2] if rest[1:2] != ":" else rest[:1]
        if not all(digit in "0123456789abcdefABCDEF" for digit in digits):
            return None
        raw.append(int(digits, 16))
        rest = rest[len(digits) :].removeprefix(":")
    return bytes(raw) if len(raw) == 6 else None
