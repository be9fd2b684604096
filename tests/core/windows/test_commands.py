"""What the commands ask of Windows beyond psutil's API, above stand-ins for its libraries."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from typing import Any

import pytest

from tests.core.windows.machine import (
    DENIED,
    EPOCH,
    Kernel32,
    Library,
    Machine,
    Ntdll,
    Proc,
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


# --- routes and protocols


def _sockaddr(address: bytes) -> bytes:
    if len(address) == 4:
        return struct.pack("<HH4s20x", 2, 0, address)
    return struct.pack("<HHI16sI", 23, 0, 0, address, 0)


def _route(index: int, to: bytes, length: int, by: bytes, metric: int) -> bytes:
    return struct.pack(
        "<QI28sB3x28sB3xIIII4BII", 0, index, _sockaddr(to), length, _sockaddr(by), 0, 0, 0, metric, 3,
        0, 0, 0, 1, 0, 0,
    )  # fmt: skip


class Iphlpapi(Library):
    """Routes, counters of the protocols, and the two adapters that routes lead by."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.routes: dict[int, list[bytes]] = {
            2: [_route(5, bytes(4), 0, bytes([10, 0, 0, 1]), 25),
                _route(5, bytes([10, 0, 0, 7]), 32, bytes(4), 281),
                _route(77, bytes([224, 0, 0, 0]), 4, bytes(4), 331)],
            23: [_route(5, bytes(16), 0, b"\xfe\x80" + bytes(13) + b"\1", 2**32 - 1)],
        }  # fmt: skip
        self.kept: list[Any] = []
        self.freed = 0

    def GetIpForwardTable2(self, family: int, start: int) -> int:
        rows = self.routes.get(family)
        if rows is None:
            return 1168
        data = struct.pack("<I4x", len(rows)) + b"".join(rows)
        self.kept.append(ctypes.create_string_buffer(data, len(data)))
        put(start, struct.pack("<Q", ctypes.addressof(self.kept[-1])))
        return 0

    def FreeMibTable(self, address: int) -> None:
        assert address == ctypes.addressof(self.kept[-1])
        self.freed += 1

    def GetAdaptersAddresses(self, family: int, flags: int, _: Any, room: int, size: int) -> int:
        from sysutils.core.windows.adapters import IP_ADAPTER_ADDRESSES as FORM

        name = ctypes.create_string_buffer("Ethernet 2".encode("utf-16-le") + b"\0\0")
        self.kept.insert(0, name)
        put(room, FORM.pack(IfIndex=5, FriendlyName=ctypes.addressof(name), IfType=6))
        return 0

    def GetIpStatisticsEx(self, room: int, family: int) -> int:
        put(room, struct.pack("<23I", *range(100 * (family == 23), 100 * (family == 23) + 23)))
        return 0

    def GetTcpStatisticsEx(self, room: int, family: int) -> int:
        put(room, struct.pack("<15I", *range(15)))
        return 0

    def GetUdpStatisticsEx(self, room: int, family: int) -> int:
        put(room, struct.pack("<5I", 1, 2, 3, 2**32 - 1, 5))
        return 50 if family == 23 else 0

    def GetIcmpStatisticsEx(self, room: int, family: int) -> int:
        counts = [0] * 256
        counts[8 if family == 2 else 128] = 7
        one = struct.pack("<258I", 9, 1, *counts)
        put(room, one + one)
        return 0


def test_routes() -> None:
    machine = Machine()
    library = Iphlpapi(machine)
    with running(machine, iphlpapi=library) as core:
        assert [tuple(row)[:8] for row in core.net_routes()] == [
            ("Ethernet 2", "0.0.0.0", "10.0.0.1", "0.0.0.0", 3, 0, 0, 25),
            ("Ethernet 2", "10.0.0.7", "0.0.0.0", "255.255.255.255", 5, 0, 0, 281),
            ("77", "224.0.0.0", "0.0.0.0", "240.0.0.0", 1, 0, 0, 331),
        ]
        (six,) = core.net_routes6()
        assert (six.destination, six.prefixlen, six.gateway) == ("::", 0, "fe80::1")
        assert (six.flags, six.metric) == (3, 2**32 - 1)
        assert library.freed == 2
        library.routes.clear()
        assert core.net_routes() == core.net_routes6() == []
        library.routes[2] = [_route(5, bytes(4), 0, bytes(4), n) for n in range(5000)]
        assert [row.metric for row in core.net_routes()] == list(range(5000))


@pytest.mark.parametrize("cut", [0, 3, 7, 8, 111, 112, 219, 220])
def test_a_table_of_routes_that_is_cut_off(cut: int) -> None:
    rows = [_route(5, bytes(4), 0, bytes(4), 1)] * 2
    data = (struct.pack("<I4x", 9) + b"".join(rows))[:cut]
    with running(Machine()):
        from sysutils.core.windows.routes import parse_routes

        assert len(list(parse_routes(data))) == max(0, cut - 8) // 104


def test_what_may_not_be_asked_is_an_error_of_windows() -> None:
    machine = Machine()
    machine.fails |= {"GetIpForwardTable2": 0x10005, "GetIpStatisticsEx": 0x10005}
    with running(machine, iphlpapi=Iphlpapi(machine)) as core:
        for ask in (core.net_routes, core.net_protocol_stats):
            with pytest.raises(OSError, match=r"GetIpForwardTable2|MIB_IPSTATS"):
                ask()


def test_protocols() -> None:
    machine = Machine()
    with running(machine, iphlpapi=Iphlpapi(machine)) as core:
        told = core.net_protocol_stats()
    assert list(told) == ["Ip", "Icmp", "Tcp", "Udp", "Ip6", "Icmp6"]
    assert told["Ip"]["InReceives"] == 2
    assert told["Ip"]["ReasmOKs"] == 15
    assert told["Ip6"]["InReceives"] == 102
    assert told["Udp"] == {
        "InDatagrams": 1, "NoPorts": 2, "InErrors": 3, "OutDatagrams": 2**32 - 1,
    }  # fmt: skip
    # those of IPv4 and IPv6 together, but for what is TCP's as a whole
    assert (told["Tcp"]["RtoMin"], told["Tcp"]["ActiveOpens"], told["Tcp"]["InSegs"]) == (1, 8, 18)
    assert told["Icmp"]["InEchos"] == told["Icmp6"]["OutEchos"] == 7
    assert (told["Icmp"]["InMsgs"], told["Icmp"]["OutErrors"]) == (9, 1)


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


class Handles(Named):
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


# --- disks


class Disk(Handles):
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
