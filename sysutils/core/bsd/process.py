"""A process on the BSDs: the methods that all of them have."""

from collections.abc import Callable
from typing import Any, ClassVar

from sysutils.core._errors import AccessDenied, NoSuchProcess, ZombieProcess
from sysutils.core._ntuples import pthread
from sysutils.core._process import getter
from sysutils.core.bsd import facts
from sysutils.core.bsd.info import ProcessInfo, Records
from sysutils.core.bsd.ntuples import pmem
from sysutils.core.posix.process import PosixProcess


class BsdProcess(PosixProcess[Records]):
    """What the BSDs tell of a process, and do to it. A system's own class adds what differs."""

    #: the kernel's number of a process that has ended
    _zombies: ClassVar[frozenset[int]]

    def _error(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError):
            return AccessDenied(self._pid, self._name)
        if not isinstance(error, (ProcessLookupError, FileNotFoundError)):
            return error
        try:
            info = self._open().info
        except PermissionError:
            return AccessDenied(self._pid, self._name)
        except OSError:
            return NoSuchProcess(self._pid, self._name)
        if info.stat in self._zombies:
            return ZombieProcess(self._pid, self._name or info.comm, info.ppid)
        return AccessDenied(self._pid, self._name)

    comm = getter(facts.comm)
    tgid = getter(facts.tgid)
    pgrp = getter(facts.pgrp)
    session = getter(facts.session)
    tpgid = getter(facts.tpgid)
    tty_nr = getter(facts.tty_nr)
    create_time = getter(facts.create_time)
    uids = getter(facts.uids)
    gids = getter(facts.gids)
    groups = getter(facts.groups)
    username = getter(facts.username)
    cpu_times = getter(facts.cpu_times)
    memory_info = getter(facts.memory_info)
    memory_full_info = getter(facts.memory_info)
    num_ctx_switches = getter(facts.num_ctx_switches)
    io_counters = getter(facts.io_counters)
    priority = getter(facts.priority)
    flags = getter(facts.flags)
    wchan = getter(facts.wchan)

    @staticmethod
    def _threads(pid: int) -> list[ProcessInfo]:
        """The system's threads of a process. Raises OSError."""
        raise NotImplementedError

    @staticmethod
    def _thread_times(info: ProcessInfo) -> tuple[int, int]:
        """User and system time of a thread in microseconds."""
        return info.utime, info.stime

    def threads(self) -> list[pthread]:
        """``[(id, user_time, system_time), …]`` in seconds, ascending by id.

        On NetBSD both times are all that a thread has used."""
        try:
            found = self._threads(self._pid)
        except OSError as error:
            raise self._error(error) from error
        return [
            pthread(info.tid, *(time / 1e6 for time in self._thread_times(info))) for info in found
        ]

    _memory_fields: ClassVar = dict.fromkeys(pmem._fields, "memory_info")

    _open: Callable[[], Any]
