"""CPUs of AIX (perfstat_cpu, perfstat_partition_config)."""

from sysutils.core._ntuples import scpustats
from sysutils.core.aix import layout, perfstat
from sysutils.core.sysv import processors

as_times = processors.as_times
cpu_count_logical = processors.online


def _each() -> list[layout.perfstat_cpu]:
    return perfstat.every("perfstat_cpu", layout.perfstat_cpu)


def per_cpu_ticks() -> list[tuple[int, ...]]:
    """``cpu_times`` of each CPU, in ticks."""
    return [(row.user, row.sys, row.idle, row.wait) for row in _each()]


cpu_ticks, cpu_times, per_cpu_times = processors.times_of(per_cpu_ticks)


def cpu_count_present() -> int:
    """How many CPUs are configured (perfstat_cpu_total). (Extension.)"""
    return perfstat.one("perfstat_cpu_total", layout.perfstat_cpu_total).ncpus_cfg


def cpu_count_cores() -> int | None:
    """How many virtual processors are online, each a core to us; None where it can't be told."""
    try:
        found = perfstat.one("perfstat_partition_config", layout.perfstat_partition_config)
    except (OSError, AttributeError):
        return None  # before AIX 6.1
    return found.vcpus[0] or None


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot."""
    rows = _each()
    return scpustats(
        sum(row.invol_cswitch + row.vol_cswitch for row in rows), sum(row.devintrs for row in rows),
        sum(row.softintrs for row in rows), sum(row.syscall for row in rows),
    )  # fmt: skip
