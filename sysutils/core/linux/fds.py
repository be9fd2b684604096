"""Who holds which socket open: the links in /proc/PID/fd."""

import os
from collections.abc import Iterator

from sysutils.core._ntuples import ssockowner, ssockowners
from sysutils.core.linux import procfs

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)

#: link of a socket (``socket:[INODE]``) -> pid and descriptors (in digits) of a process that has it
Holders = dict[str, tuple[int | None, list[str]]]


def read_links(base: bytes) -> dict[str, str]:
    """What the descriptors of a process link to: ``{"0": "/dev/null", "3": "socket:[42]"}``.

    ``base`` is ``/proc/PID/``. What is closed meanwhile is left out. Raises OSError if the process is
    gone or not ours."""
    directory = os.open(base + b"fd", _DIRECTORY)
    try:
        readlink = os.readlink
        links = {}
        for name in os.listdir(directory):
            try:
                # relative to the open directory: spares the kernel the walk down from the root
                links[name] = readlink(name, dir_fd=directory)
            except PermissionError:
                raise
            except OSError:
                continue
        return links
    finally:
        os.close(directory)


def links_of_all() -> Iterator[tuple[int, dict[str, str] | None]]:
    """``(pid, links)`` of every process; None for one that does not let us look."""
    root = procfs.root()
    for pid in procfs.pids():
        try:
            yield pid, read_links(b"%s/%d/" % (root, pid))
        except PermissionError:
            yield pid, None
        except OSError:
            continue


def by_socket(pid: int, links: dict[str, str]) -> Holders:
    """``{link: (pid, [fd, …])}`` of the sockets among ``links``."""
    found: Holders = {}
    for fd, link in links.items():
        if link.startswith("socket:["):
            if link in found:
                found[link][1].append(fd)
            else:
                found[link] = pid, [fd]
    return found


def all_holders() -> Holders:
    """``{link: (pid, [fd, …])}``: of the last process that has it, every descriptor."""
    found: Holders = {}
    for pid, links in links_of_all():
        if links:
            found.update(by_socket(pid, links))
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
    complete = True
    for pid, links in links_of_all():
        if links is None:
            complete = False
            continue
        mine = [(link, fd) for fd, link in links.items() if link.startswith("socket:[")]
        if not mine:
            continue
        program = _program(pid)
        for link, fd in mine:
            inode = int(link[8:-1])
            if inode not in found:
                found[inode] = ssockowner(pid, int(fd), program)
    return ssockowners(found, complete)
