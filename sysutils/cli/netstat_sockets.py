"""netstat's tables of sockets: a line each in net-tools' format, in the kernel's order; or rows."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sysutils import core
from sysutils.cli import netstat_groups
from sysutils.cli.fields import sockets
from sysutils.cli.fields.names import host_text, protocol_name, service_name, user_name
from sysutils.cli.fields.sockets import (
    UNIX_FLAGS,
    inet_state,
    is_server,
    program_name,
    timer_word,
    type_name,
    unix_state,
)
from sysutils.cli.netstat_choice import FOREIGN, Choice, View, lacks, missing, note_missing, told
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import write_error
from sysutils.cli.output.text import cut_bytes, pad_bytes

if TYPE_CHECKING:
    from sysutils.core._ntuples import addr, snetsock, ssockowner, sunixsock

Owners = dict[int, "ssockowner"]

#: protocol of a row -> in the first column
_SHOWN = {"udplite": "udpl", "udplite6": "udpl6"}
#: columns of an address
_WIDTH = 23


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
        host = cut_bytes(host, _WIDTH - 1 - len(port))
    return pad_bytes(f"{host}:{port}", _WIDTH)


class _Addresses(dict["addr", str]):
    """Address -> its text, made once."""

    __slots__ = ("_hosts", "_protocol", "_view")

    def __init__(self, protocol: str, view: View) -> None:
        super().__init__()
        self._protocol = protocol
        self._view = view
        self._hosts: dict[str, str] = {}

    def __missing__(self, address: "addr") -> str:
        ip, port = address
        host = self._hosts.get(ip)
        if host is None:
            host = self._hosts[ip] = host_text(ip, self._view.numeric_hosts)
        if port and self._view.numeric_ports:
            text = f"{host}:{port}"
            if len(text) <= _WIDTH and text.isascii():  # as nearly all are
                text = self[address] = text.ljust(_WIDTH)
                return text
        name = port_text(self._protocol, port, self._view.numeric_ports)
        text = self[address] = address_text(host, name, self._view.wide)
        return text


# --- the columns of options


class _Users(dict["int | None", str]):
    """User id -> its name or number; ``-`` where it is not told."""

    def __init__(self, numeric: bool) -> None:
        super().__init__()
        self._numeric = numeric

    def __missing__(self, uid: int | None) -> str:
        if uid is None:
            return f"{'-':<10}"
        name = None if self._numeric else user_name(uid)
        number = uid - (1 << 32) if uid >= 1 << 31 else uid
        text = self[uid] = pad_bytes(name or str(number), 10)
        return text


class _Programs(dict[int, str]):
    """Inode -> ``"pid/name            "``, 19 bytes and a blank at least."""

    __slots__ = ("_owners", "_texts")
    _nobody = f"{'-':<20}"

    def __init__(self, owners: Owners) -> None:
        super().__init__()
        self._owners = owners
        self._texts: dict[int, str] = {}

    def __missing__(self, inode: int) -> str:
        owner = self._owners.get(inode)
        if owner is None:
            return self._nobody
        text = self._texts.get(owner[0])
        if text is None:
            text = cut_bytes(f"{owner.pid}/{program_name(owner.program)}", 19)
            text = self._texts[owner.pid] = pad_bytes(text, 20)
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


def _ending(view: View, owners: Owners) -> "Callable[[snetsock], str]":
    """What the options put behind the state of a socket."""
    users = _Users(view.numeric_users)
    holders = _Programs(owners)

    def ending(row: "snetsock") -> str:
        text = f" {users[row.uid]} {row.inode:<10}" if view.extended else ""
        if view.programs:
            text += f" {holders[row.inode]}"
        return f"{text} {timer_text(row)}" if view.timers else text

    return ending


# --- lines


def inet_heading(view: View) -> Iterator[str]:
    """Title and headings of the Internet sockets."""
    yield f"Active Internet connections {view.title}\n"
    yield (
        "Proto Recv-Q Send-Q Local Address           Foreign Address         State      "
        f"{' User       Inode     ' * view.extended}{' PID/Program name    ' * view.programs}"
        f"{' Timer' * view.timers}\n"
    )


def _queue(length: int | None) -> str:
    return f"{'-' if length is None else length:>6}"


def inet_lines(
    protocol: str, rows: "Iterable[snetsock]", view: View, owners: Owners
) -> Iterator[str]:
    """A line for each socket of one protocol."""
    addresses = _Addresses(protocol, view)
    states: dict[int, str] = {}
    queues: dict[tuple[int | None, int | None], str] = {}
    holders = _Programs(owners)
    shown = f"{_SHOWN.get(protocol, protocol):<5}"
    ending = _ending(view, owners) if view.extended or view.timers else None
    programs = view.programs
    for row in rows:
        _, recv_q, send_q, local, remote, state, status, _, inode, _ = row
        head = queues.get((recv_q, send_q))
        if head is None:
            head = queues[recv_q, send_q] = f"{shown} {_queue(recv_q)} {_queue(send_q)}"
        word = states.get(state)
        if word is None:
            word = states[state] = f"{inet_state(protocol, state, status):<11}"
        if ending is not None:
            yield f"{head} {addresses[local]} {addresses[remote]} {word}{ending(row)}\n"
        elif programs:
            yield f"{head} {addresses[local]} {addresses[remote]} {word} {holders[inode]}\n"
        else:
            yield f"{head} {addresses[local]} {addresses[remote]} {word}\n"


def unix_heading(view: View) -> Iterator[str]:
    """Title and headings of the UNIX sockets."""
    yield f"Active UNIX domain sockets {view.title}\n"
    holder = " PID/Program name    " * view.programs
    yield f"Proto RefCnt Flags       Type       State         I-Node  {holder} Path\n"


def unix_lines(rows: "Iterable[sunixsock]", view: View, owners: Owners) -> Iterator[str]:
    """A line for each UNIX socket; of a path what is in front of its first blank."""
    holders = _Programs(owners)
    for row in rows:
        flags = "".join(f"{word} " for bit, word in UNIX_FLAGS if row.flags & bit)
        holder = f" {holders[row.inode]}" if view.programs else ""
        path = row.path.split(None, 1)[0] if row.path.strip() else ""
        yield (
            f"unix  {row.refcount:<6d} {f'[ {flags}]':<11} {type_name(row.type):<10} "
            f"{unix_state(row):<13} {row.inode:<8d}{holder} {path}\n"
        )


# --- reports


def owners(warn: bool) -> Owners:
    """The processes that have sockets open; says so on standard error if some don't let us look."""
    found = core.socket_owners()
    user = getattr(os, "geteuid", int)()
    if warn and user and not found.complete:  # root can't do anything about the rest
        if found.by_inode:
            write_error(
                "(Not all processes could be identified, non-owned process info\n"
                " will not be shown, you would have to be root to see it all.)\n"
            )
        else:
            write_error(
                f'(No info could be read for "-p": geteuid()={user} but you should be root.)\n'
            )
    return found.by_inode


def inet_sockets(choice: Choice) -> Iterator[tuple[str, Iterable[Any]]]:
    """``(table, its sockets)`` for each to show; raises CommandError for a protocol that is missing, once
    what there is of it is given."""
    absent = ""
    for table in [*choice.tables, ""]:
        if absent and table != f"{absent}6":
            note_missing(choice, f"AF INET ({absent})")
            absent = ""
        if not table:
            return
        if table.startswith("sctp"):
            if table == "sctp":
                for _ in range(1 + choice.view.all):  # endpoints, with -a associations too
                    note_missing(choice, "AF INET (sctp)")
            continue
        rows = told(partial(core.net_sockets, (table,), timers=choice.view.timers), [])
        if not rows and not table.endswith("6") and lacks(table):
            absent = table
        yield table, selected(rows, choice.view)


def unix_sockets(choice: Choice) -> Iterable[Any]:
    """The UNIX sockets to show; raises CommandError if there is no such table."""
    rows = told(core.unix_sockets, [])
    if not rows and lacks("unix"):
        note_missing(choice, "AF UNIX")
    return selected_unix(rows, choice.view)


def refuse_foreign(choice: Choice) -> None:
    """Raises CommandError for a family that is asked for and never shown."""
    for family in FOREIGN:
        if family in choice.families:
            raise missing(f"AF {family.upper()}")
        if choice.everything and choice.verbose:
            missing(f"AF {family.upper()}").show()


def lines(choice: Choice, first: bool = True) -> Iterator[str]:  # noqa: ARG001
    """The tables in net-tools' format."""
    view = choice.view
    known = owners(True) if view.programs else {}
    if choice.tables:
        yield from inet_heading(view)
        for table, rows in inet_sockets(choice):
            yield from inet_lines(table, rows, view, known)
    if choice.groups:
        yield from netstat_groups.heading()
        yield from netstat_groups.lines_of(netstat_groups.rows(choice), view.numeric_hosts)
        netstat_groups.refuse(choice)
    if choice.unix:
        yield from unix_heading(view)
        yield from unix_lines(unix_sockets(choice), view, known)
    refuse_foreign(choice)


def rows(choice: Choice) -> Iterator[Any]:
    """The rows of JSON and CSV."""
    known = owners(choice.view.programs)
    for _, rows in inet_sockets(choice):
        yield from sockets.rows(rows, (), known)
    if choice.unix:
        yield from sockets.rows((), unix_sockets(choice), known)


def columns(choice: Choice) -> Sequence[Column]:
    """The columns of JSON and CSV."""
    return sockets.COLUMNS + sockets.TIMER_COLUMNS * choice.view.timers
