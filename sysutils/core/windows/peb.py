"""What a process keeps of its own start in its memory: command line, directory, environment.

The process environment block (PEB) leads there; that of a 32-bit process on a 64-bit system has 32-bit
pointers, and a 32-bit Python reads that of a 64-bit process by ntdll's functions for it."""

import ctypes
from typing import Any, NamedTuple

from sysutils.core.windows import errors, handle
from sysutils.core.windows.arguments import split_command_line
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import POINTER_SIZE, Layout
from sysutils.core.windows.records import PROCESS_BASIC_INFORMATION, ProcessRecords
from sysutils.core.windows.snapshot import UNICODE_STRING

u32, u64, pointer = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p
_BASIC, _WOW64, _COMMAND_LINE = 0, 26, 60  # PROCESSINFOCLASS
_READING = handle.QUERY_INFORMATION | handle.VM_READ
_PAGE = 4096
_LARGEST_ENVIRONMENT = 1 << 22
#: the idle process and the kernel's, which have no memory of their own
KERNEL_PIDS = frozenset({0, 4})

_read_memory = declare(
    "kernel32",
    "ReadProcessMemory",
    ctypes.c_int32,
    pointer,
    pointer,
    pointer,
    ctypes.c_size_t,
    pointer,
)
_read_memory64 = declare(
    "ntdll", "NtWow64ReadVirtualMemory64", u32, pointer, u64, pointer, u64, pointer
)
_query64 = declare(
    "ntdll", "NtWow64QueryInformationProcess64", u32, pointer, u32, pointer, u32, pointer
)

#: of PEB and RTL_USER_PROCESS_PARAMETERS what is read here, and what lies before it
PEB = Layout(
    "PEB", "InheritedAddressSpace:B ReadImageFileExecOptions:B BeingDebugged:B BitField:B Mutant:P"
    " ImageBaseAddress:P Ldr:P ProcessParameters:P",
)  # fmt: skip
CURDIR = Layout("CURDIR", "DosPath:UNICODE_STRING Handle:P", UNICODE_STRING)
RTL_USER_PROCESS_PARAMETERS = Layout(
    "RTL_USER_PROCESS_PARAMETERS",
    "MaximumLength:I Length:I Flags:I DebugFlags:I ConsoleHandle:P ConsoleFlags:I StandardInput:P"
    " StandardOutput:P StandardError:P CurrentDirectory:CURDIR DllPath:UNICODE_STRING"
    " ImagePathName:UNICODE_STRING CommandLine:UNICODE_STRING Environment:P",
    UNICODE_STRING,
    CURDIR,
)


class _Memory(NamedTuple):
    """The memory of another process: how it is read, and the size of its pointers."""

    process: int
    pointer: int
    foreign: bool  # of 64 bits, and we are not

    def read(self, address: int, size: int) -> bytes:
        """Bytes at an address. Raises OSError."""
        room = ctypes.create_string_buffer(size)
        if self.foreign:
            status = _read_memory64(self.process, address, room, size, None)
            if status & 0x80000000:
                raise _unreadable(errors.of_status(status, "NtWow64ReadVirtualMemory64"))
        elif not _read_memory(self.process, address, room, size, None):
            raise _unreadable(errors.last("ReadProcessMemory"))
        return room.raw

    def structure(self, layout: Layout, address: int) -> Any:
        """A structure at an address."""
        form = layout.of_pointers(self.pointer)
        return form.read(self.read(address, form.size))

    def string(self, length: int, address: int) -> str:
        """A text of so many bytes."""
        if not length or not address:
            return ""
        return self.read(address, length).decode("utf-16-le", "surrogatepass")


def read_structure(process: int, layout: Layout, address: int) -> Any:
    """A structure of our own pointers at an address of a process. Raises OSError."""
    return _Memory(process, POINTER_SIZE, False).structure(layout, address)


def _unreadable(error: OSError) -> OSError:
    """Memory that is only partly there: the process begins, or ends, and does not let us look."""
    if errors.code_of(error) in {errors.PARTIAL_COPY, errors.NOACCESS}:
        return errors.of_code(errors.ACCESS_DENIED, "ReadProcessMemory")
    return error


def _parameters(process: int) -> tuple[_Memory, Any]:
    """The memory of a process, and its RTL_USER_PROCESS_PARAMETERS."""
    memory, address = _peb(process)
    peb = memory.structure(PEB, address)
    return memory, memory.structure(RTL_USER_PROCESS_PARAMETERS, peb.ProcessParameters)


def _peb(process: int) -> tuple[_Memory, int]:
    room = ctypes.create_string_buffer(POINTER_SIZE)
    small = int.from_bytes(handle.query(process, _WOW64, room).raw, "little")
    if POINTER_SIZE == 8 and small:  # a 32-bit process: the address of its own PEB
        return _Memory(process, 4, False), small
    if POINTER_SIZE == 4 and not small and _on_64_bits():
        form = PROCESS_BASIC_INFORMATION.of_pointers(8)
        wide = ctypes.create_string_buffer(form.size)
        status = _query64(process, _BASIC, wide, form.size, None)
        if status & 0x80000000:
            raise errors.of_status(status, "NtWow64QueryInformationProcess64")
        return _Memory(process, 8, True), form.read(wide.raw).PebBaseAddress
    told = handle.query(process, _BASIC, PROCESS_BASIC_INFORMATION.buffer())
    address = PROCESS_BASIC_INFORMATION.read(told).PebBaseAddress
    return _Memory(process, POINTER_SIZE, False), address


def _on_64_bits() -> bool:
    """Whether this 32-bit process runs on a 64-bit system."""
    current = ctypes.c_void_p(-1).value  # GetCurrentProcess()
    room = ctypes.create_string_buffer(POINTER_SIZE)
    return any(handle.query(current or 0, _WOW64, room).raw)


def command_line(records: ProcessRecords) -> str:
    """The command line in one text; ``""`` for what has none. Raises OSError."""
    if records.pid in KERNEL_PIDS:
        return ""
    with handle.opened(records.pid) as process:
        try:
            return handle.query_text(process, _COMMAND_LINE)  # since Windows 8.1
        except PermissionError:
            raise
        except OSError:
            pass
    with handle.opened(records.pid, _READING) as process:
        memory, told = _parameters(process)
        return memory.string(told.CommandLine_Length, told.CommandLine_Buffer)


def cmdline(records: ProcessRecords) -> list[str]:
    """Arguments of the command; ``[]`` for what has none."""
    return split_command_line(command_line(records))


def directory(records: ProcessRecords) -> str:
    """The current directory. Raises OSError."""
    if records.pid in KERNEL_PIDS:
        raise errors.of_code(errors.ACCESS_DENIED, "OpenProcess")
    with handle.opened(records.pid, _READING) as process:
        memory, told = _parameters(process)
        return memory.string(
            told.CurrentDirectory_DosPath_Length, told.CurrentDirectory_DosPath_Buffer
        )


def environment(records: ProcessRecords) -> str:
    """The environment: ``NAME=value`` with a NUL after each. Raises OSError."""
    if records.pid in KERNEL_PIDS:
        return ""
    with handle.opened(records.pid, _READING) as process:
        memory, told = _parameters(process)
        return _block(memory, told.Environment) if told.Environment else ""


def _block(memory: _Memory, start: int) -> str:
    """The text up to two NULs, page by page: it ends where nobody tells."""
    data = b""
    address = start
    while len(data) < _LARGEST_ENVIRONMENT:
        size = _PAGE - address % _PAGE
        try:
            data += memory.read(address, size)
        except OSError:
            if not data:
                raise
            break
        end = data.find(b"\0\0\0\0")
        while end % 2 and end >= 0:
            end = data.find(b"\0\0\0\0", end + 1)
        if end >= 0:
            return data[: end + 2].decode("utf-16-le", "surrogatepass")
        address += size
    return data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")


def parse_environment(text: str) -> dict[str, str]:
    """``NAME=value`` between NULs; names are upper case, as they mean the same whatever their case.

    What Windows keeps for itself (``=C:=C:\\dir``) is left out."""
    found = {}
    for entry in text.split("\0"):
        name, equals, value = entry.partition("=")
        if equals and name:
            found[name.upper()] = value
        elif not entry:
            break
    return found
