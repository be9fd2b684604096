"""CPU times of SunOS and AIX, which both count in clock ticks."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sysutils.core.sysv.ntuples import scputimes

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone


def as_times(values: Iterable[float]) -> scputimes:
    """The tuple of ``cpu_times`` with these values."""
    return scputimes(*values)


def sums(rows: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """The ticks of all CPUs together."""
    return tuple(map(sum, zip(*rows, strict=True))) or (0, 0, 0, 0)


def seconds(ticks: Iterable[int]) -> scputimes:
    """``cpu_times`` of so many ticks."""
    second = os.sysconf("SC_CLK_TCK")
    return scputimes(*[tick / second for tick in ticks])


def online() -> int | None:
    """How many CPUs are online (sysconf(3C))."""
    try:
        return os.sysconf("SC_NPROCESSORS_ONLN")
    except (ValueError, OSError):
        return None


def times_of(
    per_cpu_ticks: Callable[[], list[tuple[int, ...]]],
) -> tuple[Callable[[], tuple[int, ...]], Callable[[], scputimes], Callable[[], list[scputimes]]]:
    """The functions ``cpu_ticks``, ``cpu_times`` and ``per_cpu_times`` by what each CPU has counted."""

    def cpu_ticks() -> tuple[int, ...]:
        """``cpu_times`` in ticks."""
        return sums(per_cpu_ticks())

    def cpu_times() -> scputimes:
        """Seconds of all CPUs in each mode since boot."""
        return seconds(cpu_ticks())

    def per_cpu_times() -> list[scputimes]:
        """Seconds of each CPU in each mode since boot."""
        return [seconds(row) for row in per_cpu_ticks()]

    return cpu_ticks, cpu_times, per_cpu_times
