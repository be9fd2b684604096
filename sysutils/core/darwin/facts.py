"""Facts about a process on macOS in plain numbers and text: pure functions of its records.

Names are psutil's where it has one, with its units; the others are proc(5)'s and ps(1)'s."""

import ctypes
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from sysutils.core import _native
from sysutils.core.darwin import kinfo, libproc, mach, tty
from sysutils.core.darwin.host import CLOCK_TICKS
from sysutils.core.darwin.pid_records import PidRecords
from sysutils.core.posix.users import user_name

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

pid: Callable[[PidRecords], int] = attrgetter("pid")  # in C
_LETTERS = {kinfo.SIDL: "I", kinfo.SRUN: "R", kinfo.SSLEEP: "S", kinfo.SSTOP: "T", kinfo.SZOMB: "Z"}
_OF_THREAD = {
    libproc.TH_STATE_RUNNING: "R", libproc.TH_STATE_STOPPED: "T", libproc.TH_STATE_WAITING: "S",
    libproc.TH_STATE_UNINTERRUPTIBLE: "D",
}  # fmt: skip
#: mach's policies (POLICY_TIMESHARE, POLICY_RR, POLICY_FIFO) -> the numbers of SCHED_OTHER, RR, FIFO
POLICIES = {1: 0, 2: 2, 4: 1}


def tgid(records: PidRecords) -> int:
    """Pid of the process that a thread belongs to; a process's own pid."""
    return records.tgid


def ppid(records: PidRecords) -> int:
    """Pid of the parent, 0 for none (sysctl)."""
    return records.kinfo.kp_eproc.e_ppid


def pgrp(records: PidRecords) -> int:
    """Process group id (sysctl)."""
    return records.kinfo.kp_eproc.e_pgid


def session(records: PidRecords) -> int:
    """Session id (getsid(2))."""
    found: int = _native.function("c", "getsid", ctypes.c_int, ctypes.c_int)(records.tgid)
    if found < 0:
        raise _native.os_error(_native.last_error())
    return found


def tty_nr(records: PidRecords) -> int:
    """Device number of the controlling terminal, 0 for none (sysctl)."""
    number: int = records.kinfo.kp_eproc.e_tdev
    return 0 if number == tty.NODEV else number


def terminal(records: PidRecords) -> str | None:
    """Path of the controlling terminal, None without one (sysctl, devname(3))."""
    return tty.device_path(records.kinfo.kp_eproc.e_tdev)


def tpgid(records: PidRecords) -> int:
    """Foreground process group of the controlling terminal, -1 for none (sysctl)."""
    return records.kinfo.kp_eproc.e_tpgid or -1


def comm(records: PidRecords) -> str:
    """Command name as the kernel keeps it: at most 16 bytes (sysctl); a thread's own where it has one."""
    name = records.threadinfo.pth_name if records.thread is not None else b""
    return libproc.text(name or records.kinfo.kp_proc.p_comm)


def state(records: PidRecords) -> str:
    """State letter, one of ``RSDTZI`` (sysctl; ``proc_pidinfo``, where it is allowed, tells running from
    sleeping)."""
    letter = _LETTERS.get(records.kinfo.kp_proc.p_stat, "?")
    if letter not in {"R", "S"} or records.tgid == 0:
        return letter
    try:
        if records.thread is not None:
            return _OF_THREAD.get(records.threadinfo.pth_run_state, "?")
        return "R" if records.taskinfo.pti_numrunning else "S"
    except PermissionError:
        return letter


def nice(records: PidRecords) -> int:
    """Nice value, 20 to -20 (sysctl)."""
    return records.kinfo.kp_proc.p_nice


def create_time(records: PidRecords) -> float:
    """When the process was started, in seconds since the epoch (sysctl)."""
    started = records.kinfo.kp_proc.p_starttime
    return started.tv_sec + started.tv_usec / 1e6


def sigign(records: PidRecords) -> int:
    """Signals ignored, bit N-1 for signal N (sysctl)."""
    return records.kinfo.kp_proc.p_sigignore


def sigcgt(records: PidRecords) -> int:
    """Signals caught, bit N-1 for signal N (sysctl)."""
    return records.kinfo.kp_proc.p_sigcatch


def euid(records: PidRecords) -> int:
    """Effective user id (sysctl)."""
    return records.kinfo.kp_eproc.e_ucred.cr_uid


def egid(records: PidRecords) -> int:
    """Effective group id (sysctl)."""
    return records.kinfo.kp_eproc.e_ucred.cr_groups[0]


def groups(records: PidRecords) -> list[int]:
    """Group ids, at most 16 (sysctl)."""
    known = records.kinfo.kp_eproc.e_ucred
    return list(known.cr_groups[: max(0, min(known.cr_ngroups, len(known.cr_groups)))])


def username(records: PidRecords) -> str:
    """Name of the real user, its number where it has none (sysctl, getpwuid(3))."""
    uid = records.kinfo.kp_eproc.e_pcred.p_ruid
    return user_name(uid) or str(uid)


def cmdline(records: PidRecords) -> list[str]:
    """Arguments of the command, ``[]`` of the kernel (sysctl ``kern.procargs2``). Needs the owner's rights.

    Raises ZombieProcess for a zombie, whose arguments are gone."""
    return [libproc.text(word) for word in records.arguments[0]]


def environ(records: PidRecords) -> dict[str, str]:
    """The environment the program was started with; of protected programs ``{}`` (sysctl
    ``kern.procargs2``). Needs the owner's rights."""
    found: dict[str, str] = {}
    for entry in records.arguments[1]:
        key, equals, value = libproc.text(entry).partition("=")
        if equals and key:
            found[key] = value
    return found


def env_args(records: PidRecords) -> str:
    """The environment as one text, blanks between entries."""
    return libproc.text(b" ".join(records.arguments[1]))


def has_memory(records: PidRecords) -> bool:
    """False for the kernel and for zombies, which have no arguments (sysctl)."""
    return records.tgid != 0 and records.kinfo.kp_proc.p_stat != kinfo.SZOMB


def exe(records: PidRecords) -> str:
    """Path of the program, ``""`` for one that is deleted (``proc_pidpath``)."""
    try:
        return libproc.text(records.path)
    except FileNotFoundError:
        return ""


def cwd(records: PidRecords) -> str:
    """Working directory (``proc_pidinfo``). Needs the owner's rights."""
    return libproc.text(records.directories.pvi_cdir.vip_path)


def root_directory(records: PidRecords) -> str:
    """Root directory, ``/`` where it has none of its own (``proc_pidinfo``). Needs the owner's rights."""
    return libproc.text(records.directories.pvi_rdir.vip_path) or "/"


def user_seconds(records: PidRecords) -> float:
    """CPU time in user mode, in seconds (``proc_pidinfo``)."""
    if records.thread is not None:
        return records.threadinfo.pth_user_time / 1e9
    return mach.seconds(records.taskinfo.pti_total_user)


def system_seconds(records: PidRecords) -> float:
    """CPU time in kernel mode, in seconds (``proc_pidinfo``)."""
    if records.thread is not None:
        return records.threadinfo.pth_system_time / 1e9
    return mach.seconds(records.taskinfo.pti_total_system)


def utime(records: PidRecords) -> int:
    """CPU time in user mode, in clock ticks (``proc_pidinfo``)."""
    return int(user_seconds(records) * CLOCK_TICKS)


def stime(records: PidRecords) -> int:
    """CPU time in kernel mode, in clock ticks (``proc_pidinfo``)."""
    return int(system_seconds(records) * CLOCK_TICKS)


def cpu_seconds(records: PidRecords) -> float:
    """User and kernel time together, in seconds (``proc_pidinfo``)."""
    return user_seconds(records) + system_seconds(records)


def memory_rss(records: PidRecords) -> int:
    """Resident memory in bytes: ``memory_info().rss`` (``proc_pidinfo``)."""
    return records.taskinfo.pti_resident_size


def memory_vms(records: PidRecords) -> int:
    """Virtual memory in bytes: ``memory_info().vms`` (``proc_pidinfo``)."""
    return records.taskinfo.pti_virtual_size


def majflt(records: PidRecords) -> int:
    """Page faults that read from disk (``proc_pidinfo``)."""
    return records.taskinfo.pti_pageins


def minflt(records: PidRecords) -> int:
    """The other page faults (``proc_pidinfo``)."""
    found = records.taskinfo
    return max(0, found.pti_faults - found.pti_pageins)


def num_threads(records: PidRecords) -> int:
    """Number of threads (``proc_pidinfo``). Needs the owner's rights."""
    return records.taskinfo.pti_threadnum


def policy(records: PidRecords) -> int | None:
    """Scheduling policy by Linux' numbers: 0 time sharing, 1 FIFO, 2 round robin (``proc_pidinfo``)."""
    if records.thread is not None:
        return POLICIES.get(records.threadinfo.pth_policy)
    return POLICIES.get(records.taskinfo.pti_policy)


def num_fds(records: PidRecords) -> int:
    """How many descriptors are open (``proc_pidinfo``). Needs the owner's rights."""
    records.raise_if_zombie()
    return len(libproc.descriptors(records.tgid))
