"""All that macOS tells of its network interfaces: what ifconfig shows."""

import socket

from sysutils.core._ntuples import sifaddress, sifdetails
from sysutils.core.darwin.interfaces import AF_INET6, Link, links, row_of
from sysutils.core.posix import ifaddrs

#: IFT_* of net/if_types.h -> the ARPHRD_* number that Linux has for such an interface
HARDWARE = {6: 1, 24: 772, 23: 512, 28: 256, 55: 768, 57: 776, 144: 24, 209: 1}


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


def _details(link: Link, addresses: list[sifaddress]) -> sifdetails:
    row = row_of(link)
    address = link.address.hex(":") or None
    broadcast = "ff:ff:ff:ff:ff:ff" if len(link.address) == 6 and link.flags & 2 else None
    return sifdetails(
        link.name, link.head.ifm_index, row.flags, row.mtu, row.metric, link.head.ifm_snd_maxlen,
        HARDWARE.get(link.head.ifm_data.ifi_type, 65534), address, broadcast, None, row, addresses,
    )  # fmt: skip


def net_if_details() -> dict[str, sifdetails]:
    """Each interface with all that is known of it, in the kernel's order (sysctl, getifaddrs(3))."""
    found: dict[str, list[sifaddress]] = {}
    families = {ifaddrs.AF_INET: False, AF_INET6: True}
    rows = [row for row in ifaddrs.rows() if ifaddrs.family_of(row.address) in families]
    for row in sorted(rows, key=lambda row: ifaddrs.family_of(row.address)):
        six = families[ifaddrs.family_of(row.address)]
        found.setdefault(row.name, []).append(_address(row, six))
    return {link.name: _details(link, found.get(link.name, [])) for link in links()}
