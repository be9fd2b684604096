"""Counters of protocols by the names that Linux has, made of those of the kernels of macOS and the BSDs.

A line of a rule is a name of Linux' and what it is the sum of: names of the kernel's structures without what
they begin with (``ips_``, ``tcps_``), ``-`` before one that is taken off. What a kernel does not count is
left out; a counter whose first part it does not count is not told."""

from collections.abc import Mapping, Sequence
from functools import cache

RULES = {
    "Ip": """
        InReceives total
        InHdrErrors badsum tooshort toosmall badhlen badlen badoptions badvers
        InAddrErrors badaddr
        ForwDatagrams forward
        InUnknownProtos noproto
        InDiscards pktdropcntrl
        InDelivers delivered
        OutRequests localout
        OutDiscards odropped
        OutNoRoutes noroute
        ReasmTimeout fragtimeout
        ReasmReqds fragments
        ReasmOKs reassembled
        ReasmFails fragdropped fragtimeout
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
        InSegs rcvtotal
        OutSegs sndtotal -sndrexmitpack
        RetransSegs sndrexmitpack
        InErrs rcvbadsum rcvbadoff rcvshort
    """,
    "Udp": """
        InDatagrams ipackets -hdrops -badsum -badlen -noport -noportbcast -fullsock
        NoPorts noport noportbcast
        InErrors hdrops badsum badlen fullsock
        OutDatagrams opackets
        RcvbufErrors fullsock
        InCsumErrors badsum
    """,
    "TcpExt": """
        PAWSEstab pawsdrop
        DelayedACKs delack
        ListenDrops listendrop
        TCPHPHits preddat
        TCPHPAcks predack
        TCPAbortOnTimeout timeoutdrop keepdrops persistdrop
        TCPTimeouts rexmttimeo
    """,
    "Ip6": """
        InReceives total
        InHdrErrors badoptions badvers toomanyhdr
        InTruncatedPkts tooshort toosmall
        InDelivers delivered
        OutForwDatagrams forward
        OutRequests localout
        OutDiscards odropped
        OutNoRoutes noroute
        ReasmTimeout fragtimeout
        ReasmReqds fragments
        ReasmOKs reassembled
        ReasmFails fragdropped fragtimeout
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
