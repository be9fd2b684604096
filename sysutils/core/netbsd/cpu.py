"""CPUs of NetBSD (``kern.cp_time``, ``hw.ncpu``, ``vm.uvmexp2``)."""

import struct
from collections.abc import Iterable

from sysutils.core._ntuples import scpustats
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.ntuples import scputimes
from sysutils.core.netbsd import layout, mem

_PLACE = (layout.CTL_KERN, layout.KERN_CP_TIME)


def _as_ticks(data: bytes) -> tuple[int, ...]:
    """User, nice, system, idle, irq."""
    user, nice, system, irq, idle = struct.unpack("@5Q", data)
    return user, nice, system, idle, irq


def cpu_ticks() -> tuple[int, ...]:
    """``cpu_times`` in ticks."""
    return _as_ticks(sysctl.read(_PLACE, 40))


def per_cpu_ticks() -> list[tuple[int, ...]]:
    """``cpu_times`` of each CPU, in ticks."""
    count = cpu_count_logical() or 0
    return [_as_ticks(sysctl.read((*_PLACE, cpu), 40)) for cpu in range(count)]


def as_times(values: Iterable[float]) -> scputimes:
    """The tuple of ``cpu_times`` with these values."""
    return scputimes(*values)


def _second() -> int:
    """Ticks in a second (``kern.clockrate``: hz, tick, tickadj, stathz, profhz)."""
    found = struct.unpack("@5i", sysctl.read((layout.CTL_KERN, layout.KERN_CLOCKRATE), 20))
    return int(found[3] or found[0])


def cpu_times() -> scputimes:
    """Seconds of all CPUs in each mode since boot."""
    second = _second()
    return scputimes(*[ticks / second for ticks in cpu_ticks()])


def per_cpu_times() -> list[scputimes]:
    """Seconds of each CPU in each mode since boot."""
    second = _second()
    return [scputimes(*[ticks / second for ticks in row]) for row in per_cpu_ticks()]


def cpu_count_logical() -> int | None:
    """How many CPUs there are (``hw.ncpu``)."""
    return sysctl.number_of((layout.CTL_HW, layout.HW_NCPU))


def cpu_count_present() -> int:
    """CPUs that the system has (``hw.ncpu``). (Extension.)"""
    return sysctl.number_of((layout.CTL_HW, layout.HW_NCPU))


def cpu_count_cores() -> int | None:
    """1 with one CPU; the kernel does not tell more."""
    return 1 if cpu_count_logical() == 1 else None


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot (``vm.uvmexp2``)."""
    found = mem.uvmexp()
    return scpustats(found.swtch, found.intrs, found.softs, found.syscalls)
