"""How a process is read: getters, the oneshot cache, identity. Knows no operating system.

A fact is one pure function from a process's records to a value (``read``). ``getter`` makes the
method of it; ``process_iter``, ``as_dict`` and tables call the same function on records they share.
"""

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, Generic, TypeVar

T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Any])
R = TypeVar("R")  # the records of one process: PidFiles on Linux, a kinfo_proc, …


class BaseProcess(Generic[R]):
    """A process id together with the moment it was started."""

    _pid: int
    #: what with the pid tells this process from a later one with the same pid
    _ident: tuple[int, int | None]
    #: the records kept inside a oneshot, with the depth of nesting
    _records: R | None = None
    _depth = 0

    def _open(self) -> R:
        """Fresh records of this process; nothing is read yet."""
        raise NotImplementedError

    def _shown_start(self) -> float | None:
        """When it was started, where psutil's text tells that before anybody has asked for it."""
        return None

    def _raise_if_pid_reused(self) -> None:
        """Raises NoSuchProcess if the pid belongs to a later process."""
        raise NotImplementedError

    def _error(self, error: OSError) -> Exception:
        """What the API raises for an operating system's error while this process was read."""
        raise NotImplementedError


def getter(read: Callable[[R], T], alone: Callable[[R], T] | None = None) -> Callable[[Any], T]:
    """The method that answers with ``read(records)``; an OSError becomes the API's error.

    ``alone`` is a cheaper way to the same value while nothing else of the process is asked for."""
    fresh = alone or read

    @wraps(read)
    def method(self: BaseProcess[R]) -> T:
        records = self._records
        try:
            return fresh(self._open()) if records is None else read(records)
        except OSError as error:
            raise self._error(error) from error

    del method.__wrapped__  # the signature is (self), not (records)
    method.read = read  # type: ignore[attr-defined]
    return method


def reads(read: Callable[[R], Any]) -> Callable[[M], M]:
    """Marks a method that takes arguments: called with none, it answers with ``read(records)``."""

    def mark(method: M) -> M:
        method.read = read  # type: ignore[attr-defined]
        return method

    return mark


def reader_of(kind: type, name: str) -> Callable[[Any], Any] | None:
    """The function behind ``kind.name``, None where that is an ordinary method (or overridden)."""
    method = getattr(kind, name, None)
    return getattr(method, "read", None) if isinstance(method, FunctionType) else None
