"""Rows of what a process has open on the BSDs, and sockets by the number that such a row tells."""

import stat
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sysutils.core._ntuples import sdescriptor, snetsock, sopensocket

FREAD, FWRITE = 1, 2
_ACCESS = {FREAD: "r", FWRITE: "w"}
#: enum vtype: VNON VREG VDIR VBLK VCHR VLNK VSOCK VFIFO VBAD
TYPES = (
    0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFBLK, stat.S_IFCHR, stat.S_IFLNK, stat.S_IFSOCK, stat.S_IFIFO, 0,
)  # fmt: skip
_ESTABLISHED = 1
NET_PROTOCOLS = ("tcp", "tcp6", "udp", "udp6")
AF_ROUTE = 17


def type_of(vtype: int) -> int:
    """What stat(2) calls a kind of vnode, 0 for what is none."""
    return TYPES[vtype] if 0 <= vtype < len(TYPES) else 0


def access_of(flags: int) -> str:
    """r, w or u (both) of FREAD and FWRITE."""
    return _ACCESS.get(flags & (FREAD | FWRITE), "u")


def bare(
    fd: int | str, name: str, error: OSError | None = None, mode: int | None = None
) -> sdescriptor:
    """A row of which no more than the name is known, or its kind as well."""
    why = None if error is None else error.strerror
    return sdescriptor(fd, name, None, None, None, None, mode, *(None,) * 5, "", why)


def socket(fd: int, number: int) -> sdescriptor:
    """A socket, by the number that ``OpenSockets`` knows it by."""
    return sdescriptor(
        fd, f"socket:[{number}]", "u", 0, None, None, stat.S_IFSOCK, 0, 0, number, None, 1, "", None
    )


def pipe(fd: int, access: str, ends: Iterable[int]) -> sdescriptor:
    """A pipe. Both of its descriptors have the lower of the kernel's addresses of its ``ends``."""
    number = min([end for end in ends if end], default=0)
    return sdescriptor(
        fd, f"pipe:[{number}]", access, 0, None, None, stat.S_IFIFO, 0, 0, number, None, 1, "", None
    )


def unnamed(fd: int, kind: str, access: str = "u") -> sdescriptor:
    """What has no file: a queue of events, a semaphore."""
    name = f"anon_inode:[{kind}]"
    return sdescriptor(fd, name, access, 0, None, None, 0o600, 0, 0, 0, None, 1, "", None)


class Tables(NamedTuple):
    """Where a system has its sockets, each by its number."""

    internet: Callable[[Iterable[str]], dict[int, snetsock]]
    unix: Callable[[], dict[int, sopensocket]]
    #: number of a UNIX socket -> that of the one it is connected to
    peers: Callable[[], dict[int, int]]


class OpenSockets:
    """Finds sockets by number; a table is read when first asked for one of its kind.

    ``protocols`` are the tables of Internet sockets that may be read, as ``net_sockets`` names them; None:
    all."""

    #: the system's
    tables: Any

    def __init__(self, protocols: Iterable[str] | None = None) -> None:
        asked = NET_PROTOCOLS if protocols is None else protocols
        self._protocols = [name for name in asked if name in NET_PROTOCOLS]
        self._internet: dict[int, snetsock] | None = None
        self._unix: dict[int, sopensocket] | None = None
        self._peers: dict[int, int] | None = None

    def internet(self, inode: int) -> snetsock | None:
        """An Internet socket."""
        return self.load().get(inode)

    def load(self) -> dict[int, snetsock]:
        """Reads the tables of Internet sockets, where that is to be done before they are asked for."""
        if self._internet is None:
            self._internet = self.tables.internet(self._protocols)
        return self._internet

    def other(self, inode: int) -> sopensocket | None:
        """A UNIX socket."""
        if self._unix is None:
            self._unix = self.tables.unix()
        return self._unix.get(inode)

    def peer(self, inode: int) -> int | None:
        """The number of the socket that a UNIX socket is connected to."""
        if self._peers is None:
            self._peers = self.tables.peers()
        return self._peers.get(inode)

    def other_end(self, inode: int) -> int | None:
        """The number of the socket on this machine at the other end of an established connection."""
        row = self.internet(inode)
        if row is None or row.state != _ESTABLISHED:
            return None
        for number, other in self.load().items():
            if (other.protocol, other.raddr, other.laddr) == (row.protocol, row.laddr, row.raddr):
                return number
        return None


class DescriptorReader:
    """Reads process after process; a system's class says how its own are read."""

    def __init__(self, *, flags: bool = False, memory: bool = True) -> None:
        del flags  # the kernel tells them in any case, or not at all
        self._memory = memory

    def count(self, pid: int) -> int:
        """How many descriptors a process has, 0 where the system does not tell at once."""
        del pid
        return 0

    def of(self, pid: int, tid: int | None = None) -> list[sdescriptor]:
        """What a process has open; its threads have the same. Raises OSError if it is gone."""
        del tid
        return self.rows(pid)

    def rows(self, pid: int) -> list[sdescriptor]:
        """The system's way. Raises OSError."""
        raise NotImplementedError
