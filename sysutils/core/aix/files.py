"""What AIX has below ``/proc/PID``, as records of our own."""

import ctypes
import errno
import os
from collections.abc import Callable

from sysutils.core import _native
from sysutils.core.aix import layout
from sysutils.core.sysv import info, procfs
from sysutils.core.sysv.info import ProcessInfo

#: ``pr_ttydev`` without a terminal: no device, of 32 and of 64 bits
_NODEV = {0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}
_NZERO = 20


def _micro(time: layout.timestruc) -> int:
    micro: int = time.tv_sec * 1_000_000 + time.tv_nsec // 1000
    return micro


def _letter(found: layout.psinfo, lwp: layout.lwpsinfo) -> str:
    if not (found.pr_nlwp or found.pr_lwp.pr_lwpid):
        return "Z"
    return lwp.pr_sname.decode("latin-1").strip("\0") or "?"


def parse(found: layout.psinfo, lwp: layout.lwpsinfo, tid: int = 0) -> ProcessInfo:
    """A process, or with ``tid`` its thread ``lwp``, of which no times are told."""
    return ProcessInfo(
        found.pr_pid, tid, found.pr_ppid, found.pr_pgid, found.pr_sid, found.pr_uid, found.pr_euid,
        found.pr_gid, found.pr_egid, None if found.pr_ttydev in _NODEV else found.pr_ttydev,
        lwp.pr_state, _letter(found, lwp), os.fsdecode(found.pr_fname) if found.pr_pid else "swapper",
        os.fsdecode(found.pr_psargs), _micro(found.pr_start), _micro(found.pr_time),
        found.pr_rssize * 1024, found.pr_size * 1024, lwp.pr_nice - _NZERO, lwp.pr_pri, found.pr_nlwp,
        lwp.pr_onpro, lwp.pr_flag if tid else found.pr_flag, lwp.pr_wchan, found.pr_argc, found.pr_argv,
        found.pr_envp, 0,
    )  # fmt: skip


class Records(info.Records):
    """The files of one process of AIX."""

    __slots__ = ()

    byteorder = "big"

    def read_info(self) -> ProcessInfo:
        """``psinfo``, with that of the thread. Raises OSError."""
        found = procfs.structure(procfs.path_of(self.owner, "psinfo"), layout.psinfo)
        if not self.tid:
            return parse(found, found.pr_lwp)
        place = procfs.path_of(self.owner, f"lwp/{self.tid}/lwpsinfo")
        return parse(found, procfs.structure(place, layout.lwpsinfo), self.tid)

    def read_credentials(self) -> layout.prcred:
        """``cred``, which the owner may read. Raises OSError."""
        return procfs.structure(procfs.path_of(self.owner, "cred"), layout.prcred)

    @property
    def width(self) -> int:
        """Bytes of a pointer in its memory (``status``: the owner's). Raises OSError."""
        found: layout.pstatus = self.part(status)
        return 8 if found.pr_dmodel == layout.PR_MODEL_LP64 else 4


def status(records: info.Records) -> layout.pstatus:
    """``status``, which the owner may read. Raises OSError."""
    return procfs.structure(procfs.path_of(records.owner, "status"), layout.pstatus)


def times(records: info.Records) -> tuple[float, float, float, float]:
    """User and kernel time, those of children that ended too, in seconds. Raises OSError."""
    found: layout.pstatus = records.part(status)
    spent = (found.pr_utime, found.pr_stime, found.pr_cutime, found.pr_cstime)
    user, system, child_user, child_system = (_micro(time) / 1e6 for time in spent)
    return user, system, child_user, child_system


def look() -> tuple[list[int], Callable[[int], Records]]:
    """The ids of all processes, and what opens the records of each."""
    return procfs.pids(), Records


def threads(pid: int) -> list[int]:
    """The ids of the threads of a process, ascending. Raises OSError."""
    return procfs.numbers_in(procfs.path_of(pid, "lwp"))


def thread_times(tid: int) -> layout.thread_cputime | None:
    """What a thread has used (thread_cputime), None for one that has ended. Raises OSError."""
    ask = _native.function("c", "thread_cputime", ctypes.c_int, layout.tid_t, ctypes.c_void_p)
    found = layout.thread_cputime()
    if ask(tid, ctypes.byref(found)) == 0:
        return found
    code = _native.last_error()
    if code == errno.ESRCH:
        return None
    raise _native.os_error(code)
