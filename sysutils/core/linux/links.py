"""What the descriptors of a process link to: ``/proc/PID/fd``."""

import os
from collections.abc import Iterable

from sysutils.core.linux import procfs

#: from so many descriptors on, trying their numbers pays
_MANY = 32

#: descriptor -> what it links to; of a socket ``socket:[INODE]``
Links = dict[int, bytes]


def read_links(base: bytes, counted: bool = False) -> Links:
    """What the descriptors of a process link to: ``{0: b"/dev/null", 3: b"socket:[42]"}``.

    ``base`` is ``/proc/PID/``. Links relative to the open directory spare the kernel the walk from the
    root. What is closed meanwhile is left out. ``counted``: a procfs that tells
    the number of descriptors, see ``is_counted``. Raises OSError if the process is gone or not ours."""
    links: Links = {}
    directory = procfs.open_directory(base + b"fd")
    try:
        count = procfs.entries_counted(os.fstat(directory))
        if count >= _MANY:
            _read_many(directory, count, links)
        elif count or not counted:
            _read(directory, os.listdir(directory), links)
    finally:
        os.close(directory)
    return links


def _read(directory: int, names: Iterable[str], links: Links) -> None:
    readlink = os.readlink
    for name in names:
        try:
            links[int(name)] = readlink(name.encode(), dir_fd=directory)
        except PermissionError:
            raise
        except (OSError, ValueError):
            continue


def _read_many(directory: int, count: int, links: Links) -> None:
    """Tries 0, 1, 2, … up to the number of descriptors there are, then reads those that lie beyond.

    Most often there are few gaps, so that this spares listing most of them."""
    readlink = os.readlink
    gaps = count // 8
    for fd in range(count):
        try:
            links[fd] = readlink(b"%d" % fd, dir_fd=directory)
        except PermissionError:
            raise
        except OSError:
            gaps -= 1
            if gaps < 0:
                break
    # in a directory of descriptors the place of one is its number + 2, on every kernel
    os.lseek(directory, fd + 3, os.SEEK_SET)
    _read(directory, os.listdir(directory), links)
