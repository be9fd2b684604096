"""A process on AIX: the methods made of the facts."""

from sysutils.core._ntuples import pthread
from sysutils.core._process import getter
from sysutils.core.aix import facts, files
from sysutils.core.posix import wait
from sysutils.core.sysv import process as sysv
from sysutils.core.sysv import procfs

open_process = files.Records
look = files.look
pids = procfs.pids
pid_exists = procfs.exists
wait_any = wait.wait_any
start_ticks, moment = sysv.start_ticks, sysv.moment


class Process(sysv.SysvProcess):
    """What AIX tells of a process, and does to it."""

    _open_records = files.Records

    status = getter(facts.status)
    state = getter(facts.state)
    cpu_times = getter(facts.cpu_times)
    io_counters = getter(facts.io_counters)
    num_fds = getter(facts.num_fds)
    exe = getter(facts.exe)
    cwd = getter(facts.cwd)
    terminal = getter(facts.terminal)
    open_files = getter(facts.open_files)

    def threads(self) -> list[pthread]:
        """``[(id, user_time, system_time), …]`` in seconds, ascending by id (thread_cputime)."""
        rows = []
        try:
            for tid in files.threads(self._pid):
                used = files.thread_times(tid)
                if used is not None:
                    rows.append(pthread(tid, used.utime / 1e9, used.stime / 1e9))
        except OSError as error:
            raise self._error(error) from error
        return rows
