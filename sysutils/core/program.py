"""Which program a process runs: its name and its path, as its records and its arguments tell."""

import os
from typing import TYPE_CHECKING, Any

from sysutils.core._errors import ZombieProcess
from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import facts as _facts
else:
    _facts = backend("facts")

#: a system may have a cheaper way to a name that is asked for alone
_comm_alone = getattr(_facts, "comm_alone", _facts.comm)
#: bytes that the kernel keeps of a name; None for all of them
_CUT: int | None = getattr(_facts, "COMM_CUT", 15)


def _is_whole(comm: str) -> bool:
    if _CUT is None:
        return True
    return len(comm) < _CUT and (comm.isascii() or len(os.fsencode(comm)) < _CUT)


def name(records: Any, alone: bool = False) -> str:
    """``Process.name()``; the arguments are read only for a name that may have been cut.

    ``alone``: nothing else is read."""
    comm = _comm_alone(records) if alone else _facts.comm(records)
    if _is_whole(comm):
        return comm
    if not (alone or _facts.has_memory(records)):
        return comm  # a kernel thread, a zombie
    try:
        arguments = _facts.cmdline(records)
    except (OSError, ZombieProcess):
        return comm
    if arguments:
        whole = os.path.basename(arguments[0])
        if whole.startswith(comm):
            return whole
    return comm


def of_arguments(arguments: list[str]) -> str | None:
    """The first argument if it is the absolute path of a program."""
    if arguments and os.path.isabs(arguments[0]) and os.path.isfile(arguments[0]):
        return arguments[0] if os.access(arguments[0], os.X_OK) else None
    return None


def exe(records: Any) -> str:
    """``Process.exe()``."""
    try:
        path = _facts.exe(records)
    except PermissionError:
        guess = of_arguments(_facts.cmdline(records))
        if guess is None:
            raise
        return guess
    return path or of_arguments(_facts.cmdline(records)) or ""
