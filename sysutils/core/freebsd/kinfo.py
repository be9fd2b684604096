"""``struct kinfo_proc``: reading it by sysctl, and what of it is told."""

import ctypes
import os
from collections.abc import Callable

from sysutils.core import _native
from sysutils.core.bsd import info, sysctl
from sysutils.core.bsd.info import ProcessInfo, Records
from sysutils.core.freebsd import layout
from sysutils.core.freebsd.host import PAGE_SIZE
from sysutils.core.freebsd.layout import kinfo_proc

_PROC = (layout.CTL_KERN, layout.KERN_PROC)
#: priorities of the kernel begin so far below those of users
_PZERO = 84
_NODEV = (1 << 64) - 1
_S_IFCHR = 0o020000
_MASKS = ("ki_siglist", "ki_sigmask", "ki_sigignore", "ki_sigcatch")


def parse(found: kinfo_proc, thread: bool = False) -> ProcessInfo:
    """What a structure tells of the process, or with ``thread`` of the thread that it is about."""
    usage, children = found.ki_rusage, found.ki_rusage_ch
    words = [getattr(found, name) for name in _MASKS]
    return ProcessInfo(
        found.ki_pid, found.ki_tid if thread else 0, found.ki_ppid, found.ki_pgid, found.ki_sid,
        found.ki_tpgid, None if found.ki_tdev == _NODEV else found.ki_tdev, found.ki_ruid, found.ki_uid,
        found.ki_svuid, found.ki_rgid, found.ki_groups[0], found.ki_svgid,
        found.ki_groups[: max(0, min(found.ki_ngroups, 16))], found.ki_stat[0], os.fsdecode(found.ki_comm),
        _micro(found.ki_start), _micro(usage.ru_utime), _micro(usage.ru_stime), _micro(children.ru_utime),
        _micro(children.ru_stime), found.ki_rssize * PAGE_SIZE, found.ki_size or 0,
        found.ki_tsize * PAGE_SIZE, found.ki_dsize * PAGE_SIZE, found.ki_ssize * PAGE_SIZE, found.ki_nice,
        found.ki_pri.pri_level - _PZERO, found.ki_numthreads, _cpu(found), found.ki_flag,
        found.ki_acflag, usage.ru_nvcsw,
        usage.ru_nivcsw, usage.ru_minflt, usage.ru_majflt, usage.ru_inblock, usage.ru_oublock,
        os.fsdecode(found.ki_wmesg), *(word[0] | word[1] << 32 for word in words),
    )  # fmt: skip


def _micro(time: layout.timeval) -> int:
    micro: int = time.tv_sec * 1_000_000 + time.tv_usec
    return micro


def _cpu(found: kinfo_proc) -> int:
    """The CPU it runs on, or ran on last."""
    cpu: int = found.ki_oncpu if found.ki_oncpu >= 0 else found.ki_lastcpu
    return cpu


def read(pid: int) -> ProcessInfo:
    """The process of that pid. Raises ProcessLookupError, PermissionError."""
    return parse(sysctl.structure((*_PROC, layout.KERN_PROC_PID, pid), kinfo_proc))


def records(pid: int) -> Records:
    """The records of a process; nothing is read yet."""
    return Records(pid, read)


def every() -> list[ProcessInfo]:
    """All processes, in the kernel's order."""
    data = sysctl.read((*_PROC, layout.KERN_PROC_PROC))
    return [parse(found) for found in sysctl.structures(data, kinfo_proc)]


def look() -> tuple[list[int], Callable[[int], Records]]:
    """One look at all processes: their ids, and what opens the records of each."""
    return info.look(every(), read)


def pids() -> list[int]:
    """The ids of all processes."""
    return [found.pid for found in every()]


def exists(pid: int) -> bool:
    """Whether ``pid`` is a process; the id of a thread is none."""
    return info.exists(pid, read)


def threads(pid: int) -> list[ProcessInfo]:
    """The threads of a process, ascending by id. Raises ProcessLookupError, PermissionError."""
    mib = (*_PROC, layout.KERN_PROC_PID | layout.KERN_PROC_INC_THREAD, pid)
    found = [parse(row, True) for row in sysctl.structures(sysctl.read(mib), kinfo_proc)]
    if not found:
        raise ProcessLookupError
    return sorted(found, key=lambda thread: thread.tid)


def thread(pid: int, tid: int) -> Records:
    """The records of one thread."""
    return info.of_thread(pid, tid, threads)


def of_process(kind: int, pid: int) -> bytes:
    """What ``kern.proc.KIND.PID`` tells. Raises OSError."""
    return sysctl.read((*_PROC, kind, pid))


def device_name(device: int) -> str | None:
    """Path of a character device (devname(3)), None for one that is not there."""
    devname = _native.function("c", "devname", ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint16)
    name: bytes | None = devname(device, _S_IFCHR)
    if name is None or name.startswith((b"#", b"?")):
        return None
    return os.fsdecode(b"/dev/" + name)
