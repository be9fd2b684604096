"""The network of NetBSD: what the façade ``net`` asks for; interfaces by getifaddrs(3), routes by sysctl."""

from sysutils.core.bsd.interfaces import Interfaces
from sysutils.core.bsd.routes import RoutingTable
from sysutils.core.netbsd import layout
from sysutils.core.netbsd.protocols import net_protocol_stats
from sysutils.core.netbsd.sockets import (
    net_connections,
    net_sockets,
    process_connections,
    socket_owners,
    unix_sockets,
)

__all__ = [
    "net_connections", "net_protocol_stats", "net_sockets", "process_connections", "socket_owners",
    "unix_sockets",
]  # fmt: skip

_interfaces = Interfaces(
    layout.if_data, layout.ifmediareq, layout.SIOCGIFMEDIA, layout.IFM_FDX, layout.IFM_HDX,
    layout.AF_INET6, layout.AF_LINK,
    (
        (0x1, "up"), (0x2, "broadcast"), (0x4, "debug"), (0x8, "loopback"), (0x10, "pointopoint"),
        (0x40, "running"), (0x80, "noarp"), (0x100, "promisc"), (0x200, "allmulti"), (0x400, "oactive"),
        (0x800, "simplex"), (0x1000, "link0"), (0x2000, "link1"), (0x4000, "link2"), (0x8000, "multicast"),
    ),
)  # fmt: skip
net_if_addrs = _interfaces.net_if_addrs
net_io_counters = _interfaces.net_io_counters
net_if_stats = _interfaces.net_if_stats
net_interfaces = _interfaces.net_interfaces
net_if_details = _interfaces.net_if_details

_routes = RoutingTable(
    layout.PF_ROUTE, layout.rt_msghdr, layout.ROUTE_UNIT, layout.RTF_LLDATA, layout.AF_INET6,
    layout.AF_LINK, "rtm_use",
)  # fmt: skip
net_routes = _routes.net_routes
net_routes6 = _routes.net_routes6
