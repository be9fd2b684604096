"""Facts about a process on FreeBSD: pure functions of its records. Those of all BSDs are in ``bsd.facts``."""

import errno
import os

from sysutils.core._enums import ProcessStatus
from sysutils.core._errors import ZombieProcess
from sysutils.core.bsd.facts import (
    comm,
    cpu_seconds,
    create_time,
    has_memory,
    memory_rss,
    nice,
    pid,
    ppid,
)
from sysutils.core.bsd.info import Records, environment, strings
from sysutils.core.freebsd import kinfo, layout

__all__ = [
    "cmdline", "comm", "cpu_seconds", "create_time", "cwd", "environ", "exe", "has_memory", "memory_rss",
    "nice", "num_fds", "num_threads", "pid", "ppid", "processor", "state", "status", "terminal",
]  # fmt: skip

STATES = {
    layout.SIDL: ProcessStatus.STATUS_IDLE,
    layout.SRUN: ProcessStatus.STATUS_RUNNING,
    layout.SSLEEP: ProcessStatus.STATUS_SLEEPING,
    layout.SSTOP: ProcessStatus.STATUS_STOPPED,
    layout.SZOMB: ProcessStatus.STATUS_ZOMBIE,
    layout.SWAIT: ProcessStatus.STATUS_WAITING,
    layout.SLOCK: ProcessStatus.STATUS_LOCKED,
}


def status(records: Records) -> str:
    """One of the ``STATUS_*`` constants; ``"?"`` for a number nobody knows."""
    return STATES.get(records.info.stat, "?")


def state(records: Records) -> str:
    """The letter that ps shows: I, R, S, T, Z, W or L."""
    return "?IRSTZWL"[records.info.stat] if 0 < records.info.stat < 8 else "?"


def num_threads(records: Records) -> int:
    """Number of threads (``ki_numthreads``)."""
    return records.info.num_threads


def processor(records: Records) -> int:
    """The CPU it runs on, or ran on last (``ki_oncpu``, ``ki_lastcpu``)."""
    return records.info.cpu


def terminal(records: Records) -> str | None:
    """Path of the controlling terminal, None without one (``ki_tdev``, devname(3))."""
    device = records.info.tdev
    return None if device is None else kinfo.device_name(device)


def _raise_if_zombie(records: Records) -> None:
    info = records.info
    if info.stat == layout.SZOMB:
        raise ZombieProcess(records.pid, info.comm, info.ppid)


def _arguments(number: int) -> list[str]:
    return strings(kinfo.of_process(layout.KERN_PROC_ARGS, number))


def cmdline(records: Records) -> list[str]:
    """Arguments of the command, ``[]`` for a kernel process (``kern.proc.args``).

    Raises ZombieProcess for a zombie, whose arguments are gone."""
    words = records.words(_arguments)
    if not words:
        _raise_if_zombie(records)
    return words


def environ(records: Records) -> dict[str, str]:
    """The environment (``kern.proc.env``). Needs the owner's rights."""
    data = kinfo.of_process(layout.KERN_PROC_ENV, records.pid)
    if not data:
        _raise_if_zombie(records)
    return environment(data)


def exe(records: Records) -> str:
    """Path of the program, ``""`` for a kernel process (``kern.proc.pathname``)."""
    try:
        data = kinfo.of_process(layout.KERN_PROC_PATHNAME, records.pid)
    except FileNotFoundError:  # unlinked, or no name is known
        _raise_if_zombie(records)
        return ""
    except ProcessLookupError:
        if records.pid == 0 or not records.info.vms:
            _raise_if_zombie(records)
            return ""
        raise
    return os.fsdecode(data.partition(b"\0")[0])


def cwd(records: Records) -> str:
    """Working directory (``kern.proc.cwd``). Needs the owner's rights."""
    data = kinfo.of_process(layout.KERN_PROC_CWD, records.pid)
    path = data[layout.KF_PATH :].partition(b"\0")[0]
    if not path:
        _raise_if_zombie(records)
    return os.fsdecode(path)


def num_fds(records: Records) -> int:
    """How many descriptors are open (``kern.proc.nfds``, else ``kern.proc.filedesc``)."""
    try:
        data = kinfo.of_process(layout.KERN_PROC_NFDS, records.pid)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOENT}:
            raise
        from sysutils.core.freebsd import files  # before FreeBSD 13

        return sum(1 for row in files.descriptors(records.pid) if row.kf_fd >= 0)
    return int.from_bytes(data[:4], layout.ORDER)
