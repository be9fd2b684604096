"""Login sessions, by getutxent(3) where the system has no better way."""

import ctypes
import os
from collections.abc import Iterator
from typing import Any

from sysutils.core import _native
from sysutils.core._ntuples import suser

USER_PROCESS = 7


def _records(form: Any) -> Iterator[Any]:
    setutxent = _native.function("c", "setutxent", None)
    getutxent = _native.function("c", "getutxent", ctypes.c_void_p)
    endutxent = _native.function("c", "endutxent", None)
    setutxent()
    try:
        while place := getutxent():
            yield form.from_buffer_copy(ctypes.string_at(place, ctypes.sizeof(form)))
    finally:
        endutxent()


def sessions(form: Any) -> list[suser]:
    """The sessions of users; ``form`` is the system's ``struct utmpx``."""
    return [
        session(found.ut_user, found.ut_line, found.ut_host, found.ut_tv.tv_sec, found.ut_pid)
        for found in _records(form)
        if found.ut_type == USER_PROCESS
    ]


def session(user: bytes, line: bytes, host: bytes, started: int, pid: int) -> suser:
    """A session as psutil tells it: one from no other host is of ``localhost``."""
    from_where = os.fsdecode(host)
    return suser(
        os.fsdecode(user), os.fsdecode(line) or None,
        "localhost" if from_where in {"", ":0", ":0.0"} else from_where, float(started), pid,
    )  # fmt: skip
