"""The network of Windows: what the façade ``net`` asks for."""

from sysutils.core.windows.adapters import net_if_addrs, net_if_stats, net_io_counters
from sysutils.core.windows.if_details import net_if_details, net_interfaces, net_multicast_groups
from sysutils.core.windows.protocols import net_protocol_stats
from sysutils.core.windows.routes import net_routes, net_routes6
from sysutils.core.windows.sockets import (
    net_connections,
    net_sockets,
    process_connections,
    socket_owners,
)


def net_tables() -> frozenset[str]:
    """Names of the tables that Windows has."""
    return frozenset(
        {"tcp", "tcp6", "udp", "udp6", "route", "ipv6_route", "igmp", "igmp6", "snmp", "snmp6"}
    )


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
]
