"""CPUs: times, percentages, numbers.

``cpu_percent`` and ``cpu_times_percent`` compare with their last call, each on its own, in each thread
apart. Nothing is read at import, so the first call has nothing to compare with and gives 0.0."""

import time
from _thread import get_ident
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import Cpu, scputimes
    from sysutils.core._ntuples import MaybeNone, scpufreq, scpustats

T = TypeVar("T")

_Ticks = Sequence[float]

_os: "Cpu" = backend("cpu")


@overload
def cpu_times(percpu: Literal[False] = False) -> "scputimes": ...
@overload
def cpu_times(percpu: Literal[True]) -> "list[scputimes]": ...
@overload
def cpu_times(percpu: bool) -> "scputimes | list[scputimes]": ...
def cpu_times(percpu: bool = False) -> "scputimes | list[scputimes]":
    """Seconds spent in each mode since boot: ``(user, …, system, idle, …)``, fields by platform.

    With ``percpu`` a list, one for each CPU that is online, by number."""
    return _os.per_cpu_times() if percpu else _os.cpu_times()


def cpu_count(logical: bool = True) -> int | None:
    """How many CPUs are online, with ``logical`` False how many cores; None if it can't be told.

    A core with two hardware threads is two CPUs."""
    count = _os.cpu_count_logical() if logical else _os.cpu_count_cores()
    return count if count is not None and count >= 1 else None


def cpu_stats() -> "scpustats":
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot; ``syscalls`` is 0 on Linux, None
    stands for what an old kernel does not count."""
    return _os.cpu_stats()


@overload
def cpu_freq(percpu: Literal[False] = False) -> "scpufreq | MaybeNone": ...
@overload
def cpu_freq(percpu: Literal[True]) -> "list[scpufreq]": ...
@overload
def cpu_freq(percpu: bool) -> "scpufreq | list[scpufreq] | MaybeNone": ...
def cpu_freq(percpu: bool = False) -> "scpufreq | list[scpufreq] | MaybeNone":
    """``(current, min, max)`` in MHz: the mean over the CPUs that are online, None if it can't be told.

    With ``percpu`` a list, one for each of them. ``min`` and ``max`` are 0.0 where not known."""
    rows = _os.cpu_freq()
    if percpu:
        return rows
    if not rows:
        return None
    currents, least, most = zip(*rows)  # noqa: B905  # all are triples
    count = len(rows)
    return rows[0].__class__(sum(currents) / count, sum(least) / count, sum(most) / count)


class _Last(Generic[T]):
    """What ``read`` told at the last call, by thread."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._seen: dict[int, T] = {}

    def span(self, interval: float | None) -> tuple[T, T]:
        """What was at the last call (or before an interval slept here, or now for want of both), and now."""
        if interval is not None and interval < 0:
            raise ValueError(f"interval is not positive (got {interval})")
        thread = get_ident()
        if interval:
            before: T | None = self._read()
            time.sleep(interval)
        else:
            before = self._seen.get(thread)
        now = self._seen[thread] = self._read()
        return (now if before is None else before), now


_percent = _Last(_os.cpu_ticks)
_percent_each = _Last(_os.per_cpu_ticks)
_times_percent = _Last(_os.cpu_ticks)
_times_percent_each = _Last(_os.per_cpu_ticks)


@cache
def _places(width: int) -> tuple[list[int], list[int]]:
    """Where times stand that others contain (``user`` and ``nice`` those of guests), and the idle ones."""
    fields = _os.as_times(range(width))._fields
    return (
        [place for place, name in enumerate(fields) if name in {"guest", "guest_nice"}],
        [place for place, name in enumerate(fields) if name in {"idle", "iowait"}],
    )


def _grown(before: _Ticks, now: _Ticks) -> list[float]:
    """What each mode grew by, never less than 0; nothing where PROCFS_PATH leads to another kernel now."""
    if len(before) != len(now):
        before = now
    return [b - a if b > a else 0 for a, b in zip(before, now)]  # noqa: B905  # seen to above


def _busy_percent(before: _Ticks, now: _Ticks) -> float:
    grown = _grown(before, now)
    contained, idle = _places(len(grown))
    total = sum(grown)
    for place in contained:
        total -= grown[place]
    busy = total
    for place in idle:
        busy -= grown[place]
    return round(busy / total * 100, 1) if total else 0.0


def _shares(before: _Ticks, now: _Ticks) -> "scputimes":
    grown = _grown(before, now)
    total = sum(grown)
    for place in _places(len(grown))[0]:
        total -= grown[place]
    scale = 100.0 / total if total else 0.0
    return _os.as_times([min(100.0, round(part * scale, 1)) if part else 0.0 for part in grown])


@overload
def cpu_percent(interval: float | None = None, percpu: Literal[False] = False) -> float: ...
@overload
def cpu_percent(interval: float | None, percpu: Literal[True]) -> list[float]: ...
@overload
def cpu_percent(interval: float | None = None, *, percpu: Literal[True]) -> list[float]: ...
@overload
def cpu_percent(interval: float | None = None, percpu: bool = False) -> float | list[float]: ...
def cpu_percent(interval: float | None = None, percpu: bool = False) -> float | list[float]:
    """How busy the CPUs are, 0.0 to 100.0; with ``percpu`` a list, one for each CPU.

    With an ``interval`` it sleeps that many seconds; without, it compares with this thread's last call,
    and the first call gives 0.0. Raises ValueError for a negative interval."""
    if percpu:
        return list(map(_busy_percent, *_percent_each.span(interval)))
    return _busy_percent(*_percent.span(interval))


@overload
def cpu_times_percent(
    interval: float | None = None, percpu: Literal[False] = False
) -> "scputimes": ...
@overload
def cpu_times_percent(interval: float | None, percpu: Literal[True]) -> "list[scputimes]": ...
@overload
def cpu_times_percent(
    interval: float | None = None, *, percpu: Literal[True]
) -> "list[scputimes]": ...
@overload
def cpu_times_percent(
    interval: float | None = None, percpu: bool = False
) -> "scputimes | list[scputimes]": ...
def cpu_times_percent(
    interval: float | None = None, percpu: bool = False
) -> "scputimes | list[scputimes]":
    """The share of each mode in the time passed, in percent: the fields of ``cpu_times()``.

    ``interval`` and ``percpu`` as for ``cpu_percent``. They add up to 100; the shares of guests come on
    top, since ``user`` and ``nice`` have them already."""
    if percpu:
        return list(map(_shares, *_times_percent_each.span(interval)))
    return _shares(*_times_percent.span(interval))
