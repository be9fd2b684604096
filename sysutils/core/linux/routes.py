"""Routes and multicast groups of Linux: /proc/net/route, ipv6_route, igmp, igmp6, dev_mcast."""

import os
import socket
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from sysutils.core._enums import address_family
from sysutils.core._ntuples import smcastgroup, sroute, sroute6
from sysutils.core.linux.proc_net import host_address, read_long

Row = TypeVar("Row")
_AF_INET, _AF_INET6 = socket.AF_INET, socket.AF_INET6


def _lines(data: bytes, name: str, make: Callable[[list[bytes]], Row], skip: int) -> list[Row]:
    """``make(columns)`` of every line but the first ``skip``; ValueError quotes the line it was."""
    rows = []
    for line in data.split(b"\n")[skip:]:
        fields = line.split()
        if not fields:
            continue
        try:
            rows.append(make(fields))
        except (ValueError, IndexError, OSError):
            raise ValueError(f"not a line of /proc/net/{name}: {line!r}") from None
    return rows


def _ipv6(text: bytes) -> str:
    return socket.inet_ntop(_AF_INET6, bytes.fromhex(text.decode()))


def parse_route(data: bytes, byteorder: str = sys.byteorder) -> list[sroute]:
    """The IPv4 routes of ``/proc/net/route``, in its order.

    ``eth0 00000000 0202000A 0003 0 0 100 00000000 0 0 0``: interface, destination, gateway
    (hexadecimal, in the byte order of the host), flags (hexadecimal), references, use, metric, mask,
    MSS, window, IRTT; the last three may be missing. Raises ValueError with the line otherwise."""

    def make(fields: list[bytes]) -> sroute:
        iface, destination, gateway, flags, refcnt, use, metric, mask = fields[:8]
        mss, window, irtt = [*map(int, fields[8:11]), 0, 0, 0][:3]
        return sroute(
            os.fsdecode(iface),
            host_address(destination, byteorder),
            host_address(gateway, byteorder),
            host_address(mask, byteorder),
            int(flags, 16),
            int(refcnt),
            int(use),
            int(metric),
            mss,
            window,
            irtt,
        )

    return _lines(data, "route", make, 1)


def parse_ipv6_route(data: bytes) -> list[sroute6]:
    """The IPv6 routes of ``/proc/net/ipv6_route``, in its order, the kernel's own ones among them.

    ``fe80…01 80 00…00 00 00…00 00000000 00000002 00000000 80200001 eth0``: destination and length,
    source and length, gateway, metric, references, use, flags, all hexadecimal, interface. Raises
    ValueError with the line for one that is not of this kind."""

    def make(fields: list[bytes]) -> sroute6:
        destination, length, source, source_length, gateway, metric, refcnt, use, flags, iface = (
            fields[:10]
        )
        return sroute6(
            os.fsdecode(iface),
            _ipv6(destination),
            int(length, 16),
            _ipv6(source),
            int(source_length, 16),
            _ipv6(gateway),
            int(flags, 16),
            int(refcnt, 16),
            int(use, 16),
            int(metric, 16),
        )

    return _lines(data, "ipv6_route", make, 0)


def parse_igmp(data: bytes, byteorder: str = sys.byteorder) -> list[smcastgroup]:
    """IPv4 groups of ``/proc/net/igmp``, in its order.

    A line of an interface (``4  eth0  :  1  V3``) is followed by one a group, further in
    (``010000E0  1 0:00000000  0``): group in the byte order of the host, users, timer. Raises ValueError
    with the line for anything else."""
    groups = []
    iface = ""
    for line in data.split(b"\n")[1:]:
        fields = line.split()
        if not fields:
            continue
        try:
            if not line[:1].isspace():
                head, colon, _ = line.partition(b":")
                if not colon:
                    raise ValueError
                iface = os.fsdecode(head.split()[1])
            else:
                group = host_address(fields[0], byteorder)
                groups.append(smcastgroup(_AF_INET, iface, int(fields[1]), group))
        except (ValueError, IndexError):
            raise ValueError(f"not a line of /proc/net/igmp: {line!r}") from None
    return groups


def parse_igmp6(data: bytes) -> list[smcastgroup]:
    """IPv6 groups of ``/proc/net/igmp6``, in its order.

    ``4  eth0  ff020000000000000000000000000001  1 0000000C 0``: index, interface, group, users, flags,
    timer. Raises ValueError with the line for anything else."""
    return _lines(
        data,
        "igmp6",
        lambda fields: smcastgroup(
            _AF_INET6, os.fsdecode(fields[1]), int(fields[3]), _ipv6(fields[2])
        ),
        0,
    )


def parse_dev_mcast(data: bytes) -> list[smcastgroup]:
    """Link-layer groups of ``/proc/net/dev_mcast``, in its order; the group as ``01:00:5e:00:00:01``.

    ``4  eth0  1  0  01005e000001``: index, interface, users, global users, address. Raises ValueError
    with the line for anything else."""
    family: Any = address_family().AF_LINK
    return _lines(
        data,
        "dev_mcast",
        lambda fields: smcastgroup(
            family,
            os.fsdecode(fields[1]),
            int(fields[2]),
            bytes.fromhex(fields[4].decode()).hex(":"),
        ),
        0,
    )


def _read(name: bytes) -> bytes:
    try:
        return read_long(name)
    except FileNotFoundError:
        return b""


def net_routes() -> list[sroute]:
    """IPv4 routes of the main table."""
    return parse_route(_read(b"route"))


def net_routes6() -> list[sroute6]:
    """IPv6 routes of all tables."""
    return parse_ipv6_route(_read(b"ipv6_route"))


def net_multicast_groups() -> list[smcastgroup]:
    """Multicast groups: IPv4, then IPv6, then link layer."""
    return [
        *parse_igmp(_read(b"igmp")),
        *parse_igmp6(_read(b"igmp6")),
        *parse_dev_mcast(_read(b"dev_mcast")),
    ]
