"""The network of macOS: what the façade ``net`` asks for."""

from sysutils.core._ntuples import smcastgroup, snicaddr
from sysutils.core.bsd import groups
from sysutils.core.darwin.if_details import net_if_details
from sysutils.core.darwin.interfaces import (
    AF_INET6,
    AF_LINK,
    links,
    net_if_stats,
    net_interfaces,
    net_io_counters,
)
from sysutils.core.darwin.protocols import net_protocol_stats
from sysutils.core.darwin.routes import net_routes, net_routes6
from sysutils.core.darwin.sockets import (
    net_connections,
    net_sockets,
    net_tables,
    process_connections,
    socket_owners,
    unix_sockets,
)
from sysutils.core.posix import ifaddrs


def net_if_addrs() -> dict[str, list[snicaddr]]:
    """The addresses of each interface: IPv4, hardware, IPv6 (getifaddrs(3))."""
    return ifaddrs.net_if_addrs(AF_INET6, AF_LINK)


def net_multicast_groups() -> list[smcastgroup]:
    """Multicast groups of the interfaces: IPv4, then IPv6; ``refcnt`` is not told (getifmaddrs(3))."""
    return groups.multicast_groups(AF_INET6, {link.head.ifm_index: link.name for link in links()})


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
