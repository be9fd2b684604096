"""Mappings of a process on SunOS (``/proc/PID/xmap``)."""

import ctypes
import os
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

from sysutils.core._ntuples import smapping
from sysutils.core.sunos import facts, files, layout
from sysutils.core.sysv import procfs

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

_NODEV = ctypes.c_ulong(-1).value
_PERMISSIONS = ((layout.MA_READ, "r"), (layout.MA_WRITE, "w"), (layout.MA_EXEC, "x"))


def _device(number: int) -> str:
    if number in {0, _NODEV}:
        return "00:00"
    return f"{os.major(number):02x}:{os.minor(number):02x}"


def _figures(row: layout.prxmap) -> dict[str, int | str]:
    """In KiB, by Linux' names: what was written to in private memory is anonymous."""
    page, shared = row.pr_pagesize, row.pr_mflags & layout.MA_SHARED
    return {
        "Size": row.pr_size // 1024,
        "Rss": row.pr_rss * page // 1024,
        "Private_Dirty": 0 if shared else row.pr_anon * page // 1024,
        "Anonymous": row.pr_anon * page // 1024,
        "Locked": row.pr_locked * page // 1024,
    }


def _mapping(pid: int, row: layout.prxmap, wanted: Collection[str] | None) -> smapping:
    perms = "".join(letter if row.pr_mflags & bit else "-" for bit, letter in _PERMISSIONS)
    perms += "s" if row.pr_mflags & layout.MA_SHARED else "p"
    path = facts.mapped_name(pid, row)
    figures = _figures(row) if wanted is None or wanted else {}
    return smapping(
        row.pr_vaddr, row.pr_vaddr + row.pr_size, perms, row.pr_offset, _device(row.pr_dev), row.pr_ino,
        "" if path == "[anon]" else path,
        {name: value for name, value in figures.items() if wanted is None or name in wanted},
    )  # fmt: skip


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping of a process in the order of addresses, ``[]`` for zombies (extension).

    ``figures`` are those wanted of Size, Rss, Private_Dirty, Anonymous and Locked in KiB, None for all.
    Raises OSError where the process is gone, or another's."""
    try:
        return [_mapping(pid, row, figures) for row in files.maps(pid)]
    except FileNotFoundError:
        if procfs.exists(pid):
            return []  # only psinfo is left
        raise
