"""The records of processes for tables: whose there are, and which functions read a field of them."""

from sysutils.core._derived import finder
from sysutils.core.linux import pid_files, procfs

look = pid_files.look
tids = procfs.tids
open_process = pid_files.of_process
open_thread = pid_files.of_thread
still_there = pid_files.still_there
#: facts are the functions of these modules that take the files alone; the cheap ones to load first
fact = finder(
    "sysutils.core.linux", ("facts", "results", "membership", "usage", "scheduling"), "files"
)
