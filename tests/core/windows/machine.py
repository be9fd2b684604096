"""A Windows machine of a test's own: stand-ins for its libraries, which count the handles they give out.

``with machine.running(Machine(...)) as core:`` is the library above it."""

from __future__ import annotations

import ctypes
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

EPOCH = 116444736000000000
BOOTED = 1_700_000_000  # seconds since the epoch
#: NTSTATUS of what may not be looked at, does not exist, is unknown, is too small
DENIED, NO_CLIENT, UNKNOWN, TOO_SMALL = 0xC0000022, 0xC000000B, 0xC0000003, 0xC0000004
_DOS = {DENIED: 5, NO_CLIENT: 87, UNKNOWN: 87, TOO_SMALL: 24, 0xC0000008: 6, 0xC000000D: 87}
_HANDLE = 0x1000


class Proc(NamedTuple):
    """One process; times in 100 ns."""

    pid: int
    ppid: int = 4
    name: str = "app.exe"
    created: int = EPOCH + (BOOTED + 60) * 10_000_000
    user: int = 15_000_000
    kernel: int = 5_000_000
    threads: tuple[tuple[int, int, int], ...] = ((1, 2, 0),)  # id, state, wait reason
    handles: int = 42
    #: False: OpenProcess is forbidden
    rights: bool = True
    exit_code: int = 259
    command_line: str = 'app.exe "a b"'


MACHINE = (
    Proc(0, 0, "", 0, 0, 10**10, rights=False),
    Proc(4, 0, "System", EPOCH + BOOTED * 10_000_000, rights=False),
    Proc(100, 4, "services.exe", rights=False),
    Proc(200, 100, "shell.exe", threads=((201, 2, 0), (202, 5, 6))),
    Proc(300, 200, "käse☃.exe", threads=((301, 5, 5), (302, 5, 5))),
)


class Machine:
    """What the libraries know; tests change it."""

    def __init__(self, *processes: Proc) -> None:
        self.processes = {process.pid: process for process in processes or MACHINE}
        self.open: dict[int, int] = {}
        self.calls: list[str] = []
        #: classes of NtQuerySystemInformation that grow so often between two tries
        self.grows: dict[int, int] = {}
        #: function -> the error it fails with
        self.fails: dict[str, int] = {}
        #: memory of processes: address -> bytes
        self.memory: dict[int, bytes] = {}
        #: class of NtQueryInformationProcess -> what it tells
        self.information: dict[int, bytes] = {}
        #: class of NtQuerySystemInformation -> what it tells
        self.system: dict[int, bytes] = {}

    def look(self, address: int) -> bytes:
        """A SystemProcessInformation buffer that lies at ``address``."""
        from sysutils.core.windows.snapshot import (
            SYSTEM_PROCESS_INFORMATION as HEAD,
        )
        from sysutils.core.windows.snapshot import SYSTEM_THREAD_INFORMATION as THREAD

        data = b""
        for place, one in enumerate(self.processes.values()):
            rows = b"".join(
                THREAD.pack(
                    UniqueProcess=one.pid, UniqueThread=tid, ThreadState=state, WaitReason=reason,
                    ContextSwitches=10, UserTime=10_000_000, KernelTime=20_000_000,
                )
                for tid, state, reason in one.threads
            )  # fmt: skip
            name = one.name.encode("utf-16-le", "surrogatepass")
            size = -(-(HEAD.size + len(rows) + len(name) + 2) // 8) * 8
            head = HEAD.pack(
                NextEntryOffset=size if place < len(self.processes) - 1 else 0,
                NumberOfThreads=len(one.threads), CreateTime=one.created, UserTime=one.user,
                KernelTime=one.kernel, ImageName_Length=len(name), ImageName_MaximumLength=len(name) + 2,
                ImageName_Buffer=address + len(data) + HEAD.size + len(rows) if name else 0,
                UniqueProcessId=one.pid, InheritedFromUniqueProcessId=one.ppid, HandleCount=one.handles,
                VirtualSize=9000, PeakVirtualSize=9999, PageFaultCount=70, PeakWorkingSetSize=8192,
                WorkingSetSize=4096, QuotaPeakPagedPoolUsage=5, QuotaPagedPoolUsage=4,
                QuotaPeakNonPagedPoolUsage=3, QuotaNonPagedPoolUsage=2, PagefileUsage=6000,
                PeakPagefileUsage=7000, PrivatePageCount=6001, HardFaultCount=20,
                ReadOperationCount=1, WriteOperationCount=2, OtherOperationCount=3,
                ReadTransferCount=11, WriteTransferCount=22, OtherTransferCount=33,
            )  # fmt: skip
            data += (head + rows + name).ljust(size, b"\0")
        return data

    def of_handle(self, handle: int) -> Proc | None:
        return self.processes.get(self.open.get(handle, -1))

    def libraries(self) -> dict[str, object]:
        return {"kernel32": Kernel32(self), "ntdll": Ntdll(self), "psapi": Psapi(self)}


def put(address: int, data: bytes) -> None:
    ctypes.memmove(address, data, len(data))


def put_u32(address: int | None, value: int) -> None:
    if address:
        put(address, struct.pack("<I", value))


class Library:
    """Functions of a library; one that is in ``machine.fails`` fails."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name[0].islower() or name[0] == "_":
            return found
        machine = self.machine

        def call(*arguments: Any) -> Any:
            machine.calls.append(name)
            if name in machine.fails:
                code = machine.fails[name]
                return code if code > 0xFFFF else failed(code)
            return found(*arguments)

        return call


def failed(code: int) -> int:
    ctypes.set_errno(code)
    return 0


class Kernel32(Library):
    def OpenProcess(self, access: int, inherit: int, pid: int) -> int:
        del inherit
        assert access & 0x1000
        one = self.machine.processes.get(pid)
        if one is None or pid == 0:
            return failed(87)
        if not one.rights:
            return failed(5)
        handle = _HANDLE + len(self.machine.calls)
        self.machine.open[handle] = pid
        return handle

    def CloseHandle(self, handle: int) -> int:
        return int(self.machine.open.pop(handle, None) is not None)

    def GetExitCodeProcess(self, handle: int, address: int) -> int:
        one = self.machine.of_handle(handle)
        put_u32(address, one.exit_code if one else 0)
        return 1

    def GetProcessTimes(self, handle: int, *addresses: int) -> int:
        one = self.machine.of_handle(handle)
        assert one is not None
        for address, value in zip(addresses, (one.created, 0, one.kernel, one.user), strict=True):
            put(address, struct.pack("<Q", value))
        return 1

    def GetProcessIoCounters(self, handle: int, address: int) -> int:
        put(address, struct.pack("<6Q", 1, 2, 3, 11, 22, 33))
        return int(handle in self.machine.open)

    def GetProcessHandleCount(self, handle: int, address: int) -> int:
        one = self.machine.of_handle(handle)
        put_u32(address, one.handles if one else 0)
        return 1

    def GetTickCount64(self) -> int:
        return 123_456

    def GetLogicalDrives(self) -> int:
        return 0b1100

    def QueryDosDeviceW(self, drive: str, address: int, length: int) -> int:
        del length
        name = f"\\Device\\HarddiskVolume{ord(drive[0]) - 64}\0\0".encode("utf-16-le")
        put(address, name)
        return len(name) // 2

    def ReadProcessMemory(
        self, handle: int, address: int, room: int, size: int, read: int | None
    ) -> int:
        del handle, read
        for start, data in self.machine.memory.items():
            if start <= address and address + size <= start + len(data):
                put(room, data[address - start : address - start + size])
                return 1
        return failed(299)

    def GetActiveProcessorCount(self, group: int) -> int:
        assert group == 0xFFFF
        return 2

    def GetSystemTimes(self, idle: int, kernel: int, user: int) -> int:
        for address, value in ((idle, 70), (kernel, 100), (user, 50)):
            put(address, struct.pack("<Q", value * 10_000_000))
        return 1

    def GetPriorityClass(self, handle: int) -> int:
        return 0x20 if handle in self.machine.open else failed(6)

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:
        del milliseconds
        one = self.machine.of_handle(handle)
        return 258 if one is not None and one.exit_code == 259 else 0

    def TerminateProcess(self, handle: int, code: int) -> int:
        pid = self.machine.open[handle]
        self.machine.processes[pid] = self.machine.processes[pid]._replace(exit_code=code)
        return 1

    def GetSystemPowerStatus(self, address: int) -> int:
        put(address, self.machine.information[-1])
        return 1


class Psapi(Library):
    def GetProcessMemoryInfo(self, handle: int, address: int, size: int) -> int:
        assert handle in self.machine.open
        values = (8192, 4096, 5, 4, 3, 2, 6000, 7000, 6001)
        wide = ctypes.sizeof(ctypes.c_void_p) == 8
        put(address, struct.pack("<II" + ("9Q" if wide else "9I"), size, 70, *values))
        return 1

    def GetPerformanceInfo(self, address: int, size: int) -> int:
        values = (500, 3000, 900, 2000, 1500, 1, 2, 3, 4, 4096)
        put(address, struct.pack("<I4x10Q3I", size, *values, 9, 8, 7))
        return 1


class Ntdll(Library):
    def RtlNtStatusToDosError(self, status: int) -> int:
        return _DOS.get(status, 317)

    def NtQuerySystemInformation(
        self, kind: int, address: int, size: int, needed: int | None
    ) -> int:
        machine = self.machine
        if kind == 88:
            return self._image(address)
        data = machine.look(address) if kind == 5 else machine.system.get(kind)
        if data is None:
            return UNKNOWN
        grows = machine.grows.get(kind, 0)
        if size < len(data) or grows:
            machine.grows[kind] = max(0, grows - 1)
            put_u32(needed, len(data))
            return TOO_SMALL
        put(address, data)
        put_u32(needed, len(data))
        return 0

    def _image(self, address: int) -> int:
        pid, _, most, buffer = struct.unpack("<QHH4xQ", ctypes.string_at(address, 24))
        one = self.machine.processes.get(pid)
        if one is None:
            return NO_CLIENT
        path = f"\\Device\\HarddiskVolume3\\bin\\{one.name}" if pid > 4 else ""
        name = path.encode("utf-16-le", "surrogatepass")
        if len(name) > most:
            put(address, struct.pack("<QHH4xQ", pid, 0, len(name), buffer))
            return TOO_SMALL
        put(buffer, name)
        put(address, struct.pack("<QHH4xQ", pid, len(name), most, buffer))
        return 0

    def NtQueryInformationProcess(
        self, handle: int, kind: int, address: int, size: int, needed: int | None
    ) -> int:
        one = self.machine.of_handle(handle)
        if one is None and handle not in {-1, 2**64 - 1}:
            return 0xC0000008
        data = self.machine.information.get(kind)
        if kind == 0 and one is not None and data is None:
            data = struct.pack("<i4xQQi4xQQ", 259, 0x5000, 3, 8, one.pid, one.ppid)
        if kind == 60 and one is not None and data is None:
            text = one.command_line.encode("utf-16-le", "surrogatepass")
            data = struct.pack("<HH4xQ", len(text), len(text), address + 16) + text
        if data is None:
            return UNKNOWN
        put_u32(needed, len(data))
        if size < len(data):
            return TOO_SMALL
        put(address, data)
        return 0


@contextmanager
def running(machine: Machine, **more: object) -> Iterator[ModuleType]:
    """The library on ``machine``; in the end nothing that was opened is open."""
    with elsewhere.system("win32") as core:
        native: Any = __import__("sysutils.core._native", fromlist=["replace"])
        for name, library in {**machine.libraries(), **more}.items():
            native.replace(name, library)
        yield core
    assert not machine.open, "handles that nobody closed"


def recorded(call: Callable[[], Any]) -> Any:
    """The value, or the error's class and attributes."""
    try:
        return call()
    except Exception as error:
        return type(error).__name__, getattr(error, "pid", None)
