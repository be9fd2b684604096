"""``struct kinfo_proc2`` of NetBSD: reading it by sysctl, and what of it is told."""

import ctypes
import errno
import os
import time
from collections.abc import Callable, Sequence

from sysutils.core import _native
from sysutils.core.bsd import info, sysctl
from sysutils.core.bsd.info import ProcessInfo, Records
from sysutils.core.netbsd import layout
from sysutils.core.netbsd.host import PAGE_SIZE
from sysutils.core.netbsd.layout import ki_sigset, kinfo_lwp, kinfo_proc2

_PROC = (layout.CTL_KERN, layout.KERN_PROC2)
_SIZE = ctypes.sizeof(kinfo_proc2)
_LWP_SIZE = ctypes.sizeof(kinfo_lwp)
_NODEV = 0xFFFFFFFF
_NICE_0 = 20
_S_IFCHR = 0o020000
_ENDED = frozenset({layout.SDYING, layout.SZOMB, layout.SDEAD})
#: threads that are not there yet, or no more
_NO_THREADS = frozenset({layout.LSIDL, layout.LSZOMB})
#: what the arguments of most processes fit in; a full buffer may have been too small
_ARGUMENTS = 4096
#: how often a process that is busy is asked again, and how long is waited each time, in seconds
_PATIENCE, _PAUSE = 5, 0.001


def parse(found: kinfo_proc2) -> ProcessInfo:
    """What a structure tells of the process."""
    child = _micro(found.p_uctime_sec, found.p_uctime_usec)
    masks = (found.p_siglist, found.p_sigmask, found.p_sigignore, found.p_sigcatch)
    return ProcessInfo(
        found.p_pid, 0, found.p_ppid, found.p__pgid, found.p_sid, found.p_tpgid,
        None if found.p_tdev == _NODEV else found.p_tdev, found.p_ruid, found.p_uid, found.p_svuid,
        found.p_rgid, found.p_gid, found.p_svgid, found.p_groups[: max(0, min(found.p_ngroups, 16))],
        # the numbers of threads' states, which those of processes that have ended are not among
        layout.LSZOMB if found.p_realstat in _ENDED else found.p_stat,
        os.fsdecode(found.p_comm), _micro(found.p_ustart_sec, found.p_ustart_usec),
        _micro(found.p_uutime_sec, found.p_uutime_usec), _micro(found.p_ustime_sec, found.p_ustime_usec),
        child, child, found.p_vm_rssize * PAGE_SIZE, found.p_vm_msize * PAGE_SIZE,
        found.p_vm_tsize * PAGE_SIZE, found.p_vm_dsize * PAGE_SIZE, found.p_vm_ssize * PAGE_SIZE,
        found.p_nice - _NICE_0, found.p_priority, found.p_nlwps, found.p_cpuid, found.p_flag, found.p_acflag,
        found.p_uru_nvcsw, found.p_uru_nivcsw, found.p_uru_minflt, found.p_uru_majflt,
        found.p_uru_inblock, found.p_uru_oublock, os.fsdecode(found.p_wmesg), *map(_mask, masks),
    )  # fmt: skip


def _micro(seconds: int, micro: int) -> int:
    return seconds * 1_000_000 + micro


def _mask(signals: ki_sigset) -> int:
    return sum(word << 32 * place for place, word in enumerate(signals.bits))


def _ask(kind: int, which: int) -> Sequence[kinfo_proc2]:
    """The structures of a kind; the number of those that there is room for is part of the question."""
    data = sysctl.read_counted((*_PROC, kind, which, _SIZE), _SIZE)
    return sysctl.structures(data, kinfo_proc2)


def read(pid: int) -> ProcessInfo:
    """The process of that pid. Raises ProcessLookupError, PermissionError."""
    place = (*_PROC, layout.KERN_PROC_PID, pid, _SIZE, 1)
    return parse(sysctl.structure(place, kinfo_proc2))


def records(pid: int) -> Records:
    """The records of a process; nothing is read yet."""
    return Records(pid, read)


def every() -> list[ProcessInfo]:
    """All processes, in the kernel's order: first those that have ended."""
    return [parse(found) for found in _ask(layout.KERN_PROC_ALL, 0)]


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
    """The threads of a process, ascending by id. Raises ProcessLookupError, PermissionError.

    Of the time that one has used the kernel does not tell how much was in which mode."""
    place = (layout.CTL_KERN, layout.KERN_LWP, pid, _LWP_SIZE)
    rows = sysctl.structures(sysctl.read_counted(place, _LWP_SIZE), kinfo_lwp)
    of = read(pid)
    found = [_thread(of, row) for row in rows if row.l_stat not in _NO_THREADS]
    return sorted(found, key=lambda thread: thread.tid)


def _thread(of: ProcessInfo, row: kinfo_lwp) -> ProcessInfo:
    used = _micro(row.l_rtime_sec, row.l_rtime_usec)
    name = os.fsdecode(row.l_name) or of.comm
    return of._replace(
        tid=row.l_lid, stat=row.l_stat, comm=name, utime=used, stime=0, priority=row.l_priority,
        cpu=row.l_cpuid, wmesg=os.fsdecode(row.l_wmesg),
    )  # fmt: skip


def thread(pid: int, tid: int) -> Records:
    """The records of one thread."""
    return info.of_thread(pid, tid, threads)


def about(pid: int, kind: int) -> bytes:
    """What ``kern.proc_args.PID.KIND`` tells: texts, each with a NUL behind it.

    ``b""`` of one that stays busy: it is running another program. Raises OSError."""
    place = (layout.CTL_KERN, layout.KERN_PROC_ARGS, pid, kind)
    for attempt in range(_PATIENCE):
        try:
            data = sysctl.read(place, _ARGUMENTS)
            return sysctl.read(place) if len(data) >= _ARGUMENTS else data
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            time.sleep(_PAUSE * attempt)  # it runs another program just now
    if exists(pid):
        return b""
    raise ProcessLookupError


def device_name(device: int) -> str | None:
    """Path of a character device (devname(3)), None for one that is not there."""
    devname = _native.function(
        "c", "__devname50", ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint32
    )
    name: bytes | None = devname(device, _S_IFCHR)
    return None if name is None or name.startswith(b"?") else os.fsdecode(b"/dev/" + name)
