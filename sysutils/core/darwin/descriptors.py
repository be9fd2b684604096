"""What a process has open: its directories, mapped files and descriptors (libproc)."""

import errno
import stat
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sysutils.core._errors import ZombieProcess
from sysutils.core._ntuples import sdescriptor
from sysutils.core.darwin import libproc, pid_records, regions
from sysutils.core.darwin.pid_records import PidRecords

if TYPE_CHECKING and sys.platform == "win32":
    raise NotImplementedError  # for type checkers: what follows is for POSIX systems alone

FREAD, FWRITE = 1, 2
_ACCESS = {FREAD: "r", FWRITE: "w", FREAD | FWRITE: "u"}
#: what has no file, by its kind
_UNNAMED = {
    libproc.PROX_FDTYPE_KQUEUE: "kqueue", libproc.PROX_FDTYPE_PSEM: "psem",
    libproc.PROX_FDTYPE_FSEVENTS: "fsevents", libproc.PROX_FDTYPE_ATALK: "atalk",
    libproc.PROX_FDTYPE_NETPOLICY: "netpolicy", libproc.PROX_FDTYPE_CHANNEL: "channel",
    libproc.PROX_FDTYPE_NEXUS: "nexus",
}  # fmt: skip


def _bare(fd: int | str, name: str, error: OSError | None) -> sdescriptor:
    """A row of which no more than the name is known."""
    why = None if error is None else error.strerror
    return sdescriptor(fd, name, *(None,) * 10, "", why)


def _stated(
    fd: int | str, name: str, told: libproc.vinfo_stat, how: libproc.proc_fileinfo | None = None
) -> sdescriptor:
    """A row by what the kernel tells as stat(2) does."""
    kind = stat.S_IFMT(told.vst_mode)
    access = None if how is None else _ACCESS.get(how.fi_openflags & (FREAD | FWRITE), "")
    offset = None if how is None else how.fi_offset
    rdev = told.vst_rdev if kind in {stat.S_IFCHR, stat.S_IFBLK} else 0
    return sdescriptor(
        fd, name, access, offset, None, None, told.vst_mode, told.vst_dev, rdev, told.vst_ino,
        told.vst_size, told.vst_nlink, "", None,
    )  # fmt: skip


def _file(fd: int | str, found: libproc.vnode_info_path, how: Any = None) -> sdescriptor:
    return _stated(fd, libproc.text(found.vip_path), found.vip_vi.vi_stat, how)


def _directories(records: PidRecords) -> Iterator[sdescriptor]:
    try:
        found = records.directories
    except PermissionError as error:
        yield _bare("cwd", "", error)
        return
    yield _file("cwd", found.pvi_cdir)
    if found.pvi_rdir.vip_path:
        yield _file("rtd", found.pvi_rdir)


def _mapped(records: PidRecords) -> Iterator[sdescriptor]:
    """The files that are mapped, each once: ``txt`` is the program."""
    seen = set()
    try:
        for found in regions.regions(records.tgid):
            told = found.prp_vip.vip_vi.vi_stat
            key = told.vst_dev, told.vst_ino
            if found.prp_vip.vip_path and key not in seen:
                seen.add(key)
                name = "txt" if found.prp_vip.vip_path == records.path else "mem"
                yield _file(name, found.prp_vip)
    except OSError:
        return  # none may be seen


def _vnode(pid: int, fd: int) -> sdescriptor:
    found = libproc.of_descriptor(
        pid, fd, libproc.PROC_PIDFDVNODEPATHINFO, libproc.vnode_fdinfowithpath
    )
    return _file(fd, found.pvip, found.pfi)


def _socket(pid: int, fd: int) -> sdescriptor:
    found = libproc.of_descriptor(pid, fd, libproc.PROC_PIDFDSOCKETINFO, libproc.socket_fdinfo)
    inode = found.psi.soi_so
    return sdescriptor(
        fd, f"socket:[{inode}]", "u", 0, None, None, stat.S_IFSOCK, 0, 0, inode, None, 1, "", None
    )


def _pipe(pid: int, fd: int) -> sdescriptor:
    found = libproc.of_descriptor(pid, fd, libproc.PROC_PIDFDPIPEINFO, libproc.pipe_fdinfo)
    # both ends have the lower of their two handles
    handle = min(found.pipeinfo.pipe_handle, found.pipeinfo.pipe_peerhandle or sys.maxsize)
    row = _stated(fd, f"pipe:[{handle}]", found.pipeinfo.pipe_stat, found.pfi)
    return row._replace(mode=stat.S_IFIFO, inode=handle, size=None, offset=0)


def _shared_memory(pid: int, fd: int) -> sdescriptor:
    found = libproc.of_descriptor(pid, fd, libproc.PROC_PIDFDPSHMINFO, libproc.pshm_fdinfo)
    name = libproc.text(found.pshminfo.pshm_name)
    return _stated(fd, name, found.pshminfo.pshm_stat, found.pfi)


_KINDS = {
    libproc.PROX_FDTYPE_VNODE: _vnode, libproc.PROX_FDTYPE_SOCKET: _socket,
    libproc.PROX_FDTYPE_PIPE: _pipe, libproc.PROX_FDTYPE_PSHM: _shared_memory,
}  # fmt: skip


def _unnamed(fd: int, kind: int) -> sdescriptor:
    name = f"anon_inode:[{_UNNAMED.get(kind, f'type {kind}')}]"
    return sdescriptor(fd, name, "u", 0, None, None, 0o600, 0, 0, 0, None, 1, "", None)


def _numbered(pid: int) -> Iterator[sdescriptor]:
    try:
        listed = libproc.descriptors(pid)
    except PermissionError as error:
        yield _bare("NOFD", "", error)
        return
    for one in sorted(listed, key=lambda one: one.proc_fd):
        read = _KINDS.get(one.proc_fdtype)
        if read is None:
            yield _unnamed(one.proc_fd, one.proc_fdtype)
            continue
        try:
            yield read(pid, one.proc_fd)
        except OSError as error:
            if error.errno != errno.EBADF:  # closed meanwhile
                yield _bare(one.proc_fd, "", error)


class Descriptors:
    """Reads process after process."""

    def __init__(self, *, flags: bool = False, memory: bool = True) -> None:
        del flags  # the kernel tells no more of them than how a file may be used
        self._memory = memory

    def count(self, pid: int) -> int:
        """How many descriptors a process has, 0 where that can't be told."""
        try:
            return len(libproc.descriptors(pid))
        except OSError:
            return 0

    def of(self, pid: int, tid: int | None = None) -> list[sdescriptor]:
        """What a process has open; its threads have the same. Raises OSError if it is gone."""
        del tid
        records = pid_records.of_process(pid)
        try:
            records.raise_if_zombie()
            rows = list(_directories(records))
            if self._memory:
                rows += _mapped(records)
            rows += _numbered(pid)
        except ZombieProcess:
            return []
        return rows


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): working directory, root where it has one of its own, mapped files
    (``txt``: the program), then the numbered descriptors in their order.

    ``memory`` False leaves out what is mapped; ``flags`` are told by no means. What is forbidden has
    ``error``. Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
