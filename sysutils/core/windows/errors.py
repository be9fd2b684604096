"""Errors of Windows as Python's exceptions, and calls that raise them."""

import ctypes
import errno
import os
from collections.abc import Callable
from typing import Any

from sysutils.core import _native

FILE_NOT_FOUND = 2
ACCESS_DENIED = 5
INVALID_HANDLE = 6
GEN_FAILURE = 31
INVALID_PARAMETER = 87
INSUFFICIENT_BUFFER = 122
MORE_DATA = 234
PARTIAL_COPY = 299
NOACCESS = 998
NOT_FOUND = 1168
PRIVILEGE_NOT_HELD = 1314
NONE_MAPPED = 1332

#: NTSTATUS of calls whose buffer is too small
INFO_LENGTH_MISMATCH = 0xC0000004
BUFFER_TOO_SMALL = 0xC0000023
BUFFER_OVERFLOW = 0x80000005
INVALID_INFO_CLASS = 0xC0000003
STATUS_INVALID_PARAMETER = 0xC000000D
INVALID_CID = 0xC000000B

#: where Python knows no error numbers of Windows: those that have a class of their own there
_ERRNOS = {
    FILE_NOT_FOUND: errno.ENOENT, 3: errno.ENOENT, ACCESS_DENIED: errno.EACCES, 53: errno.ENOENT,
    PRIVILEGE_NOT_HELD: errno.EACCES, INVALID_HANDLE: errno.EBADF,
}  # fmt: skip


def of_code(code: int, what: str = "") -> OSError:
    """The exception for an error number of GetLastError, with the name of the call that failed."""
    if hasattr(ctypes, "FormatError"):
        if code == PRIVILEGE_NOT_HELD:  # Python's table takes it for EINVAL
            return PermissionError(errno.EACCES, f"{ctypes.FormatError(code)} ({what})", None, code)
        return OSError(None, f"{ctypes.FormatError(code)} ({what})", None, code)
    number = _ERRNOS.get(code, errno.EINVAL)
    error = OSError(number, f"Windows error {code} ({what})")
    error.winerror = code  # type: ignore[attr-defined,unused-ignore]
    return error


def code_of(error: OSError) -> int | None:
    """The error number of Windows that an exception was made for."""
    return getattr(error, "winerror", None)


def last(what: str) -> OSError:
    """The exception for the error that the last call of this thread left."""
    return of_code(_native.last_error(), what)


def of_status(status: int, what: str) -> OSError:
    """The exception for an NTSTATUS."""
    return of_code(_to_dos_error(status & 0xFFFFFFFF), what)


def no_such_process() -> ProcessLookupError:
    """The exception for a process that is gone."""
    return ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))


def declare(home: str, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of a library, which is loaded at the first call."""

    def call(*values: Any) -> Any:
        return _native.function(home, name, result, *arguments)(*values)

    return call


_to_dos_error = declare("ntdll", "RtlNtStatusToDosError", ctypes.c_uint32, ctypes.c_uint32)
