"""Terminals by their names."""

import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


def terminal_number(name: str) -> int | None:
    """Device number of the terminal ``name`` (``ttys001``, ``/dev/ttys001``, ``s001``), None for none.

    (Extension.)"""
    tried = (name,) if name.startswith("/") else (f"/dev/{name}", f"/dev/tty{name}")
    for path in tried:
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            continue
        if stat.S_ISCHR(found.st_mode):
            return found.st_rdev
    return None
