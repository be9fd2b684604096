"""Who holds which socket open: the links in /proc/PID/fd."""

import os
from collections.abc import Iterable, Iterator
from itertools import repeat

from sysutils.core._ntuples import ssockowner, ssockowners
from sysutils.core.linux import procfs

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)

#: descriptor -> what it links to; of a socket ``socket:[INODE]``
Links = dict[int, bytes]
#: link of a socket -> pid and descriptor of a process that holds it
Holders = dict[bytes, tuple[int | None, int]]
AllHolders = dict[bytes, list[tuple[int | None, int]]]


def read_links(base: bytes) -> Links:
    """What the descriptors of a process link to: ``{0: b"/dev/null", 3: b"socket:[42]"}``.

    ``base`` is ``/proc/PID/``. What is closed meanwhile is left out. Raises OSError if the process is
    gone or not ours."""
    directory = os.open(base + b"fd", _DIRECTORY)
    try:
        links: Links = {}
        readlink = (
            os.readlink
        )  # relative to the directory: spares the kernel the walk from the root
        # Since Linux 6.2 the size is the number of descriptors. Most often they are 0, 1, 2, … without a
        # gap: then there is no need to list them.
        count = os.fstat(directory).st_size
        try:
            for fd in range(count):
                links[fd] = readlink(b"%d" % fd, dir_fd=directory)
        except PermissionError:
            raise
        except OSError:
            count = 0
        if not count:
            _read_listed(directory, links)
        return links
    finally:
        os.close(directory)


def _read_listed(directory: int, links: Links) -> None:
    for name in os.listdir(directory):
        if name.isdigit() and int(name) not in links:
            try:
                links[int(name)] = os.readlink(name.encode(), dir_fd=directory)
            except PermissionError:
                raise
            except OSError:
                continue


def links_of_all(forbidden: list[int] | None = None) -> Iterator[tuple[int, Links]]:
    """``(pid, links)`` of every process that lets us look; the pids of others go to ``forbidden``."""
    root = procfs.root()
    for pid in procfs.pids():
        try:
            links = read_links(b"%s/%d/" % (root, pid))
        except PermissionError:
            if forbidden is not None:
                forbidden.append(pid)
        except OSError:
            continue
        else:
            yield pid, links


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
    found: dict[int, ssockowner] = {}
    forbidden: list[int] = []
    for pid, links in links_of_all(forbidden):
        mine = [(fd, link) for fd, link in links.items() if link.startswith(b"socket:[")]
        program = _program(pid) if mine else None
        for fd, link in mine:
            inode = int(link[8:-1])
            if inode not in found:
                found[inode] = ssockowner(pid, fd, program)
    return ssockowners(found, not forbidden)
