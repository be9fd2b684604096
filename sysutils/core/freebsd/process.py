"""A process on FreeBSD: the methods made of the facts, affinity, limits."""

import ctypes
import errno
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from sysutils.core import _native
from sysutils.core._ntuples import pconn
from sysutils.core._process import getter, reads
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.info import Records
from sysutils.core.bsd.ntuples import pmmap_ext, pmmap_grouped
from sysutils.core.bsd.process import BsdProcess
from sysutils.core.freebsd import cpu, facts, files, host, kinfo, layout, maps
from sysutils.core.posix import wait

if TYPE_CHECKING:
    from typing import Literal, overload

    from sysutils.core._ntuples import MaybeNone

pids = kinfo.pids
open_process = kinfo.records
look = kinfo.look
pid_exists = kinfo.exists
wait_any = wait.wait_any
_LEVEL_WHICH, _WHICH_PID = 3, 2  # CPU_LEVEL_WHICH, CPU_WHICH_PID of sys/cpuset.h
_WORD = ctypes.sizeof(ctypes.c_ulong) * 8
_MASK = ctypes.c_ulong * (1024 // _WORD)  # words, so that big-endian machines number CPUs alike


def start_ticks(records: Records) -> int:
    """Microseconds from boot to the start, which no setting of the clock changes."""
    return records.info.start - host.boot_microseconds()


def moment(ticks: int) -> float:
    """The time, in seconds since the epoch, of ``start_ticks``."""
    return (ticks + host.boot_microseconds()) / 1e6


def _connections(pid: int, kind: str) -> list[pconn]:
    from sysutils.core.freebsd import net  # only who asks for sockets pays for them

    return net.process_connections(pid, kind)


def _inet_connections(records: Records) -> list[pconn]:
    return _connections(records.pid, "inet")


def affinity(pid: int) -> list[int]:
    """The CPUs a process may run on (cpuset_getaffinity(2)). Raises OSError."""
    mask = _MASK()
    _cpuset("cpuset_getaffinity", pid, mask)
    return [place for place in range(1024) if mask[place // _WORD] >> place % _WORD & 1]


def cpu_affinity(records: Records) -> list[int]:
    """The CPUs the process may run on."""
    return affinity(records.pid)


def _cpuset(name: str, pid: int, mask: Any) -> None:
    call = _native.function(
        "c", name, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_size_t,
        ctypes.c_void_p,
    )  # fmt: skip
    if call(_LEVEL_WHICH, _WHICH_PID, pid, ctypes.sizeof(mask), ctypes.byref(mask)) != 0:
        raise _native.os_error(_native.last_error())


class Process(BsdProcess):
    """What FreeBSD tells of a process, and does to it."""

    _zombies: ClassVar = frozenset({layout.SZOMB})

    _threads = staticmethod(kinfo.threads)

    def _open(self) -> Records:
        return kinfo.records(self._pid)

    status = getter(facts.status)
    state = getter(facts.state)
    cmdline = getter(facts.cmdline)
    environ = getter(facts.environ)
    exe = getter(facts.exe)
    cwd = getter(facts.cwd)
    terminal = getter(facts.terminal)
    num_threads = getter(facts.num_threads)
    num_fds = getter(facts.num_fds)
    cpu_num = getter(facts.processor)
    processor = getter(facts.processor)
    open_files = getter(files.open_files)

    if TYPE_CHECKING:

        @overload
        def memory_maps(self, grouped: Literal[True] = True) -> list[pmmap_grouped]: ...
        @overload
        def memory_maps(self, grouped: Literal[False]) -> list[pmmap_ext]: ...
        @overload
        def memory_maps(self, grouped: bool) -> list[pmmap_grouped] | list[pmmap_ext]: ...

    @reads(maps.memory_maps_grouped)
    def memory_maps(self, grouped: bool = True) -> list[pmmap_grouped] | list[pmmap_ext]:
        """The mapped memory by path, or with ``grouped=False`` each mapping (``kern.proc.vmmap``).

        Needs the owner's rights."""
        records = self._records or self._open()
        try:
            if grouped:
                return maps.memory_maps_grouped(records)
            return maps.memory_maps_ext(records)
        except OSError as error:
            raise self._error(error) from error

    @reads(_inet_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets of the process: ``[(fd, family, type, laddr, raddr, status), …]``.

        Needs the owner's rights."""
        try:
            return _connections(self._pid, kind)
        except OSError as error:
            raise self._error(error) from error

    if TYPE_CHECKING:

        @overload
        def cpu_affinity(self, cpus: None = None) -> list[int]: ...
        @overload
        def cpu_affinity(self, cpus: Collection[int]) -> None: ...

    @reads(cpu_affinity)
    def cpu_affinity(self, cpus: Collection[int] | None = None) -> list[int] | None:
        """The CPUs the process may run on, or ties it to ``cpus``; ``[]`` is all of them.

        Raises ValueError for a CPU that is not there (cpuset_setaffinity(2))."""
        try:
            if cpus is None:
                return affinity(self._pid)
            self._raise_if_pid_reused()
            _cpuset("cpuset_setaffinity", self._pid, _mask_of(cpus))
        except OSError as error:
            if cpus is not None and error.errno in {errno.EINVAL, errno.EDEADLK}:
                raise ValueError(f"CPUs {list(cpus)!r} are not eligible ({error})") from error
            raise self._error(error) from error
        return None

    if TYPE_CHECKING:

        @overload
        def rlimit(self, resource: int, limits: None = None) -> tuple[int, int]: ...
        @overload
        def rlimit(self, resource: int, limits: tuple[int, int]) -> None: ...
        @overload
        def rlimit(
            self, resource: int, limits: tuple[int, int] | None = None
        ) -> "tuple[int, int] | MaybeNone": ...

    def rlimit(
        self, resource: int, limits: tuple[int, int] | None = None
    ) -> tuple[int, int] | None:
        """``(soft, hard)`` of a resource limit RLIMIT_*, or sets it (``kern.proc.rlimit``).

        Raises ValueError for limits that are no pair."""
        place = (
            layout.CTL_KERN,
            layout.KERN_PROC,
            layout.KERN_PROC_RLIMIT,
            self._pid,
            int(resource),
        )
        try:
            if limits is None:
                found = sysctl.structure(place, layout.rlimit)
                return found.rlim_cur, found.rlim_max
            self._raise_if_pid_reused()
            if len(limits) != 2:
                raise ValueError(f"second argument must be a (soft, hard) tuple, got {limits!r}")
            sysctl.write(place, layout.rlimit(*limits))
        except OSError as error:
            raise self._error(error) from error
        return None


def _mask_of(cpus: Collection[int]) -> Any:
    count = cpu.cpu_count_logical() or 1
    mask = _MASK()
    for number in cpus or range(count):
        if number not in range(count):
            raise ValueError(f"invalid CPU {number!r}; choose between {list(range(count))!r}")
        mask[number // _WORD] |= 1 << number % _WORD
    return mask
