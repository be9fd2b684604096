"""Where C libraries come from, and libraries that a test puts in their place."""

from __future__ import annotations

import ctypes
import errno
import sys

import pytest

from sysutils.core import _native
from tests.support import elsewhere


class Library:
    """A C library with one function."""

    def twice(self, number: int, told: int) -> int:
        if number < 0:
            ctypes.set_errno(errno.EPERM)
            return -1
        ctypes.c_int.from_address(told).value = 2 * number
        return 0


def test_a_function_of_the_c_library() -> None:
    getpid = _native.function("c", "getpid", ctypes.c_int)
    assert getpid() == _native.function("c", "getpid", ctypes.c_int)() > 0
    assert _native.has_function("c", "getpid")
    assert not _native.has_function("c", "no_such_function")


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(OSError, match="no-such-library"):
        _native.library("no-such-library")
    with pytest.raises(AttributeError):
        _native.function("c", "no_such_function", ctypes.c_int)


def test_two_askers_may_type_a_function_differently() -> None:
    number = _native.function("c", "llabs", ctypes.c_longlong, ctypes.c_longlong)
    text = _native.function("c", "llabs", ctypes.c_int, ctypes.c_longlong)
    assert number(-(2**40)) == 2**40
    assert text(-5) == number(-5) == 5


def test_a_stand_in_is_called_as_c_would_call_it() -> None:
    with elsewhere.system("linux", made=Library()):
        native = sys.modules["sysutils.core._native"]
        assert native is not _native
        twice = native.function("made", "twice", ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
        told = ctypes.c_int()
        assert twice(21, ctypes.byref(told)) == 0
        assert told.value == 42
        assert twice(-1, ctypes.byref(told)) == -1
        assert isinstance(native.os_error(native.last_error()), PermissionError)
        with pytest.raises(ctypes.ArgumentError):
            twice("no number", None)
        native.replace("made", None)
        with pytest.raises(OSError, match="made"):
            native.library("made")
    assert sys.modules["sysutils.core._native"] is _native


def test_another_system_is_a_core_of_its_own() -> None:
    import sysutils.core as here

    with elsewhere.system("sunos5") as core:
        assert core.SUNOS
        assert not core.LINUX
        assert not hasattr(core, "TaskStats")
        assert core is not here
    from sysutils import core as after

    assert after is here
    assert sys.platform.startswith("linux") == here.LINUX


def test_a_command_on_another_system() -> None:
    done = elsewhere.run("haiku1", "tests.core.test_native:no_libraries", ["free"])
    assert done.stdout == b""
    assert done.stderr == b"free: not supported on haiku\n"
    assert done.returncode == 1


def no_libraries() -> dict[str, object]:
    return {}
