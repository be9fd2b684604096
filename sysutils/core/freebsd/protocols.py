"""Counters of the protocols of FreeBSD (``net.inet.tcp.stats`` and its like)."""

import struct
from ctypes import Structure, c_uint64, c_ulong

from sysutils.core.bsd import protocols, sysctl
from sysutils.core.bsd.protocols import fields


class tcpstat(Structure):
    """``struct tcpstat`` (netinet/tcp_var.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = fields(
        "tcps_", c_uint64,
        """
        connattempt accepts connects drops conndrops minmssdrops closed segstimed rttupdated
        delack timeoutdrop rexmttimeo persisttimeo keeptimeo keepprobe keepdrops progdrops
        sndtotal sndpack sndbyte sndrexmitpack sndrexmitbyte sndrexmitbad sndacks sndprobe sndurg
        sndwinup sndctrl rcvtotal rcvpack rcvbyte rcvbadsum rcvbadoff rcvreassfull rcvshort
        rcvduppack rcvdupbyte rcvpartduppack rcvpartdupbyte rcvoopack rcvoobyte rcvpackafterwin
        rcvbyteafterwin rcvafterclose rcvwinprobe rcvdupack rcvacktoomuch rcvackpack rcvackbyte
        rcvwinupd pawsdrop predack preddat pcbcachemiss cachedrtt cachedrttvar cachedssthresh
        usedrtt usedrttvar usedssthresh persistdrop badsyn mturesent listendrop badrst sc_added
        sc_retransmitted sc_dupsyn sc_dropped sc_completed sc_bucketoverflow sc_cacheoverflow
        sc_reset sc_stale sc_aborted sc_badack sc_unreach sc_zonefail sc_sendcookie sc_recvcookie
        """,
    )  # fmt: skip


class udpstat(Structure):
    """``struct udpstat`` (netinet/udp_var.h)."""

    _fields_ = fields(
        "udps_", c_uint64,
        """
        ipackets hdrops badsum nosum badlen noport noportbcast fullsock _pcb[2] opackets
        fastout noportmcast filtermcast
        """,
    )  # fmt: skip


class ipstat(Structure):
    """``struct ipstat`` (netinet/ip_var.h)."""

    _fields_ = fields(
        "ips_", c_uint64,
        """
        total badsum tooshort toosmall badhlen badlen fragments fragdropped fragtimeout forward
        fastforward cantforward redirectsent noproto delivered localout odropped reassembled
        fragmented ofragments cantfrag badoptions noroute badvers rawout toolong notmember nogif
        badaddr
        """,
    )  # fmt: skip


class icmpstat(Structure):
    """``struct icmpstat`` (netinet/icmp_var.h)."""

    _fields_ = fields(
        "icps_", c_ulong,
        """
        error oldshort oldicmp outhist[41] badcode tooshort checksum badlen reflect inhist[41]
        bmcastecho bmcasttstamp badaddr noroute
        """,
    )  # fmt: skip


class ip6stat(Structure):
    """``struct ip6stat`` (netinet6/ip6_var.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = fields(
        "ip6s_", c_uint64,
        """
        total tooshort toosmall fragments fragdropped fragtimeout fragoverflow forward cantforward
        redirectsent delivered localout odropped reassembled atomicfrags fragmented ofragments
        cantfrag badoptions noroute badvers rawout badscope notmember
        """,
    )  # fmt: skip


class icmp6stat(Structure):
    """``struct icmp6stat`` (netinet/icmp6.h), up to what is used of it."""

    _prefix_ = True
    _fields_ = fields(
        "icp6s_", c_uint64,
        """
        error canterror toofreq outhist[256] badcode tooshort checksum badlen dropped reflect
        inhist[256]
        """,
    )  # fmt: skip


#: protocol -> name of its counters, structure, what the names of its fields begin with
_SOURCES = {
    "ip": ("net.inet.ip.stats", ipstat, "ips_"),
    "icmp": ("net.inet.icmp.stats", icmpstat, "icps_"),
    "tcp": ("net.inet.tcp.stats", tcpstat, "tcps_"),
    "udp": ("net.inet.udp.stats", udpstat, "udps_"),
    "ip6": ("net.inet6.ip6.stats", ip6stat, "ip6s_"),
    "icmp6": ("net.inet6.icmp6.stats", icmp6stat, "icp6s_"),
}
_ESTABLISHED, _CLOSE_WAIT = 4, 5  # TCPS_ESTABLISHED, TCPS_CLOSE_WAIT


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """Counters since boot that Linux has too, by its names (extension). UDP's are of both versions of IP."""
    found = {}
    for protocol, (name, kind, prefix) in _SOURCES.items():
        try:
            data = sysctl.read_name(name)
        except FileNotFoundError:
            continue  # a kernel without that protocol
        found[protocol] = protocols.of_structure(kind.from_buffer_copy(data), prefix)
    return protocols.all_counters(found, _forwards, _connections)


def _forwards() -> int:
    return sysctl.optional("net.inet.ip.forwarding")


def _connections() -> int:
    """How many connections there are (``net.inet.tcp.states``)."""
    states = struct.unpack_from("=6Q", sysctl.read_name("net.inet.tcp.states"))
    return int(states[_ESTABLISHED] + states[_CLOSE_WAIT])
