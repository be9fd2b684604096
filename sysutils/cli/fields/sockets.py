"""Sockets as rows: Internet and UNIX ones in one table, with the process that has each."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sysutils.cli.fields.names import user_name
from sysutils.cli.output.column import Column

if TYPE_CHECKING:
    from sysutils.core._ntuples import snetsock, ssockowner, sunixsock

_LISTENS = 0x10000
_TIMERS = ("off", "on", "keepalive", "timewait", "probe")
#: bit of a UNIX socket's flags -> netstat's word
UNIX_FLAGS = ((_LISTENS, "ACC"), (0x20000, "W"), (0x40000, "N"))
_UNIX_STATES = ("FREE", "", "CONNECTING", "CONNECTED", "DISCONNECTING")


class SocketRow(NamedTuple):
    """One socket; what its kind has not is None."""

    protocol: str
    fd: int | None
    family: str
    type: str
    laddr_ip: str | None
    laddr_port: int | None
    raddr_ip: str | None
    raddr_port: int | None
    path: str | None
    status: str | None
    pid: int | None
    program: str | None
    recv_q: int | None
    send_q: int | None
    uid: int | None
    inode: int
    refcount: int | None
    flags: str | None
    timer: str | None
    timer_expires: float | None
    retransmits: int | None
    probes: int | None


#: style of a state in a table on a terminal; what is on its way is yellow
_STATE_STYLES = {
    "ESTABLISHED": "green", "CONNECTED": "green", "LISTEN": "cyan", "LISTENING": "cyan",
    "TIME_WAIT": "dim", "CLOSE": "dim", "FREE": "dim", "UNCONNECTED": "dim",
    "CLOSE_WAIT": "bold red", "UNKNOWN": "red",
}  # fmt: skip


def state_style(state: str) -> str:
    """Name of a style; ``state`` is netstat's word."""
    return _STATE_STYLES.get(state, "yellow")


def inet_state(protocol: str, state: int, status: str) -> str:
    """netstat's word for the state: ``LISTEN``; empty where there is none, the number of a raw socket."""
    if protocol.startswith("tcp"):
        return str(status) if status != "NONE" else ("UNKNOWN" if state else "")
    if protocol.startswith("raw"):
        return str(state)
    return {1: "ESTABLISHED", 7: ""}.get(state, "UNKNOWN")


def is_server(row: "snetsock") -> bool:
    """Whether a socket waits for peers: TCP without a remote port, others without a remote address."""
    if row.protocol.startswith("tcp"):
        return not row.raddr.port
    return row.raddr.ip in {"0.0.0.0", "::"}


def unix_state(row: "sunixsock") -> str:
    """netstat's word for a UNIX socket's state: empty for one that is not connected."""
    if row.state == 1 and row.flags & _LISTENS:
        return "LISTENING"
    return _UNIX_STATES[row.state] if 0 <= row.state < len(_UNIX_STATES) else "UNKNOWN"


def type_name(number: int) -> str:
    """``STREAM`` for SOCK_STREAM, ``UNKNOWN`` for a number without a name."""
    names = {1: "STREAM", 2: "DGRAM", 3: "RAW", 4: "RDM", 5: "SEQPACKET"}
    return names.get(int(number), "UNKNOWN")


def program_name(program: str | None) -> str:
    """What netstat calls a program: its first argument (511 bytes of it are looked at), of a path the
    last part."""
    name = program or ""
    if len(name) > 127:
        name = os.fsdecode(os.fsencode(name)[:511])
    return name.rpartition("/")[2] if name.startswith("/") else name


def timer_word(protocol: str, kind: int) -> str:
    """``keepalive`` for a TCP socket's timer of kind 2; of other protocols timers have no names."""
    names = _TIMERS if protocol.startswith("tcp") else ("off", "on1", "on2")
    return names[kind] if kind < len(names) else f"unkn-{kind}"


def _inet_type(protocol: str) -> str:
    if protocol.startswith("tcp"):
        return "SOCK_STREAM"
    return "SOCK_RAW" if protocol.startswith("raw") else "SOCK_DGRAM"


def inet_row(row: "snetsock", owner: "ssockowner | None") -> SocketRow:
    """The row of an Internet socket."""
    protocol, timer = row.protocol, row.timer
    remote = None if is_server(row) else row.raddr
    return SocketRow(
        protocol,
        owner and owner.fd,
        "AF_INET6" if protocol.endswith("6") else "AF_INET",
        _inet_type(protocol),
        row.laddr.ip,
        row.laddr.port,
        remote and remote.ip,
        remote and remote.port,
        None,
        inet_state(protocol, row.state, row.status) or None,
        owner and owner.pid,
        owner and program_name(owner.program),
        row.recv_q,
        row.send_q,
        row.uid,
        row.inode,
        None,
        None,
        timer and timer_word(protocol, timer.kind),
        timer and timer.expires,
        timer and timer.retransmits,
        timer and timer.probes,
    )


def unix_row(row: "sunixsock", owner: "ssockowner | None") -> SocketRow:
    """The row of a UNIX socket."""
    flags = " ".join(word for bit, word in UNIX_FLAGS if row.flags & bit)
    number = int(row.type)
    return SocketRow(
        "unix",
        owner and owner.fd,
        "AF_UNIX",
        f"SOCK_{type_name(number)}",
        None, None, None, None,
        row.path or None,
        unix_state(row) or None,
        owner and owner.pid,
        owner and program_name(owner.program),
        None, None, None,
        row.inode,
        row.refcount,
        flags,
        None, None, None, None,
    )  # fmt: skip


def rows(
    inet: Iterable["snetsock"],
    unix: Iterable["sunixsock"],
    owners: "dict[int, ssockowner]",
) -> Iterator[SocketRow]:
    """Internet sockets, then UNIX sockets, each with its process."""
    find = owners.get
    for socket in inet:
        yield inet_row(socket, find(socket.inode))
    for local in unix:
        yield unix_row(local, find(local.inode))


def _column(
    name: str,
    text: str,
    get: Callable[[Any], Any] | None = None,
    **more: Any,
) -> Column:
    place = SocketRow._fields.index(name) if get is None else 0
    return Column(name, name, get or (lambda row: row[place]), help=text, **more)


def _user(row: SocketRow) -> str | None:
    return None if row.uid is None else user_name(row.uid)


#: of every socket
COLUMNS = (
    _column("protocol", "tcp, tcp6, udp, udp6, udplite, udplite6, raw, raw6 or unix.", null=False),
    _column("fd", "The process's descriptor.", right=True),
    _column("family", "AF_INET, AF_INET6 or AF_UNIX.", null=False),
    _column("type", "SOCK_STREAM, SOCK_DGRAM, …"),
    _column("laddr_ip", "Local address."),
    _column("laddr_port", "Local port; of a raw socket the protocol's number.", right=True),
    _column("raddr_ip", "Remote address."),
    _column("raddr_port", "Remote port.", right=True),
    _column("path", "Path of a UNIX socket; abstract names begin with @."),
    _column("status", "State, as netstat names it."),
    _column("pid", "The first process that has the socket open.", right=True),
    _column("program", "That process's name."),
    _column("recv_q", "Not read yet; of a listening socket connections not accepted yet.", unit="bytes"),
    _column("send_q", "Sent, but not acknowledged yet.", unit="bytes"),
    _column("uid", "User id of the owner.", right=True),
    _column("user", "Login name of the owner.", _user),
    _column("inode", "Inode number; 0 where no process has the socket.", right=True),
    _column("refcount", "References to a UNIX socket.", right=True),
    _column("flags", "Flags of a UNIX socket: ACC (listens), W, N."),
)  # fmt: skip

#: with -o
TIMER_COLUMNS = (
    _column("timer", "off, on (retransmission), keepalive, timewait or probe."),
    _column("timer_expires", "Until the timer fires.", unit="seconds"),
    _column("retransmits", "Retransmissions not answered.", right=True),
    _column("probes", "Keep-alive probes not answered.", right=True),
)
