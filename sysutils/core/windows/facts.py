"""Facts about a process on Windows in plain numbers and text: pure functions of its records.

Facts in psutil's tuples are in ``results``. Names are psutil's where it has one, with its units; the others
are those of the fields of ``ps``, with Linux's units (times in clock ticks)."""

import ctypes

from sysutils.core.windows import errors, handle, paths, peb, token
from sysutils.core.windows.clock import epoch_seconds, known_boot_time
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.records import ProcessRecords
from sysutils.core.windows.snapshot import UNICODE_STRING

u32, pointer = ctypes.c_uint32, ctypes.c_void_p
_IMAGE_NAME = 88  # SystemProcessIdInformation: no right is needed
_LONGEST = 0xFFFE  # bytes of a path
SYSTEM_PROCESS_ID_INFORMATION = Layout(
    "SYSTEM_PROCESS_ID_INFORMATION", "ProcessId:P ImageName:UNICODE_STRING", UNICODE_STRING
)
#: names are whole, however long
COMM_CUT = None
#: names of those that have no program, and their user
KERNEL_NAMES = {0: "System Idle Process", 4: "System"}
SYSTEM_USER = "NT AUTHORITY\\SYSTEM"

_query_system = declare("ntdll", "NtQuerySystemInformation", u32, u32, pointer, u32, pointer)


def pid(records: ProcessRecords) -> int:
    """The process id."""
    return records.pid


def tgid(records: ProcessRecords) -> int:
    """The process id, of a thread's records too."""
    found: int = getattr(records, "tgid", records.pid)
    return found


def session(records: ProcessRecords) -> int:
    """The login session: 0 has the services, the others a user each."""
    return int(records.entry.told.SessionId)


def ppid(records: ProcessRecords) -> int:
    """Pid of the process that started it, 0 for none; that may have ended since."""
    return int(records.parent) & 0xFFFFFFFF


def image(records: ProcessRecords) -> str:
    """The kernel's path of the program: ``\\Device\\HarddiskVolume3\\…``. Raises OSError."""
    if records.pid == 0:
        raise errors.of_code(errors.ACCESS_DENIED, "NtQuerySystemInformation")
    size = 1024
    while True:
        name = ctypes.create_string_buffer(size)
        room = SYSTEM_PROCESS_ID_INFORMATION.buffer(
            ProcessId=records.pid,
            ImageName_MaximumLength=size,
            ImageName_Buffer=ctypes.addressof(name),
        )
        status = _query_system(_IMAGE_NAME, room, SYSTEM_PROCESS_ID_INFORMATION.size, None)
        told = SYSTEM_PROCESS_ID_INFORMATION.read(room)
        if status != errors.INFO_LENGTH_MISMATCH or size >= _LONGEST:
            break
        size = min(_LONGEST, max(2 * size, told.ImageName_MaximumLength))
    if status in {errors.INVALID_CID, errors.STATUS_INVALID_PARAMETER}:
        raise errors.no_such_process()
    if status & 0x80000000:
        raise errors.of_status(status, "NtQuerySystemInformation")
    if not handle.pid_exists(records.pid):  # the kernel tells it as long as anybody has a handle
        raise errors.no_such_process()
    return name.raw[: told.ImageName_Length].decode("utf-16-le", "surrogatepass")


def exe(records: ProcessRecords) -> str:
    """Path of the program; ``""`` where it has none. Raises OSError."""
    return paths.dos_path(image(records))


def comm(records: ProcessRecords) -> str:
    """Name of the program's file, with its ``.exe``."""
    kernel = KERNEL_NAMES.get(records.pid)
    if kernel or records.looked:
        return kernel or records.entry.name
    return paths.basename(image(records))


def has_memory(records: ProcessRecords) -> bool:
    """False for the kernel's own processes: no arguments, no program."""
    return records.pid not in KERNEL_NAMES


def create_time(records: ProcessRecords) -> float:
    """When the process was started, in seconds since the epoch; the idle process with the system."""
    started = records.times[0]
    return epoch_seconds(started) if started else known_boot_time()


def cmdline(records: ProcessRecords) -> list[str]:
    """Arguments of the command, as programs split the command line; ``[]`` for the kernel's processes."""
    return peb.cmdline(records)


def argv(records: ProcessRecords) -> list[str]:
    """``cmdline``."""
    return peb.cmdline(records)


def args(records: ProcessRecords) -> str | None:
    """The command line as it is, in one text; None for what has none."""
    return peb.command_line(records) or None


def cwd(records: ProcessRecords) -> str:
    """The current directory, without a separator at its end unless it is a root."""
    path = peb.directory(records)
    return path if path.endswith(":\\") else path.removesuffix("\\")


def environ(records: ProcessRecords) -> dict[str, str]:
    """Environment of the process as it is now; names in upper case."""
    return peb.parse_environment(peb.environment(records))


def username(records: ProcessRecords) -> str:
    """``DOMAIN\\name`` of the user whose process it is."""
    if records.pid in KERNEL_NAMES:
        return SYSTEM_USER
    return token.username(records.pid)


def nice(records: ProcessRecords) -> int:
    """Priority class, one of ``*_PRIORITY_CLASS``."""
    from sysutils.core.windows import scheduling

    found: int = scheduling.priority_class(records.pid)
    return found


#: priority class -> the nice value that stands for it
_NICENESS = {0x40: 19, 0x4000: 10, 0x20: 0, 0x8000: -5, 0x80: -10, 0x100: -20}


def niceness(records: ProcessRecords) -> int | None:
    """The nice value that stands for the priority class: 19, 10, 0, -5, -10, -20."""
    return _NICENESS.get(int(nice(records)))


def priority(records: ProcessRecords) -> int | None:
    """The priority as Linux numbers it, 0 to 39, 20 for the normal class: 20 and the nice value."""
    found = niceness(records)
    return None if found is None else 20 + found


def cpu_seconds(records: ProcessRecords) -> float:
    """User and kernel time together, in seconds."""
    _, user, kernel = records.times
    return (user + kernel) / 1e7


def memory_rss(records: ProcessRecords) -> int:
    """Working set: ``memory_info().rss``."""
    return records.memory[2]


def memory_vms(records: ProcessRecords) -> int:
    """Committed memory: ``memory_info().vms``."""
    return records.memory[7]


def num_threads(records: ProcessRecords) -> int:
    """Number of threads."""
    return int(records.entry.told.NumberOfThreads)


def num_handles(records: ProcessRecords) -> int:
    """Number of open handles."""
    return records.handles
