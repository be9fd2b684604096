"""Terminals by their device number, which /proc has in 64 bits and stat(2) in as many as the program."""

import os
import stat
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

#: tests have another one
DEVICES = "/dev"
_known: dict[tuple[int, int], str] = {}


def _parts(number: int) -> tuple[int, int]:
    """Major and minor number of a device number of either kind."""
    if number >> 32:
        return number >> 32 & 0xFFFF, number & 0xFFFF
    return number >> 16, number & 0xFFFF


def _is(path: str, parts: tuple[int, int]) -> bool:
    try:
        found = os.stat(path)
    except OSError:
        return False  # gone meanwhile
    return stat.S_ISCHR(found.st_mode) and _parts(found.st_rdev) == parts


def _paths() -> Iterator[str]:
    """Pseudo-terminals first: most are."""
    for place in (f"{DEVICES}/pts", DEVICES):
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        yield from (f"{place}/{name}" for name in names)


def path_of(number: int) -> str | None:
    """The path of the terminal of that number, None where there is none."""
    parts = _parts(number)
    path = _known.get(parts)
    if path is None or not _is(path, parts):
        path = next((path for path in _paths() if _is(path, parts)), None)
        if path is not None:
            _known[parts] = path
    return path
