"""Facts about a process that all BSDs tell alike: pure functions of its records.

Names are psutil's where it has one, else those of Linux' tables, with their units: times in ticks of a
hundredth of a second."""

from sysutils.core._ntuples import pctxsw, pgids, puids
from sysutils.core.bsd.info import Records
from sysutils.core.bsd.ntuples import pcputimes, pio, pmem
from sysutils.core.posix.users import user_name

#: ticks in a second, those of tables
CLOCK_TICKS = 100
_TICK = 1_000_000 // CLOCK_TICKS
#: forked, but ran no program; used the rights of root (sys/acct.h)
AFORK, ASU = 0x1, 0x2
_PF_FORKNOEXEC, _PF_SUPERPRIV = 0x40, 0x100


def pid(records: Records) -> int:
    """Process id; of a thread its own."""
    return records.pid


def tgid(records: Records) -> int:
    """Id of the process that a thread belongs to."""
    return records.info.pid


def ppid(records: Records) -> int:
    """Pid of the parent."""
    return records.info.ppid


def pgrp(records: Records) -> int:
    """Process group id."""
    return records.info.pgid


def session(records: Records) -> int:
    """Session id."""
    return records.info.sid


def tpgid(records: Records) -> int:
    """Foreground process group of the controlling terminal."""
    return records.info.tpgid


def tty_nr(records: Records) -> int:
    """Device number of the controlling terminal, 0 for none."""
    return records.info.tdev or 0


def comm(records: Records) -> str:
    """Command name as the kernel keeps it."""
    return records.info.comm


def create_time(records: Records) -> float:
    """When the process was started, in seconds since the epoch."""
    return records.info.start / 1e6


def uids(records: Records) -> puids:
    """``(real, effective, saved)`` user ids."""
    info = records.info
    return puids(info.ruid, info.euid, info.svuid)


def gids(records: Records) -> pgids:
    """``(real, effective, saved)`` group ids."""
    info = records.info
    return pgids(info.rgid, info.egid, info.svgid)


def groups(records: Records) -> list[int]:
    """Ids of the groups."""
    return records.info.groups


def username(records: Records) -> str:
    """Name of the real user, the number without one."""
    uid = records.info.ruid
    return user_name(uid) or str(uid)


def cpu_times(records: Records) -> pcputimes:
    """``(user, system, children_user, children_system)`` in seconds."""
    info = records.info
    return pcputimes(
        info.utime / 1e6, info.stime / 1e6, info.child_utime / 1e6, info.child_stime / 1e6
    )


def cpu_seconds(records: Records) -> float:
    """User and kernel time together, in seconds."""
    info = records.info
    return (info.utime + info.stime) / 1e6


def utime(records: Records) -> int:
    """CPU time in user mode, in ticks."""
    return records.info.utime // _TICK


def stime(records: Records) -> int:
    """CPU time in kernel mode, in ticks."""
    return records.info.stime // _TICK


def memory_info(records: Records) -> pmem:
    """``(rss, vms, text, data, stack)`` in bytes."""
    info = records.info
    return pmem(info.rss, info.vms, info.text, info.data, info.stack)


def memory_rss(records: Records) -> int:
    """Resident memory in bytes."""
    return records.info.rss


def has_memory(records: Records) -> bool:
    """False for kernel processes and zombies."""
    return bool(records.info.vms)


def num_ctx_switches(records: Records) -> pctxsw:
    """``(voluntary, involuntary)`` context switches."""
    info = records.info
    return pctxsw(info.voluntary, info.involuntary)


def io_counters(records: Records) -> pio:
    """``(read_count, write_count, -1, -1)``: blocks read and written; bytes are not counted."""
    info = records.info
    return pio(info.read_count, info.write_count, -1, -1)


def nice(records: Records) -> int:
    """Nice value."""
    return records.info.nice


def priority(records: Records) -> int:
    """The kernel's priority, by its own scale."""
    return records.info.priority


def flags(records: Records) -> int:
    """Of Linux' flags those that the BSDs keep for the accounts (sys/acct.h): PF_FORKNOEXEC, PF_SUPERPRIV."""
    told = records.info.acflag
    return (_PF_FORKNOEXEC if told & AFORK else 0) | (_PF_SUPERPRIV if told & ASU else 0)


def minflt(records: Records) -> int:
    """Page faults without input."""
    return records.info.minflt


def majflt(records: Records) -> int:
    """Page faults with input."""
    return records.info.majflt


def wchan(records: Records) -> str:
    """What it waits for in the kernel, "" for nothing."""
    return records.info.wmesg


def sigpnd(records: Records) -> int:
    """Signals pending, as a mask."""
    return records.info.pending


def sigblk(records: Records) -> int:
    """Signals blocked, as a mask."""
    return records.info.blocked


def sigign(records: Records) -> int:
    """Signals ignored, as a mask."""
    return records.info.ignored


def sigcgt(records: Records) -> int:
    """Signals caught, as a mask."""
    return records.info.caught
