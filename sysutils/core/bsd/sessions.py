"""The login sessions of systems with utmpx(5): setutxent(3), getutxent(3), endutxent(3)."""

import ctypes
import os
from collections.abc import Callable
from typing import Any

from sysutils.core import _native
from sysutils.core._ntuples import suser

#: what getutxent(3) returns
POINTER = ctypes.c_void_p


def users(getutxent: Callable[[], int | None], kind: Any, user_process: int) -> list[suser]:
    """The sessions; ``kind`` is the system's ``struct utmpx``, ``user_process`` its USER_PROCESS."""
    setutxent = _native.function("c", "setutxent", None)
    endutxent = _native.function("c", "endutxent", None)
    rows = []
    setutxent()
    try:
        while place := getutxent():
            found = kind.from_address(place)
            if found.ut_type == user_process:
                rows.append(_session(found))
    finally:
        endutxent()
    return rows


def _session(found: Any) -> suser:
    line, host = os.fsdecode(found.ut_line), os.fsdecode(found.ut_host)
    started = float(found.ut_tv.tv_sec)
    return suser(os.fsdecode(found.ut_user), line or None, host or None, started, found.ut_pid)
