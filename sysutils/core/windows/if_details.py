"""Network adapters with all that ifconfig and ``netstat -i`` show: flags, MTU, counters, addresses."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

from sysutils.core._ntuples import sifaddress, sifdetails, sinterface, smcastgroup
from sysutils.core.windows import adapters
from sysutils.core.windows.adapters import AF_INET, Adapter

#: IFF_* as Linux numbers them
UP, BROADCAST, LOOPBACK, POINTOPOINT, RUNNING, MULTICAST = 1, 2, 8, 0x10, 0x40, 0x1000
_NO_MULTICAST = 0x10  # IP_ADAPTER_NO_MULTICAST
_OPERATES, _TURNED_ON = 1, 1  # IfOperStatusUp, NET_IF_ADMIN_STATUS_UP
#: NET_IF_ACCESS_TYPE -> flags
_ACCESS = {1: LOOPBACK, 2: BROADCAST, 3: POINTOPOINT, 4: 0}
#: IF_TYPE_* -> the ARPHRD_* number that Linux has for such an interface; Wi-Fi is Ethernet to it
HARDWARE = {6: 1, 24: 772, 23: 512, 71: 1, 131: 768, 28: 256, 15: 774, 9: 800, 144: 24}
_OTHER_HARDWARE = 65534


def flags_of(adapter: Adapter, row: Any) -> int:
    """IFF_* bits by MIB_IF_ROW2 and the adapter."""
    flags: int = _ACCESS.get(row.AccessType, 0)
    if row.AdminStatus == _TURNED_ON:
        flags |= UP
    if row.OperStatus == _OPERATES:
        flags |= RUNNING
    return flags if adapter.flags & _NO_MULTICAST else flags | MULTICAST


def _counters(adapter: Adapter, row: Any) -> sinterface:
    return sinterface(
        adapter.name, flags_of(adapter, row), row.Mtu & 0xFFFFFFFF, 0, row.InOctets,
        row.InUcastPkts + row.InNUcastPkts, row.InErrors, row.InDiscards, 0, 0, 0, row.InNUcastPkts,
        row.OutOctets, row.OutUcastPkts + row.OutNUcastPkts, row.OutErrors, row.OutDiscards, 0, 0, 0, 0,
    )  # fmt: skip


def _rows() -> Iterator[tuple[Adapter, Any]]:
    """Each adapter with its MIB_IF_ROW2; those that are gone meanwhile are left out."""
    for adapter in adapters.adapters():
        row = adapters.counters_of(adapter.number)
        if row is not None:
            yield adapter, row


def net_interfaces() -> list[sinterface]:
    """All adapters with their counters (GetIfEntry2); what Windows does not count is 0, multicast packets
    are told with broadcasts."""
    return [_counters(adapter, row) for adapter, row in _rows()]


def scope(address: str) -> str:
    """``global``, ``link``, ``site`` or ``host``."""
    told = ipaddress.ip_address(address)
    if told.is_loopback:
        return "host"
    if told.version == 6 and told.is_link_local:
        return "link"
    return "site" if isinstance(told, ipaddress.IPv6Address) and told.is_site_local else "global"


def _address(one: adapters.Address, flags: int) -> sifaddress:
    four = one.family == AF_INET
    network = ipaddress.ip_network(f"{one.address}/{one.prefixlen}", strict=False)
    broadcast = str(network.broadcast_address) if four and flags & BROADCAST else None
    return sifaddress(
        socket.AF_INET if four else socket.AF_INET6, one.address, one.prefixlen, str(network.netmask),
        broadcast, None, scope(one.address), None, 0,
    )  # fmt: skip


def _details(adapter: Adapter, row: Any) -> sifdetails:
    counters = _counters(adapter, row)
    flags = counters.flags or 0
    return sifdetails(
        adapter.name, adapter.number, flags, counters.mtu, 0, None,
        HARDWARE.get(adapter.type, _OTHER_HARDWARE), adapter.hardware.hex(":") or None,
        "ff:ff:ff:ff:ff:ff" if len(adapter.hardware) == 6 and flags & BROADCAST else None, None, counters,
        [_address(one, flags) for one in sorted(adapter.addresses, key=lambda one: one.family)],
    )  # fmt: skip


def net_if_details() -> dict[str, sifdetails]:
    """Each adapter with all that is known of it (GetAdaptersAddresses, GetIfEntry2)."""
    return {adapter.name: _details(adapter, row) for adapter, row in _rows()}


def net_multicast_groups() -> list[smcastgroup]:
    """Multicast groups that adapters are in: IPv4, then IPv6."""
    families = {AF_INET: socket.AF_INET, adapters.AF_INET6: socket.AF_INET6}
    found = [
        smcastgroup(families[one.family], adapter.name, 1, one.address)
        for adapter in adapters.adapters()
        for one in adapter.groups
    ]
    return sorted(found, key=lambda row: row.family == socket.AF_INET6)
