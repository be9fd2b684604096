"""All that Linux tells of its network interfaces: what ifconfig shows."""

import os
import socket
import struct
from operator import itemgetter

from sysutils.core._ntuples import sifaddress, sifdetails, sifmap, sinterface
from sysutils.core.linux import procfs
from sysutils.core.linux.addresses import hardware_address, netmask
from sysutils.core.linux.interfaces import net_interfaces
from sysutils.core.linux.rtnetlink import ADDRESSES, LINKS, Address, Link, ask
from sysutils.core.linux.sockets import is_live

#: scopes of rtnetlink(7), and of /proc/net/if_inet6
_SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
_SCOPES6 = {0x00: "global", 0x10: "host", 0x20: "link", 0x40: "site", 0x80: "compat"}
# struct rtnl_link_ifmap: u64 start and end of the memory, u64 base address, u16 irq, u8 dma, u8 port
_map = struct.Struct("=QQQHBB")
_FAMILIES = {int(family): family for family in (socket.AF_INET, socket.AF_INET6)}


def parse_if_inet6(data: bytes) -> list[tuple[str, sifaddress]]:
    """Interface and address of each line of ``/proc/net/if_inet6``; a torn line is left out.

    ``fe800000000000000000fcfffe000001 02 40 20 80     eth0``: address, number of the interface, length
    of the prefix, scope, flags, all hexadecimal."""
    found = []
    for line in data.split(b"\n"):
        fields = line.split(None, 5)
        try:
            raw, _index, prefixlen, scope, flags, name = fields
            row = _address(
                socket.AF_INET6, bytes.fromhex(raw.decode()), int(prefixlen, 16), int(flags, 16)
            )
            kind = _SCOPES6.get(int(scope, 16), f"0x{int(scope, 16):x}")
        except ValueError:
            continue
        found.append((os.fsdecode(name.strip()), row._replace(scope=kind)))
    return found


def _address(family: int, raw: bytes, prefixlen: int, flags: int) -> sifaddress:
    text = socket.inet_ntop(family, raw)
    mask = netmask(family, prefixlen)
    return sifaddress(family, text, prefixlen, mask, None, None, "", None, flags)


def _inet6() -> list[tuple[str, sifaddress]]:
    try:
        return parse_if_inet6(procfs.read_proc(b"net/if_inet6", 4096))
    except OSError:
        return []  # a kernel without IPv6


def _told(one: Address) -> sifaddress | None:
    """An address of rtnetlink; None if it is of another family."""
    family, ours = _FAMILIES.get(one.family), one.local or one.address
    if family is None or ours is None:
        return None
    try:
        row = _address(family, ours, one.prefixlen, one.flags)
        return row._replace(
            broadcast=socket.inet_ntop(family, one.broadcast) if one.broadcast else None,
            peer=socket.inet_ntop(family, one.address) if one.address not in {None, ours} else None,
            scope=_SCOPES.get(one.scope, str(one.scope)),
            label=one.label or None,
        )
    except (ValueError, TypeError):
        return None


def _addresses(links: list[Link], told: list[Address]) -> dict[str, list[sifaddress]]:
    """By interface, IPv4 first. IPv6 in the order of ``/proc/net/if_inet6``, as ifconfig shows it."""
    names = {link.ifindex: link.name for link in links}
    shown = {(name, row.address): (place, row.scope) for place, (name, row) in enumerate(_inet6())}
    placed = []
    for one in told:
        row, name = _told(one), names.get(one.ifindex)
        if row is not None and name is not None:
            # the file knows one scope more
            place, scope = shown.get((name, row.address), (-1, row.scope))
            placed.append(((row.family, place), name, row._replace(scope=scope)))
    found: dict[str, list[sifaddress]] = {}
    for _, name, row in sorted(placed, key=itemgetter(0)):
        found.setdefault(name, []).append(row)
    return found


def _recorded_addresses() -> dict[str, list[sifaddress]]:
    found: dict[str, list[sifaddress]] = {}
    for name, row in _inet6():
        found.setdefault(name, []).append(row)
    return found


def _ask() -> tuple[list[Link], list[Address]]:
    links, addresses = ask(lambda connection: (LINKS.ask(connection), ADDRESSES.ask(connection)))
    return [link for part in links for link in part], [one for part in addresses for one in part]


def _details(
    row: sinterface, link: Link | None, addresses: dict[str, list[sifaddress]]
) -> sifdetails:
    mine = addresses.get(row.name, [])
    if link is None:
        return sifdetails(row.name, None, *row[1:4], None, None, None, None, None, row, mine)
    return sifdetails(
        row.name, link.ifindex, *row[1:4], link.txqueuelen, link.type,
        hardware_address(link.address) or None, hardware_address(link.broadcast) or None,
        sifmap._make(_map.unpack_from(link.map)) if len(link.map) >= _map.size else None,
        row, mine,
    )  # fmt: skip


def net_if_details() -> dict[str, sifdetails]:
    """Each interface of ``/proc/net/dev`` with all that is known of it.

    Of a recording that is the counters and the IPv6 addresses (``/proc/net/if_inet6``)."""
    links: list[Link] = []
    try:
        live = is_live("dev")
        if live:
            links, told = _ask()
    except OSError:  # rtnetlink won't tell
        live = False
    addresses = _addresses(links, told) if live else _recorded_addresses()
    by_name = {link.name: link for link in links}
    return {row.name: _details(row, by_name.get(row.name), addresses) for row in net_interfaces()}
