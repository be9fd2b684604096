"""Login sessions (wtsapi32.dll)."""

import ctypes
import socket
from typing import Any

from sysutils.core._ntuples import suser
from sysutils.core.windows import errors, snapshot
from sysutils.core.windows.clock import epoch_seconds
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout

u32, i32, pointer = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p
_USER_NAME, _CLIENT_ADDRESS, _SESSION_INFO = 5, 14, 24  # WTS_INFO_CLASS
_NOT_FOUND = 7022  # ERROR_CTX_WINSTATION_NOT_FOUND: the session has ended meanwhile

WTS_SESSION_INFOW = Layout("WTS_SESSION_INFOW", "SessionId:I pWinStationName:P State:I")
WTS_CLIENT_ADDRESS = Layout("WTS_CLIENT_ADDRESS", "AddressFamily:I Address:b20")
WTSINFOW = Layout(
    "WTSINFOW",
    "State:I SessionId:I IncomingBytes:I OutgoingBytes:I IncomingFrames:I OutgoingFrames:I"
    " IncomingCompressedBytes:I OutgoingCompressedBytes:I WinStationName:w32 Domain:w17 UserName:w21"
    " ConnectTime:q DisconnectTime:q LastInputTime:q LogonTime:q CurrentTime:q",
)

_enumerate = declare("wtsapi32", "WTSEnumerateSessionsW", i32, pointer, u32, u32, pointer, pointer)
_information = declare(
    "wtsapi32", "WTSQuerySessionInformationW", i32, pointer, u32, u32, pointer, pointer
)
_free = declare("wtsapi32", "WTSFreeMemory", None, pointer)


def _sessions() -> list[Any]:
    """WTS_SESSION_INFOW of each session."""
    start, count = pointer(), u32()
    if not _enumerate(None, 0, 1, ctypes.addressof(start), ctypes.addressof(count)):
        error = errors.last("WTSEnumerateSessionsW")
        if errors.code_of(error) == 120:  # not implemented: Windows Nano
            return []
        raise error
    form = WTS_SESSION_INFOW
    try:
        return form.rows(
            ctypes.string_at(start.value or 0, count.value * form.size), 0, count.value
        )
    finally:
        _free(start)


def _told(session: int, kind: int) -> bytes | None:
    """What is known of a session; None once it has ended. Raises OSError."""
    start, length = pointer(), u32()
    if not _information(None, session, kind, ctypes.addressof(start), ctypes.addressof(length)):
        error = errors.last("WTSQuerySessionInformationW")
        if errors.code_of(error) == _NOT_FOUND:
            return None
        raise error
    try:
        return ctypes.string_at(start.value or 0, length.value)
    finally:
        _free(start)


def _known(session: int, kind: int) -> bytes | None:
    """The same; None as well where Windows does not tell that of this session."""
    try:
        return _told(session, kind)
    except OSError:
        return None


def _user_name(session: int) -> str:
    """Who is logged in; ``""`` for a session without a user."""
    told = _told(session, _USER_NAME)
    return "" if told is None else told.decode("utf-16-le", "surrogatepass").rstrip("\0")


def parse_client_address(data: bytes) -> str | None:
    """WTS_CLIENT_ADDRESS: the IPv4 address of the other end; None for a session at the machine itself."""
    if len(data) < WTS_CLIENT_ADDRESS.size:
        return None
    told = WTS_CLIENT_ADDRESS.read(data)
    if told.AddressFamily != socket.AF_INET:
        return None
    return ".".join(str(part) for part in told.Address[2:6])


def _started(session: int) -> int | None:
    """When a session was connected, or else its first process started; None once it has ended."""
    info = _known(session, _SESSION_INFO)
    if info is not None and len(info) >= WTSINFOW.size:
        connected: int = WTSINFOW.read(info).ConnectTime
        if connected:
            return connected
    starts = [
        entry.told.CreateTime
        for entry in snapshot.processes().values()
        if entry.told.SessionId == session and entry.told.CreateTime
    ]
    return min(starts, default=None)


def users() -> list[suser]:
    """``[(name, None, host, started, None), …]``; ``host`` is None for a session at the machine itself."""
    found = []
    for session in _sessions():
        name = _user_name(session.SessionId)
        started = _started(session.SessionId) if name else None
        if started is None:
            continue
        address = _known(session.SessionId, _CLIENT_ADDRESS)
        host = None if address is None else parse_client_address(address)
        found.append(suser(name, None, host, epoch_seconds(started), None))
    return found


def user_count() -> int:
    """How many sessions have a user."""
    return sum(bool(_user_name(session.SessionId)) for session in _sessions())
