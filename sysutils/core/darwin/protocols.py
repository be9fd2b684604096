"""Counters of protocols of macOS (sysctl ``net.inet.*.stats``): structures of numbers of one size.

Their headers are none of the SDK; the order of the fields is that of xnu's sources, told as far as it has not
changed since macOS 10.12."""

from sysutils.core.bsd import protocols, sysctl

#: the fields of struct ipstat, tcpstat, udpstat, icmpstat, ip6stat, icmp6stat in their order, without what
#: their names begin with; ``in[41]`` are as many numbers
_FIELDS = {
    "ip": """
        total badsum tooshort toosmall badhlen badlen fragments fragdropped fragtimeout forward
        fastforward cantforward redirectsent noproto delivered localout odropped reassembled
        fragmented ofragments cantfrag badoptions noroute badvers rawout toolong notmember nogif
        badaddr pktdropcntrl
    """,
    "tcp": """
        connattempt accepts connects drops conndrops closed segstimed rttupdated delack
        timeoutdrop rexmttimeo persisttimeo keeptimeo keepprobe keepdrops sndtotal sndpack
        sndbyte sndrexmitpack sndrexmitbyte sndacks sndprobe sndurg sndwinup sndctrl rcvtotal
        rcvpack rcvbyte rcvbadsum rcvbadoff rcvmemdrop rcvshort rcvduppack rcvdupbyte
        rcvpartduppack rcvpartdupbyte rcvoopack rcvoobyte rcvpackafterwin rcvbyteafterwin
        rcvafterclose rcvwinprobe rcvdupack rcvacktoomuch rcvackpack rcvackbyte rcvwinupd
        pawsdrop predack preddat pcbcachemiss cachedrtt cachedrttvar cachedssthresh usedrtt
        usedrttvar usedssthresh persistdrop badsyn mturesent listendrop
    """,
    "udp": """
        ipackets hdrops badsum badlen noport noportbcast fullsock pcbcachemiss pcbhashmiss
        opackets
    """,
    "icmp": """
        error oldshort oldicmp out[41] badcode tooshort checksum badlen reflect in[41]
    """,
    "ip6": """
        total tooshort toosmall fragments fragdropped fragtimeout fragoverflow forward
        cantforward redirectsent delivered localout odropped reassembled atmfrag_rcvd fragmented
        ofragments cantfrag badoptions noroute badvers
    """,
    "icmp6": """
        error canterror toofreq out[256] badcode tooshort checksum badlen reflect in[256]
    """,
}  # fmt: skip
#: Linux' name -> place, our name of the structure, bytes of a number
_TABLES = {
    "Ip": ("net.inet.ip.stats", "ip", 4),
    "Icmp": ("net.inet.icmp.stats", "icmp", 4),
    "Tcp": ("net.inet.tcp.stats", "tcp", 4),
    "Udp": ("net.inet.udp.stats", "udp", 4),
    "TcpExt": ("net.inet.tcp.stats", "tcp", 4),
    "Ip6": ("net.inet6.ip6.stats", "ip6", 8),
    "Icmp6": ("net.inet6.icmp6.stats", "icmp6", 8),
}


def _numbers(data: bytes, size: int) -> list[int]:
    view = memoryview(data[: len(data) // size * size])
    return view.cast("I" if size == 4 else "Q").tolist()


def parse(name: str, data: bytes, size: int) -> dict[str, int]:
    """The fields of a structure, those of an array as ``histogram`` has them; what is cut off is left out."""
    numbers, at = _numbers(data, size), 0
    found: dict[str, int] = {}
    for word in _FIELDS[name].split():
        field, bracket, rest = word.partition("[")
        length = int(rest.rstrip("]")) if bracket else 1
        values = numbers[at : at + length]
        if len(values) == length:
            found.update(protocols.histogram(field, values) if bracket else {field: values[0]})
        at += length
    return found


def net_protocol_stats() -> dict[str, dict[str, int]]:
    """Counters since boot by protocol and Linux' names, those that macOS counts (sysctl). Of both versions of
    IP together are those of TCP and UDP; newer systems tell TCP's to root alone, and zeros to others."""
    read: dict[str, bytes] = {}
    found = {}
    for protocol, (place, name, size) in _TABLES.items():
        if place not in read:
            try:
                read[place] = sysctl.read_name(place)
            except FileNotFoundError:
                read[place] = b""  # a kernel without the protocol
        if read[place]:
            found[protocol] = protocols.counters(protocol, parse(name, read[place], size))
    return found
