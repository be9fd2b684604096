"""Disks, counters of processes and sessions of Windows above stand-in libraries."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from tests.core.windows.machine import (
    DENIED,
    EPOCH,
    Kernel32,
    Machine,
    Proc,
    failed,
    put,
    running,
)

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)


class Disk(Kernel32):
    def CreateFileW(self, path: str, *rest: Any) -> int:
        if path != r"\\.\PhysicalDrive0":
            return 2**64 - 1
        self.machine.open[0x777] = 1
        return 0x777

    def DeviceIoControl(
        self, disk: int, code: int, given: Any, size: int, room: int, most: int, length: int, _: Any
    ) -> int:
        booted = EPOCH + 1000 * 10_000_000
        put(room, struct.pack(
            "<5q4IqI16s", 1 << 40, 2048, 30_000_000, 10_000_000, 60 * 10_000_000, 10, 20, 3, 1,
            booted + 100 * 10_000_000, 0, bytes(16),
        ))  # fmt: skip
        return 1


def test_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    with running(machine, kernel32=Disk(machine)) as core:
        from sysutils.core.windows import clock

        monkeypatch.setattr(clock, "_boot_time", 1000.0)
        statistics = core.BlockStatistics()
        (row,) = statistics.devices()
        assert (row.name, row.read_ios, row.write_ios) == ("PhysicalDrive0", 10, 20)
        assert (row.read_sectors, row.write_sectors) == (1 << 31, 4)
        assert (row.read_ticks, row.write_ticks, row.time_in_queue) == (3000, 1000, 4000)
        assert (row.in_flight, row.io_ticks) == (3, 40_000)  # 100 seconds, of which 60 were idle
        assert statistics.device("PhysicalDrive0") == row
        assert statistics.device("PhysicalDrive1") is None
        assert core.device_name(r"\\.\PhysicalDrive0") == "PhysicalDrive0"
        with pytest.raises(NotImplementedError):
            core.BlockStatistics("/sys/block")


def test_what_processes_read_and_wrote_is_one_look_a_round() -> None:
    machine = Machine()
    with running(machine) as core:
        stats = core.TaskStats()
        assert not stats.per_thread
        for _ in range(3):
            assert {stats.thread(pid) for pid in (4, 100, 200)} == {(1, 2, 11, 22, 3, 33)}
        assert machine.calls == ["NtQuerySystemInformation"] * 3
        del machine.processes[200]
        with pytest.raises(core.NoSuchProcess):
            stats.thread(200)


def test_sessions_of_which_little_is_told() -> None:
    from tests.core.windows.test_system import Sessions

    class Silent(Sessions):
        def WTSQuerySessionInformationW(
            self, server: Any, session: int, kind: int, start: int, length: int
        ) -> int:
            if kind != 5:
                return failed(120)
            return super().WTSQuerySessionInformationW(server, session, kind, start, length)

    machine = Machine(Proc(8, created=EPOCH + 70_000_000), Proc(12, created=EPOCH + 50_000_000))
    look = machine.look

    def of_session_one(address: int) -> bytes:
        from sysutils.core.windows.snapshot import SYSTEM_PROCESS_INFORMATION as HEAD

        data, at = bytearray(look(address)), 0
        while True:
            struct.pack_into("<I", data, at + HEAD.offset("SessionId"), 1)
            (step,) = struct.unpack_from("<I", data, at)
            if not step:
                return bytes(data)
            at += step

    machine.look = of_session_one  # type: ignore[method-assign]
    machine.fails["LookupAccountSidW"] = DENIED
    with running(machine, wtsapi32=Silent(machine)) as core:
        assert core.users() == [("alice", None, None, 5.0, None)]
