"""Counters of the protocols of NetBSD (``net.inet.tcp.stats`` and its like): arrays of 64-bit numbers."""

import struct
from collections.abc import Mapping, Sequence

from sysutils.core.bsd import protocols, sysctl
from sysutils.core.netbsd import sockets

#: what is used of them: TCP_STAT_CONNATTEMPT, … in lower case, and their places
TCP_STAT = {
    "connattempt": 0, "accepts": 1, "drops": 3, "conndrops": 4, "delack": 8, "timeoutdrop": 9,
    "rexmttimeo": 10, "keepprobe": 13, "keepdrops": 14, "persistdrops": 15, "sndtotal": 18,
    "sndrexmitpack": 21, "rcvtotal": 28, "rcvbadsum": 31, "rcvbadoff": 32, "rcvshort": 34, "pawsdrop": 50,
    "predack": 51, "preddat": 52, "sc_reset": 61,
}  # fmt: skip
UDP_STAT = {
    "ipackets": 0, "hdrops": 1, "badsum": 2, "badlen": 3, "noport": 4, "noportbcast": 5, "fullsock": 6,
    "opackets": 8,
}  # fmt: skip
UDP6_STAT = {
    "ipackets": 0, "hdrops": 1, "badsum": 2, "nosum": 3, "badlen": 4, "noport": 5, "noportmcast": 6,
    "fullsock": 7, "opackets": 9,
}  # fmt: skip
IP_STAT = {
    "total": 0, "badsum": 1, "tooshort": 2, "toosmall": 3, "badhlen": 4, "badlen": 5, "fragments": 6,
    "fragdropped": 7, "fragtimeout": 8, "forward": 9, "cantforward": 11, "noproto": 13, "delivered": 14,
    "localout": 15, "odropped": 16, "reassembled": 17, "fragmented": 18, "ofragments": 19, "cantfrag": 20,
    "badoptions": 21, "noroute": 22, "badvers": 23, "rawout": 24, "badfrags": 25, "toolong": 27,
    "badaddr": 29,
}  # fmt: skip
IP6_STAT = {
    "total": 0, "tooshort": 1, "toosmall": 2, "fragments": 3, "fragdropped": 4, "fragtimeout": 5,
    "fragoverflow": 6, "forward": 7, "cantforward": 8, "delivered": 10, "localout": 11, "odropped": 12,
    "reassembled": 13, "fragmented": 14, "ofragments": 15, "cantfrag": 16, "badoptions": 17, "noroute": 18,
    "badvers": 19, "rawout": 20, "badscope": 21, "toomanyhdr": 316, "idropped": 408, "toobig": 410,
}  # fmt: skip
ICMP_STAT = {
    "badcode": 3, "tooshort": 4, "checksum": 5, "badlen": 6, "outhist": 16, "inhist": 57,
}  # fmt: skip
ICMP_NTYPES = 41
ICMP6_STAT = {
    "outhist": 3, "badcode": 259, "tooshort": 260, "checksum": 261, "badlen": 262, "inhist": 264,
}  # fmt: skip
_ICMP6_TYPES = 256

#: protocol -> name of its counters, their places, how long its histograms are
_SOURCES: dict[str, tuple[str, Mapping[str, int], int]] = {
    "ip": ("net.inet.ip.stats", IP_STAT, 0),
    "icmp": ("net.inet.icmp.stats", ICMP_STAT, ICMP_NTYPES),
    "tcp": ("net.inet.tcp.stats", TCP_STAT, 0),
    "udp": ("net.inet.udp.stats", UDP_STAT, 0),
    "ip6": ("net.inet6.ip6.stats", IP6_STAT, 0),
    "icmp6": ("net.inet6.icmp6.stats", ICMP6_STAT, _ICMP6_TYPES),
    "udp6": ("net.inet6.udp6.stats", UDP6_STAT, 0),
}


def parse(data: bytes, places: Mapping[str, int], types: int) -> dict[str, int]:
    """The counters of one protocol by the names of the rules; one that a kernel lacks is missing."""
    numbers: Sequence[int] = struct.unpack_from(f"={len(data) // 8}Q", data)
    found: dict[str, int] = {}
    for name, place in places.items():
        if name.endswith("hist"):
            counts = numbers[place : place + types]
            found.update(protocols.histogram(name.removesuffix("hist"), counts))
        elif place < len(numbers):
            found[name] = numbers[place]
    return found


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """Counters since boot that Linux has too, by its names (extension)."""
    found = {}
    for protocol, (name, places, types) in _SOURCES.items():
        try:
            found[protocol] = parse(sysctl.read_name(name), places, types)
        except FileNotFoundError:
            continue  # a kernel without that protocol
    return protocols.all_counters(
        found, _forwards, lambda: protocols.connected(sockets.net_sockets)
    )


def _forwards() -> int:
    return sysctl.optional("net.inet.ip.forwarding")
