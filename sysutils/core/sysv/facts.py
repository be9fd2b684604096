"""Facts about a process that SunOS and AIX tell alike: functions of its records.

Names are psutil's where it has one, else those of Linux' tables."""

import os
from contextlib import closing

from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import pgids, puids
from sysutils.core.posix.users import user_name
from sysutils.core.sysv import procfs
from sysutils.core.sysv.info import Records
from sysutils.core.sysv.ntuples import pmem

#: ``pr_fname`` has room for that many bytes
COMM_CUT = 15


def pid(records: Records) -> int:
    """Process id; of a thread its own."""
    return records.pid


def tgid(records: Records) -> int:
    """Id of the process that a thread belongs to."""
    return records.owner


def ppid(records: Records) -> int:
    """Pid of the parent."""
    return records.info.ppid


def pgrp(records: Records) -> int:
    """Process group id."""
    return records.info.pgid


def session(records: Records) -> int:
    """Session id."""
    return records.info.sid


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
    """``(real, effective, saved)`` user ids; ``saved`` is None where ``cred`` may not be read."""
    try:
        found = records.credentials
    except PermissionError:
        info = records.info
        return puids(info.ruid, info.euid, None)  # type: ignore[arg-type]
    return puids(found.pr_ruid, found.pr_euid, found.pr_suid)


def gids(records: Records) -> pgids:
    """``(real, effective, saved)`` group ids; ``saved`` is None where ``cred`` may not be read."""
    try:
        found = records.credentials
    except PermissionError:
        info = records.info
        return pgids(info.rgid, info.egid, None)  # type: ignore[arg-type]
    return pgids(found.pr_rgid, found.pr_egid, found.pr_sgid)


def euid(records: Records) -> int:
    """Effective user id."""
    return records.info.euid


def egid(records: Records) -> int:
    """Effective group id."""
    return records.info.egid


def username(records: Records) -> str:
    """Name of the real user, the number without one."""
    uid = records.info.ruid
    return user_name(uid) or str(uid)


def cpu_seconds(records: Records) -> float:
    """User and kernel time together, in seconds."""
    return records.info.time / 1e6


def memory_info(records: Records) -> pmem:
    """``(rss, vms)`` in bytes."""
    info = records.info
    return pmem(info.rss, info.vms)


def memory_rss(records: Records) -> int:
    """Resident memory in bytes."""
    return records.info.rss


def has_memory(records: Records) -> bool:
    """False for kernel processes and zombies."""
    return bool(records.info.vms)


def priority(records: Records) -> int:
    """The kernel's priority: the higher, the sooner it runs."""
    return records.info.priority


def num_threads(records: Records) -> int:
    """Number of threads, 0 for a zombie."""
    return records.info.num_threads


def flags(records: Records) -> int:
    """Flags PR_* of procfs.h."""
    return records.info.flags


def wchan_address(records: Records) -> int:
    """Address of what it waits for in the kernel, 0 for nothing."""
    return records.info.wchan


def raise_if_zombie(records: Records) -> None:
    """Raises ZombieProcess for a zombie, OSError for a process that is gone."""
    info = records.info
    if info.letter == "Z":
        raise ZombieProcess(records.owner, info.comm, info.ppid)


def _texts(records: Records, address: int, most: int) -> list[str]:
    """The texts that an array of pointers in the memory of the process leads to. Raises OSError."""
    with closing(procfs.Memory(records.owner)) as memory:
        places = memory.pointers(address, records.width, most, records.byteorder)
        return [os.fsdecode(memory.text(place)) for place in places]


def _arguments(records: Records) -> list[str]:
    info = records.info
    if info.argv and info.argc > 0:
        try:
            found = _texts(records, info.argv, info.argc)
        except OSError:
            found = []  # another user's
        if found:
            return found
    return info.psargs.split()


def cmdline(records: Records) -> list[str]:
    """Arguments of the command, read in its memory; of another user's process the first 79 bytes of them,
    split at blanks. Raises ZombieProcess for a zombie."""
    raise_if_zombie(records)
    found: list[str] = records.part(_arguments)
    return found


def environ(records: Records) -> dict[str, str]:
    """The environment, read in its memory as it is now. Needs the owner's rights."""
    raise_if_zombie(records)
    info = records.info
    if not info.envp:
        return {}
    pairs = (text.partition("=") for text in _texts(records, info.envp, 1 << 16))
    return {name: value for name, equals, value in pairs if equals and name}


def num_fds(records: Records) -> int:
    """How many descriptors are open (``fd``). Needs the owner's rights."""
    return len(procfs.numbers_in(procfs.path_of(records.owner, "fd")))


def processor(records: Records) -> int:
    """Number of the CPU it runs on or ran on last."""
    return records.info.cpu
