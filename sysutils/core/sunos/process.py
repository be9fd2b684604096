"""A process on SunOS: the methods made of the facts."""

from typing import TYPE_CHECKING

from sysutils.core._errors import AccessDenied
from sysutils.core._ntuples import pconn, pthread
from sysutils.core._process import getter, reads
from sysutils.core.posix import wait
from sysutils.core.sunos import facts, files
from sysutils.core.sysv import process as sysv
from sysutils.core.sysv import procfs
from sysutils.core.sysv.info import Records
from sysutils.core.sysv.ntuples import pmmap_ext, pmmap_grouped

if TYPE_CHECKING:
    from typing import Literal, overload

open_process = files.Records
look = files.look
pids = procfs.pids
pid_exists = procfs.exists
wait_any = wait.wait_any
start_ticks, moment = sysv.start_ticks, sysv.moment
#: processes of the kernel whose priority nobody may set, however setpriority(2) puts it
_KERNEL = {2, 3}


def _connections(pid: int, kind: str) -> list[pconn]:
    from sysutils.core.sunos import sockets  # only who asks for sockets pays for them

    return sockets.process_connections(pid, kind)


def _inet_connections(records: Records) -> list[pconn]:
    """``net_connections()`` of the process."""
    return _connections(records.owner, "inet")


class Process(sysv.SysvProcess):
    """What SunOS tells of a process, and does to it."""

    _open_records = files.Records

    status = getter(facts.status)
    state = getter(facts.state)
    cpu_times = getter(facts.cpu_times)
    cpu_num = getter(facts.cpu_num)
    num_ctx_switches = getter(facts.num_ctx_switches)
    exe = getter(facts.exe)
    cwd = getter(facts.cwd)
    terminal = getter(facts.terminal)
    open_files = getter(facts.open_files)

    @reads(_inet_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets that the process made: ``[(fd, family, type, laddr, raddr, status), …]``; ``fd`` is -1
        but for UNIX sockets. ``kind`` as in the function ``net_connections``."""
        try:
            found = _connections(self._pid, kind)
            if not found:
                facts.status(self._open())  # raises for a process that is gone
        except OSError as error:
            raise self._error(error) from error
        return found

    def _get_nice(self) -> int:
        try:
            return facts.nice(self._records or self._open())
        except OSError as error:
            raise self._error(error) from error

    def _set_nice(self, value: int) -> None:
        if self._pid in _KERNEL:
            raise AccessDenied(self._pid, self._name)
        super()._set_nice(value)

    def threads(self) -> list[pthread]:
        """``[(id, user_time, system_time), …]`` in seconds, ascending by id (``lwp/TID/lwpusage``)."""
        rows = []
        try:
            for tid in files.threads(self._pid):
                try:
                    used = files.usage(files.Records(self._pid, tid))
                except (FileNotFoundError, ProcessLookupError):
                    continue  # ended meanwhile
                rows.append(pthread(tid, used.utime / 1e6, used.stime / 1e6))
        except OSError as error:
            raise self._error(error) from error
        return rows

    if TYPE_CHECKING:

        @overload
        def memory_maps(self, grouped: Literal[True] = True) -> list[pmmap_grouped]: ...
        @overload
        def memory_maps(self, grouped: Literal[False]) -> list[pmmap_ext]: ...
        @overload
        def memory_maps(self, grouped: bool) -> list[pmmap_grouped] | list[pmmap_ext]: ...

    @reads(facts.memory_maps_grouped)
    def memory_maps(self, grouped: bool = True) -> list[pmmap_grouped] | list[pmmap_ext]:
        """The mapped memory by path, or with ``grouped=False`` each mapping (``xmap``).

        Needs the owner's rights."""
        records = self._records or self._open()
        try:
            if grouped:
                return facts.memory_maps_grouped(records)
            return facts.memory_maps_ext(records)
        except OSError as error:
            raise self._error(error) from error
