"""Names of user and group ids, from the system's databases (getpwuid(3), getgrgid(3)).

A name is remembered for a second, so that a table of thousands of processes asks once per id."""

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


_KEEP_SECONDS = 1.0


class _Names(dict[int, str | None]):
    """id -> name, filled on demand, emptied when it gets old."""

    def __init__(self, look_up: Callable[[int], str]) -> None:
        super().__init__()
        self._look_up = look_up
        self._since = 0.0

    def __missing__(self, ident: int) -> str | None:
        try:
            name: str | None = self._look_up(ident)
        except (KeyError, OverflowError):
            name = None
        self[ident] = name
        return name

    def of(self, ident: int) -> str | None:
        now = monotonic()
        if now - self._since > _KEEP_SECONDS:
            self.clear()
            self._since = now
        return self[ident]


def _name_of_user(uid: int) -> str:
    import pwd

    return pwd.getpwuid(uid).pw_name


def _name_of_group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


_users = _Names(_name_of_user)
_groups = _Names(_name_of_group)


def user_name(uid: int) -> str | None:
    """Login name of ``uid``, None where it has none."""
    return _users.of(uid)


def group_name(gid: int) -> str | None:
    """Name of the group ``gid``, None where it has none."""
    return _groups.of(gid)


def forget() -> None:
    """Drop the remembered names."""
    _users.clear()
    _groups.clear()


def user_id(name: str) -> int | None:
    """Id of the user ``name``, None for an unknown one."""
    import pwd

    try:
        return pwd.getpwnam(name).pw_uid
    except (KeyError, ValueError):
        return None


def group_id(name: str) -> int | None:
    """Id of the group ``name``, None for an unknown one."""
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except (KeyError, ValueError):
        return None


def user_names() -> list[str]:
    """Every login name that the databases list."""
    import pwd

    return sorted({entry.pw_name for entry in pwd.getpwall()})


def group_names() -> list[str]:
    """Every name of a group that the databases list."""
    import grp

    return sorted({entry.gr_name for entry in grp.getgrall()})
