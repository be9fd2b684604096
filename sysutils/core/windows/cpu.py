"""CPUs of Windows: times, numbers, frequency."""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sysutils.core._ntuples import scpufreq, scpustats
from sysutils.core.windows import errors, snapshot
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.ntuples import scputimes

u16, u32, i32, pointer = ctypes.c_uint16, ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p
_PERFORMANCE, _EACH_CPU = 2, 8  # SYSTEM_INFORMATION_CLASS
_ALL_GROUPS = 0xFFFF
_RELATION_CORE, _RELATION_ALL = 0, 0xFFFF
_PROCESSOR_INFORMATION = 11  # POWER_INFORMATION_LEVEL

SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION = Layout(
    "SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION",
    "IdleTime:q KernelTime:q UserTime:q DpcTime:q InterruptTime:q InterruptCount:I",
)
#: the beginning of it, and what follows in four-byte counters
SYSTEM_PERFORMANCE_INFORMATION = Layout(
    "SYSTEM_PERFORMANCE_INFORMATION",
    "IdleTime:q ReadTransferCount:q WriteTransferCount:q OtherTransferCount:q ReadOperationCount:I"
    " WriteOperationCount:I OtherOperationCount:I AvailablePages:I TotalCommittedPages:I"
    " TotalCommitLimit:I PeakCommitment:I PageFaults:I WriteCopyFaults:I TransitionFaults:I"
    " CacheTransitionFaults:I DemandZeroFaults:I PagesRead:I PageReadIos:I CacheReads:I CacheIos:I"
    " PagefilePagesWritten:I PagefilePageWriteIos:I MappedFilePagesWritten:I MappedFilePageWriteIos:I"
    " PagedPoolUsage:I NonPagedPoolUsage:I PagedPoolAllocs:I PagedPoolFrees:I NonPagedPoolAllocs:I"
    " NonPagedPoolFrees:I TotalFreeSystemPtes:I SystemCodePage:I TotalSystemDriverPages:I"
    " TotalSystemCodePages:I SmallNonPagedLookasideListAllocateHits:I"
    " SmallPagedLookasideListAllocateHits:I Reserved3:I MmSystemCachePage:I PagedPoolPage:I"
    " SystemDriverPage:I FastReadNoWait:I FastReadWait:I FastReadResourceMiss:I FastReadNotPossible:I"
    " FastMdlReadNoWait:I FastMdlReadWait:I FastMdlReadResourceMiss:I FastMdlReadNotPossible:I"
    " MapDataNoWait:I MapDataWait:I MapDataNoWaitMiss:I MapDataWaitMiss:I PinMappedDataCount:I"
    " PinReadNoWait:I PinReadWait:I PinReadNoWaitMiss:I PinReadWaitMiss:I CopyReadNoWait:I"
    " CopyReadWait:I CopyReadNoWaitMiss:I CopyReadWaitMiss:I MdlReadNoWait:I MdlReadWait:I"
    " MdlReadNoWaitMiss:I MdlReadWaitMiss:I ReadAheadIos:I LazyWriteIos:I LazyWritePages:I"
    " DataFlushes:I DataPages:I ContextSwitches:I FirstLevelTbFills:I SecondLevelTbFills:I"
    " SystemCalls:I",
)
PROCESSOR_POWER_INFORMATION = Layout(
    "PROCESSOR_POWER_INFORMATION",
    "Number:I MaxMhz:I CurrentMhz:I MhzLimit:I MaxIdleState:I CurrentIdleState:I",
)

_system_times = declare("kernel32", "GetSystemTimes", i32, pointer, pointer, pointer)
_active_count = declare("kernel32", "GetActiveProcessorCount", u32, u16)
_processors = declare("kernel32", "GetLogicalProcessorInformationEx", i32, u32, pointer, pointer)
_power = declare("powrprof", "CallNtPowerInformation", u32, i32, pointer, u32, pointer, u32)


def per_cpu() -> list[Any]:
    """SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION of each CPU."""
    form = SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION
    # the call wants room for exactly all of them
    room, filled = snapshot.query_system(_EACH_CPU, form.size * (cpu_count_logical() or 1))
    return form.rows(room, 0, filled // form.size)


def per_cpu_ticks() -> list[tuple[int, ...]]:
    """``per_cpu_times()`` in 100 ns."""
    return [
        (row.UserTime, row.KernelTime - row.IdleTime, row.IdleTime, row.InterruptTime, row.DpcTime)
        for row in per_cpu()
    ]


def cpu_ticks() -> tuple[int, ...]:
    """``cpu_times()`` in 100 ns."""
    idle, kernel, user = (ctypes.c_uint64() for _ in range(3))
    if not _system_times(*map(ctypes.addressof, (idle, kernel, user))):
        raise errors.last("GetSystemTimes")
    each = per_cpu_ticks()
    interrupt, dpc = sum(row[3] for row in each), sum(row[4] for row in each)
    return user.value, kernel.value - idle.value, idle.value, interrupt, dpc


def as_times(values: Iterable[float]) -> scputimes:
    """The tuple of ``cpu_times`` with these values."""
    return scputimes._make(values)


def _seconds(ticks: Sequence[int]) -> scputimes:
    return scputimes._make(value / 1e7 for value in ticks)


def cpu_times() -> scputimes:
    """``(user, system, idle, interrupt, dpc)`` in seconds; the last two are parts of ``system``."""
    return _seconds(cpu_ticks())


def per_cpu_times() -> list[scputimes]:
    """The same of each CPU."""
    return [_seconds(row) for row in per_cpu_ticks()]


def cpu_count_logical() -> int | None:
    """CPUs of all groups that are active."""
    count: int = _active_count(_ALL_GROUPS)
    return count or None


def cpu_count_present() -> int:
    """CPUs that are there. (Extension.)"""
    return cpu_count_logical() or 1


def _relations(data: bytes) -> Iterator[int]:
    """Relationship of each record: ``Relationship, Size, …``."""
    at = 0
    while at + 8 <= len(data):
        relation, size = (
            int.from_bytes(data[at + 4 * n : at + 4 * n + 4], "little") for n in (0, 1)
        )
        if not size:
            return
        yield relation
        at += size


def cpu_count_cores() -> int | None:
    """Cores; None where that can't be told."""
    size = u32()
    room = ctypes.create_string_buffer(1)
    while not _processors(_RELATION_ALL, room, ctypes.addressof(size)):
        if errors.code_of(errors.last("GetLogicalProcessorInformationEx")) != (
            errors.INSUFFICIENT_BUFFER
        ):
            return None
        room = ctypes.create_string_buffer(size.value)
    return list(_relations(room.raw[: size.value])).count(_RELATION_CORE) or None


def cpu_stats() -> scpustats:
    """``(ctx_switches, interrupts, soft_interrupts, syscalls)`` since boot; ``soft_interrupts`` is 0."""
    room, _ = snapshot.query_system(_PERFORMANCE, 512)
    told = SYSTEM_PERFORMANCE_INFORMATION.read(room)
    interrupts = sum(row.InterruptCount for row in per_cpu())
    return scpustats(told.ContextSwitches, interrupts, 0, told.SystemCalls)


def cpu_freq() -> list[scpufreq]:
    """``(current, min, max)`` in MHz of the first CPU, for all; ``min`` is 0.0."""
    form = PROCESSOR_POWER_INFORMATION
    room = ctypes.create_string_buffer(form.size * (cpu_count_logical() or 1))
    status = _power(_PROCESSOR_INFORMATION, None, 0, room, len(room))
    if status:
        raise errors.of_status(status, "CallNtPowerInformation")
    told = form.read(room)
    return [scpufreq(float(told.CurrentMhz), 0.0, float(told.MaxMhz))]
