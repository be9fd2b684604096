"""Priority class, I/O priority and CPUs of a process."""

import ctypes
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
