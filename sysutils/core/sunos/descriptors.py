"""What a process of SunOS has open: ``path``, ``fd``, ``object``, and ``fdinfo`` where there is one."""

import os
import stat
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sysutils.core._ntuples import sdescriptor
from sysutils.core.sunos import fdinfo, files
from sysutils.core.sysv import procfs

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

_ACCESS = {os.O_RDONLY: "r", os.O_WRONLY: "w", os.O_RDWR: "u"}


def _bare(fd: int | str, name: str, error: OSError) -> sdescriptor:
    return sdescriptor(fd, name, *(None,) * 10, "", error.strerror)


def _path(pid: int, name: str) -> str:
    """Where a link below ``path`` leads, empty where the kernel has lost it. Raises PermissionError."""
    try:
        return files.link(pid, name)
    except FileNotFoundError:
        return ""


def _stated(fd: int | str, name: str, path: str) -> sdescriptor:
    """A row by what stat(2) tells of a file below /proc. Raises OSError."""
    told = os.stat(path)
    kind = stat.S_IFMT(told.st_mode)
    if kind == stat.S_IFSOCK:
        name = f"socket:[{told.st_ino}]"
    elif kind == stat.S_IFIFO and not name:
        name = f"pipe:[{told.st_ino}]"
    rdev = told.st_rdev if kind in {stat.S_IFCHR, stat.S_IFBLK} else 0
    return sdescriptor(
        fd, name, None if isinstance(fd, str) else "", None, None, None, told.st_mode, told.st_dev, rdev,
        told.st_ino, told.st_size, told.st_nlink, "", None,
    )  # fmt: skip


def _named(pid: int) -> Iterator[sdescriptor]:
    """The directories and the program."""
    for fd, name, file in (
        ("cwd", "cwd", "cwd"), ("rtd", "root", "root"), ("txt", "a.out", "object/a.out"),
    ):  # fmt: skip
        try:
            path = _path(pid, name)
            if fd == "rtd" and path in {"", "/"}:
                continue  # it has none of its own
            yield _stated(fd, path, procfs.path_of(pid, file))
        except FileNotFoundError:
            continue  # of the kernel
        except OSError as error:
            yield _bare(fd, "", error)
            if fd == "cwd" and isinstance(error, PermissionError):
                return


def _mapped(pid: int) -> Iterator[sdescriptor]:
    """The files that are mapped, each once."""
    seen = {"a.out", ""}
    try:
        rows = files.maps(pid)
    except OSError:
        return
    for row in rows:
        name = os.fsdecode(row.pr_mapname)
        if name not in seen:
            seen.add(name)
            try:
                yield _stated("mem", _path(pid, name), procfs.path_of(pid, f"object/{name}"))
            except OSError:
                continue  # unmapped meanwhile


def _numbered(pid: int) -> Iterator[sdescriptor]:
    try:
        numbers = files.descriptors(pid)
    except FileNotFoundError:
        raise  # it is over
    except OSError as error:
        yield _bare("NOFD", "", error)
        return
    for fd in numbers:
        try:
            told = fdinfo.read(pid, fd)
            yield _of_file(pid, fd) if told is None else _told(pid, fd, told)
        except FileNotFoundError:
            continue  # closed meanwhile
        except OSError as error:
            yield _bare(fd, "", error)


def _of_file(pid: int, fd: int) -> sdescriptor:
    return _stated(fd, _path(pid, str(fd)), procfs.path_of(pid, f"fd/{fd}"))


def _told(pid: int, fd: int, told: fdinfo.Told) -> sdescriptor:
    """A row by what ``fdinfo`` tells."""
    head = told.head
    kind = stat.S_IFMT(head.pr_mode)
    path = told.items.get(fdinfo.PR_PATHNAME, b"").partition(b"\0")[0]
    name = os.fsdecode(path) or _path(pid, str(fd))
    if kind == stat.S_IFSOCK:
        name = f"socket:[{head.pr_ino}]"
    elif kind == stat.S_IFIFO and not name:
        name = f"pipe:[{head.pr_ino}]"
    special = kind in {stat.S_IFCHR, stat.S_IFBLK}
    return sdescriptor(
        fd, name, _ACCESS.get(head.pr_fileflags & 3, ""), head.pr_offset, head.pr_fileflags, None,
        head.pr_mode, os.makedev(head.pr_major, head.pr_minor),
        os.makedev(head.pr_rmajor, head.pr_rminor) if special else 0, head.pr_ino, head.pr_size, 1, "", None,
    )  # fmt: skip


class Descriptors:
    """Reads process after process."""

    def __init__(self, *, flags: bool = False, memory: bool = True) -> None:
        self._flags = flags
        self._memory = memory

    def count(self, pid: int) -> int:
        """How many descriptors a process has, 0 where that can't be told."""
        try:
            return len(files.descriptors(pid))
        except OSError:
            return 0

    def of(self, pid: int, tid: int | None = None) -> list[sdescriptor]:
        """What a process has open; its threads have the same. Raises OSError if it is gone."""
        del tid
        if not procfs.exists(pid):
            raise ProcessLookupError(pid)
        rows = list(_named(pid))
        if self._memory:
            rows += _mapped(pid)
        try:
            rows += _numbered(pid)
        except FileNotFoundError:
            return []  # a zombie
        return rows if self._flags else [row._replace(flags=None) for row in rows]


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): working directory, root where it has one of its own, program
    (``txt``), mapped files, then the numbered descriptors in their order.

    ``memory`` False leaves out what is mapped; ``flags`` and how a file may be used are told where there is
    ``/proc/PID/fdinfo``. What is forbidden has ``error``. Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
