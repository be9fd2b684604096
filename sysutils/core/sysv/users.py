"""Login sessions by getutxent(3)."""

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
    rows = []
    for found in _records(form):
        if found.ut_type == USER_PROCESS:
            host = os.fsdecode(found.ut_host)
            rows.append(
                suser(
                    os.fsdecode(found.ut_user), os.fsdecode(found.ut_line) or None,
                    "localhost" if host in {"", ":0", ":0.0"} else host, float(found.ut_tv.tv_sec),
                    found.ut_pid,
                )
            )  # fmt: skip
    return rows
