"""Files that a process has open: the handles of the system, and what the kernel calls each."""

import ctypes
import os
import struct
from collections.abc import Iterator
from typing import Any

from sysutils.core._deadline import within
from sysutils.core._ntuples import popenfile
from sysutils.core.windows import errors, handle, paths, snapshot
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.records import ProcessRecords

u32, i32, pointer = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p
HANDLES = 64  # SystemExtendedHandleInformation
_SAME_ACCESS, _NAME, _ON_DISK = 2, 1, 1
#: the kernel may never answer for the end of a pipe that somebody waits for
PATIENCE = 0.1

SYSTEM_HANDLE_INFORMATION_EX = Layout(
    "SYSTEM_HANDLE_INFORMATION_EX", "NumberOfHandles:P Reserved:P"
)
SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX = Layout(
    "SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX",
    "Object:P UniqueProcessId:P HandleValue:P GrantedAccess:I CreatorBackTraceIndex:H"
    " ObjectTypeIndex:H HandleAttributes:I Reserved:I",
)

_duplicate = declare(
    "kernel32", "DuplicateHandle", i32, pointer, pointer, pointer, pointer, u32, i32, u32
)
_current = declare("kernel32", "GetCurrentProcess", pointer)
file_type = declare("kernel32", "GetFileType", u32, pointer)
_query_object = declare("ntdll", "NtQueryObject", u32, pointer, u32, pointer, u32, pointer)


def parse_handles(data: Any) -> Iterator[tuple[int, int, int, int]]:
    """Process, value, rights and number of the type of each handle in a SystemExtendedHandleInformation
    buffer; those that are cut off are left out."""
    head, row = SYSTEM_HANDLE_INFORMATION_EX, SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX
    count = min(head.read(data).NumberOfHandles, (len(data) - head.size) // row.size)
    word = "Q" if row.offset("UniqueProcessId") == 8 else "I"
    rows = struct.Struct(f"<{row.offset('UniqueProcessId')}x{word}{word}I2xH8x")
    return rows.iter_unpack(memoryview(data)[head.size : head.size + count * row.size])


def handles_of(data: Any, pid: int) -> list[int]:
    """Values of the handles of one process in a SystemExtendedHandleInformation buffer."""
    return [value for owner, value, _, _ in parse_handles(data) if owner == pid]


def _paths(pid: int) -> Iterator[str]:
    room, filled = snapshot.query_system(HANDLES, 0x40000)
    found = handles_of(memoryview(room).cast("B")[:filled], pid)
    with handle.opened(pid, handle.DUP_HANDLE) as process:
        for value in found:
            copy = copy_of(process, value)
            if copy:
                try:
                    path = within(PATIENCE, _path_of, copy)
                except TimeoutError:
                    continue  # who asks closes it, should there be an answer
                if path:
                    yield paths.dos_path(path)


def copy_of(process: int, value: int) -> int | None:
    """A handle of ours for what a handle of a process leads to, to be closed; None if that may not be."""
    copy = pointer()
    if _duplicate(process, value, _current(), ctypes.addressof(copy), 0, 0, _SAME_ACCESS):
        return copy.value
    return None


def object_name(copy: int) -> str | None:
    """The kernel's name of what a handle leads to; None where it has none, or does not tell."""
    size = 1024
    while True:
        room = ctypes.create_string_buffer(size)
        needed = u32()
        status = _query_object(copy, _NAME, room, size, ctypes.addressof(needed))
        if status not in {
            errors.INFO_LENGTH_MISMATCH, errors.BUFFER_TOO_SMALL, errors.BUFFER_OVERFLOW,
        }:  # fmt: skip
            break
        size = max(2 * size, needed.value)
    if status & 0x80000000:
        return None
    told = snapshot.UNICODE_STRING.read(room)
    if not told.Buffer or not told.Length:
        return None
    start = told.Buffer - ctypes.addressof(room)
    return room.raw[start : start + told.Length].decode("utf-16-le", "surrogatepass")


def _path_of(copy: int) -> str | None:
    """The kernel's name of a file on a disk; None for anything else. Closes the handle."""
    try:
        return object_name(copy) if file_type(copy) == _ON_DISK else None
    finally:
        handle.close(copy)


def open_files(records: ProcessRecords) -> list[popenfile]:
    """``[(path, fd), …]`` of regular files, each once; ``fd`` is -1: Windows has no such numbers."""
    found = dict.fromkeys(_paths(records.pid))
    return [popenfile(path, -1) for path in found if os.path.isfile(path)]
