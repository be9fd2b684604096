"""Who a process is: ids, users and groups, terminal, session, namespaces, control groups."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from sysutils import core
from sysutils.cli.fields.names import account
from sysutils.cli.fields.process import (
    LEFT,
    NAME,
    PID,
    PROCESS,
    TEXT,
    THREAD,
    Field,
    Get,
    Moment,
    Row,
    again,
    fact,
    number,
    plain,
    unsorted,
)
from sysutils.cli.fields.process_text import name_text, safe

# --- numbers


def _pid(name: str, header: str, source: str, help: str, whose: str = PROCESS) -> Field:
    return number(name, header, 5, source, help, layout=PID, whose=whose)


PID_FIELD = _pid("pid", "PID", "tgid", "Process id.")._replace(rank=0)
PPID = _pid("ppid", "PPID", "ppid", "Process id of the parent.")._replace(rank=6)
PGID = _pid("pgid", "PGID", "pgrp", "Process group id.")
SID = _pid("sid", "SID", "session", "Session id.")
LWP = _pid("lwp", "LWP", "pid", "Thread id.", THREAD)._replace(rank=0)
TGID = _pid("tgid", "TGID", "tgid", "Process id.")
TPGID = _pid("tpgid", "TPGID", "tpgid", "Foreground process group of the terminal.")


def _signed(value: int) -> str:
    return str(value - (1 << 32) if value >> 31 else value)


def _id(name: str, header: str, source: str, get: str, help: str) -> Field:
    take = attrgetter(source)
    part = get.partition(".")[2]

    def of_part(row: Row) -> int | None:
        ids = take(row)
        return None if ids is None else int(getattr(ids, part))

    read: Get = of_part if part else take
    return Field(name, header, 5, (source,), lambda _: read, show=_signed, help=help)


EUID = _id("euid", "EUID", "euid", "euid", "Effective user id.")
EGID = _id("egid", "EGID", "egid", "egid", "Effective group id.")
RUID = _id("ruid", "RUID", "uids", "uids.real", "Real user id.")
RGID = _id("rgid", "RGID", "gids", "gids.real", "Real group id.")
SUID = _id("suid", "SUID", "uids", "uids.saved", "Saved user id.")
SGID = _id("sgid", "SGID", "gids", "gids.saved", "Saved group id.")
FUID = _id("fuid", "FUID", "fsuid", "fsuid", "User id for access to files.")
FGID = _id("fgid", "FGID", "fsgid", "fsgid", "Group id for access to files.")._replace(
    order=unsorted
)
LUID = fact("luid", "LUID", 5, "loginuid", "User id at login.")

# --- names


def _name_field(name: str, header: str, of: Field, look_up: Callable[[int], str | None]) -> Field:
    def value(moment: Moment) -> Get:
        ident = of.value(moment)
        known: dict[int | None, str | None] = {None: None}

        def get(row: Row) -> str | None:
            number = ident(row)
            if number not in known:
                known[number] = look_up(number) or str(number)
            return known[number]

        return get

    def cell(moment: Moment, room: int) -> Callable[[Row], str]:
        ident = of.value(moment)
        known: dict[int | None, str] = {None: "-"}

        def text(row: Row) -> str:
            number = ident(row)
            if number not in known:
                known[number] = name_text(account(look_up(number) or str(number)), room)
            return known[number]

        return text

    sentence = of.help.replace(" id", " name")
    return Field(name, header, 8, of.needs, value, NAME, cell=cell, help=sentence, rank=4)


def _user(name: str, header: str, of: Field) -> Field:
    return _name_field(name, header, of, getattr(core, "user_name", str))


def _group(name: str, header: str, of: Field) -> Field:
    return _name_field(name, header, of, getattr(core, "group_name", str))


USER = _user("user", "USER", EUID)
EUSER = _user("euser", "EUSER", EUID)
RUSER = _user("ruser", "RUSER", RUID)
SUSER = _user("suser", "SUSER", SUID)
FUSER = _user("fuser", "FUSER", FUID)
GROUP = _group("group", "GROUP", EGID)
EGROUP = _group("egroup", "EGROUP", EGID)
RGROUP = _group("rgroup", "RGROUP", RGID)
SGROUP = _group("sgroup", "SGROUP", SGID)
FGROUP = _group("fgroup", "FGROUP", FGID)


def _group_list(name: str, header: str, width: int, show: Callable[[int], str], help: str) -> Field:
    def text(gids: list[int]) -> str:
        return ",".join(map(show, gids)) or "-"

    return Field(
        name,
        header,
        width,
        ("groups",),
        plain("groups"),
        TEXT,
        text,
        order="text",
        whose=PROCESS,
        help=help,
        kind="[integer]",
    )


def _group_or_number(gid: int) -> str:
    return safe(core.group_name(gid) or str(gid))


SUPGID = _group_list("supgid", "SUPGID", 20, str, "Ids of the supplementary groups.")
SUPGRP = _group_list("supgrp", "SUPGRP", 40, _group_or_number, "Names of the supplementary groups.")

# --- terminal

TTY = Field(
    "tty", "TT", 8, ("tty_name",), plain("tty_name"), LEFT, missing="?", whose=PROCESS,
    style="dim", rank=8, help="Controlling terminal.",
)  # fmt: skip


def _short_tty(name: str) -> str:
    return name.removeprefix("tty").removeprefix("pts/")


TTY4 = TTY._replace(name="tty4", header="TTY", width=4, show=_short_tty, order=unsorted)

# --- namespaces


def _namespace(name: str, kind: str) -> Field:
    source = f"{kind}_namespace"
    return fact(name, name.upper(), 10, source, f"Inode number of the {kind} namespace.")


NAMESPACES = [
    _namespace("cgroupns", "cgroup"), _namespace("ipcns", "ipc"), _namespace("mntns", "mnt"),
    _namespace("netns", "net"), _namespace("pidns", "pid"), _namespace("timens", "time"),
    _namespace("userns", "user"), _namespace("utsns", "uts"),
]  # fmt: skip

# --- control groups, and what systemd makes of them


def _groups_text(lines: list[str]) -> str:
    return safe(",".join(line for line in lines if not line.endswith(":/"))) or "-"


def _group_name_text(lines: list[str]) -> str:
    text = _groups_text(lines)
    _, found, name = text.partition("name=")
    return name if found else text


CGROUP = Field(
    "cgroup", "CGROUP", 27, ("cgroup",), plain("cgroup"), TEXT, _groups_text, whose=PROCESS,
    help="Control groups.", kind="[string]",
)  # fmt: skip
CGNAME = CGROUP._replace(name="cgname", header="CGNAME", show=_group_name_text)


def container(lines: list[str]) -> str | None:
    """Name of the LXC container that a control group belongs to."""
    for line in lines:
        for mark in ("lxc.payload.", "lxc.payload/", "lxc/"):
            _, found, rest = line.partition(mark)
            if found:
                return rest.split("/")[0]
    return None


def _lxc(_: Moment) -> Get:
    def get(row: Row) -> str | None:
        return container(row.cgroup) if row.cgroup else None

    return get


LXC = Field("lxc", "LXC", 8, ("cgroup",), _lxc, LEFT, safe, help="Name of the LXC container.")


def _systemd(name: str, header: str, width: int, source: str, help: str) -> Field:
    return fact(name, header, width, source, help, layout=LEFT, show=lambda value: safe(str(value)))


UNIT = _systemd("unit", "UNIT", 31, "unit", "Unit of systemd.")
SLICE = _systemd("slice", "SLICE", 31, "slice_name", "Slice of systemd.")
UUNIT = _systemd("uunit", "UUNIT", 31, "user_unit", "Unit of the user's systemd.")
LSESSION = _systemd("lsession", "SESSION", 11, "login_session", "Login session.")
OUID = _systemd("ouid", "OWNER", 5, "owner_uid", "User id of the session's owner.")._replace(
    kind="integer"
)


def _never(name: str, header: str, width: int, help: str) -> Field:
    def value(_: Moment) -> Get:
        return _none

    return Field(name, header, width, (), value, LEFT, help=help)


def _none(_: Row) -> Any:
    return None


MACHINE = _never("machine", "MACHINE", 31, "Virtual machine or container.")
SEAT = _never("seat", "SEAT", 11, "Seat of the login session.")

#: name -> field
IDS: dict[str, Field] = {
    field.name: field
    for field in (
        PID_FIELD, PPID, PGID, SID, LWP, TGID, TPGID, EUID, EGID, RUID, RGID, SUID, SGID, FUID, FGID, LUID,
        USER, EUSER, RUSER, SUSER, FUSER, GROUP, EGROUP, RGROUP, SGROUP, FGROUP, SUPGID, SUPGRP, TTY, TTY4,
        *NAMESPACES, CGROUP, CGNAME, LXC, UNIT, SLICE, UUNIT, LSESSION, OUID, MACHINE, SEAT,
    )
}  # fmt: skip
IDS |= {
    "pgrp": again(PGID, "PGRP"),
    "sess": again(SID, "SESS"),
    "session": again(SID, "SESS"),
    "tid": again(LWP, "TID"),
    "spid": again(LWP, "SPID"),
    "uid": again(EUID, "UID"),
    "gid": again(EGID, "GID"),
    "svuid": again(SUID, "SVUID"),
    "svgid": again(SGID, "SVGID"),
    "fsuid": again(FUID, "FSUID"),
    "fsgid": again(FGID, "FSGID", order=None),
    "uname": USER,
    "uid_hack": again(USER, "UID"),
    "svuser": again(SUSER, "SVUSER"),
    "svgroup": again(SGROUP, "SVGROUP"),
    "fsuser": again(FUSER, "FSUSER"),
    "fsgroup": again(FGROUP, "FSGROUP"),
    "tt": TTY,
    "tname": again(TTY, "TTY"),
    "longtname": again(TTY, "TTY"),
    "tty8": again(TTY, "TTY"),
}


def numeric(field: Field) -> Field:
    """The field with ids in place of names, as ps' option n has it."""
    ids = {"user": EUID, "euser": EUID, "ruser": RUID, "suser": SUID, "fuser": FUID,
           "group": EGID, "egroup": EGID, "rgroup": RGID, "sgroup": SGID, "fgroup": FGID}  # fmt: skip
    of = ids.get(field.name)
    if of is None:
        return field
    return of._replace(header=field.header, width=field.width, show=str)
