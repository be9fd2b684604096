"""Counters of protocols by the names that Linux has, made of those of the kernels of macOS and the BSDs.

A line of a rule is a name of Linux' and what it is the sum of: names of the kernel's structures without what
they begin with (``ips_``, ``tcps_``), ``-`` before one that is taken off. What a kernel does not count is
left out; a counter whose first part it does not count is not told."""

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import snetsock

RULES = {
    "Ip": """
        Forwarding forwarding
        InReceives total
        InHdrErrors badsum tooshort toosmall badhlen badlen badoptions badvers toolong
        InAddrErrors badaddr cantforward
        ForwDatagrams forward
        InUnknownProtos noproto
        InDiscards pktdropcntrl
        InDiscards idropped
        InDelivers delivered
        OutRequests localout rawout
        OutDiscards odropped
        OutNoRoutes noroute
        ReasmTimeout fragtimeout
        ReasmReqds fragments
        ReasmOKs reassembled
        ReasmFails fragdropped fragtimeout badfrags
        FragOKs fragmented
        FragFails cantfrag
        FragCreates ofragments
    """,
    "Icmp": """
        InMsgs in tooshort checksum
        InErrors tooshort checksum badcode badlen
        InDestUnreachs in3
        InTimeExcds in11
        InParmProbs in12
        InSrcQuenchs in4
        InRedirects in5
        InEchos in8
        InEchoReps in0
        InTimestamps in13
        InTimestampReps in14
        InAddrMasks in17
        InAddrMaskReps in18
        OutMsgs out
        OutDestUnreachs out3
        OutTimeExcds out11
        OutParmProbs out12
        OutSrcQuenchs out4
        OutRedirects out5
        OutEchos out8
        OutEchoReps out0
        OutTimestamps out13
        OutTimestampReps out14
        OutAddrMasks out17
        OutAddrMaskReps out18
    """,
    "Tcp": """
        ActiveOpens connattempt
        PassiveOpens accepts
        AttemptFails conndrops
        EstabResets drops
        CurrEstab established
        InSegs rcvtotal
        OutSegs sndtotal -sndrexmitpack
        RetransSegs sndrexmitpack
        InErrs rcvbadsum rcvbadoff rcvshort
        InCsumErrors rcvbadsum
    """,
    "Udp": """
        InDatagrams ipackets -hdrops -badsum -badlen -noport -noportbcast -fullsock
        NoPorts noport noportbcast
        InErrors hdrops badsum badlen fullsock
        OutDatagrams opackets
        RcvbufErrors fullsock
        InCsumErrors badsum
    """,
    "Udp6": """
        InDatagrams ipackets -hdrops -badsum -nosum -badlen -noport -noportmcast -fullsock
        NoPorts noport noportmcast
        InErrors hdrops badsum nosum badlen fullsock
        OutDatagrams opackets
        RcvbufErrors fullsock
        InCsumErrors badsum
    """,
    "TcpExt": """
        SyncookiesSent sc_sendcookie
        SyncookiesRecv sc_recvcookie
        EmbryonicRsts sc_reset
        PAWSEstab pawsdrop
        DelayedACKs delack
        ListenDrops listendrop
        TCPHPHits preddat
        TCPHPAcks predack
        TCPFastRetrans sndrexmitfast
        TCPAbortOnTimeout timeoutdrop keepdrops persistdrop persistdrops
        TCPTimeouts rexmttimeo
    """,
    "Ip6": """
        InReceives total
        InHdrErrors badoptions badvers toomanyhdr
        InTooBigErrors toobig
        InAddrErrors badscope cantforward
        InTruncatedPkts tooshort toosmall
        InDiscards idropped
        InDelivers delivered
        OutForwDatagrams forward
        OutRequests localout rawout
        OutDiscards odropped
        OutNoRoutes noroute
        ReasmTimeout fragtimeout
        ReasmReqds fragments
        ReasmOKs reassembled
        ReasmFails fragdropped fragtimeout fragoverflow
        FragOKs fragmented
        FragFails cantfrag
        FragCreates ofragments
    """,
    "Icmp6": """
        InMsgs in tooshort checksum
        InErrors tooshort checksum badcode badlen
        OutMsgs out
        OutErrors canterror toofreq
        InDestUnreachs in1
        InPktTooBigs in2
        InTimeExcds in3
        InParmProblems in4
        InEchos in128
        InEchoReplies in129
        InGroupMembQueries in130
        InGroupMembResponses in131
        InGroupMembReductions in132
        InRouterSolicits in133
        InRouterAdvertisements in134
        InNeighborSolicits in135
        InNeighborAdvertisements in136
        InRedirects in137
        OutDestUnreachs out1
        OutPktTooBigs out2
        OutTimeExcds out3
        OutParmProblems out4
        OutEchos out128
        OutEchoReplies out129
        OutGroupMembQueries out130
        OutGroupMembResponses out131
        OutGroupMembReductions out132
        OutRouterSolicits out133
        OutRouterAdvertisements out134
        OutNeighborSolicits out135
        OutNeighborAdvertisements out136
        OutRedirects out137
    """,
}


#: protocol in Linux' order -> whose counters make it
_SOURCES = {
    "Ip": "ip", "Icmp": "icmp", "Tcp": "tcp", "Udp": "udp", "TcpExt": "tcp", "Ip6": "ip6",
    "Icmp6": "icmp6", "Udp6": "udp6",
}  # fmt: skip


@cache
def _lines(protocol: str) -> list[list[str]]:
    return [line.split() for line in RULES[protocol].splitlines() if line.strip()]


def counters(protocol: str, found: Mapping[str, int]) -> dict[str, int]:
    """The counters of ``protocol`` by Linux' names; ``found`` are the kernel's, by the names of the rules."""
    told = {}
    for name, *parts in _lines(protocol):
        if parts[0] in found:
            signed = (_part(part, found) for part in parts)
            told[name] = max(0, sum(signed))
    return told


def _part(part: str, found: Mapping[str, int]) -> int:
    value = found.get(part.removeprefix("-"), 0)
    return -value if part.startswith("-") else value


def histogram(name: str, counts: Sequence[int]) -> dict[str, int]:
    """Messages by their type: ``{"in": all, "in0": …, "in1": …}``."""
    return {name: sum(counts), **{f"{name}{kind}": count for kind, count in enumerate(counts)}}


def fields(prefix: str, kind: Any, words: str) -> tuple[tuple[str, Any], ...]:
    """Fields of a structure whose names begin with ``prefix``, of ``kind``: ``total``, ``sndbyte:8`` of eight
    bytes, ``inhist[41]`` an array; ``_unused[2]`` is what nobody asks for."""
    found = []
    for word in words.split():
        name, _, count = word.rstrip("]").partition("[")
        name, wide, _ = name.partition(":")
        form = ctypes.c_uint64 if wide else kind
        full = name if name.startswith("_") else f"{prefix}{name}"
        found.append((full, form * int(count) if count else form))
    return tuple(found)


def of_structure(found: ctypes.Structure, prefix: str) -> dict[str, int]:
    """The counters in a structure, by the names of the rules."""
    told: dict[str, int] = {}
    for field in found._fields_:
        name, value = field[0].removeprefix(prefix), getattr(found, field[0])
        if name.endswith("hist"):
            told.update(histogram(name.removesuffix("hist"), value))
        elif not name.startswith("_"):
            told[name] = value
    return told


def connected(net_sockets: Callable[[Sequence[str], bool], list[snetsock]]) -> int:
    """How many TCP connections there are (RFC 4022: those established, and those closed by the other)."""
    current = {ConnectionStatus.CONN_ESTABLISHED, ConnectionStatus.CONN_CLOSE_WAIT}
    return sum(row.status in current for row in net_sockets(("tcp", "tcp6"), False))


def all_counters(
    found: Mapping[str, dict[str, int]], forwards: Callable[[], int], connections: Callable[[], int]
) -> dict[str, dict[str, int]]:
    """The counters of every protocol; ``found`` are the kernel's of ip, icmp, tcp, udp, ip6, icmp6, and udp6
    where it counts that apart. What it lacks is left out.

    ``forwards`` tells whether packets are forwarded, ``connections`` how many there are of TCP."""
    known = dict(found)
    if "ip" in known:
        known["ip"] = {**known["ip"], "forwarding": 1 if forwards() else 2}
    if "tcp" in known:
        known["tcp"] = {**known["tcp"], "established": connections()}
    return {
        protocol: counters(protocol, known[source])
        for protocol, source in _SOURCES.items()
        if source in known
    }
