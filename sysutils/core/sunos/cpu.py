"""CPUs of SunOS (kstat ``cpu:N:sys``, ``cpu_info``)."""

import os
import sys
from typing import TYPE_CHECKING, Any

from sysutils.core._ntuples import scpustats
from sysutils.core.sunos import kstat
from sysutils.core.sysv import processors

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

_MODES = ("cpu_ticks_user", "cpu_ticks_kernel", "cpu_ticks_idle", "cpu_ticks_wait")


def _each() -> list[dict[str, Any]]:
    found = kstat.named("cpu", "sys")
    return [found[place] for place in sorted(found) if found[place]]


def _ticks(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row.get(mode, 0) for mode in _MODES)


def per_cpu_ticks() -> list[tuple[int, ...]]:
    """``cpu_times`` of each CPU, in ticks."""
    return [_ticks(row) for row in _each()]


as_times = processors.as_times
cpu_count_logical = processors.online
cpu_ticks, cpu_times, per_cpu_times = processors.times_of(per_cpu_ticks)


def cpu_count_present() -> int:
    """How many CPUs there are, those that are off too (sysconf(3C)). (Extension.)"""
    return os.sysconf("SC_NPROCESSORS_CONF")


def cpu_count_cores() -> int | None:
    """How many cores there are (kstat ``cpu_info``), None where it can't be told."""
    rows = kstat.named("cpu_info").values()
    cores = {(row.get("chip_id"), row["core_id"]) for row in rows if "core_id" in row}
    return len(cores) or None


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, 0, syscalls)`` since boot."""
    rows = _each()
    switches, interrupts, calls = (
        sum(row.get(name, 0) for row in rows) for name in ("pswitch", "intr", "syscall")
    )
    return scpustats(switches, interrupts, 0, calls)
