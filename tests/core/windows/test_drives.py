"""Drives, disks and open handles of Windows above a stand-in for kernel32.dll."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from tests.core.windows.machine import Kernel32, Machine, failed, put, put_u32, running

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)

NOWHERE = 2**64 - 1  # INVALID_HANDLE_VALUE
#: drive -> its type, file system and flags; None without a medium
DRIVES: dict[str, tuple[int, tuple[str, int] | None]] = {
    "A:\\": (2, None), "C:\\": (3, ("NTFS", 0x8000)), "D:\\": (5, None), "E:\\": (5, ("CDFS", 0x80000)),
    "F:\\": (2, ("FAT32", 0)), "G:\\": (4, None), "H:\\": (1, None),
}  # fmt: skip


class Drives(Kernel32):
    """Seven drives; a volume is mounted at a directory of C:, and disk 1 does not count."""

    def GetLogicalDrives(self) -> int:
        return sum(1 << ord(drive[0]) - 65 for drive in DRIVES)

    def GetDriveTypeW(self, root: str) -> int:
        return DRIVES[root][0]

    def SetThreadErrorMode(self, mode: int, before: int | None) -> int:
        put_u32(before, 5)
        assert mode in {1, 5}
        return 1

    def GetVolumeInformationW(
        self,
        root: str,
        name: Any,
        length: int,
        serial: Any,
        longest: Any,
        flags: int,
        kind: int,
        size: int,
    ) -> int:
        del name, length, serial, longest, size
        volume = DRIVES[root][1]
        if volume is None:
            return failed(21)
        put(kind, volume[0].encode("utf-16-le") + b"\0\0")
        put_u32(flags, volume[1])
        return 1

    def FindFirstVolumeMountPointW(self, root: str, name: int, size: int) -> int:
        del size
        if root != "C:\\":
            failed(18)
            return NOWHERE
        put(name, "mnt\\data\\\0".encode("utf-16-le"))
        return 55

    def FindNextVolumeMountPointW(self, search: int, name: int, size: int) -> int:
        del name, size
        assert search == 55
        return failed(18)

    def FindVolumeMountPointClose(self, search: int) -> int:
        assert search == 55
        return 1

    def GetDiskFreeSpaceExW(self, path: str, ours: int, total: int, free: int) -> int:
        if not path.startswith("C:"):
            return failed(3)
        for address, value in ((ours, 30), (total, 100), (free, 40)):
            put(address, struct.pack("<Q", value))
        return 1

    def CreateFileW(self, path: str, *rest: Any) -> int:
        del rest
        if path not in {"\\\\.\\PhysicalDrive0", "\\\\.\\PhysicalDrive1", "\\\\.\\PhysicalDrive2"}:
            failed(2)
            return NOWHERE
        handle = 9000 + int(path[-1])
        self.machine.open[handle] = -handle
        return handle

    def DeviceIoControl(
        self,
        disk: int,
        code: int,
        given: Any,
        size: int,
        room: int,
        length: int,
        done: int,
        late: Any,
    ) -> int:
        del given, size, late
        assert (code, length) == (0x70020, 88)
        if disk == 9001:
            return failed(31)
        data = struct.pack("<5q4I", 1000, 2000, 30_000, 40_000, 0, 5, 6, 0, 0)
        put(room, data.ljust(88, b"\0"))
        put_u32(done, 88)
        return 1


def _running() -> Any:
    machine = Machine()
    return running(machine, kernel32=Drives(machine))


def test_partitions() -> None:
    with _running() as core:
        assert [tuple(part) for part in core.disk_partitions()] == [
            ("C:\\", "C:\\mnt\\data\\", "NTFS", "rw,compressed,fixed"),
            ("C:\\", "C:\\", "NTFS", "rw,compressed,fixed"),
            ("E:\\", "E:\\", "CDFS", "ro,cdrom"),
            ("F:\\", "F:\\", "FAT32", "rw,removable"),
            ("G:\\", "G:\\", "", "remote"),
        ]
        everything = core.disk_partitions(all=True)
        assert [part.device[0] for part in everything] == list("ACCDEFGH")
        assert [everything[place].opts for place in (0, 3, 7)] == [
            "removable",
            "cdrom",
            "unmounted",
        ]


def test_usage() -> None:
    with _running() as core:
        assert core.disk_usage("C:\\x") == (100, 60, 40, 60.0)
        assert core.disk_usage("C:\\x", timeout=5) == (100, 60, 40, 60.0)
        with pytest.raises(FileNotFoundError) as caught:
            core.disk_usage("Q:\\")
        assert caught.value.filename == "Q:\\"


def test_disks() -> None:
    one = (5, 6, 1000, 2000, 3, 4)
    with _running() as core:
        assert core.disk_io_counters(perdisk=True) == {"PhysicalDrive0": one, "PhysicalDrive2": one}
        assert core.disk_io_counters() == tuple(2 * value for value in one)


@pytest.mark.parametrize("cut", [None, 0, 40, 56])
def test_handles_of_a_process(cut: int | None) -> None:
    from sysutils.core.windows.open_files import handles_of

    rows = [(1, 4, 0x10), (2, 200, 0x20), (3, 200, 0x24), (4, 300, 0x28)]
    data = struct.pack("<QQ", len(rows), 0)
    data += b"".join(struct.pack("<QQQIHHII", *row, 0, 0, 0, 0, 0) for row in rows)
    room = data if cut is None else data[: 16 + cut]
    assert handles_of(room, 200) == ([0x20, 0x24] if cut is None else [])
