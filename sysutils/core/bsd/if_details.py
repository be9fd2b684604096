"""What ifconfig and netstat show of the network interfaces of macOS and the BSDs, with Linux' numbers."""

import socket
from collections.abc import Iterable, Mapping
from typing import Any

from sysutils.core._ntuples import sifaddress, sifdetails, sinterface
from sysutils.core.posix import ifaddrs

IFF_MULTICAST = 0x8000
#: the bits that mean the same as on Linux; it has IFF_MULTICAST at another one
_SAME = 0x3FF
_LINUX_MULTICAST = 0x1000
#: IFT_* of net/if_types.h on the BSDs -> the ARPHRD_* number that Linux has for such an interface
HARDWARE = {6: 1, 24: 772, 23: 512, 28: 256, 144: 24, 209: 1, 240: 768, 215: 776}
_OTHER_HARDWARE = 65534


def linux_flags(flags: int) -> int:
    """Flags by Linux' numbers, of those that both have."""
    return flags & _SAME | (_LINUX_MULTICAST if flags & IFF_MULTICAST else 0)


def counters(name: str, flags: int, data: Any, tx_dropped: int) -> sinterface:
    """An interface as netstat shows it, by the system's ``struct if_data``; what is not counted is 0."""
    return sinterface(
        name, linux_flags(flags), data.ifi_mtu, data.ifi_metric, data.ifi_ibytes, data.ifi_ipackets,
        data.ifi_ierrors, data.ifi_iqdrops, 0, 0, 0, data.ifi_imcasts, data.ifi_obytes,
        data.ifi_opackets, data.ifi_oerrors, tx_dropped, 0, data.ifi_collisions, 0, 0,
    )  # fmt: skip


def addresses(inet6: int, rows: Iterable[ifaddrs.Row] | None = None) -> dict[str, list[sifaddress]]:
    """The IP addresses of each interface, those of ``rows`` or what getifaddrs(3) tells.

    ``inet6`` is the system's AF_INET6. Raises OSError."""
    families = {ifaddrs.AF_INET: False, inet6: True}
    told = ifaddrs.rows() if rows is None else rows
    known = [row for row in told if ifaddrs.family_of(row.address) in families]
    found: dict[str, list[sifaddress]] = {}
    for row in sorted(known, key=lambda row: ifaddrs.family_of(row.address)):
        six = families[ifaddrs.family_of(row.address)]
        found.setdefault(row.name, []).append(_address(row, six))
    return found


def _address(row: ifaddrs.Row, six: bool) -> sifaddress:
    family = socket.AF_INET6 if six else socket.AF_INET
    size = 16 if six else 4
    start = 8 if six else 4
    raw = row.address[start : start + size].ljust(size, b"\0")
    mask = row.netmask[start : start + size].ljust(size, b"\0")
    if six and raw[0] == 0xFE and raw[1] & 0xC0 == 0x80:
        raw = raw[:2] + bytes(2) + raw[4:]  # without the interface's number
    other = row.other[start : start + size].ljust(size, b"\0") if row.other else None
    text = None if other is None else socket.inet_ntop(family, other)
    return sifaddress(
        family, socket.inet_ntop(family, raw), int.from_bytes(mask, "big").bit_count(),
        socket.inet_ntop(family, mask), text if row.flags & ifaddrs.IFF_BROADCAST else None,
        text if row.flags & ifaddrs.IFF_POINTOPOINT else None, _scope(raw, six), None, 0,
    )  # fmt: skip


def _scope(raw: bytes, six: bool) -> str:
    if not six:
        return "host" if raw[0] == 127 else "global"
    if raw[0] == 0xFE and raw[1] & 0xC0 == 0x80:
        return "link"
    if raw[0] == 0xFE and raw[1] & 0xC0 == 0xC0:
        return "site"
    return "host" if raw == bytes(15) + b"\1" else "global"


def details(
    row: sinterface,
    index: int | None,
    queue: int | None,
    kind: int,
    hardware: Mapping[int, int],
    address: bytes,
    found: list[sifaddress],
) -> sifdetails:
    """All of one; ``kind`` is its IFT_* number, ``hardware`` the system's numbers as ``HARDWARE`` has them,
    ``queue`` how long its queue may get, None if that is not told."""
    broadcast = None
    if len(address) == 6 and (row.flags or 0) & ifaddrs.IFF_BROADCAST:
        broadcast = "ff:ff:ff:ff:ff:ff"
    return sifdetails(
        row.name, index, row.flags, row.mtu, row.metric, queue,
        hardware.get(kind, _OTHER_HARDWARE),
        address.hex(":") or None, broadcast, None, row, found,
    )  # fmt: skip
