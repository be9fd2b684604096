"""Facts about a process on Windows in psutil's tuples and constants: pure functions of its records."""

from sysutils.core._enums import ProcessStatus
from sysutils.core._ntuples import pctxsw, pthread
from sysutils.core.windows import snapshot
from sysutils.core.windows.ntuples import pcputimes, pio, pmem, pmem_ex, ppagefaults
from sysutils.core.windows.records import ProcessRecords


def cpu_times(records: ProcessRecords) -> pcputimes:
    """``(user, system, children_user, children_system)`` in seconds, those of children 0."""
    _, user, kernel = records.times
    return pcputimes(user / 1e7, kernel / 1e7, 0.0, 0.0)


def memory_info(records: ProcessRecords) -> pmem:
    """``(rss, vms, num_page_faults, peak_wset, wset, …)`` in bytes (GetProcessMemoryInfo)."""
    told = records.memory
    return pmem(told[2], told[7], *told)


def memory_info_ex(records: ProcessRecords) -> pmem_ex:
    """``memory_info()`` with the address space taken now and at most, in bytes."""
    return pmem_ex(*memory_info(records), *records.virtual)


def page_faults(records: ProcessRecords) -> ppagefaults:
    """``(minor, major)``: all but those that read a disk, and those."""
    hard = records.entry.told.HardFaultCount
    return ppagefaults(max(0, records.memory[0] - hard), hard)


def io_counters(records: ProcessRecords) -> pio:
    """``(read_count, write_count, read_bytes, write_bytes, other_count, other_bytes)``."""
    reads, writes, others, read_bytes, write_bytes, other_bytes = records.io
    return pio(reads, writes, read_bytes, write_bytes, others, other_bytes)


def num_ctx_switches(records: ProcessRecords) -> pctxsw:
    """``(voluntary, involuntary)`` context switches: Windows counts both in the first."""
    return pctxsw(sum(thread.ContextSwitches for thread in records.entry.threads), 0)


def threads(records: ProcessRecords) -> list[pthread]:
    """``[(id, user_time, system_time), …]`` in seconds."""
    return [
        pthread(thread.UniqueThread, thread.UserTime / 1e7, thread.KernelTime / 1e7)
        for thread in records.entry.threads
    ]


def suspended(records: ProcessRecords) -> bool:
    """Whether every thread is suspended."""
    return all(
        thread.ThreadState == snapshot.WAITING and thread.WaitReason == snapshot.SUSPENDED
        for thread in records.entry.threads
    )


def status(records: ProcessRecords) -> str:
    """STATUS_RUNNING, or STATUS_STOPPED if all its threads are suspended."""
    stopped = suspended(records) and bool(records.entry.threads)
    return ProcessStatus.STATUS_STOPPED if stopped else ProcessStatus.STATUS_RUNNING
