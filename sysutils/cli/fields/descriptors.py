"""Open files as rows: what lsof calls type, device, node and name of every kind."""

import os
import stat
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sysutils import core
from sysutils.cli.fields.names import host_name, service_name, user_name
from sysutils.cli.output.column import Column

if TYPE_CHECKING:
    from sysutils.core._ntuples import addr, snetsock

_TYPES = {
    0o150000: "DOOR", 0o160000: "PORT",  # of SunOS
    stat.S_IFREG: "REG", stat.S_IFDIR: "DIR", stat.S_IFCHR: "CHR", stat.S_IFBLK: "BLK",
    stat.S_IFIFO: "FIFO", stat.S_IFLNK: "LINK", stat.S_IFSOCK: "sock",
}  # fmt: skip
_SIZED = {"REG", "DIR", "a_inode", "LINK"}
_SOCKET_TYPES = {1: "STREAM", 2: "DGRAM", 3: "RAW", 4: "RDM", 5: "SEQPACKET", 10: "PACKET"}
_UNIX_STATES = {1: "UNCONNECTED", 2: "CONNECTING", 3: "CONNECTED", 4: "DISCONNECTING"}
_NETLINK = {
    0: "ROUTE", 2: "USERSOCK", 3: "FIREWALL", 4: "INET_DIAG", 5: "NFLOG", 6: "XFRM", 7: "SELINUX",
    8: "ISCSI", 9: "AUDIT", 10: "FIB_LOOKUP", 11: "CONNECTOR", 12: "NETFILTER", 13: "IP6_FW",
    14: "DNRTMSG", 15: "KOBJECT_UEVENT", 16: "GENERIC", 18: "SCSITRANSPORT", 19: "ECRYPTFS",
}  # fmt: skip
_PACKET = {
    1: "802.3", 2: "AX25", 3: "ALL", 4: "802.2", 0x60: "LOOP", 0x800: "IP", 0x805: "X25", 0x806: "ARP",
    0x8035: "RARP", 0x86DD: "IPV6",
}  # fmt: skip
#: so many of an epoll's descriptors are named
_TOLD = 32
_DELETED = " (deleted)"


class ProcessRow(NamedTuple):
    """The process, or one of its threads, that has files open."""

    pid: int
    tid: int | None
    #: name of the thread
    task: str | None
    ppid: int
    #: None where the system has no groups, or keeps the user for itself
    pgid: int | None
    uid: int | None
    command: str
    #: where threads are asked for: there are others
    threaded: bool = False


class End(NamedTuple):
    """A descriptor at the other end of a file."""

    pid: int
    command: str
    fd: int
    mode: str | None


class FileRow(NamedTuple):
    """One open file. What its kind has not is None."""

    process: ProcessRow
    fd: int | str
    mode: str | None
    lock: str
    type: str | None
    #: DEVICE as text
    device: str | None
    size: int | None
    offset: int | None
    nlink: int | None
    #: inode
    node: int | None
    name: str
    protocol: str | None
    #: number of the device a file is on, of the device it is
    dev: int | None
    rdev: int | None
    flags: int | None
    state: str | None
    inet: "snetsock | None"
    #: None where they were not asked for
    ends: tuple[End, ...] | None = None


class View(NamedTuple):
    """How names are made."""

    numeric_hosts: bool = False
    numeric_ports: bool = False
    #: -X: no tables of Internet sockets
    no_internet: bool = False


def device_numbers(number: int) -> tuple[int, int]:
    """Major and minor number."""
    return (number >> 8) & 0xFFF | (number >> 32) & ~0xFFF, number & 0xFF | (
        number >> 12
    ) & 0xFFFFFF00


def device_text(number: int) -> str:
    """``254,0``: major and minor number; on Windows the volume's serial number, ``5A00-0000``."""
    if core.WINDOWS:
        return f"{number >> 16 & 0xFFFF:04X}-{number & 0xFFFF:04X}" if number else ""
    major, minor = device_numbers(number)
    return f"{major},{minor}"


def file_type(mode: int, name: str) -> str:
    """``REG``, ``DIR``, …; ``a_inode`` for what is no file."""
    kind = _TYPES.get(stat.S_IFMT(mode))
    if kind is None:
        return "a_inode" if name.startswith("anon_inode:") else f"{stat.S_IFMT(mode) >> 12:04o}"
    return kind


def _told(info: str, key: str) -> list[str]:
    lines = (line.partition(":") for line in info.split("\n"))
    return [value.split()[0] for name, _, value in lines if name == key and value.strip()]


def anonymous_name(name: str, info: str) -> str:
    """``[eventpoll:3,4]`` of ``anon_inode:[eventpoll]``: with what the kernel tells of it."""
    bare = name.removeprefix("anon_inode:")
    for kind, key in (("[eventfd]", "eventfd-id"), ("[pidfd]", "Pid"), ("[eventpoll]", "tfd")):
        if bare == kind and (found := _told(info, key)):
            more = "..." if len(found) > _TOLD else ""
            found.sort(key=int)
            return f"{kind[:-1]}:{','.join(found[:_TOLD])}{more}]"
    return bare


def file_name(row: Any) -> str:
    """What stands below NAME for anything that is no socket."""
    name: str = row.name
    if row.error is not None:
        return f"{name} ({row.error})"
    if row.fd == "DEL":
        return name.removesuffix(_DELETED)
    if name.startswith("anon_inode:"):
        return anonymous_name(name, row.info or "")
    if name.endswith("]") and not name.startswith("/"):
        return name.partition(":[")[0]
    return name


# --- sockets


class _StateTexts(dict[Any, str]):
    """State -> its name: an enum's own str() takes ten times as long."""

    __slots__ = ()

    def __missing__(self, status: Any) -> str:
        text = self[status] = str(status)
        return text


_STATE_TEXTS = _StateTexts()
#: a third of the time of a tuple class's own __new__
_new_row = tuple.__new__


class Names(dict["addr", str]):
    """Addresses of a protocol as text, each made once: ``127.0.0.1:80``, ``localhost:http``, ``*:80``."""

    __slots__ = ("_protocol", "_view")

    def __init__(self, protocol: str, view: View) -> None:
        super().__init__()
        self._protocol = protocol.rstrip("6")
        self._view = view

    def __missing__(self, address: "addr") -> str:
        text = self[address] = f"{self._host(address.ip)}:{self._port(address.port)}"
        return text

    def _host(self, ip: str) -> str:
        bare = ip.removeprefix("::ffff:") if "." in ip else ip
        if bare in {"0.0.0.0", "::"}:
            return "*"
        if not self._view.numeric_hosts:
            name = host_name(bare)
            if name is not None:
                return name
        return f"[{bare}]" if ":" in bare else bare

    def _port(self, port: int) -> str:
        if not port:
            return "*"
        if not self._view.numeric_ports:
            name = service_name(self._protocol, port)
            if name is not None:
                return name
        return str(port)


def is_any(address: "addr") -> bool:
    """Whether an address is of nobody."""
    return not address.port and address.ip in {"0.0.0.0", "::"}


def _hexadecimal(address: "addr") -> str:
    from socket import AF_INET, AF_INET6, inet_pton
    from sys import byteorder

    raw = inet_pton(AF_INET6 if ":" in address.ip else AF_INET, address.ip)
    words = [int.from_bytes(raw[i : i + 4], byteorder) for i in range(0, len(raw), 4)]
    return "".join(f"{word:08X}" for word in words) + f":{address.port:04X}"


def inet_name(row: "snetsock", names: Names) -> str:
    """``127.0.0.1:80->127.0.0.1:4711``."""
    if row.protocol.startswith("raw"):
        local, remote = _hexadecimal(row.laddr), _hexadecimal(row.raddr)
        return f"{local}->{remote} st={row.state:02X}"
    local = names[row.laddr]
    if is_any(row.raddr):
        return local
    return f"{local}->{names[row.raddr]}"


@cache
def _kind(protocol: str) -> tuple[str, str | None]:
    """TYPE of an Internet socket, and the protocol in NODE."""
    if protocol.startswith("raw"):
        return protocol, None
    return "IPv6" if protocol.endswith("6") else "IPv4", protocol.rstrip("6").upper()


def _inet_row(process: ProcessRow, row: Any, found: "snetsock", names: Names) -> FileRow:
    type_, told = _kind(found.protocol)
    state = _STATE_TEXTS[found.status] if told == "TCP" else None
    fd, _, access, offset, flags, _, _, device, _, inode, _, _, lock, _ = row
    return _new_row(FileRow, (
        process, fd, access, lock, type_, "" if told is None else str(inode), None, offset, None, inode,
        inet_name(found, names), told, device, None, flags, state, found, None,
    ))  # fmt: skip


def _other_row(process: ProcessRow, row: Any, found: Any) -> FileRow:
    device = protocol = state = None
    kind = _SOCKET_TYPES.get(found.type, f"UNKNOWN ({found.type})")
    if found.family == "unix":
        device, type_ = f"0x{found.address}", "unix"
        path = found.name.partition(" ")[0]
        name = f"{path} type={kind}" if path else f"type={kind}"
        state = "LISTEN" if found.listens and found.state == 1 else _UNIX_STATES.get(found.state)
    elif found.family == "netlink":
        type_ = "netlink"
        name = _NETLINK.get(found.protocol, f"unknown protocol: {found.protocol}")
    else:
        type_, device, name = "pack", str(found.inode), f"type=SOCK_{kind}"
        protocol = _PACKET.get(found.protocol, str(found.protocol))
    return FileRow(
        process, row.fd, row.access, row.lock, type_, device, None, row.offset, None, row.inode, name,
        protocol, row.device, None, row.flags, state, None,
    )  # fmt: skip


class Rows:
    """Makes rows of what core tells; the tables of sockets are read at their first use."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.sockets = core.OpenSockets(("raw", "raw6") if view.no_internet else None)
        self._names: dict[str, Names] = {}
        self._devices: dict[int, str] = {}
        self._queues: set[int] | None = None

    def _device(self, number: int) -> str:
        text = self._devices.get(number)
        if text is None:
            text = self._devices[number] = device_text(number)
        return text

    def _file_device(self, row: Any, special: bool) -> str | None:
        """Numbers of the device that a file is, or is on; None where the system does not tell."""
        if row.device is None:
            return None
        return self._device(row.rdev or 0 if special else row.device)

    def is_queue(self, row: Any) -> bool:
        """Whether it is a POSIX message queue: their names are all in one directory."""
        if row.name.rfind("/") != 0 or not core.LINUX:
            return False
        if self._queues is None:
            self._queues = {mount.dev for mount in core.mounts() if mount.fstype == "mqueue"}
        return row.device in self._queues

    def _unknown_socket(self, process: ProcessRow, row: Any) -> FileRow:
        protocol = None
        if isinstance(row.fd, int):
            protocol = core.socket_protocol(process.pid, row.fd)
        if self._view.no_internet:
            name = "can't identify protocol (-X specified)"
        elif protocol is None:
            name = "can't identify protocol"
        else:
            name = f"protocol: {protocol}"
        return FileRow(
            process, row.fd, row.access, row.lock, "sock", self._device(row.device or 0), None,
            row.offset, None, row.inode, name, None, row.device, None, row.flags, None, None,
        )  # fmt: skip

    def _socket(self, process: ProcessRow, row: Any) -> FileRow:
        inode = row.inode or 0
        inet = self.sockets.internet(inode)
        if inet is not None:
            names = self._names.get(inet.protocol)
            if names is None:
                names = self._names[inet.protocol] = Names(inet.protocol, self._view)
            return _inet_row(process, row, inet, names)
        other = self.sockets.other(inode)
        if other is not None:
            return _other_row(process, row, other)
        return self._unknown_socket(process, row)

    def row(self, process: ProcessRow, row: Any) -> FileRow:
        """The row of one open file."""
        fd, mode = row.fd, row.mode
        if row.name.startswith("socket:["):
            return self._socket(process, row)
        if mode is None:
            return FileRow(
                process, fd, row.access, "", "" if fd == "NOFD" else "unknown", None, None, None, None,
                None, file_name(row), None, None, None, None, None, None,
            )  # fmt: skip
        type_ = file_type(mode, row.name)
        special = type_ in {"CHR", "BLK"}
        size = row.size if type_ in _SIZED else None
        if type_ == "REG" and self.is_queue(row):
            type_ = "PSXMQ"
        return FileRow(
            process,
            fd,
            row.access,
            row.lock,
            type_,
            self._file_device(row, special),
            size,
            row.offset,
            row.nlink,
            row.inode,
            file_name(row),
            None,
            row.device,
            row.rdev if special else None,
            row.flags,
            None,
            None,
        )

    def of(self, process: ProcessRow, rows: list[Any]) -> Iterator[FileRow]:
        """The rows of what a process has open."""
        for row in rows:
            yield self.row(process, row)


# --- columns


def end_text(end: End, limit: int = 0) -> str:
    """``4711,cat,3r``; ``limit``: that many bytes of the command."""
    command = end.command
    if limit:
        command = os.fsdecode(os.fsencode(command)[:limit])
    return f"{end.pid},{command},{end.fd}{end.mode or ' '}"


def _ends(row: FileRow) -> list[dict[str, Any]] | None:
    return None if row.ends is None else [end._asdict() for end in row.ends]


def _ends_text(row: FileRow) -> str:
    return " ".join(map(end_text, row.ends or ()))


def _column(name: str, text: str, get: Callable[[Any], Any], **more: Any) -> Column:
    return Column(name, name.upper(), get, help=text, **more)


def _address(row: FileRow, which: str) -> str | None:
    if row.inet is None:
        return None
    address = getattr(row.inet, which)
    if is_any(address):
        return None if which == "raddr" else "*:*"
    ip = address.ip.removeprefix("::ffff:") if "." in address.ip else address.ip
    return f"[{ip}]:{address.port}" if ":" in ip else f"{ip}:{address.port}"


_END = (
    _column("pid", "Process id.", lambda end: end.pid, right=True, null=False),
    _column("command", "Name of the program.", lambda end: end.command, null=False),
    _column("fd", "Descriptor.", lambda end: end.fd, right=True, null=False),
    _column("mode", "r, w or u (both).", lambda end: end.mode),
)  # fmt: skip
COLUMNS = (
    _column("pid", "Process id.", lambda row: row.process.pid, right=True),
    _column("tid", "Thread id, of a thread's own row.", lambda row: row.process.tid, right=True, rank=9),
    _column("ppid", "Process id of the parent.", lambda row: row.process.ppid, right=True, rank=8),
    _column("pgid", "Process group.", lambda row: row.process.pgid, right=True, rank=8),
    _column("user", "Login name of the owner.", lambda row: user_name(row.process.uid), rank=2),
    _column("command", "Name of the program.", lambda row: row.process.command),
    _column("fd", "Descriptor, or cwd, rtd, txt, mem, DEL.", lambda row: row.fd, right=True,
            kind="integer|string"),
    _column("mode", "r, w or u (both).", lambda row: row.mode, rank=3),
    _column("lock", "R, W: the whole file is locked; r, w: part of it.", lambda row: row.lock or None,
            rank=7),
    _column("type", "REG, DIR, CHR, IPv4, unix, …", lambda row: row.type or None, rank=1),
    _column("device", "Device, address of a socket.", lambda row: row.device or None, rank=6),
    _column("size", "Size of the file.", lambda row: row.size, unit="bytes", right=True, rank=4),
    _column("offset", "Place in the file.", lambda row: row.offset, unit="bytes", right=True, rank=7),
    _column("node", "Inode number.", lambda row: row.node, right=True, rank=5),
    _column("name", "Path, or what kind of thing it is.", lambda row: row.name),
    _column("protocol", "TCP, UDP, …", lambda row: row.protocol, rank=9),
    _column("local", "Local address.", lambda row: _address(row, "laddr"), rank=9),
    _column("remote", "Remote address.", lambda row: _address(row, "raddr"), rank=9),
    _column("state", "State of the connection.", lambda row: row.state, rank=2),
    _column("endpoints", "Descriptors at the other end, with -E or +E.", _ends, rank=9, kind="[object]",
            of=_END)._replace(text=_ends_text),
)  # fmt: skip
