"""sysctl(3) and getifaddrs(3) of other systems, above a C library that the test makes."""

from __future__ import annotations

import ctypes
import errno
import sys

import pytest

from sysutils.core import _native
from sysutils.core.bsd import sysctl
from sysutils.core.posix import ifaddrs


class Kernel:
    """Answers by name or number; each ask of a table's size lets it grow by ``growth`` bytes."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = answers
        self.growth, self.endless, self.asked = 0, False, []

    def sysctlbyname(self, name, old, size_at, new, new_size):
        return self._answer(name.decode(), old, size_at)

    def sysctl(self, mib, count, old, size_at, new, new_size):
        return self._answer(
            "_".join(map(str, (ctypes.c_int * count).from_address(mib))), old, size_at
        )

    def _answer(self, name, old, size_at):
        self.asked.append((name, bool(old)))
        data = self.answers.get(name)
        if data is None:
            ctypes.set_errno(errno.ENOENT)
            return -1
        size = ctypes.c_size_t.from_address(size_at)
        room, size.value = size.value, len(data)
        if not old:
            self.answers[name] = data + b"+" * self.growth
            return 0
        ctypes.memmove(old, data, min(room, len(data)))
        if room < len(data) or self.endless:
            size.value = room
            ctypes.set_errno(errno.ENOMEM)
            return -1
        return 0


@pytest.fixture
def kernel():
    made = Kernel(hw_model=b"Mac\0", hw_ncpu=(8).to_bytes(4, sys.byteorder), **{"1_2": b"\xff" * 8})
    _native.replace("c", made)
    yield made
    _native.replace("c", None)


def test_values(kernel: Kernel) -> None:
    assert sysctl.text_of("hw_model") == "Mac"
    assert sysctl.number_of("hw_ncpu") == 8
    assert sysctl.number_of((1, 2)) == -1
    assert sysctl.optional("hw_ncpu") == 8
    assert sysctl.optional("hw_none", 7) == 7
    with pytest.raises(FileNotFoundError):
        sysctl.number_of("hw_none")


def test_a_guess_saves_the_question_for_the_size(kernel: Kernel) -> None:
    assert sysctl.read_name("hw_model", 100) == b"Mac\0"
    assert kernel.asked == [("hw_model", True)]
    kernel.asked.clear()
    assert sysctl.read_name("hw_model", 2) == b"Mac\0"  # which was too small
    assert kernel.asked == [("hw_model", True), ("hw_model", False), ("hw_model", True)]


def test_a_table_that_grows_meanwhile(kernel: Kernel) -> None:
    kernel.answers["table"] = b"x" * 100
    kernel.growth = 3
    assert sysctl.read_name("table") == b"x" * 100 + b"+" * 6
    kernel.endless = True
    with pytest.raises(OSError, match="memory"):
        sysctl.read_name("table")


def test_an_empty_table(kernel: Kernel) -> None:
    kernel.answers["table"] = b""
    assert sysctl.read_name("table") == b""


class _pair(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int32), ("b", ctypes.c_int32)]


def test_structures(kernel: Kernel) -> None:
    kernel.answers["1_3"] = bytes(_pair(3, -4))
    told = sysctl.structure((1, 3), _pair)
    assert (told.a, told.b) == (3, -4)
    kernel.answers["1_3"] = b""
    with pytest.raises(ProcessLookupError):
        sysctl.structure((1, 3), _pair)
    cut = bytes(_pair(1, 2)) + bytes(_pair(3, 4)) + b"\0" * 7
    assert [(pair.a, pair.b) for pair in sysctl.structures(cut, _pair)] == [(1, 2), (3, 4)]


def _inet(text: bytes) -> bytes:
    return b"\x10\x02\0\0" + text + bytes(8)


def _inet6(text: bytes) -> bytes:
    return b"\x1c\x1e\0\0\0\0\0\0" + text + bytes(4)


def _link(name: bytes, mac: bytes) -> bytes:
    return bytes((20, 18, 1, 0, 6, len(name), len(mac), 0)) + (name + mac).ljust(12, b"\0")


class Interfaces:
    """A list as getifaddrs(3) makes it."""

    def __init__(self, *rows: tuple[bytes, int, bytes, bytes, bytes]) -> None:
        self.freed, self.kept = [], []
        self.first = 0
        for name, flags, *addresses in reversed(rows):
            held = [
                ctypes.create_string_buffer(raw, len(raw)) if raw else None for raw in addresses
            ]
            places = [ctypes.addressof(raw) if raw else None for raw in held]
            entry = ifaddrs.ifaddrs(self.first or None, name, flags, *places, None)
            self.kept += [held, entry]
            self.first = ctypes.addressof(entry)

    def getifaddrs(self, place):
        ctypes.c_void_p.from_address(place).value = self.first
        return 0

    def freeifaddrs(self, place):
        self.freed.append(place)


def test_addresses_of_interfaces() -> None:
    host = bytes.fromhex("fe80 0001 0000 0000 0000 0000 0000 0001")
    mask = b"\x07\0\0\0\xff\xff\xff"  # zeros at its end cut off, no family
    rows = (
        (b"en0", 0x2, _inet6(host), b"\x0b\x1e" + bytes(6) + b"\xff" * 3, b""),
        (b"en0", 0x2, _link(b"en0", bytes(range(6))), b"", b""),
        (b"en0", 0x2, _inet(bytes((10, 0, 0, 5))), mask, _inet(bytes((10, 0, 0, 255)))),
        (b"utun0", 0x10, _inet(bytes((10, 1, 0, 1))), b"", _inet(bytes((10, 1, 0, 2)))),
        (b"utun0", 0x10, _link(b"utun0", b""), b"", b""),
        (b"gif0", 0, b"", b"", b""),
        (b"odd0", 0, b"\x10\x63" + bytes(14), b"", b""),
        (b"fw0", 0x2, _link(b"fw0", b"\1\2\3\4"), b"", b""),
    )
    listed = Interfaces(*rows)
    _native.replace("c", listed)
    try:
        found = ifaddrs.net_if_addrs(30, 18)
    finally:
        _native.replace("c", None)
    assert listed.freed == [listed.first]
    assert [(int(row.family) != 2, *row[1:]) for row in found["en0"]] == [
        (False, "10.0.0.5", "255.255.255.0", "10.0.0.255", None),
        (True, "00:01:02:03:04:05", None, None, None),
        (True, "fe80::1%en0", "ffff:ff00::", None, None),
    ]
    assert [row[1:] for row in found["utun0"]] == [("10.1.0.1", None, None, "10.1.0.2")]
    assert [row.address for row in found["fw0"]] == ["01:02:03:04:00:00"]
    assert set(found) == {"en0", "utun0", "fw0"}


def test_no_interfaces() -> None:
    _native.replace("c", Interfaces())
    try:
        assert ifaddrs.net_if_addrs(30, 18) == {}
    finally:
        _native.replace("c", None)
