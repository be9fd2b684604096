"""What a process has open on NetBSD (``kern.file2``, ``kern.proc_args``, ``vm.proc.map``).

Of the working directory the kernel tells the path alone, of the files behind numbers kind and size, of those
that are mapped all but the number of links."""

import os
import stat
from collections.abc import Iterator

from sysutils.core._ntuples import sdescriptor
from sysutils.core.bsd import descriptors, sysctl
from sysutils.core.netbsd import files, kinfo, layout, maps
from sysutils.core.netbsd.layout import kinfo_file, kinfo_vmentry

_KINDS = {
    layout.DTYPE_KQUEUE: "kqueue", layout.DTYPE_MISC: "misc", layout.DTYPE_CRYPTO: "crypto",
    layout.DTYPE_MQUEUE: "mqueue", layout.DTYPE_SEM: "sem", layout.DTYPE_EVENTFD: "eventfd",
    layout.DTYPE_TIMERFD: "timerfd", layout.DTYPE_MEMFD: "memfd",
}  # fmt: skip


def _row(row: kinfo_file) -> sdescriptor:
    access, fd = descriptors.access_of(row.ki_flag), row.ki_fd
    if row.ki_ftype == layout.DTYPE_VNODE:
        found = descriptors.bare(fd, "", mode=descriptors.type_of(row.ki_vtype) or None)
        return found._replace(access=access, offset=row.ki_foffset, size=row.ki_vsize)
    if row.ki_ftype == layout.DTYPE_SOCKET:
        return descriptors.socket(fd, row.ki_fdata)
    if row.ki_ftype == layout.DTYPE_PIPE:
        return descriptors.pipe(fd, access, [row.ki_fdata])
    return descriptors.unnamed(fd, _KINDS.get(row.ki_ftype, f"type {row.ki_ftype}"), access)


def _told(pid: int, kind: int) -> str:
    try:
        return sysctl.text(kinfo.about(pid, kind))
    except OSError:
        return ""


def _mapped(fd: str, found: kinfo_vmentry) -> sdescriptor:
    mode = descriptors.type_of(found.kve_vn_type) | found.kve_vn_mode & 0o7777
    return sdescriptor(
        fd, os.fsdecode(found.kve_path), None, None, None, None, mode, found.kve_vn_fsid,
        found.kve_vn_rdev, found.kve_vn_fileid, found.kve_vn_size, None, "", None,
    )  # fmt: skip


def _memory(pid: int, program: str) -> Iterator[sdescriptor]:
    """The files that are mapped, each once, the program before the others."""
    seen: dict[tuple[int, int], kinfo_vmentry] = {}
    try:
        for found in maps.entries(pid):
            if found.kve_type == layout.KVME_TYPE_VNODE:
                seen.setdefault((found.kve_vn_fsid, found.kve_vn_fileid), found)
    except OSError:
        seen.clear()  # none may be seen
    named = [(os.fsdecode(found.kve_path) == program, found) for found in seen.values()]
    if program and not any(is_program for is_program, _ in named):
        yield descriptors.bare("txt", program, mode=stat.S_IFREG)
    for is_program, found in sorted(named, key=lambda row: not row[0]):
        yield _mapped("txt" if is_program else "mem", found)


class Descriptors(descriptors.DescriptorReader):
    """Reads process after process."""

    def rows(self, pid: int) -> list[sdescriptor]:
        """What a process has open. Raises OSError if it is gone."""
        told = files.of_process(pid)
        info = kinfo.read(pid)  # raises if it is gone
        if info.stat == layout.LSZOMB:
            return []
        cwd = _told(pid, layout.KERN_PROC_CWD)
        rows = [descriptors.bare("cwd", cwd, mode=stat.S_IFDIR)] if cwd else []
        program = _told(pid, layout.KERN_PROC_PATHNAME)
        found = list(_memory(pid, program))
        rows += found if self._memory else [row for row in found if row.fd == "txt"]
        return rows + [_row(row) for row in sorted(told, key=lambda row: row.ki_fd)]


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): working directory, program, mapped files, then the numbered
    descriptors, whose names are not told. Of other users' processes there may be none.

    Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
