"""What ``/proc/PID/psinfo`` tells of a process, by names and units of our own."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    from typing import Literal


class ProcessInfo(NamedTuple):
    """One process, or with ``tid`` one of its threads. Times in microseconds, sizes in bytes."""

    pid: int
    tid: int
    ppid: int
    pgid: int
    sid: int
    ruid: int
    euid: int
    rgid: int
    egid: int
    #: device number of the controlling terminal, None without one
    tdev: int | None
    #: the kernel's number of the state, and its letter
    stat: int
    letter: str
    comm: str
    #: the beginning of the command line
    psargs: str
    #: when it was started, since the epoch
    start: int
    #: CPU time, user and kernel together
    time: int
    rss: int
    vms: int
    nice: int
    priority: int
    num_threads: int
    cpu: int
    flags: int
    wchan: int
    argc: int
    #: addresses, in the memory of the process, of its arguments and its environment
    argv: int
    envp: int
    #: bytes of a pointer in its memory; 0 where another file tells that
    width: int


class Records:
    """The files of one process, each read at its first use and then kept."""

    __slots__ = ("_kept", "pid", "process", "tid")

    process: Any
    #: of the numbers in its memory
    byteorder: "ClassVar[Literal['big', 'little']]" = sys.byteorder

    def __init__(self, pid: int, tid: int = 0) -> None:
        #: of a thread its own id
        self.pid = tid or pid
        self.tid = tid
        self._kept: dict[Any, Any] = {"owner": pid}

    @property
    def owner(self) -> int:
        """Id of the process, of a thread too."""
        pid: int = self._kept["owner"]
        return pid

    def part(self, read: Callable[["Records"], Any]) -> Any:
        """What ``read`` makes of this process. Raises OSError."""
        found = self._kept.get(read)
        if found is None:
            found = self._kept[read] = read(self)
        return found

    def read_info(self) -> ProcessInfo:
        """What ``psinfo`` tells, as the system has it. Raises OSError."""
        raise NotImplementedError

    def read_credentials(self) -> Any:
        """``cred``, as the system has it. Raises OSError."""
        raise NotImplementedError

    @property
    def info(self) -> ProcessInfo:
        """What ``psinfo`` tells, with that of the thread. Raises OSError."""
        found: ProcessInfo = self.part(type(self).read_info)
        return found

    @property
    def width(self) -> int:
        """Bytes of a pointer in its memory. Raises OSError."""
        return self.info.width

    @property
    def credentials(self) -> Any:
        """``cred``, which the owner may read. Raises OSError."""
        return self.part(type(self).read_credentials)


class Usage(NamedTuple):
    """What a process, or a thread, has used: times in microseconds, and counts."""

    utime: int
    stime: int
    minflt: int
    majflt: int
    voluntary: int
    involuntary: int
