"""Mounted file systems: getfsstat(2), getvfsstat(2)."""

from collections.abc import Callable
from ctypes import sizeof
from typing import Any

from sysutils.core import _native


def mounted(call: Callable[..., int], kind: Any, flag: int) -> list[Any]:
    """The structures of all; ``call`` is the system's function, ``kind`` what it fills in. Raises OSError."""
    room = 0
    while True:
        buffer = (kind * room)()
        count = call(buffer if room else None, sizeof(buffer), flag)
        if count < 0:
            raise _native.os_error(_native.last_error())
        if count < room or not count:
            return list(buffer[:count])
        room = count + 8  # some may have been mounted meanwhile
