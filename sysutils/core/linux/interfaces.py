"""Network interfaces of Linux: counters of /proc/net/dev, flags and MTU by rtnetlink or ioctl."""

import os
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from operator import itemgetter
from typing import NamedTuple, TypeVar

from sysutils.core._ntuples import sinterface, snetio
from sysutils.core.linux import netlink, procfs
from sysutils.core.linux.netlink_attributes import Picker
from sysutils.core.linux.proc_net import read_long
from sysutils.core.linux.sockets import is_live

T = TypeVar("T")

_RTM_NEWLINK, RTM_GETLINK = 16, 18
# struct ifinfomsg: u8 family, padding; u16 type; i32 index; u32 flags, change mask
_ifinfo = struct.Struct("=BxHiII")
_IFLA_ADDRESS, _IFLA_BROADCAST, _IFLA_IFNAME, _IFLA_MTU, _IFLA_TXQLEN = 1, 2, 3, 4, 13
_wanted = Picker(_IFLA_ADDRESS, _IFLA_BROADCAST, _IFLA_IFNAME, _IFLA_MTU, _IFLA_TXQLEN)
_u32 = struct.Struct("=I")
# IFLA_EXT_MASK (29) with RTEXT_FILTER_SKIP_STATS: kernels that know it leave the counters out
ALL_LINKS = _ifinfo.pack(0, 0, 0, 0, 0) + struct.pack("=HHI", 8, 29, 8)
# struct ifreq: 16 bytes name, then a short (flags) or an int (MTU), 24 bytes in all at most
_ifreq_flags = struct.Struct("=16sH22x")
_ifreq_mtu = struct.Struct("=16si20x")
_SIOCGIFFLAGS, _SIOCGIFMTU = 0x8913, 0x8921


class Link(NamedTuple):
    """What rtnetlink tells of an interface; ``type`` is an ARPHRD_*, ``flags`` all 32 IFF_* bits."""

    name: str
    ifindex: int
    type: int
    flags: int
    mtu: int
    txqueuelen: int
    address: bytes
    broadcast: bytes


def _number(found: dict[int, bytes], kind: int) -> int:
    value = found.get(kind)
    return _u32.unpack_from(value)[0] if value and len(value) >= 4 else 0


def parse_links(buffers: Iterable[netlink.Buffer]) -> Iterator[Link]:
    """Each interface in the rtnetlink buffers of one answer, which must end in them.

    Raises OSError for an error message, ValueError for half a message."""
    for buffer, end in buffers:
        start = 0
        while start < end:
            kind, length = netlink.next_message(buffer, start, end)
            if netlink.ends(buffer, start, kind, length):
                return
            if kind == _RTM_NEWLINK:
                yield _link(buffer, start + netlink.HEADER_SIZE, start + length)
            start += length + 3 & ~3


def _link(buffer: "bytes | bytearray", body: int, end: int) -> Link:
    if end - body < _ifinfo.size:
        raise ValueError(f"half an interface: {bytes(buffer[body:end])!r}")
    _family, type_, index, flags, _change = _ifinfo.unpack_from(buffer, body)
    found = _wanted.pick(buffer, body + _ifinfo.size, end)
    return Link(
        os.fsdecode(found.get(_IFLA_IFNAME, b"").rstrip(b"\0")),
        index,
        type_,
        flags,
        _number(found, _IFLA_MTU),
        _number(found, _IFLA_TXQLEN),
        found.get(_IFLA_ADDRESS, b""),
        found.get(_IFLA_BROADCAST, b""),
    )


def ask(read: Callable[[netlink.Netlink], T]) -> T:
    """What ``read`` gets from rtnetlink, from the start if the list changes meanwhile.

    Raises OSError where rtnetlink won't tell."""
    for last in (False, False, False, False, False, True):
        connection = netlink.Netlink(netlink.NETLINK_ROUTE)
        try:
            return read(connection)
        except netlink.Interrupted:
            if last:
                raise
        finally:
            connection.close()
    raise AssertionError


def links() -> dict[str, Link]:
    """The interfaces of our network namespace by name. Raises OSError where rtnetlink won't tell."""
    return ask(
        lambda connection: {
            link.name: link for link in parse_links(connection.dump(RTM_GETLINK, ALL_LINKS))
        }
    )


def _asked_by_ioctl(names: list[str]) -> dict[str, tuple[int, int]]:
    """``{name: (flags, mtu)}``, for where rtnetlink is forbidden (Android)."""
    ioctl = import_module("fcntl").ioctl  # no module of every system
    found = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for name in names:
            request = os.fsencode(name)
            try:
                flags = ioctl(handle, _SIOCGIFFLAGS, _ifreq_flags.pack(request, 0))
                mtu = ioctl(handle, _SIOCGIFMTU, _ifreq_mtu.pack(request, 0))
            except OSError:
                continue
            found[name] = _ifreq_flags.unpack(flags)[1], _ifreq_mtu.unpack(mtu)[1]
    return found


def parse_dev(data: bytes) -> dict[str, list[int]]:
    """``{"eth0": [16 counters]}`` of ``/proc/net/dev``, in its order.

    ``  eth0: 71983089 2458 1 2 3 4 5 6 232460 2063 7 8 9 10 11 12`` after two lines of headings: of what
    was received bytes, packets, errors, dropped, FIFO errors, frame errors, compressed, multicast; of
    what was sent bytes, packets, errors, dropped, FIFO errors, collisions, carrier errors, compressed.
    Missing ones are 0. Raises ValueError with the line for anything else."""
    found = {}
    for line in data.split(b"\n")[2:]:
        if not line:
            continue
        name, colon, numbers = line.rpartition(b":")  # an alias has a colon in its name
        try:
            if not colon:
                raise ValueError
            counters = list(map(int, numbers.split()[:16]))
        except ValueError:
            raise ValueError(f"not a line of /proc/net/dev: {line!r}") from None
        found[os.fsdecode(name.strip())] = counters + [0] * (16 - len(counters))
    return found


#: bytes, packets, errors, dropped of /proc/net/dev in the order of snetio
_io = itemgetter(8, 0, 9, 1, 2, 10, 3, 11)
_new_io = partial(tuple.__new__, snetio)


def net_io_counters() -> dict[str, snetio]:
    """What each interface sent and received (``/proc/net/dev``). Raises OSError without that file."""
    # the kernel hands it out a page at a time
    rows = parse_dev(procfs.read_proc(b"net/dev", 4096))
    return {name: _new_io(_io(counters)) for name, counters in rows.items()}


def _flags_and_mtu(names: list[str]) -> dict[str, tuple[int, int]]:
    try:
        # the upper half is not in the flags that ifconfig has always shown
        return {name: (link.flags & 0xFFFF, link.mtu) for name, link in links().items()}
    except (OSError, ValueError):
        return _asked_by_ioctl(names)


def net_interfaces() -> list[sinterface]:
    """All interfaces in the order of /proc/net/dev; flags and MTU unless that is a recording."""
    try:
        counters = parse_dev(read_long(b"dev"))
    except FileNotFoundError:
        return []
    known = _flags_and_mtu(list(counters)) if is_live("dev") else {}
    rows = []
    for name, numbers in counters.items():
        flags, mtu = known.get(name, (None, None))
        metric = None if flags is None else 0  # Linux has none: SIOCGIFMETRIC answers 0
        rows.append(sinterface(name, flags, mtu, metric, *numbers))
    return rows
