"""Counters that never fall, although the kernel's wrap round or start again from 0."""

from collections.abc import Callable
from operator import add, gt
from typing import Any, Generic, TypeVar

from sysutils.core._locks import Lock

#: a named tuple of counters
T = TypeVar("T", bound=tuple[Any, ...])


class Rising(Generic[T]):
    """Remembers what was read last, for each device apart, and makes up for what fell since.

    A counter that is lower than it was has wrapped: what it had is added from then on. A device that is
    gone is forgotten, so one that comes back begins anew."""

    def __init__(self) -> None:
        self._last: dict[str, T] = {}
        self._made_up: dict[str, tuple[int, ...]] = {}
        self._lock = Lock()

    def cache_clear(self) -> None:
        """Forgets everything: the next answer is the kernel's own."""
        with self._lock.held:
            self._last = {}
            self._made_up = {}

    def read(self, source: Callable[[], dict[str, T]]) -> dict[str, T]:
        """What ``source()`` tells, with what was lost added.

        It is asked under the lock: of two threads, the one that read first is compared first."""
        with self._lock.held:
            now = source()
            return self._raised(now) if now else now

    def _raised(self, now: dict[str, T]) -> dict[str, T]:
        last, made_up = self._last, self._made_up
        for name, values in now.items() if now != last else ():
            before = last.get(name)
            if before is not values and before is not None and any(map(gt, before, values)):
                lost = [old if old > new else 0 for old, new in zip(before, values)]  # noqa: B905
                made_up[name] = tuple(map(add, lost, made_up.get(name) or (0,) * len(lost)))
        self._last = now
        raised = dict(now)  # the caller may change what it gets
        for name in [name for name in made_up if name not in now]:
            del made_up[name]
        for name, more in made_up.items():
            values = now[name]
            raised[name] = type(values)._make(map(add, values, more))  # type: ignore[attr-defined]
        return raised
