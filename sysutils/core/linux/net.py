"""The network of Linux: what the façade ``net`` asks for. Each of its files is loaded when it is asked."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

#: file -> the functions above that are in it
_FILES = {
    "addresses": "net_if_addrs",
    "fds": "socket_owners",
    "if_details": "net_if_details",
    "interfaces": "net_if_stats net_interfaces net_io_counters",
    "proc_net": "net_tables",
    "protocols": "net_protocol_stats",
    "routes": "net_multicast_groups net_routes net_routes6",
    "sockets": "net_connections net_sockets process_connections unix_sockets",
}
_HOMES = {name: file for file, names in _FILES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    file = _HOMES.get(name)
    if file is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"sysutils.core.linux.{file}"), name)
    return value
