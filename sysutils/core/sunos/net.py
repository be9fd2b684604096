"""The network of SunOS: what the façade ``net`` asks for."""

from sysutils.core._ntuples import smcastgroup
from sysutils.core.sunos import interfaces, tables
from sysutils.core.sunos.interfaces import (
    net_if_addrs,
    net_if_details,
    net_if_stats,
    net_interfaces,
    net_io_counters,
)
from sysutils.core.sunos.sockets import (
    net_connections,
    net_sockets,
    net_tables,
    process_connections,
    socket_owners,
    unix_sockets,
)
from sysutils.core.sunos.tables import net_protocol_stats, net_routes, net_routes6


def net_multicast_groups() -> list[smcastgroup]:
    """Multicast groups of the interfaces: IPv4, then IPv6 (T_SVR4_OPTMGMT_REQ)."""
    return tables.multicast_groups(interfaces.names_by_number())


__all__ = [
    "net_connections",
    "net_if_addrs",
    "net_if_details",
    "net_if_stats",
    "net_interfaces",
    "net_io_counters",
    "net_multicast_groups",
    "net_protocol_stats",
    "net_routes",
    "net_routes6",
    "net_sockets",
    "net_tables",
    "process_connections",
    "socket_owners",
    "unix_sockets",
]
