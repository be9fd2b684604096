"""What SunOS has below ``/proc/PID``, as records of our own."""

import ctypes
import os
from collections.abc import Callable

from sysutils.core.sunos import layout
from sysutils.core.sysv import info, procfs
from sysutils.core.sysv.info import ProcessInfo, Usage

_WIDTHS = {layout.PR_MODEL_ILP32: 4, layout.PR_MODEL_LP64: 8}
_NODEV = ctypes.c_ulong(-1).value


def _micro(time: layout.timestruc) -> int:
    micro: int = time.tv_sec * 1_000_000 + time.tv_nsec // 1000
    return micro


def _nice(lwp: layout.lwpsinfo) -> int:
    """0 for a scheduling class without nice values, which has zeros in both fields."""
    return lwp.pr_nice - layout.NZERO if lwp.pr_nice or lwp.pr_oldpri else 0


def parse(found: layout.psinfo, lwp: layout.lwpsinfo, tid: int = 0) -> ProcessInfo:
    """A process, or with ``tid`` its thread ``lwp``."""
    own = lwp if tid else found
    return ProcessInfo(
        found.pr_pid, tid, found.pr_ppid, found.pr_pgid, found.pr_sid, found.pr_uid, found.pr_euid,
        found.pr_gid, found.pr_egid, None if found.pr_ttydev == _NODEV else found.pr_ttydev,
        lwp.pr_state, lwp.pr_sname.decode("latin-1").strip("\0") or "?", os.fsdecode(found.pr_fname),
        os.fsdecode(found.pr_psargs), _micro(own.pr_start), _micro(own.pr_time),
        found.pr_rssize * 1024, found.pr_size * 1024, _nice(lwp), lwp.pr_pri, found.pr_nlwp, lwp.pr_onpro,
        own.pr_flag, lwp.pr_wchan, found.pr_argc, found.pr_argv, found.pr_envp,
        _WIDTHS.get(found.pr_dmodel, 8),
    )  # fmt: skip


class Records(info.Records):
    """The files of one process of SunOS."""

    __slots__ = ()

    def read_info(self) -> ProcessInfo:
        """``psinfo``, with that of the thread. Raises OSError."""
        found = procfs.structure(procfs.path_of(self.owner, "psinfo"), layout.psinfo)
        if not self.tid:
            return parse(found, found.pr_lwp)
        return parse(found, _of_thread(self, "lwpsinfo", layout.lwpsinfo), self.tid)

    def read_credentials(self) -> layout.prcred:
        """``cred``, which the owner may read. Raises OSError."""
        return procfs.structure(procfs.path_of(self.owner, "cred"), layout.prcred)


def _of_thread(records: info.Records, name: str, form: type[procfs.S]) -> procfs.S:
    return procfs.structure(procfs.path_of(records.owner, f"lwp/{records.tid}/{name}"), form)


def usage(records: info.Records) -> Usage:
    """``usage``, or ``lwpusage`` of a thread. Raises OSError."""
    if records.tid:
        found = _of_thread(records, "lwpusage", layout.prusage)
    else:
        found = procfs.structure(procfs.path_of(records.owner, "usage"), layout.prusage)
    return Usage(
        _micro(found.pr_utime), _micro(found.pr_stime), found.pr_minf, found.pr_majf, found.pr_vctx,
        found.pr_ictx,
    )  # fmt: skip


def times(records: info.Records) -> tuple[float, float, float, float]:
    """User and kernel time, those of children that ended too, in seconds (``status``). Raises OSError."""
    found = procfs.structure(procfs.path_of(records.owner, "status"), layout.pstatus)
    spent = (found.pr_utime, found.pr_stime, found.pr_cutime, found.pr_cstime)
    user, system, child_user, child_system = (_micro(time) / 1e6 for time in spent)
    return user, system, child_user, child_system


def look() -> tuple[list[int], Callable[[int], Records]]:
    """The ids of all processes, and what opens the records of each."""
    return procfs.pids(), Records


def threads(pid: int) -> list[int]:
    """The ids of the threads of a process, ascending. Raises OSError."""
    return procfs.numbers_in(procfs.path_of(pid, "lwp"))


def descriptors(pid: int) -> list[int]:
    """The numbers of the open descriptors, ascending. Raises OSError."""
    return procfs.numbers_in(procfs.path_of(pid, "fd"))


def link(pid: int, name: str) -> str:
    """Where a link below ``path`` leads. Raises OSError."""
    return os.readlink(procfs.path_of(pid, f"path/{name}"))


def maps(pid: int) -> list[layout.prxmap]:
    """The mappings (``xmap``), which the owner may read. Raises OSError."""
    return procfs.structures(procfs.path_of(pid, "xmap"), layout.prxmap)
