"""C libraries and their functions: the one place where they are loaded, at their first use.

Tests put libraries of their own here (``replace``), and a whole operating system runs on another."""

import ctypes
import os
import sys
from collections.abc import Callable
from typing import Any

_WINDOWS = sys.platform == "win32"
#: AIX keeps libraries in archives: that of its programs' own size
_AIX = sys.platform.startswith("aix")
_MEMBER = "shr_64.o" if sys.maxsize > 1 << 32 else "shr.o"
_libraries: dict[str, Any] = {}
_functions: dict[tuple[Any, ...], Callable[..., Any]] = {}

#: the error that the last failing call of this thread left
last_error: Callable[[], int] = getattr(ctypes, "get_last_error", ctypes.get_errno)


def library(name: str) -> Any:
    """A library by its name (``"c"``, ``"kernel32"``) or its path. Raises OSError where there is none."""
    found = _libraries.get(name)
    if found is None:
        found = _libraries[name] = _load(name)
    return found


def _load(name: str) -> Any:
    if _WINDOWS:
        return ctypes.WinDLL(name, use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    if _AIX and "/" not in name:
        return ctypes.CDLL(f"lib{name}.a({_MEMBER})", use_errno=True)
    if name == "c":
        return ctypes.CDLL(None, use_errno=True)
    return ctypes.CDLL(name if "/" in name or ".so" in name else f"lib{name}.so", use_errno=True)


def has_function(home: str, name: str) -> bool:
    """Whether a library has a function of that name."""
    return hasattr(library(home), name)


def function(home: str, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The function ``name`` of the library ``home``, with the types of its result and its arguments.

    Raises OSError without the library, AttributeError without the function."""
    key = (home, name, result, *arguments)
    found = _functions.get(key)
    if found is None:
        found = _functions[key] = _bind(library(home), name, result, arguments)
    return found


def _bind(home: Any, name: str, result: Any, arguments: tuple[Any, ...]) -> Callable[..., Any]:
    if isinstance(home, ctypes.CDLL):
        bound: Any = home[name]  # not the attribute, which all who ask share
        bound.restype, bound.argtypes = result, arguments
        return bound  # type: ignore[no-any-return]
    kind = ctypes.CFUNCTYPE(result, *arguments, use_errno=True)
    return kind(getattr(home, name))  # called as C would call it: its arguments are converted


def os_error(code: int, path: str | None = None) -> OSError:
    """The exception that Python raises for an error number of this system."""
    if _WINDOWS:
        text: str = ctypes.FormatError(code)  # type: ignore[attr-defined,unused-ignore]
        return OSError(None, text, path, code)
    return OSError(code, os.strerror(code), path) if path else OSError(code, os.strerror(code))


def replace(name: str, stand_in: Any) -> None:
    """Makes ``stand_in``, whose attributes are functions, the library ``name``; None loads it anew."""
    _functions.clear()
    if stand_in is None:
        _libraries.pop(name, None)
    else:
        _libraries[name] = stand_in
