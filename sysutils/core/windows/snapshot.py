"""One look at all processes: NtQuerySystemInformation, and what it tells of each."""

import ctypes
from collections.abc import Iterator
from typing import Any

from sysutils.core.windows import errors
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u32, pointer = ctypes.c_uint32, ctypes.c_void_p
PROCESSES = 5  # SystemProcessInformation

UNICODE_STRING = Layout("UNICODE_STRING", "Length:H MaximumLength:H Buffer:P")
SYSTEM_PROCESS_INFORMATION = Layout(
    "SYSTEM_PROCESS_INFORMATION",
    "NextEntryOffset:I NumberOfThreads:I WorkingSetPrivateSize:q HardFaultCount:I"
    " NumberOfThreadsHighWatermark:I CycleTime:Q CreateTime:q UserTime:q KernelTime:q"
    " ImageName:UNICODE_STRING BasePriority:i UniqueProcessId:P InheritedFromUniqueProcessId:P"
    " HandleCount:I SessionId:I UniqueProcessKey:P PeakVirtualSize:P VirtualSize:P PageFaultCount:I"
    " PeakWorkingSetSize:P WorkingSetSize:P QuotaPeakPagedPoolUsage:P QuotaPagedPoolUsage:P"
    " QuotaPeakNonPagedPoolUsage:P QuotaNonPagedPoolUsage:P PagefileUsage:P PeakPagefileUsage:P"
    " PrivatePageCount:P ReadOperationCount:q WriteOperationCount:q OtherOperationCount:q"
    " ReadTransferCount:q WriteTransferCount:q OtherTransferCount:q",
    UNICODE_STRING,
)
SYSTEM_THREAD_INFORMATION = Layout(
    "SYSTEM_THREAD_INFORMATION",
    "KernelTime:q UserTime:q CreateTime:q WaitTime:I StartAddress:P UniqueProcess:P UniqueThread:P"
    " Priority:i BasePriority:i ContextSwitches:I ThreadState:I WaitReason:I",
)
#: states of a thread (KTHREAD_STATE), and the wait of a suspended one (KWAIT_REASON)
RUNNING, WAITING, SUSPENDED = 2, 5, 5

_query = declare("ntdll", "NtQuerySystemInformation", u32, u32, pointer, u32, pointer)


def query_system(kind: int, size: int = 0x8000) -> tuple[Any, int]:
    """What NtQuerySystemInformation tells of a class: a buffer, and how much of it is filled.

    What grows between two tries is asked for again, with more room each time. Raises OSError."""
    while True:
        room = ctypes.create_string_buffer(size)
        needed = u32()
        status = _query(kind, room, size, ctypes.addressof(needed))
        if status in {errors.INFO_LENGTH_MISMATCH, errors.BUFFER_TOO_SMALL}:
            size = max(2 * size, needed.value + needed.value // 8)
            continue
        if status & 0x80000000:
            raise errors.of_status(status, "NtQuerySystemInformation")
        return room, needed.value or size


class Entry:
    """A process in the look at all: ``told`` has the fields of SYSTEM_PROCESS_INFORMATION."""

    __slots__ = ("_data", "_offset", "name", "told")

    def __init__(self, data: Any, offset: int, address: int) -> None:
        self._data, self._offset = data, offset
        self.told = told = SYSTEM_PROCESS_INFORMATION.read(data, offset)
        start = told.ImageName_Buffer - address
        name = b""
        if told.ImageName_Buffer and 0 <= start <= len(data) - told.ImageName_Length:
            name = bytes(data[start : start + told.ImageName_Length])
        #: file name of the program, ``""`` for the idle process
        self.name = name.decode("utf-16-le", "surrogatepass")

    @property
    def pid(self) -> int:
        """The process's id."""
        return int(self.told.UniqueProcessId) & 0xFFFFFFFF

    @property
    def threads(self) -> list[Any]:
        """SYSTEM_THREAD_INFORMATION of each thread."""
        start = self._offset + SYSTEM_PROCESS_INFORMATION.size
        room = (len(self._data) - start) // SYSTEM_THREAD_INFORMATION.size
        count = min(self.told.NumberOfThreads, max(0, room))
        return SYSTEM_THREAD_INFORMATION.rows(self._data, start, count)


def parse_processes(data: Any, address: int) -> Iterator[Entry]:
    """Each process of a SystemProcessInformation buffer, which lay at ``address``.

    An entry that is cut off ends it."""
    offset = 0
    while offset + SYSTEM_PROCESS_INFORMATION.size <= len(data):
        entry = Entry(data, offset, address)
        yield entry
        if not entry.told.NextEntryOffset:
            return
        offset += entry.told.NextEntryOffset


_guess = 0x20000


def processes() -> dict[int, Entry]:
    """Every process by its pid, in the system's order."""
    global _guess  # noqa: PLW0603
    room, filled = query_system(PROCESSES, _guess)
    _guess = max(_guess, filled + filled // 4)
    view = memoryview(room).cast("B")[:filled]
    return {entry.pid: entry for entry in parse_processes(view, ctypes.addressof(room))}


def pids() -> list[int]:
    """Ids of all processes, in the system's order."""
    return list(processes())
