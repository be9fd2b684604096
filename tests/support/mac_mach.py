"""mach of a Mac that a test makes."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Any

from tests.abi.pinned import fixture

TARGET = "x86_64-macos"
_HOST, _OWN = 0x103, 0x203
KERN_FAILURE = 5


class Mach:
    """Ports are numbers; a task's is 0x1000 and its pid. Every port given out must come back."""

    processes: dict[int, Any]

    def __init__(self) -> None:
        self.cpus = [(1000, 500, 8000, 25), (10, 20, 30, 40)]
        self.timebase = (1, 1)
        self.ports: list[int] = []
        self.freed: list[tuple[int, int]] = []
        self.mach_fails = 0

    def mach_host_self(self) -> int:
        self.ports.append(_HOST)
        return _HOST

    def task_self_trap(self) -> int:
        return _OWN

    def mach_port_deallocate(self, task: int, port: int) -> int:
        assert task == _OWN
        self.ports.remove(port)
        return 0

    def mach_error_string(self, code: int) -> int:
        told = b"(os/kern) failure" if code == KERN_FAILURE else b"unknown error code"
        self._error = ctypes.create_string_buffer(told)
        return ctypes.addressof(self._error)

    def mach_timebase_info(self, place: int) -> int:
        ctypes.memmove(place, struct.pack("II", *self.timebase), 8)
        return 0

    def _fill(self, data: bytes, place: int, count: int) -> int:
        if self.mach_fails:
            return self.mach_fails
        room = ctypes.c_uint32.from_address(count)
        length = min(len(data), room.value * 4)
        ctypes.memmove(place, data, length)
        room.value = length // 4
        return 0

    def host_statistics(self, host: int, flavor: int, place: int, count: int) -> int:
        assert (host, flavor) == (_HOST, 3)
        return self._fill(fixture(TARGET, "cpu_load"), place, count)

    def host_statistics64(self, host: int, flavor: int, place: int, count: int) -> int:
        assert (host, flavor) == (_HOST, 4)
        return self._fill(fixture(TARGET, "vm_statistics64"), place, count)

    def host_processor_info(self, host: int, flavor: int, cpus: int, table: int, count: int) -> int:
        assert (host, flavor) == (_HOST, 2)
        if self.mach_fails:
            return self.mach_fails
        numbers = [tick for cpu in self.cpus for tick in cpu]
        self._ticks = (ctypes.c_uint32 * len(numbers))(*numbers)
        ctypes.c_uint32.from_address(cpus).value = len(self.cpus)
        ctypes.c_void_p.from_address(table).value = ctypes.addressof(self._ticks)
        ctypes.c_uint32.from_address(count).value = len(numbers)
        return 0

    def vm_deallocate(self, task: int, place: int, size: int) -> int:
        assert task == _OWN
        self.freed.append((place, size))
        return 0

    def task_for_pid(self, task: int, pid: int, place: int) -> int:
        assert task == _OWN
        found = self.processes.get(pid)
        if found is None or found.denied == errno.EPERM:
            return KERN_FAILURE
        ctypes.c_uint32.from_address(place).value = 0x1000 + pid
        self.ports.append(0x1000 + pid)
        return 0

    def task_info(self, task: int, flavor: int, place: int, count: int) -> int:
        assert flavor == 22
        return self._fill(fixture(TARGET, "task_vm_info"), place, count)

    def mach_vm_region(
        self, task: int, at: int, size: int, flavor: int, place: int, count: int, _port: int
    ) -> int:
        assert flavor == 12
        assert ctypes.c_uint32.from_address(count).value == 5
        pid = os.getpid() if task == _OWN else task - 0x1000
        regions = self.processes[pid].regions
        start = ctypes.c_uint64.from_address(at)
        number = start.value // 0x10000
        if number >= len(regions):
            return 1
        private, shared, mode, references = regions[number]
        start.value = number * 0x10000
        ctypes.c_uint64.from_address(size).value = 0x10000
        ctypes.memmove(place, struct.pack("IIIIBxxx", 7, references, private, shared, mode), 20)
        return 0
