"""The three BSDs above kernels of the test's own, with routes and counters that their headers laid out."""

from __future__ import annotations

import struct
import sys
from typing import Any, NamedTuple

from sysutils.core.openbsd import layout as openbsd
from sysutils.core.openbsd import protocols as openbsd_protocols
from tests.abi.pinned import fixture
from tests.core.freebsd import kernel as freebsd_kernel
from tests.core.netbsd import kernel as netbsd_kernel
from tests.core.openbsd import kernel as openbsd_kernel

_BIG = sys.byteorder == "big"
_LISTS = {
    "ip": "net.inet.ip", "icmp": "net.inet.icmp", "tcp": "net.inet.tcp", "udp": "net.inet.udp",
    "ip6": "net.inet6.ip6", "icmp6": "net.inet6.icmp6",
}  # fmt: skip
_DGRAM6 = "net.inet6.udp6.stats"


class System(NamedTuple):
    """One of them."""

    platform: str
    #: whose headers made the fixtures
    target: str
    kernel: Any
    route: int
    inet6: int

    def route_place(self, six: bool = False) -> tuple[int, ...]:
        """Where the kernel tells its routes."""
        return (4, self.route, 0, self.inet6 if six else 2, 1, 0)

    def fixture(self, name: str) -> bytes:
        """Bytes by the system's headers."""
        return fixture(self.target, name)


SYSTEMS = [
    System("openbsd7", "sparc64-openbsd" if _BIG else "x86_64-openbsd", openbsd_kernel, 17, 24),
    System("netbsd10", "sparc64-netbsd" if _BIG else "x86_64-netbsd", netbsd_kernel, 34, 24),
]
if not _BIG:
    SYSTEMS.append(System("freebsd14", "x86_64-freebsd", freebsd_kernel, 17, 28))


def add_network(system: System, kernel: Any) -> None:
    """Routes and counters."""
    names = ("route", "learned_route", "host_route")
    kernel.places[system.route_place()] = b"".join(map(system.fixture, names))
    kernel.places[system.route_place(True)] = system.fixture("route6")
    if system.platform == "openbsd7":
        for protocol, (place, _, _) in openbsd_protocols._SOURCES.items():
            kernel.places[(openbsd.CTL_NET, *place)] = system.fixture(f"{protocol}stat")
        kernel.places[openbsd.CTL_NET, openbsd.AF_INET, 0, 1] = struct.pack("=i", 1)
        return
    for protocol, name in _LISTS.items():
        kernel.named[f"{name}.stats"] = system.fixture(f"{protocol}stat")
    kernel.named["net.inet.ip.forwarding"] = struct.pack("=i", 1)
    kernel.named["net.inet.tcp.states"] = struct.pack("=11Q", 1, 2, 3, 4, 1, 0, 0, 0, 0, 0, 8)
    if system.platform == "netbsd10":
        kernel.named[_DGRAM6] = struct.pack("=10Q", 90, 1, 2, 3, 4, 5, 6, 7, 8, 80)


def _libraries(place: int) -> dict[str, object]:
    system = next(
        system for system in SYSTEMS if system.kernel.__name__.split(".")[2] == _NAMES[place]
    )
    made: dict[str, object] = system.kernel.libraries()
    add_network(system, made["c"])
    return made


_NAMES = ("freebsd", "openbsd", "netbsd")


def freebsd14() -> dict[str, object]:
    """For ``elsewhere.run``."""
    return _libraries(0)


def openbsd7() -> dict[str, object]:
    """For ``elsewhere.run``."""
    return _libraries(1)


def netbsd10() -> dict[str, object]:
    """For ``elsewhere.run``."""
    return _libraries(2)
