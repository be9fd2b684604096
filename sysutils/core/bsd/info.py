"""What the kernels of the BSDs tell of a process in one structure, by names and units of our own."""

import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class ProcessInfo(NamedTuple):
    """One process, or one of its threads. Times in microseconds, sizes in bytes."""

    pid: int
    #: id of the thread, 0 where the row is the process's
    tid: int
    ppid: int
    pgid: int
    sid: int
    tpgid: int
    #: device number of the controlling terminal, None without one
    tdev: int | None
    ruid: int
    euid: int
    svuid: int
    rgid: int
    egid: int
    svgid: int
    groups: list[int]
    #: the kernel's number, S* of sys/proc.h
    stat: int
    comm: str
    #: when it was started, since the epoch
    start: int
    utime: int
    stime: int
    child_utime: int
    child_stime: int
    rss: int
    vms: int
    text: int
    data: int
    stack: int
    nice: int
    priority: int
    num_threads: int
    cpu: int
    flags: int
    #: A* of sys/acct.h: what it did, for the accounts
    acflag: int
    voluntary: int
    involuntary: int
    minflt: int
    majflt: int
    read_count: int
    write_count: int
    #: what it waits for, "" if for nothing
    wmesg: str
    pending: int
    blocked: int
    ignored: int
    caught: int


class Records:
    """The records of one process, read at their first use and then kept."""

    __slots__ = ("_cmdline", "_info", "_read", "pid", "process", "tid")

    def __init__(
        self, pid: int, read: "Callable[[int], ProcessInfo]", info: ProcessInfo | None = None
    ) -> None:
        self.pid = pid if info is None or not info.tid else info.tid
        self.tid = 0 if info is None else info.tid
        self._read = read
        self._info = info
        self._cmdline: list[str] | None = None

    @property
    def info(self) -> ProcessInfo:
        """Raises ProcessLookupError, PermissionError."""
        found = self._info
        if found is None:
            found = self._info = self._read(self.pid)
        return found

    def words(self, read: "Callable[[int], list[str]]") -> list[str]:
        """The arguments, which ``read`` reads."""
        found = self._cmdline
        if found is None:
            found = self._cmdline = read(self.info.pid if self.tid else self.pid)
        return found


def of_thread(pid: int, tid: int, threads: "Callable[[int], list[ProcessInfo]]") -> Records:
    """The records of one thread of a process, whose ``threads`` are read at the first use."""

    def read(_: int) -> ProcessInfo:
        for info in threads(pid):
            if info.tid == tid:
                return info
        raise ProcessLookupError

    found = Records(tid, read)
    found.tid = tid
    return found


def look(
    every: "list[ProcessInfo]", read: "Callable[[int], ProcessInfo]"
) -> "tuple[list[int], Callable[[int], Records]]":
    """The ids of ``every`` process, and what opens the records of each."""
    seen = {info.pid: info for info in every}
    return list(seen), lambda pid: Records(pid, read, seen.get(pid))


def exists(pid: int, read: "Callable[[int], ProcessInfo]") -> bool:
    """Whether ``pid`` is a process: it can be read, or is not ours to read."""
    try:
        read(pid)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def strings(data: bytes) -> list[str]:
    """The texts in ``data``, each with a NUL behind it."""
    if not data:
        return []
    return data.removesuffix(b"\0").decode(_ENCODING, _ERRORS).split("\0")


_ENCODING, _ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()


def environment(data: bytes) -> dict[str, str]:
    """``NAME=value`` texts as a dict."""
    pairs = (text.partition("=") for text in strings(data))
    return {name: value for name, equals, value in pairs if equals and name}
