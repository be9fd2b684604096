"""Mounted file systems: getfsstat(2), getvfsstat(2)."""

import os
from collections.abc import Callable, Sequence
from ctypes import sizeof
from typing import Any

from sysutils.core import _native
from sysutils.core._ntuples import sdiskpart
from sysutils.core.bsd.ntuples import smount


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


def mount(found: Any, flags: int, words: Sequence[tuple[int, str]], number: int) -> smount:
    """The row of a structure: ``words`` are mount(8)'s for its ``flags``, ``number`` is its device's."""
    options = ["ro" if flags & 1 else "rw", *(word for bit, word in words if flags & bit)]
    return smount(
        os.fsdecode(found.f_mntfromname), os.fsdecode(found.f_mntonname),
        os.fsdecode(found.f_fstypename), ",".join(options), "/", number & 0xFFFFFFFF,
    )  # fmt: skip


def partitions(rows: Sequence[smount]) -> list[sdiskpart]:
    """What psutil tells of them."""
    return [sdiskpart(row.device, row.mountpoint, row.fstype, row.options) for row in rows]
