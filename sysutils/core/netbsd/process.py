"""A process on NetBSD: the methods made of the facts."""

from typing import ClassVar

from sysutils.core._ntuples import pconn
from sysutils.core._process import getter, reads
from sysutils.core.bsd.info import ProcessInfo, Records
from sysutils.core.bsd.process import BsdProcess
from sysutils.core.netbsd import facts, host, kinfo, layout
from sysutils.core.posix import wait

pids = kinfo.pids
pid_exists = kinfo.exists
open_process = kinfo.records
look = kinfo.look
wait_any = wait.wait_any
moment = facts.moment


def start_ticks(records: Records) -> int | None:
    """Microseconds from the epoch to the start, by the clock as it was then: no later setting changes it.

    None for a zombie, of which the kernel has forgotten it."""
    host.clock_set()  # from now on it is known how far
    return records.info.start or None


def _connections(pid: int, kind: str) -> list[pconn]:
    from sysutils.core.netbsd import net  # only who asks for sockets pays for them

    return net.process_connections(pid, kind)


def _inet_connections(records: Records) -> list[pconn]:
    return _connections(records.pid, "inet")


class Process(BsdProcess):
    """What NetBSD tells of a process, and does to it."""

    _zombies: ClassVar = frozenset({layout.LSZOMB})

    _threads = staticmethod(kinfo.threads)

    def _open(self) -> Records:
        return kinfo.records(self._pid)

    @staticmethod
    def _thread_times(info: ProcessInfo) -> tuple[int, int]:
        return info.utime, info.utime

    status = getter(facts.status)
    state = getter(facts.state)
    create_time = getter(facts.create_time)
    cmdline = getter(facts.cmdline)
    environ = getter(facts.environ)
    exe = getter(facts.exe)
    cwd = getter(facts.cwd)
    terminal = getter(facts.terminal)
    num_threads = getter(facts.num_threads)
    num_fds = getter(facts.num_fds)
    open_files = getter(facts.open_files)

    @reads(_inet_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets of the process: ``[(fd, family, type, laddr, raddr, status), …]``."""
        try:
            kinfo.read(self._pid)
            return _connections(self._pid, kind)
        except OSError as error:
            raise self._error(error) from error
