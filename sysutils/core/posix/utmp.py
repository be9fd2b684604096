"""Who is logged in, as login(1) and its like write it: records of utmp(5) and wtmp."""

import os
import sys
from collections.abc import Iterator
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sysutils.core._ntuples import suser

#: where login(1) and its like write who is logged in now
PATH = "/var/run/utmp"

#: ``ut_type`` by number; a number beyond is told as its digits
TYPES = (
    "EMPTY", "RUN_LVL", "BOOT_TIME", "NEW_TIME", "OLD_TIME", "INIT_PROCESS", "LOGIN_PROCESS",
    "USER_PROCESS", "DEAD_PROCESS", "ACCOUNTING",
)  # fmt: skip
_USER_PROCESS = 7
#: machines with 64-bit times in the records; everywhere else they are 32 bits for the sake of 32-bit programs
_WIDE_MACHINES = ("aarch64", "alpha", "ia64", "loongarch64", "s390x")


class utmp_record(NamedTuple):
    """One record of utmp(5). ``time`` is in seconds since the epoch, ``addr`` 16 bytes, zeros for none."""

    type: str
    pid: int
    line: str
    id: str
    user: str
    host: str
    exit_termination: int
    exit_status: int
    session: int
    time: float
    addr: bytes


def layout(wide: bool = False, big: bool = False) -> Struct:
    """``struct utmp`` of glibc: 384 bytes, ``wide`` (64-bit session and time) 400 bytes."""
    times = "qqq16s24x" if wide else "iII16s20x"
    return Struct(f"{'>' if big else '<'}h2xi32s4s32s256shh{times}")


def native_layout() -> Struct:
    """The layout that this machine's programs write."""
    machine = os.uname().machine if hasattr(os, "uname") else ""
    return layout(machine in _WIDE_MACHINES and sys.maxsize > 2**32, sys.byteorder == "big")


def _text(field: bytes) -> str:
    return os.fsdecode(field.partition(b"\0")[0])


def parse_utmp(data: bytes, form: Struct | None = None) -> Iterator[utmp_record]:
    """The records in ``data``, of this machine's layout unless ``form`` says otherwise.

    A record cut off at the end, as while it is written, is left out."""
    form = form or native_layout()
    whole = len(data) - len(data) % form.size
    for (
        kind,
        pid,
        line,
        ident,
        user,
        host,
        term,
        status,
        session,
        sec,
        usec,
        addr,
    ) in form.iter_unpack(data[:whole]):
        name = TYPES[kind] if 0 <= kind < len(TYPES) else str(kind)
        yield utmp_record(
            name, pid, _text(line), _text(ident), _text(user), _text(host), term, status, session,
            sec + min(usec, 999_999) / 1e6, addr,
        )  # fmt: skip


def is_gone(record: utmp_record) -> bool:
    """Whether it is a user's session whose process is no more (a login that nobody logged out)."""
    if record.type != "USER_PROCESS" or not record.user or record.pid <= 0:
        return False
    try:
        os.kill(record.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # it is another user's
    return False


def as_record(user: "suser") -> utmp_record:
    """The record that login(1) would write of a session known from elsewhere."""
    host = "" if user.host == "localhost" else user.host or ""
    return utmp_record(
        "USER_PROCESS", user.pid or 0, user.terminal or "?", "", user.name, host, 0, 0, 0, user.started,
        bytes(16),
    )  # fmt: skip


def parse_users(data: bytes, form: Struct | None = None) -> "list[suser]":
    """The sessions among the records in ``data``: whole seconds; from no other host is ``localhost``."""
    from sysutils.core._ntuples import suser  # uptime, which only counts, does without

    return [
        suser(
            record.user,
            record.line or None,
            "localhost" if record.host in {"", ":0", ":0.0"} else record.host,
            float(int(record.time)),
            record.pid,
        )
        for record in parse_utmp(data, form)
        if record.type == "USER_PROCESS"
    ]


def count_users(data: bytes, form: Struct | None = None) -> int:
    """How many records in ``data`` are sessions of a user with a name."""
    form = form or native_layout()
    count = 0
    for record in form.iter_unpack(data[: len(data) - len(data) % form.size]):
        count += record[0] == _USER_PROCESS and record[4][:1] != b"\0"
    return count


def read(path: str | bytes | os.PathLike[str]) -> bytes:
    """The whole file. Raises OSError as open(2) does."""
    with open(path, "rb", buffering=0) as file:
        return file.readall()
