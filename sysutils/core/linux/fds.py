"""Who holds which socket open: the links in /proc/PID/fd."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import repeat

from sysutils.core._ntuples import ssockowner, ssockowners
from sysutils.core.linux import procfs
from sysutils.core.linux.links import Links, read_links

#: link of a socket -> pid and descriptor of a process that holds it
Holders = dict[bytes, tuple[int | None, int]]
AllHolders = dict[bytes, list[tuple[int | None, int]]]


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
