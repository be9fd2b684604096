"""What the descriptors of a process link to: ``/proc/PID/fd``."""

import os
from collections.abc import Iterable

from sysutils.core.linux import procfs

#: from so many descriptors on, opening their directory pays
_MANY = 32
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)

#: descriptor -> what it links to; of a socket ``socket:[INODE]``
Links = dict[int, bytes]


def read_links(base: bytes, counted: bool = False) -> Links:
    """What the descriptors of a process link to: ``{0: b"/dev/null", 3: b"socket:[42]"}``.

    ``base`` is ``/proc/PID/``. What is closed meanwhile is left out. ``counted``: a procfs that tells
    the number of descriptors, see ``is_counted``. Raises OSError if the process is gone or not ours."""
    path = base + b"fd/"
    links: Links = {}
    try:
        status = os.stat(path)
    except OSError as error:
        error.filename = os.fsdecode(base + b"fd")  # in errors a path is text
        raise
    count = procfs.entries_counted(status)
    if count >= _MANY:
        _read_many(path, count, links)
    elif not (counted and not count) and not _read_first(path, count, links):
        _read(path, procfs.names(base + b"fd"), links)
    return links


def _read(path: bytes, names: Iterable[bytes], links: Links) -> None:
    readlink = os.readlink
    for name in names:
        try:
            links[int(name)] = readlink(path + name)
        except PermissionError:
            raise
        except (OSError, ValueError):
            continue


def _read_first(path: bytes, count: int, links: Links) -> bool:
    """Whether the descriptors are 0, 1, 2, … without a gap, so that they need not be listed."""
    readlink = os.readlink
    try:
        for fd in range(count):
            links[fd] = readlink(b"%s%d" % (path, fd))
    except PermissionError:
        raise
    except OSError:
        links.clear()
    return count > 0 and len(links) == count


def _read_many(path: bytes, count: int, links: Links) -> None:
    """Tries 0, 1, 2, … up to the number of descriptors there are, then reads those that lie beyond.

    Most often there are few gaps, so that this spares listing most of them. Links relative to the open
    directory spare the kernel the walk from the root."""
    directory = os.open(path, _DIRECTORY)
    try:
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
        _read(path, map(os.fsencode, os.listdir(directory)), links)
    finally:
        os.close(directory)
