"""Counters of the protocols of OpenBSD (``net.inet.tcp.stats`` and its like)."""

import errno
from ctypes import Structure, c_uint32, c_uint64, c_ulong

from sysutils.core.bsd import protocols, sysctl
from sysutils.core.bsd.protocols import fields
from sysutils.core.openbsd import layout, sockets

IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6, IPPROTO_ICMPV6 = (
    0,
    1,
    6,
    17,
    41,
    58,
)
IPCTL_STATS, ICMPCTL_STATS, TCPCTL_STATS, UDPCTL_STATS, IPV6CTL_STATS, ICMPV6CTL_STATS = (
    33,
    7,
    21,
    5,
    6,
    1,
)
IPCTL_FORWARDING = 1


class tcpstat(Structure):
    """``struct tcpstat`` (netinet/tcp_var.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = fields(
        "tcps_", c_uint32,
        """
        connattempt accepts connects drops conndrops closed segstimed rttupdated delack
        timeoutdrop rexmttimeo persisttimeo persistdrop keeptimeo keepprobe keepdrops sndtotal
        sndpack sndbyte:8 sndrexmitpack sndrexmitbyte:8 sndrexmitfast:8 sndacks sndprobe sndurg
        sndwinup sndctrl rcvtotal rcvpack rcvbyte:8 rcvbadsum rcvbadoff rcvmemdrop rcvnosec
        rcvshort rcvduppack rcvdupbyte:8 rcvpartduppack rcvpartdupbyte:8 rcvoopack rcvoobyte:8
        rcvpackafterwin rcvbyteafterwin:8 rcvafterclose rcvwinprobe rcvdupack rcvacktoomuch
        rcvacktooold rcvackpack rcvackbyte:8 rcvwinupd pawsdrop predack preddat pcbhashmiss noport
        closing badsyn dropsyn rcvbadsig rcvgoodsig:8 inswcsum outswcsum ecn_accepts ecn_rcvece
        ecn_rcvcwr ecn_rcvce ecn_sndect ecn_sndece ecn_sndcwr cwr_ecn cwr_frecovery cwr_timeout
        sc_added:8 sc_completed:8 sc_timed_out:8 sc_overflowed:8 sc_reset:8
        """,
    )  # fmt: skip


class udpstat(Structure):
    """``struct udpstat`` (netinet/udp_var.h)."""

    _fields_ = fields(
        "udps_", c_ulong,
        """
        ipackets hdrops badsum nosum badlen noport noportbcast nosec fullsock pcbhashmiss inswcsum
        opackets outswcsum
        """,
    )  # fmt: skip


class ipstat(Structure):
    """``struct ipstat`` (netinet/ip_var.h)."""

    _fields_ = fields(
        "ips_", c_ulong,
        """
        total badsum tooshort toosmall badhlen badlen fragments fragdropped fragtimeout forward
        cantforward redirectsent noproto delivered localout odropped reassembled fragmented
        ofragments cantfrag badoptions noroute badvers rawout badfrags rcvmemdrop toolong nogif
        badaddr inswcsum outswcsum notmember rtcachehit rtcachemiss wrongif idropped
        """,
    )  # fmt: skip


class icmpstat(Structure):
    """``struct icmpstat`` (netinet/icmp_var.h)."""

    _fields_ = fields(
        "icps_", c_ulong,
        """
        error toofreq oldshort oldicmp outhist[41] badcode tooshort checksum badlen reflect
        bmcastecho inhist[41]
        """,
    )  # fmt: skip


class ip6stat(Structure):
    """``struct ip6stat`` (netinet6/ip6_var.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = fields(
        "ip6s_", c_uint64,
        """
        total tooshort toosmall fragments fragdropped fragtimeout fragoverflow forward cantforward
        redirectsent delivered localout odropped reassembled fragmented ofragments cantfrag
        badoptions noroute badvers rawout badscope notmember
        """,
    )  # fmt: skip


class icmp6stat(Structure):
    """``struct icmp6stat`` (netinet/icmp6.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = fields(
        "icp6s_", c_uint64,
        """
        error canterror toofreq outhist[256] badcode tooshort checksum badlen reflect inhist[256]
        """,
    )  # fmt: skip


#: protocol -> the numbers of its counters, structure, what the names of its fields begin with
_SOURCES = {
    "ip": ((layout.AF_INET, IPPROTO_IP, IPCTL_STATS), ipstat, "ips_"),
    "icmp": ((layout.AF_INET, IPPROTO_ICMP, ICMPCTL_STATS), icmpstat, "icps_"),
    "tcp": ((layout.AF_INET, IPPROTO_TCP, TCPCTL_STATS), tcpstat, "tcps_"),
    "udp": ((layout.AF_INET, IPPROTO_UDP, UDPCTL_STATS), udpstat, "udps_"),
    "ip6": ((layout.AF_INET6, IPPROTO_IPV6, IPV6CTL_STATS), ip6stat, "ip6s_"),
    "icmp6": ((layout.AF_INET6, IPPROTO_ICMPV6, ICMPV6CTL_STATS), icmp6stat, "icp6s_"),
}
#: what a kernel says of a protocol that it lacks
_LACKING = frozenset({errno.ENOPROTOOPT, errno.EOPNOTSUPP, errno.ENOTDIR})


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """Counters since boot that Linux has too, by its names (extension). UDP's are of both versions of IP."""
    found = {}
    for protocol, (place, kind, prefix) in _SOURCES.items():
        try:
            told = sysctl.beginning((layout.CTL_NET, *place), kind)
        except OSError as error:
            if error.errno not in _LACKING:
                raise
            continue
        found[protocol] = protocols.of_structure(told, prefix)
    return protocols.all_counters(
        found, _forwards, lambda: protocols.connected(sockets.net_sockets)
    )


def _forwards() -> int:
    return sysctl.number_of((layout.CTL_NET, layout.AF_INET, IPPROTO_IP, IPCTL_FORWARDING))
