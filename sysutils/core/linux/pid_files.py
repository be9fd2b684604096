"""The files below /proc/PID: each opened at most once, and pure parsers of their text.

A ``PidFiles`` is what getters read from. Its attributes are the files; one is opened at its first
use and kept, so what a row asks for decides what is read, and a oneshot is a ``PidFiles`` that is
kept for a while.
"""

import os
from collections.abc import Callable
from typing import Generic, TypeVar

from sysutils.core._errors import ZombieProcess
from sysutils.core.linux import credentials, procfs
from sysutils.core.linux.credentials import Ids
from sysutils.core.linux.host import PAGE_SIZE
from sysutils.core.linux.links import read_links

T = TypeVar("T")

_IDS = 44  # bytes that four ids of ten digits take

#: Places of the fields of /proc/PID/stat (proc(5)) in ``parse_stat``'s list; the command name comes last
STAT_FIELDS = (
    "state", "ppid", "pgrp", "session", "tty_nr", "tpgid", "flags", "minflt", "cminflt", "majflt",
    "cmajflt", "utime", "stime", "cutime", "cstime", "priority", "nice", "num_threads", "itrealvalue",
    "starttime", "vsize", "rss", "rsslim", "startcode", "endcode", "startstack", "kstkesp", "kstkeip",
    "signal", "blocked", "sigignore", "sigcatch", "wchan", "nswap", "cnswap", "exit_signal", "processor",
    "rt_priority", "policy", "delayacct_blkio_ticks", "guest_time", "cguest_time", "start_data",
    "end_data", "start_brk", "arg_start", "arg_end", "env_start", "env_end", "exit_code",
)  # fmt: skip
(
    STATE, PPID, PGRP, SESSION, TTY_NR, TPGID, FLAGS, MINFLT, CMINFLT, MAJFLT, CMAJFLT, UTIME, STIME,
    CUTIME, CSTIME, PRIORITY, NICE, NUM_THREADS, ITREALVALUE, STARTTIME, VSIZE, RSS, RSSLIM, STARTCODE,
    ENDCODE, STARTSTACK, KSTKESP, KSTKEIP, SIGNAL, BLOCKED, SIGIGNORE, SIGCATCH, WCHAN, NSWAP, CNSWAP,
    EXIT_SIGNAL, PROCESSOR, RT_PRIORITY, POLICY, DELAYACCT_BLKIO_TICKS, GUEST_TIME, CGUEST_TIME,
    START_DATA, END_DATA, START_BRK, ARG_START, ARG_END, ENV_START, ENV_END, EXIT_CODE,
) = range(len(STAT_FIELDS))  # fmt: skip
COMM = -1


def parse_stat(data: bytes) -> list[bytes]:
    """Fields of ``/proc/PID/stat`` from ``state`` on, then the command name without its brackets.

    ``b"12 (a) R (b) S 1 12 …"``: the name may hold blanks, brackets and newlines, so it ends at the
    last ``)``. Older kernels have fewer fields. Raises ValueError with the text for anything else."""
    start = data.find(b"(")
    end = data.rfind(b")")
    if start < 0 or end < start:
        raise ValueError(f"not a /proc/PID/stat line: {data[:80]!r}")
    fields = data[end + 2 :].split()
    fields.append(data[start + 1 : end])
    return fields


def parse_statm(data: bytes) -> tuple[int, ...]:
    """``/proc/PID/statm`` in bytes: virtual, resident, shared, text, lib, data, dirty."""
    size, rss, shared, text, lib, own, dirty = data.split()[:7]
    return (
        int(size) * PAGE_SIZE, int(rss) * PAGE_SIZE, int(shared) * PAGE_SIZE, int(text) * PAGE_SIZE,
        int(lib) * PAGE_SIZE, int(own) * PAGE_SIZE, int(dirty) * PAGE_SIZE,
    )  # fmt: skip


def status_value(status: bytes, key: bytes) -> bytes | None:
    """The text after ``Key:`` in ``/proc/PID/status``, None where the kernel has no such line.

    ``key`` comes with the newline before it and the colon: ``b"\\nUid:"``."""
    start = status.find(key)
    if start < 0:
        return None
    start += len(key)
    end = status.find(b"\n", start)
    return status[start : end if end >= 0 else None].strip()


def split_cmdline(text: str) -> list[str]:
    """Arguments of ``/proc/PID/cmdline``, as the process was given them or has written over them.

    A title written over the arguments has no NULs, or blanks between them: it is split at blanks."""
    if text[-1:] == "\0":
        arguments = text[:-1].split("\0")
        return arguments if len(arguments) > 1 or " " not in text else text[:-1].split(" ")
    return text.removesuffix(" ").split(" ") if text else []


class _File(Generic[T]):
    """An attribute of PidFiles: read and parsed at its first use, then an ordinary attribute."""

    def __init__(self, name: bytes, parse: Callable[[bytes], T], size: int = 8192) -> None:
        self._name = name
        self._parse = parse
        self._size = size

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute

    def __get__(self, files: "PidFiles", owner: type | None = None) -> T:
        value = self._parse(procfs.read_record(files.base + self._name, self._size))
        setattr(files, self._attribute, value)  # makes no __dict__, as naming that would
        return value


class _Descriptors:
    def __get__(self, files: "PidFiles", owner: type | None = None) -> list[bytes]:
        value = files.fd = procfs.names(files.base + b"fd")
        return value


class _Links:
    def __get__(self, files: "PidFiles", owner: type | None = None) -> dict[int, bytes]:
        value = files.links = read_links(files.base)
        return value


class _Owner:
    def __get__(self, files: "PidFiles", owner: type | None = None) -> os.stat_result:
        value = files.owner = os.stat(files.base)
        return value


class _Status(_File[bytes]):
    """Ids are taken from it too, once it has been read."""

    def __get__(self, files: "PidFiles", owner: type | None = None) -> bytes:
        files.knows_status = True
        return super().__get__(files, owner)


class _Ids:
    """By a descriptor of the process, unless the file has been read that tells them."""

    def __init__(self, by_descriptor: Callable[["PidFiles"], Ids | None]) -> None:
        self._by_descriptor = by_descriptor

    def __get__(self, files: "PidFiles", owner: type | None = None) -> Ids:
        value = None if files.knows_status else self._by_descriptor(files)
        if value is None:
            value = parse_ids(files.status)
        files.ids = value
        return value


def _ids_of(files: "PidFiles") -> Ids | None:
    if files.base != b"/proc/%d/" % files.pid:
        return None
    return credentials.of_process(files.pid)


class PidFiles:
    """The files of one process (or thread), each read at its first use and kept.

    A file that is gone or forbidden raises OSError at that use."""

    stat = _File(b"stat", parse_stat, 4096)
    statm = _File(b"statm", parse_statm, 256)
    status = _Status(b"status", bytes, 4096)
    cmdline = _File(b"cmdline", bytes, 4096)
    comm = _File(b"comm", bytes, 64)
    environ = _File(b"environ", bytes)
    io = _File(b"io", bytes, 512)
    cgroup = _File(b"cgroup", bytes)
    wchan = _File(b"wchan", bytes, 256)
    loginuid = _File(b"loginuid", bytes, 64)
    #: names of the open descriptors
    fd = _Descriptors()
    #: what they link to, of a socket ``socket:[INODE]``; those closed meanwhile are left out
    links = _Links()
    #: stat(2) of the directory: its owner is the effective uid and gid, on every kernel
    owner = _Owner()
    #: user and group id in turn: real, effective, saved, of the file system
    ids = _Ids(_ids_of)
    knows_status = False

    def __init__(self, pid: int, base: bytes, tgid: int) -> None:
        self.pid = pid
        self.base = base
        self.tgid = tgid


class _Listed(PidFiles):
    """Those of a process that a look at ``/proc`` showed."""

    ids = _Ids(lambda files: credentials.of_listed(files.pid))


def of_process(pid: int) -> PidFiles:
    """The files of a process."""
    return PidFiles(pid, b"%s/%d/" % (procfs.root(), pid), pid)


def look() -> tuple[list[int], Callable[[int], PidFiles]]:
    """One look at all processes: their ids, and what opens the files of each."""
    root = procfs.root()
    if root != b"/proc":
        return procfs.pids(), of_process
    return procfs.pids(), _of_listed


def _of_listed(pid: int) -> PidFiles:
    return _Listed(pid, b"/proc/%d/" % pid, pid)


def of_thread(pid: int, tid: int) -> PidFiles:
    """The files of one thread of a process: ``/proc/PID/task/TID``."""
    return PidFiles(tid, b"%s/%d/task/%d/" % (procfs.root(), pid, tid), pid)


def raise_if_zombie(files: PidFiles) -> None:
    """Raises ZombieProcess for a process that has ended and was not waited for."""
    if files.stat[STATE] == b"Z":
        raise ZombieProcess(files.pid, os.fsdecode(files.stat[COMM]), int(files.stat[PPID]))


def raise_if_gone(files: PidFiles) -> None:
    """Raises FileNotFoundError where the process has no entry in /proc any more."""
    os.stat(files.base + b"stat")


def parse_ids(status: bytes) -> Ids:
    """The ids of ``/proc/PID/status``, user and group in turn; 0 for what is not there."""
    users, groups = _four(status, b"\nUid:"), _four(status, b"\nGid:")
    return tuple(ident for pair in zip(users, groups, strict=True) for ident in pair)


def _four(status: bytes, key: bytes) -> list[int]:
    start = status.find(key)
    words = (
        status[start + len(key) : start + len(key) + _IDS].split(None, 4)[:4] if start >= 0 else []
    )
    return [*map(int, words), 0, 0, 0, 0][:4]


def still_there(files: PidFiles) -> bool:
    """Whether the process (or thread) behind ``files`` still has an entry in /proc."""
    return procfs.exists(files.base + b"stat")
