"""Network: ``net_connections``, ``net_io_counters``, interfaces.

Extensions: what netstat shows (sockets, routes, counters, groups)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sysutils.core._counters import Rising
from sysutils.core._ntuples import snetio
from sysutils.core._platform import backend, withdraw

if TYPE_CHECKING:
    from typing import Literal, Protocol, overload

    from sysutils.core._contract import NetTables
    from sysutils.core._ntuples import (
        MaybeNone,
        sconn,
        sifdetails,
        sinterface,
        smcastgroup,
        snetsock,
        snicaddr,
        snicstats,
        sroute,
        sroute6,
        ssockowners,
        sunixsock,
    )

    class _NetCounters(Protocol):
        @overload
        def __call__(
            self, pernic: Literal[False] = False, nowrap: bool = True
        ) -> snetio | MaybeNone: ...
        @overload
        def __call__(self, pernic: Literal[True], nowrap: bool = True) -> dict[str, snetio]: ...
        @overload
        def __call__(
            self, pernic: bool, nowrap: bool = True
        ) -> snetio | dict[str, snetio] | MaybeNone: ...
        def cache_clear(self) -> None: ...


_os: "NetTables" = backend("net")


def net_connections(kind: str = "inet") -> "list[sconn]":
    """Sockets of the whole system: ``[(fd, family, type, laddr, raddr, status, pid), …]``.

    ``kind`` is one of inet (default), inet4, inet6, tcp, tcp4, tcp6, udp, udp4, udp6, unix, all. Addresses
    are ``(ip, port)``, ``()`` where there is none, a path for UNIX sockets. ``pid`` is None and ``fd`` -1
    where nobody has the socket open, or somebody whom we may not look at. Raises ValueError for
    another kind."""
    return _os.net_connections(kind)


_rising: "Rising[snetio]" = Rising()


def _with_cache_clear(function: Any) -> "_NetCounters":
    function.cache_clear = _rising.cache_clear
    counters: _NetCounters = function
    return counters


@_with_cache_clear
def net_io_counters(
    pernic: bool = False, nowrap: bool = True
) -> "snetio | dict[str, snetio] | MaybeNone":
    """What the interfaces sent and received: ``(bytes_sent, bytes_recv, packets_sent, packets_recv,
    errin, errout, dropin, dropout)``; None if there is no interface.

    With ``pernic`` ``{name: (…)}``, ``{}`` if there is none. With ``nowrap`` a counter never falls: what
    it had before it wrapped is added, until ``net_io_counters.cache_clear()``."""
    read = _os.net_io_counters
    rows = _rising.read(read) if nowrap else read()
    if pernic:
        return rows
    if not rows:
        return None
    return snetio(*map(sum, zip(*rows.values())))  # noqa: B905


def net_if_addrs() -> "dict[str, list[snicaddr]]":
    """The addresses of each interface: ``{name: [(family, address, netmask, broadcast, ptp), …]}``.

    ``family`` is AF_INET, AF_INET6 or AF_LINK (hardware address), in this order; ``ptp`` is the other
    end of a point-to-point link. What an address lacks is None."""
    return _os.net_if_addrs()


def net_if_stats() -> "dict[str, snicstats]":
    """State of each interface: ``{name: (isup, duplex, speed, mtu, flags)}``.

    ``isup`` tells whether it is up and running, ``speed`` is in Mbit/s (0 if not known), ``flags`` are
    names joined by commas."""
    return _os.net_if_stats()


def net_sockets(
    protocols: Iterable[str] = ("tcp", "tcp6", "udp", "udp6"), *, timers: bool = False
) -> "list[snetsock]":
    """Internet sockets as netstat shows them, protocol by protocol in the kernel's order (extension).

    ``protocols`` are among tcp, tcp6, udp, udp6, udplite, udplite6, raw, raw6; what the system lacks
    gives no rows. ``timers`` fills that field, which takes longer. Raises ValueError for another
    protocol."""
    return _os.net_sockets(protocols, timers)


def unix_sockets() -> "list[sunixsock]":
    """UNIX sockets as netstat shows them, in the kernel's order (extension)."""
    return _os.unix_sockets()


def socket_owners() -> "ssockowners":
    """Which process has which socket open: ``(by_inode, complete)`` (extension).

    Of several the first is told; the fields ``inode`` of ``net_sockets`` and ``unix_sockets`` are the
    keys."""
    return _os.socket_owners()


def net_routes() -> "list[sroute]":
    """IPv4 routes of the main table, in the kernel's order (extension)."""
    return _os.net_routes()


def net_routes6() -> "list[sroute6]":
    """IPv6 routes, the kernel's own ones for local addresses among them (extension)."""
    return _os.net_routes6()


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """Counters since boot by protocol and the kernel's own names, in its order (extension):
    ``{"Ip": {"InReceives": 22, …}, …}``."""
    return _os.net_protocol_stats()


def net_multicast_groups() -> "list[smcastgroup]":
    """Multicast groups that interfaces are in: IPv4, IPv6, then link layer (extension)."""
    return _os.net_multicast_groups()


def net_tables() -> frozenset[str]:
    """Names of the tables that this system has of sockets, routes and groups: ``tcp``, ``tcp6``, ``unix``,
    ``route``, ``igmp``, … (extension). Without one its function gives no rows."""
    return _os.net_tables()


def net_interfaces() -> "list[sinterface]":
    """Network interfaces with flags, MTU and all counters, in the kernel's order (extension)."""
    return _os.net_interfaces()


def net_if_details() -> "dict[str, sifdetails]":
    """Each interface with all that ifconfig shows: flags, hardware, counters, addresses (extension).

    In the kernel's order; what is not known is None."""
    return _os.net_if_details()


# what this system does not tell is a missing name
withdraw(globals(), _os)
