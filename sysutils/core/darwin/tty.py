"""Terminals by their device number: devname(3)."""

import ctypes
import os
import stat
import sys
from typing import TYPE_CHECKING

from sysutils.core import _native
from sysutils.core.bsd import terminals

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

terminal_number = terminals.terminal_number
#: the number of no device
NODEV = -1


def device_path(number: int) -> str | None:
    """Path of the terminal of that number, None for none and for one that has no name."""
    if number == NODEV:
        return None
    tell = _native.function("c", "devname", ctypes.c_void_p, ctypes.c_int32, ctypes.c_uint16)
    place = tell(number, stat.S_IFCHR)
    name = ctypes.string_at(place) if place else b""
    return f"/dev/{os.fsdecode(name)}" if name and not name.startswith(b"#") else None
