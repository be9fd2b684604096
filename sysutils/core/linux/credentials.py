"""Ids of users and groups of a process by a descriptor of it, at half of what ``/proc/PID/status`` costs.

Linux 6.13 has PIDFD_GET_INFO (linux/pidfd.h). It knows processes by the ids of our own namespace, so it
answers for ``/proc`` alone, and only where that is procfs itself, of this namespace, and hides nothing."""

import errno
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sysutils.core.linux import procfs

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone

#: user and group id in turn: real, effective, saved, of the file system
Ids = tuple[int, ...]

#: _IOWR(0xFF, 11, struct pidfd_info): the same number on every architecture
_GET_INFO = 0xC040FF0B
_INFO_CREDS = 2
#: struct pidfd_info: mask; cgroup, pid, tgid and ppid; the ids; exit code
_LAYOUT = "=Q8x12x8I4x"
#: why a process may have no descriptor: it is gone, a thread, or there are no descriptors left
_OF_ONE = {errno.ESRCH, errno.EINVAL, errno.ENOENT, errno.EMFILE, errno.ENFILE, errno.ENOMEM}

_ask: Callable[[int], Ids | None] | None = None
#: whether the system was found not to offer it
_refused = False
#: the /proc looked at and the process that looked; whether its ids are those of descriptors
_seen: tuple[int, int] | None = None
_ours = False
#: the listing of processes that was looked at for
_listing = -1


def of_listed(pid: int) -> Ids | None:
    """Ids of a process of the last listing of ``/proc``, None where status must tell them."""
    global _listing  # noqa: PLW0603
    if _listing != procfs.listings:
        _look()
        _listing = procfs.listings
    return (_ask or _load())(pid) if _ours and not _refused else None


def of_process(pid: int) -> Ids | None:
    """Ids of a process that is known by ``/proc/PID``, None where status must tell them."""
    _look()
    return (_ask or _load())(pid) if _ours and not _refused else None


def _load() -> Callable[[int], Ids | None]:
    """What asks the kernel, made for the first who wants ids."""
    global _ask  # noqa: PLW0603
    import fcntl
    from struct import Struct

    layout = Struct(_LAYOUT)
    wanted = layout.pack(_INFO_CREDS, *[0] * 8)
    unpack, close, ioctl = layout.unpack, os.close, fcntl.ioctl
    pidfd_open: Any = getattr(os, "pidfd_open", _missing)

    def ask(pid: int) -> Ids | None:
        try:
            descriptor = pidfd_open(pid)
        except OSError as error:
            _refuse(error.errno not in _OF_ONE)
            return None
        try:
            told = unpack(ioctl(descriptor, _GET_INFO, wanted))
        except OSError as error:
            _refuse(error.errno not in _OF_ONE - {errno.EINVAL})
            return None
        finally:
            close(descriptor)
        return told[1:] if told[0] & _INFO_CREDS else None

    _ask = ask
    return ask


def _missing(_: int) -> int:
    raise OSError(errno.ENOSYS, "this Python has no pidfd_open")


def _refuse(for_good: bool) -> None:
    global _refused  # noqa: PLW0603
    _refused = _refused or for_good


def _look() -> None:
    """Sees to it that ``_ours`` is of the /proc that is mounted now."""
    global _seen, _ours  # noqa: PLW0603
    if _refused:
        return
    try:
        seen = os.stat(b"/proc").st_dev, os.getpid()
        if seen != _seen:
            _seen, _ours = seen, False
            _ours = os.readlink(b"/proc/self") == b"%d" % seen[1] and shows_all(
                procfs.read(b"/proc/self/mountinfo", 65536)
            )
    except OSError:
        _ours = False


def shows_all(mountinfo: bytes) -> bool:
    """Whether procfs is what is mounted on ``/proc``, hides no process, and nothing lies over one's files.

    ``mountinfo`` is that of ``/proc/PID``."""
    kind = options = b""
    for line in mountinfo.splitlines():
        words = line.split(b" ")
        place = words[4]
        if place == b"/proc":
            kind, _, options = words[words.index(b"-") + 1 :][:3]
        elif place[:6] == b"/proc/" and place[6:7].isdigit():
            return False
    return kind == b"proc" and b"hidepid=" not in options
