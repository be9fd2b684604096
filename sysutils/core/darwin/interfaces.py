"""Network interfaces of macOS: flags, MTU and counters by sysctl, media by ioctl."""

import ctypes
import os
import socket
import struct
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import sinterface, snetio, snicstats
from sysutils.core.bsd import if_details, routes, sysctl
from sysutils.core.posix import ifaddrs

CTL_NET, PF_ROUTE, NET_RT_IFLIST2, RTM_IFINFO2 = 4, 17, 6, 0x12
AF_INET6, AF_LINK = 30, 18
IFF_RUNNING = 0x40
SIOCGIFMEDIA = 0xC02C6938
IFM_TMASK, IFM_FDX, IFM_HDX = 0x1F, 0x100000, 0x200000
IFM_NMASK, IFM_ETHER, IFM_TMASK_EXT, IFM_TMASK_EXT_SHIFT = 0xE0, 0x20, 0xF0000, 11

#: names of the flags (IFF_* of net/if.h), by bit
FLAGS = (
    "up", "broadcast", "debug", "loopback", "pointopoint", "notrailers", "running", "noarp", "promisc",
    "allmulti", "oactive", "simplex", "link0", "link1", "link2", "multicast",
)  # fmt: skip
#: Mbit/s of the kinds of Ethernet (IFM_* of net/if_media.h)
_KINDS = {
    10: (3, 4, 5, 12, 13,),
    100: (6, 7, 8, 9, 10, 52, 62,),
    1000: (11, 14, 15, 16, 24, 25, 41,),
    2500: (22, 32, 36, 63,),
    5000: (23, 64, 69, 70,),
    10000: (18, 19, 20, 21, 26, 27, 28, 29, 33, 34, 35, 42, 59,),
    20000: (30,),
    25000: (40, 53, 54, 55, 58, 60, 61, 65, 66, 67, 68, 71, 86,),
    40000: (37, 38, 43, 44, 45, 72, 73, 74,),
    50000: (39, 56, 57, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 87, 88,),
    56000: (51,),
    100000: (47, 48, 49, 50, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102,),
    200000: (103, 104, 105, 106, 107, 108, 109, 110, 111, 112,),
    400000: (113, 114, 115, 116, 117,),
}  # fmt: skip
SPEEDS = {kind: speed for speed, kinds in _KINDS.items() for kind in kinds}

_u8, _u16, _u32, _u64 = ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64


class if_data64(ctypes.Structure):
    """Kind, MTU and counters of an interface."""

    _pack_ = 4
    _layout_ = "ms"  # as Python wants it with _pack_; there are no bit fields
    _fields_ = (
        ("ifi_type", _u8),
        ("ifi_typelen", _u8),
        ("ifi_physical", _u8),
        ("ifi_addrlen", _u8),
        ("ifi_hdrlen", _u8),
        ("ifi_recvquota", _u8),
        ("ifi_xmitquota", _u8),
        ("ifi_unused1", _u8),
        ("ifi_mtu", _u32),
        ("ifi_metric", _u32),
        ("ifi_baudrate", _u64),
        ("ifi_ipackets", _u64),
        ("ifi_ierrors", _u64),
        ("ifi_opackets", _u64),
        ("ifi_oerrors", _u64),
        ("ifi_collisions", _u64),
        ("ifi_ibytes", _u64),
        ("ifi_obytes", _u64),
        ("ifi_imcasts", _u64),
        ("ifi_omcasts", _u64),
        ("ifi_iqdrops", _u64),
        ("ifi_noproto", _u64),
        ("ifi_recvtiming", _u32),
        ("ifi_xmittiming", _u32),
        ("ifi_lastchange", _u32 * 2),
    )


class if_msghdr2(ctypes.Structure):
    """One message of the list; a ``struct sockaddr_dl`` follows."""

    _pack_ = 4
    _layout_ = "ms"
    _fields_ = (
        ("ifm_msglen", _u16),
        ("ifm_version", _u8),
        ("ifm_type", _u8),
        ("ifm_addrs", ctypes.c_int32),
        ("ifm_flags", ctypes.c_int32),
        ("ifm_index", _u16),
        ("ifm_snd_len", ctypes.c_int32),
        ("ifm_snd_maxlen", ctypes.c_int32),
        ("ifm_snd_drops", ctypes.c_int32),
        ("ifm_timer", ctypes.c_int32),
        ("ifm_data", if_data64),
    )


class Link(NamedTuple):
    """An interface: its name, its message, its hardware address."""

    name: str
    head: if_msghdr2
    address: bytes

    @property
    def flags(self) -> int:
        """IFF_* bits of this system."""
        flags: int = self.head.ifm_flags & 0xFFFF
        return flags


def parse_list(data: bytes) -> Iterator[Link]:
    """The interfaces of the answer to NET_RT_IFLIST2; a message that is cut off ends it."""
    size = ctypes.sizeof(if_msghdr2)
    for kind, message in routes.messages(data):
        if kind == RTM_IFINFO2 and len(message) >= size + 8:
            head = if_msghdr2.from_buffer_copy(message)
            sockaddr = message[size:]
            name = sockaddr[8 : 8 + sockaddr[5]]
            yield Link(os.fsdecode(name), head, ifaddrs.hardware_address(sockaddr))


def links() -> list[Link]:
    """Every interface, in the kernel's order (sysctl). Raises OSError."""
    return list(parse_list(sysctl.read((CTL_NET, PF_ROUTE, 0, 0, NET_RT_IFLIST2, 0))))


def net_io_counters() -> dict[str, snetio]:
    """What each interface sent and received; what was dropped while sending is not told, and 0 (sysctl)."""
    return {link.name: _io(link.head.ifm_data) for link in links()}


def _io(one: if_data64) -> snetio:
    return snetio(
        one.ifi_obytes, one.ifi_ibytes, one.ifi_opackets, one.ifi_ipackets, one.ifi_ierrors,
        one.ifi_oerrors, one.ifi_iqdrops, 0,
    )  # fmt: skip


def flag_names(flags: int) -> str:
    """The names of flags: ``up,broadcast,running,simplex,multicast``."""
    return ",".join([name for bit, name in enumerate(FLAGS) if flags >> bit & 1])


def media(word: int) -> tuple[NicDuplex, int]:
    """Duplex mode and Mbit/s of the word for the medium that is in use."""
    duplex = NicDuplex.NIC_DUPLEX_UNKNOWN
    if word & IFM_FDX:
        duplex = NicDuplex.NIC_DUPLEX_FULL
    elif word & IFM_HDX:
        duplex = NicDuplex.NIC_DUPLEX_HALF
    kind = word & IFM_TMASK | (word & IFM_TMASK_EXT) >> IFM_TMASK_EXT_SHIFT
    return duplex, SPEEDS.get(kind, 0) if word & IFM_NMASK == IFM_ETHER else 0


# struct ifmediareq: 16 bytes name, then ints: current, mask, status, active, count, and a pointer
MEDIA = struct.Struct("=16siiiii8x")


def _media_of(handle: socket.socket, name: str) -> tuple[NicDuplex, int]:
    ioctl = import_module("fcntl").ioctl  # no module of every system
    try:
        answer = ioctl(handle, SIOCGIFMEDIA, MEDIA.pack(os.fsencode(name), 0, 0, 0, 0, 0))
    except OSError:
        return NicDuplex.NIC_DUPLEX_UNKNOWN, 0  # it has no media, or is gone
    return media(MEDIA.unpack(answer)[4])


def net_if_stats() -> dict[str, snicstats]:
    """State of each interface: flags and MTU by sysctl, duplex mode and speed by ioctl. Raises OSError."""
    found = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for link in links():
            running = link.flags & IFF_RUNNING != 0
            mtu = link.head.ifm_data.ifi_mtu
            found[link.name] = snicstats(
                running, *_media_of(handle, link.name), mtu, flag_names(link.flags)
            )
    return found


def row_of(link: Link) -> sinterface:
    """An interface as netstat shows it."""
    return if_details.counters(link.name, link.flags, link.head.ifm_data, link.head.ifm_snd_drops)


def net_interfaces() -> list[sinterface]:
    """All interfaces in the kernel's order (sysctl); flags by Linux' numbers, what is not counted is 0."""
    return [row_of(link) for link in links()]
