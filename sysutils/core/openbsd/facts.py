"""Facts about a process on OpenBSD: pure functions of its records. Those of all BSDs are in ``bsd.facts``."""

import os

from sysutils.core._enums import ProcessStatus
from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import popenfile
from sysutils.core.bsd import sysctl
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
from sysutils.core.bsd.info import Records
from sysutils.core.openbsd import files, kinfo, layout

__all__ = [
    "cmdline", "comm", "cpu_seconds", "create_time", "cwd", "environ", "exe", "has_memory", "memory_rss",
    "nice", "num_fds", "num_threads", "open_files", "pid", "ppid", "state", "status", "terminal",
]  # fmt: skip

STATES = {
    layout.SIDL: ProcessStatus.STATUS_IDLE,
    layout.SRUN: ProcessStatus.STATUS_WAKING,
    layout.SSLEEP: ProcessStatus.STATUS_SLEEPING,
    layout.SSTOP: ProcessStatus.STATUS_STOPPED,
    layout.SZOMB: ProcessStatus.STATUS_ZOMBIE,
    layout.SDEAD: ProcessStatus.STATUS_ZOMBIE,
    layout.SONPROC: ProcessStatus.STATUS_RUNNING,
}
ZOMBIES = frozenset({layout.SZOMB, layout.SDEAD})


def status(records: Records) -> str:
    """One of the ``STATUS_*`` constants; ``"?"`` for a number nobody knows."""
    return STATES.get(records.info.stat, "?")


def state(records: Records) -> str:
    """The letter that ps shows: I, R, S, T or Z."""
    return "?IRSTZZR"[records.info.stat] if 0 < records.info.stat < 8 else "?"


def num_threads(records: Records) -> int:
    """Number of threads (``KERN_PROC_SHOW_THREADS``)."""
    return len(kinfo.threads(records.info.pid))


def terminal(records: Records) -> str | None:
    """Path of the controlling terminal, None without one (``p_tdev``, devname(3))."""
    device = records.info.tdev
    return None if device is None else kinfo.device_name(device)


def _raise_if_zombie(records: Records) -> None:
    info = records.info
    if info.stat in ZOMBIES:
        raise ZombieProcess(records.pid, info.comm, info.ppid)


def _arguments(number: int) -> list[str]:
    return [] if number == 0 else kinfo.arguments(number, layout.KERN_PROC_ARGV)


def cmdline(records: Records) -> list[str]:
    """Arguments of the command (``kern.procargs``). Raises ZombieProcess for a zombie."""
    _raise_if_zombie(records)
    return records.words(_arguments)


def environ(records: Records) -> dict[str, str]:
    """The environment (``kern.procargs``). Needs the owner's rights."""
    _raise_if_zombie(records)
    pairs = (text.partition("=") for text in kinfo.arguments(records.pid, layout.KERN_PROC_ENV))
    return {name: value for name, equals, value in pairs if equals and name}


def exe(records: Records) -> str:
    """Where the first argument is found along PATH, else ``""``: the kernel does not tell."""
    import shutil

    words = cmdline(records)
    return (shutil.which(words[0]) if words else None) or ""


def cwd(records: Records) -> str:
    """Working directory (``kern.proc_cwd``). Needs the owner's rights."""
    if records.pid == 0:
        return ""
    _raise_if_zombie(records)
    data = sysctl.read((layout.CTL_KERN, layout.KERN_PROC_CWD, records.pid))
    return os.fsdecode(data.partition(b"\0")[0])


def num_fds(records: Records) -> int:
    """How many descriptors are open (``kern.file``)."""
    return sum(1 for row in files.of_process(records.pid) if row.fd_fd >= 0)


def open_files(records: Records) -> list[popenfile]:
    """``[("", fd), …]`` of regular files: the kernel does not tell their paths (``kern.file``)."""
    return [
        popenfile("", row.fd_fd)
        for row in files.of_process(records.pid)
        if row.fd_fd >= 0 and row.f_type == layout.DTYPE_VNODE and row.v_type == layout.VREG
    ]
