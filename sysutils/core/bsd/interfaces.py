"""Network interfaces of the BSDs: getifaddrs(3) with the kernel's figures, SIOCGIFMEDIA."""

import ctypes
import os
import socket
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sysutils.core import _native
from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import snetio, snicaddr, snicstats
from sysutils.core.posix import ifaddrs


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

    def _links(self) -> Iterator[tuple[str, int, Any]]:
        size = ctypes.sizeof(self.data)
        for row in ifaddrs.rows(size):
            if ifaddrs.family_of(row.address) == self.link and len(row.data) == size:
                yield row.name, row.flags, self.data.from_buffer_copy(row.data)

    def net_io_counters(self) -> dict[str, snetio]:
        """What each interface sent and received."""
        return {
            name: snetio(
                data.ifi_obytes, data.ifi_ibytes, data.ifi_opackets, data.ifi_ipackets, data.ifi_ierrors,
                data.ifi_oerrors, data.ifi_iqdrops, getattr(data, "ifi_oqdrops", 0),
            )
            for name, _, data in self._links()
        }  # fmt: skip

    def net_if_stats(self) -> dict[str, snicstats]:
        """State of each interface; the speed is the one that the driver tells."""
        rows = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            for name, flags, data in self._links():
                words = [word for bit, word in self.flags if flags & bit]
                duplex = self._duplex(asking.fileno(), name)
                speed = int(data.ifi_baudrate // 1_000_000)
                rows[name] = snicstats(
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
