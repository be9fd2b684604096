"""The tables that IP's modules tell of themselves (inet/mib2.h), and the messages that ask for them
(sys/tihdr.h, sys/stropts.h).

Tables go on in newer systems: the kernel tells how long their rows are."""

import ctypes
from ctypes import (
    Structure,
    c_char,
    c_int,
    c_int32,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)

T_SVR4_OPTMGMT_REQ, T_ERROR_ACK, T_OPTMGMT_ACK = 9, 18, 22
T_SUCCESS, T_CURRENT = 0x20, 0x80
TSYSERR = 8
I_PUSH = 0x5302
MOREDATA = 2
MIB2_IP, MIB2_ICMP, MIB2_TCP, MIB2_UDP = 256 + 4, 256 + 5, 256 + 6, 256 + 7
MIB2_IP6, MIB2_ICMP6, MIB2_TCP6, MIB2_UDP6 = 256 + 12, 256 + 13, 256 + 14, 256 + 15
MIB2_TCP_CONN, MIB2_TCP6_CONN, MIB2_UDP_ENTRY, MIB2_UDP6_ENTRY = 13, 14, 5, 6
MIB2_IP_ROUTE, MIB2_IP6_ROUTE = 21, 23
EXPER_IP_GROUP_MEMBERSHIP, EXPER_IP6_GROUP_MEMBERSHIP = 100, 101
#: TCPS_*: what a connection is doing
TCPS_CLOSED, TCPS_IDLE, TCPS_BOUND, TCPS_LISTEN, TCPS_SYN_SENT, TCPS_SYN_RCVD = range(-6, 0)
(
    TCPS_ESTABLISHED, TCPS_CLOSE_WAIT, TCPS_FIN_WAIT_1, TCPS_CLOSING, TCPS_LAST_ACK, TCPS_FIN_WAIT_2,
    TCPS_TIME_WAIT,
) = range(7)  # fmt: skip
#: kinds of routes that are no routes: to this machine's own addresses, to all of a network, cached ones
IRE_BROADCAST, IRE_LOCAL, IRE_LOOPBACK, IRE_CACHE, IRE_IF_CLONE = 0x1, 0x4, 0x8, 0x20, 0x400
#: bytes of the name of an interface
LIFNAMSIZ = 32


class strbuf(Structure):
    """Where a part of a message is, or goes to."""

    _fields_ = (("maxlen", c_int), ("len", c_int), ("buf", c_void_p))


class T_optmgmt_req(Structure):
    """A request for options, and its answer."""

    _fields_ = (
        ("PRIM_type", c_int32), ("OPT_length", c_int32), ("OPT_offset", c_int32), ("MGMT_flags", c_int32),
    )  # fmt: skip


class T_error_ack(Structure):
    """That a request can't be answered."""

    _fields_ = (
        ("PRIM_type", c_int32), ("ERROR_prim", c_int32), ("TLI_error", c_int32), ("UNIX_error", c_int32),
    )  # fmt: skip


class opthdr(Structure):
    """Which table, and how many bytes of it there are."""

    _fields_ = (("level", c_uint32), ("name", c_uint32), ("len", c_uint32))


class Octet(Structure):
    """A name."""

    _fields_ = (("o_length", c_int), ("o_bytes", c_char * LIFNAMSIZ))


def _counters(names: str) -> tuple[tuple[str, type[c_uint32]], ...]:
    return tuple((name, c_uint32) for name in names.split())


class mib2_ip(Structure):
    """Counters of IPv4, and how long the rows of its tables are."""

    _prefix_ = True
    _fields_ = _counters("""
        ipForwarding ipDefaultTTL ipInReceives ipInHdrErrors ipInAddrErrors ipForwDatagrams ipInUnknownProtos
        ipInDiscards ipInDelivers ipOutRequests ipOutDiscards ipOutNoRoutes ipReasmTimeout ipReasmReqds
        ipReasmOKs ipReasmFails ipFragOKs ipFragFails ipFragCreates ipAddrEntrySize ipRouteEntrySize
        ipNetToMediaEntrySize ipRoutingDiscards tcpInErrs udpNoPorts ipInCksumErrs ipReasmDuplicates
        ipReasmPartDups ipForwProhibits udpInCksumErrs udpInOverflows rawipInOverflows ipsecInSucceeded
        ipsecInFailed ipMemberEntrySize
    """)


class mib2_ipv6IfStatsEntry(Structure):
    """Counters of IPv6 on an interface, and how long the rows of its tables are."""

    _prefix_ = True
    _fields_ = _counters("""
        ipv6IfIndex ipv6Forwarding ipv6DefaultHopLimit ipv6IfStatsEntrySize ipv6AddrEntrySize
        ipv6RouteEntrySize ipv6NetToMediaEntrySize ipv6MemberEntrySize ipv6GroupSourceEntrySize ipv6InReceives
        ipv6InHdrErrors ipv6InTooBigErrors ipv6InNoRoutes ipv6InAddrErrors ipv6InUnknownProtos
        ipv6InTruncatedPkts ipv6InDiscards ipv6InDelivers ipv6OutForwDatagrams ipv6OutRequests
        ipv6OutDiscards ipv6OutFragOKs ipv6OutFragFails ipv6OutFragCreates ipv6ReasmReqds ipv6ReasmOKs
        ipv6ReasmFails ipv6InMcastPkts ipv6OutMcastPkts ipv6OutNoRoutes ipv6ReasmDuplicates
        ipv6ReasmPartDups ipv6ForwProhibits udpInCksumErrs udpInOverflows rawipInOverflows
    """)


class mib2_icmp(Structure):
    """Counters of ICMP."""

    _fields_ = _counters("""
        icmpInMsgs icmpInErrors icmpInDestUnreachs icmpInTimeExcds icmpInParmProbs icmpInSrcQuenchs
        icmpInRedirects icmpInEchos icmpInEchoReps icmpInTimestamps icmpInTimestampReps icmpInAddrMasks
        icmpInAddrMaskReps icmpOutMsgs icmpOutErrors icmpOutDestUnreachs icmpOutTimeExcds icmpOutParmProbs
        icmpOutSrcQuenchs icmpOutRedirects icmpOutEchos icmpOutEchoReps icmpOutTimestamps icmpOutTimestampReps
        icmpOutAddrMasks icmpOutAddrMaskReps icmpInCksumErrs icmpInUnknowns icmpInFragNeeded
        icmpOutFragNeeded icmpOutDrops icmpInOverflows icmpInBadRedirects
    """)


class mib2_ipv6IfIcmpEntry(Structure):
    """Counters of ICMPv6 on an interface."""

    _prefix_ = True
    _fields_ = _counters("""
        ipv6IfIcmpIfIndex ipv6IfIcmpEntrySize ipv6IfIcmpInMsgs ipv6IfIcmpInErrors ipv6IfIcmpInDestUnreachs
        ipv6IfIcmpInAdminProhibs ipv6IfIcmpInTimeExcds ipv6IfIcmpInParmProblems ipv6IfIcmpInPktTooBigs
        ipv6IfIcmpInEchos ipv6IfIcmpInEchoReplies ipv6IfIcmpInRouterSolicits ipv6IfIcmpInRouterAdvertisements
        ipv6IfIcmpInNeighborSolicits ipv6IfIcmpInNeighborAdvertisements ipv6IfIcmpInRedirects
        ipv6IfIcmpInGroupMembQueries ipv6IfIcmpInGroupMembResponses ipv6IfIcmpInGroupMembReductions
        ipv6IfIcmpOutMsgs ipv6IfIcmpOutErrors ipv6IfIcmpOutDestUnreachs ipv6IfIcmpOutAdminProhibs
        ipv6IfIcmpOutTimeExcds ipv6IfIcmpOutParmProblems ipv6IfIcmpOutPktTooBigs ipv6IfIcmpOutEchos
        ipv6IfIcmpOutEchoReplies ipv6IfIcmpOutRouterSolicits ipv6IfIcmpOutRouterAdvertisements
        ipv6IfIcmpOutNeighborSolicits ipv6IfIcmpOutNeighborAdvertisements ipv6IfIcmpOutRedirects
        ipv6IfIcmpOutGroupMembQueries ipv6IfIcmpOutGroupMembResponses ipv6IfIcmpOutGroupMembReductions
    """)


class mib2_tcp(Structure):
    """Counters of TCP, and how long the rows of its tables are."""

    _prefix_ = True
    _fields_ = _counters("""
        tcpRtoAlgorithm tcpRtoMin tcpRtoMax tcpMaxConn tcpActiveOpens tcpPassiveOpens tcpAttemptFails
        tcpEstabResets tcpCurrEstab tcpInSegs tcpOutSegs tcpRetransSegs tcpConnTableSize tcpOutRsts
        tcpOutDataSegs tcpOutDataBytes tcpRetransBytes tcpOutAck tcpOutAckDelayed tcpOutUrg tcpOutWinUpdate
        tcpOutWinProbe tcpOutControl tcpOutFastRetrans tcpInAckSegs tcpInAckBytes tcpInDupAck tcpInAckUnsent
        tcpInDataInorderSegs tcpInDataInorderBytes tcpInDataUnorderSegs tcpInDataUnorderBytes tcpInDataDupSegs
        tcpInDataDupBytes tcpInDataPartDupSegs tcpInDataPartDupBytes tcpInDataPastWinSegs
        tcpInDataPastWinBytes tcpInWinProbe tcpInWinUpdate tcpInClosed tcpRttNoUpdate tcpRttUpdate
        tcpTimRetrans tcpTimRetransDrop tcpTimKeepalive tcpTimKeepaliveProbe tcpTimKeepaliveDrop tcpListenDrop
        tcpListenDropQ0 tcpHalfOpenDrop tcpOutSackRetransSegs tcp6ConnTableSize
    """)


class mib2_udp(Structure):
    """Counters of UDP, and how long the rows of its tables are."""

    _prefix_ = True
    _fields_ = _counters(
        "udpInDatagrams udpInErrors udpOutDatagrams udpEntrySize udp6EntrySize udpOutErrors"
    )


class mib2_tcpConnEntry(Structure):
    """A connection of TCP over IPv4; what it is doing, and who began it, follow."""

    _prefix_ = True
    _fields_ = (
        ("tcpConnState", c_int), ("tcpConnLocalAddress", c_uint8 * 4), ("tcpConnLocalPort", c_int),
        ("tcpConnRemAddress", c_uint8 * 4), ("tcpConnRemPort", c_int),
    )  # fmt: skip


class mib2_tcp6ConnEntry(Structure):
    """The same over IPv6."""

    _prefix_ = True
    _fields_ = (
        ("tcp6ConnLocalAddress", c_uint8 * 16), ("tcp6ConnLocalPort", c_int),
        ("tcp6ConnRemAddress", c_uint8 * 16), ("tcp6ConnRemPort", c_int), ("tcp6ConnIfIndex", c_uint32),
        ("tcp6ConnState", c_int),
    )  # fmt: skip


class mib2_udpEntry(Structure):
    """A socket of UDP over IPv4, up to the pid of who made it."""

    _prefix_ = True
    _fields_ = (
        ("udpLocalAddress", c_uint8 * 4), ("udpLocalPort", c_int), ("ue_state", c_int),
        ("ue_RemoteAddress", c_uint8 * 4), ("ue_RemotePort", c_int), ("udpInstance", c_uint32),
        ("udpCreationProcess", c_uint32),
    )  # fmt: skip


class mib2_udp6Entry(Structure):
    """The same over IPv6."""

    _prefix_ = True
    _fields_ = (
        ("udp6LocalAddress", c_uint8 * 16), ("udp6LocalPort", c_int), ("udp6IfIndex", c_uint32),
        ("ue_state", c_int), ("ue_RemoteAddress", c_uint8 * 16), ("ue_RemotePort", c_int),
        ("udp6Instance", c_uint32), ("udp6CreationProcess", c_uint32),
    )  # fmt: skip


class mib2_ipRouteEntry(Structure):
    """A route of IPv4, up to its flags."""

    _prefix_ = True
    _fields_ = (
        ("ipRouteDest", c_uint8 * 4), ("ipRouteIfIndex", Octet), ("ipRouteMetric1", c_int),
        ("ipRouteMetric2", c_int), ("ipRouteMetric3", c_int), ("ipRouteMetric4", c_int),
        ("ipRouteNextHop", c_uint8 * 4), ("ipRouteType", c_int), ("ipRouteProto", c_int),
        ("ipRouteAge", c_int), ("ipRouteMask", c_uint8 * 4), ("ipRouteMetric5", c_int),
        ("re_max_frag", c_uint32), ("re_rtt", c_uint32), ("re_ref", c_uint32), ("re_frag_flag", c_int),
        ("re_src_addr", c_uint8 * 4), ("re_ire_type", c_int), ("re_obpkt", c_uint32),
        ("re_ibpkt", c_uint32), ("re_flags", c_int),
    )  # fmt: skip


class mib2_ipv6RouteEntry(Structure):
    """A route of IPv6, up to its flags."""

    _prefix_ = True
    _fields_ = (
        ("ipv6RouteDest", c_uint8 * 16), ("ipv6RoutePfxLength", c_int), ("ipv6RouteIndex", c_uint32),
        ("ipv6RouteIfIndex", Octet), ("ipv6RouteNextHop", c_uint8 * 16), ("ipv6RouteType", c_int),
        ("ipv6RouteProtocol", c_int), ("ipv6RoutePolicy", c_uint32), ("ipv6RouteAge", c_int),
        ("ipv6RouteNextHopRDI", c_uint32), ("ipv6RouteMetric", c_uint32), ("ipv6RouteWeight", c_uint32),
        ("re_max_frag", c_uint32), ("re_rtt", c_uint32), ("re_ref", c_uint32), ("re_frag_flag", c_int),
        ("re_src_addr", c_uint8 * 16), ("re_ire_type", c_int), ("re_obpkt", c_uint32),
        ("re_ibpkt", c_uint32), ("re_flags", c_int),
    )  # fmt: skip


class ip_member(Structure):
    """A group of IPv4 that an interface is in."""

    _fields_ = (
        ("ipGroupMemberIfIndex", Octet), ("ipGroupMemberAddress", c_uint8 * 4),
        ("ipGroupMemberRefCnt", c_uint32), ("ipGroupMemberFilterMode", c_int),
    )  # fmt: skip


class ipv6_member(Structure):
    """A group of IPv6 that an interface, known by its number, is in."""

    _fields_ = (
        ("ipv6GroupMemberIfIndex", c_uint32), ("ipv6GroupMemberAddress", c_uint8 * 16),
        ("ipv6GroupMemberRefCnt", c_uint32), ("ipv6GroupMemberFilterMode", c_int),
    )  # fmt: skip


class prfdinfo(Structure):
    """``prfdinfo_t``: what ``/proc/PID/fdinfo/FD`` begins with (proc(5)); items of several kinds follow."""

    _prefix_ = True
    _fields_ = (
        ("pr_fd", c_int), ("pr_mode", c_uint32), ("pr_ino", c_uint64), ("pr_size", c_uint64),
        ("pr_offset", ctypes.c_int64), ("pr_uid", c_uint32), ("pr_gid", c_uint32), ("pr_major", c_uint32),
        ("pr_minor", c_uint32), ("pr_rmajor", c_uint32), ("pr_rminor", c_uint32), ("pr_fileflags", c_int),
        ("pr_fdflags", c_int), ("pr_locktype", ctypes.c_int16), ("pr_lockpid", c_int32),
        ("pr_locksysid", c_int), ("pr_peerpid", c_int32), ("pr_filler", c_int * 25),
        ("pr_peername", c_char * 16), ("pr_misc", c_uint8 * 0),
    )  # fmt: skip


class pr_misc_header(Structure):
    """Bytes of an item with this, and its kind."""

    _fields_ = (("pr_misc_size", c_uint32), ("pr_misc_type", c_uint32))


class sockaddr_head(Structure):
    """``struct sockaddr_in`` and its like begin with this."""

    _prefix_ = True
    _fields_ = (("sa_family", c_uint16), ("sin_port", c_uint16))
