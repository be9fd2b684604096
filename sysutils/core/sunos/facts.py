"""Facts about a process on SunOS: functions of its records.

Names are psutil's where it has one, else those of Linux' tables; ticks are hundredths of a second."""

import os
from contextlib import closing

from sysutils.core._enums import ProcessStatus
from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import pctxsw, pgids, popenfile, puids
from sysutils.core.posix.users import user_name
from sysutils.core.sunos import files, layout
from sysutils.core.sysv import procfs
from sysutils.core.sysv.info import ProcessInfo, Records, Usage
from sysutils.core.sysv.ntuples import pcputimes, pmem, pmmap_ext, pmmap_grouped

#: ``pr_fname`` has room for that many bytes
COMM_CUT = 15
_TICK = 10_000

STATES = {
    layout.SSLEEP: ProcessStatus.STATUS_SLEEPING,
    layout.SRUN: ProcessStatus.STATUS_RUNNING,
    layout.SZOMB: ProcessStatus.STATUS_ZOMBIE,
    layout.SSTOP: ProcessStatus.STATUS_STOPPED,
    layout.SIDL: ProcessStatus.STATUS_IDLE,
    layout.SONPROC: ProcessStatus.STATUS_RUNNING,
    layout.SWAIT: ProcessStatus.STATUS_WAITING,
}
_LETTERS = {
    layout.SSLEEP: "S", layout.SRUN: "R", layout.SZOMB: "Z", layout.SSTOP: "T", layout.SIDL: "I",
    layout.SONPROC: "R", layout.SWAIT: "S",
}  # fmt: skip
#: bit of ``pr_mflags`` -> letter, in the order of pmap(1)
_PERMISSIONS = (
    (layout.MA_READ, "r"), (layout.MA_WRITE, "w"), (layout.MA_EXEC, "x"), (layout.MA_SHARED, "s"),
)  # fmt: skip


def _info(records: Records) -> ProcessInfo:
    found: ProcessInfo = records.part(files.info)
    return found


def _usage(records: Records) -> Usage:
    found: Usage = records.part(files.usage)
    return found


def pid(records: Records) -> int:
    """Process id; of a thread its own."""
    return records.pid


def tgid(records: Records) -> int:
    """Id of the process that a thread belongs to."""
    return records.owner


def ppid(records: Records) -> int:
    """Pid of the parent."""
    return _info(records).ppid


def pgrp(records: Records) -> int:
    """Process group id."""
    return _info(records).pgid


def session(records: Records) -> int:
    """Session id."""
    return _info(records).sid


def tty_nr(records: Records) -> int:
    """Device number of the controlling terminal, 0 for none."""
    return _info(records).tdev or 0


def comm(records: Records) -> str:
    """Command name as the kernel keeps it."""
    return _info(records).comm


def create_time(records: Records) -> float:
    """When the process was started, in seconds since the epoch."""
    return _info(records).start / 1e6


def status(records: Records) -> str:
    """One of the ``STATUS_*`` constants; ``"?"`` for a number nobody knows."""
    return STATES.get(_info(records).stat, "?")


def state(records: Records) -> str:
    """The letter that ps shows: I, R, S, T or Z."""
    return _LETTERS.get(_info(records).stat, "?")


def uids(records: Records) -> puids:
    """``(real, effective, saved)`` user ids; ``saved`` is None where ``cred`` may not be read."""
    try:
        found = files.credentials(records)
    except PermissionError:
        info = _info(records)
        return puids(info.ruid, info.euid, None)  # type: ignore[arg-type]
    return puids(found.pr_ruid, found.pr_euid, found.pr_suid)


def gids(records: Records) -> pgids:
    """``(real, effective, saved)`` group ids; ``saved`` is None where ``cred`` may not be read."""
    try:
        found = files.credentials(records)
    except PermissionError:
        info = _info(records)
        return pgids(info.rgid, info.egid, None)  # type: ignore[arg-type]
    return pgids(found.pr_rgid, found.pr_egid, found.pr_sgid)


def euid(records: Records) -> int:
    """Effective user id."""
    return _info(records).euid


def egid(records: Records) -> int:
    """Effective group id."""
    return _info(records).egid


def username(records: Records) -> str:
    """Name of the real user, the number without one."""
    uid = _info(records).ruid
    return user_name(uid) or str(uid)


def cpu_times(records: Records) -> pcputimes:
    """``(user, system, children_user, children_system)`` in seconds (``status``: the owner's)."""
    return pcputimes(*files.times(records))


def cpu_seconds(records: Records) -> float:
    """User and kernel time together, in seconds."""
    return _info(records).time / 1e6


def utime(records: Records) -> int:
    """CPU time in user mode, in ticks."""
    return _usage(records).utime // _TICK


def stime(records: Records) -> int:
    """CPU time in kernel mode, in ticks."""
    return _usage(records).stime // _TICK


def memory_info(records: Records) -> pmem:
    """``(rss, vms)`` in bytes."""
    info = _info(records)
    return pmem(info.rss, info.vms)


def memory_rss(records: Records) -> int:
    """Resident memory in bytes."""
    return _info(records).rss


def has_memory(records: Records) -> bool:
    """False for kernel processes and zombies."""
    return bool(_info(records).vms)


def num_ctx_switches(records: Records) -> pctxsw:
    """``(voluntary, involuntary)`` context switches."""
    found = _usage(records)
    return pctxsw(found.voluntary, found.involuntary)


def minflt(records: Records) -> int:
    """Page faults without input."""
    return _usage(records).minflt


def majflt(records: Records) -> int:
    """Page faults with input."""
    return _usage(records).majflt


def nice(records: Records) -> int:
    """Nice value; 0 in a scheduling class that has none."""
    return _info(records).nice


def priority(records: Records) -> int:
    """The kernel's priority: the higher, the sooner it runs."""
    return _info(records).priority


def num_threads(records: Records) -> int:
    """Number of threads, 0 for a zombie."""
    return _info(records).num_threads


def cpu_num(records: Records) -> int:
    """Number of the CPU it runs on or ran on last."""
    return _info(records).cpu


def processor(records: Records) -> int:
    """``cpu_num``, by its name in tables."""
    return cpu_num(records)


def flags(records: Records) -> int:
    """Flags PR_* of procfs.h."""
    return _info(records).flags


def wchan_address(records: Records) -> int:
    """Address of what it waits for in the kernel, 0 for nothing."""
    return _info(records).wchan


def _raise_if_zombie(records: Records) -> None:
    info = _info(records)
    if info.stat == layout.SZOMB:
        raise ZombieProcess(records.owner, info.comm, info.ppid)


def _texts(records: Records, address: int, most: int) -> list[str]:
    """The texts that an array of pointers in the memory of the process leads to. Raises OSError."""
    info = _info(records)
    with closing(procfs.Memory(records.owner)) as memory:
        places = memory.pointers(address, info.width, most)
        return [os.fsdecode(memory.text(place)) for place in places]


def _arguments(records: Records) -> list[str]:
    info = _info(records)
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
    _raise_if_zombie(records)
    found: list[str] = records.part(_arguments)
    return found


def environ(records: Records) -> dict[str, str]:
    """The environment, read in its memory as it is now. Needs the owner's rights."""
    _raise_if_zombie(records)
    info = _info(records)
    if not info.envp:
        return {}
    pairs = (text.partition("=") for text in _texts(records, info.envp, 1 << 16))
    return {name: value for name, equals, value in pairs if equals and name}


def exe(records: Records) -> str:
    """Path of the program (``path/a.out``), ``""`` where that may not be read."""
    try:
        return files.link(records.owner, "a.out")
    except OSError:
        _raise_if_zombie(records)  # and raises for a process that is gone
        return ""


def cwd(records: Records) -> str:
    """Working directory (``path/cwd``), ``""`` where the kernel has lost its path.

    Needs the owner's rights."""
    try:
        return files.link(records.owner, "cwd")
    except FileNotFoundError:
        _raise_if_zombie(records)
        return ""


def terminal(records: Records) -> str | None:
    """Path of the controlling terminal, None without one: of the descriptors 0, 1, 2 and 255 the first."""
    if _info(records).tdev is None:
        return None
    for number in (0, 1, 2, 255):
        try:
            return files.link(records.owner, str(number))
        except FileNotFoundError:
            continue
    return None


def num_fds(records: Records) -> int:
    """How many descriptors are open (``fd``). Needs the owner's rights."""
    return len(files.descriptors(records.owner))


def open_files(records: Records) -> list[popenfile]:
    """``[(path, fd), …]`` of regular files (``path``). Needs the owner's rights."""
    found = []
    for number in files.descriptors(records.owner):
        try:
            path = files.link(records.owner, str(number))
        except FileNotFoundError:
            continue  # closed meanwhile, or a socket
        if os.path.isfile(path):
            found.append(popenfile(path, number))
    return found


def _mapped(pid: int, row: layout.prxmap) -> str:
    if row.pr_mapname:
        try:
            return files.link(pid, os.fsdecode(row.pr_mapname))
        except FileNotFoundError:
            return procfs.path_of(pid, "path/" + os.fsdecode(row.pr_mapname))
    if row.pr_mflags & (layout.MA_ISM | layout.MA_SHM):
        return f"[shmid=0x{row.pr_shmid:x}]"
    if row.pr_mflags & layout.MA_STACK:
        return "[stack]"
    return "[heap]" if row.pr_mflags & layout.MA_BREAK else "[anon]"


def memory_maps_ext(records: Records) -> list[pmmap_ext]:
    """Each mapping (``xmap``), in bytes. Needs the owner's rights."""
    rows = []
    for row in files.maps(records.owner):
        perms = "".join(letter if row.pr_mflags & bit else "-" for bit, letter in _PERMISSIONS)
        page = row.pr_pagesize
        rows.append(
            pmmap_ext(
                f"{row.pr_vaddr:x}-{row.pr_vaddr + row.pr_size:x}", perms, _mapped(records.owner, row),
                row.pr_rss * page, row.pr_anon * page, row.pr_locked * page,
            )
        )  # fmt: skip
    return rows


def memory_maps_grouped(records: Records) -> list[pmmap_grouped]:
    """The mappings of each path together, in bytes. Needs the owner's rights."""
    found: dict[str, list[int]] = {}
    for row in memory_maps_ext(records):
        sums = found.setdefault(row.path, [0, 0, 0])
        sums[:] = [a + b for a, b in zip(sums, row[3:], strict=True)]
    return [pmmap_grouped(path, *sums) for path, sums in found.items()]
