"""mach: figures of the host and, with rights, of the memory of a task."""

import ctypes
import errno
import os
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sysutils.core import _native
from sysutils.core.bsd import sysctl

if TYPE_CHECKING:
    from typing_extensions import Self  # no dependency of ours: typing has it since 3.11

S = TypeVar("S", bound=ctypes.Structure)

HOST_CPU_LOAD_INFO, HOST_VM_INFO64, PROCESSOR_CPU_LOAD_INFO = 3, 4, 2
CPU_STATE_USER, CPU_STATE_SYSTEM, CPU_STATE_IDLE, CPU_STATE_NICE, CPU_STATE_MAX = 0, 1, 2, 3, 4
TASK_VM_INFO = 22
VM_REGION_TOP_INFO = 12
SM_COW, SM_PRIVATE, SM_LARGE_PAGE = 1, 2, 8
KERN_SUCCESS, KERN_INVALID_ADDRESS, KERN_INVALID_ARGUMENT = 0, 1, 4

_u32, _u64 = ctypes.c_uint32, ctypes.c_uint64


class host_cpu_load_info(ctypes.Structure):
    """Clock ticks of all CPUs: user, system, idle, nice."""

    _fields_ = (("cpu_ticks", _u32 * CPU_STATE_MAX),)


class vm_statistics64(ctypes.Structure):
    """Pages by kind, and counters since boot; newer kernels have more after these."""

    _prefix_ = True
    _fields_ = (
        ("free_count", _u32),
        ("active_count", _u32),
        ("inactive_count", _u32),
        ("wire_count", _u32),
        ("zero_fill_count", _u64),
        ("reactivations", _u64),
        ("pageins", _u64),
        ("pageouts", _u64),
        ("faults", _u64),
        ("cow_faults", _u64),
        ("lookups", _u64),
        ("hits", _u64),
        ("purges", _u64),
        ("purgeable_count", _u32),
        ("speculative_count", _u32),
        ("decompressions", _u64),
        ("compressions", _u64),
        ("swapins", _u64),
        ("swapouts", _u64),
        ("compressor_page_count", _u32),
        ("throttled_count", _u32),
        ("external_page_count", _u32),
        ("internal_page_count", _u32),
        ("total_uncompressed_pages_in_compressor", _u64),
    )


class task_vm_info(ctypes.Structure):
    """Memory of a task in bytes; newer kernels have more after these."""

    _prefix_ = True
    _pack_ = 4
    _layout_ = "ms"  # as Python wants it with _pack_; there are no bit fields
    _fields_ = (
        ("virtual_size", _u64),
        ("region_count", ctypes.c_int32),
        ("page_size", ctypes.c_int32),
        ("resident_size", _u64),
        ("resident_size_peak", _u64),
        ("device", _u64),
        ("device_peak", _u64),
        ("internal", _u64),
        ("internal_peak", _u64),
        ("external", _u64),
        ("external_peak", _u64),
        ("reusable", _u64),
        ("reusable_peak", _u64),
        ("purgeable_volatile_pmap", _u64),
        ("purgeable_volatile_resident", _u64),
        ("purgeable_volatile_virtual", _u64),
        ("compressed", _u64),
        ("compressed_peak", _u64),
        ("compressed_lifetime", _u64),
        ("phys_footprint", _u64),
    )


class vm_region_top_info(ctypes.Structure):
    """Resident pages of a region, and how it is shared."""

    _fields_ = (
        ("obj_id", _u32),
        ("ref_count", _u32),
        ("private_pages_resident", _u32),
        ("shared_pages_resident", _u32),
        ("share_mode", ctypes.c_uint8),
    )


class mach_timebase_info(ctypes.Structure):
    """Nanoseconds are units of mach's clock times ``numer`` by ``denom``."""

    _fields_ = (("numer", _u32), ("denom", _u32))


def _check(result: int) -> None:
    if result == KERN_SUCCESS:
        return
    place = _native.function("c", "mach_error_string", ctypes.c_void_p, ctypes.c_int)(result)
    raise OSError(errno.EIO, os.fsdecode(ctypes.string_at(place)) if place else f"mach: {result}")


def _host() -> int:
    port: int = _native.function("c", "mach_host_self", _u32)()
    return port


def _own_task() -> int:
    """``mach_task_self()``, which is a macro; this is the system call behind it."""
    port: int = _native.function("c", "task_self_trap", _u32)()
    return port


def _release(port: int) -> None:
    give_back = _native.function("c", "mach_port_deallocate", ctypes.c_int, _u32, _u32)
    give_back(_own_task(), port)


def _statistics(name: str, flavor: int, kind: type[S]) -> S:
    found = kind()
    count = _u32(ctypes.sizeof(found) // 4)
    call = _native.function(
        "c", name, ctypes.c_int, _u32, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
    )
    host = _host()
    try:
        _check(call(host, flavor, ctypes.byref(found), ctypes.byref(count)))
    finally:
        _release(host)
    return found


def cpu_load() -> tuple[int, ...]:
    """Clock ticks of all CPUs together: user, system, idle, nice. Raises OSError."""
    found = _statistics("host_statistics", HOST_CPU_LOAD_INFO, host_cpu_load_info)
    return tuple(found.cpu_ticks)


def vm_statistics() -> vm_statistics64:
    """Pages of memory. Raises OSError."""
    return _statistics("host_statistics64", HOST_VM_INFO64, vm_statistics64)


def cpu_loads() -> list[tuple[int, ...]]:
    """The same of each CPU. Raises OSError."""
    call = _native.function(
        "c", "host_processor_info", ctypes.c_int, _u32, ctypes.c_int, ctypes.c_void_p,
        ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    cpus, table, count = _u32(), ctypes.c_void_p(), _u32()
    host = _host()
    try:
        places = ctypes.byref(cpus), ctypes.byref(table), ctypes.byref(count)
        _check(call(host, PROCESSOR_CPU_LOAD_INFO, *places))
    finally:
        _release(host)
    try:
        ticks = (_u32 * (cpus.value * CPU_STATE_MAX)).from_address(table.value or 0)[:]
    finally:
        _free(table.value or 0, count.value * 4)
    return [tuple(ticks[at : at + CPU_STATE_MAX]) for at in range(0, len(ticks), CPU_STATE_MAX)]


def _free(place: int, size: int) -> None:
    call = _native.function(
        "c", "vm_deallocate", ctypes.c_int, _u32, ctypes.c_size_t, ctypes.c_size_t
    )
    call(_own_task(), place, size)


@cache
def _timebase() -> tuple[int, int]:
    found = mach_timebase_info()
    _check(_native.function("c", "mach_timebase_info", ctypes.c_int, ctypes.c_void_p)(
        ctypes.byref(found)
    ))  # fmt: skip
    return found.numer, found.denom


def seconds(units: int) -> float:
    """A time in units of mach's clock."""
    numer, denom = _timebase()
    return units * numer / denom / 1e9


class Task:
    """The right to look into a task. Raises PermissionError: root may, and who started it, unless it is
    protected. To be used by ``with``."""

    def __init__(self, pid: int) -> None:
        call = _native.function(
            "c", "task_for_pid", ctypes.c_int, _u32, ctypes.c_int, ctypes.c_void_p
        )
        port = _u32()
        self._mine = pid == os.getpid()
        if self._mine:
            port.value = _own_task()
        elif call(_own_task(), pid, ctypes.byref(port)) != KERN_SUCCESS:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        self._port = port.value

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, *_: object) -> None:
        if not self._mine:
            _release(self._port)

    def memory(self) -> task_vm_info:
        """Its memory. Raises OSError."""
        found = task_vm_info()
        count = _u32(ctypes.sizeof(found) // 4)
        call = _native.function(
            "c", "task_info", ctypes.c_int, _u32, _u32, ctypes.c_void_p, ctypes.c_void_p
        )
        _check(call(self._port, TASK_VM_INFO, ctypes.byref(found), ctypes.byref(count)))
        return found

    def private_pages(self) -> int:
        """Resident pages that nobody shares. Raises OSError."""
        call = _native.function(
            "c", "mach_vm_region", ctypes.c_int, _u32, ctypes.c_void_p, ctypes.c_void_p,
            ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
        )  # fmt: skip
        at, size, port = _u64(), _u64(), _u32()
        info, pages = vm_region_top_info(), 0
        start, end = _shared_region()
        while True:
            count = _u32(ctypes.sizeof(info) // 4)
            result = call(
                self._port, ctypes.byref(at), ctypes.byref(size), VM_REGION_TOP_INFO,
                ctypes.byref(info), ctypes.byref(count), ctypes.byref(port),
            )  # fmt: skip
            if result in {KERN_INVALID_ADDRESS, KERN_INVALID_ARGUMENT}:
                return pages  # there are no more
            _check(result)
            if not size.value:
                return pages
            if info.share_mode == SM_PRIVATE or not start <= at.value < end:
                pages += _private(info)
            at.value += size.value


#: where the shared cache of libraries lies (start and size), which belongs to everybody
_SHARED_REGIONS = {"x86_64": (0x7FFF00000000, 0xFFE00000), "arm64": (0x180000000, 0x100000000)}


def _shared_region() -> tuple[int, int]:
    start, size = _SHARED_REGIONS.get(sysctl.text_of("hw.machine"), (0, 0))
    return start, start + size


def _private(info: vm_region_top_info) -> int:
    if info.share_mode in {SM_LARGE_PAGE, SM_PRIVATE}:
        return int(info.private_pages_resident + info.shared_pages_resident)
    if info.share_mode == SM_COW:
        alone = info.private_pages_resident
        return int(alone + (info.shared_pages_resident if info.ref_count == 1 else 0))
    return 0
