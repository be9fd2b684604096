"""CPUs of FreeBSD (``kern.cp_time``, ``kern.cp_times``, ``hw.ncpu``, ``dev.cpu``)."""

import struct
from collections.abc import Iterable

from sysutils.core._ntuples import scpufreq, scpustats
from sysutils.core.bsd import sysctl
from sysutils.core.bsd.ntuples import scputimes

_STATES = 5  # user, nice, system, interrupts, idle


def _rows(name: str) -> list[tuple[int, ...]]:
    """Ticks of each CPU: user, nice, system, idle, irq."""
    data = sysctl.read_name(name)
    size = struct.calcsize("@l")
    count = len(data) // size // _STATES
    ticks = struct.unpack(f"@{count * _STATES}l", data[: count * _STATES * size])
    rows = [ticks[start : start + _STATES] for start in range(0, len(ticks), _STATES)]
    return [(user, nice, system, idle, irq) for user, nice, system, irq, idle in rows]


def cpu_ticks() -> tuple[int, ...]:
    """``cpu_times`` in ticks."""
    return _rows("kern.cp_time")[0]


def per_cpu_ticks() -> list[tuple[int, ...]]:
    """``cpu_times`` of each CPU, in ticks."""
    return _rows("kern.cp_times")[: cpu_count_logical()]  # it has room for more


def as_times(values: Iterable[float]) -> scputimes:
    """The tuple of ``cpu_times`` with these values."""
    return scputimes(*values)


def _second() -> int:
    """Ticks in a second (``kern.clockrate``: its ``stathz``)."""
    hz, _, _, statistics, _ = struct.unpack("@5i", sysctl.read_name("kern.clockrate", 20)[:20])
    return int(statistics or hz)


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
    return sysctl.number_of("hw.ncpu")


def cpu_count_present() -> int:
    """CPUs that the system has (``hw.ncpu``). (Extension.)"""
    return sysctl.number_of("hw.ncpu")


def cpu_count_cores() -> int | None:
    """How many cores there are (``kern.smp.cores``, before FreeBSD 13 ``kern.sched.topology_spec``)."""
    cores = sysctl.optional("kern.smp.cores")
    if cores:
        return cores
    return _cores_of_topology() or (1 if cpu_count_logical() == 1 else None)


def _cores_of_topology() -> int:
    """Innermost groups but one of the scheduler's tree of CPUs; 0 where it tells none."""
    from xml.etree import ElementTree as ET

    try:
        text = sysctl.text_of("kern.sched.topology_spec")
        return len(
            ET.fromstring(text[: text.rindex("</groups>") + 9]).findall("group/children/group/cpu")
        )
    except (OSError, ValueError, ET.ParseError):
        return 0


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot (``vm.stats.sys``)."""
    names = ("v_swtch", "v_intr", "v_soft", "v_syscall")
    return scpustats(*[_unsigned(sysctl.number_of(f"vm.stats.sys.{name}")) for name in names])


def _unsigned(number: int) -> int:
    """Counters had 32 bits before FreeBSD 12, and are given so to those who ask for little room."""
    return number & 0xFFFFFFFFFFFFFFFF if number >= -(1 << 31) else number + (1 << 64)


def cpu_freq() -> list[scpufreq]:
    """``(current, min, max)`` in MHz of each CPU that has its own (``dev.cpu.N.freq``, ``freq_levels``)."""
    rows = []
    for cpu in range(cpu_count_logical() or 0):
        try:
            current = float(sysctl.number_of(f"dev.cpu.{cpu}.freq"))
        except FileNotFoundError:
            continue
        try:
            levels = sysctl.text_of(f"dev.cpu.{cpu}.freq_levels").split()
        except FileNotFoundError:
            levels = []
        rates = [float(level.partition("/")[0]) for level in levels]
        rows.append(scpufreq(current, min(rates, default=0.0), max(rates, default=0.0)))
    return rows
