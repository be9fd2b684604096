"""Network adapters: GetAdaptersAddresses, and the counters of each (GetIfEntry2)."""

import ctypes
import ipaddress
import socket
from collections.abc import Iterator
from typing import Any, NamedTuple

from sysutils.core._enums import NicDuplex, address_family
from sysutils.core._ntuples import snetio, snicaddr, snicstats
from sysutils.core.windows import errors
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout, text_at

u32, pointer = ctypes.c_uint32, ctypes.c_void_p
_BUFFER_OVERFLOW, _NO_DATA = 111, 232
#: socket.AF_INET6 differs from system to system
AF_INET, AF_INET6 = 2, 23

SOCKET_ADDRESS = Layout("SOCKET_ADDRESS", "lpSockaddr:P iSockaddrLength:i")
IP_ADAPTER_ADDRESSES = Layout(
    "IP_ADAPTER_ADDRESSES",
    "Length:I IfIndex:I Next:P AdapterName:P FirstUnicastAddress:P FirstAnycastAddress:P"
    " FirstMulticastAddress:P FirstDnsServerAddress:P DnsSuffix:P Description:P FriendlyName:P"
    " PhysicalAddress:b8 PhysicalAddressLength:I Flags:I Mtu:I IfType:I OperStatus:I Ipv6IfIndex:I"
    " ZoneIndices:b64 FirstPrefix:P TransmitLinkSpeed:Q ReceiveLinkSpeed:Q",
)
IP_ADAPTER_UNICAST_ADDRESS = Layout(
    "IP_ADAPTER_UNICAST_ADDRESS",
    "Length:I Flags:I Next:P Address:SOCKET_ADDRESS PrefixOrigin:I SuffixOrigin:I DadState:I"
    " ValidLifetime:I PreferredLifetime:I LeaseLifetime:I OnLinkPrefixLength:B",
    SOCKET_ADDRESS,
)
IP_ADAPTER_MULTICAST_ADDRESS = Layout(
    "IP_ADAPTER_MULTICAST_ADDRESS",
    "Length:I Flags:I Next:P Address:SOCKET_ADDRESS",
    SOCKET_ADDRESS,
)
MIB_IF_ROW2 = Layout(
    "MIB_IF_ROW2",
    "InterfaceLuid:Q InterfaceIndex:I InterfaceGuid:b16 Alias:w257 Description:w257"
    " PhysicalAddressLength:I PhysicalAddress:b32 PermanentPhysicalAddress:b32 Mtu:I Type:I TunnelType:I"
    " MediaType:I PhysicalMediumType:I AccessType:I DirectionType:I InterfaceAndOperStatusFlags:B"
    " OperStatus:I AdminStatus:I MediaConnectState:I NetworkGuid:b16 ConnectionType:I"
    " TransmitLinkSpeed:Q ReceiveLinkSpeed:Q InOctets:Q InUcastPkts:Q InNUcastPkts:Q InDiscards:Q"
    " InErrors:Q InUnknownProtos:Q InUcastOctets:Q InMulticastOctets:Q InBroadcastOctets:Q OutOctets:Q"
    " OutUcastPkts:Q OutNUcastPkts:Q OutDiscards:Q OutErrors:Q OutUcastOctets:Q OutMulticastOctets:Q"
    " OutBroadcastOctets:Q OutQLen:Q",
)
MIB_IFROW = Layout(
    "MIB_IFROW",
    "wszName:w256 dwIndex:I dwType:I dwMtu:I dwSpeed:I dwPhysAddrLen:I bPhysAddr:b8 dwAdminStatus:I"
    " dwOperStatus:I dwLastChange:I dwInOctets:I dwInUcastPkts:I dwInNUcastPkts:I dwInDiscards:I"
    " dwInErrors:I dwInUnknownProtos:I dwOutOctets:I dwOutUcastPkts:I dwOutNUcastPkts:I dwOutDiscards:I"
    " dwOutErrors:I dwOutQLen:I dwDescrLen:I bDescr:b256",
)

_adapters = declare("iphlpapi", "GetAdaptersAddresses", u32, u32, u32, pointer, pointer, pointer)
_entry2 = declare("iphlpapi", "GetIfEntry2", u32, pointer)
_table = declare("iphlpapi", "GetIfTable", u32, pointer, pointer, ctypes.c_int32)


class Address(NamedTuple):
    """An IP address of an adapter; ``prefixlen`` bits of it are its network's."""

    family: int
    address: str
    prefixlen: int


class Adapter(NamedTuple):
    """One adapter, as Windows names it to people (``Ethernet``)."""

    name: str
    number: int
    hardware: bytes
    type: int
    status: int
    mtu: int
    flags: int
    addresses: list[Address]
    #: multicast groups that it is in
    groups: list[Address]


def adapters() -> list[Adapter]:
    """Every adapter, in the system's order. Raises OSError."""
    size = u32(15000)
    while True:
        room = ctypes.create_string_buffer(size.value)
        code = _adapters(0, 0, None, room, ctypes.addressof(size))
        if code != _BUFFER_OVERFLOW:
            break
    if code == _NO_DATA:
        return []
    if code:
        raise errors.of_code(code, "GetAdaptersAddresses")
    return [_adapter(row) for row in _chain(IP_ADAPTER_ADDRESSES, ctypes.addressof(room))]


def _chain(form: Layout, address: int) -> Iterator[Any]:
    """Structures that each lead to the ``Next``."""
    while address:
        row = form.read(ctypes.string_at(address, form.size))
        yield row
        address = row.Next


def _adapter(row: Any) -> Adapter:
    return Adapter(
        text_at(row.FriendlyName),
        row.IfIndex or row.Ipv6IfIndex,
        row.PhysicalAddress[: row.PhysicalAddressLength],
        row.IfType,
        row.OperStatus,
        row.Mtu,
        row.Flags,
        list(_addresses(IP_ADAPTER_UNICAST_ADDRESS, row.FirstUnicastAddress)),
        list(_addresses(IP_ADAPTER_MULTICAST_ADDRESS, row.FirstMulticastAddress)),
    )


def _addresses(form: Layout, first: int) -> Iterator[Address]:
    for row in _chain(form, first):
        prefixlen = getattr(row, "OnLinkPrefixLength", 0)
        data = ctypes.string_at(row.Address_lpSockaddr, row.Address_iSockaddrLength)
        family = int.from_bytes(data[:2], "little")
        if family == AF_INET:
            yield Address(family, socket.inet_ntoa(data[4:8]), prefixlen)
        elif family == AF_INET6:
            text = str(ipaddress.IPv6Address(data[8:24]))
            yield Address(family, text, prefixlen)


def hardware_text(hardware: bytes) -> str:
    """``02-FC-00-00-00-01``."""
    return "-".join(f"{part:02X}" for part in hardware)


def netmask(prefixlen: int) -> str:
    """IPv4 mask of so many bits."""
    return str(ipaddress.IPv4Address((0xFFFFFFFF << (32 - prefixlen)) & 0xFFFFFFFF))


def net_if_addrs() -> dict[str, list[snicaddr]]:
    """``{name: [(family, address, netmask, broadcast, ptp), …]}``, the hardware's address first."""
    link = address_family().AF_LINK
    families = {AF_INET: socket.AF_INET, AF_INET6: socket.AF_INET6}
    found: dict[str, list[snicaddr]] = {}
    for adapter in adapters():
        rows = found.setdefault(adapter.name, [])
        if adapter.hardware:
            rows.append(snicaddr(link, hardware_text(adapter.hardware), None, None, None))
        for family, address, prefixlen in sorted(adapter.addresses, key=lambda row: row.family):
            mask = netmask(prefixlen) if family == AF_INET else None
            rows.append(snicaddr(families[family], address, mask, None, None))
    return {name: rows for name, rows in found.items() if rows}


def counters_of(index: int) -> Any:
    """MIB_IF_ROW2 of an interface; None for one that is gone."""
    room = MIB_IF_ROW2.buffer(InterfaceIndex=index)
    code = _entry2(room)
    if code in {errors.FILE_NOT_FOUND, errors.NOT_FOUND}:
        return None
    if code:
        raise errors.of_code(code, "GetIfEntry2")
    return MIB_IF_ROW2.read(room)


def net_io_counters() -> dict[str, snetio]:
    """``{name: (bytes_sent, bytes_recv, packets_sent, packets_recv, errin, errout, dropin, dropout)}``."""
    found = {}
    for adapter in adapters():
        row = counters_of(adapter.number)
        if row is not None:
            found[adapter.name] = snetio(
                row.OutOctets, row.InOctets, row.OutUcastPkts + row.OutNUcastPkts,
                row.InUcastPkts + row.InNUcastPkts, row.InErrors, row.OutErrors, row.InDiscards,
                row.OutDiscards,
            )  # fmt: skip
    return found


def _if_table() -> list[Any]:
    """MIB_IFROW of each interface."""
    size = u32(4096)
    while True:
        room = ctypes.create_string_buffer(size.value)
        code = _table(room, ctypes.addressof(size), 0)
        if code != errors.INSUFFICIENT_BUFFER:
            break
    if code == _NO_DATA:
        return []
    if code:
        raise errors.of_code(code, "GetIfTable")
    return MIB_IFROW.rows(room, 4, int.from_bytes(room.raw[:4], "little"))


#: MIB_IF_OPER_STATUS_CONNECTED, OPERATIONAL
_WORKING = frozenset({4, 5})


def net_if_stats() -> dict[str, snicstats]:
    """``{name: (isup, duplex, speed, mtu, flags)}``; ``duplex`` is always full, ``flags`` are not told."""
    names = {adapter.number: adapter.name for adapter in adapters()}
    return {
        names[row.dwIndex]: snicstats(
            row.dwOperStatus in _WORKING, NicDuplex.NIC_DUPLEX_FULL, row.dwSpeed // 1_000_000, row.dwMtu,
            "",
        )
        for row in _if_table()
        if row.dwIndex in names
    }  # fmt: skip
