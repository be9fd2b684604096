"""What is known of one process: read at its first use and then kept, and rows of tables from it.

A look at all processes tells most of each (``entry``); of a process alone its handle is asked, which is
quicker for one, and what that does not let us ask is told by a look at all."""

import ctypes
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Generic, TypeVar

from sysutils.core._derived import finder
from sysutils.core.windows import errors, handle, snapshot
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

T = TypeVar("T")
u32, i32, pointer = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p

PROCESS_MEMORY_COUNTERS_EX = Layout(
    "PROCESS_MEMORY_COUNTERS_EX",
    "cb:I PageFaultCount:I PeakWorkingSetSize:P WorkingSetSize:P QuotaPeakPagedPoolUsage:P"
    " QuotaPagedPoolUsage:P QuotaPeakNonPagedPoolUsage:P QuotaNonPagedPoolUsage:P PagefileUsage:P"
    " PeakPagefileUsage:P PrivateUsage:P",
)
IO_COUNTERS = Layout(
    "IO_COUNTERS",
    "ReadOperationCount:Q WriteOperationCount:Q OtherOperationCount:Q ReadTransferCount:Q"
    " WriteTransferCount:Q OtherTransferCount:Q",
)
PROCESS_BASIC_INFORMATION = Layout(
    "PROCESS_BASIC_INFORMATION",
    "ExitStatus:i PebBaseAddress:P AffinityMask:P BasePriority:i UniqueProcessId:P"
    " InheritedFromUniqueProcessId:P",
)
VM_COUNTERS_EX = Layout(
    "VM_COUNTERS_EX",
    "PeakVirtualSize:P VirtualSize:P PageFaultCount:I PeakWorkingSetSize:P WorkingSetSize:P"
    " QuotaPeakPagedPoolUsage:P QuotaPagedPoolUsage:P QuotaPeakNonPagedPoolUsage:P"
    " QuotaNonPagedPoolUsage:P PagefileUsage:P PeakPagefileUsage:P PrivateUsage:P",
)

_process_times = declare(
    "kernel32", "GetProcessTimes", i32, pointer, pointer, pointer, pointer, pointer
)
_memory_info = declare("psapi", "GetProcessMemoryInfo", i32, pointer, pointer, u32)
_io_counters = declare("kernel32", "GetProcessIoCounters", i32, pointer, pointer)
_handle_count = declare("kernel32", "GetProcessHandleCount", i32, pointer, pointer)


def _times_of(process: int) -> tuple[int, int, int]:
    moments = (ctypes.c_uint64 * 4)()
    start = ctypes.addressof(moments)
    if not _process_times(process, start, start + 8, start + 16, start + 24):
        raise errors.last("GetProcessTimes")
    return moments[0], moments[3], moments[2]


def _memory_of(process: int) -> tuple[int, ...]:
    room = PROCESS_MEMORY_COUNTERS_EX.buffer(cb=PROCESS_MEMORY_COUNTERS_EX.size)
    if not _memory_info(process, room, PROCESS_MEMORY_COUNTERS_EX.size):
        raise errors.last("GetProcessMemoryInfo")
    return tuple(PROCESS_MEMORY_COUNTERS_EX.read(room)[1:])


def _io_of(process: int) -> tuple[int, ...]:
    room = IO_COUNTERS.buffer()
    if not _io_counters(process, room):
        raise errors.last("GetProcessIoCounters")
    return tuple(IO_COUNTERS.read(room))


def _handles_of(process: int) -> int:
    count = u32()
    if not _handle_count(process, ctypes.addressof(count)):
        raise errors.last("GetProcessHandleCount")
    return count.value


def _parent_of(process: int) -> int:
    room = handle.query(process, 0, PROCESS_BASIC_INFORMATION.buffer())
    return int(PROCESS_BASIC_INFORMATION.read(room).InheritedFromUniqueProcessId)


def _virtual_of(process: int) -> tuple[int, int]:
    told = VM_COUNTERS_EX.read(handle.query(process, 3, VM_COUNTERS_EX.buffer()))
    return told.VirtualSize, told.PeakVirtualSize


class _Told(Generic[T]):
    """A value that the entry of a look at all tells, or the process itself when it is asked."""

    def __init__(
        self, of_entry: Callable[[Any], T], of_process: Callable[[int], T], access: int = 0
    ) -> None:
        self._of_entry, self._of_process, self._access = of_entry, of_process, access

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute

    def __get__(self, records: "ProcessRecords", owner: type | None = None) -> T:
        value = records.__dict__[self._attribute] = self._value(records)
        return value

    def _value(self, records: "ProcessRecords") -> T:
        if not records.looked:
            try:
                value: T = handle.ask(records.pid, self._access, self._of_process)
            except PermissionError:
                pass
            else:
                return value
        return self._of_entry(records.entry.told)


class ProcessRecords:
    """What is known of one process. What may not be asked raises OSError at its use."""

    #: since 1601, in 100 ns: the start; then the time spent in user and kernel mode
    times = _Told[tuple[int, int, int]](
        lambda told: (told.CreateTime, told.UserTime, told.KernelTime), _times_of
    )
    #: page faults, then sizes in bytes, as PROCESS_MEMORY_COUNTERS_EX has them
    memory = _Told[tuple[int, ...]](
        lambda told: (
            told.PageFaultCount, told.PeakWorkingSetSize, told.WorkingSetSize,
            told.QuotaPeakPagedPoolUsage, told.QuotaPagedPoolUsage, told.QuotaPeakNonPagedPoolUsage,
            told.QuotaNonPagedPoolUsage, told.PagefileUsage, told.PeakPagefileUsage,
            told.PrivatePageCount,
        ),
        _memory_of,
    )  # fmt: skip
    #: numbers of reads, writes and others, then bytes
    io = _Told[tuple[int, ...]](lambda told: tuple(told[-6:]), _io_of)
    handles = _Told(lambda told: int(told.HandleCount), _handles_of)
    parent = _Told(lambda told: int(told.InheritedFromUniqueProcessId), _parent_of)
    #: address space now and at most
    virtual = _Told[tuple[int, int]](
        lambda told: (told.VirtualSize, told.PeakVirtualSize), _virtual_of
    )

    def __init__(self, pid: int, entry: snapshot.Entry | None = None) -> None:
        self.pid = pid
        #: whether they began with a look at all processes
        self.looked = entry is not None
        if entry is not None:
            self.entry = entry

    @cached_property
    def entry(self) -> snapshot.Entry:
        """The process in a look at all. Raises ProcessLookupError."""
        found = snapshot.processes().get(self.pid)
        if found is None:
            raise errors.no_such_process()
        return found


def open_process(pid: int) -> ProcessRecords:
    """The records of a process; nothing is read yet."""
    return ProcessRecords(pid)


def look() -> tuple[Iterable[int], Callable[[int], ProcessRecords]]:
    """One look at all processes: their ids, and what tells of each what was seen then."""
    seen = snapshot.processes()
    return list(seen), lambda pid: ProcessRecords(pid, seen[pid])


def still_there(records: ProcessRecords) -> bool:
    """Whether the process runs on."""
    return handle.pid_exists(getattr(records, "tgid", records.pid))


class ThreadRecords(ProcessRecords):
    """One thread in the place of its process."""

    def __init__(self, pid: int, entry: snapshot.Entry, thread: Any) -> None:
        super().__init__(thread.UniqueThread, entry)
        self.tgid = pid
        self.times = thread.CreateTime, thread.UserTime, thread.KernelTime


def tids(pid: int) -> list[int]:
    """Ids of the threads of a process."""
    return [thread.UniqueThread for thread in open_process(pid).entry.threads]


def open_thread(pid: int, tid: int) -> ProcessRecords:
    """The records of one thread."""
    entry = open_process(pid).entry
    for thread in entry.threads:
        if thread.UniqueThread == tid:
            return ThreadRecords(pid, entry, thread)
    raise errors.no_such_process()


#: facts are the functions of these modules that take the records alone; the cheap ones to load first
_find = finder(
    "sysutils.core.windows", ("facts", "results", "identity", "scheduling", "usage", "open_files")
)
#: what other systems know by these names, where psutil's mean what Windows has
_AS_ELSEWHERE = {"nice": "niceness", "ionice": "io_class"}


def fact(name: str) -> Callable[[Any], Any] | None:
    """The function that reads a fact, None where there is none; ``nice`` and ``ionice`` as other systems
    know them."""
    return _find(_AS_ELSEWHERE.get(name, name))
