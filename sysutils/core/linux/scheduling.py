"""Scheduling of a process: I/O priority, CPU affinity, resource limits. System calls."""

import os
import sys
from collections.abc import Callable, Iterable
from functools import cache, partial
from operator import index
from typing import TYPE_CHECKING, Any

from sysutils.core._enums import ProcessIOPriority
from sysutils.core.linux.ntuples import pionice
from sysutils.core.linux.pid_files import PidFiles

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


#: machine -> numbers of ioprio_set(2) and ioprio_get(2); the rest have the generic ones
_IOPRIO = {
    "x86_64": (251, 252), "i386": (289, 290), "i686": (289, 290), "ppc": (273, 274), "ppc64": (273, 274),
    "ppc64le": (273, 274), "s390": (282, 283), "s390x": (282, 283), "sparc64": (196, 218),
    "arm": (314, 315), "armv6l": (314, 315), "armv7l": (314, 315), "armv8l": (314, 315),
    "alpha": (442, 443), "mips": (4314, 4315), "mips64": (5273, 5274),
}  # fmt: skip
_GENERIC = (30, 31)
_WHO_PROCESS = 1
_CLASS_SHIFT = 13
_LEVELS = (1 << _CLASS_SHIFT) - 1
_CLASSES: dict[int, ProcessIOPriority] = {int(known): known for known in ProcessIOPriority}


def _numbers() -> tuple[int, int]:
    machine = os.uname().machine
    if machine == "x86_64" and sys.maxsize < 1 << 32:
        machine = "i686"  # a 32-bit program on a 64-bit kernel
    return _IOPRIO.get(machine, _GENERIC)


@cache
def _calls() -> tuple[Callable[..., int], Callable[..., int], Callable[[], OSError]]:
    """ioprio_set(2) and ioprio_get(2), which have no function in the C library, and the error of one that
    gave less than 0."""
    import ctypes

    # neither of them waits; PyPy has CDLL alone
    library = getattr(ctypes, "PyDLL", ctypes.CDLL)(None, use_errno=True)

    def bind(number: int, arguments: int) -> Callable[..., int]:
        syscall = library["syscall"]  # a function object of its own
        syscall.restype = ctypes.c_long
        syscall.argtypes = [ctypes.c_long] * (1 + arguments)
        return partial(syscall, ctypes.c_long(number))  # what is converted once need not be again

    def failed() -> OSError:
        code = ctypes.get_errno()
        return OSError(code, os.strerror(code))

    change, ask = _numbers()
    return bind(change, 3), bind(ask, 2), failed


def io_priority(kind: int, who: int) -> int:
    """I/O priority of a process (``kind`` 1), process group (2) or user (3), as ioprio_get(2) has it: the
    class above 13 bits of priority in it. Raises OSError."""
    _, ask, failed = _calls()
    value = ask(kind, who)
    if value < 0:
        raise failed()
    return value


def set_io_priority(kind: int, who: int, value: int) -> None:
    """Sets what ``io_priority`` tells (ioprio_set(2)); ``value`` is not checked. Raises OSError."""
    change, _, failed = _calls()
    if change(kind, who, value) < 0:
        raise failed()


def ioprio_get(pid: int) -> pionice:
    """I/O class and level of a process. Raises OSError."""
    value = io_priority(_WHO_PROCESS, pid)
    number = value >> _CLASS_SHIFT
    return tuple.__new__(pionice, (_CLASSES.get(number, number), value & _LEVELS))


def ioprio_set(pid: int, ioclass: int, value: int | None) -> None:
    """Sets I/O class and level. Raises ValueError for a level that can't be, OSError."""
    level = value or 0
    if level and ioclass in {
        ProcessIOPriority.IOPRIO_CLASS_IDLE,
        ProcessIOPriority.IOPRIO_CLASS_NONE,
    }:
        raise ValueError(f"{ioclass!r} ioclass accepts no value")
    if not 0 <= level <= 7:
        raise ValueError("value not in 0-7 range")
    set_io_priority(_WHO_PROCESS, pid, (int(ioclass) << _CLASS_SHIFT) | level)


@cache
def _prlimit() -> Callable[..., Any]:
    """prlimit(2), loaded by who asks for limits."""
    import resource

    return resource.prlimit


def limits(pid: int, which: int) -> tuple[int, int]:
    """``(soft, hard)`` of a resource limit. Raises OSError, ValueError for an unknown one."""
    found = _prlimit()(pid, which)
    if isinstance(found, ValueError):
        raise found  # PyPy's gives back what it should raise
    pair: tuple[int, int] = found
    return pair


def set_limits(pid: int, which: int, pair: tuple[int, int]) -> None:
    """Sets a resource limit. Raises OSError, ValueError."""
    _prlimit()(pid, which, pair)


def affinity(pid: int) -> list[int]:
    """The CPUs a process may run on. Raises OSError."""
    return sorted(os.sched_getaffinity(pid))


def set_affinity(pid: int, cpus: Iterable[int]) -> None:
    """Ties a process to CPUs; with none named, to all that its cpuset has. Raises OSError, ValueError."""
    wanted = {index(cpu) for cpu in cpus}
    os.sched_setaffinity(pid, wanted or range(os.sysconf("SC_NPROCESSORS_CONF")))


def ionice(files: PidFiles) -> pionice:
    """``(ioclass, value)`` of the I/O priority (ioprio_get(2))."""
    return ioprio_get(files.pid)


def cpu_affinity(files: PidFiles) -> list[int]:
    """The CPUs the process may run on (sched_getaffinity(2))."""
    return affinity(files.pid)
