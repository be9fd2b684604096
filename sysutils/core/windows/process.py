"""A process on Windows: the methods made of the facts, and what is done to it."""

import ctypes
import signal
from collections.abc import Callable, Collection
from operator import index
from typing import TYPE_CHECKING, Any, ClassVar

from sysutils.core._errors import AccessDenied, NoSuchProcess
from sysutils.core._ntuples import pconn
from sysutils.core._process import BaseProcess, getter, reads
from sysutils.core.windows import (
    clock,
    errors,
    facts,
    handle,
    open_files,
    records,
    results,
    scheduling,
    snapshot,
    usage,
    wait,
)
from sysutils.core.windows.errors import declare
from sysutils.core.windows.ntuples import pfullmem, pmem, pmmap_ext, pmmap_grouped
from sysutils.core.windows.records import ProcessRecords

if TYPE_CHECKING:
    from typing import Literal, overload

pids = snapshot.pids
pid_exists = handle.pid_exists
open_process = records.open_process
look = records.look
wait_any = wait.wait_any

#: signal.CTRL_C_EVENT and CTRL_BREAK_EVENT, which other systems' Pythons lack
_CTRL_C, _CTRL_BREAK = 0, 1

_suspend = declare("ntdll", "NtSuspendProcess", ctypes.c_uint32, ctypes.c_void_p)
_resume = declare("ntdll", "NtResumeProcess", ctypes.c_uint32, ctypes.c_void_p)
_terminate = declare(
    "kernel32", "TerminateProcess", ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint32
)
_ctrl_event = declare(
    "kernel32", "GenerateConsoleCtrlEvent", ctypes.c_int32, ctypes.c_uint32, ctypes.c_uint32
)


def start_ticks(records: ProcessRecords) -> int:
    """What tells a process from a later one with the same pid: its start in 100 ns since 1601; 0 for the
    idle process, which not every Windows lists."""
    if records.pid == 0:
        return 0
    return int(records.times[0])


def moment(ticks: int) -> float:
    """The time, in seconds since the epoch, of ``start_ticks``."""
    return clock.epoch_seconds(ticks) if ticks else clock.known_boot_time()


def _connections(pid: int, kind: str) -> list[pconn]:
    from sysutils.core.windows import sockets  # only who asks for sockets pays for them

    found = sockets.process_connections(pid, kind)
    if not found and not pid_exists(pid):
        raise errors.no_such_process()
    return found


def _inet_connections(records: ProcessRecords) -> list[pconn]:
    """``net_connections()`` of the process."""
    return _connections(records.pid, "inet")


class Process(BaseProcess[ProcessRecords]):
    """What Windows tells of a process, and does to it."""

    def _open(self) -> ProcessRecords:
        return records.open_process(self._pid)

    def _shown_start(self) -> float | None:
        ticks = self._ident[1]
        return None if ticks is None else moment(ticks)

    def _error(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError):
            return AccessDenied(self._pid, self._name)
        if isinstance(error, ProcessLookupError) or not pid_exists(self._pid):
            return NoSuchProcess(self._pid, self._name)
        return error

    #: the name last seen, for error messages about a process that is gone
    _name: str | None = None

    comm = getter(facts.comm)
    create_time = getter(facts.create_time)
    exe = getter(facts.exe)
    cmdline = getter(facts.cmdline)
    args = getter(facts.args)
    cwd = getter(facts.cwd)
    environ = getter(facts.environ)
    username = getter(facts.username)
    status = getter(results.status)
    cpu_times = getter(results.cpu_times)
    memory_info = getter(results.memory_info)
    memory_info_ex = getter(results.memory_info_ex)
    memory_full_info = getter(usage.memory_full_info)
    memory_footprint = getter(usage.memory_footprint)
    page_faults = getter(results.page_faults)
    io_counters = getter(results.io_counters)
    num_threads = getter(facts.num_threads)
    num_handles = getter(facts.num_handles)
    num_ctx_switches = getter(results.num_ctx_switches)
    threads = getter(results.threads)
    open_files = getter(open_files.open_files)

    if TYPE_CHECKING:

        @overload
        def memory_maps(self, grouped: Literal[True] = True) -> list[pmmap_grouped]: ...
        @overload
        def memory_maps(self, grouped: Literal[False]) -> list[pmmap_ext]: ...
        @overload
        def memory_maps(self, grouped: bool) -> list[pmmap_grouped] | list[pmmap_ext]: ...

    @reads(usage.memory_maps_grouped)
    def memory_maps(self, grouped: bool = True) -> list[pmmap_grouped] | list[pmmap_ext]:
        """The mapped files, or with ``grouped=False`` each mapping of one (VirtualQueryEx)."""
        try:
            if grouped:
                return usage.memory_maps_grouped(self._open())
            return usage.memory_maps_ext(self._open())
        except OSError as error:
            raise self._error(error) from error

    @reads(_inet_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets of the process: ``[(fd, family, type, laddr, raddr, status), …]``, ``fd`` -1; ``kind`` as
        in the function ``net_connections``."""
        try:
            return _connections(self._pid, kind)
        except OSError as error:
            raise self._error(error) from error

    if TYPE_CHECKING:

        @overload
        def ionice(self, ioclass: None = None, value: None = None) -> int: ...
        @overload
        def ionice(self, ioclass: int, value: int | None = None) -> None: ...

    @reads(scheduling.ionice)
    def ionice(self, ioclass: int | None = None, value: int | None = None) -> int | None:
        """The I/O priority, one of IOPRIO_VERYLOW, IOPRIO_LOW, IOPRIO_NORMAL, IOPRIO_HIGH, or sets it.

        Raises ValueError for another one, TypeError for a ``value``, which Linux alone has."""
        if ioclass is None and value is not None:
            raise ValueError("'ioclass' argument must be specified")
        try:
            if ioclass is None:
                found: int = scheduling.ionice(self._open())
                return found
            self._raise_if_pid_reused()
            if value:
                raise TypeError("value argument not accepted on Windows")
            if ioclass not in {0, 1, 2, 3}:
                raise ValueError(f"{ioclass} is not a valid priority")
            scheduling.change_io_priority(self._pid, ioclass)
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
        """The CPUs the process may run on, or ties it to ``cpus``; ``[]`` is all there are.

        Raises ValueError for a CPU that is not there, TypeError for what is no number."""
        try:
            if cpus is None:
                return scheduling.affinity(self._pid)
            self._raise_if_pid_reused()
            _check_cpus(cpus)
            scheduling.set_affinity(self._pid, cpus)
        except OSError as error:
            raise self._error(error) from error
        return None

    #: field -> the cheapest method that tells it
    _memory_fields: ClassVar = dict.fromkeys(pfullmem._fields, "memory_full_info") | dict.fromkeys(
        pmem._fields, "memory_info"
    )

    def _get_nice(self) -> int:
        try:
            found: int = scheduling.priority_class(self._pid)
        except OSError as error:
            raise self._error(error) from error
        return found

    def _set_nice(self, value: int) -> None:
        try:
            scheduling.set_priority_class(self._pid, index(value))
        except OSError as error:
            raise self._error(error) from error

    def _wait(self, timeout: float | None, reap: Callable[[int], Any]) -> int | None:
        del reap  # Windows keeps an exit code as long as anybody asks for it
        try:
            return wait.wait_pid(self._pid, timeout)
        except PermissionError as error:
            raise self._error(error) from error

    @staticmethod
    def _reap(pid: int) -> tuple[bool, int | None]:
        return not pid_exists(pid), None

    def suspend(self) -> None:
        """Suspends all threads of the process."""
        self._do(handle.SUSPEND_RESUME, _suspended)

    def resume(self) -> None:
        """Lets all threads of the process go on."""
        self._do(handle.SUSPEND_RESUME, _resumed)

    def terminate(self) -> None:
        """``kill()``: Windows has no way to ask a process to end."""
        self._do(handle.TERMINATE, _terminated)

    def kill(self) -> None:
        """Ends the process at once, with exit code 15 (TerminateProcess)."""
        self._do(handle.TERMINATE, _terminated)

    def _do(self, access: int, act: Callable[[int], None]) -> None:
        self._raise_if_pid_reused()
        try:
            handle.ask(self._pid, access, act)
        except OSError as error:
            raise self._error(error) from error

    def _send(self, number: int, same: Callable[[], bool]) -> None:
        """SIGTERM ends the process; CTRL_C_EVENT and CTRL_BREAK_EVENT go to its console group."""
        if number == signal.SIGTERM:
            self._do(handle.TERMINATE, _terminated)
            return
        if not same() or not self.is_running():
            raise NoSuchProcess(self._pid, self._name)
        if number not in {_CTRL_C, _CTRL_BREAK}:
            raise ValueError(
                "only SIGTERM, CTRL_C_EVENT and CTRL_BREAK_EVENT signals are supported on Windows"
            )
        try:
            interrupt(self._pid, pause=number == _CTRL_BREAK)
        except OSError as error:
            raise self._error(error) from error

    if TYPE_CHECKING:

        def is_running(self) -> bool: ...


def terminate(pid: int) -> None:
    """Ends a process. Raises OSError."""
    handle.ask(pid, handle.TERMINATE, _terminated)


def interrupt(pid: int, *, pause: bool) -> None:
    """Ctrl-C, or with ``pause`` Ctrl-Break, for the console group of a process. Raises OSError."""
    if not _ctrl_event(_CTRL_BREAK if pause else _CTRL_C, pid):
        raise errors.last("GenerateConsoleCtrlEvent")


def _check_cpus(cpus: Collection[int]) -> None:
    from sysutils.core.windows import cpu

    everything = range(cpu.cpu_count_logical() or 1)
    for number in cpus:
        if number not in everything:
            if not isinstance(number, int):
                raise TypeError(f"invalid CPU {number!r}; an integer is required")
            raise ValueError(f"invalid CPU {number!r}")


def _suspended(process: int) -> None:
    status = _suspend(process)
    if status & 0x80000000:
        raise errors.of_status(status, "NtSuspendProcess")


def _resumed(process: int) -> None:
    status = _resume(process)
    if status & 0x80000000:
        raise errors.of_status(status, "NtResumeProcess")


def _terminated(process: int) -> None:
    if not _terminate(process, signal.SIGTERM) and (
        handle.exit_code(process) == handle.STILL_ACTIVE  # else it was ending anyway
    ):
        raise errors.last("TerminateProcess")
