"""A process on Linux: the methods made of the facts, signals, identity, errors."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, ClassVar

from sysutils.core._errors import AccessDenied, NoSuchProcess, ZombieProcess
from sysutils.core._ntuples import pconn, pthread, smapping
from sysutils.core._process import getter, reads
from sysutils.core.linux import (
    alone,
    facts,
    membership,
    pid_files,
    procfs,
    results,
    scheduling,
    usage,
)
from sysutils.core.linux.host import CLOCK_TICKS, known_boot_time
from sysutils.core.linux.ntuples import (
    pfullmem,
    pionice,
    pmem,
    pmmap_ext,
    pmmap_grouped,
)
from sysutils.core.linux.pid_files import PidFiles
from sysutils.core.posix import wait
from sysutils.core.posix.process import PosixProcess

if TYPE_CHECKING:
    from typing import Literal, overload

    from sysutils.core._ntuples import MaybeNone

pids = procfs.pids
open_process = pid_files.of_process
look = pid_files.look
wait_any = wait.wait_any


def pid_exists(pid: int) -> bool:
    """Whether ``pid`` is a process; the id of a thread that is not its process's first is none."""
    root = procfs.root()
    try:
        if root == b"/proc":
            os.kill(pid, 0)  # most that do not exist are not known there either
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    try:
        status = procfs.read_record(b"%s/%d/status" % (root, pid), 4096)
    except OSError:
        return False
    tgid = pid_files.status_value(status, b"\nTgid:")
    return pid in pids() if tgid is None else tgid == b"%d" % pid


def start_ticks(files: PidFiles) -> int:
    """What tells a process from a later one with the same pid, whatever the clock does."""
    return int(files.stat[pid_files.STARTTIME])


def moment(ticks: int) -> float:
    """The time, in seconds since the epoch, of ``start_ticks``."""
    return ticks / CLOCK_TICKS + known_boot_time()


def _connections(files: PidFiles, kind: str = "inet") -> list[pconn]:
    from sysutils.core._sockets import protocols_of  # only who asks for sockets pays for them
    from sysutils.core.linux import sockets

    protocols_of(kind)  # before anything is read
    return sockets.connections_of(files.pid, files.links, kind)


class Process(PosixProcess[PidFiles]):
    """What Linux tells of a process, and does to it."""

    def _open(self) -> PidFiles:
        return PidFiles(self._pid, b"%s/%d/" % (procfs.root(), self._pid), self._pid)

    def _error(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError):
            return AccessDenied(self._pid, self._name)
        if isinstance(error, (ProcessLookupError, FileNotFoundError)):
            files = self._open()
            if not pid_files.still_there(files):
                return NoSuchProcess(self._pid, self._name)
            if facts.state(files) == "Z":
                return ZombieProcess(self._pid, self._name or facts.comm(files), facts.ppid(files))
            if isinstance(error, ProcessLookupError):
                return AccessDenied(self._pid, self._name)
        return error

    comm = getter(facts.comm, alone.comm)
    state = getter(facts.state)
    status = getter(results.status)
    create_time = getter(facts.create_time)
    cmdline = getter(facts.cmdline)
    args = getter(facts.args)
    argv = getter(facts.argv)
    cpu_times = getter(results.cpu_times)
    memory_info = getter(results.memory_info)
    resident = getter(facts.resident)
    uids = getter(results.uids)
    gids = getter(results.gids)
    euid = getter(facts.euid)
    egid = getter(facts.egid)
    fsuid = getter(facts.fsuid)
    fsgid = getter(facts.fsgid)
    groups = getter(facts.groups)
    username = getter(facts.username)
    terminal = getter(facts.terminal)
    num_threads = getter(facts.num_threads, alone.num_threads)
    num_ctx_switches = getter(results.num_ctx_switches)
    tgid = getter(facts.tgid)
    pgrp = getter(facts.pgrp)
    session = getter(facts.session)
    tty_nr = getter(facts.tty_nr)
    tpgid = getter(facts.tpgid)
    flags = getter(facts.flags)
    minflt = getter(facts.minflt)
    cminflt = getter(facts.cminflt)
    majflt = getter(facts.majflt)
    cmajflt = getter(facts.cmajflt)
    utime = getter(facts.utime)
    stime = getter(facts.stime)
    cutime = getter(facts.cutime)
    cstime = getter(facts.cstime)
    priority = getter(facts.priority)
    starttime = getter(facts.starttime)
    vsize = getter(facts.vsize)
    processor = getter(facts.processor)
    exit_signal = getter(facts.exit_signal)
    rt_priority = getter(facts.rt_priority)
    policy = getter(facts.policy)
    startcode = getter(facts.startcode)
    endcode = getter(facts.endcode)
    startstack = getter(facts.startstack)
    kstkesp = getter(facts.kstkesp)
    kstkeip = getter(facts.kstkeip)
    vmlck = getter(facts.vmlck)
    vmdata = getter(facts.vmdata)
    vmstk = getter(facts.vmstk)
    vmexe = getter(facts.vmexe)
    vmlib = getter(facts.vmlib)
    vmswap = getter(facts.vmswap)
    sigpnd = getter(facts.sigpnd)
    shdpnd = getter(facts.shdpnd)
    sigblk = getter(facts.sigblk)
    sigign = getter(facts.sigign)
    sigcgt = getter(facts.sigcgt)
    wchan = getter(facts.wchan)
    exe = getter(facts.exe)
    cwd = getter(facts.cwd)
    environ = getter(facts.environ)
    cpu_num = getter(facts.processor)
    memory_full_info = getter(usage.memory_full_info)
    memory_footprint = getter(usage.memory_footprint)
    memory_info_ex = getter(usage.memory_info_ex)
    page_faults = getter(usage.page_faults)
    io_counters = getter(usage.io_counters)
    num_fds = getter(usage.num_fds)
    open_files = getter(usage.open_files)
    cgroup = getter(facts.cgroup)
    cancelled_write_bytes = getter(facts.cancelled_write_bytes)
    env_args = getter(facts.env_args)
    exe_link = getter(facts.exe_link)
    oom_score = getter(facts.oom_score)
    oom_score_adj = getter(facts.oom_score_adj)
    tty_name = getter(facts.tty_name)
    vmrss = getter(facts.vmrss)
    autogroup = getter(membership.autogroup)
    security_label = getter(membership.security_label)
    root_directory = getter(membership.root_directory)
    cgroup_namespace = getter(membership.cgroup_namespace)
    ipc_namespace = getter(membership.ipc_namespace)
    mnt_namespace = getter(membership.mnt_namespace)
    net_namespace = getter(membership.net_namespace)
    pid_namespace = getter(membership.pid_namespace)
    time_namespace = getter(membership.time_namespace)
    user_namespace = getter(membership.user_namespace)
    uts_namespace = getter(membership.uts_namespace)
    numa_node = getter(membership.numa_node)
    unit = getter(membership.unit)
    slice_name = getter(membership.slice_name)
    login_session = getter(membership.login_session)
    owner_uid = getter(membership.owner_uid)
    user_unit = getter(membership.user_unit)
    loginuid = getter(facts.loginuid)

    def threads(self) -> list[pthread]:
        """``[(id, user_time, system_time), …]`` in seconds, ascending by id (``/proc/PID/task``)."""
        rows = []
        try:
            # most processes have one thread, with their own id
            one = alone.thread_count(self._open()) == 1
            for tid in [self._pid] if one else procfs.tids(self._pid):
                files = pid_files.of_thread(self._pid, tid)
                try:
                    user, system = facts.utime(files), facts.stime(files)
                except (FileNotFoundError, ProcessLookupError):
                    continue  # the thread ended meanwhile
                rows.append(pthread(tid, user / CLOCK_TICKS, system / CLOCK_TICKS))
        except OSError as error:
            raise self._error(error) from error
        if not rows:
            raise NoSuchProcess(self._pid, self._name)
        return rows

    if TYPE_CHECKING:

        @overload
        def memory_maps(self, grouped: Literal[True] = True) -> list[pmmap_grouped]: ...
        @overload
        def memory_maps(self, grouped: Literal[False]) -> list[pmmap_ext]: ...
        @overload
        def memory_maps(self, grouped: bool) -> list[pmmap_grouped] | list[pmmap_ext]: ...

    @reads(usage.memory_maps_grouped)
    def memory_maps(self, grouped: bool = True) -> list[pmmap_grouped] | list[pmmap_ext]:
        """The mapped memory by path, or with ``grouped=False`` each mapping (``/proc/PID/smaps``).

        Needs the owner's rights."""
        records = self._records or self._open()
        try:
            if grouped:
                return usage.memory_maps_grouped(records)
            return usage.memory_maps_ext(records)
        except OSError as error:
            raise self._error(error) from error

    def mappings(self, figures: Collection[str] | None = ()) -> list[smapping]:
        """Each mapping in the order of addresses, ``[]`` for zombies and kernel threads. (Extension.)

        ``figures`` are those wanted of ``/proc/PID/smaps``, such as ``{"Rss", "VmFlags"}``, None for all;
        without any, only ``/proc/PID/maps`` is read. Needs the owner's rights."""
        try:
            return usage.mappings(self._records or self._open(), figures)
        except OSError as error:
            raise self._error(error) from error

    @reads(_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets of the process: ``[(fd, family, type, laddr, raddr, status), …]``; ``kind`` as in the
        function ``net_connections``. Needs the owner's rights."""
        try:
            return _connections(self._records or self._open(), kind)
        except OSError as error:
            raise self._error(error) from error

    if TYPE_CHECKING:

        @overload
        def ionice(self, ioclass: None = None, value: None = None) -> pionice: ...
        @overload
        def ionice(self, ioclass: int, value: int | None = None) -> None: ...
        @overload
        def ionice(
            self, ioclass: int | None = None, value: int | None = None
        ) -> "pionice | MaybeNone": ...

    @reads(scheduling.ionice)
    def ionice(self, ioclass: int | None = None, value: int | None = None) -> pionice | None:
        """``(ioclass, value)`` of the I/O priority, or sets it (ioprio_get(2), ioprio_set(2)).

        Raises ValueError for a level without a class, or out of 0 to 7."""
        if ioclass is None and value is not None:
            raise ValueError("'ioclass' argument must be specified")
        try:
            if ioclass is None:
                return scheduling.ioprio_get(self._pid)
            self._raise_if_pid_reused()
            scheduling.ioprio_set(self._pid, ioclass, value)
        except OSError as error:
            raise self._error(error) from error
        return None

    if TYPE_CHECKING:

        @overload
        def cpu_affinity(self, cpus: None = None) -> list[int]: ...
        @overload
        def cpu_affinity(self, cpus: Collection[int]) -> None: ...

    @reads(scheduling.cpu_affinity)
    def cpu_affinity(self, cpus: Collection[int] | None = None) -> list[int] | None:
        """The CPUs the process may run on, or ties it to ``cpus``; ``[]`` is all of its cpuset.

        Raises ValueError for a CPU that is not there (sched_setaffinity(2))."""
        try:
            if cpus is None:
                return scheduling.affinity(self._pid)
            self._raise_if_pid_reused()
            scheduling.set_affinity(self._pid, cpus)
        except (ValueError, OverflowError) as error:
            raise self._bad_cpus(cpus or (), error) from error
        except OSError as error:
            if error.errno == errno.EINVAL:
                raise self._bad_cpus(cpus or (), error) from error
            raise self._error(error) from error
        return None

    def _bad_cpus(self, cpus: Collection[int], error: Exception) -> Exception:
        everything = range(os.cpu_count() or 1)
        for cpu in cpus:
            if cpu not in everything:
                return ValueError(f"invalid CPU {cpu!r}; choose between {list(everything)!r}")
        return ValueError(f"CPUs {list(cpus)!r} are not eligible ({error})")

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
        """``(soft, hard)`` of a resource limit RLIMIT_*, or sets it (prlimit(2)).

        Raises ValueError for an unknown resource or limits that are no pair."""
        if self._pid == 0:
            raise ValueError("can't use prlimit() against PID 0 process")
        try:
            if limits is None:
                return scheduling.limits(self._pid, resource)
            self._raise_if_pid_reused()
            if len(limits) != 2:
                raise ValueError(f"second argument must be a (soft, hard) tuple, got {limits!r}")
            scheduling.set_limits(self._pid, resource, limits)
        except OSError as error:
            if error.errno == errno.ENOSYS and self.state() == "Z":
                raise ZombieProcess(self._pid, self._name) from error
            raise self._error(error) from error
        return None

    #: field -> the cheapest method that tells it
    _memory_fields: ClassVar = dict.fromkeys(pfullmem._fields, "memory_full_info") | dict.fromkeys(
        pmem._fields, "memory_info"
    )

    def _send(self, number: int, same: Callable[[], bool]) -> None:
        """Signals the process by a descriptor of it, so that a later owner of the pid is never hit."""
        if TYPE_CHECKING and sys.platform != "linux":
            raise NotImplementedError
        pidfd_open: Any = getattr(os, "pidfd_open", None)
        try:
            descriptor = pidfd_open(self._pid) if pidfd_open else -1
        except OSError as error:
            if isinstance(error, ProcessLookupError):
                raise NoSuchProcess(self._pid, self._name) from error
            descriptor = -1  # no pidfds on this kernel, or no more descriptors
        try:
            if not same():
                raise NoSuchProcess(
                    self._pid,
                    self._name,
                    "process no longer exists and its PID has been reused",
                )
            if descriptor >= 0:
                signal.pidfd_send_signal(descriptor, number)
            else:
                os.kill(self._pid, number)
        except OSError as error:
            raise self._error(error) from error
        finally:
            if descriptor >= 0:
                os.close(descriptor)
