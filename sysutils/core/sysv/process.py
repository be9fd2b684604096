"""A process on SunOS and AIX: its methods that both have, and how the errors of its files are told."""

import errno
from typing import ClassVar

from sysutils.core._errors import AccessDenied, NoSuchProcess, ZombieProcess
from sysutils.core._process import getter
from sysutils.core.posix.process import PosixProcess
from sysutils.core.sysv import facts, procfs
from sysutils.core.sysv.info import Records
from sysutils.core.sysv.ntuples import pmem


def start_ticks(records: Records) -> int:
    """When it was started, in microseconds since the epoch, which no setting of the clock changes."""
    return records.info.start


def moment(ticks: int) -> float:
    """The time, in seconds since the epoch, of ``start_ticks``."""
    return ticks / 1e6


class SysvProcess(PosixProcess[Records]):
    """What both have. A system's own class adds the facts."""

    _memory_fields: ClassVar = dict.fromkeys(pmem._fields, "memory_info")

    #: the system's
    _open_records: ClassVar[type[Records]]

    comm = getter(facts.comm)
    tgid = getter(facts.tgid)
    pgrp = getter(facts.pgrp)
    session = getter(facts.session)
    tty_nr = getter(facts.tty_nr)
    create_time = getter(facts.create_time)
    uids = getter(facts.uids)
    gids = getter(facts.gids)
    username = getter(facts.username)
    memory_info = getter(facts.memory_info)
    memory_full_info = getter(facts.memory_info)
    num_threads = getter(facts.num_threads)
    num_fds = getter(facts.num_fds)
    priority = getter(facts.priority)
    flags = getter(facts.flags)
    cmdline = getter(facts.cmdline)
    environ = getter(facts.environ)

    def _open(self) -> Records:
        return self._open_records(self._pid)

    def _error(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError):
            return AccessDenied(self._pid, self._name)
        if error.errno == errno.EOVERFLOW:  # a process of 64 bits, which one of 32 may not read
            return AccessDenied(self._pid, self._name, error.strerror)
        if not isinstance(error, (ProcessLookupError, FileNotFoundError)):
            return error
        if procfs.exists(self._pid):  # only psinfo is left
            return ZombieProcess(self._pid, self._name)
        return NoSuchProcess(self._pid, self._name)
