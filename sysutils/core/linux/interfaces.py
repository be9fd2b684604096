"""Network interfaces of Linux: counters of /proc/net/dev, flags and MTU by rtnetlink or ioctl."""

import os
import socket
import struct
import sys
from array import array
from functools import cache, partial
from importlib import import_module
from operator import itemgetter

from sysutils.core._enums import NicDuplex
from sysutils.core._ntuples import sinterface, snetio, snicstats
from sysutils.core.linux import procfs
from sysutils.core.linux.lines import Lines
from sysutils.core.linux.proc_net import read_long
from sysutils.core.linux.rtnetlink import links
from sysutils.core.linux.sockets import is_live

# struct ifreq: 16 bytes name, then a short (flags) or an int (MTU), or a pointer; 24 bytes at most
_ifreq_flags = struct.Struct("=16sH22x")
_ifreq_mtu = struct.Struct("=16si20x")
_ifreq_data = struct.Struct("@16sP16x")
_SIOCGIFFLAGS, _SIOCGIFMTU, _SIOCETHTOOL = 0x8913, 0x8921, 0x8946
# struct ethtool_cmd, 11 u32: the command at first, u16 speed at 12, u8 duplex at 14, u16 upper half of
# the speed at 28
_ETHTOOL_GSET = 1
_DUPLEX = {0: NicDuplex.NIC_DUPLEX_HALF, 1: NicDuplex.NIC_DUPLEX_FULL}
_UNKNOWN = NicDuplex.NIC_DUPLEX_UNKNOWN, 0
_FASTEST = 2**31 - 1  # what is beyond is the kernel's "unknown" (-1)

#: names of the lowest 16 flags (IFF_* of net/if.h), by bit
FLAGS = (
    "up", "broadcast", "debug", "loopback", "pointopoint", "notrailers", "running", "noarp", "promisc",
    "allmulti", "master", "slave", "multicast", "portsel", "automedia", "dynamic",
)  # fmt: skip
_RUNNING = 0x40
_ENODEV = 19
_new_stats = partial(tuple.__new__, snicstats)


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
    return dict(filter(None, map(_counters, data.split(b"\n")[2:])))


def _counters(line: bytes) -> tuple[str, list[int]] | None:
    if not line:
        return None
    name, colon, numbers = line.rpartition(b":")  # an alias has a colon in its name
    try:
        if not colon:
            raise ValueError
        counters = list(map(int, numbers.split()[:16]))
    except ValueError:
        raise ValueError(f"not a line of /proc/net/dev: {line!r}") from None
    return os.fsdecode(name.strip()), counters + [0] * (16 - len(counters))


#: bytes, packets, errors, dropped of /proc/net/dev in the order of snetio
_io = itemgetter(8, 0, 9, 1, 2, 10, 3, 11)
_new_io = partial(tuple.__new__, snetio)


def _io_of_line(line: bytes) -> tuple[str, snetio] | None:
    row = _counters(line)
    return (row[0], _new_io(_io(row[1]))) if row is not None else None


_lines = Lines(_io_of_line)


def net_io_counters() -> dict[str, snetio]:
    """What each interface sent and received (``/proc/net/dev``). Raises OSError without that file."""
    # the kernel hands it out a page at a time
    return _lines.read(procfs.read_proc(b"net/dev", 4096), headings=2)


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


@cache
def flag_names(flags: int) -> str:
    """The names of the lowest 16 flags: ``up,broadcast,running,multicast``."""
    return ",".join([name for bit, name in enumerate(FLAGS) if flags >> bit & 1])


def parse_ethtool(command: bytes) -> tuple[NicDuplex, int]:
    """Duplex mode and speed in Mbit/s of a ``struct ethtool_cmd``; the speed is 0 where not known."""
    order = sys.byteorder
    speed = int.from_bytes(command[12:14], order) | int.from_bytes(command[28:30], order) << 16
    return _DUPLEX.get(command[14], _UNKNOWN[0]), speed if speed <= _FASTEST else 0


def net_if_stats() -> dict[str, snicstats]:
    """State of each interface of ``/proc/net/dev``, by ioctl (netdevice(7)).

    One that is gone meanwhile is left out. Raises OSError."""
    ioctl = import_module("fcntl").ioctl
    command = array("I", [_ETHTOOL_GSET] + [0] * 10)
    pointer = command.buffer_info()[0]
    found = {}
    lines = procfs.read_proc(b"net/dev", 4096).split(b"\n")[2:]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fd = handle.fileno()
        for line in lines:
            name = line.rpartition(b":")[0].strip()
            if not name:
                continue
            request = name.ljust(40, b"\0")
            try:
                mtu = int.from_bytes(ioctl(fd, _SIOCGIFMTU, request)[16:20], sys.byteorder)
                flags = int.from_bytes(ioctl(fd, _SIOCGIFFLAGS, request)[16:18], sys.byteorder)
            except OSError as error:
                if error.errno != _ENODEV:
                    raise
                continue
            try:
                ioctl(fd, _SIOCETHTOOL, _ifreq_data.pack(name, pointer))
                duplex, speed = parse_ethtool(command.tobytes())
            except OSError as error:
                if error.errno == _ENODEV:
                    continue
                duplex, speed = _UNKNOWN  # no such thing here, or the driver cannot tell
            found[os.fsdecode(name)] = _new_stats(
                (flags & _RUNNING != 0, duplex, speed, mtu, flag_names(flags))
            )
    return found
