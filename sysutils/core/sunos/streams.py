"""Asking the modules of IP for their tables: messages through a stream (putmsg(2), getmsg(2))."""

import ctypes
import errno
import os
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sysutils.core import _native
from sysutils.core.sunos import mib2

S = TypeVar("S", bound=ctypes.Structure)
Tables = dict[tuple[int, int], bytes]

_DEVICE = b"/dev/arp"  # it passes requests on to IP, and all may open it
#: what is put above it, so that they answer too; TCP must be the first
_MODULES = (b"tcp", b"udp")
_ROOM = 1024
_ACK, _OPTION = ctypes.sizeof(mib2.T_optmgmt_req), ctypes.sizeof(mib2.opthdr)
_void, _int = ctypes.c_void_p, ctypes.c_int


def tables() -> Tables:
    """Every table by its level and name: ``{(MIB2_TCP, MIB2_TCP_CONN): b"…", …}``.

    What several answers of the same name tell is joined. Raises OSError."""
    call = _native.function("c", "open", _int, ctypes.c_char_p, _int)
    stream = _checked(call(_DEVICE, os.O_RDWR))
    try:
        push = _native.function("c", "ioctl", _int, _int, _int, ctypes.c_char_p)
        for module in _MODULES:
            _checked(push(stream, mib2.I_PUSH, module))
        _ask(stream)
        found: Tables = {}
        for header, data in _answers(stream):
            key = header.level, header.name
            found[key] = found.get(key, b"") + data
        return found
    finally:
        _native.function("c", "close", _int, _int)(stream)


def _checked(result: int) -> int:
    if result < 0:
        raise _native.os_error(_native.last_error())
    return result


def _ask(stream: int) -> None:
    head = mib2.T_optmgmt_req(mib2.T_SVR4_OPTMGMT_REQ, _OPTION, _ACK, mib2.T_CURRENT)
    option = mib2.opthdr(mib2.MIB2_IP, 0, 0)
    message = ctypes.create_string_buffer(bytes(head) + bytes(option), _ACK + _OPTION)
    part = mib2.strbuf(len(message), len(message), ctypes.addressof(message))
    put = _native.function("c", "putmsg", _int, _int, _void, _void, _int)
    _checked(put(stream, ctypes.byref(part), None, 0))


def _receive(stream: int, part: mib2.strbuf, data: bool) -> int:
    """One part of a message: control or data. What getmsg(2) answers."""
    get = _native.function("c", "getmsg", _int, _int, _void, _void, _void)
    place = ctypes.byref(part)
    while True:
        flags = ctypes.c_int()
        both = (None, place) if data else (place, None)
        code: int = get(stream, *both, ctypes.byref(flags))
        if code >= 0:
            return code
        if _native.last_error() != errno.EINTR:
            raise _native.os_error(_native.last_error())


def _answers(stream: int) -> Iterator[tuple[mib2.opthdr, bytes]]:
    room = ctypes.create_string_buffer(_ROOM)
    while True:
        part = mib2.strbuf(_ROOM, 0, ctypes.addressof(room))
        more = _receive(stream, part, data=False)
        header = parse_answer(room.raw[: max(part.len, 0)])
        if not more & mib2.MOREDATA:
            return  # the last one has nothing more
        yield header, _data(stream, header.len)


def parse_answer(message: bytes) -> mib2.opthdr:
    """Which table the data of this message are. Raises OSError if it is none."""
    if len(message) < _ACK:
        raise OSError(errno.EPROTO, os.strerror(errno.EPROTO))
    head = mib2.T_optmgmt_req.from_buffer_copy(message)
    if head.PRIM_type == mib2.T_ERROR_ACK:
        error = mib2.T_error_ack.from_buffer_copy(message)
        code = error.UNIX_error if error.TLI_error == mib2.TSYSERR else errno.EPROTO
        raise _native.os_error(code)
    place = head.OPT_offset
    wrong = head.PRIM_type != mib2.T_OPTMGMT_ACK or head.MGMT_flags != mib2.T_SUCCESS
    if wrong or not _ACK <= place <= len(message) - _OPTION:
        raise OSError(errno.EPROTO, os.strerror(errno.EPROTO))
    return mib2.opthdr.from_buffer_copy(message, place)


def _data(stream: int, size: int) -> bytes:
    room = ctypes.create_string_buffer(max(size, 1))
    part = mib2.strbuf(len(room), 0, ctypes.addressof(room))
    found = b""
    while True:
        more = _receive(stream, part, data=True)
        found += room.raw[: max(part.len, 0)]
        if not more & mib2.MOREDATA:
            return found


def first(data: bytes, form: type[S]) -> S | None:
    """The structure that a table begins with; None for a shorter one."""
    return form.from_buffer_copy(data) if len(data) >= ctypes.sizeof(form) else None


def length(found: Tables, level: int, form: Any, field: str, row: Any) -> int:
    """How long a row of a table is, as its protocol tells; else as ``row`` is."""
    told = first(found.get((level, 0), b""), form)
    size: int = getattr(told, field) if told is not None else 0
    return max(size, ctypes.sizeof(row))


def rows(data: bytes, form: type[S], size: int) -> Sequence[tuple[S, bytes]]:
    """The rows of a table, each with its bytes; one that is cut off is left out."""
    pieces = (data[at : at + size] for at in range(0, len(data) - size + 1, size))
    return [(form.from_buffer_copy(piece), piece) for piece in pieces]
