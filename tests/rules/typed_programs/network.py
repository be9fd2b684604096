"""Programs about the network: sockets as netstat shows them, interfaces as ifconfig does."""

from __future__ import annotations

import socket
from socket import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM

import psutil

PROTOCOLS = {
    (AF_INET, SOCK_STREAM): "tcp",
    (AF_INET6, SOCK_STREAM): "tcp6",
    (AF_INET, SOCK_DGRAM): "udp",
    (AF_INET6, SOCK_DGRAM): "udp6",
}
FAMILIES = {AF_INET: "IPv4", AF_INET6: "IPv6", psutil.AF_LINK: "MAC"}
DUPLEX = {
    psutil.NIC_DUPLEX_FULL: "full",
    psutil.NIC_DUPLEX_HALF: "half",
    psutil.NIC_DUPLEX_UNKNOWN: "?",
}


def netstat() -> list[str]:
    lines = []
    for connection in psutil.net_connections(kind="inet"):
        local = f"{connection.laddr.ip}:{connection.laddr.port}" if connection.laddr else "-"
        remote = f"{connection.raddr.ip}:{connection.raddr.port}" if connection.raddr else "-"
        protocol = PROTOCOLS[connection.family, connection.type]
        owner: int = connection.pid or 0
        lines.append(f"{protocol} {local} {remote} {connection.status} {owner} {connection.fd}")
    return lines


def listening(process: psutil.Process) -> list[int]:
    return [
        connection.laddr.port
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and not connection.raddr
    ]


def kinds() -> set[str]:
    return {
        f"{connection.family.name} {connection.type.name}"
        for connection in psutil.net_connections("all")
        if connection.status != psutil.CONN_NONE
    }


def interfaces() -> dict[str, list[str]]:
    stats = psutil.net_if_stats()
    found: dict[str, list[str]] = {}
    for name, addresses in psutil.net_if_addrs().items():
        rows = found.setdefault(name, [])
        for address in addresses:
            family = FAMILIES.get(address.family, address.family)
            rows.append(f"{family} {address.address} {address.netmask or ''} {address.broadcast}")
            if address.family == psutil.AF_LINK or address.family is socket.AF_INET:
                rows.append(address.address.replace("-", ":"))
        if name in stats and stats[name].isup:
            row = stats[name]
            rows.append(f"{row.speed}Mb/s {row.mtu:d} {row.flags.split(',')} {row.duplex}")
    return found
