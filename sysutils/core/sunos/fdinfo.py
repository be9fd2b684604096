"""``/proc/PID/fdinfo/FD`` of newer systems: what an open file is, and the names of a socket's two ends."""

import ctypes
import os
import socket
import stat
from collections.abc import Iterator
from typing import NamedTuple

from sysutils.core._ntuples import addr
from sysutils.core._sockets import new_addr
from sysutils.core.sunos import layout, mib2
from sysutils.core.sysv import procfs

PR_PATHNAME, PR_SOCKETNAME, PR_PEERSOCKNAME, PR_SOCKOPT_TYPE = 0, 1, 2, 9
AF_UNIX = 1
#: types of sockets by the system's numbers
_STREAM, _DATAGRAM = 2, 1
_HEADER = ctypes.sizeof(mib2.pr_misc_header)


class Told(NamedTuple):
    """What the file tells; ``items`` are its further ones by their kinds."""

    head: mib2.prfdinfo
    items: dict[int, bytes]

    @property
    def family(self) -> int:
        """AF_* of a socket, 0 for none."""
        raw = self.items.get(PR_SOCKETNAME, b"")
        if len(raw) < ctypes.sizeof(mib2.sockaddr_head):
            return 0
        family: int = mib2.sockaddr_head.from_buffer_copy(raw).sa_family
        return family

    @property
    def protocol(self) -> str:
        """``tcp``, ``udp6``, ``unix``; empty for other sockets."""
        if self.family == AF_UNIX:
            return "unix"
        raw = self.items.get(PR_SOCKOPT_TYPE, b"")[:4]
        kind = ctypes.c_int.from_buffer_copy(raw).value if len(raw) == 4 else 0
        name = {_STREAM: "tcp", _DATAGRAM: "udp"}.get(kind, "")
        if not name or self.family not in {layout.AF_INET, layout.AF_INET6}:
            return ""
        return name + ("6" if self.family == layout.AF_INET6 else "")

    @property
    def kind(self) -> int:
        """The type of a socket by Python's numbers."""
        raw = self.items.get(PR_SOCKOPT_TYPE, b"")[:4]
        number = ctypes.c_int.from_buffer_copy(raw).value if len(raw) == 4 else 0
        return {_STREAM: socket.SOCK_STREAM, _DATAGRAM: socket.SOCK_DGRAM}.get(number, number)

    def end(self, item: int) -> addr:
        """One end of an Internet socket; no address and port 0 where it has none."""
        raw = self.items.get(item, b"")
        six = self.family == layout.AF_INET6
        size, at = (16, 8) if six else (4, 4)
        family = socket.AF_INET6 if six else socket.AF_INET
        text = socket.inet_ntop(family, raw[at : at + size].ljust(size, b"\0"))
        return new_addr((text, int.from_bytes(raw[2:4], "big")))

    @property
    def connected(self) -> bool:
        """Whether a socket has another end."""
        return PR_PEERSOCKNAME in self.items

    def path(self, item: int) -> str:
        """The path of a UNIX socket's end, empty for none."""
        return os.fsdecode(self.items.get(item, b"")[2:].partition(b"\0")[0])


def parse(data: bytes) -> Told:
    """The contents of such a file. Raises ValueError for one that is cut off."""
    size = ctypes.sizeof(mib2.prfdinfo)
    at, items = mib2.prfdinfo.pr_misc.offset, {}
    if len(data) < at:
        raise ValueError(f"half a prfdinfo_t: {len(data)} bytes")
    while at + _HEADER <= len(data):
        header = mib2.pr_misc_header.from_buffer_copy(data, at)
        if header.pr_misc_size < _HEADER:
            break  # the last one
        items[header.pr_misc_type] = data[at + _HEADER : at + header.pr_misc_size]
        at += -(-header.pr_misc_size // 4) * 4
    return Told(mib2.prfdinfo.from_buffer_copy(data.ljust(size, b"\0")), items)


def read(pid: int, fd: int) -> Told | None:
    """Of a descriptor; None on systems without such files. Raises OSError: it may be closed by now."""
    path = procfs.path_of(pid, f"fdinfo/{fd}")
    try:
        return parse(procfs.read(path))
    except FileNotFoundError:
        if os.path.isdir(procfs.path_of(pid, "fdinfo")):
            raise
        return None
    except ValueError:
        return None


def there() -> bool:
    """Whether the system has such files."""
    return os.path.isdir(procfs.path_of(os.getpid(), "fdinfo"))


def sockets() -> Iterator[Told]:
    """The open sockets of the processes that we may look at; none on systems without such files."""
    for pid in procfs.pids():
        try:
            numbers = procfs.numbers_in(procfs.path_of(pid, "fdinfo"))
        except OSError:
            continue  # gone, another's, or an older system
        for fd in numbers:
            try:
                told = read(pid, fd)
            except OSError:
                continue  # closed meanwhile
            if told is not None and stat.S_ISSOCK(told.head.pr_mode):
                yield told
