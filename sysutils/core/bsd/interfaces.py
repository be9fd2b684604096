"""Network interfaces of the BSDs: getifaddrs(3) with the kernel's figures, SIOCGIFMEDIA."""

import ctypes
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sysutils.core import _native
from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import sifdetails, sinterface, snetio, snicaddr, snicstats
from sysutils.core.bsd import if_details
from sysutils.core.posix import ifaddrs

#: a flag of another meaning than Linux', and than macOS': IFF_UNNUMBERED, IFF_STATICARP, IFF_KNOWSEPOCH
_NOT_OF_LINUX = 0x20


class Interfaces(NamedTuple):
    """What differs from system to system."""

    #: ``struct if_data``
    data: Any
    #: ``struct ifmediareq``
    media: Any
    #: the request SIOCGIFMEDIA
    request: int
    #: bits of ``ifm_active``
    full_duplex: int
    half_duplex: int
    inet6: int
    link: int
    #: bit of the interface's flags -> its name
    flags: Sequence[tuple[int, str]]

    def net_if_addrs(self) -> dict[str, list[snicaddr]]:
        """The addresses of each interface."""
        return ifaddrs.net_if_addrs(self.inet6, self.link)

    def _links(self) -> Iterator[tuple[ifaddrs.Row, Any]]:
        size = ctypes.sizeof(self.data)
        for row in ifaddrs.rows(size):
            if ifaddrs.family_of(row.address) == self.link and len(row.data) == size:
                yield row, self.data.from_buffer_copy(row.data)

    def net_io_counters(self) -> dict[str, snetio]:
        """What each interface sent and received."""
        return {
            row.name: snetio(
                data.ifi_obytes, data.ifi_ibytes, data.ifi_opackets, data.ifi_ipackets, data.ifi_ierrors,
                data.ifi_oerrors, data.ifi_iqdrops, getattr(data, "ifi_oqdrops", 0),
            )
            for row, data in self._links()
        }  # fmt: skip

    def net_interfaces(self) -> list[sinterface]:
        """All interfaces in the kernel's order, their flags by Linux' numbers."""
        return [self._counters(row, data) for row, data in self._links()]

    def _counters(self, row: ifaddrs.Row, data: Any) -> sinterface:
        dropped = getattr(data, "ifi_oqdrops", 0)
        return if_details.counters(row.name, row.flags & ~_NOT_OF_LINUX, data, dropped)

    def net_if_details(self) -> dict[str, sifdetails]:
        """Each interface with all that is known of it, in the kernel's order."""
        found = if_details.addresses(self.inet6)
        return {
            row.name: if_details.details(
                self._counters(row, data), int.from_bytes(row.address[2:4], sys.byteorder), None,
                data.ifi_type, if_details.HARDWARE,
                ifaddrs.hardware_address(row.address), found.get(row.name, []),
            )
            for row, data in self._links()
        }  # fmt: skip

    def net_if_stats(self) -> dict[str, snicstats]:
        """State of each interface; the speed is the one that the driver tells."""
        rows = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            for row, data in self._links():
                words = [word for bit, word in self.flags if row.flags & bit]
                duplex = self._duplex(asking.fileno(), row.name)
                speed = int(data.ifi_baudrate // 1_000_000)
                rows[row.name] = snicstats(
                    "running" in words, duplex, speed, data.ifi_mtu, ",".join(words)
                )
        return rows

    def _duplex(self, descriptor: int, name: str) -> NicDuplex:
        ioctl = _native.function(
            "c", "ioctl", ctypes.c_int, ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p
        )
        asked = self.media(ifm_name=os.fsencode(name)[:15])
        if ioctl(descriptor, self.request, ctypes.byref(asked)) != 0:
            return NicDuplex.NIC_DUPLEX_UNKNOWN  # no such thing as a medium: lo0, tun0
        if asked.ifm_active & self.full_duplex:
            return NicDuplex.NIC_DUPLEX_FULL
        half = asked.ifm_active & self.half_duplex
        return NicDuplex.NIC_DUPLEX_HALF if half else NicDuplex.NIC_DUPLEX_UNKNOWN
