"""What a process has open on FreeBSD: ``kern.proc.filedesc``, ``kern.proc.vmmap``."""

import os
from collections.abc import Iterator

from sysutils.core._ntuples import sdescriptor
from sysutils.core.bsd import descriptors
from sysutils.core.freebsd import files, kinfo, layout, maps

_NAMED = {
    layout.KF_FD_TYPE_CWD: "cwd", layout.KF_FD_TYPE_ROOT: "rtd", layout.KF_FD_TYPE_TEXT: "txt",
}  # fmt: skip
_KINDS = {
    layout.KF_TYPE_NONE: "none", layout.KF_TYPE_KQUEUE: "kqueue", layout.KF_TYPE_MQUEUE: "mqueue",
    layout.KF_TYPE_SHM: "shm", layout.KF_TYPE_SEM: "sem", layout.KF_TYPE_PTS: "pts",
    layout.KF_TYPE_PROCDESC: "procdesc", layout.KF_TYPE_DEV: "dev", layout.KF_TYPE_EVENTFD: "eventfd",
    layout.KF_TYPE_TIMERFD: "timerfd", layout.KF_TYPE_INOTIFY: "inotify",
    layout.KF_TYPE_JAILDESC: "jaildesc",
}  # fmt: skip
#: flag of a descriptor -> Linux' number of the same of open(2)
_FLAGS = (
    (layout.KF_FLAG_APPEND, 0o2000), (layout.KF_FLAG_NONBLOCK, 0o4000), (layout.KF_FLAG_FSYNC, 0o4010000),
    (layout.KF_FLAG_DIRECT, 0o40000),
)  # fmt: skip


def _flags(told: int) -> int:
    """The flags of open(2) by Linux' numbers, of those that both have."""
    reads, writes = told & layout.KF_FLAG_READ, told & layout.KF_FLAG_WRITE
    access = (os.O_RDWR if reads else os.O_WRONLY) if writes else os.O_RDONLY
    return access | sum(number for bit, number in _FLAGS if told & bit)


def _vnode(fd: int | str, row: files.Descriptor) -> sdescriptor:
    entry, file = row.entry, row.entry.kf_un.kf_file
    kind = descriptors.type_of(file.kf_file_type)
    numbered = isinstance(fd, int)
    access = descriptors.access_of(entry.kf_flags) if numbered else None
    if not entry.kf_status & layout.KF_ATTR_VALID:
        return descriptors.bare(fd, row.path, mode=kind or None)._replace(access=access)
    return sdescriptor(
        fd, row.path, access, entry.kf_offset if numbered else None,
        _flags(entry.kf_flags) if numbered else None, None, kind | file.kf_file_mode & 0o7777,
        file.kf_file_fsid, file.kf_file_rdev, file.kf_file_fileid, file.kf_file_size, file.kf_file_nlink,
        "", None,
    )  # fmt: skip


def _row(row: files.Descriptor) -> sdescriptor | None:
    entry = row.entry
    if row.kf_fd < 0:
        name = _NAMED.get(row.kf_fd)
        return None if name is None else _vnode(name, row)
    if entry.kf_type in {layout.KF_TYPE_VNODE, layout.KF_TYPE_FIFO}:
        return _vnode(row.kf_fd, row)
    if entry.kf_type == layout.KF_TYPE_SOCKET:
        found = descriptors.socket(row.kf_fd, entry.kf_un.kf_sock.kf_sock_pcb)
    elif entry.kf_type == layout.KF_TYPE_PIPE:
        ends = entry.kf_un.kf_pipe.kf_pipe_addr, entry.kf_un.kf_pipe.kf_pipe_peer
        found = descriptors.pipe(row.kf_fd, descriptors.access_of(entry.kf_flags), ends)
    else:
        kind = _KINDS.get(entry.kf_type, f"type {entry.kf_type}")
        found = descriptors.unnamed(row.kf_fd, kind, descriptors.access_of(entry.kf_flags))
    return found._replace(flags=_flags(entry.kf_flags))


def _mapped(pid: int, program: tuple[int | None, int | None]) -> Iterator[sdescriptor]:
    """The files that are mapped, each once, but for the program."""
    seen = {program}
    try:
        for found, path in maps.entries(pid):
            key = found._kve_type_spec, found.kve_vn_fileid
            if found.kve_type != layout.KVME_TYPE_VNODE or key in seen:
                continue
            seen.add(key)
            mode = descriptors.type_of(found.kve_vn_type) | found.kve_vn_mode & 0o7777
            yield sdescriptor(
                "mem", path, None, None, None, None, mode, key[0], found.kve_vn_rdev, key[1],
                found.kve_vn_size, None, "", None,
            )  # fmt: skip
    except OSError:
        return  # none may be seen


class Descriptors(descriptors.DescriptorReader):
    """Reads process after process."""

    def count(self, pid: int) -> int:
        """How many descriptors a process has, 0 where that can't be told."""
        try:
            data = kinfo.of_process(layout.KERN_PROC_NFDS, pid)
        except OSError:
            return 0
        return int.from_bytes(data[:4], layout.ORDER)

    def rows(self, pid: int) -> list[sdescriptor]:
        """What a process has open. Raises OSError if it is gone."""
        try:
            found = [row for row in map(_row, files.descriptors(pid)) if row is not None]
        except PermissionError as error:
            return [descriptors.bare("NOFD", "", error)]
        named = [row for row in found if not isinstance(row.fd, int)]
        numbered = [row for row in found if isinstance(row.fd, int)]
        named.sort(key=lambda row: ("cwd", "rtd", "txt").index(str(row.fd)))
        program = next(((row.device, row.inode) for row in named if row.fd == "txt"), (None, None))
        mapped = list(_mapped(pid, program)) if self._memory else []
        return named + mapped + numbered


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): working directory, root, program, mapped files, then the
    numbered descriptors. ``flags`` are told in any case, by Linux' numbers.

    What is forbidden has ``error``. Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
