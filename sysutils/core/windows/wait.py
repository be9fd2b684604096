"""Waiting for processes to end, by their handles."""

import ctypes
from collections.abc import Iterable
from time import monotonic

from sysutils.core.windows import errors, handle
from sysutils.core.windows.errors import declare

u32, i32, pointer = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p
_TIMED_OUT, _FAILED = 258, 0xFFFFFFFF
#: of handles that one call waits for
_MOST = 64
#: seconds of one call: Ctrl-C is heard between two
_SLICE = 0.5

_open = declare("kernel32", "OpenProcess", pointer, u32, i32, u32)
_wait_for = declare("kernel32", "WaitForSingleObject", u32, pointer, u32)
_wait_for_any = declare("kernel32", "WaitForMultipleObjects", u32, u32, pointer, i32, u32)


def _waiting(pid: int) -> int | None:
    """A handle to wait with, None for a process that is gone. Raises PermissionError.

    One that has ended is there while somebody has a handle of it."""
    found: int | None = _open(handle.SYNCHRONIZE | handle.QUERY_LIMITED_INFORMATION, 0, pid)
    if not found:
        error = errors.last("OpenProcess")
        if errors.code_of(error) == errors.INVALID_PARAMETER:
            return None
        raise error
    return found


def _milliseconds(end: float | None) -> int:
    left = _SLICE if end is None else min(_SLICE, end - monotonic())
    return max(0, -int(-left * 1000 // 1))


def wait_pid(pid: int, timeout: float | None = None) -> int | None:
    """Waits until a process has ended; its exit code, None if it was gone before. Raises TimeoutError."""
    end = None if timeout is None else monotonic() + timeout
    process = _waiting(pid)
    if process is None:
        return None
    try:
        while True:
            answer = _wait_for(process, _milliseconds(end))
            if answer == 0:
                return handle.exit_code(process)
            if answer == _FAILED:
                raise errors.last("WaitForSingleObject")
            if end is not None and monotonic() >= end:
                raise TimeoutError
    finally:
        handle.close(process)


def wait_any(pids: Iterable[int], timeout: float | None = None) -> set[int]:
    """The pids of those processes that have ended, after at least one has or the time is over."""
    processes: dict[int, int] = {}
    ended: set[int] = set()
    try:
        for pid in pids:
            process = _waiting(pid)
            if process is None:
                ended.add(pid)
            else:
                processes[pid] = process
        end = None if timeout is None else monotonic() + timeout
        handles = list(processes.values())
        groups = [handles[at : at + _MOST] for at in range(0, len(handles), _MOST)]
        while not ended and groups:
            for group in groups:
                _wait_group(group, _milliseconds(end) // len(groups))
            ended |= {pid for pid, process in processes.items() if _wait_for(process, 0) == 0}
            if end is not None and monotonic() >= end:
                break
    finally:
        for process in processes.values():
            handle.close(process)
    return ended


def _wait_group(group: list[int], milliseconds: int) -> None:
    row = (pointer * len(group))(*group)
    if _wait_for_any(len(group), ctypes.addressof(row), 0, milliseconds) == _FAILED:
        raise errors.last("WaitForMultipleObjects")
