"""A process on macOS: the methods made of the facts, signals, identity, errors."""

import sys
from typing import TYPE_CHECKING, ClassVar

from sysutils.core._errors import AccessDenied, NoSuchProcess, ZombieProcess
from sysutils.core._ntuples import pconn
from sysutils.core._process import getter, reads
from sysutils.core.darwin import facts, pid_records, results, usage
from sysutils.core.darwin.ntuples import pfullmem, pmem
from sysutils.core.darwin.pid_records import PidRecords
from sysutils.core.posix import wait
from sysutils.core.posix.process import PosixProcess

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

pids = pid_records.pids
open_process = pid_records.of_process
look = pid_records.look
wait_any = wait.wait_any


def pid_exists(pid: int) -> bool:
    """Whether ``pid`` is a process (sysctl)."""
    return pid_records.still_there(pid_records.of_process(pid))


def start_ticks(records: PidRecords) -> int:
    """What tells a process from a later one with the same pid: its start in microseconds."""
    started = records.kinfo.kp_proc.p_starttime
    return started.tv_sec * 1_000_000 + started.tv_usec


def moment(ticks: int) -> float:
    """The time, in seconds since the epoch, of ``start_ticks``."""
    return ticks / 1e6


def _connections(records: PidRecords, kind: str) -> list[pconn]:
    from sysutils.core.darwin import sockets  # only who asks for sockets pays for them

    records.raise_if_zombie()
    return sockets.process_connections(records.tgid, kind)


def _inet_connections(records: PidRecords) -> list[pconn]:
    """``net_connections()`` of the process."""
    return _connections(records, "inet")


class Process(PosixProcess[PidRecords]):
    """What macOS tells of a process, and does to it."""

    def _open(self) -> PidRecords:
        return pid_records.of_process(self._pid)

    def _error(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError):
            return AccessDenied(self._pid, self._name)
        if isinstance(error, (ProcessLookupError, FileNotFoundError)):
            try:
                self._open().raise_if_zombie()
            except ZombieProcess as zombie:
                return zombie
            except OSError:
                return NoSuchProcess(self._pid, self._name)
            return AccessDenied(self._pid, self._name)  # it is there, and is not to be told of
        return error

    comm = getter(facts.comm)
    status = getter(results.status)
    create_time = getter(facts.create_time)
    cmdline = getter(facts.cmdline)
    environ = getter(facts.environ)
    exe = getter(facts.exe)
    cwd = getter(facts.cwd)
    uids = getter(results.uids)
    gids = getter(results.gids)
    username = getter(facts.username)
    terminal = getter(facts.terminal)
    cpu_times = getter(results.cpu_times)
    memory_info = getter(results.memory_info)
    memory_full_info = getter(usage.memory_full_info)
    memory_footprint = getter(usage.memory_footprint)
    memory_info_ex = getter(usage.memory_info_ex)
    page_faults = getter(results.page_faults)
    num_ctx_switches = getter(results.num_ctx_switches)
    num_threads = getter(facts.num_threads)
    num_fds = getter(facts.num_fds)
    threads = getter(usage.threads)
    open_files = getter(usage.open_files)
    state = getter(facts.state)
    pgrp = getter(facts.pgrp)
    session = getter(facts.session)
    groups = getter(facts.groups)
    tty_nr = getter(facts.tty_nr)
    tpgid = getter(facts.tpgid)

    @reads(_inet_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets of the process: ``[(fd, family, type, laddr, raddr, status), …]``; ``kind`` as in the
        function ``net_connections``. Needs the owner's rights."""
        try:
            return _connections(self._records or self._open(), kind)
        except OSError as error:
            raise self._error(error) from error

    #: field -> the cheapest method that tells it
    _memory_fields: ClassVar = dict.fromkeys(pfullmem._fields, "memory_full_info") | dict.fromkeys(
        pmem._fields, "memory_info"
    )
