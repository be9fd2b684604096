"""Facts about a process on SunOS: functions of its records. Those that AIX tells too are in ``sysv.facts``.

Names are psutil's where it has one, else those of Linux' tables; ticks are hundredths of a second."""

import os

from sysutils.core._enums import ProcessStatus
from sysutils.core._ntuples import pctxsw, popenfile
from sysutils.core.sunos import files, layout
from sysutils.core.sysv import procfs
from sysutils.core.sysv.facts import (
    COMM_CUT,
    cmdline,
    comm,
    cpu_seconds,
    create_time,
    has_memory,
    memory_rss,
    pid,
    ppid,
    raise_if_zombie,
)
from sysutils.core.sysv.info import Records, Usage
from sysutils.core.sysv.ntuples import pcputimes, pmmap_ext, pmmap_grouped

__all__ = [
    "COMM_CUT", "STATES", "cmdline", "comm", "cpu_num", "cpu_seconds", "cpu_times", "create_time", "cwd",
    "exe", "has_memory", "majflt", "mapped_name", "memory_maps_ext", "memory_maps_grouped", "memory_rss",
    "minflt", "nice", "num_ctx_switches", "open_files", "pid", "ppid", "state", "status", "stime", "terminal",
    "utime",
]  # fmt: skip

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


def _usage(records: Records) -> Usage:
    found: Usage = records.part(files.usage)
    return found


def status(records: Records) -> str:
    """One of the ``STATUS_*`` constants; ``"?"`` for a number nobody knows."""
    return STATES.get(records.info.stat, "?")


def state(records: Records) -> str:
    """The letter that ps shows: I, R, S, T or Z."""
    return _LETTERS.get(records.info.stat, "?")


def cpu_times(records: Records) -> pcputimes:
    """``(user, system, children_user, children_system)`` in seconds (``status``: the owner's)."""
    return pcputimes(*files.times(records))


def utime(records: Records) -> int:
    """CPU time in user mode, in ticks."""
    return _usage(records).utime // _TICK


def stime(records: Records) -> int:
    """CPU time in kernel mode, in ticks."""
    return _usage(records).stime // _TICK


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
    return records.info.nice


def cpu_num(records: Records) -> int:
    """Number of the CPU it runs on or ran on last."""
    return records.info.cpu


def exe(records: Records) -> str:
    """Path of the program (``path/a.out``), ``""`` where that may not be read."""
    try:
        return files.link(records.owner, "a.out")
    except OSError:
        raise_if_zombie(records)  # and raises for a process that is gone
        return ""


def cwd(records: Records) -> str:
    """Working directory (``path/cwd``), ``""`` where the kernel has lost its path.

    Needs the owner's rights."""
    try:
        return files.link(records.owner, "cwd")
    except FileNotFoundError:
        raise_if_zombie(records)
        return ""


def terminal(records: Records) -> str | None:
    """Path of the controlling terminal, None without one: of the descriptors 0, 1, 2 and 255 the first."""
    if records.info.tdev is None:
        return None
    for number in (0, 1, 2, 255):
        try:
            return files.link(records.owner, str(number))
        except FileNotFoundError:
            continue
    return None


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


def mapped_name(pid: int, row: layout.prxmap) -> str:
    """The path of what is mapped, or a name for it in brackets. Raises PermissionError."""
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
                f"{row.pr_vaddr:x}-{row.pr_vaddr + row.pr_size:x}", perms, mapped_name(records.owner, row),
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
