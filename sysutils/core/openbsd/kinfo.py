"""``struct kinfo_proc`` of OpenBSD: reading it by sysctl, and what of it is told."""

import ctypes
import os
from collections.abc import Callable, Sequence

from sysutils.core import _native
from sysutils.core.bsd import info, sysctl
from sysutils.core.bsd.info import ProcessInfo, Records
from sysutils.core.openbsd import layout
from sysutils.core.openbsd.host import PAGE_SIZE
from sysutils.core.openbsd.layout import kinfo_proc

_PROC = (layout.CTL_KERN, layout.KERN_PROC)
_SIZE = ctypes.sizeof(kinfo_proc)
_NODEV = 0xFFFFFFFF
_NICE_0, _PZERO = 20, 22
_S_IFCHR = 0o020000


def parse(found: kinfo_proc, thread: bool = False) -> ProcessInfo:
    """What a structure tells of the process, or with ``thread`` of the thread that it is about."""
    child = _micro(found.p_uctime_sec, found.p_uctime_usec)
    text, data, stack = (
        pages * PAGE_SIZE for pages in (found.p_vm_tsize, found.p_vm_dsize, found.p_vm_ssize)
    )
    return ProcessInfo(
        found.p_pid, max(0, found.p_tid) if thread else 0, found.p_ppid, found.p__pgid, found.p_sid,
        found.p_tpgid, None if found.p_tdev == _NODEV else found.p_tdev, found.p_ruid, found.p_uid,
        found.p_svuid, found.p_rgid, found.p_gid, found.p_svgid,
        found.p_groups[: max(0, min(found.p_ngroups, 16))], found.p_stat, os.fsdecode(found.p_comm),
        _micro(found.p_ustart_sec, found.p_ustart_usec), _micro(found.p_uutime_sec, found.p_uutime_usec),
        _micro(found.p_ustime_sec, found.p_ustime_usec), child, child, found.p_vm_rssize * PAGE_SIZE,
        text + data + stack, text, data, stack, found.p_nice - _NICE_0, found.p_priority - _PZERO, 0,
        found.p_cpuid, found.p_psflags, found.p_acflag,
        found.p_uru_nvcsw, found.p_uru_nivcsw, found.p_uru_minflt,
        found.p_uru_majflt, found.p_uru_inblock, found.p_uru_oublock, os.fsdecode(found.p_wmesg),
        found.p_siglist & 0xFFFFFFFF, found.p_sigmask, found.p_sigignore, found.p_sigcatch,
    )  # fmt: skip


def _micro(seconds: int, micro: int) -> int:
    return seconds * 1_000_000 + micro


def _ask(kind: int, which: int) -> Sequence[kinfo_proc]:
    """The structures of a kind; the number of those that there is room for is part of the question."""
    data = sysctl.read_counted((*_PROC, kind, which, _SIZE), _SIZE)
    return sysctl.structures(data, kinfo_proc)


def read(pid: int) -> ProcessInfo:
    """The process of that pid. Raises ProcessLookupError, PermissionError."""
    found = _ask(layout.KERN_PROC_PID, pid)
    if not found:
        raise ProcessLookupError
    return parse(found[0])


def records(pid: int) -> Records:
    """The records of a process; nothing is read yet."""
    return Records(pid, read)


def every() -> list[ProcessInfo]:
    """All processes but the kernel's, in the kernel's order."""
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
    """The threads of a process, ascending by id. Raises ProcessLookupError, PermissionError."""
    rows = _ask(layout.KERN_PROC_PID | layout.KERN_PROC_SHOW_THREADS, pid)
    found = [parse(row, True) for row in rows if row.p_tid >= 0]
    if not rows:
        raise ProcessLookupError
    return sorted(found, key=lambda thread: thread.tid)


def thread(pid: int, tid: int) -> Records:
    """The records of one thread."""
    return info.of_thread(pid, tid, threads)


def arguments(pid: int, kind: int) -> list[str]:
    """Texts of the arguments or the environment: an array of pointers, then what they lead to."""
    data = sysctl.read((layout.CTL_KERN, layout.KERN_PROC_ARGS, pid, kind))
    size = ctypes.sizeof(ctypes.c_void_p)
    count = 0
    while data[count * size : (count + 1) * size].strip(b"\0"):
        count += 1
    texts = data[(count + 1) * size :].split(b"\0")
    return [os.fsdecode(text) for text in texts[:count]]


def device_name(device: int) -> str | None:
    """Path of a character device (devname(3)), None for one that is not there."""
    devname = _native.function("c", "devname", ctypes.c_char_p, ctypes.c_int32, ctypes.c_uint32)
    name: bytes | None = devname(ctypes.c_int32(device).value, _S_IFCHR)
    return None if name is None or name.startswith(b"?") else os.fsdecode(b"/dev/" + name)
