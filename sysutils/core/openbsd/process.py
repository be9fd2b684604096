"""A process on OpenBSD: the methods made of the facts."""

from typing import ClassVar

from sysutils.core._ntuples import pconn
from sysutils.core._process import getter, reads
from sysutils.core.bsd.info import Records
from sysutils.core.bsd.process import BsdProcess
from sysutils.core.openbsd import facts, host, kinfo
from sysutils.core.posix import wait

open_process = kinfo.records
look = kinfo.look
pid_exists = kinfo.exists
wait_any = wait.wait_any


def pids() -> list[int]:
    """The ids of all processes; the kernel does not list 0, which is there."""
    found = kinfo.pids()
    return found if 0 in found or not pid_exists(0) else [0, *found]


def start_ticks(records: Records) -> int | None:
    """Microseconds from boot to the start, which no setting of the clock changes.

    None for a zombie, of which the kernel has forgotten it."""
    start = records.info.start
    return start - host.boot_microseconds() if start else None


def moment(ticks: int) -> float:
    """The time, in seconds since the epoch, of ``start_ticks``."""
    return (ticks + host.boot_microseconds()) / 1e6


def _connections(pid: int, kind: str) -> list[pconn]:
    from sysutils.core.openbsd import net  # only who asks for sockets pays for them

    return net.process_connections(pid, kind)


def _inet_connections(records: Records) -> list[pconn]:
    return _connections(records.pid, "inet")


class Process(BsdProcess):
    """What OpenBSD tells of a process, and does to it."""

    _zombies: ClassVar = facts.ZOMBIES

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
    open_files = getter(facts.open_files)

    @reads(_inet_connections)
    def net_connections(self, kind: str = "inet") -> list[pconn]:
        """Sockets of the process: ``[(fd, family, type, laddr, raddr, status), …]``."""
        try:
            kinfo.read(self._pid)
            return _connections(self._pid, kind)
        except OSError as error:
            raise self._error(error) from error
