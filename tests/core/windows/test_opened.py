"""Mappings and open files of Windows above stand-in libraries."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from typing import Any

import pytest

from tests.core.windows.machine import (
    Kernel32,
    Library,
    Machine,
    Ntdll,
    Psapi,
    failed,
    put,
    put_u32,
    running,
)

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)

HOME = bytes([127, 0, 0, 1])


def _port(number: int) -> int:
    return number >> 8 | (number & 0xFF) << 8


# --- mappings


class Space(Kernel32):
    """The address space of every process: (start, size, base, protection, state, kind)."""

    regions = (
        (0x10000, 0x2000, 0x10000, 0x04, 0x1000, 0x20000),
        (0x12000, 0x1000, 0x12000, 0x01, 0x2000, 0x20000),  # only reserved
        (0x20000, 0x1000, 0x20000, 0x02, 0x1000, 0x1000000),
        (0x21000, 0x3000, 0x20000, 0x20, 0x1000, 0x1000000),
        (0x30000, 0x1000, 0x30000, 0x04, 0x1000, 0x40000),
        (0x40000, 0x1000, 0x40000, 0x104, 0x1000, 0x20000),
        (0x41000, 0x4000, 0x40000, 0x04, 0x1000, 0x20000),
    )

    def VirtualQueryEx(self, process: int, address: int | None, room: int, size: int) -> int:
        for start, length, base, protection, state, kind in self.regions:
            if (address or 0) < start + length:
                put(room, struct.pack(
                    "<QQI4xQIII4x", start, base, protection, length, state, protection, kind,
                ))  # fmt: skip
                return 48
        return failed(87)

    def GetSystemInfo(self, room: int) -> None:
        put_u32(room + 4, 4096)

    def OpenThread(self, access: int, inherit: int, tid: int) -> int:
        if tid == 202:
            return failed(5)
        self.machine.open[0x7000 + tid] = tid
        return 0x7000 + tid


class Mapper(Psapi):
    def GetMappedFileNameW(self, process: int, address: int, room: int, size: int) -> int:
        if not 0x20000 <= address < 0x24000:
            return failed(998)
        name = "\\Device\\HarddiskVolume3\\bin\\käse.dll".encode("utf-16-le")
        put(room, name)
        return len(name) // 2


class Memory(Ntdll):
    #: entries of the working set; None: not told
    pages: tuple[int, ...] | None = (0x10003, 0x21005, 0x22005, 0x44001)

    def NtQueryInformationThread(self, thread: int, kind: int, room: int, size: int, _: Any) -> int:
        put(room, struct.pack("<i4xQQQQii", 259, 0x9000, 200, 201, 3, 8, 8))
        return 0

    def NtQueryVirtualMemory(
        self, process: int, address: Any, kind: int, room: int, size: int, _: Any
    ) -> int:
        if self.pages is None:
            return 0xC0000003
        put(room, struct.pack(f"<{len(self.pages) + 1}Q", len(self.pages), *self.pages))
        return 0


def _space(machine: Machine) -> dict[str, Any]:
    machine.memory[0x9000] = struct.pack("<QQQ", 0, 0x45000, 0x41000)
    return {"kernel32": Space(machine), "psapi": Mapper(machine), "ntdll": Memory(machine)}


def test_mappings() -> None:
    machine = Machine()
    with running(machine, **_space(machine)) as core:
        found = core.process_mappings(200, {"Rss"})
        dll = "C:\\bin\\käse.dll"
        assert [(row.start, row.end, row.perms, row.offset, row.path) for row in found] == [
            (0x10000, 0x12000, "rw-p", 0, ""), (0x20000, 0x21000, "r--p", 0, dll),
            (0x21000, 0x24000, "r-xp", 0x1000, dll), (0x30000, 0x31000, "rw-s", 0, ""),
            (0x40000, 0x41000, "rw-p", 0, "[stack]"), (0x41000, 0x45000, "rw-p", 0x1000, "[stack]"),
        ]  # fmt: skip
        assert [row.figures for row in found] == [{"Rss": size} for size in (4, 0, 8, 0, 0, 4)]
        assert all(row.figures == {} for row in core.process_mappings(200))
        assert core.process_mappings(4) == []
        with pytest.raises(PermissionError):
            core.process_mappings(100)
        with pytest.raises(ProcessLookupError):
            core.process_mappings(999)


def test_mappings_without_a_working_set() -> None:
    machine = Machine()
    libraries = _space(machine)
    libraries["ntdll"].pages = None
    machine.memory.clear()  # the block of the thread is gone with it
    with running(machine, **libraries) as core:
        found = core.process_mappings(200, None)
        assert [row.figures for row in found] == [{}] * 6
        assert {row.path for row in found} == {"", "C:\\bin\\käse.dll"}


# --- open files

FILES = {
    0x40: (1, "\\Device\\HarddiskVolume3\\tmp\\a b.txt", 0x120089),
    0x44: (1, "\\Device\\HarddiskVolume3\\tmp", 0x100020),
    0x48: (2, "\\Device\\ConDrv\\Input", 0x12019F),
    0x4C: (3, "\\Device\\NamedPipe\\x", 0x120196),
    0x50: (3, "\\Device\\Afd", 0x16019F), 0x54: (3, "\\Device\\Afd", 0x16019F),
    0x58: (0, "", 0),
}  # fmt: skip


class Handles(Kernel32):
    """Process 200 has FILES open, an event, and one that is closed meanwhile."""

    def CreateFileW(self, path: str, *rest: Any) -> int:
        if path == "NUL":
            self.machine.open[0x666] = 0
            return 0x666
        if path == "C:\\gone.dll":
            return failed(2) or 2**64 - 1
        handle = 0x5000 + len(self.machine.calls)
        self.machine.open[handle] = 1
        return handle

    def GetCurrentProcess(self) -> int:
        return 2**64 - 1

    def DuplicateHandle(
        self, process: int, value: int, into: int, place: int, access: int, inherit: int, how: int
    ) -> int:
        if value not in FILES:
            return failed(6)
        copy = 0x10000 + value
        self.machine.open[copy] = 1
        put(place, struct.pack("<Q", copy))
        return 1

    def GetFileType(self, copy: int) -> int:
        return FILES[copy - 0x10000][0]

    def GetFileInformationByHandle(self, file: int, room: int) -> int:
        directory = file == 0x10044
        put(room, struct.pack(
            "<I24x6I", 0x10 if directory else 0x20, 0x5A00BEEF, 1, 7, 2, 3, 0x40 if directory else 0x41,
        ))  # fmt: skip
        return 1

    def GetFileInformationByHandleEx(self, file: int, kind: int, room: int, size: int) -> int:
        return failed(50)


class Objects(Ntdll):
    def NtQueryObject(self, copy: int, kind: int, room: int, size: int, needed: int) -> int:
        name = FILES[copy - 0x10000][1].encode("utf-16-le")
        put(room, struct.pack("<HH4xQ", len(name), len(name), room + 16 if name else 0) + name)
        return 0

    def NtQueryInformationFile(self, file: int, block: int, room: int, size: int, kind: int) -> int:
        assert (kind, size) == (14, 8)
        put(room, struct.pack("<q", 5))
        return 0


class Winsock(Library):
    def getsockopt(self, copy: int, level: int, option: int, room: int, size: int) -> int:
        put_u32(room, 1)
        return 0

    def _end(self, room: int, port: int) -> int:
        put(room, struct.pack("<H", 2) + struct.pack(">H", port) + HOME)
        return 0

    def getsockname(self, copy: int, room: int, size: int) -> int:
        return self._end(room, 80 if copy == 0x10050 else 50000)

    def getpeername(self, copy: int, room: int, size: int) -> int:
        return 0xFFFFFFFF - (1 << 32) if copy == 0x10050 else self._end(room, 80)


class Tables(Library):
    def GetExtendedTcpTable(self, room: int, size: int, order: int, family: int, *_: int) -> int:
        rows = [(2, 80, 0, 200), (5, 50000, 80, 200), (5, 80, 50000, 200), (2, 99, 0, 300)]
        if family != 2:
            rows = []
        data = struct.pack("<I", len(rows)) + b"".join(
            struct.pack("<I4sI4sII", state, HOME, _port(here), HOME, _port(there), pid)
            for state, here, there, pid in rows
        )
        put(room, data)
        return 0

    def GetExtendedUdpTable(self, room: int, size: int, *_: int) -> int:
        put_u32(room, 0)
        return 0


def _handles(own: bool = True) -> bytes:
    rows = [(os.getpid(), 0x666, 0, 37)] if own else []
    rows += [(200, value, access, 37) for value, (_, _, access) in FILES.items()]
    rows += [(200, 0x60, 3, 12), (200, 0x64, 1, 37), (4, 8, 1, 37)]
    data = struct.pack("<QQ", len(rows), 0)
    return data + b"".join(
        struct.pack("<QQQIHHII", 0, pid, value, access, 0, kind, 0, 0)
        for pid, value, access, kind in rows
    )


def _opened(machine: Machine) -> dict[str, object]:
    machine.system[64] = _handles()
    machine.grows[64] = 1

    class Mixed(Handles, Space):
        regions = Space.regions

    return {
        "kernel32": Mixed(machine), "ntdll": Objects(machine), "psapi": Mapper(machine),
        "ws2_32": Winsock(machine), "iphlpapi": Tables(machine),
    }  # fmt: skip


def test_what_a_process_has_open() -> None:
    machine = Machine()
    with running(machine, **_opened(machine)) as core:
        rows = core.open_descriptors(200)
        assert [(row.fd, row.name, row.access) for row in rows[:3]] == [
            ("cwd", "", None), ("txt", "C:\\bin\\shell.exe", None), ("mem", "C:\\bin\\käse.dll", None),
        ]  # fmt: skip
        assert rows[0].error
        named = [(row.fd, row.name, row.access) for row in rows[3:]]
        assert named[:4] == [
            (0x40, "C:\\tmp\\a b.txt", "r"), (0x44, "C:\\tmp", ""), (0x48, "\\Device\\ConDrv\\Input", "u"),
            (0x4C, "\\\\.\\pipe\\x", "w"),
        ]  # fmt: skip
        sockets = core.OpenSockets()
        ends = {}
        for fd, name, _ in named[4:]:
            one = sockets.internet(int(name[8:-1]))
            ends[fd] = (one.laddr.port, one.raddr.port, str(one.status))
        assert ends == {
            0x50: (80, 0, "LISTEN"), 0x54: (50000, 80, "ESTABLISHED"),
            "sock": (80, 50000, "ESTABLISHED"),
        }  # fmt: skip
        file = next(row for row in rows if row.fd == 0x40)
        assert (file.mode, file.device, file.inode) == (stat.S_IFREG, 0x5A00BEEF, 3 << 32 | 0x41)
        assert (file.size, file.offset, file.nlink) == (1 << 32 | 7, 5, 2)
        assert core.Descriptors().count(200) == len(FILES) + 1
        number = int(named[5][1][8:-1])
        assert sockets.other_end(number) == int(named[6][1][8:-1])


def test_open_files_that_may_not_be_seen() -> None:
    machine = Machine()
    with running(machine, **_opened(machine)) as core:
        rows = core.open_descriptors(100, memory=False)
        assert [row.fd for row in rows] == ["cwd", "NOFD"]
        assert all(row.error and row.mode is None for row in rows)
        assert core.Descriptors().of(200, 201) == []
        with pytest.raises(ProcessLookupError):
            core.open_descriptors(999)


@pytest.mark.parametrize("cut", [16, 40, 55, 56, 95, 96])
def test_a_table_of_handles_that_is_cut_off(cut: int) -> None:
    with running(Machine()):
        from sysutils.core.windows.open_files import parse_handles

        found = list(parse_handles(_handles(own=False)[:cut]))
    assert found == [(200, 0x40, 0x120089, 37), (200, 0x44, 0x100020, 37)][: (cut - 16) // 40]
