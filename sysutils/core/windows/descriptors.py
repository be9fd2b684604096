"""What a process has open: its directory, program and mapped files, its sockets, and its handles of files."""

import ctypes
import os
import stat
import sys
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from sysutils.core._deadline import within
from sysutils.core._ntuples import sdescriptor
from sysutils.core.windows import (
    disk,
    endpoints,
    facts,
    handle,
    open_files,
    paths,
    peb,
    records,
    snapshot,
    usage,
)
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.records import ProcessRecords

u32, i32, pointer = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p
#: what GetFileType tells
_ON_DISK, _CHARACTERS, _PIPE = 1, 2, 3
_READ, _WRITE = 1, 6  # FILE_READ_DATA; FILE_WRITE_DATA, FILE_APPEND_DATA
_DIRECTORY = 0x10  # FILE_ATTRIBUTE_DIRECTORY
_ID, _POSITION = 18, 14  # FileIdInfo, FilePositionInformation
_PIPES, _SOCKETS = "\\Device\\NamedPipe", "\\Device\\Afd"

BY_HANDLE_FILE_INFORMATION = Layout(
    "BY_HANDLE_FILE_INFORMATION",
    "dwFileAttributes:I ftCreationTime:i8 ftLastAccessTime:i8 ftLastWriteTime:i8"
    " dwVolumeSerialNumber:I nFileSizeHigh:I nFileSizeLow:I nNumberOfLinks:I nFileIndexHigh:I"
    " nFileIndexLow:I",
)
FILE_ID_INFO = Layout("FILE_ID_INFO", "VolumeSerialNumber:Q FileId:b16")

_by_handle = declare("kernel32", "GetFileInformationByHandle", i32, pointer, pointer)
_by_handle_ex = declare("kernel32", "GetFileInformationByHandleEx", i32, pointer, u32, pointer, u32)
_query_file = declare("ntdll", "NtQueryInformationFile", u32, pointer, pointer, pointer, u32, u32)


class Told(NamedTuple):
    """What Windows tells of a file as stat(2) does elsewhere."""

    mode: int
    device: int
    inode: int
    size: int
    nlink: int


def _identity(file: int, volume: int, index: int) -> tuple[int, int]:
    """Volume and number of a file as this Python's os.stat tells them: 64 and 128 bits since 3.12."""
    if sys.version_info < (3, 12):
        return volume, index
    room = FILE_ID_INFO.buffer()
    if not _by_handle_ex(file, _ID, room, FILE_ID_INFO.size):
        return volume, index
    told = FILE_ID_INFO.read(room)
    return told.VolumeSerialNumber, int.from_bytes(told.FileId, "little")


def status_of(file: int) -> Told | None:
    """What is told of an open file; None where nothing is."""
    room = BY_HANDLE_FILE_INFORMATION.buffer()
    if not _by_handle(file, room):
        return None
    told = BY_HANDLE_FILE_INFORMATION.read(room)
    index = told.nFileIndexHigh << 32 | told.nFileIndexLow
    directory = told.dwFileAttributes & _DIRECTORY
    return Told(
        stat.S_IFDIR if directory else stat.S_IFREG,
        *_identity(file, told.dwVolumeSerialNumber, index),
        0 if directory else told.nFileSizeHigh << 32 | told.nFileSizeLow, told.nNumberOfLinks,
    )  # fmt: skip


def _position(file: int) -> int | None:
    """Where the next byte is read or written; None for one that was opened for overlapped use."""
    block, place = ctypes.create_string_buffer(16), ctypes.c_int64()
    if _query_file(file, block, ctypes.addressof(place), 8, _POSITION) & 0x80000000:
        return None
    return place.value


def _bare(fd: int | str, name: str, error: OSError | None) -> sdescriptor:
    """A row of which no more than the name is known."""
    # without what it was that failed
    why = None if error is None else (error.strerror or "").partition(" (")[0].rstrip(".")
    return sdescriptor(fd, name, *(None,) * 10, "", why)


def _row(
    fd: int | str, name: str, told: Told, access: str | None = None, offset: int | None = None
) -> sdescriptor:
    return sdescriptor(
        fd, name, access, offset, None, None, told.mode, told.device, 0, told.inode, told.size,
        told.nlink, "", None,
    )  # fmt: skip


def access_of(granted: int) -> str:
    """r, w, u for both, empty for neither, by the rights of a handle."""
    return {0: "", 1: "r", 2: "w", 3: "u"}[bool(granted & _READ) + 2 * bool(granted & _WRITE)]


def _of_handle(fd: int, copy: int, access: str) -> "sdescriptor | endpoints.Endpoint | None":
    """The row of a handle by a copy of it, which is closed; the ends of a socket; None for no file."""
    try:
        kind = open_files.file_type(copy)
        if not kind:
            return None
        name = open_files.object_name(copy) or ""
        if kind == _ON_DISK:
            path, told = paths.dos_path(name), status_of(copy)
            if told is None:
                return _bare(fd, path, None)._replace(access=access)
            regular = stat.S_ISREG(told.mode)
            return _row(fd, path, told, access, _position(copy) if regular else None)
        if kind == _CHARACTERS:
            return _row(fd, name or "console", Told(stat.S_IFCHR, 0, 0, 0, 1), access, 0)
        if name.startswith(_PIPES):
            name = "\\\\.\\pipe" + name[len(_PIPES) :]
            return _row(fd, name, Told(stat.S_IFIFO, 0, 0, 0, 1), access, 0)
        return endpoints.of_socket(copy) if not name or name.startswith(_SOCKETS) else None
    finally:
        handle.close(copy)


class Descriptors:
    """Reads process after process; the tables of handles and sockets once for all of them."""

    def __init__(self, *, flags: bool = False, memory: bool = True) -> None:
        del flags  # Windows tells no more of them than how a file may be used
        self._memory = memory
        self._known: dict[str, Told | OSError] = {}
        self._handles: dict[int, list[tuple[int, int]]] | None = None
        self._sockets: endpoints.Sockets | None = None

    def count(self, pid: int) -> int:
        """How many handles of files a process has."""
        return len(self._handles_of(pid))

    def of(self, pid: int, tid: int | None = None) -> list[sdescriptor]:
        """What a process has open; threads have nothing of their own. Raises OSError if it is gone."""
        if tid is not None:
            return []
        known = records.open_process(pid)
        if not handle.pid_exists(pid):
            raise ProcessLookupError
        rows = [*self._directory(known), *self._files(known)]
        return rows + self._numbered(pid)

    def _stated(self, fd: str, path: str) -> sdescriptor:
        if path not in self._known:
            file = disk.open_file(path, directories=True)
            if file is None:
                self._known[path] = _last(path)
            else:
                try:
                    self._known[path] = status_of(file) or _last(path)
                finally:
                    handle.close(file)
        told = self._known[path]
        return _bare(fd, path, told) if isinstance(told, OSError) else _row(fd, path, told)

    def _directory(self, known: ProcessRecords) -> Iterator[sdescriptor]:
        try:
            yield self._stated("cwd", facts.cwd(known))
        except OSError as error:
            yield _bare("cwd", "", error)

    def _files(self, known: ProcessRecords) -> Iterator[sdescriptor]:
        """The program, and the files that are mapped, each once."""
        if not self._memory or known.pid in peb.KERNEL_PIDS:
            return
        program = ""
        try:
            program = facts.exe(known)
            yield self._stated("txt", program)
            for path in dict.fromkeys(path for _, path in usage.mapped(known)):
                if path.lower() != program.lower():
                    yield self._stated("mem", path)
        except OSError as error:
            if not program:
                yield _bare("txt", "", error)

    def _handles_of(self, pid: int) -> list[tuple[int, int]]:
        if self._handles is None:
            self._handles = file_handles()
        return self._handles.get(pid, [])

    def _numbered(self, pid: int) -> list[sdescriptor]:
        if self._sockets is None:
            self._sockets = endpoints.Sockets()
        found: list[sdescriptor] = []
        theirs = self._sockets.of(pid)
        try:
            with handle.opened(pid, handle.DUP_HANDLE) as process:
                for value, access in self._handles_of(pid):
                    told = _looked(process, value, access_of(access))
                    if isinstance(told, endpoints.Endpoint):
                        inode = theirs.take(told)
                        told = None if inode is None else _socket(value, inode)
                    if told is not None:
                        found.append(told)
        except OSError as error:
            found.append(_bare("NOFD", "", error))
        return found + [_socket("sock", inode) for inode in theirs.rest()]


def _looked(process: int, value: int, access: str) -> "sdescriptor | endpoints.Endpoint | None":
    """What a handle of a process leads to; None where nobody answers in time."""
    copy = open_files.copy_of(process, value)
    if copy is None:
        return None
    try:
        return within(open_files.PATIENCE, partial(_of_handle, value, access=access), copy)
    except TimeoutError:
        return None  # who asks closes it, should there be an answer


def _last(path: str) -> OSError:
    from sysutils.core.windows import errors

    return errors.last(path)


def _socket(fd: int | str, inode: int) -> sdescriptor:
    access = "u" if isinstance(fd, int) else None
    return sdescriptor(
        fd,
        f"socket:[{inode}]",
        access,
        0,
        None,
        None,
        stat.S_IFSOCK,
        0,
        0,
        inode,
        None,
        1,
        "",
        None,
    )


def file_handles() -> dict[int, list[tuple[int, int]]]:
    """Process -> values and rights of its handles of files. Raises OSError.

    The number of their type differs from one Windows to the next: a handle of our own tells it."""
    own = disk.open_file("NUL")
    try:
        room, filled = snapshot.query_system(open_files.HANDLES, 0x40000)
    finally:
        if own is not None:
            handle.close(own)
    table = list(open_files.parse_handles(memoryview(room).cast("B")[:filled]))
    me = os.getpid()
    kinds = {kind for owner, value, _, kind in table if (owner, value) == (me, own)}
    found: dict[int, list[tuple[int, int]]] = {}
    for owner, value, access, kind in table:
        if (not kinds or kind in kinds) and (owner, value) != (me, own):
            found.setdefault(owner, []).append((value, access))
    return found


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): current directory, program (``txt``), mapped files (``mem``),
    then its handles of files, pipes, consoles and sockets; ``sock`` are sockets whose handle is not known.

    ``memory`` False leaves out what is mapped; ``flags`` are not told. What is forbidden has ``error``.
    Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
