"""The I/O policy of this process (getiopolicy_np(3)), in the numbers that Linux has for I/O priorities."""

import ctypes
import errno
import os

from sysutils.core import _native

IOPOL_TYPE_DISK, IOPOL_SCOPE_PROCESS = 0, 0
IOPOL_DEFAULT, IOPOL_IMPORTANT, IOPOL_PASSIVE, IOPOL_THROTTLE = 0, 1, 2, 3
IOPOL_UTILITY, IOPOL_STANDARD = 4, 5
_PROCESS = 1
_CLASS_SHIFT = 13
_NONE, _BEST_EFFORT, _IDLE = 0, 2, 3
#: policy -> class and priority in it; a passive one waits as the standard one does
_TOLD = {
    IOPOL_DEFAULT: (_NONE, 0), IOPOL_IMPORTANT: (_BEST_EFFORT, 0), IOPOL_STANDARD: (_BEST_EFFORT, 4),
    IOPOL_PASSIVE: (_BEST_EFFORT, 4), IOPOL_UTILITY: (_BEST_EFFORT, 7), IOPOL_THROTTLE: (_IDLE, 7),
}  # fmt: skip
_OTHERS = "macOS tells and sets the I/O policy of a program itself alone, not of other processes"


def _own(kind: int, who: int) -> None:
    if kind != _PROCESS or who not in {0, os.getpid()}:
        raise NotImplementedError(_OTHERS)


def io_priority(kind: int, who: int) -> int:
    """I/O priority of this process (``kind`` 1, ``who`` 0 or its pid), as Linux' ioprio_get(2) has it: the
    class above 13 bits of priority in it (getiopolicy_np(3)). Raises OSError; NotImplementedError for another
    process, of which the system does not tell. (Extension.)"""
    _own(kind, who)
    ask = _native.function("c", "getiopolicy_np", ctypes.c_int, ctypes.c_int, ctypes.c_int)
    policy = ask(IOPOL_TYPE_DISK, IOPOL_SCOPE_PROCESS)
    if policy < 0:
        raise _native.os_error(_native.last_error())
    ioclass, level = _TOLD.get(policy, (_NONE, 0))
    return ioclass << _CLASS_SHIFT | level


def policy_of(value: int) -> int:
    """The policy for what ``io_priority`` tells. Raises OSError: none comes before all others."""
    ioclass, level = value >> _CLASS_SHIFT, value & (1 << _CLASS_SHIFT) - 1
    if ioclass == _NONE:
        return IOPOL_DEFAULT
    if ioclass == _IDLE:
        return IOPOL_THROTTLE
    if ioclass != _BEST_EFFORT or level > 7:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return IOPOL_IMPORTANT if level < 4 else IOPOL_STANDARD if level == 4 else IOPOL_UTILITY


def set_io_priority(kind: int, who: int, value: int) -> None:
    """Sets what ``io_priority`` tells, for this process and those that it starts (setiopolicy_np(3)).

    Raises OSError; NotImplementedError for another process. (Extension.)"""
    _own(kind, who)
    change = _native.function(
        "c", "setiopolicy_np", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int
    )
    if change(IOPOL_TYPE_DISK, IOPOL_SCOPE_PROCESS, policy_of(value)) != 0:
        raise _native.os_error(_native.last_error())
