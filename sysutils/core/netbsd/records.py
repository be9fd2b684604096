"""The records of processes for tables."""

from sysutils.core._derived import finder
from sysutils.core.bsd.info import Records
from sysutils.core.netbsd import kinfo

look = kinfo.look
open_process = kinfo.records
open_thread = kinfo.thread
fact = finder("sysutils.core.netbsd", ("facts", "sysutils.core.bsd.facts"))


def tids(pid: int) -> list[int]:
    """The ids of a process's threads."""
    return [info.tid for info in kinfo.threads(pid)]


def still_there(records: Records) -> bool:
    """Whether the process has not ended meanwhile."""
    return kinfo.exists(records.pid)
