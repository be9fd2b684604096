"""The network of Linux: what the façade ``net`` asks for."""

from sysutils.core.linux.addresses import net_if_addrs
from sysutils.core.linux.fds import socket_owners
from sysutils.core.linux.if_details import net_if_details
from sysutils.core.linux.interfaces import net_if_stats, net_interfaces, net_io_counters
from sysutils.core.linux.proc_net import net_tables
from sysutils.core.linux.protocols import net_protocol_stats
from sysutils.core.linux.routes import net_multicast_groups, net_routes, net_routes6
from sysutils.core.linux.sockets import (
    net_connections,
    net_sockets,
    process_connections,
    unix_sockets,
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
    "unix_sockets",
]
