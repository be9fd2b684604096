"""Mounted file systems (mntctl(2)): records of various lengths, each followed by its texts."""

import ctypes
import errno
import os
from typing import NamedTuple

from sysutils.core import _native
from sysutils.core.aix import layout
from sysutils.core.sysv import procfs

#: names of the kinds by their numbers; tests have another one
VFS = "/etc/vfs"
#: what that file says on every AIX
_KINDS = {0: "jfs2", 1: "namefs", 2: "nfs", 3: "jfs", 5: "cdrfs", 6: "procfs", 18: "nfs3"}
_ROOM = 8192
_PATIENCE = 5


class Mount(NamedTuple):
    """A mounted file system; ``host`` is None for one of this machine."""

    what: str
    where: str
    host: str | None
    kind: str
    options: str

    @property
    def device(self) -> str:
        """What is mounted, after the name of its host if that is another one."""
        return self.what if self.host is None else f"{self.host}:{self.what}"


def parse_kinds(data: bytes) -> dict[int, str]:
    """``/etc/vfs``: a name and a number on each line that is no comment and no ``%`` rule."""
    kinds = dict(_KINDS)
    for line in data.split(b"\n"):
        words = line.split()
        if len(words) > 1 and not line.startswith((b"#", b"%")) and words[1].isdigit():
            kinds[int(words[1])] = os.fsdecode(words[0])
    return kinds


def _kinds() -> dict[int, str]:
    try:
        return parse_kinds(procfs.read(VFS))
    except OSError:
        return _KINDS


def _text(data: bytes, at: layout.vmt_data) -> str:
    return os.fsdecode(data[at.vmt_off : at.vmt_off + at.vmt_size].partition(b"\0")[0])


def parse(data: bytes, count: int, kinds: dict[int, str]) -> list[Mount]:
    """The records in ``data``. Raises OSError for what is none."""
    rows, place, least = [], 0, ctypes.sizeof(layout.vmount)
    for _ in range(count):
        record = data[place:]
        if len(record) < least:
            raise OSError(errno.EIO, "mntctl: a record is cut off")
        found = layout.vmount.from_buffer_copy(record)
        if found.vmt_revision != layout.VMT_REVISION or not least <= found.vmt_length <= len(
            record
        ):
            raise OSError(errno.EIO, "mntctl: not a record that is known")
        record = record[: found.vmt_length]
        what, where, _, host, _, options = (_text(record, at) for at in found.vmt_data)
        kind = kinds.get(found.vmt_gfstype, str(found.vmt_gfstype))
        rows.append(Mount(what, where, host if host not in {"", "-"} else None, kind, options))
        place += found.vmt_length
    return rows


def mounted() -> list[Mount]:
    """All mounted file systems, in the kernel's order. Raises OSError."""
    query = _native.function(
        "c", "mntctl", ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
    )
    size = _ROOM
    for _ in range(_PATIENCE):
        room = ctypes.create_string_buffer(size)
        count = query(layout.MCTL_QUERY, size, room)
        if count < 0:
            raise _native.os_error(_native.last_error())
        if count > 0:
            return parse(room.raw, count, _kinds())
        size = int.from_bytes(room.raw[:4], "big")  # what it takes, which may grow meanwhile
    raise OSError(errno.EAGAIN, "mntctl: file systems are mounted all the time")
