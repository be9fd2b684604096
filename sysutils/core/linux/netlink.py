"""Netlink: questions that the kernel answers with one message or with a list (a dump), and the walk
through its buffers.

A buffer holds messages one after the other, each aligned to 4 bytes: ``struct nlmsghdr`` (u32 length
with the header, u16 type, u16 flags, u32 sequence, u32 port), then what the type says. All numbers
are in the host's byte order."""

import os
import socket
import struct
from collections.abc import Iterator
from itertools import repeat

AF_NETLINK = 16
NETLINK_ROUTE = 0
NETLINK_SOCK_DIAG = 4
NETLINK_GENERIC = 16
HEADER = struct.Struct("=IHHII")
HEADER_SIZE = 16
_REQUEST = 1  # NLM_F_REQUEST
_REQUEST_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_DUMP_INTERRUPTED = 0x10  # NLM_F_DUMP_INTR: the list changed while it was told
_ERROR, _DONE, _OVERRUN = 2, 3, 4
_ENOBUFS = 105
_BUFFER_SIZE = 65536  # the kernel fills 32 KiB at most; what is cut off is half a message
_code = struct.Struct("=i")
_attribute = struct.Struct("=HH")


class Interrupted(OSError):
    """The list changed while the kernel told it: ask again."""


def next_message(buffer: bytes, start: int, end: int) -> tuple[int, int]:
    """``(type, length)`` of the message at ``start``. Raises ValueError for half a message."""
    if end - start >= HEADER_SIZE:
        length, kind, flags, _sequence, _port = HEADER.unpack_from(buffer, start)
        if HEADER_SIZE <= length <= end - start:
            if flags & _DUMP_INTERRUPTED:
                raise Interrupted
            return kind, length
    raise ValueError(f"half a netlink message: {bytes(buffer[start:end][:80])!r}")


def ends(buffer: bytes, start: int, kind: int, length: int) -> bool:
    """Whether a message ends the answer. Raises OSError with the error that it brings."""
    if kind == _OVERRUN:
        raise OSError(_ENOBUFS, os.strerror(_ENOBUFS))
    if kind not in {_ERROR, _DONE}:
        return False
    # NLMSG_DONE brings the error of a list that broke off, or of a question nobody answers
    code = -_code.unpack_from(buffer, start + HEADER_SIZE)[0] if length >= HEADER_SIZE + 4 else 0
    if code > 0:
        raise OSError(code, os.strerror(code))
    return True


def attributes(buffer: bytes, start: int, end: int) -> dict[int, bytes]:
    """``{type: payload}`` of the ``struct rtattr`` (u16 length, u16 type, payload) that fill a range.

    As with RTA_OK of rtnetlink(3), one that does not fit ends them: qemu-user of another byte order turns
    the headers that it knows, and leaves new ones as they are. Raises ValueError if none fits."""
    found: dict[int, bytes] = {}
    while end - start >= 4:
        length, kind = _attribute.unpack_from(buffer, start)
        if not 4 <= length <= end - start:
            if found:
                break
            raise ValueError(f"half a netlink attribute: {bytes(buffer[start:end][:80])!r}")
        found[kind & 0x3FFF] = bytes(buffer[start + 4 : start + length])
        start += length + 3 & ~3
    return found


class Netlink:
    """A connection to one netlink protocol, to be closed after use. Raises OSError where there is none."""

    def __init__(self, protocol: int) -> None:
        kind = socket.SOCK_RAW | getattr(socket, "SOCK_CLOEXEC", 0)
        # in C throughout, unlike socket.socket
        self._socket = socket.SocketType(AF_NETLINK, kind, protocol)

    def close(self) -> None:
        """Ends the connection."""
        self._socket.close()

    def _send(self, kind: int, flags: int, body: bytes) -> None:
        self._socket.send(HEADER.pack(HEADER_SIZE + len(body), kind, flags, 1, 0) + body)

    def ask(self, kind: int, body: bytes) -> bytes:
        """Asks for one message; gives it, or the error in its place."""
        self._send(kind, _REQUEST, body)
        return self._socket.recv(_BUFFER_SIZE)

    def dump(self, kind: int, body: bytes) -> Iterator[bytes]:
        """Asks for a list; gives the buffers of the answer, each with messages one after the other.

        There is no end to them: the reader stops at the message that ends the answer, and has to see to
        that before asking again."""
        self._send(kind, _REQUEST_DUMP, body)
        return map(self._socket.recv, repeat(_BUFFER_SIZE))
