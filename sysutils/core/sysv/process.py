"""A process on SunOS and AIX: how the errors of its files are told."""

import errno
from typing import ClassVar

from sysutils.core._errors import AccessDenied, NoSuchProcess, ZombieProcess
from sysutils.core.posix.process import PosixProcess
from sysutils.core.sysv import procfs
from sysutils.core.sysv.info import Records
from sysutils.core.sysv.ntuples import pmem


class SysvProcess(PosixProcess[Records]):
    """What both have. A system's own class adds the facts."""

    _memory_fields: ClassVar = dict.fromkeys(pmem._fields, "memory_info")

    def _open(self) -> Records:
        return Records(self._pid)

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
