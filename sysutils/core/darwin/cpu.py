"""Processors: times of mach, numbers by sysctl, frequencies by sysctl or IOKit."""

from collections.abc import Iterable, Sequence

from sysutils.core._ntuples import scpufreq, scpustats
from sysutils.core.bsd import sysctl
from sysutils.core.darwin import mach
from sysutils.core.darwin.host import CLOCK_TICKS
from sysutils.core.darwin.ntuples import scputimes

_STATES = (mach.CPU_STATE_USER, mach.CPU_STATE_NICE, mach.CPU_STATE_SYSTEM, mach.CPU_STATE_IDLE)
as_times = scputimes._make


def _ordered(ticks: Sequence[int]) -> list[int]:
    return [ticks[state] for state in _STATES]


def _seconds(ticks: Iterable[int]) -> scputimes:
    return as_times([count / CLOCK_TICKS for count in ticks])


def cpu_ticks() -> list[int]:
    """Clock ticks of all CPUs: user, nice, system, idle (``host_statistics``)."""
    return _ordered(mach.cpu_load())


def per_cpu_ticks() -> list[list[int]]:
    """The same of each CPU (``host_processor_info``)."""
    return list(map(_ordered, mach.cpu_loads()))


def cpu_times() -> scputimes:
    """``(user, nice, system, idle)`` in seconds (``host_statistics``)."""
    return _seconds(cpu_ticks())


def per_cpu_times() -> list[scputimes]:
    """The same of each CPU (``host_processor_info``)."""
    return list(map(_seconds, per_cpu_ticks()))


def _count(name: str) -> int | None:
    try:
        return sysctl.number_of(name)
    except OSError:
        return None


def cpu_count_logical() -> int | None:
    """CPUs that are on (sysctl ``hw.logicalcpu``)."""
    return _count("hw.logicalcpu")


def cpu_count_cores() -> int | None:
    """Cores (sysctl ``hw.physicalcpu``)."""
    return _count("hw.physicalcpu")


def cpu_count_present() -> int:
    """CPUs that the system has (sysctl ``hw.ncpu``). (Extension.)"""
    return sysctl.number_of("hw.ncpu")


def cpu_stats() -> scpustats:
    """Each is None: this kernel counts them for nobody to see.

    (psutil 7.2.2 tells numbers of pages by these names.)"""
    return scpustats(None, None, None, None)


def cpu_freq() -> list[scpufreq]:
    """``[(current, min, max)]`` in MHz, one for all CPUs (sysctl ``hw.cpufrequency``); ``[]`` if unknown.

    Of Apple's own processors IOKit tells the steps that there are; the highest stands for the current one."""
    try:
        current = sysctl.number_of("hw.cpufrequency")
    except FileNotFoundError:
        return _of_power_manager()
    least, most = (sysctl.optional(f"hw.cpufrequency_{end}") for end in ("min", "max"))
    return [scpufreq(current / 1e6, least / 1e6, most / 1e6)]


def _of_power_manager() -> list[scpufreq]:
    from sysutils.core.darwin import iokit

    efficient, fast = iokit.cpu_states()
    if not fast:
        return []
    return [scpufreq(max(fast), min(efficient or fast), max(fast))]
