"""Services and drives of Windows above stand-in libraries."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from tests.core.windows.machine import Library, Machine, failed, put, put_u32, running

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)

#: name -> display name, program, account, start type, state, pid, description
SERVICES = {
    "Eventlog": ("Event Log", "C:\\svchost.exe -k x", "LocalSystem", 2, 4, 132, "keeps events"),
    "Käse": ("", "C:\\käse.exe", "NT AUTHORITY\\LocalService", 3, 1, 0, ""),
    "Disabled": ("Off", "off.exe", "LocalSystem", 4, 7, 0, "x" * 5000),
}


class Advapi(Library):
    """The service manager; ``forbidden`` services may not be opened."""

    def __init__(self, machine: Machine, forbidden: str = "") -> None:
        super().__init__(machine)
        self.forbidden = forbidden
        self.kept: list[Any] = []
        self.opened: dict[int, str] = {}

    def _text(self, text: str) -> int:
        data = text.encode("utf-16-le") + b"\0\0"
        self.kept.append(ctypes.create_string_buffer(data, len(data)))
        return ctypes.addressof(self.kept[-1])

    def _give(self, data: bytes, room: int, size: int, needed: int, short: int = 122) -> int:
        put_u32(needed, len(data))
        if size < len(data):
            return failed(short)
        put(room, data)
        return 1

    def OpenSCManagerW(self, machine: Any, base: Any, access: int) -> int:
        del machine, base
        assert access & 1
        return self._handle("")

    def _handle(self, name: str) -> int:
        number = 1000 + len(self.machine.calls)
        self.opened[number] = name
        return number

    def OpenServiceW(self, manager: int, name: str, access: int) -> int:
        del access
        assert manager in self.opened
        if name == self.forbidden:
            return failed(5)
        return self._handle(name) if name in SERVICES else failed(1060)

    def CloseServiceHandle(self, handle: int) -> int:
        del self.opened[handle]
        return 1

    def EnumServicesStatusExW(
        self, manager: int, level: int, kind: int, state: int, room: int, size: int, needed: int,
        count: int, resume: int, group: Any,
    ) -> int:  # fmt: skip
        del resume, group
        assert (self.opened[manager], level, kind, state) == ("", 0, 0x30, 3)
        rows = [
            struct.pack("<QQ9I4x", self._text(name), self._text(told[0]), *[0] * 9)
            for name, told in SERVICES.items()
        ] * 60  # more than the first room holds
        put_u32(count, len(rows))
        return self._give(b"".join(rows), room, size, needed, 234)

    def QueryServiceConfigW(self, service: int, room: int, size: int, needed: int) -> int:
        display, program, account, start, _, _, _ = SERVICES[self.opened[service]]
        data = struct.pack(
            "<3I4xQQI4xQQQ", 0x10, start, 1, self._text(program), 0, 0, 0, self._text(account),
            self._text(display),
        )  # fmt: skip
        return self._give(data, room, size, needed)

    def QueryServiceConfig2W(
        self, service: int, level: int, room: int, size: int, needed: int
    ) -> int:
        assert level == 1
        text = SERVICES[self.opened[service]][-1]
        return self._give(struct.pack("<Q", self._text(text) if text else 0), room, size, needed)

    def QueryServiceStatusEx(
        self, service: int, level: int, room: int, size: int, needed: int
    ) -> int:
        assert level == 0
        _, _, _, _, state, pid, _ = SERVICES[self.opened[service]]
        return self._give(
            struct.pack("<9I", 0x10, state, 0, 0, 0, 0, 0, pid, 0), room, size, needed
        )


def test_all_services() -> None:
    library = Advapi(machine := Machine())
    with running(machine, advapi32=library) as core:
        found = list(core.win_service_iter())
        assert len(found) == 180
        assert [service.name() for service in found[:3]] == list(SERVICES)
        assert found[0].as_dict() == {
            "name": "Eventlog", "display_name": "Event Log", "binpath": "C:\\svchost.exe -k x",
            "username": "LocalSystem", "start_type": "automatic", "status": "running", "pid": 132,
            "description": "keeps events",
        }  # fmt: skip
        assert (found[1].pid(), found[1].status(), found[1].start_type()) == (
            None,
            "stopped",
            "manual",
        )
        assert (found[2].status(), found[2].start_type()) == ("paused", "disabled")
        assert len(found[2].description()) == 5000
        assert found[1].description() == ""
        assert str(found[0]) == "WindowsService(name='Eventlog', display_name='Event Log')"
        assert core.win_service_get("Eventlog") == found[0]
    assert library.opened == {}


def test_a_service_that_is_not_there() -> None:
    library = Advapi(machine := Machine())
    with running(machine, advapi32=library) as core:
        with pytest.raises(core.NoSuchProcess) as caught:
            core.win_service_get("nope")
        assert str(caught.value) == "service 'nope' does not exist (name='nope')"
    assert library.opened == {}


def test_a_service_that_may_not_be_asked() -> None:
    library = Advapi(machine := Machine(), forbidden="Käse")
    with running(machine, advapi32=library) as core:
        with pytest.raises(core.AccessDenied) as caught:
            core.win_service_get("Käse")
        assert caught.value.name == "Käse"
    assert library.opened == {}
