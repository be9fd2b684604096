"""The login sessions of systems with utmpx(5): setutxent(3), getutxent(3), endutxent(3)."""

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sysutils.core import _native
from sysutils.core._ntuples import suser
from sysutils.core.posix.utmp import utmp_record

#: what getutxent(3) returns
POINTER = ctypes.c_void_p


def users(getutxent: Callable[[], int | None], kind: Any, user_process: int) -> list[suser]:
    """The sessions; ``kind`` is the system's ``struct utmpx``, ``user_process`` its USER_PROCESS."""
    return [_session(found) for found in _entries(getutxent, kind) if found.ut_type == user_process]


def login_records(
    getutxent: Callable[[], int | None], kind: Any, types: Sequence[str]
) -> list[utmp_record]:
    """Every record, of all types; ``types`` are the names of the system's numbers."""
    return [
        utmp_record(
            types[found.ut_type] if 0 <= found.ut_type < len(types) else str(found.ut_type),
            found.ut_pid, os.fsdecode(found.ut_line), os.fsdecode(bytes(found.ut_id).strip(b"\0")),
            os.fsdecode(found.ut_user), os.fsdecode(found.ut_host), 0, 0, 0,
            found.ut_tv.tv_sec + found.ut_tv.tv_usec / 1e6, bytes(16),
        )
        for found in _entries(getutxent, kind)
    ]  # fmt: skip


def _entries(getutxent: Callable[[], int | None], kind: Any) -> Iterator[Any]:
    """Each is good until the next is asked for."""
    setutxent = _native.function("c", "setutxent", None)
    endutxent = _native.function("c", "endutxent", None)
    setutxent()
    try:
        while place := getutxent():
            yield kind.from_address(place)
    finally:
        endutxent()


def _session(found: Any) -> suser:
    line, host = os.fsdecode(found.ut_line), os.fsdecode(found.ut_host)
    started = float(found.ut_tv.tv_sec)
    return suser(os.fsdecode(found.ut_user), line or None, host or None, started, found.ut_pid)
