"""who(1) of GNU coreutils 9.1 with Debian's --ips: who is logged in, and the other records of utmp(5).

Departs where there is no utmp: it tells of systemd-logind's sessions. Times are good until 2106, and
--ips shows every IPv6 address, not only those that begin with 2. On a terminal it is a table."""

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli import candidates
from sysutils.cli.options import (
    Grammar,
    Help,
    UsageError,
    argument,
    classic,
    option,
    output_mode,
    output_options,
    quote,
    try_help,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import pad_bytes, visible

#: a row of ``core.utmp_records()``
utmp_record = Any
_DAY = 86_400
#: options -> the records they select
_TYPES = {
    "users": "USER_PROCESS", "runlevel": "RUN_LVL", "boot": "BOOT_TIME", "time": "NEW_TIME",
    "process": "INIT_PROCESS", "login": "LOGIN_PROCESS", "dead": "DEAD_PROCESS",
}  # fmt: skip


class Session(NamedTuple):
    """A record, and what its terminal tells: seconds since it was last used, whether messages are let in.

    ``old``: not used for a day, or not since boot."""

    record: utmp_record
    idle: float | None = None
    old: bool = False
    mesg: bool | None = None


class View(NamedTuple):
    """What the lines hold."""

    types: frozenset[str]
    short: bool
    mesg: bool
    idle: bool
    exit: bool
    ips: bool
    lookup: bool


def _iso_times() -> bool:
    """Whether dates are ``2026-11-22``: in every locale that is there, other than C."""
    chosen = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_TIME", "LANG"))), "C")
    if chosen in {"C", "POSIX"}:
        return False
    import locale

    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        return False
    locale.setlocale(locale.LC_ALL, before)
    return True


def _iso(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(int(when)))


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _posix(when: float) -> str:
    at = time.localtime(int(when))
    return f"{_MONTHS[at.tm_mon - 1]} {at.tm_mday:2} {at.tm_hour:02}:{at.tm_min:02}"


def idle_text(row: Session) -> str:
    """``.`` for less than a minute, ``02:15``, `` old``, ``?``; empty for what has no terminal."""
    if row.record.type != "USER_PROCESS":
        return ""
    if row.idle is None:
        return "  ?"
    if row.old:
        return " old"
    if row.idle < 60:
        return "  ."
    minutes = int(row.idle) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def mesg_text(row: Session) -> str:
    """``+``, ``-`` or ``?``: whether messages are let in; a blank for what has no terminal."""
    if row.record.type != "USER_PROCESS":
        return " "
    return "?" if row.mesg is None else "+" if row.mesg else "-"


def run_level(record: utmp_record) -> str:
    """The run level, in the low byte of the process id; empty for none."""
    return os.fsdecode(bytes((record.pid & 0xFF,))).strip("\0")


def _last_level(record: utmp_record) -> str:
    """The run level before; ``S`` also where there was none."""
    byte = int(record.pid / 256) & 0xFF
    return ("S" if byte == ord("N") else chr(byte)) if 32 <= byte < 127 else ""


def address(raw: bytes) -> str | None:
    """The remote host's address, None for none."""
    if not any(raw):
        return None
    import socket

    mapped = raw.startswith(b"\0" * 10 + b"\xff\xff")
    if mapped or not any(raw[4:]):
        return socket.inet_ntop(socket.AF_INET, raw[12:] if mapped else raw[:4])
    return socket.inet_ntop(socket.AF_INET6, raw)


def _canonical(host: str) -> str:
    """The name that DNS has for a host, or the host itself."""
    import socket

    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_CANONNAME)
    except (OSError, UnicodeError):
        return host
    return found[0][3] or host


def comment(row: Session, view: View) -> str:
    """What stands behind the time: the host, the id, the run level before."""
    record = row.record
    if record.type in {"LOGIN_PROCESS", "INIT_PROCESS", "DEAD_PROCESS"}:
        return f"id={record.id}"
    if record.type == "RUN_LVL":
        last = _last_level(record)
        return f"last={last}" if last else ""
    if record.type != "USER_PROCESS":
        return ""
    ip = address(record.addr) if view.ips else None
    if ip is not None:
        return _canonical(ip) if view.lookup else ip
    if not record.host:
        return ""
    host, colon, display = record.host.partition(":")
    if view.lookup and host:
        host = _canonical(host)
    return f"({host}{colon}{display})"


_NAMES = {"USER_PROCESS": "", "LOGIN_PROCESS": "LOGIN"}
_LINES = {"BOOT_TIME": "system boot", "NEW_TIME": "clock change"}


def line_of(row: Session, view: View, when: str) -> str:
    """A line of the classic's."""
    record, kind = row.record, row.record.type
    name = record.user if kind == "USER_PROCESS" else _NAMES.get(kind, "")
    place = f"run-level {run_level(record)}" if kind == "RUN_LVL" else _LINES.get(kind, record.line)
    pid = "" if kind in _LINES or kind == "RUN_LVL" else str(record.pid)
    ended = ""
    if kind == "DEAD_PROCESS":
        ended = f"term={record.exit_termination} exit={record.exit_status}"
    texts = (name, mesg_text(row), place, when, idle_text(row), pid, comment(row, view), ended)
    return _laid_out(view, *texts)


def _laid_out(
    view: View, name: str, mesg: str, place: str, when: str, idle: str, pid: str, rest: str, end: str
) -> str:  # fmt: skip
    text = (
        pad_bytes(name, 8) + (f" {mesg}" if view.mesg else "") + f" {pad_bytes(place, 12)} {when}"
    )
    if not view.short:
        text += (f" {idle:6}" if view.idle else "") + f" {pid:>10}"
    text += f" {pad_bytes(rest, 8)}" + (f" {end:12}" if view.exit else "")
    return text.rstrip(" ")


def _terminal(line: str, now: float, boot: float) -> tuple[float | None, bool, bool | None]:
    """Of the terminal of that name: ``idle``, ``old`` and ``mesg`` of a Session."""
    try:
        status = os.stat(os.path.join("/dev/", line))
    except (OSError, ValueError):
        return None, False, None
    mesg = bool(status.st_mode & stat.S_IWGRP)
    used = int(status.st_atime)
    if not used:
        return None, False, mesg
    return max(now - used, 0), not (boot < used <= now and now - _DAY < used), mesg


def sessions(
    records: Iterable[utmp_record], types: frozenset[str], line: str | None
) -> Iterator[Session]:
    """The records of these types, those of one terminal alone if ``line`` is given."""
    now = int(time.time())
    boot = float("-inf")
    for record in records:
        kind = record.type
        named = kind != "USER_PROCESS" or record.user
        if kind in types and named and line in {None, record.line}:
            told = _terminal(record.line, now, boot) if kind == "USER_PROCESS" else ()
            yield Session(record, *told)
        if kind == "BOOT_TIME":
            boot = int(record.time)


def _records(path: str | None) -> Iterable[utmp_record]:
    """Those of a file, or of the system."""
    if path is None:
        return core.login_records()
    try:
        return core.utmp_records(path)
    except OSError:
        return []


def _own_line() -> str | None:
    """The terminal on standard input."""
    try:
        name: str = getattr(os, "ttyname", lambda _: "")(0)
    except OSError:
        return None
    return name.removeprefix("/dev/") or None


_text = visible
COLUMNS = (
    Column("type", "TYPE", lambda row: row.record.type, help="Kind of record, as utmp(5) names it.", rank=8),
    Column("name", "NAME", lambda row: row.record.user or None, _text, help="User.", style="bold", rank=0),
    Column("mesg", "MESG", lambda row: row.mesg, lambda value: "+" if value else "-", rank=6,
           kind="boolean", help="Whether the terminal lets others' messages in."),
    Column("terminal", "LINE", lambda row: row.record.line or None, _text, help="Terminal.", style="cyan",
           rank=1),
    Column("started", "TIME", lambda row: float(int(row.record.time)), _iso, unit="epoch",
           help="Since when.", rank=2, whole=True),
    Column("idle", "IDLE", lambda row: row.idle, unit="seconds", rank=6,
           help="Seconds since the terminal was last used."),
    Column("pid", "PID", lambda row: row.record.pid, right=True, help="Process.", rank=7),
    Column("host", "HOST", lambda row: row.record.host or None, _text, help="Remote host.", style="green",
           rank=3),
    Column("address", "ADDRESS", lambda row: address(row.record.addr), help="Its address.", rank=7),
    Column("id", "ID", lambda row: row.record.id or None, _text, help="Id of the terminal.", rank=8),
    Column("run_level", "LEVEL", lambda row: run_level(row.record) if row.record.type == "RUN_LVL" else None,
           _text, help="Run level.", rank=8),
    Column("exit_termination", "TERM", lambda row: _ended(row, row.record.exit_termination), right=True,
           help="Signal that ended a dead process.", rank=7),
    Column("exit_status", "EXIT", lambda row: _ended(row, row.record.exit_status), right=True,
           help="Exit status of a dead process.", rank=7),
)  # fmt: skip


def _ended(row: Session, value: int) -> int | None:
    return value if row.record.type == "DEAD_PROCESS" else None


def _rich(view: View, rows: Iterable[Session], out: Stream) -> None:
    """A table of what the options ask for."""
    from sysutils.cli.output import as_rich

    shown = {"name", "terminal", "started", "idle", "pid", "address" if view.ips else "host"}
    shown |= {"mesg"} if view.mesg else set()
    shown |= {"exit_termination", "exit_status"} if view.exit else set()
    shown |= {"type", "id"} if view.types - {"USER_PROCESS"} else set()
    shown |= {"run_level"} if "RUN_LVL" in view.types else set()
    idle = Column("idle", "IDLE", lambda row: idle_text(row).strip() or None)
    columns = [idle if column.name == "idle" else column for column in COLUMNS]
    as_rich.write([column for column in columns if column.name in shown], rows, out)


def _plain(view: View, heading: bool, rows: Iterable[Session], out: Stream) -> None:
    shape = _iso if _iso_times() else _posix
    show = visible if out.isatty() else str
    if heading:
        width = 16 if shape is _iso else 12
        words = ("NAME", " ", "LINE", "TIME".ljust(width), "IDLE", "PID", "COMMENT", "EXIT")
        out.write(_laid_out(view, *words) + "\n")
    for row in rows:
        out.write(show(line_of(row, view, shape(row.record.time))) + "\n")


def _names(rows: Iterable[Session], out: Stream) -> None:
    """The names on one line, and their number."""
    names = [row.record.user.rstrip(" ") for row in rows]
    show = visible if out.isatty() else str
    out.write(f"{show(' '.join(names))}\n# users={len(names)}\n")


def _view(asked: dict[str, Any]) -> View:
    every = asked["all"]
    types = {kind for name, kind in _TYPES.items() if every or asked[name]}
    exits = bool(every or asked["dead"])
    return View(
        types=frozenset(types or {"USER_PROCESS"}),
        short=(asked["short"] or not types) and not exits,
        mesg=bool(every or asked["mesg"]),
        idle=bool(every or any(asked[name] for name in ("users", "dead", "login", "runlevel"))),
        exit=exits,
        ips=asked["ips"],
        lookup=asked["lookup"],
    )


_ABOUT = Help(
    examples=(
        ("", "Who is logged in."),
        ("-aH", "All records, with a heading."),
        ("-b", "When the system was booted."),
        ("-q", "Names and number alone."),
        ("/var/log/wtmp", "The logins of the past."),
    ),
    statuses=(
        ("0", "Done; a FILE that is not there has no records."),
        ("1", "A mistake in the words."),
    ),
)


@classic("who", about=_ABOUT, grammar=Grammar(hint=try_help))
@option(
    "-a", "--all", group="What to show", is_flag=True, help="Same as -b -d --login -p -r -t -T -u."
)
@option("-b", "--boot", is_flag=True, help="Show when the system was booted.")
@option("-q", "--count", is_flag=True, help="Show login names and the number of users.")
@option("-d", "--dead", is_flag=True, help="Show dead processes.")
@option("-H", "--heading", group="Details", is_flag=True, help="Show a line of headings.")
@option("--ips", is_flag=True, help="Show addresses, where known, in place of the hosts' names.")
@option(
    "-l",
    "--login",
    group="What to show",
    is_flag=True,
    help="Show where the system waits for a login.",
)
@option("--lookup", group="Details", is_flag=True, help="Look up the hosts' names with DNS.")
@option("-T", "-w", "--mesg", "--message", "--writable", "mesg", is_flag=True,
        help="Show whether users let messages in, as + or -, or ?.")  # fmt: skip
@option(
    "-p", "--process", group="What to show", is_flag=True, help="Show processes that init started."
)
@option("-r", "--runlevel", is_flag=True, help="Show the run level.")
@option(
    "-s",
    "--short",
    group="Details",
    is_flag=True,
    help="Show name, line and time alone, the default.",
)
@option(
    "-t", "--time", group="What to show", is_flag=True, help="Show when the clock was last set."
)
@option(
    "-u",
    "--users",
    group="What to show",
    is_flag=True,
    help="Show users, how long they have been idle, process ids.",
)
@option("-m", "own", is_flag=True, help="Show the user of the terminal on standard input alone.")
@argument("operands", nargs=-1, metavar="[FILE | ARG1 ARG2]", shell_complete=candidates.files)
@version_option("--version")
@output_options
def command(
    operands: tuple[str, ...], own: bool, count: bool, heading: bool, output: str | None, **asked: Any
) -> None:  # fmt: skip
    """Show who is logged in, or other records of logins."""
    mode = output_mode(output)
    if len(operands) > 2:
        raise UsageError(f"extra operand {quote(operands[2])}")
    view = _view(asked)
    if count:
        own, view = False, view._replace(types=frozenset({"USER_PROCESS"}))
    else:
        own = own or len(operands) == 2
    mine = _own_line() if own else None
    rows: Iterable[Session] = ()
    if mine is not None or not own:
        records = _records(operands[0] if len(operands) == 1 else None)
        rows = sessions(records, view.types, mine)

    def plain(_: Sequence[Column], rows: Iterable[Session], out: Stream) -> None:
        if count:
            _names(rows, out)
        else:
            _plain(view, heading, rows, out)

    def rich(_: Sequence[Column], rows: Iterable[Session], out: Stream) -> None:
        if count:
            _names(rows, out)
        else:
            _rich(view, rows, out)

    emit(mode, COLUMNS, rows, plain, rich=rich)
