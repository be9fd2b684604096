"""Counters of the protocols as netstat -s tells them: a sentence for each that it knows, else its name.

The sentences are net-tools' own words, which scripts look for."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sysutils import core
from sysutils.cli.netstat_choice import INET, Choice, lacks, refusal, told
from sysutils.cli.options import CommandError
from sysutils.cli.output.column import Column

#: protocol -> lines of name, when it is shown, sentence. ``=`` always, ``+`` unless 0, ``-`` never,
#: ``<`` ``>`` unless 0 in the histogram of what came in or went out
_SENTENCES = {
    "Ip": """
        DefaultTTL -
        InReceives = {} total packets received
        InHdrErrors + {} with invalid headers
        InAddrErrors + {} with invalid addresses
        ForwDatagrams = {} forwarded
        InUnknownProtos + {} with unknown protocol
        InDiscards = {} incoming packets discarded
        InDelivers = {} incoming packets delivered
        OutRequests = {} requests sent out
        OutDiscards + {} outgoing packets dropped
        OutNoRoutes + {} dropped because of missing route
        ReasmTimeout + {} fragments dropped after timeout
        ReasmReqds + {} reassemblies required
        ReasmOKs + {} packets reassembled ok
        ReasmFails + {} packet reassemblies failed
        FragOKs + {} outgoing packets fragmented ok
        FragFails + {} outgoing packets failed fragmentation
        FragCreates + {} fragments created
    """,
    "Ip6": """
        InReceives = {} total packets received
        InHdrErrors + {} with invalid headers
        InTooBigErrors + {} with packets too big
        InNoRoutes + {} incoming packets with no route
        InAddrErrors + {} with invalid addresses
        InUnknownProtos + {} with unknown protocol
        InTruncatedPkts + {} with truncated packets
        InDiscards = {} incoming packets discarded
        InDelivers = {} incoming packets delivered
        OutForwDatagrams = {} forwarded
        OutRequests = {} requests sent out
        OutDiscards + {} outgoing packets dropped
        OutNoRoutes + {} dropped because of missing route
        ReasmTimeout + {} fragments dropped after timeout
        ReasmReqds + {} reassemblies required
        ReasmOKs + {} packets reassembled ok
        ReasmFails + {} packet reassemblies failed
        FragOKs + {} outgoing packets fragmented ok
        FragFails + {} outgoing packets failed fragmentation
        FragCreates + {} fragments created
        InMcastPkts + {} incoming multicast packets
        OutMcastPkts + {} outgoing multicast packets
    """,
    "Icmp": """
        InMsgs = {} ICMP messages received
        InErrors = {} input ICMP message failed
        InDestUnreachs < destination unreachable: {}
        InTimeExcds < timeout in transit: {}
        InParmProbs < wrong parameters: {}
        InSrcQuenchs < source quenches: {}
        InRedirects < redirects: {}
        InEchos < echo requests: {}
        InEchoReps < echo replies: {}
        InTimestamps < timestamp request: {}
        InTimestampReps < timestamp reply: {}
        InAddrMasks < address mask request: {}
        InAddrMaskReps < address mask replies: {}
        OutMsgs = {} ICMP messages sent
        OutErrors = {} ICMP messages failed
        OutDestUnreachs > destination unreachable: {}
        OutTimeExcds > time exceeded: {}
        OutParmProbs > wrong parameters: {}
        OutSrcQuenchs > source quench: {}
        OutRedirects > redirect: {}
        OutEchos > echo requests: {}
        OutEchoReps > echo replies: {}
        OutTimestamps > timestamp requests: {}
        OutTimestampReps > timestamp replies: {}
        OutAddrMasks > address mask requests: {}
        OutAddrMaskReps > address mask replies: {}
    """,
    "Icmp6": """
        InMsgs = {} ICMP messages received
        InErrors = {} input ICMP message failed
        OutMsgs = {} ICMP messages sent
        InDestUnreachs < destination unreachable: {}
        InPktTooBigs < packets too big: {}
        InTimeExcds < received ICMPv6 time exceeded: {}
        InParmProblems < parameter problem: {}
        InEchos < echo requests: {}
        InEchoReplies < echo replies: {}
        InGroupMembQueries < group member queries: {}
        InGroupMembResponses < group member responses: {}
        InGroupMembReductions < group member reductions: {}
        InRouterSolicits < router solicits: {}
        InRouterAdvertisements < router advertisement: {}
        InNeighborSolicits < neighbour solicits: {}
        InNeighborAdvertisements < neighbour advertisement: {}
        InRedirects < redirects: {}
        OutDestUnreachs > destination unreachable: {}
        OutPktTooBigs > packets too big: {}
        OutTimeExcds > sent ICMPv6 time exceeded: {}
        OutParmProblems > parameter problem: {}
        OutEchos > echo requests: {}
        OutEchoReplies > echo replies: {}
        OutGroupMembQueries > group member queries: {}
        OutGroupMembResponses > group member responses: {}
        OutGroupMembReductions > group member reductions: {}
        OutRouterSolicits > router solicits: {}
        OutNeighborSolicits > neighbor solicits: {}
        OutNeighborAdvertisements > neighbor advertisements: {}
        OutRedirects > redirects: {}
    """,
    "Tcp": """
        RtoAlgorithm -
        RtoMin -
        RtoMax -
        MaxConn -
        ActiveOpens = {} active connection openings
        PassiveOpens = {} passive connection openings
        AttemptFails = {} failed connection attempts
        EstabResets = {} connection resets received
        CurrEstab = {} connections established
        InSegs = {} segments received
        OutSegs = {} segments sent out
        RetransSegs = {} segments retransmitted
        InErrs = {} bad segments received
        OutRsts = {} resets sent
    """,
    "Udp": """
        InDatagrams = {} packets received
        NoPorts = {} packets to unknown port received
        InErrors = {} packet receive errors
        OutDatagrams = {} packets sent
        RcvbufErrors = {} receive buffer errors
        SndbufErrors = {} send buffer errors
    """,
    "Udp6": """
        InDatagrams = {} packets received
        NoPorts = {} packets to unknown port received
        InErrors = {} packet receive errors
        OutDatagrams = {} packets sent
    """,
    "TcpExt": """
        SyncookiesSent + {} SYN cookies sent
        SyncookiesRecv + {} SYN cookies received
        SyncookiesFailed + {} invalid SYN cookies received
        EmbryonicRsts + {} resets received for embryonic SYN_RECV sockets
        PruneCalled + {} packets pruned from receive queue because of socket buffer overrun
        RcvPruned + {} packets pruned from receive queue
        OfoPruned + {} packets dropped from out-of-order queue because of socket buffer overrun
        OutOfWindowIcmps + {} ICMP packets dropped because they were out-of-window
        LockDroppedIcmps + {} ICMP packets dropped because socket was locked
        TW + {} TCP sockets finished time wait in fast timer
        TWRecycled + {} time wait sockets recycled by time stamp
        PAWSActive + {} active connections rejected because of time stamp
        PAWSEstab + {} packets rejected in established connections because of timestamp
        DelayedACKs + {} delayed acks sent
        DelayedACKLocked + {} delayed acks further delayed because of locked socket
        DelayedACKLost + Quick ack mode was activated {} times
        ListenOverflows + {} times the listen queue of a socket overflowed
        ListenDrops + {} SYNs to LISTEN sockets dropped
        TCPHPHits = {} packet headers predicted
        TCPPureAcks + {} acknowledgments not containing data payload received
        TCPHPAcks + {} predicted acknowledgments
        TCPRenoRecovery + {} times recovered from packet loss due to fast retransmit
        TCPSACKReorder + Detected reordering {} times using SACK
        TCPRenoReorder + Detected reordering {} times using reno fast retransmit
        TCPTSReorder + Detected reordering {} times using time stamp
        TCPFullUndo + {} congestion windows fully recovered without slow start
        TCPPartialUndo + {} congestion windows partially recovered using Hoe heuristic
        TCPLossUndo + {} congestion windows recovered without slow start after partial ack
        TCPRenoFailures + {} timeouts after reno fast retransmit
        TCPLossFailures + {} timeouts in loss state
        TCPFastRetrans + {} fast retransmits
        TCPSlowStartRetrans + {} retransmits in slow start
        TCPRcvCollapsed + {} packets collapsed in receive queue due to low socket buffer
        TCPAbortOnData + {} connections reset due to unexpected data
        TCPAbortOnClose + {} connections reset due to early user close
        TCPAbortOnMemory + {} connections aborted due to memory pressure
        TCPAbortOnTimeout + {} connections aborted due to timeout
        TCPAbortOnLinger + {} connections aborted after user close in linger timeout
        TCPAbortFailed + {} times unable to send RST due to no memory
        TCPMemoryPressures + TCP ran low on memory {} times
        PAWSPassive + {} passive connections rejected because of time stamp
        SockMallocOOM + Ran {} times out of system memory during packet sending
        TCPAbortOnSyn + {} connections reset due to unexpected SYN
        TCPDirectCopyFromBacklog + {} bytes directly in process context from backlog
        TCPFACKReorder + Detected reordering {} times using FACK
        TCPForwardRetrans + {} forward retransmits
        TCPHPHitsToUser + {} packet headers predicted and directly queued to user
        TCPLostRetransmits + {} retransmits lost
        TCPPrequeued + {} packets directly queued to recvmsg prequeue
        TCPSchedulerFailed + {} times receiver scheduled too late for direct processing
    """,
}
#: protocol -> option that selects it; others are always shown
_CHOSEN_BY = {
    "Ip": "raw", "Icmp": "raw", "Tcp": "tcp", "TcpExt": "tcp", "Udp": "udp",
    "Ip6": "raw", "Icmp6": "raw", "Udp6": "udp",
}  # fmt: skip
_HISTOGRAMS = {"<": "ICMP input histogram:", ">": "ICMP output histogram:"}

Counters = dict[str, dict[str, int]]


class Counter(NamedTuple):
    """One counter of a protocol, by the kernel's names."""

    protocol: str
    name: str
    value: int


COLUMNS = (
    Column("protocol", "Protocol", lambda row: row.protocol, help="Protocol, as the kernel names it."),
    Column("name", "Counter", lambda row: row.name, help="Counter, as the kernel names it."),
    Column("value", "Value", lambda row: row.value, right=True, help="Count since boot."),
)  # fmt: skip


def sentences(protocol: str) -> dict[str, tuple[str, str]]:
    """``{"InReceives": ("=", "{} total packets received")}``."""
    found = {}
    for line in _SENTENCES.get(protocol, "").split("\n"):
        name, _, rest = line.strip().partition(" ")
        if name:
            found[name] = (rest[:1], rest[2:])
    return found


def of_version(counters: Counters, ipv6: bool) -> Counters:
    """The protocols of IPv4, or those of IPv6 and TCP, which counts both."""
    found = {name: values for name, values in counters.items() if name.endswith("6") == ipv6}
    if ipv6 and "Tcp" in counters:
        found["Tcp"] = counters["Tcp"]
    return found


def is_shown(protocol: str, chosen: Collection[str]) -> bool:
    """Whether -t, -u, -w (in ``chosen`` by their long names) leave a protocol's counters."""
    return not chosen or _CHOSEN_BY.get(protocol) in {None, *chosen}


def rows_of(counters: Counters, chosen: Collection[str]) -> Iterator[Counter]:
    """Every counter of the protocols chosen, also those that no text shows."""
    for protocol, values in counters.items():
        if is_shown(protocol, chosen):
            for name, value in values.items():
                yield Counter(protocol, name, value)


def lines_of(counters: Counters, chosen: Collection[str]) -> Iterator[str]:
    """A title for each protocol chosen, below it its counters.

    Lines behind a histogram stand as far in as its own, until a sentence or a protocol that has some
    comes: as in net-tools."""
    histogram = ""
    for protocol, values in counters.items():
        known = sentences(protocol)
        if known:
            histogram = ""
        if not is_shown(protocol, chosen):
            continue
        yield f"{protocol}:\n"
        prefix = protocol if protocol.endswith("6") else ""
        for name, value in values.items():
            number = value % (1 << 64)  # counted without a sign
            when, sentence = known.get(name, ("", ""))
            indent = " " * (8 if histogram else 4)
            if when in _HISTOGRAMS and histogram != when:
                yield f"{indent}{_HISTOGRAMS[when]}\n"
                histogram = when
            if when == "=" or (when == "+" and number):
                yield f"    {sentence.format(number)}\n"
                histogram = ""
            elif when in _HISTOGRAMS and number:
                yield f"        {sentence.format(number)}\n"
            elif not when and number:
                yield f"{indent}{prefix}{name}: {number}\n"


# --- reports


def _without_counters(choice: Choice) -> str:
    """The families that are asked for in vain: counters are those of one IP version."""
    families = choice.families
    return "" if len(families) < 2 and INET.issuperset(families) else ",".join(families)


def counters(choice: Choice) -> Counters:
    """The counters to choose from. Raises CommandError for what has none."""
    if named := _without_counters(choice):
        raise CommandError(f"No statistics support for specified address family: {named}")
    found = told(core.net_protocol_stats, {})
    ipv6 = "inet6" in choice.families
    if not found and lacks("snmp"):
        raise refusal(f"cannot open /proc/net/snmp{'6' * ipv6}: No such file or directory\n", 0)
    return of_version(found, ipv6)


def lines(choice: Choice, first: bool = True) -> Iterator[str]:  # noqa: ARG001
    """The counters in net-tools' format."""
    if named := _without_counters(choice):  # net-tools says so on standard output
        yield f"netstat: No statistics support for specified address family: {named}\n"
        raise refusal("")
    yield from lines_of(counters(choice), choice.protocols)


def rows(choice: Choice) -> Iterator[Counter]:
    """The rows of JSON and CSV."""
    return rows_of(counters(choice), choice.protocols)


def columns(_: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    return COLUMNS
