"""Whose a process is: the numbers of its user and its primary group (see ``users``)."""

from sysutils.core._ntuples import pgids, puids
from sysutils.core.windows import token, users
from sysutils.core.windows.peb import KERNEL_PIDS
from sysutils.core.windows.records import ProcessRecords

#: the account SYSTEM, which the kernel's own processes run as
_SYSTEM = 18


def _process(records: ProcessRecords) -> int:
    found: int = getattr(records, "tgid", records.pid)
    return found


def euid(records: ProcessRecords) -> int:
    """Number of the user of the access token. Raises OSError."""
    pid = _process(records)
    return _SYSTEM if pid in KERNEL_PIDS else users.number_of(token.user_sid(pid))


def egid(records: ProcessRecords) -> int:
    """Number of the primary group of the access token. Raises OSError."""
    pid = _process(records)
    return _SYSTEM if pid in KERNEL_PIDS else users.number_of(token.group_sid(pid))


def uids(records: ProcessRecords) -> puids:
    """``(real, effective, saved)``: Windows has one for all three."""
    return puids(*[euid(records)] * 3)


def gids(records: ProcessRecords) -> pgids:
    """``(real, effective, saved)``: Windows has one for all three."""
    return pgids(*[egid(records)] * 3)
