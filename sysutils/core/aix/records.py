"""The records of processes for tables."""

from sysutils.core._derived import finder
from sysutils.core.aix import files
from sysutils.core.sysv import procfs
from sysutils.core.sysv.info import Records

look = files.look
open_process = files.Records
open_thread = files.Records
tids = files.threads
fact = finder("sysutils.core.aix", ("facts", "sysutils.core.sysv.facts"))


def still_there(records: Records) -> bool:
    """Whether the process has not ended meanwhile."""
    return procfs.exists(records.owner)
