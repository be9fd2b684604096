"""The two tables of sockets in net-tools' format: one line a socket, in the kernel's order."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sysutils.cli.fields.names import host_name, protocol_name, service_name, user_name
from sysutils.cli.fields.sockets import (
    UNIX_FLAGS,
    inet_state,
    is_server,
    program_name,
    timer_word,
    type_name,
    unix_state,
)

if TYPE_CHECKING:
    from sysutils.core._ntuples import addr, snetsock, ssockowner, sunixsock

Owners = dict[int, "ssockowner"]

#: protocol of a row -> in the first column
_SHOWN = {"udplite": "udpl", "udplite6": "udpl6"}
#: columns of an address
_WIDTH = 23


class View(NamedTuple):
    """What is shown of sockets, and how."""

    #: -l, -a: only those that wait for peers, these too
    listening: bool = False
    all: bool = False
    #: -n and its parts
    numeric_hosts: bool = False
    numeric_ports: bool = False
    numeric_users: bool = False
    wide: bool = False
    extended: bool = False
    programs: bool = False
    timers: bool = False

    @property
    def title(self) -> str:
        """What stands behind the name of a table."""
        if self.all:
            return "(servers and established)"
        return "(only servers)" if self.listening else "(w/o servers)"


def pad(text: str, width: int) -> str:
    """``text`` with blanks up to ``width`` bytes."""
    return text.ljust(width if text.isascii() else width - len(os.fsencode(text)) + len(text))


def cut(text: str, size: int) -> str:
    """The first ``size`` bytes of ``text``."""
    return text[:size] if text.isascii() else os.fsdecode(os.fsencode(text)[:size])


def selected(rows: "Iterable[snetsock]", view: View) -> "Iterable[snetsock]":
    """The sockets that -l and -a leave."""
    if view.all:
        return rows
    if view.listening:
        return filter(is_server, rows)
    return (row for row in rows if not is_server(row))


def selected_unix(rows: "Iterable[sunixsock]", view: View) -> "Iterable[sunixsock]":
    """The UNIX sockets that -l and -a leave."""
    if view.all:
        return rows
    return (row for row in rows if (unix_state(row) == "LISTENING") == view.listening)


# --- addresses


def host_text(ip: str, numeric: bool) -> str:
    """An address, by name unless ``numeric``; an IPv4 one inside of IPv6 as IPv4."""
    if numeric or ip == "0.0.0.0":
        return ip.removeprefix("::ffff:") if "." in ip else ip
    if ip == "::":
        return "[::]"
    return host_name(ip) or (ip.removeprefix("::ffff:") if "." in ip else ip)


def port_text(protocol: str, port: int, numeric: bool) -> str:
    """A port, by name unless ``numeric``; of a raw socket its IP protocol."""
    if not port:
        return "*"
    if numeric:
        return str(port)
    if protocol.startswith("raw"):
        return protocol_name(port) or str(port)
    return service_name("tcp" if protocol.startswith("tcp") else "udp", port) or str(port)


def address_text(host: str, port: str, wide: bool) -> str:
    """``host:port`` in 23 columns, if need be both cut: the port to 18, the host to what is left."""
    if not wide and len(host) + len(port) >= _WIDTH:
        port = port[:18]
        host = cut(host, _WIDTH - 1 - len(port))
    return pad(f"{host}:{port}", _WIDTH)


class _Addresses(dict["addr", str]):
    """Address -> its text, made once."""

    def __init__(self, protocol: str, view: View) -> None:
        super().__init__()
        self._protocol = protocol
        self._view = view

    def __missing__(self, address: "addr") -> str:
        view = self._view
        host = host_text(address.ip, view.numeric_hosts)
        port = port_text(self._protocol, address.port, view.numeric_ports)
        text = self[address] = address_text(host, port, view.wide)
        return text


# --- the columns of options


class _Users(dict[int, str]):
    """User id -> ``" name      "``."""

    def __init__(self, numeric: bool) -> None:
        super().__init__()
        self._numeric = numeric

    def __missing__(self, uid: int) -> str:
        name = None if self._numeric else user_name(uid)
        number = uid - (1 << 32) if uid >= 1 << 31 else uid
        text = self[uid] = f" {pad(name or str(number), 10)}"
        return text


class Programs(dict[int, str]):
    """Inode -> ``" pid/name            "``, 19 bytes and a blank at least."""

    def __init__(self, owners: Owners) -> None:
        super().__init__()
        self._owners = owners

    def __missing__(self, inode: int) -> str:
        owner = self._owners.get(inode)
        if owner is None:
            return " -                   "
        name = cut(f"{owner.pid}/{program_name(owner.program)}", 19)
        text = self[inode] = f" {pad(name, 20)}"
        return text


def timer_text(row: "snetsock") -> str:
    """``keepalive (7192.15/0/0)``: kind, seconds left, retransmissions, probes."""
    if row.timer is None:
        return ""
    kind, expires, retransmits, probes = row.timer
    left = expires if kind else 0.0
    if row.protocol.startswith("udp"):
        retransmits = 0  # it has none
    return f"{timer_word(row.protocol, kind)} ({left:2.2f}/{retransmits}/{probes})"


def _tails(view: View, owners: Owners) -> "list[Callable[[snetsock], str]]":
    tails: list[Callable[[snetsock], str]] = []
    if view.extended:
        users = _Users(view.numeric_users)
        tails.append(lambda row: f"{users[row.uid]} {row.inode:<10}")
    if view.programs:
        programs = Programs(owners)
        tails.append(lambda row: programs[row.inode])
    if view.timers:
        tails.append(lambda row: f" {timer_text(row)}")
    return tails


# --- lines


def inet_heading(view: View) -> Iterator[str]:
    """Title and headings of the Internet sockets."""
    yield f"Active Internet connections {view.title}\n"
    yield (
        "Proto Recv-Q Send-Q Local Address           Foreign Address         State      "
        f"{' User       Inode     ' * view.extended}{' PID/Program name    ' * view.programs}"
        f"{' Timer' * view.timers}\n"
    )


def inet_lines(
    protocol: str, rows: "Iterable[snetsock]", view: View, owners: Owners
) -> Iterator[str]:
    """A line for each socket of one protocol."""
    addresses = _Addresses(protocol, view)
    states: dict[int, str] = {}
    shown = f"{_SHOWN.get(protocol, protocol):<5}"
    tails = _tails(view, owners)
    for row in rows:
        _, recv_q, send_q, local, remote, state, status, _, _, _ = row
        word = states.get(state)
        if word is None:
            word = states[state] = f"{inet_state(protocol, state, status):<11}"
        line = f"{shown} {recv_q:6d} {send_q:6d} {addresses[local]} {addresses[remote]} {word}"
        for tail in tails:
            line += tail(row)
        yield line + "\n"


def unix_heading(view: View) -> Iterator[str]:
    """Title and headings of the UNIX sockets."""
    yield f"Active UNIX domain sockets {view.title}\n"
    programs = " PID/Program name    " * view.programs
    yield f"Proto RefCnt Flags       Type       State         I-Node  {programs} Path\n"


def unix_lines(rows: "Iterable[sunixsock]", view: View, owners: Owners) -> Iterator[str]:
    """A line for each UNIX socket; of a path what is in front of its first blank."""
    programs = Programs(owners)
    for row in rows:
        flags = "".join(f"{word} " for bit, word in UNIX_FLAGS if row.flags & bit)
        program = programs[row.inode] if view.programs else ""
        path = row.path.split(None, 1)[0] if row.path.strip() else ""
        yield (
            f"unix  {row.refcount:<6d} {f'[ {flags}]':<11} {type_name(row.type):<10} "
            f"{unix_state(row):<13} {row.inode:<8d}{program} {path}\n"
        )
