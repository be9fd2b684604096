"""The network of Windows: what the façade ``net`` asks for."""

from sysutils.core.windows.adapters import net_if_addrs, net_if_stats, net_io_counters
from sysutils.core.windows.sockets import (
    net_connections,
    net_sockets,
    process_connections,
    socket_owners,
)

__all__ = [
    "net_connections",
    "net_if_addrs",
    "net_if_stats",
    "net_io_counters",
    "net_sockets",
    "process_connections",
    "socket_owners",
]
