"""Priority class, I/O priority and CPUs of a process."""

import ctypes
import errno
import os
from collections.abc import Collection
from typing import Any

from sysutils.core._enums import IOPriority, Priority
from sysutils.core.windows import errors, handle
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import POINTER_SIZE
from sysutils.core.windows.records import ProcessRecords

u32, i32, pointer = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p
_IO_PRIORITY = 33  # PROCESSINFOCLASS

_get_class = declare("kernel32", "GetPriorityClass", u32, pointer)
_set_class = declare("kernel32", "SetPriorityClass", i32, pointer, u32)
_get_mask = declare("kernel32", "GetProcessAffinityMask", i32, pointer, pointer, pointer)
_set_mask = declare("kernel32", "SetProcessAffinityMask", i32, pointer, ctypes.c_size_t)
_set_information = declare("ntdll", "NtSetInformationProcess", u32, pointer, u32, pointer, u32)


def priority_class(pid: int) -> Any:
    """The priority class: a member of ``Priority``. Raises OSError."""
    with handle.opened(pid) as process:
        found = _get_class(process)
        if not found:
            raise errors.last("GetPriorityClass")
    try:
        return Priority(found)
    except ValueError:
        return found


def set_priority_class(pid: int, value: int) -> None:
    """Sets it. Raises OSError."""
    with handle.opened(pid, handle.SET_INFORMATION) as process:
        if not _set_class(process, value):
            raise errors.last("SetPriorityClass")


def ionice(records: ProcessRecords) -> Any:
    """I/O priority: a member of ``IOPriority``."""
    with handle.opened(records.pid) as process:
        found = handle.query(process, _IO_PRIORITY, u32()).value
    try:
        return IOPriority(found)
    except ValueError:
        return found


def change_io_priority(pid: int, value: int) -> None:
    """Sets it; IOPRIO_HIGH takes a privilege. Raises OSError."""
    with handle.opened(pid, handle.SET_INFORMATION) as process:
        status = _set_information(process, _IO_PRIORITY, ctypes.addressof(u32(value)), 4)
        if status & 0x80000000:
            raise errors.of_status(status, "NtSetInformationProcess")


# --- the I/O priority as Linux' ioprio_get(2) tells it

_OF_PROCESS, _OF_GROUP, _OF_USER = 1, 2, 3
_CLASS_SHIFT = 13
_REALTIME, _BEST_EFFORT, _IDLE = 1, 2, 3
#: IO_PRIORITY_HINT
_VERY_LOW, _LOW, _NORMAL, _HIGH = range(4)
#: Windows' priority -> class and level that mean the same
_LEVELS = {
    _VERY_LOW: (_IDLE, 7), _LOW: (_BEST_EFFORT, 7), _NORMAL: (_BEST_EFFORT, 4), _HIGH: (_REALTIME, 4),
}  # fmt: skip


def io_class(records: ProcessRecords) -> tuple[int, int]:
    """``(ioclass, value)`` by Linux' numbers: very low is idle, low best-effort 7, normal best-effort 4,
    high realtime 4."""
    found = int(ionice(records))
    return _LEVELS.get(found, _LEVELS[_HIGH])


def windows_priority(value: int) -> int:
    """The I/O priority of Windows for a value of ioprio_set(2). Raises OSError (EINVAL) for no class."""
    ioclass, level = value >> _CLASS_SHIFT, value & ((1 << _CLASS_SHIFT) - 1)
    if ioclass == _IDLE:
        return _VERY_LOW
    if ioclass == _REALTIME:
        return _HIGH
    if ioclass not in {0, _BEST_EFFORT} or not 0 <= level <= 7:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    low = ioclass == _BEST_EFFORT and level > 4
    return _LOW if low else _NORMAL


def _processes(kind: int, who: int) -> list[int]:
    """The processes that ``io_priority`` means. Raises OSError, NotImplementedError for groups."""
    if kind == _OF_GROUP:
        raise NotImplementedError("process groups: not supported on Windows")
    if kind == _OF_PROCESS:
        return [who or os.getpid()]
    from sysutils.core.windows import identity, records

    pids, opened = records.look()
    found = []
    for pid in pids:
        try:
            if identity.euid(opened(pid)) == who:
                found.append(pid)
        except OSError:
            continue  # gone, or nobody we may ask about
    return found


def io_priority(kind: int, who: int) -> int:
    """I/O priority of a process (``kind`` 1), or the highest of a user's (3), with Linux' numbers: the class
    above 13 bits of the level (see ``io_class``). Raises OSError, NotImplementedError for groups.
    (Extension.)"""
    found = []
    for pid in _processes(kind, who):
        try:
            found.append(io_class(ProcessRecords(pid)))
        except OSError:
            if kind == _OF_PROCESS:
                raise
    if not found:
        raise errors.no_such_process()
    ioclass, level = min(found)
    return ioclass << _CLASS_SHIFT | level


def set_io_priority(kind: int, who: int, value: int) -> None:
    """Sets what ``io_priority`` tells; the nearest that Windows has. Realtime takes a privilege. Raises
    OSError, NotImplementedError for groups. (Extension.)"""
    wanted = windows_priority(value)
    pids = _processes(kind, who)
    for pid in pids:
        change_io_priority(pid, wanted)
    if not pids:
        raise errors.no_such_process()


def _masks(process: int) -> tuple[int, int]:
    """CPUs of the process, and of the system, as bits."""
    own, system = ctypes.c_size_t(), ctypes.c_size_t()
    if not _get_mask(process, ctypes.addressof(own), ctypes.addressof(system)):
        raise errors.last("GetProcessAffinityMask")
    return own.value, system.value


def cpus_of(mask: int) -> list[int]:
    """Numbers of the bits that are set."""
    return [cpu for cpu in range(8 * POINTER_SIZE) if mask >> cpu & 1]


def affinity(pid: int) -> list[int]:
    """The CPUs that a process may run on, of its group of at most 64. Raises OSError."""
    with handle.opened(pid) as process:
        return cpus_of(_masks(process)[0])


def cpu_affinity(records: ProcessRecords) -> list[int]:
    """The CPUs that the process may run on, of its group of at most 64."""
    return affinity(records.pid)


def set_affinity(pid: int, cpus: Collection[int]) -> None:
    """Ties a process to ``cpus``, without any to all that there are. Raises OSError."""
    with handle.opened(pid, handle.SET_INFORMATION | handle.QUERY_INFORMATION) as process:
        mask = sum(1 << cpu for cpu in set(cpus)) if cpus else _masks(process)[1]
        if not _set_mask(process, mask):
            raise errors.last("SetProcessAffinityMask")
