"""All processes: ``process_iter``, ``pids``, ``pid_exists``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sysutils.core._errors import NoSuchProcess
from sysutils.core._platform import POSIX, backend
from sysutils.core.attributes import plan_of
from sysutils.core.process import Process, stale

if TYPE_CHECKING:
    from typing import Protocol

    from sysutils.core._contract import process as _os
    from sysutils.core.attributes import Names

    class _ProcessIter(Protocol):
        def __call__(
            self, attrs: Names | None = None, ad_value: Any = None
        ) -> Iterator[Process]: ...
        def cache_clear(self) -> None: ...
else:
    _os = backend("process")


def pids() -> list[int]:
    """The ids of all processes, ascending (``/proc`` on Linux)."""
    return sorted(_os.pids())


def pid_exists(pid: int) -> bool:
    """Whether ``pid`` is a process now; faster than looking in ``pids()``.

    The id of a thread is none on Linux."""
    if pid < 1 and (POSIX or pid):
        return pid == 0 and 0 in _os.pids()
    return _os.pid_exists(pid)


_cache: dict[int, Process] = {}
_as_dict = Process.as_dict


def _with_cache_clear(function: Any) -> "_ProcessIter":
    function.cache_clear = _cache.clear
    iterate: _ProcessIter = function
    return iterate


@_with_cache_clear
def process_iter(attrs: "Names | None" = None, ad_value: Any = None) -> Iterator[Process]:
    """Every process, ascending by pid; the same object for the same process in every call.

    With ``attrs`` each has ``info``, the dict of ``as_dict(attrs, ad_value)``. Processes that vanish
    meanwhile are left out, zombies are not. ``process_iter.cache_clear()`` forgets the objects."""
    plan = None if attrs is None else plan_of(Process, attrs)
    if Process.as_dict is not _as_dict:
        plan = None  # somebody's own as_dict is to be asked
    named = bool(attrs)
    while stale:
        _cache.pop(stale.pop(), None)
    found, open_process = _os.look()
    listed = sorted(found)
    for pid in _cache.keys() - set(listed):
        _cache.pop(pid, None)
    for pid in listed:
        known = _cache.get(pid)
        if attrs is None and known is not None:
            yield known
            continue
        records = open_process(pid)
        try:
            process = known or _remembered(pid, records)
            if plan is not None:
                process.info = process._collect(plan, records, ad_value, named)
            elif attrs is not None:
                process.info = process.as_dict(attrs, ad_value)
        except (NoSuchProcess, FileNotFoundError, ProcessLookupError):
            _cache.pop(pid, None)
            continue
        yield process


def _remembered(pid: int, records: Any) -> Process:
    try:
        process = Process._of_records(pid, records)
    except PermissionError:  # hidden from us, but there
        process = Process(pid)
    _cache[pid] = process
    return process
