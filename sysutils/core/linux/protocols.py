"""Counters of the network protocols: /proc/net/snmp, netstat, snmp6."""

from sysutils.core.linux.proc_net import read_long

Counters = dict[str, dict[str, int]]


def parse_snmp(data: bytes) -> Counters:
    """``{"Ip": {"Forwarding": 1, …}, "Tcp": {…}, …}`` of ``/proc/net/snmp`` or ``netstat``, in order.

    Lines come in twos, ``Ip: Forwarding DefaultTTL …`` and ``Ip: 1 64 …``; a number may be negative
    (``MaxConn -1``). Names without a number are left out. Raises ValueError with the line for one that
    has no partner or no numbers."""
    found: Counters = {}
    lines = [line for line in data.split(b"\n") if line.strip()]
    for names, values in zip(lines[::2], [*lines[1::2], b""], strict=False):
        protocol, colon, heads = names.partition(b":")
        again, _, numbers = values.partition(b":")
        if not colon or again != protocol:
            raise ValueError(f"no numbers for: {names!r}")
        try:
            counters = dict(zip(heads.decode().split(), map(int, numbers.split()), strict=False))
        except ValueError:
            raise ValueError(f"not a line of numbers: {values!r}") from None
        found.setdefault(protocol.decode("ascii", "replace"), {}).update(counters)
    return found


def parse_snmp6(data: bytes) -> Counters:
    """``{"Ip6": {"InReceives": 22, …}, "Icmp6": {…}, …}`` of ``/proc/net/snmp6``, in its order.

    ``Ip6InReceives  22``: the protocol ends at the first ``6``. Raises ValueError with the line for one
    that is not of this kind."""
    found: Counters = {}
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        try:
            name, number = line.decode().split()[:2]
            protocol, six, counter = name.partition("6")
            if not six:
                raise ValueError
            found.setdefault(protocol + six, {})[counter] = int(number)
        except ValueError:
            raise ValueError(f"not a line of /proc/net/snmp6: {line!r}") from None
    return found


def net_protocol_stats() -> Counters:
    """Counters of all protocols since boot: those of snmp, then netstat, then snmp6."""
    found: Counters = {}
    for name, parse in ((b"snmp", parse_snmp), (b"netstat", parse_snmp), (b"snmp6", parse_snmp6)):
        try:
            data = read_long(name)
        except FileNotFoundError:
            continue
        found.update(parse(data))
    return found
