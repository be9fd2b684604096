"""Who runs a process: the user of its access token."""

import ctypes
from typing import Any

from sysutils.core.windows import errors, handle
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import Layout
from sysutils.core.windows.paths import wide

u32, i32, pointer, wtext = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_wchar_p
_TOKEN_QUERY, _TOKEN_USER, _TOKEN_PRIMARY_GROUP = 8, 1, 5
#: the beginning of TOKEN_USER, and all of TOKEN_PRIMARY_GROUP
TOKEN_USER = Layout("TOKEN_USER", "Sid:P Attributes:I")

_open_token = declare("advapi32", "OpenProcessToken", i32, pointer, u32, pointer)
_token_information = declare(
    "advapi32", "GetTokenInformation", i32, pointer, u32, pointer, u32, pointer
)
_length_of_sid = declare("advapi32", "GetLengthSid", u32, pointer)
_account = declare(
    "advapi32",
    "LookupAccountSidW",
    i32,
    wtext,
    pointer,
    pointer,
    pointer,
    pointer,
    pointer,
    pointer,
)

_names: dict[bytes, str | None] = {}


def username(pid: int) -> str:
    """``DOMAIN\\name`` of the user who runs a process. Raises OSError.

    An account that has no name (any more) is told by its identifier."""
    sid = user_sid(pid)
    return account_name(sid) or sid_text(sid)


def account_name(sid: bytes) -> str | None:
    """``DOMAIN\\name`` of an account, None where it has none (any more). Raises OSError."""
    if sid not in _names:
        _names[sid] = _look_up(sid)
    return _names[sid]


def user_sid(pid: int) -> bytes:
    """The security identifier of the user who runs a process. Raises OSError."""
    with handle.opened(pid, handle.QUERY_INFORMATION) as process:
        return _token_sid(process, _TOKEN_USER)


def group_sid(pid: int) -> bytes:
    """The security identifier of the primary group of a process. Raises OSError."""
    with handle.opened(pid, handle.QUERY_INFORMATION) as process:
        return _token_sid(process, _TOKEN_PRIMARY_GROUP)


def _token_sid(process: int, kind: int) -> bytes:
    token = pointer()
    if not _open_token(process, _TOKEN_QUERY, ctypes.addressof(token)):
        raise errors.last("OpenProcessToken")
    try:
        room: Any = ctypes.create_string_buffer(256)  # a SID has at most 68 bytes
        needed = u32()
        if not _token_information(token.value, kind, room, len(room), ctypes.addressof(needed)):
            raise errors.last("GetTokenInformation")
        address = TOKEN_USER.read(room).Sid
        return ctypes.string_at(address, _length_of_sid(address))
    finally:
        handle.close(token.value)


def _look_up(sid: bytes) -> str | None:
    data = ctypes.create_string_buffer(sid, len(sid))
    name, domain = ctypes.create_string_buffer(1024), ctypes.create_string_buffer(1024)
    name_length, domain_length, kind = u32(512), u32(512), u32()
    if not _account(
        None, data, name, ctypes.addressof(name_length), domain, ctypes.addressof(domain_length),
        ctypes.addressof(kind),
    ):  # fmt: skip
        if _is_nameless(errors.last("LookupAccountSidW")):
            return None
        raise errors.last("LookupAccountSidW")
    return f"{wide(domain, domain_length.value)}\\{wide(name, name_length.value)}"


def _is_nameless(error: OSError) -> bool:
    return errors.code_of(error) == errors.NONE_MAPPED


def sid_text(sid: bytes) -> str:
    """A security identifier as Windows writes it: ``S-1-5-21-…``."""
    authority = int.from_bytes(sid[2:8], "big")
    parts = (
        int.from_bytes(sid[8 + 4 * place : 12 + 4 * place], "little") for place in range(sid[1])
    )
    return "-".join(["S", str(sid[0]), str(authority), *map(str, parts)])
