"""Facts about a process on Linux in plain numbers and text: pure functions of its files.

Facts in psutil's tuples are in ``results``, so that a table of numbers need not load them.
Names are psutil's where it has one, with its units. The others are proc(5)'s and ps(1)'s with proc(5)'s
units (times in clock ticks); they serve the commands and stay out of ``as_dict``.
"""

import os
import sys
from collections.abc import Callable
from itertools import repeat
from operator import attrgetter

from sysutils.core.linux import alone, procfs, tty
from sysutils.core.linux import pid_files as pf
from sysutils.core.linux.host import CLOCK_TICKS, PAGE_SIZE, known_boot_time
from sysutils.core.linux.pid_files import PidFiles, raise_if_zombie, status_value
from sysutils.core.posix.users import user_name

_partition, _EQUALS = str.partition, repeat("=")
#: what a name that is asked for alone is read by
comm_alone = alone.comm
#: ``flags`` of a kernel thread
PF_KTHREAD = 0x00200000

#: of names and arguments, as os.fsdecode; called once per process, not per word
ENCODING, ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()


#: facts that are a number of ``/proc/PID/stat`` -> its place there
stat_places: dict[Callable[[PidFiles], object], int] = {}


def _of_stat(place: int, doc: str) -> Callable[[PidFiles], int]:
    def read(files: PidFiles) -> int:
        return int(files.stat[place])

    read.__name__ = read.__qualname__ = pf.STAT_FIELDS[place]
    read.__doc__ = f"{doc} (``/proc/PID/stat``)."
    stat_places[read] = place
    return read


pid: Callable[[PidFiles], int] = attrgetter("pid")  # in C
ppid = _of_stat(pf.PPID, "Pid of the parent, 0 for none")
pgrp = _of_stat(pf.PGRP, "Process group id")
session = _of_stat(pf.SESSION, "Session id")
tty_nr = _of_stat(pf.TTY_NR, "Device number of the controlling terminal, 0 for none")
tpgid = _of_stat(pf.TPGID, "Foreground process group of the controlling terminal, -1 for none")
flags = _of_stat(pf.FLAGS, "Kernel flags, PF_* of linux/sched.h")
minflt = _of_stat(pf.MINFLT, "Minor page faults")
cminflt = _of_stat(pf.CMINFLT, "Minor page faults of the children waited for")
majflt = _of_stat(pf.MAJFLT, "Major page faults")
cmajflt = _of_stat(pf.CMAJFLT, "Major page faults of the children waited for")
utime = _of_stat(pf.UTIME, "CPU time in user mode, in clock ticks")
stime = _of_stat(pf.STIME, "CPU time in kernel mode, in clock ticks")
cutime = _of_stat(pf.CUTIME, "User time of the children waited for, in clock ticks")
cstime = _of_stat(pf.CSTIME, "Kernel time of the children waited for, in clock ticks")
priority = _of_stat(pf.PRIORITY, "The kernel's priority: 20 + nice, or -1 - rt_priority")
nice = _of_stat(pf.NICE, "Nice value, 19 to -20")
num_threads = _of_stat(pf.NUM_THREADS, "Number of threads")
starttime = _of_stat(pf.STARTTIME, "When the process was started, in clock ticks since boot")
vsize = _of_stat(pf.VSIZE, "Virtual memory in bytes")
wchan_address = _of_stat(pf.WCHAN, "0 if the process is not waiting in the kernel")
processor = _of_stat(pf.PROCESSOR, "CPU the process ran on last")
exit_signal = _of_stat(pf.EXIT_SIGNAL, "Signal sent to the parent at the end")
rt_priority = _of_stat(pf.RT_PRIORITY, "Real-time priority 1 to 99, 0 for the other classes")
policy = _of_stat(pf.POLICY, "Scheduling policy, SCHED_* of sched.h")
startcode = _of_stat(pf.STARTCODE, "Address where the program text begins")
endcode = _of_stat(pf.ENDCODE, "Address where the program text ends")
startstack = _of_stat(pf.STARTSTACK, "Address of the bottom of the stack")
kstkesp = _of_stat(pf.KSTKESP, "Stack pointer, 0 unless the process is exiting")
kstkeip = _of_stat(pf.KSTKEIP, "Instruction pointer, 0 unless the process is exiting")


def tgid(files: PidFiles) -> int:
    """Pid of the process that a thread belongs to; a process's own pid."""
    return files.tgid


def resident(files: PidFiles) -> int:
    """Resident memory in bytes (``rss`` of ``/proc/PID/stat``)."""
    return int(files.stat[pf.RSS]) * PAGE_SIZE


def comm(files: PidFiles) -> str:
    """Command name as the kernel keeps it: at most 15 bytes, any of them (``/proc/PID/stat``)."""
    return files.stat[pf.COMM].decode(ENCODING, ERRORS)


def state(files: PidFiles) -> str:
    """State letter, one of ``RSDTtZXxKWIP`` (``/proc/PID/stat``)."""
    return files.stat[pf.STATE].decode("ascii", "replace")


def create_time(files: PidFiles) -> float:
    """When the process was started, in seconds since the epoch (``/proc/PID/stat``, ``/proc/stat``)."""
    return int(files.stat[pf.STARTTIME]) / CLOCK_TICKS + known_boot_time()


def _of_statm(place: int, name: str, doc: str) -> Callable[[PidFiles], int]:
    def read(files: PidFiles) -> int:
        return files.statm[place]

    read.__name__ = read.__qualname__ = name
    read.__doc__ = f"{doc}, in bytes (``/proc/PID/statm``)."
    return read


memory_vms = _of_statm(0, "memory_vms", "Virtual memory: ``memory_info().vms``")
memory_rss = _of_statm(1, "memory_rss", "Resident memory: ``memory_info().rss``")
memory_shared = _of_statm(2, "memory_shared", "Resident memory with a file or shared")
memory_text = _of_statm(3, "memory_text", "Resident program text")
memory_data = _of_statm(5, "memory_data", "Private writable memory and the stack")
memory_dirty = _of_statm(6, "memory_dirty", "Dirty memory, 0 on kernels since 2.6")


def cpu_seconds(files: PidFiles) -> float:
    """User and kernel time together, in seconds (``/proc/PID/stat``)."""
    stat = files.stat
    return (int(stat[pf.UTIME]) + int(stat[pf.STIME])) / CLOCK_TICKS


def cmdline(files: PidFiles) -> list[str]:
    """Arguments of the command; ``[]`` for a kernel thread (``/proc/PID/cmdline``).

    Raises ZombieProcess for a zombie, whose arguments are gone."""
    data = files.cmdline
    if not data:
        raise_if_zombie(files)
    return pf.split_cmdline(data.decode(ENCODING, ERRORS))


def argv(files: PidFiles) -> list[str]:
    """Arguments as they stand between NULs; ``[]`` for kernel threads and zombies."""
    data = files.cmdline.removesuffix(b"\0")
    return data.decode(ENCODING, ERRORS).split("\0") if files.cmdline else []


def has_memory(files: PidFiles) -> bool:
    """False for kernel threads and zombies: no arguments, and no memory lines in ``/proc/PID/status``."""
    stat = files.stat
    return stat[pf.VSIZE] != b"0" or (
        not int(stat[pf.FLAGS]) & PF_KTHREAD and stat[pf.STATE] != b"Z"
    )


def args(files: PidFiles) -> str | None:
    """The command line as one text, blanks between arguments; None for kernel threads and zombies."""
    data = files.cmdline if has_memory(files) else b""
    if not data:
        return None
    text = data.rstrip(b"\0")
    if text == data and text[-1:] in {b" ", b"\n"}:
        text = text[:-1]  # a title written over the arguments, up to their end
    return text.replace(b"\0", b" ").decode(ENCODING, ERRORS)


def _target(link: bytes) -> str:
    """What a link of /proc/PID points to; the kernel's ``(deleted)`` goes unless a file has that name."""
    path = link.decode(ENCODING, ERRORS)
    if "\0" in path:
        path = path.partition("\0")[0]
    if path.endswith(" (deleted)") and not os.path.exists(path):
        path = path[: -len(" (deleted)")]
    return path


def exe(files: PidFiles) -> str:
    """Path of the program, ``""`` for a kernel thread (``/proc/PID/exe``). Needs the owner's rights."""
    try:
        return _target(os.readlink(files.base + b"exe"))
    except (FileNotFoundError, ProcessLookupError):
        raise_if_zombie(files)
        return ""


def exe_link(files: PidFiles) -> str:
    """The program as the kernel has it, with ``(deleted)`` if it is (``/proc/PID/exe``)."""
    return procfs.readlink(files.base + b"exe").decode(ENCODING, ERRORS)


def cwd(files: PidFiles) -> str:
    """Working directory, ``""`` where there is no such link (``/proc/PID/cwd``). Needs the owner's rights."""
    try:
        link = os.readlink(files.base + b"cwd")
    except (FileNotFoundError, ProcessLookupError):
        raise_if_zombie(files)
        pf.raise_if_gone(files)
        return ""
    if link[-1:] == b")" or b"\0" in link:
        return _target(link)
    return link.decode(ENCODING, ERRORS)


def environ(files: PidFiles) -> dict[str, str]:
    """The environment the program was started with (``/proc/PID/environ``). Needs the owner's rights."""
    return parse_environ(files.environ.decode(ENCODING, ERRORS))


def parse_environ(text: str) -> dict[str, str]:
    """``KEY=value`` entries that end in NULs; what follows an empty entry is not the environment."""
    entries = text.partition("\0\0")[0].split("\0") if text[:1] != "\0" else ()
    found = {key: value for key, equals, value in map(_partition, entries, _EQUALS) if equals}
    found.pop("", None)
    return found


def fsuid(files: PidFiles) -> int:
    """User id used for file access (PIDFD_GET_INFO, else ``/proc/PID/status``)."""
    return files.ids[6]


def fsgid(files: PidFiles) -> int:
    """Group id used for file access (PIDFD_GET_INFO, else ``/proc/PID/status``)."""
    return files.ids[7]


def groups(files: PidFiles) -> list[int]:
    """Supplementary group ids (``/proc/PID/status``)."""
    return [int(gid) for gid in (status_value(files.status, b"\nGroups:") or b"").split()]


def euid(files: PidFiles) -> int:
    """Effective user id: the owner of ``/proc/PID``, always, on every kernel; of a status read already."""
    return files.ids[2] if files.knows_status else files.owner.st_uid


def egid(files: PidFiles) -> int:
    """Effective group id: the group of ``/proc/PID``, or of a status read already."""
    return files.ids[3] if files.knows_status else files.owner.st_gid


def username(files: PidFiles) -> str:
    """Name of the real user, its number where it has none (PIDFD_GET_INFO, else ``/proc/PID/status``)."""
    uid = files.ids[0]
    return user_name(uid) or str(uid)


def tty_name(files: PidFiles) -> str | None:
    """Name below /dev of the controlling terminal, None without one (``/proc/tty/drivers``, ``/dev``)."""
    return tty.name(int(files.stat[pf.TTY_NR]), files.base)


def terminal(files: PidFiles) -> str | None:
    """Path of the controlling terminal, None without one (``/proc/PID/stat``, ``/dev``)."""
    number = files.stat[pf.TTY_NR]
    return None if number == b"0" else tty.device_path(int(number))


def _of_status_kib(key: bytes, doc: str) -> Callable[[PidFiles], int]:
    line = b"\n" + key + b":"
    size = len(line)

    def read(files: PidFiles) -> int:
        if not has_memory(files):
            return 0
        status = files.status
        start = status.find(line)
        if start < 0:
            return 0
        return int(status[start + size : status.find(b" kB", start)]) * 1024

    read.__name__ = read.__qualname__ = key.decode().lower()
    read.__doc__ = f"{doc}, in bytes (``{key.decode()}`` of ``/proc/PID/status``); 0 without it."
    return read


vmlck = _of_status_kib(b"VmLck", "Locked memory")
vmrss = _of_status_kib(
    b"VmRSS", "Resident memory, counted exactly also on kernels that estimate it"
)
rssanon = _of_status_kib(b"RssAnon", "Resident anonymous memory")
rssfile = _of_status_kib(b"RssFile", "Resident memory with a file")
rssshmem = _of_status_kib(b"RssShmem", "Resident shared memory")
vmdata = _of_status_kib(b"VmData", "Private writable memory without the stack")
vmstk = _of_status_kib(b"VmStk", "Stack")
vmexe = _of_status_kib(b"VmExe", "Program text")
vmlib = _of_status_kib(b"VmLib", "Library text")
vmswap = _of_status_kib(b"VmSwap", "Anonymous memory that is swapped out")


def _of_status_mask(key: bytes, doc: str) -> Callable[[PidFiles], int]:
    line = b"\n" + key + b":"

    def read(files: PidFiles) -> int:
        return int(status_value(files.status, line) or b"0", 16)

    read.__name__ = read.__qualname__ = key.decode().lower()
    read.__doc__ = f"{doc}, bit N-1 for signal N (``{key.decode()}`` of ``/proc/PID/status``)."
    return read


sigpnd = _of_status_mask(b"SigPnd", "Signals pending for the thread")
shdpnd = _of_status_mask(b"ShdPnd", "Signals pending for the whole process")
sigblk = _of_status_mask(b"SigBlk", "Signals blocked")
sigign = _of_status_mask(b"SigIgn", "Signals ignored")
sigcgt = _of_status_mask(b"SigCgt", "Signals caught")


def wchan(files: PidFiles) -> str:
    """Kernel function the process waits in, ``""`` where it does not wait (``/proc/PID/wchan``)."""
    name = files.wchan
    if not name:
        raise NotImplementedError("/proc/PID/wchan is empty")
    return "" if name == b"0" else name.decode(ENCODING, ERRORS)


def cgroup(files: PidFiles) -> list[str]:
    """Lines of ``/proc/PID/cgroup``: ``hierarchy:controllers:path``."""
    return os.fsdecode(files.cgroup).splitlines()


def loginuid(files: PidFiles) -> int | None:
    """User id at login, None where the session has none (``/proc/PID/loginuid``)."""
    uid = int(files.loginuid)
    return None if uid == 0xFFFFFFFF else uid


def _of_number_file(name: str, doc: str) -> Callable[[PidFiles], int]:
    file = name.encode()

    def read(files: PidFiles) -> int:
        return int(procfs.read_record(files.base + file, 64))

    read.__name__ = read.__qualname__ = name
    read.__doc__ = f"{doc} (``/proc/PID/{name}``)."
    return read


oom_score = _of_number_file(
    "oom_score", "How likely the kernel ends it when memory is out, 0 to 2000"
)
oom_score_adj = _of_number_file("oom_score_adj", "Added to oom_score, -1000 to 1000")


def env_args(files: PidFiles) -> str:
    """The environment as one text, blanks between entries (``/proc/PID/environ``)."""
    return files.environ.rstrip(b"\0").replace(b"\0", b" ").decode(ENCODING, ERRORS)


def cancelled_write_bytes(files: PidFiles) -> int:
    """Bytes written by the process and dropped before they reached storage (``/proc/PID/io``)."""
    return int(status_value(b"\n" + files.io, b"\ncancelled_write_bytes:") or b"0")
