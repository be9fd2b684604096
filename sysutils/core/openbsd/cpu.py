"""CPUs of OpenBSD (``kern.cp_time``, ``kern.cp_time2``, ``hw.ncpuonline``, ``vm.uvmexp``)."""

import struct
from collections.abc import Iterable

from sysutils.core._ntuples import scpufreq, scpustats
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.ntuples import scputimes
from sysutils.core.openbsd import layout


def _as_ticks(row: tuple[int, ...]) -> tuple[int, ...]:
    """User, nice, system, idle, irq; time spent spinning for a lock is not told."""
    user, nice, system, _spin, irq, idle = row
    return user, nice, system, idle, irq


def cpu_ticks() -> tuple[int, ...]:
    """``cpu_times`` in ticks."""
    return _as_ticks(struct.unpack("@6l", sysctl.read((layout.CTL_KERN, layout.KERN_CPTIME))))


def per_cpu_ticks() -> list[tuple[int, ...]]:
    """``cpu_times`` of each CPU, in ticks."""
    place = (layout.CTL_KERN, layout.KERN_CPTIME2)
    count = cpu_count_logical() or 0
    return [_as_ticks(struct.unpack("@6Q", sysctl.read((*place, cpu)))) for cpu in range(count)]


def as_times(values: Iterable[float]) -> scputimes:
    """The tuple of ``cpu_times`` with these values."""
    return scputimes(*values)


def _second() -> int:
    """Ticks in a second (``kern.clockrate``: hz, tick, stathz, profhz)."""
    found = struct.unpack("@4i", sysctl.read((layout.CTL_KERN, layout.KERN_CLOCKRATE))[:16])
    return int(found[2] or found[0])


def cpu_times() -> scputimes:
    """Seconds of all CPUs in each mode since boot."""
    second = _second()
    return scputimes(*[ticks / second for ticks in cpu_ticks()])


def per_cpu_times() -> list[scputimes]:
    """Seconds of each CPU in each mode since boot."""
    second = _second()
    return [scputimes(*[ticks / second for ticks in row]) for row in per_cpu_ticks()]


def cpu_count_logical() -> int | None:
    """How many CPUs are online (``hw.ncpuonline``, before OpenBSD 6.4 ``hw.ncpu``)."""
    try:
        return sysctl.number_of((layout.CTL_HW, layout.HW_NCPUONLINE))
    except OSError:
        return sysctl.number_of((layout.CTL_HW, layout.HW_NCPU))


def cpu_count_present() -> int:
    """CPUs that the system has (``hw.ncpu``). (Extension.)"""
    return sysctl.number_of((layout.CTL_HW, layout.HW_NCPU))


def cpu_count_cores() -> int | None:
    """1 with one CPU; the kernel does not tell more."""
    return 1 if cpu_count_logical() == 1 else None


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot (``vm.uvmexp``)."""
    found = sysctl.beginning((layout.CTL_VM, layout.VM_UVMEXP), layout.uvmexp)
    counts = (found.swtch, found.intrs, found.softs, found.syscalls)
    return scpustats(*[count & 0xFFFFFFFF for count in counts])


def cpu_freq() -> list[scpufreq]:
    """``(current, 0, 0)`` in MHz, one for all CPUs (``hw.cpuspeed``)."""
    return [scpufreq(float(sysctl.number_of((layout.CTL_HW, layout.HW_CPUSPEED))), 0.0, 0.0)]
