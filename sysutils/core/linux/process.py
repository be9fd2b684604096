"""A process on Linux: the methods made of the facts, signals, identity, errors."""

import os
import signal
from collections.abc import Callable
from typing import Any

from sysutils.core._errors import AccessDenied, NoSuchProcess, ZombieProcess
from sysutils.core._ntuples import pthread
from sysutils.core._process import BaseProcess, getter
from sysutils.core.linux import facts, pid_files, procfs
from sysutils.core.linux.host import CLOCK_TICKS
from sysutils.core.linux.pid_files import PidFiles

pids = procfs.pids
open_process = pid_files.of_process
open_thread = pid_files.of_thread
tids = procfs.tids


def pid_exists(pid: int) -> bool:
    """Whether ``pid`` is a process; the id of a thread that is not its process's first is none."""
    try:
        status = procfs.read(b"%s/%d/status" % (procfs.root(), pid), 4096)
    except OSError:
        return False
    return pid_files.status_value(status, b"\nTgid:") == b"%d" % pid


def start_ticks(files: PidFiles) -> int:
    """What tells a process from a later one with the same pid, whatever the clock does."""
    return int(files.stat[pid_files.STARTTIME])


def still_there(files: PidFiles) -> bool:
    """Whether the process (or thread) behind ``files`` still has an entry in /proc."""
    return procfs.exists(files.base + b"stat")


class Process(BaseProcess[PidFiles]):
    """What Linux tells of a process, and does to it."""

    def _open(self) -> PidFiles:
        return pid_files.of_process(self._pid)

    def _error(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError):
            return AccessDenied(self._pid, self._known_name)
        if isinstance(error, (ProcessLookupError, FileNotFoundError)):
            files = self._open()
            if not still_there(files):
                return NoSuchProcess(self._pid, self._known_name)
            if facts.state(files) == "Z":
                return ZombieProcess(self._pid, self._known_name, facts.ppid(files))
            if isinstance(error, ProcessLookupError):
                return AccessDenied(self._pid, self._known_name)
        return error

    #: the name last seen, for error messages about a process that is gone
    _known_name: str | None = None

    comm = getter(facts.comm)
    state = getter(facts.state)
    status = getter(facts.status)
    create_time = getter(facts.create_time)
    cmdline = getter(facts.cmdline)
    args = getter(facts.args)
    cpu_times = getter(facts.cpu_times)
    memory_info = getter(facts.memory_info)
    resident = getter(facts.resident)
    uids = getter(facts.uids)
    gids = getter(facts.gids)
    euid = getter(facts.euid)
    egid = getter(facts.egid)
    fsuid = getter(facts.fsuid)
    fsgid = getter(facts.fsgid)
    groups = getter(facts.groups)
    username = getter(facts.username)
    terminal = getter(facts.terminal)
    num_threads = getter(facts.num_threads)
    num_ctx_switches = getter(facts.num_ctx_switches)
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
    cgroup = getter(facts.cgroup)
    loginuid = getter(facts.loginuid)

    def threads(self) -> list[pthread]:
        """``[(id, user_time, system_time), …]`` in seconds, ascending by id (``/proc/PID/task``)."""
        rows = []
        try:
            for tid in procfs.tids(self._pid):
                files = pid_files.of_thread(self._pid, tid)
                try:
                    user, system = facts.utime(files), facts.stime(files)
                except (FileNotFoundError, ProcessLookupError):
                    continue  # the thread ended meanwhile
                rows.append(pthread(tid, user / CLOCK_TICKS, system / CLOCK_TICKS))
        except OSError as error:
            raise self._error(error) from error
        if not rows:
            raise NoSuchProcess(self._pid, self._known_name)
        return rows

    def _send(self, number: int, same: Callable[[], bool]) -> None:
        """Signals the process by a descriptor of it, so that a later owner of the pid is never hit."""
        pidfd_open: Any = getattr(os, "pidfd_open", None)
        try:
            descriptor = pidfd_open(self._pid) if pidfd_open else -1
        except OSError as error:
            if isinstance(error, ProcessLookupError):
                raise NoSuchProcess(self._pid, self._known_name) from error
            descriptor = -1  # no pidfds on this kernel, or no more descriptors
        try:
            if not same():
                raise NoSuchProcess(
                    self._pid,
                    self._known_name,
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

    def _get_nice(self) -> int:
        try:
            return os.getpriority(os.PRIO_PROCESS, self._pid)
        except OSError as error:
            raise self._error(error) from error

    def _set_nice(self, value: int) -> None:
        try:
            os.setpriority(os.PRIO_PROCESS, self._pid, value)
        except OSError as error:
            raise self._error(error) from error
