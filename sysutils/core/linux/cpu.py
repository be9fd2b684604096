"""CPUs of Linux: /proc/stat, the topology files of /sys, /proc/cpuinfo."""

import os
import sys
from collections import namedtuple
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sysutils.core._ntuples import scpustats
from sysutils.core.linux import frequency, procfs
from sysutils.core.linux.host import CLOCK_TICKS
from sysutils.core.linux.ntuples import scputimes

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


cpu_freq = frequency.cpu_freq

_FIELDS = scputimes._fields
_WIDTH = len(_FIELDS)
_new_times = partial(tuple.__new__, scputimes)


def as_times(values: Iterable[float]) -> scputimes:
    """``values``, one for each column of ``/proc/stat``, by name; as many fields as there are values."""
    row = tuple(values)
    return _new_times(row) if len(row) == _WIDTH else _narrow(len(row))(row)


@cache
def _narrow(width: int) -> Callable[[Iterable[float]], scputimes]:
    """What makes the tuple of an older kernel: 4 columns in 2.4, 7 in 2.6.0, all since 2.6.33."""
    new_kind: Any = namedtuple  # noqa: PYI024  # typing has none for names known at run time only
    make: Callable[[Iterable[float]], scputimes] = new_kind("scputimes", _FIELDS[:width])._make
    return make


def parse_cpu_line(line: bytes) -> list[int]:
    """Clock ticks of a line of ``/proc/stat``, in ``scputimes``' order: ``cpu0 4705 356 584 3699 23 23 …``.

    Older kernels have fewer columns. Raises ValueError for anything else."""
    try:
        ticks = list(map(int, line.split(None, 11)[1:11]))
    except ValueError:
        ticks = []
    if not ticks:
        raise ValueError(f"not a CPU line of /proc/stat: {line[:80]!r}")
    return ticks


def parse_cpu_lines(data: bytes) -> list[list[int]]:
    """Clock ticks of each CPU that is online, by number (``/proc/stat``)."""
    lines = data.partition(b"\nintr ")[0].split(b"\n")
    return [parse_cpu_line(line) for line in lines if line[:3] == b"cpu" and line[3:4].isdigit()]


def cpu_ticks() -> list[int]:
    """Clock ticks that all CPUs together spent in each mode since boot (``/proc/stat``)."""
    data = procfs.read_proc_record(b"stat")
    words = data.split(None, _WIDTH + 1)[1 : _WIDTH + 1]
    try:
        ticks = list(map(int, words))
    except ValueError:  # fewer columns, of an older kernel
        ticks = []
    return ticks or parse_cpu_line(data[: data.find(b"\n")])


def per_cpu_ticks() -> list[list[int]]:
    """``cpu_ticks`` of each CPU that is online (``/proc/stat``)."""
    return parse_cpu_lines(procfs.read_proc_record(b"stat", 65536))


def cpu_times() -> scputimes:
    """Seconds that all CPUs together spent in each mode since boot (``/proc/stat``)."""
    return as_times([ticks / CLOCK_TICKS for ticks in cpu_ticks()])


def per_cpu_times() -> list[scputimes]:
    """``cpu_times`` of each CPU that is online (``/proc/stat``)."""
    return [as_times([count / CLOCK_TICKS for count in ticks]) for ticks in per_cpu_ticks()]


def parse_cpu_stats(data: bytes) -> scpustats:
    """``ctxt``, ``intr`` and ``softirq`` of ``/proc/stat``; None for a line that the kernel lacks."""
    found = _line(data, b"\nctxt "), _line(data, b"\nintr "), _line(data, b"\nsoftirq "), 0
    return tuple.__new__(scpustats, found)


def _line(data: bytes, start: bytes) -> int | None:
    place = data.find(start) + len(start)
    words = data[place : place + 24].split(None, 1) if place >= len(start) else []
    return int(words[0]) if words and words[0].isdigit() else None


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot; syscalls is 0 on Linux."""
    return parse_cpu_stats(procfs.read_proc_record(b"stat", 65536))


def cpu_count_logical() -> int | None:
    """CPUs that are online (sysconf(3); ``/proc/cpuinfo`` and ``/proc/stat`` where it fails)."""
    try:
        return os.sysconf("SC_NPROCESSORS_ONLN")
    except ValueError:
        found = parse_processors(procfs.read_proc(b"cpuinfo", 65536))
        return found or len(per_cpu_ticks()) or None


def cpu_count_present() -> int:
    """CPUs that the system has, offline ones too (``/sys/devices/system/cpu``; ``/proc/stat`` tells
    those online). (Extension.)"""
    try:
        names = procfs.names(procfs.sys_root + b"/devices/system/cpu")
    except OSError:
        names = []
    count = sum(name[:3] == b"cpu" and name[3:].isdigit() for name in names)
    return count or len(per_cpu_ticks())


def cpu_count_cores() -> int | None:
    """Cores that are online, however many threads each has (``/sys``, ``/proc/cpuinfo``)."""
    for name in (b"core_cpus_list", b"thread_siblings_list"):  # the second before Linux 5.x
        cores = _cores(name)
        if cores:
            return cores
    # ARM, ppc and s390x may have no topology in /sys; theirs then has no cores in cpuinfo either
    return parse_cores(procfs.read_proc(b"cpuinfo", 65536)) or None


def _cores(name: bytes) -> int:
    base = procfs.sys_root + b"/devices/system/cpu"
    try:
        entries = os.listdir(base)
    except OSError:
        return 0
    shared = set()
    for entry in entries:
        if entry.startswith(b"cpu") and entry[3:].isdigit():
            try:
                path = base + b"/" + entry + b"/topology/" + name
                shared.add(procfs.read_record(path, 1024).strip())
            except OSError:
                continue  # offline
    return len(shared)


def parse_processors(data: bytes) -> int:
    """How many ``processor`` entries ``/proc/cpuinfo`` has, as x86, ARM, ppc and s390x write them."""
    return sum(line.lower().startswith(b"processor") for line in data.split(b"\n"))


def parse_cores(data: bytes) -> int:
    """Cores by ``physical id`` and ``cpu cores`` of ``/proc/cpuinfo``; 0 where it has no such lines."""
    cores: dict[int, int] = {}
    package = None
    for line in data.split(b"\n"):
        name, _, value = line.lower().partition(b":")
        name, value = name.strip(), value.strip()
        if not name:
            package = None
        elif name == b"physical id" and value.isdigit():
            package = int(value)
        elif name == b"cpu cores" and value.isdigit() and package is not None:
            cores[package] = int(value)
    return sum(cores.values())
