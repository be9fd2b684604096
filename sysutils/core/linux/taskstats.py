"""taskstats: what threads and processes waited for and moved, by generic netlink. (Extension.)

Layouts are those of linux/genetlink.h and linux/taskstats.h. The structure grows at its end; only
version 15 had new fields in its midst, which version 16 moved to the end. Needs CAP_NET_ADMIN."""

import errno
import os
import struct
import sys

from sysutils.core._errors import AccessDenied, NoSuchProcess
from sysutils.core.linux import procfs
from sysutils.core.linux.netlink import (
    HEADER_SIZE,
    NETLINK_GENERIC,
    Netlink,
    attributes,
    ends,
    next_message,
)
from sysutils.core.linux.ntuples import staskstats

#: struct genlmsghdr: u8 command, version; u16 reserved
_generic = struct.Struct("=BBH")
_BODY = HEADER_SIZE + _generic.size
_attribute = struct.Struct("=HH")
_u32 = struct.Struct("=I")

_CTRL, _CTRL_GETFAMILY, _CTRL_FAMILY_ID, _CTRL_FAMILY_NAME = 0x10, 3, 1, 2
_FAMILY_NAME = b"TASKSTATS\0"
_GET = 1
#: attributes of the question: TASKSTATS_CMD_ATTR_*
_ASK_PID, _ASK_TGID = 1, 2
#: attributes of the answer: TASKSTATS_TYPE_*
_PID, _TGID, _STATS, _AGGR_PID, _AGGR_TGID = 1, 2, 3, 4, 5

#: u16 version; from byte 16 on u64 number and sum of waits for a CPU, a block device, a page of the swap
_delays = struct.Struct("=H14x 8xQ 8xQ 8xQ")
#: version 15: each sum is followed by its longest and its shortest wait
_delays_15 = struct.Struct("=H14x 8xQ 16x 8xQ 16x 8xQ 16x")
#: u64 read_bytes, write_bytes, cancelled_write_bytes; and where they begin
_moved = struct.Struct("=QQQ")
_MOVED, _MOVED_15 = 248, 296

_LACKING = {
    errno.ENOENT, errno.EOPNOTSUPP, errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT, errno.EINVAL, errno.ENOSYS,
}  # fmt: skip
_FORBIDDEN = {errno.EPERM, errno.EACCES}


def question(command: int, kind: int, value: bytes) -> bytes:
    """The body of a question with one attribute."""
    size = _attribute.size + len(value)
    padding = b"\0" * (-size % 4)
    return _generic.pack(command, 1, 0) + _attribute.pack(size, kind) + value + padding


def _message(answer: bytes) -> dict[int, bytes]:
    """The attributes of the one message of an answer. Raises OSError with the error it brings."""
    kind, length = next_message(answer, 0, len(answer))
    if ends(answer, 0, kind, length) or length < _BODY:
        raise ValueError(f"no generic netlink message: {answer[:80]!r}")
    return attributes(answer, _BODY, length)


def parse_family(answer: bytes) -> int:
    """The number of a family, of the answer to CTRL_CMD_GETFAMILY. Raises OSError, ValueError."""
    value = _message(answer).get(_CTRL_FAMILY_ID, b"")
    if len(value) < 2:
        raise ValueError(f"no generic netlink family: {value!r}")
    return int.from_bytes(value[:2], sys.byteorder)


def parse_stats(data: bytes, whole: bool = False) -> staskstats:
    """The figures of a ``struct taskstats``; those of a ``whole`` process lack the bytes.

    Raises ValueError for one that is cut off."""
    if len(data) < _delays.size:
        raise ValueError(f"half a struct taskstats: {data[:80]!r}")
    version, cpu, blkio, swapin = _delays.unpack_from(data)
    start = _MOVED
    if version == 15 and len(data) >= _delays_15.size:
        _, cpu, blkio, swapin = _delays_15.unpack_from(data)
        start = _MOVED_15
    if whole or len(data) < start + _moved.size:
        return staskstats(cpu, blkio, swapin, None, None, None)
    read, write, cancelled = _moved.unpack_from(data, start)
    return staskstats(cpu, blkio, swapin, read, write, cancelled)


def parse_answer(answer: bytes) -> tuple[int, staskstats]:
    """The thread or process that an answer is about, and its figures. Raises OSError, ValueError."""
    found = _message(answer)
    whole = _AGGR_TGID in found
    inner = found.get(_AGGR_TGID if whole else _AGGR_PID, b"")
    told = attributes(inner, 0, len(inner))
    ident = told.get(_TGID if whole else _PID, b"")
    if len(ident) < 4:
        raise ValueError(f"taskstats of nobody: {inner[:80]!r}")
    return _u32.unpack_from(ident)[0], parse_stats(told.get(_STATS, b""), whole)


class TaskStats:
    """A connection to the kernel's taskstats, to be closed after use.

    Raises NotImplementedError where there are none (a kernel without them, another machine's /proc in
    PROCFS_PATH), AccessDenied where netlink is forbidden."""

    #: whether each thread has its own figures
    per_thread = True

    def __init__(self) -> None:
        if procfs.root() != b"/proc":
            raise NotImplementedError("taskstats are of this machine alone")
        try:
            self._connection = Netlink(NETLINK_GENERIC)
        except OSError as error:
            raise _refused(error) from None
        try:
            body = question(_CTRL_GETFAMILY, _CTRL_FAMILY_NAME, _FAMILY_NAME)
            self._family = parse_family(self._connection.ask(_CTRL, body))
        except OSError as error:
            self._connection.close()
            raise _refused(error) from None

    def thread(self, tid: int) -> staskstats:
        """Figures of one thread. Raises NoSuchProcess, AccessDenied without CAP_NET_ADMIN."""
        return self._ask(_ASK_PID, tid)

    def process(self, pid: int) -> staskstats:
        """Delays of all threads of a process, those that have ended too; the kernel sums up no bytes."""
        return self._ask(_ASK_TGID, pid)

    def _ask(self, kind: int, ident: int) -> staskstats:
        body = question(_GET, kind, _u32.pack(ident))
        try:
            told, stats = parse_answer(self._connection.ask(self._family, body))
        except ProcessLookupError:
            raise NoSuchProcess(ident) from None
        except OSError as error:
            raise _refused(error, ident) from None
        if told != ident:
            raise ValueError(f"taskstats of {told}, not of {ident}")
        return stats

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def _refused(error: OSError, ident: int | None = None) -> Exception:
    if error.errno in _FORBIDDEN:
        return AccessDenied(ident, msg="taskstats need CAP_NET_ADMIN")
    if error.errno in _LACKING:
        return NotImplementedError(f"the kernel has no taskstats: {os.strerror(error.errno)}")
    return error


def task_delayacct() -> bool | None:
    """Whether waits for block devices and the swap are counted (``/proc/sys/kernel/task_delayacct``).

    None on kernels before 5.14, where it was settled at boot."""
    try:
        return procfs.read_proc(b"sys/kernel/task_delayacct", 64).strip() not in {b"", b"0"}
    except OSError:
        return None
