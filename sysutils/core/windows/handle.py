"""Handles of processes: opened for one question, closed after it."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sysutils.core.windows import errors
from sysutils.core.windows.errors import declare

u32, u64, pointer = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p

TERMINATE, VM_READ, DUP_HANDLE = 0x0001, 0x0010, 0x0040
SET_INFORMATION, QUERY_INFORMATION, SUSPEND_RESUME = 0x0200, 0x0400, 0x0800
QUERY_LIMITED_INFORMATION, SYNCHRONIZE = 0x1000, 0x100000
STILL_ACTIVE = 259

_open = declare("kernel32", "OpenProcess", pointer, u32, ctypes.c_int32, u32)
close = declare("kernel32", "CloseHandle", ctypes.c_int32, pointer)
_exit_code = declare("kernel32", "GetExitCodeProcess", ctypes.c_int32, pointer, pointer)
_query = declare("ntdll", "NtQueryInformationProcess", u32, pointer, u32, pointer, u32, pointer)


def open_handle(pid: int, access: int) -> int:
    """A handle of a process, to be closed. Raises ProcessLookupError, PermissionError.

    One that has ended is there as long as anybody has a handle of it; here it is gone."""
    if pid == 0:  # the idle process, which can't be opened
        raise errors.of_code(errors.ACCESS_DENIED, "OpenProcess")
    found: int | None = _open(access | QUERY_LIMITED_INFORMATION, 0, pid)
    if not found:
        error = errors.last("OpenProcess")
        if errors.code_of(error) == errors.INVALID_PARAMETER:
            raise errors.no_such_process()
        raise error
    if exit_code(found) != STILL_ACTIVE:
        close(found)
        raise errors.no_such_process()
    return found


def exit_code(handle: int) -> int | None:
    """Exit code of a process, STILL_ACTIVE while it runs; None where that may not be asked."""
    code = u32()
    if not _exit_code(handle, ctypes.addressof(code)):
        return None
    return code.value


def pid_exists(pid: int) -> bool:
    """Whether ``pid`` is a process."""
    if pid == 0:
        return True  # the idle process
    try:
        close(open_handle(pid, 0))
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def opened(pid: int, access: int = 0) -> Iterator[int]:
    """``with opened(pid, VM_READ) as handle:``; raises as ``open_handle``."""
    found = open_handle(pid, access)
    try:
        yield found
    finally:
        close(found)


def ask(pid: int, access: int, question: Callable[[int], Any]) -> Any:
    """What ``question`` tells of a handle."""
    with opened(pid, access) as found:
        return question(found)


def query(handle: int, kind: int, room: Any) -> Any:
    """``room``, filled by NtQueryInformationProcess. Raises OSError."""
    status = _query(handle, kind, ctypes.addressof(room), ctypes.sizeof(room), None)
    if status & 0x80000000:
        raise errors.of_status(status, "NtQueryInformationProcess")
    return room


def query_text(handle: int, kind: int) -> str:
    """A UNICODE_STRING that NtQueryInformationProcess tells, which grows meanwhile or not."""
    from sysutils.core.windows.snapshot import UNICODE_STRING

    size = 1024
    while True:
        room = ctypes.create_string_buffer(size)
        needed = u32()
        status = _query(handle, kind, room, size, ctypes.addressof(needed))
        if status not in {
            errors.INFO_LENGTH_MISMATCH, errors.BUFFER_TOO_SMALL, errors.BUFFER_OVERFLOW,
        }:  # fmt: skip
            break
        size = max(2 * size, needed.value)
    if status & 0x80000000:
        raise errors.of_status(status, "NtQueryInformationProcess")
    told = UNICODE_STRING.read(room)
    start = told.Buffer - ctypes.addressof(room) if told.Buffer else 0
    return room.raw[start : start + told.Length].decode("utf-16-le", "surrogatepass")
