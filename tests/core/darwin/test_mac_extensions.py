"""Mappings, disk I/O, I/O policy, counters and groups of macOS, above a C library that tests make."""

from __future__ import annotations

import errno
import socket
import struct

import pytest

from sysutils.core.bsd import protocols as rules
from sysutils.core.darwin import protocols, scheduling
from tests.support.mac import OTHER, Proc, statistics


def test_mappings(made) -> None:
    rows = made.core.process_mappings(400, None)
    assert [(row.start, row.end, row.perms, row.path) for row in rows] == [
        (0x0, 0x4000, "r-xp", "/usr/bin/python3"), (0x4000, 0x8000, "rw-p", "/usr/bin/python3"),
        (0x8000, 0xC000, "r-xp", "/usr/lib/dyld"), (0xC000, 0x10000, "rw-p", "/usr/lib/dyld"),
        (0x10000, 0x14000, "rw-p", "[heap]"), (0x14000, 0x18000, "rw-p", "[stack]"),
        (0x18000, 0x1C000, "rw-s", ""),
    ]  # fmt: skip
    assert rows[0][3:] == (
        0x8000, "01:04", 1, "/usr/bin/python3",
        {"Size": 16, "Rss": 12, "Shared_Dirty": 0, "Private_Dirty": 4, "Swap": 8},
    )  # fmt: skip
    assert (rows[6].device, rows[6].inode) == ("00:00", 0)
    assert rows[6].figures["Shared_Dirty"] == 4


def test_figures_that_are_wanted(made) -> None:
    (first, *_) = made.core.process_mappings(400, ("Rss", "Pss"))
    assert first.figures == {"Rss": 12}
    assert made.core.process_mappings(400)[0].figures == {}


def test_mappings_of_large_pages(made) -> None:
    made.mac.names["hw.pagesize"] = struct.pack("q", 16384)
    assert made.core.process_mappings(400, ("Rss",))[0].figures == {"Rss": 48}


def test_mappings_of_those_without_memory(made) -> None:
    assert made.core.process_mappings(401) == []  # a zombie
    with pytest.raises(PermissionError):
        made.core.process_mappings(500)
    with pytest.raises(ProcessLookupError):
        made.core.process_mappings(399)


def test_a_process_that_ends_while_its_mappings_are_read(made) -> None:
    found = made.mac.processes[400]
    told = made.mac._region

    def ends(one: Proc, address: int) -> object:
        if address:
            made.mac.processes.pop(400, None)
            return errno.ESRCH
        return told(one, address)

    made.mac._region = ends
    assert [row.path for row in made.core.process_mappings(400)] == ["/usr/bin/python3"]
    made.mac.processes[400] = found
    made.mac._region = lambda *_: errno.EINVAL
    assert made.core.process_mappings(400) == []


def test_regions_that_do_not_go_on(made) -> None:
    made.mac.region_size = 0
    assert len(made.core.process_mappings(300)) == 1


# ---- disk I/O


def test_disk_io(made) -> None:
    stats = made.core.TaskStats()
    assert not stats.per_thread
    assert stats.thread(400) == (1048576, 4096)
    with pytest.raises(made.core.AccessDenied):
        stats.thread(500)
    with pytest.raises(made.core.NoSuchProcess):
        stats.thread(399)
    stats.close()
    (row, other) = made.core.process_table(["pid", "io_counters"], [300, 500])
    assert (row.io_counters.read_bytes, row.io_counters.write_bytes) == (1048576, 4096)
    assert other.io_counters is None
    assert not hasattr(made.core.Process, "io_counters"), "psutil has none there"


# ---- the I/O policy


@pytest.mark.parametrize(
    ("policy", "told"),
    [(0, (0, 0)), (1, (2, 0)), (2, (2, 4)), (3, (3, 7)), (4, (2, 7)), (5, (2, 4)), (77, (0, 0))],
)
def test_policy_is_told(made, policy: int, told: tuple[int, int]) -> None:
    made.mac.policy = policy
    value = made.core.io_priority(1, 0)
    assert (value >> 13, value & 8191) == told


@pytest.mark.parametrize(
    ("wanted", "policy"),
    [((0, 0), 0), ((2, 0), 1), ((2, 3), 1), ((2, 4), 5), ((2, 5), 4), ((2, 7), 4), ((3, 7), 3)],
)
def test_policy_is_set(made, wanted: tuple[int, int], policy: int) -> None:
    made.core.set_io_priority(1, 0, wanted[0] << 13 | wanted[1])
    assert made.mac.policy == policy


def test_policies_that_there_are_not(made) -> None:
    for ioclass, level in ((1, 4), (2, 8), (9, 0)):
        with pytest.raises(OSError, match="Invalid argument"):
            made.core.set_io_priority(1, 0, ioclass << 13 | level)
    for kind, who in ((1, 400), (2, 0), (3, OTHER)):
        with pytest.raises(NotImplementedError):
            made.core.io_priority(kind, who)
        with pytest.raises(NotImplementedError):
            made.core.set_io_priority(kind, who, 0)
    made.mac.policy = -errno.EPERM
    with pytest.raises(PermissionError):
        made.core.io_priority(1, 0)
    with pytest.raises(PermissionError):
        made.core.set_io_priority(1, 0, 3 << 13)
    assert scheduling.policy_of(3 << 13) == scheduling.IOPOL_THROTTLE


# ---- counters of protocols


def test_counters(made) -> None:
    found = made.core.net_protocol_stats()
    assert list(found) == ["Ip", "Icmp", "Tcp", "Udp", "TcpExt", "Ip6", "Icmp6"]
    ip = found["Ip"]
    assert (ip["InReceives"], ip["InDelivers"], ip["OutRequests"], ip["OutNoRoutes"]) == (
        100, 114, 115 + 124, 122,
    )  # fmt: skip
    assert ip["InHdrErrors"] == 101 + 102 + 103 + 104 + 105 + 121 + 123 + 125
    icmp = found["Icmp"]
    incoming = list(range(100 + 49, 100 + 49 + 41))
    assert (icmp["InMsgs"], icmp["InEchos"]) == (sum(incoming) + 145 + 146, incoming[8])
    assert (icmp["OutMsgs"], icmp["OutEchoReps"]) == (sum(range(103, 144)), 103)
    tcp = found["Tcp"]
    assert (tcp["ActiveOpens"], tcp["PassiveOpens"], tcp["RetransSegs"]) == (100, 101, 118)
    assert tcp["OutSegs"] == 0, "more were sent again than were sent: none is left"
    assert "CurrEstab" not in tcp, "what is not counted is not told"
    assert found["TcpExt"]["ListenDrops"] == 160
    assert found["Udp"]["OutDatagrams"] == 109
    assert found["Ip6"]["FragOKs"] == 115
    assert found["Icmp6"]["InNeighborSolicits"] == 100 + 264 + 135


def test_counters_of_a_kernel_that_lacks_some(made) -> None:
    del made.mac.names["net.inet6.ip6.stats"], made.mac.names["net.inet6.icmp6.stats"]
    made.mac.names["net.inet.ip.stats"] = struct.pack("3I", 1, 2, 3) + b"\1\2"
    found = made.core.net_protocol_stats()
    assert list(found) == ["Ip", "Icmp", "Tcp", "Udp", "TcpExt"]
    assert found["Ip"] == {"InReceives": 1, "InHdrErrors": 5}


def test_counters_of_a_newer_kernel_go_on(made) -> None:
    before = made.core.net_protocol_stats()
    for name, data in statistics().items():
        made.mac.names[name] = data + bytes(64)
    assert made.core.net_protocol_stats() == before


def test_every_rule_is_of_a_counter_that_is_told() -> None:
    known: dict[str, set[str]] = {}
    for linux, (_, name, size) in protocols._TABLES.items():
        known.setdefault(linux, set()).update(protocols.parse(name, bytes(size * 600), size))
    known["Ip"] |= {"forwarding", "idropped"}  # what the BSDs alone tell
    known["Tcp"].add("established")
    known["TcpExt"] |= {"sc_sendcookie", "sc_recvcookie", "sc_reset", "sndrexmitfast"}
    known["Ip6"] |= {"toobig", "badscope", "idropped"}
    for protocol, names in known.items():
        for _, *parts in rules._lines(protocol):
            assert parts[0].removeprefix("-") in names, (protocol, parts)


# ---- groups


def test_groups(made) -> None:
    assert made.core.net_multicast_groups() == [
        (socket.AF_INET, "en0", None, "224.0.0.251"), (socket.AF_INET6, "lo0", None, "ff02::1"),
    ]  # fmt: skip
    assert "freeifmaddrs" in made.mac.calls
    made.mac.groups = b""
    assert made.core.net_multicast_groups() == []
