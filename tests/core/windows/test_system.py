"""CPUs, memory, host, battery, services, sessions of Windows above stand-in libraries."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from tests.core.windows.machine import Library, Machine, failed, put, put_u32, running

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)


def _machine() -> Machine:
    """Two CPUs that count."""
    machine = Machine()
    row = "<5qI4x"
    machine.system[8] = struct.pack(row, 300, 500, 200, 20, 10, 7) + struct.pack(
        row, 400, 500, 300, 40, 30, 8
    )
    machine.system[2] = struct.pack("<78I", *range(78))
    return machine


def test_cpu_times() -> None:
    with running(_machine()) as core:
        assert core.cpu_times(percpu=True) == [
            pytest.approx((2e-5, 2e-5, 3e-5, 1e-6, 2e-6)), pytest.approx((3e-5, 1e-5, 4e-5, 3e-6, 4e-6)),
        ]  # fmt: skip
        assert core.cpu_times() == pytest.approx((50.0, 30.0, 70.0, 4e-6, 6e-6))
        assert core.cpu_times()._fields == ("user", "system", "idle", "interrupt", "dpc")
        assert core.cpu_count() == 2


def test_cpu_stats() -> None:
    machine = _machine()
    machine.grows[2] = 2
    with running(machine) as core:
        from sysutils.core.windows.cpu import SYSTEM_PERFORMANCE_INFORMATION as FORM

        assert FORM.size == 312
        switches, calls = FORM.offset("ContextSwitches") // 4, FORM.offset("SystemCalls") // 4
        assert core.cpu_stats() == (switches, 15, 0, calls)


class Power(Library):
    def CallNtPowerInformation(
        self, kind: int, given: int | None, size: int, room: int, length: int
    ) -> int:
        assert (kind, given, size, length) == (11, None, 0, 48)
        put(room, struct.pack("<6I", 0, 3000, 1800, 3000, 0, 0) * 2)
        return 0


def test_cpu_freq() -> None:
    machine = _machine()
    with running(machine, powrprof=Power(machine)) as core:
        assert core.cpu_freq() == (1800.0, 0.0, 3000.0)
        assert core.cpu_freq(percpu=True) == [(1800.0, 0.0, 3000.0)]
    library = _failing(machine, "CallNtPowerInformation", 0xC0000022)
    with running(machine, powrprof=library) as core, pytest.raises(PermissionError):
        core.cpu_freq()


def _failing(machine: Machine, name: str, code: int) -> Power:
    library = Power(machine)
    machine.fails[name] = code
    return library


class Counters(Library):
    """pdh.dll, whose counters tell ``value``."""

    value = 12.5
    status = 0

    def PdhOpenQueryW(self, source: str | None, user: int | None, query: int) -> int:
        del source, user
        put(query, struct.pack("<Q", 77))
        return 0

    def PdhCloseQuery(self, query: int) -> int:
        assert query == 77
        return 0

    def PdhAddEnglishCounterW(self, query: int, path: str, user: Any, counter: int) -> int:
        del user
        assert (query, path[0]) == (77, "\\")
        put(counter, struct.pack("<Q", 78))
        return self.status

    def PdhCollectQueryData(self, query: int) -> int:
        assert query == 77
        return 0

    def PdhGetFormattedCounterValue(self, counter: int, form: int, kind: Any, room: int) -> int:
        assert (counter, form, kind) == (78, 0x200, None)
        put(room, struct.pack("<I4xd", 0, self.value))
        return 0


def test_memory() -> None:
    machine = Machine()
    with running(machine, pdh=Counters(machine)) as core:
        page = 4096
        assert core.virtual_memory() == (2000 * page, 1500 * page, 25.0, 500 * page, 1500 * page)
        used = int(0.125 * 1000 * page)
        assert core.swap_memory() == (1000 * page, used, 1000 * page - used, 12.5, 0, 0)
        info = core.meminfo()
        assert (info["MemTotal"], info["SwapTotal"], info["SwapFree"]) == (
            2000 * page, 1000 * page, 1000 * page - used,
        )  # fmt: skip


def test_page_files() -> None:
    machine = Machine()
    machine.system[18] = struct.pack("<4IHH4xQ", 32, 100, 10, 50, 0, 0, 0) + struct.pack(
        "<4IHH4xQ", 0, 200, 20, 60, 0, 0, 0
    )
    with running(machine) as core:
        info = core.meminfo()
        assert (info["SwapTotal"], info["SwapFree"]) == (300 * 4096, 270 * 4096)
        from sysutils.core.windows.meminfo import parse_page_files

        assert parse_page_files(b"") == (0, 0)
        assert parse_page_files(machine.system[18][:33]) == (100, 10)


def test_counters_that_are_disabled() -> None:
    machine = Machine()
    counters = Counters(machine)
    counters.status = -0x3FFFF447 & 0xFFFFFFFF
    with running(machine, pdh=counters) as core:
        for ask in (core.swap_memory, core.getloadavg):
            with pytest.raises(RuntimeError, match="performance counters may be disabled"):
                ask()
        assert machine.calls.count("PdhOpenQueryW") == machine.calls.count("PdhCloseQuery") == 2
        assert "SwapTotal" not in core.meminfo()


def test_uptime() -> None:
    with running(Machine()) as core:
        assert core.uptime() == 123.456
        assert core.boot_time() == pytest.approx(core.boot_time(), abs=1)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ((1, 8, 50, 0, 100, 200), (50, -2, True)), ((0, 0, 40, 0, 3600, 9), (40, 3600, False)),
        ((0, 1, 99, 0, 0xFFFFFFFF, 9), (99, -1, False)), ((1, 128, 255, 0, 0, 0), None),
    ],
)  # fmt: skip
def test_battery(status: tuple[int, ...], expected: Any) -> None:
    machine = Machine()
    machine.information[-1] = struct.pack("<4B2I", *status)
    with running(machine) as core:
        assert core.sensors_battery() == expected


class Sessions(Library):
    """wtsapi32.dll: a user here, one from elsewhere, a session that has ended, one without a user."""

    kept: list[Any] = []
    ended = 3

    def _give(self, place: int, data: bytes) -> None:
        room = ctypes.create_string_buffer(data, len(data))
        self.kept.append(room)
        put(place, struct.pack("<Q", ctypes.addressof(room)))

    def WTSEnumerateSessionsW(self, server: Any, a: int, b: int, start: int, count: int) -> int:
        del server, a, b
        self._give(
            start, b"".join(struct.pack("<I4xQI4x", number, 0, 0) for number in (1, 2, 3, 4))
        )
        put_u32(count, 4)
        return 1

    def WTSQuerySessionInformationW(
        self, server: Any, session: int, kind: int, start: int, length: int
    ) -> int:
        del server
        if session == self.ended:
            return failed(7022)
        names = {1: "alice", 2: "böb", 4: ""}
        address = struct.pack("<I", 2) + bytes([0, 0, 10, 0, 0, 9]) + bytes(14)
        data = {
            5: names[session].encode("utf-16-le") + b"\0\0",
            14: bytes(24) if session == 1 else address,
            24: bytes(176) + struct.pack("<5q", 116444736000000000 + session * 10**7, 0, 0, 0, 0),
        }[kind]
        self._give(start, data)
        put_u32(length, len(data))
        return 1

    def WTSFreeMemory(self, address: int) -> None:
        del address


def test_users() -> None:
    machine = Machine()
    with running(machine, wtsapi32=Sessions(machine)) as core:
        assert core.users() == [
            ("alice", None, None, 1.0, None),
            ("böb", None, "10.0.0.9", 2.0, None),
        ]
        assert core.user_count() == 2
        assert (
            machine.calls.count("WTSFreeMemory")
            == machine.calls.count("WTSQuerySessionInformationW")
            + machine.calls.count("WTSEnumerateSessionsW")
            - 2
        )
