"""Devices and files that pages are moved to: swapctl(2)."""

import ctypes
from typing import Any

from sysutils.core import _native

#: the unit of ``se_nblks`` and ``se_inuse``, DEV_BSIZE
BLOCK = 512


def devices(kind: Any, nswap: int, stats: int) -> list[Any]:
    """The ``struct swapent`` of each; ``nswap`` and ``stats`` are the system's SWAP_*. Raises OSError."""
    swapctl = _native.function(
        "c", "swapctl", ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_int
    )
    count = swapctl(nswap, None, 0)
    if count <= 0:
        return []
    rows = (kind * count)()
    told = swapctl(stats, ctypes.byref(rows), count)
    if told < 0:
        raise _native.os_error(_native.last_error())
    return list(rows[:told])
