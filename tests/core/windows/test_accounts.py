"""Users and I/O priorities of Windows above stand-in libraries."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Any

import pytest

from tests.core.windows.machine import (
    Kernel32,
    Library,
    Machine,
    Ntdll,
    failed,
    put,
    put_u32,
    running,
)

pytestmark = pytest.mark.skipif(
    ctypes.sizeof(ctypes.c_void_p) != 8, reason="the stand-ins lay out 64-bit structures"
)

# --- users


SIDS = {
    "SYSTEM": ("NT AUTHORITY", bytes([1, 1, 0, 0, 0, 0, 0, 5]) + struct.pack("<I", 18), 5),
    "Administrators": ("BUILTIN", bytes([1, 2, 0, 0, 0, 0, 0, 5]) + struct.pack("<2I", 32, 544), 4),
    "alice": ("HOST", bytes([1, 5, 0, 0, 0, 0, 0, 5]) + struct.pack("<5I", 21, 1, 2, 3, 1001), 1),
    "bob": ("CORP", bytes([1, 5, 0, 0, 0, 0, 0, 5]) + struct.pack("<5I", 21, 7, 8, 9, 1234), 1),
    "HOST": ("HOST", bytes([1, 4, 0, 0, 0, 0, 0, 5]) + struct.pack("<4I", 21, 1, 2, 3), 3),
}  # fmt: skip


class Advapi32(Library):
    """Processes run as alice, 300 as bob of another domain, their group is Administrators."""

    kept: list[Any] = []

    def OpenProcessToken(self, process: int, access: int, token: int) -> int:
        handle = 0x9000 + len(self.machine.calls)
        self.machine.open[handle] = self.machine.open[process]
        put(token, struct.pack("<Q", handle))
        return 1

    def GetTokenInformation(self, token: int, kind: int, room: int, size: int, needed: int) -> int:
        owner = "bob" if self.machine.open[token] == 300 else "alice"
        sid = SIDS[owner if kind == 1 else "Administrators"][1]
        put(room, struct.pack("<QI4x", room + 16, 0) + sid)
        return 1

    def GetLengthSid(self, address: int) -> int:
        return 8 + 4 * ctypes.string_at(address, 2)[1]

    def _text(self, room: int, length: int, text: str) -> None:
        put(room, text.encode("utf-16-le") + b"\0\0")
        put_u32(length, len(text))

    def LookupAccountSidW(
        self, _: Any, sid: int, name: int, size: int, domain: int, length: int, kind: int
    ) -> int:
        data = ctypes.string_at(sid, 8 + 4 * ctypes.string_at(sid, 2)[1])
        for account, (home, known, use) in SIDS.items():
            if known == data:
                self._text(name, size, account)
                self._text(domain, length, home)
                put_u32(kind, use)
                return 1
        return failed(1332)

    def LookupAccountNameW(
        self, _: Any, name: str, sid: int, size: int, domain: int, length: int, kind: int
    ) -> int:
        home, backslash, account = name.rpartition("\\")
        for known, (where, data, use) in SIDS.items():
            if known.lower() == account.lower() and (not backslash or home.upper() == where):
                put(sid, data)
                put_u32(kind, use)
                return 1
        return failed(1332)


class Named(Kernel32):
    def GetComputerNameW(self, room: int, size: int) -> int:
        put(room, "HOST".encode("utf-16-le") + b"\0\0")
        return 1


def _with_users(machine: Machine) -> dict[str, object]:
    return {"advapi32": Advapi32(machine), "kernel32": Named(machine)}


def test_users_have_cygwin_s_numbers() -> None:
    machine = Machine()
    with running(machine, **_with_users(machine)) as core:
        assert core.user_id("SYSTEM") == core.user_id("nt authority\\system") == 18
        assert core.group_id("Administrators") == 544
        assert core.user_id("alice") == core.user_id("HOST\\alice") == 0x30000 + 1001
        assert core.user_name(0x30000 + 1001) == "HOST\\alice"
        assert core.user_name(18) == "NT AUTHORITY\\SYSTEM"
        assert core.group_name(544) == "BUILTIN\\Administrators"
        assert core.user_name(0x100000 + 1234) is None  # not met yet
        assert core.user_id("CORP\\bob") == 0x100000 + 1234
        assert core.user_name(0x100000 + 1234) == "CORP\\bob"
        assert core.user_id("nobody") is core.user_id("") is core.user_id("Administrators") is None
        assert core.user_name(0x30000 + 4242) is core.user_name(999) is core.user_name(-1) is None


def test_numbers_of_other_identifiers() -> None:
    machine = Machine()
    with running(machine, **_with_users(machine)):
        from sysutils.core.windows.users import make_sid, number_of, parse_sid

        assert number_of(make_sid(5, 5, 0, 77)) == 0xFFF  # a logon session
        assert number_of(make_sid(1, 0)) == 0x10100  # Everyone
        assert number_of(make_sid(5, 64, 10)) == 0x4000A  # NTLM authentication
        assert 0 <= number_of(make_sid(5, 80, 1, 2, 3, 4, 2**32 - 1)) < 1 << 31
        assert parse_sid(make_sid(5, 32, 544)[:10]) == (5, [])


def test_whose_a_process_is() -> None:
    machine = Machine()
    with running(machine, **_with_users(machine)) as core:
        rows = {row.pid: row for row in core.process_table(("pid", "euid", "egid", "tgid"))}
        assert [row.euid for row in rows.values()] == [
            18, 18, None, 0x30000 + 1001, 0x100000 + 1234,
        ]  # fmt: skip
        assert rows[200].egid == 544


# --- I/O priority


class Priorities(Ntdll):
    def NtSetInformationProcess(self, handle: int, kind: int, address: int, size: int) -> int:
        assert (kind, size) == (33, 4)
        if self.machine.of_handle(handle) is None:
            return 0xC0000008
        self.machine.information[33] = ctypes.string_at(address, 4)
        return 0


@pytest.mark.parametrize(
    ("wanted", "windows", "told"),
    [
        ((3, 7), 0, (3, 7)), ((2, 7), 1, (2, 7)), ((2, 5), 1, (2, 7)), ((2, 4), 2, (2, 4)),
        ((2, 0), 2, (2, 4)), ((0, 0), 2, (2, 4)), ((1, 0), 3, (1, 4)),
    ],
)  # fmt: skip
def test_io_priorities(wanted: tuple[int, int], windows: int, told: tuple[int, int]) -> None:
    machine = Machine()
    with running(machine, ntdll=Priorities(machine)) as core:
        core.set_io_priority(1, 200, wanted[0] << 13 | wanted[1])
        assert machine.information[33] == struct.pack("<I", windows)
        assert core.io_priority(1, 200) == told[0] << 13 | told[1]
        assert next(core.process_table(["ionice"], [200])).ionice == told


def test_io_priorities_of_users_and_groups() -> None:
    machine = Machine()
    machine.information[33] = struct.pack("<I", 1)
    with running(machine, **{**_with_users(machine), "ntdll": Priorities(machine)}) as core:
        assert core.io_priority(3, 0x30000 + 1001) == 2 << 13 | 7
        with pytest.raises(ProcessLookupError):
            core.io_priority(3, 4711)
        with pytest.raises(NotImplementedError, match="process groups: not supported on Windows"):
            core.io_priority(2, 1)
        for value in (4 << 13, 2 << 13 | 8):
            with pytest.raises(OSError, match=os.strerror(22)):
                core.set_io_priority(1, 200, value)
        with pytest.raises(PermissionError):
            core.io_priority(1, 100)
        with pytest.raises(ProcessLookupError):
            core.io_priority(1, 999)
