"""Users and groups by number and name.

Windows' accounts have identifiers (SIDs) in place of numbers. Their numbers here are those that Cygwin
documents: the last part of a well-known one (``S-1-5-18``, SYSTEM, is 18; ``S-1-5-32-544``,
Administrators, 544), ``0x30000`` and the relative id for an account of this machine, ``0x100000`` and that
for one of a domain."""

import ctypes
from functools import cache

from sysutils.core.windows import errors, token
from sysutils.core.windows.errors import declare
from sysutils.core.windows.layout import text, text_at

u32, i32, pointer, wtext = ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_wchar_p

OF_MACHINE, OF_DOMAIN, OF_LOGON = 0x30000, 0x100000, 0xFFF
_NT, _LOGON, _DOMAIN, _BUILTIN = 5, 5, 21, 32
_LARGEST_SID = 68
#: SID_NAME_USE: what is a user (a service's account is a well-known one), what a group
USERS, GROUPS = frozenset({1, 5, 9}), frozenset({2, 4, 5})
_ALL = 0xFFFFFFFF  # MAX_PREFERRED_LENGTH
_MORE_DATA = errors.MORE_DATA

_account_name = declare(
    "advapi32", "LookupAccountNameW", i32, wtext, wtext, pointer, pointer, pointer, pointer, pointer
)
_computer = declare("kernel32", "GetComputerNameW", i32, pointer, pointer)
_user_enum = declare(
    "netapi32", "NetUserEnum", u32, wtext, u32, u32, pointer, u32, pointer, pointer, pointer
)
_group_enum = declare(
    "netapi32", "NetLocalGroupEnum", u32, wtext, u32, pointer, u32, pointer, pointer, pointer
)
_free = declare("netapi32", "NetApiBufferFree", u32, pointer)

#: number -> the identifier that it was made of
_seen: dict[int, bytes] = {}


def make_sid(authority: int, *parts: int) -> bytes:
    """The bytes of ``S-1-authority-parts…``."""
    head = bytes([1, len(parts)]) + authority.to_bytes(6, "big")
    return head + b"".join(part.to_bytes(4, "little") for part in parts)


def parse_sid(sid: bytes) -> tuple[int, list[int]]:
    """Authority and parts of an identifier; those that are cut off are left out."""
    count = min(sid[1], (len(sid) - 8) // 4)
    parts = [int.from_bytes(sid[8 + 4 * n : 12 + 4 * n], "little") for n in range(count)]
    return int.from_bytes(sid[2:8], "big"), parts


@cache
def computer_name() -> str:
    """Name of this machine as accounts have it before the backslash."""
    room, size = ctypes.create_string_buffer(512), u32(256)
    if not _computer(room, ctypes.addressof(size)):
        raise errors.last("GetComputerNameW")
    return text(room.raw)


def number_of(sid: bytes) -> int:
    """The number of an account. Raises OSError."""
    authority, parts = parse_sid(sid)
    last = parts[-1] if parts else 0
    if authority != _NT or not parts:
        found = 0x10000 + 0x100 * authority + last
    elif len(parts) == 1 or parts[0] == _BUILTIN:
        found = last
    elif parts[0] == _DOMAIN:
        name = token.account_name(sid) or ""
        local = name.partition("\\")[0].upper() == computer_name().upper()
        found = (OF_MACHINE if local else OF_DOMAIN) + last
    elif parts[0] == _LOGON:
        found = OF_LOGON
    else:
        found = 0x1000 * parts[0] + last
    found &= 0x7FFFFFFF
    _seen.setdefault(found, sid)
    return found


def _sid_of(name: str) -> tuple[bytes, int] | None:
    """Identifier and kind (SID_NAME_USE) of an account; None for an unknown one."""
    sid, domain = ctypes.create_string_buffer(_LARGEST_SID), ctypes.create_string_buffer(1024)
    size, length, kind = u32(_LARGEST_SID), u32(512), u32()
    if not _account_name(
        None, name, sid, ctypes.addressof(size), domain, ctypes.addressof(length),
        ctypes.addressof(kind),
    ):  # fmt: skip
        return None
    return sid.raw[: 8 + 4 * sid.raw[1]], kind.value


def _candidates(number: int) -> list[bytes]:
    """Identifiers that a number may stand for."""
    if number in _seen:
        return [_seen[number]]
    if 0 <= number < 0x1000:
        return [make_sid(_NT, number), make_sid(_NT, _BUILTIN, number)]
    if OF_MACHINE <= number < OF_MACHINE + 0x10000:
        machine = _sid_of(computer_name())
        if machine is not None and parse_sid(machine[0])[1][:1] == [_DOMAIN]:
            parts = parse_sid(machine[0])[1][:4]
            return [make_sid(_NT, *parts, number - OF_MACHINE)]
    return []


def user_name(uid: int) -> str | None:
    """``DOMAIN\\name`` of the account with that number; None where it has none, and for one of a domain that
    was not met yet. (Extension.)"""
    for sid in _candidates(uid):
        found = token.account_name(sid)
        if found is not None:
            return found
    return None


group_name = user_name


def _id(name: str, kinds: frozenset[int]) -> int | None:
    found = _sid_of(name) if name else None
    return number_of(found[0]) if found is not None and found[1] in kinds else None


def user_id(name: str) -> int | None:
    """Number of the user ``name`` or ``DOMAIN\\name``, in any case; None for an unknown one. (Extension.)"""
    return _id(name, USERS)


def group_id(name: str) -> int | None:
    """Number of the group ``name`` or ``DOMAIN\\name``; None for an unknown one. (Extension.)"""
    return _id(name, GROUPS)


def _listed(enumerate: str) -> list[str]:
    start, count, total = pointer(), u32(), u32()
    where = [ctypes.addressof(each) for each in (start, count, total)]
    if enumerate == "users":
        code = _user_enum(None, 0, 0, where[0], _ALL, where[1], where[2], None)
    else:
        code = _group_enum(None, 0, where[0], _ALL, where[1], where[2], None)
    if code not in {0, _MORE_DATA}:
        raise errors.of_code(code, "NetUserEnum")
    try:
        names = (ctypes.c_void_p * count.value).from_address(start.value) if start.value else ()
        return sorted({text_at(name) for name in names})
    finally:
        if start.value:
            _free(start.value)


def user_names() -> list[str]:
    """Names of the accounts of this machine. (Extension.)"""
    return _listed("users")


def group_names() -> list[str]:
    """Names of the groups of this machine. (Extension.)"""
    return _listed("groups")
