"""Drives of Windows: what is mounted, how full it is, what the disks did."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sysutils.core._convert import usage_percent
from sysutils.core._deadline import within
from sysutils.core._ntuples import sdiskpart, sdiskusage
from sysutils.core.windows import errors, handle
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout, text
from sysutils.core.windows.ntuples import sdiskio
from sysutils.core.windows.paths import drives

u32, i32, pointer, wtext = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_wchar_p

#: what GetDriveType tells
_KINDS = {2: "removable", 3: "fixed", 4: "remote", 5: "cdrom", 6: "ramdisk"}
_UNKNOWN, _NO_ROOT = 0, 1
_READ_ONLY_VOLUME, _COMPRESSED_VOLUME = 0x80000, 0x8000
_NO_DIALOG = 1  # SEM_FAILCRITICALERRORS: no "insert a disk"
_INVALID_HANDLE = ctypes.c_void_p(-1).value
_IOCTL_DISK_PERFORMANCE = 0x70020
_MOST_DISKS = 32  # whose numbers may have gaps
_MAX_PATH = 260
_BACKUP_SEMANTICS = 0x2000000  # FILE_FLAG_BACKUP_SEMANTICS, which opens directories

DISK_PERFORMANCE = Layout(
    "DISK_PERFORMANCE",
    "BytesRead:q BytesWritten:q ReadTime:q WriteTime:q IdleTime:q ReadCount:I WriteCount:I QueueDepth:I"
    " SplitCount:I QueryTime:q StorageDeviceNumber:I StorageManagerName:w8",
)

_drive_type = declare("kernel32", "GetDriveTypeW", u32, wtext)
_volume = declare(
    "kernel32", "GetVolumeInformationW", i32, wtext, pointer, u32, pointer, pointer, pointer, pointer,
    u32,
)  # fmt: skip
_first_mount = declare("kernel32", "FindFirstVolumeMountPointW", pointer, wtext, pointer, u32)
_next_mount = declare("kernel32", "FindNextVolumeMountPointW", i32, pointer, pointer, u32)
_close_mount = declare("kernel32", "FindVolumeMountPointClose", i32, pointer)
_free_space = declare("kernel32", "GetDiskFreeSpaceExW", i32, wtext, pointer, pointer, pointer)
_error_mode = declare("kernel32", "SetThreadErrorMode", i32, u32, pointer)
_create_file = declare(
    "kernel32", "CreateFileW", pointer, wtext, u32, u32, pointer, u32, u32, pointer
)
_control = declare(
    "kernel32", "DeviceIoControl", i32, pointer, u32, pointer, u32, pointer, u32, pointer, pointer
)


class _Mount(NamedTuple):
    """A drive, or a directory that a volume is mounted at, and the kind of the drive."""

    device: str
    mountpoint: str
    fstype: str
    options: str
    kind: str


@contextmanager
def _without_dialogs() -> Iterator[None]:
    before = u32()
    _error_mode(_NO_DIALOG, ctypes.addressof(before))
    try:
        yield
    finally:
        _error_mode(before.value, None)


def _volume_of(root: str) -> tuple[str, str] | None:
    """Type of the file system below ``C:\\``, and its options; None without a medium."""
    flags = u32()
    kind = ctypes.create_string_buffer(2 * (_MAX_PATH + 1))
    if not _volume(root, None, 0, None, None, ctypes.addressof(flags), kind, _MAX_PATH + 1):
        return None
    options = "ro" if flags.value & _READ_ONLY_VOLUME else "rw"
    if flags.value & _COMPRESSED_VOLUME:
        options += ",compressed"
    return text(kind.raw), options


def _directories_of(root: str) -> list[str]:
    """Directories of a volume that other volumes are mounted at."""
    name = ctypes.create_string_buffer(2 * (_MAX_PATH + 1))
    search = _first_mount(root, name, _MAX_PATH + 1)
    if not search or search == _INVALID_HANDLE:
        return []
    found = []
    try:
        while True:
            found.append(root + text(name.raw))
            if not _next_mount(search, name, _MAX_PATH + 1):
                return found
    finally:
        _close_mount(search)


def _mounts(everything: bool) -> Iterator[_Mount]:
    with _without_dialogs():
        for drive in drives():
            root = drive + "\\"
            number = _drive_type(root)
            kind = _KINDS.get(number, "unknown")
            if not everything and number in {_UNKNOWN, _NO_ROOT}:
                continue
            if not everything and kind == "removable" and drive == "A:":
                continue  # a diskette's drive makes noise
            volume = _volume_of(root)
            if volume is None:
                if everything or kind != "cdrom":
                    yield _Mount(root, root, "", "", "unmounted" if number == _NO_ROOT else kind)
                continue
            fstype, options = volume
            for directory in _directories_of(root):
                yield _Mount(root, directory, fstype, options, kind)
            yield _Mount(root, root, fstype, options, kind)


def disk_partitions(all: bool = False) -> list[sdiskpart]:
    """Drives and mounted volumes: ``[("C:\\\\", "C:\\\\", "NTFS", "rw,fixed"), …]``.

    Without ``all`` no drives that are not there, and no CD drives without a disc."""
    return [
        sdiskpart(row.device, row.mountpoint, row.fstype, f"{row.options},{row.kind}".lstrip(","))
        for row in _mounts(all)
    ]


def _usage(path: str) -> tuple[int, int, int]:
    """Bytes in all, free for us, free for all."""
    ours, total, free = (ctypes.c_uint64() for _ in range(3))
    if not _free_space(path, *map(ctypes.addressof, (ours, total, free))):
        error = errors.last(path)
        error.filename = path
        raise error
    return total.value, ours.value, free.value


def disk_usage(path: str | bytes | os.PathLike[str], *, timeout: float | None = None) -> sdiskusage:
    """``(total, used, free, percent)`` in bytes of the volume of ``path`` (GetDiskFreeSpaceEx).

    With quotas, ``total`` is what we may have."""
    name = os.fsdecode(path)
    total, _, free = within(timeout, _usage, name)
    used = total - free
    return sdiskusage(total, used, free, usage_percent(used, total, 1))


def _performance(number: int) -> Any:
    """DISK_PERFORMANCE of a disk; None where there is no disk of that number, or it does not count."""
    disk = open_file(f"\\\\.\\PhysicalDrive{number}")
    if disk is None:
        return None
    try:
        room, length = DISK_PERFORMANCE.buffer(), u32()
        if not _control(
            disk, _IOCTL_DISK_PERFORMANCE, None, 0, room, DISK_PERFORMANCE.size,
            ctypes.addressof(length), None,
        ):  # fmt: skip
            return None
    finally:
        handle.close(disk)
    return DISK_PERFORMANCE.read(room)


def open_file(path: str, *, directories: bool = False) -> int | None:
    """A handle that may only ask about a file or device, to be closed; None where there is none."""
    flags = _BACKUP_SEMANTICS if directories else 0
    shared, existing = 7, 3
    found: int | None = _create_file(path, 0, shared, None, existing, flags, None)
    return None if found == _INVALID_HANDLE else found


def performances() -> dict[str, Any]:
    """DISK_PERFORMANCE of each disk that counts: ``{"PhysicalDrive0": …}``."""
    found = ((number, _performance(number)) for number in range(_MOST_DISKS))
    return {f"PhysicalDrive{number}": told for number, told in found if told is not None}


def counted(told: Any) -> sdiskio:
    """psutil's counters by DISK_PERFORMANCE."""
    return sdiskio(
        told.ReadCount, told.WriteCount, told.BytesRead, told.BytesWritten, told.ReadTime // 10_000,
        told.WriteTime // 10_000,
    )  # fmt: skip


def disk_io_counters() -> dict[str, sdiskio]:
    """``{"PhysicalDrive0": (…), …}``; counters that are off (``diskperf -y``) give nothing."""
    return {name: counted(told) for name, told in performances().items()}


def add_up(counters: dict[str, sdiskio]) -> sdiskio | None:
    """The sum of all disks; None without any."""
    if not counters:
        return None
    return sdiskio(*map(sum, zip(*counters.values(), strict=True)))
