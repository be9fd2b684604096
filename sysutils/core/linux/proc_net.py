"""Sockets as /proc/net tells them: ``tcp``, ``udp``, ``udplite``, ``raw`` (and …``6``), ``unix``.

Parsers are pure over bytes. Addresses are hexadecimal 32-bit words in the byte order of the host that
wrote the file (``0100007F`` is 127.0.0.1 on a little-endian one)."""

import os
import socket
import sys

from sysutils.core._enums import ConnectionStatus
from sysutils.core._ntuples import addr, snetsock, ssocktimer, sunixsock
from sysutils.core._sockets import new_addr, socket_type
from sysutils.core.linux import procfs
from sysutils.core.linux.host import CLOCK_TICKS

#: number of a TCP state in Linux (net/tcp_states.h) -> its name; 12 is SYN_RECV inside the kernel
STATUSES = {
    number: ConnectionStatus[f"CONN_{name}"]
    for number, name in enumerate(
        ("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
         "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV"), 1)
}  # fmt: skip
LISTEN = 10


def read_long(name: bytes) -> bytes:
    """The whole of ``/proc/net/<name>``, which comes a page at a time. Raises OSError as open(2) does."""
    return procfs.read_proc(b"net/" + name)


def net_tables() -> frozenset[str]:
    """Names of the files in ``/proc/net``. Raises OSError where it can't be listed."""
    return frozenset(map(os.fsdecode, os.listdir(procfs.root() + b"/net")))


def host_address(text: bytes, byteorder: str = sys.byteorder) -> str:
    """The IP address behind 8 or 32 hexadecimal digits: ``0100007F`` is ``127.0.0.1``."""
    raw = bytes.fromhex(text.decode())
    if byteorder == "little":
        raw = b"".join(raw[place : place + 4][::-1] for place in range(0, len(raw), 4))
    if len(raw) == 4:
        return socket.inet_ntop(socket.AF_INET, raw)
    return socket.inet_ntop(socket.AF_INET6, raw)


class _Addresses(dict[bytes, addr]):
    """``{b"0100007F:1F90": addr("127.0.0.1", 8080)}``, filled at first use."""

    def __init__(self, byteorder: str) -> None:
        super().__init__()
        self._byteorder = byteorder
        self._hosts: dict[bytes, str] = {}

    def __missing__(self, key: bytes) -> addr:
        raw, _, port = key.partition(b":")
        host = self._hosts.get(raw)
        if host is None:
            host = self._hosts[raw] = host_address(raw, self._byteorder)
        value = self[key] = new_addr((host, int(port, 16)))
        return value


class _Queues(dict[bytes, tuple[int, int]]):
    """``{b"00000024:00000200": (512, 36)}``: receive and send queue, most often both empty."""

    def __missing__(self, key: bytes) -> tuple[int, int]:
        send_q, _, recv_q = key.partition(b":")
        value = self[key] = int(recv_q, 16), int(send_q, 16)
        return value


class _Timers(dict[tuple[bytes, bytes, bytes], ssocktimer]):
    """``{(b"01:00000014", b"00000002", b"0"): ssocktimer(1, 0.2, 2, 0)}``: few run at a time."""

    def __missing__(self, key: tuple[bytes, bytes, bytes]) -> ssocktimer:
        when, retransmits, probes = key
        kind, _, ticks = when.partition(b":")
        value = self[key] = ssocktimer(
            int(kind, 16), int(ticks, 16) / CLOCK_TICKS, int(retransmits, 16), int(probes)
        )
        return value


def parse_inet(protocol: str, data: bytes, byteorder: str = sys.byteorder) -> list[snetsock]:
    """The sockets of ``/proc/net/tcp`` and of the files like it.

    ``  0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000 0 5001 …``:
    number, local and remote address, state, send:receive queue (bytes), timer:clock ticks,
    retransmits (all of them hexadecimal), uid, unanswered probes, inode; more columns are skipped.
    Raises ValueError with the line for one that is not of this kind."""
    rows = []
    addresses, queues, timers = _Addresses(byteorder), _Queues(), _Timers()
    names = STATUSES if protocol.startswith("tcp") else {}
    none = ConnectionStatus.CONN_NONE
    new = tuple.__new__
    for line in data.split(b"\n")[1:]:
        fields = line.split(None, 10)
        if not fields:
            continue
        try:
            _, laddr, raddr, number, queue, when, retransmits, uid, probes, inode = fields[:10]
            recv_q, send_q = queues[queue]
            state = int(number, 16)
            rows.append(new(snetsock, (
                protocol,
                recv_q,
                send_q,
                addresses[laddr],
                addresses[raddr],
                state,
                names.get(state, none),
                int(uid),
                int(inode),
                timers[when, retransmits, probes],
            )))  # fmt: skip
        except ValueError:
            raise ValueError(f"not a line of /proc/net/{protocol}: {line!r}") from None
    return rows


def parse_unix(data: bytes) -> list[sunixsock]:
    """The sockets of ``/proc/net/unix``.

    ``0000000000000000: 00000002 00000000 00010000 0001 01 3001 /run/systemd/private``: address,
    reference count, protocol, flags, type, state (hexadecimal so far), inode, then after one blank
    the name. A name may hold blanks and even newlines: what follows a name and is no line of a socket
    belongs to it. Raises ValueError with the line where no name precedes."""
    found: list[list[bytes]] = []
    for line in data.removesuffix(b"\n").split(b"\n")[1:]:
        fields = line.split(None, 6)
        if len(fields) == 7 and fields[0].endswith(b":"):
            found.append(fields)
        elif found and b" " in found[-1][6]:
            found[-1][6] += b"\n" + line
        elif line:
            raise ValueError(f"not a line of /proc/net/unix: {line!r}")
    return [_unix_row(fields) for fields in found]


def _unix_row(fields: list[bytes]) -> sunixsock:
    _, refcount, _, flags, type_, state, rest = fields
    inode, _, name = rest.partition(b" ")
    try:
        return sunixsock(
            int(refcount, 16),
            int(flags, 16),
            socket_type(int(type_, 16)),
            int(state, 16),
            int(inode),
            os.fsdecode(name),
        )
    except ValueError:
        raise ValueError(f"not a line of /proc/net/unix: {b' '.join(fields)!r}") from None


def inet(protocol: str) -> list[snetsock]:
    """The sockets of ``/proc/net/<protocol>``, in its order. Raises OSError as open(2) does."""
    return parse_inet(protocol, read_long(protocol.encode()))


def unix() -> list[sunixsock]:
    """The sockets of ``/proc/net/unix``, in its order. Raises OSError as open(2) does."""
    return parse_unix(read_long(b"unix"))
