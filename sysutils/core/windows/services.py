"""Windows services: ``win_service_iter``, ``win_service_get``, ``WindowsService``."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sysutils.core._errors import AccessDenied, NoSuchProcess
from sysutils.core.windows import errors
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout, text_at

u32, i32, pointer, wtext = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_wchar_p

_CONNECT, _ENUMERATE = 0x0001, 0x0004  # SC_MANAGER_*
_QUERY_CONFIG, _QUERY_STATUS = 0x0001, 0x0004  # SERVICE_*
_WIN32, _ALL_STATES, _PROCESS_INFO, _DESCRIPTION = 0x30, 3, 0, 1
_DOES_NOT_EXIST, _INVALID_NAME = 1060, 123
#: the text of a description may be in a module's resources that are not here
_NO_TEXT = {15105, 15106, 15107, errors.FILE_NOT_FOUND}  # ERROR_MRM_*, ERROR_MUI_FILE_NOT_FOUND

SERVICE_STATUS_PROCESS = Layout(
    "SERVICE_STATUS_PROCESS",
    "dwServiceType:I dwCurrentState:I dwControlsAccepted:I dwWin32ExitCode:I"
    " dwServiceSpecificExitCode:I dwCheckPoint:I dwWaitHint:I dwProcessId:I dwServiceFlags:I",
)
ENUM_SERVICE_STATUS_PROCESSW = Layout(
    "ENUM_SERVICE_STATUS_PROCESSW",
    "lpServiceName:P lpDisplayName:P ServiceStatusProcess:SERVICE_STATUS_PROCESS",
    SERVICE_STATUS_PROCESS,
)
QUERY_SERVICE_CONFIGW = Layout(
    "QUERY_SERVICE_CONFIGW",
    "dwServiceType:I dwStartType:I dwErrorControl:I lpBinaryPathName:P lpLoadOrderGroup:P dwTagId:I"
    " lpDependencies:P lpServiceStartName:P lpDisplayName:P",
)
SERVICE_DESCRIPTIONW = Layout("SERVICE_DESCRIPTIONW", "lpDescription:P")

#: SERVICE_BOOT_START … SERVICE_DISABLED; SERVICE_STOPPED … SERVICE_PAUSED
_START_TYPES = {2: "automatic", 3: "manual", 4: "disabled"}
_STATES = {
    1: "stopped", 2: "start_pending", 3: "stop_pending", 4: "running", 5: "continue_pending",
    6: "pause_pending", 7: "paused",
}  # fmt: skip

_open_manager = declare("advapi32", "OpenSCManagerW", pointer, wtext, wtext, u32)
_open_service = declare("advapi32", "OpenServiceW", pointer, pointer, wtext, u32)
_close = declare("advapi32", "CloseServiceHandle", i32, pointer)
_enumerate = declare(
    "advapi32", "EnumServicesStatusExW", i32, pointer, u32, u32, u32, pointer, u32, pointer, pointer,
    pointer, wtext,
)  # fmt: skip
_query_config = declare("advapi32", "QueryServiceConfigW", i32, pointer, pointer, u32, pointer)
_query_config2 = declare(
    "advapi32", "QueryServiceConfig2W", i32, pointer, u32, pointer, u32, pointer
)
_query_status = declare(
    "advapi32", "QueryServiceStatusEx", i32, pointer, u32, pointer, u32, pointer
)


@contextmanager
def _manager(access: int) -> Iterator[int]:
    found = _open_manager(None, None, access)
    if not found:
        raise errors.last("OpenSCManagerW")
    try:
        yield found
    finally:
        _close(found)


@contextmanager
def _opened(name: str, access: int) -> Iterator[int]:
    with _manager(_CONNECT) as manager:
        found = _open_service(manager, name, access)
        if not found:
            raise errors.last("OpenServiceW")
        try:
            yield found
        finally:
            _close(found)


def _filled(call: Callable[[Any, int, int], int], what: str) -> Any:
    """A buffer as large as the call wants it: ``call(room, size, address of what is needed)``."""
    needed, size = u32(), 4096
    while True:
        room = ctypes.create_string_buffer(size)
        if call(room, size, ctypes.addressof(needed)):
            return room
        error = errors.last(what)
        if errors.code_of(error) not in {errors.INSUFFICIENT_BUFFER, errors.MORE_DATA}:
            raise error
        size = max(2 * size, needed.value)


def services() -> list[tuple[str, str]]:
    """Name and display name of every service. Raises OSError."""
    form = ENUM_SERVICE_STATUS_PROCESSW
    count = u32()

    def ask(room: Any, size: int, needed: int) -> int:
        resume = u32()
        told: int = _enumerate(
            manager, _PROCESS_INFO, _WIN32, _ALL_STATES, room, size, needed,
            ctypes.addressof(count), ctypes.addressof(resume), None,
        )  # fmt: skip
        return told

    with _manager(_CONNECT | _ENUMERATE) as manager:
        room = _filled(ask, "EnumServicesStatusExW")
        return [
            (text_at(row.lpServiceName), text_at(row.lpDisplayName))
            for row in form.rows(room, 0, count.value)
        ]


class WindowsService:
    """A service that is installed. Methods ask anew at each call.

    They raise AccessDenied, and NoSuchProcess for a service that is gone."""

    __module__ = "sysutils.core"

    def __init__(self, name: str, display_name: str | None) -> None:
        self._name = name
        self._display_name = display_name

    def __str__(self) -> str:
        return f"{type(self).__name__}(name={self._name!r}, display_name={self._display_name!r})"

    def __repr__(self) -> str:
        return f"<{self} at {id(self)}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WindowsService):
            return NotImplemented
        return self._name == other._name

    def __hash__(self) -> int:
        return hash(self._name)

    def name(self) -> str:
        """Its name, which is what ``win_service_get`` takes."""
        return self._name

    def display_name(self) -> str | None:
        """Its name for people; it may change."""
        return self._display_name

    def binpath(self) -> str:
        """The command line of its program."""
        return text_at(self._config()[1].lpBinaryPathName)

    def username(self) -> str:
        """The account that it runs as."""
        return text_at(self._config()[1].lpServiceStartName)

    def start_type(self) -> str:
        """``automatic``, ``manual`` or ``disabled``."""
        return _START_TYPES.get(self._config()[1].dwStartType, "unknown")

    def pid(self) -> int | None:
        """Pid of its process, None while it has none."""
        return self._status().dwProcessId or None

    def status(self) -> str:
        """``running``, ``stopped``, ``paused`` or ``start_pending``, ``stop_pending``, ``continue_pending``,
        ``pause_pending``."""
        return _STATES.get(self._status().dwCurrentState, "unknown")

    def description(self) -> str:
        """What it says of itself, ``""`` for nothing."""
        with self._asked(), _opened(self._name, _QUERY_CONFIG) as service:
            try:
                room = _filled(
                    lambda room, size, needed: _query_config2(
                        service, _DESCRIPTION, room, size, needed
                    ),
                    "QueryServiceConfig2W",
                )
            except OSError as error:
                if errors.code_of(error) in _NO_TEXT:
                    return ""
                raise
            return text_at(SERVICE_DESCRIPTIONW.read(room).lpDescription)

    def as_dict(self) -> dict[str, Any]:
        """All of it by name."""
        room, config = self._config()
        status = self._status()
        told = {
            "display_name": text_at(config.lpDisplayName),
            "binpath": text_at(config.lpBinaryPathName),
            "username": text_at(config.lpServiceStartName),
            "start_type": _START_TYPES.get(config.dwStartType, "unknown"),
            "status": _STATES.get(status.dwCurrentState, "unknown"),
            "pid": status.dwProcessId or None,
            "name": self._name,
            "description": self.description(),
        }
        del room  # its texts were there until now
        return told

    def _config(self) -> tuple[Any, Any]:
        """QUERY_SERVICE_CONFIGW, and the buffer that its texts are in."""
        with self._asked(), _opened(self._name, _QUERY_CONFIG) as service:
            room = _filled(
                lambda room, size, needed: _query_config(service, room, size, needed),
                "QueryServiceConfigW",
            )
            return room, QUERY_SERVICE_CONFIGW.read(room)

    def _status(self) -> Any:
        with self._asked(), _opened(self._name, _QUERY_STATUS) as service:
            room = _filled(
                lambda room, size, needed: _query_status(service, 0, room, size, needed),
                "QueryServiceStatusEx",
            )
            return SERVICE_STATUS_PROCESS.read(room)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as error:
            text = f"service {self._name!r} is not querable (not enough privileges)"
            raise AccessDenied(None, self._name, text) from error
        except OSError as error:
            if errors.code_of(error) not in {_INVALID_NAME, _DOES_NOT_EXIST}:
                raise
            text = f"service {self._name!r} does not exist"
            raise NoSuchProcess(None, self._name, text) from error  # type: ignore[arg-type]


def win_service_iter() -> Iterator[WindowsService]:
    """Every service that is installed."""
    for name, display_name in services():
        yield WindowsService(name, display_name)


def win_service_get(name: str) -> WindowsService:
    """The service ``name``. Raises NoSuchProcess if there is none."""
    service = WindowsService(name, None)
    service._display_name = text_at(service._config()[1].lpDisplayName)
    return service
