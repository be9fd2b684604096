"""The records of one process: each is read at its first use, and then kept."""

import ctypes
import errno
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from sysutils.core._errors import ZombieProcess
from sysutils.core.bsd import sysctl
from sysutils.core.darwin import kinfo, libproc
from sysutils.core.darwin.kinfo import CTL_KERN, SZOMB, kinfo_proc

KERN_ARGMAX, KERN_PROCARGS2 = 8, 49


class PidRecords:
    """A process, or one of its threads.

    Reading raises ProcessLookupError, PermissionError for what is another user's, ZombieProcess."""

    #: the object that reads, where that is one
    process: Any = None

    def __init__(self, pid: int, thread: int | None = None) -> None:
        self.pid = pid if thread is None else thread
        self.tgid = pid
        #: which of the process's threads, None for the process
        self.thread = thread

    @cached_property
    def kinfo(self) -> kinfo_proc:
        """What everybody may know (sysctl ``kern.proc.pid``)."""
        return kinfo.of(self.tgid)

    @cached_property
    def taskinfo(self) -> libproc.proc_taskinfo:
        """Memory and times (``proc_pidinfo``)."""
        return self._told(
            lambda: libproc.info(self.tgid, libproc.PROC_PIDTASKINFO, libproc.proc_taskinfo)
        )

    @cached_property
    def threadinfo(self) -> libproc.proc_threadinfo:
        """The thread (``proc_pidinfo``)."""
        handle = self.thread
        if handle is None or handle == self.tgid:
            handle = next(iter(thread_handles(self.tgid)), 0)
        return libproc.info(self.tgid, libproc.PROC_PIDTHREADINFO, libproc.proc_threadinfo, handle)

    @cached_property
    def rusage(self) -> libproc.rusage_info_v4:
        """What it used (``proc_pid_rusage``)."""
        return self._told(lambda: libproc.rusage(self.tgid))

    @cached_property
    def directories(self) -> libproc.proc_vnodepathinfo:
        """Its working directory and root (``proc_pidinfo``)."""
        flavor = libproc.PROC_PIDVNODEPATHINFO
        return self._told(lambda: libproc.info(self.tgid, flavor, libproc.proc_vnodepathinfo))

    @cached_property
    def path(self) -> bytes:
        """Its program (``proc_pidpath``)."""
        return self._told(lambda: libproc.path(self.tgid))

    @cached_property
    def arguments(self) -> tuple[list[bytes], list[bytes]]:
        """Arguments and environment (sysctl ``kern.procargs2``)."""
        if self.tgid == 0:
            return [], []  # the kernel itself
        mib = (CTL_KERN, KERN_PROCARGS2, self.tgid)
        try:
            return parse_arguments(sysctl.read(mib, argument_room()))
        except OSError as error:
            self.raise_if_zombie()
            if error.errno in {
                errno.EINVAL,
                errno.EIO,
            }:  # so the kernel says that it may not be told
                raise PermissionError(errno.EPERM, os.strerror(errno.EPERM)) from error
            raise

    def raise_if_zombie(self) -> None:
        """Raises ZombieProcess of a zombie, ProcessLookupError of none at all."""
        found = kinfo.of(self.tgid)
        if found.kp_proc.p_stat == SZOMB:
            name = libproc.text(found.kp_proc.p_comm)
            raise ZombieProcess(self.tgid, name, found.kp_eproc.e_ppid)

    def _told(self, read: Callable[[], Any]) -> Any:
        """What a function of libproc tells; of zombies it says that they are no processes."""
        try:
            return read()
        except OSError as error:
            if error.errno in {errno.ESRCH, errno.ENOENT, errno.EINVAL}:
                self.raise_if_zombie()
                if error.errno == errno.ESRCH:  # it is there, and is not to be told of
                    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM)) from error
            raise


_room = 0


def argument_room() -> int:
    """The longest arguments and environment that there may be, in bytes (sysctl ``kern.argmax``)."""
    global _room  # noqa: PLW0603
    if not _room:
        _room = sysctl.number_of((CTL_KERN, KERN_ARGMAX))
    return _room


def parse_arguments(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """Arguments and environment of ``kern.procargs2``: the number of arguments, the program's path, NULs,
    then one after the other, each with a NUL. What is cut off is left out."""
    size = ctypes.sizeof(ctypes.c_int)
    if len(data) < size:
        return [], []
    count = int.from_bytes(data[:size], sys.byteorder, signed=True)
    after_path = data.find(b"\0", size)
    if count < 0 or after_path < 0:
        return [], []
    words = data[after_path:].lstrip(b"\0").split(b"\0")
    environment = []
    for entry in words[count:]:
        if not entry:
            break  # what follows is the kernel's own
        environment.append(entry)
    return words[:count], environment


def of_process(pid: int) -> PidRecords:
    """The records of a process; nothing is read yet."""
    return PidRecords(pid)


def of_thread(pid: int, number: int) -> PidRecords:
    """The records of a thread by the number that ``threads`` tells."""
    return PidRecords(pid, number)


def tids(pid: int) -> Iterable[int]:
    """What ``of_thread`` knows the threads of a process by: the first by the pid, the others by what the
    kernel names them by, which other processes may have too. Raises OSError."""
    return [pid, *thread_handles(pid)[1:]]


def thread_handles(pid: int) -> Sequence[int]:
    """The kernel's names of a process's threads. Raises OSError."""
    return libproc.listed(pid, libproc.PROC_PIDLISTTHREADS, ctypes.c_uint64)


def look() -> tuple[Iterable[int], Callable[[int], PidRecords]]:
    """One look at all processes: their pids, ascending, and what opens the records of each."""
    found = {one.kp_proc.p_pid: one for one in kinfo.every()}
    if 0 not in found:
        _add_kernel(found)

    def open_process(pid: int) -> PidRecords:
        records = PidRecords(pid)
        seen = found.get(pid)
        if seen is not None:
            records.kinfo = seen
        return records

    return sorted(found), open_process


def _add_kernel(found: dict[int, kinfo_proc]) -> None:
    """kernel_task, which some versions leave out of the list."""
    try:
        found[0] = kinfo.of(0)
    except OSError:
        return


def pids() -> list[int]:
    """The ids of all processes, ascending."""
    return list(look()[0])


def still_there(records: PidRecords) -> bool:
    """Whether there is a process of that pid."""
    try:
        kinfo.of(records.tgid)
    except OSError:
        return False
    return True
