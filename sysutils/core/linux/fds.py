"""Who holds which socket open: the links in /proc/PID/fd."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import repeat

from sysutils.core._ntuples import ssockowner, ssockowners
from sysutils.core.linux import procfs

#: from so many descriptors on, opening their directory pays
_MANY = 32
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)

#: descriptor -> what it links to; of a socket ``socket:[INODE]``
Links = dict[int, bytes]
#: link of a socket -> pid and descriptor of a process that holds it
Holders = dict[bytes, tuple[int | None, int]]
AllHolders = dict[bytes, list[tuple[int | None, int]]]


def read_links(base: bytes, counted: bool = False) -> Links:
    """What the descriptors of a process link to: ``{0: b"/dev/null", 3: b"socket:[42]"}``.

    ``base`` is ``/proc/PID/``. What is closed meanwhile is left out. ``counted``: a procfs that tells
    the number of descriptors, see ``is_counted``. Raises OSError if the process is gone or not ours."""
    path = base + b"fd/"
    links: Links = {}
    if counted:
        count = os.stat(path).st_size
        if not count:
            return links
        if count >= _MANY:
            _read_many(path, count, links)
            return links
    procfs.read_links(path, os.listdir(path), links)
    return links


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
        procfs.read_links(path, map(os.fsencode, os.listdir(directory)), links)
    finally:
        os.close(directory)


def links_of_all(forbidden: list[int] | None = None) -> Iterator[tuple[int, Links]]:
    """``(pid, links)`` of every process that lets us look; the pids of others go to ``forbidden``."""
    root = procfs.root()
    counted = is_counted(root)
    for pid in procfs.pids():
        try:
            links = read_links(b"%s/%d/" % (root, pid), counted)
        except PermissionError:
            if forbidden is not None:
                forbidden.append(pid)
        except OSError:
            continue
        else:
            if links:
                yield pid, links


def is_counted(root: bytes) -> bool:
    """Whether this is a procfs where the size of ``PID/fd`` is its number of descriptors: Linux 6.2."""
    try:
        return procfs.is_kernels(root + b"/version") and os.stat(root + b"/self/fd").st_size > 0
    except OSError:
        return False


def first_holders(processes: Iterable[tuple[int, Links]]) -> Holders:
    """``{link: (pid, fd)}``: of the last process that has it, the first descriptor."""
    found: Holders = {}
    for pid, links in processes:
        # backwards, so that the first descriptor is the one to stay
        pairs = zip(repeat(pid), reversed(links), strict=False)
        found.update(zip(reversed(links.values()), pairs, strict=False))
    return found


def all_holders(
    processes: Iterable[tuple[int, Links]],
) -> AllHolders:
    """``{link: [(pid, fd), …]}`` of sockets: of the last process that has it, every descriptor."""
    found: AllHolders = {}
    for pid, links in processes:
        mine: AllHolders = {}
        for fd, link in links.items():
            if link.startswith(b"socket:["):
                mine.setdefault(link, []).append((pid, fd))
        found.update(mine)
    return found


def _program(pid: int) -> str | None:
    try:
        text = procfs.read_proc(b"%d/cmdline" % pid, 4096)
    except OSError:
        return None
    return os.fsdecode(text.partition(b"\0")[0]) or None


def socket_owners() -> ssockowners:
    """The first process (in the order of /proc) that holds each socket, with its first descriptor."""
    new = partial(tuple.__new__, ssockowner)  # a third of the time of its own __new__
    found: dict[int, ssockowner] = {}
    forbidden: list[int] = []
    for pid, links in links_of_all(forbidden):
        program: str | None = ""
        for fd, link in links.items():
            if link[:8] == b"socket:[":
                inode = int(link[8:-1])
                if inode not in found:
                    if program == "":
                        program = _program(pid)
                    found[inode] = new((pid, fd, program))
    return ssockowners(found, not forbidden)
