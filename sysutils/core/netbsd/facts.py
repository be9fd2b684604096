"""Facts about a process on NetBSD: pure functions of its records. Those of all BSDs are in ``bsd.facts``."""

import errno
import os

from sysutils.core._enums import ProcessStatus
from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import popenfile
from sysutils.core.bsd.facts import comm, cpu_seconds, memory_rss, nice, pid, ppid
from sysutils.core.bsd.info import Records, environment, strings
from sysutils.core.netbsd import files, host, kinfo, layout

__all__ = [
    "cmdline", "comm", "cpu_seconds", "create_time", "cwd", "environ", "exe", "has_memory", "memory_rss",
    "nice", "num_fds", "num_threads", "open_files", "pid", "ppid", "processor", "state", "status", "terminal",
]  # fmt: skip

STATES = {
    layout.LSIDL: ProcessStatus.STATUS_IDLE,
    layout.LSRUN: ProcessStatus.STATUS_WAKING,
    layout.LSSLEEP: ProcessStatus.STATUS_SLEEPING,
    layout.LSSTOP: ProcessStatus.STATUS_STOPPED,
    layout.LSZOMB: ProcessStatus.STATUS_ZOMBIE,
    layout.LSONPROC: ProcessStatus.STATUS_RUNNING,
    layout.LSSUSPENDED: ProcessStatus.STATUS_SUSPENDED,
}


def status(records: Records) -> str:
    """One of the ``STATUS_*`` constants; ``"?"`` for a number nobody knows."""
    return STATES.get(records.info.stat, "?")


def state(records: Records) -> str:
    """The letter that ps shows: I, R, S, T, Z, or U for suspended."""
    return "?IRSTZ?RU"[records.info.stat] if 0 < records.info.stat < 9 else "?"


def create_time(records: Records) -> float:
    """When the process was started, in seconds since the epoch, as psutil has it once the clock was set.

    0.0 for a zombie, of which the kernel has forgotten it."""
    return moment(records.info.start)


def moment(start: int) -> float:
    """``create_time`` of the kernel's microseconds."""
    return start / 1e6 + host.clock_set() if start else 0.0


def has_memory(records: Records) -> bool:
    """False for kernel processes and zombies."""
    info = records.info
    return bool(info.vms) and not info.flags & layout.P_SYSTEM


def num_threads(records: Records) -> int:
    """Number of threads (``p_nlwps``)."""
    return records.info.num_threads


def processor(records: Records) -> int:
    """The CPU it runs on, or ran on last (``p_cpuid``)."""
    return records.info.cpu


def terminal(records: Records) -> str | None:
    """Path of the controlling terminal, None without one (``p_tdev``, devname(3))."""
    device = records.info.tdev
    return None if device is None else kinfo.device_name(device)


def _raise_if_zombie(records: Records) -> None:
    info = records.info
    if info.stat == layout.LSZOMB:
        raise ZombieProcess(records.pid, info.comm, info.ppid)


def _texts(number: int, kind: int) -> bytes:
    """``b""`` of what has no arguments; the kernel says EINVAL of those, of zombies and of who is gone."""
    try:
        return kinfo.about(number, kind)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        kinfo.read(number)
        return b""


def _arguments(number: int) -> list[str]:
    return strings(_texts(number, layout.KERN_PROC_ARGV))


def cmdline(records: Records) -> list[str]:
    """Arguments of the command, ``[]`` for a kernel process (``kern.proc_args``).

    Raises ZombieProcess for a zombie, whose arguments are gone."""
    words = records.words(_arguments)
    if not words:
        _raise_if_zombie(records)
    return words


def environ(records: Records) -> dict[str, str]:
    """The environment, ``{}`` for a zombie (``kern.proc_args``). Needs the owner's rights."""
    return environment(_texts(records.pid, layout.KERN_PROC_ENV))


def _path(records: Records, kind: int) -> str:
    _raise_if_zombie(records)
    try:
        data = kinfo.about(records.pid, kind)
    except FileNotFoundError:  # a kernel process has no program; a directory may have been removed
        return ""
    return os.fsdecode(data.partition(b"\0")[0])


def exe(records: Records) -> str:
    """Path of the program, ``""`` for a kernel process (``kern.proc_args``)."""
    return "" if records.pid == 0 else _path(records, layout.KERN_PROC_PATHNAME)


def cwd(records: Records) -> str:
    """Working directory, ``""`` for one that was removed (``kern.proc_args``)."""
    return _path(records, layout.KERN_PROC_CWD)


def _descriptors(records: Records) -> list[layout.kinfo_file]:
    rows = files.of_process(records.pid)
    if not rows:
        kinfo.read(records.pid)  # raises if it is gone
    return rows


def num_fds(records: Records) -> int:
    """How many descriptors are open (``kern.file2``)."""
    return len(_descriptors(records))


def open_files(records: Records) -> list[popenfile]:
    """``[("", fd), …]`` of regular files: the kernel does not tell their paths (``kern.file2``)."""
    return [
        popenfile("", row.ki_fd)
        for row in _descriptors(records)
        if row.ki_ftype == layout.DTYPE_VNODE and row.ki_vtype == layout.VREG
    ]
