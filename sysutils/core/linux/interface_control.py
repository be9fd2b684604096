"""Network interfaces of Linux are configured by ioctl (netdevice(7)), one thing at a time."""

import os
import socket
import struct
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

_GIFFLAGS, _SIFFLAGS, _SIFADDR, _SIFDSTADDR, _SIFBRDADDR, _SIFNETMASK = (
    0x8913, 0x8914, 0x8916, 0x8918, 0x891A, 0x891C,
)  # fmt: skip
_SIFMTU, _SIFNAME, _SIFHWADDR, _GIFINDEX, _DIFADDR, _SIFTXQLEN, _SIFMAP = (
    0x8922, 0x8923, 0x8924, 0x8933, 0x8936, 0x8943, 0x8971,
)  # fmt: skip
#: bytes of an interface's name, and of ``struct ifreq``, 40 with 64-bit pointers
_NAME, _SIZE = 16, 40
# struct in6_ifreq: 16 bytes address, u32 length of the prefix, i32 interface
_ifreq6 = struct.Struct("=16sIi")
# struct ifmap: unsigned long start and end of the memory, u16 base address, u8 irq, dma, port
_map = struct.Struct("@LLHBBB")


def _name(text: str) -> bytes:
    return os.fsencode(text)[: _NAME - 1].ljust(_NAME, b"\0")


class InterfaceControl:
    """Changes the interface of a name, or its alias (``eth0:1``).

    Every method raises OSError as the system call does: PermissionError to whom it is forbidden, ENODEV
    where there is no such interface. To be closed, or used in a ``with``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._ioctl = import_module("fcntl").ioctl

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends it; the interface stays as it is."""
        self._socket.close()

    def _ask(self, request: int, payload: bytes, via: Any = None) -> bytes:
        data = (_name(self.name) + payload).ljust(_SIZE, b"\0")
        answer: bytes = self._ioctl(via or self._socket, request, data)
        return answer[_NAME:]

    def _set_ip(self, request: int, address: str) -> None:
        raw = socket.inet_aton(address)
        self._ask(request, struct.pack("=HH4s", socket.AF_INET, 0, raw))

    def flags(self) -> int:
        """The lowest 16 IFF_* bits."""
        return int.from_bytes(self._ask(_GIFFLAGS, b"")[:2], sys.byteorder)

    def set_flags(self, flags: int) -> None:
        """All of them at once; the kernel leaves alone those that are not for us."""
        self._ask(_SIFFLAGS, struct.pack("=H", flags))

    def set_address(self, address: str) -> None:
        """The IPv4 address, with its class's mask; ``0.0.0.0`` for none. An alias comes into being by it."""
        self._set_ip(_SIFADDR, address)

    def set_netmask(self, mask: str) -> None:
        """The mask of the IPv4 address."""
        self._set_ip(_SIFNETMASK, mask)

    def set_broadcast(self, address: str) -> None:
        """The broadcast address."""
        self._set_ip(_SIFBRDADDR, address)

    def set_peer(self, address: str) -> None:
        """The address of the other end of a point-to-point link."""
        self._set_ip(_SIFDSTADDR, address)

    def set_mtu(self, size: int) -> None:
        """The largest packet."""
        self._ask(_SIFMTU, struct.pack("=I", size & 0xFFFFFFFF))

    def set_txqueuelen(self, packets: int) -> None:
        """How many packets may wait to be sent."""
        self._ask(_SIFTXQLEN, struct.pack("=I", packets & 0xFFFFFFFF))

    def set_hardware_address(self, address: bytes, kind: int = 1) -> None:
        """``kind`` is an ARPHRD_* number, 1 for Ethernet."""
        self._ask(_SIFHWADDR, struct.pack("=H", kind) + address[:14])

    def set_map(self, mem_start: int = 0, base_addr: int = 0, irq: int = 0) -> None:
        """Where the device is in the machine."""
        ulong = (1 << 8 * struct.calcsize("@L")) - 1
        self._ask(_SIFMAP, _map.pack(mem_start & ulong, 0, base_addr & 0xFFFF, irq & 0xFF, 0, 0))

    def rename(self, name: str) -> None:
        """The interface must be down."""
        self._ask(_SIFNAME, _name(name))

    def index(self) -> int:
        """The interface's number."""
        return int.from_bytes(self._ask(_GIFINDEX, b"")[:4], sys.byteorder)

    def _inet6(self, request: int, address: str, prefixlen: int, index: int) -> None:
        raw = socket.inet_pton(socket.AF_INET6, address)
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as via:
            self._ioctl(via, request, _ifreq6.pack(raw, prefixlen, index))

    def add_inet6(self, address: str, prefixlen: int, index: int) -> None:
        """One more IPv6 address, of the interface with that ``index()``."""
        self._inet6(_SIFADDR, address, prefixlen, index)

    def remove_inet6(self, address: str, prefixlen: int, index: int) -> None:
        """One IPv6 address less."""
        self._inet6(_DIFADDR, address, prefixlen, index)
