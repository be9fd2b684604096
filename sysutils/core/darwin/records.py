"""The records of processes for tables: whose there are, and which functions read a field of them."""

from sysutils.core._derived import finder
from sysutils.core.darwin import pid_records

look = pid_records.look
tids = pid_records.tids
open_process = pid_records.of_process
open_thread = pid_records.of_thread
still_there = pid_records.still_there
#: facts are the functions of these modules that take the records alone; the cheap ones to load first
fact = finder("sysutils.core.darwin", ("facts", "results", "usage"))
