"""Counters of protocols for fixtures: the same of every BSD, whose headers lay them out."""

from __future__ import annotations

#: protocol -> what the fields' names begin with, and counters
VALUES: dict[str, tuple[str, dict[str, int]]] = {
    "ip": ("ips_", {
        "total": 1000, "badsum": 1, "tooshort": 2, "badvers": 4, "cantforward": 8, "forward": 16,
        "noproto": 32, "delivered": 900, "localout": 800, "rawout": 50, "odropped": 3, "noroute": 5,
        "fragments": 60, "fragdropped": 6, "fragtimeout": 7, "reassembled": 20, "fragmented": 9,
        "ofragments": 27, "cantfrag": 10,
    }),
    "tcp": ("tcps_", {
        "connattempt": 70, "accepts": 30, "drops": 5, "conndrops": 4, "delack": 11, "sndtotal": 5000,
        "sndrexmitpack": 50, "rcvtotal": 6000, "rcvbadsum": 2, "rcvshort": 1, "preddat": 3000,
        "pawsdrop": 6, "rexmttimeo": 12, "keepdrops": 3, "timeoutdrop": 2,
    }),
    "udp": ("udps_", {
        "ipackets": 500, "hdrops": 1, "badsum": 2, "badlen": 3, "noport": 40, "noportbcast": 8,
        "fullsock": 6, "opackets": 450,
    }),
    "icmp": ("icps_", {
        "badcode": 1, "tooshort": 2, "checksum": 3, "inhist[8]": 20, "inhist[3]": 5, "outhist[0]": 20,
        "outhist[3]": 7,
    }),
    "ip6": ("ip6s_", {
        "total": 300, "badvers": 2, "badscope": 3, "delivered": 290, "localout": 280, "forward": 1,
        "noroute": 4,
    }),
    "icmp6": ("icp6s_", {"checksum": 1, "inhist[135]": 9, "outhist[136]": 9, "outhist[128]": 2}),
}  # fmt: skip


def structures() -> dict[str, tuple[str, str]]:
    """Fixtures of FreeBSD and OpenBSD: ``struct ipstat`` and its like."""
    return {
        f"{name}stat": (
            f"struct {name}stat",
            "{ " + ", ".join(f".{prefix}{word} = {value}" for word, value in values.items()) + " }",
        )
        for name, (prefix, values) in VALUES.items()
    }


def arrays() -> dict[str, tuple[str, str]]:
    """Fixtures of NetBSD: arrays of 64-bit numbers."""
    return {f"{name}stat": _array(name, values) for name, (_, values) in VALUES.items()}


def _array(name: str, values: dict[str, int]) -> tuple[str, str]:
    places = []
    for word, value in values.items():
        field, _, index = word.rstrip("]").partition("[")
        more = f" + {index}" if index else ""
        places.append(f"[{name.upper()}_STAT_{field.upper()}{more}] = {value}")
    return f"uint64_t[{name.upper()}_NSTATS]", "{ " + ", ".join(places) + " }"
