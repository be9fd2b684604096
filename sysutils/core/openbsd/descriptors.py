"""What a process has open on OpenBSD (``kern.file``). Files have no names there: a row tells the mount
that they are on, as lsof does where it knows no more."""

import os

from sysutils.core._ntuples import sdescriptor
from sysutils.core.bsd import descriptors, sysctl
from sysutils.core.openbsd import disk, files, kinfo, layout, sockets
from sysutils.core.openbsd.layout import kinfo_file

_NAMED = {
    layout.KERN_FILE_CDIR: "cwd", layout.KERN_FILE_RDIR: "rtd", layout.KERN_FILE_TEXT: "txt",
}  # fmt: skip
_ORDER = {layout.KERN_FILE_CDIR: -3, layout.KERN_FILE_RDIR: -2, layout.KERN_FILE_TEXT: -1}
_KINDS = {layout.DTYPE_KQUEUE: "kqueue", layout.DTYPE_DMABUF: "dmabuf", layout.DTYPE_SYNC: "sync"}
#: flag of sys/fcntl.h -> Linux' number of the same of open(2): O_NONBLOCK, O_APPEND, O_SYNC
_FLAGS = ((0x4, 0o4000), (0x8, 0o2000), (0x80, 0o4010000))


def _flags(told: int) -> int:
    """The flags of open(2) by Linux' numbers, of those that both have."""
    reads, writes = told & descriptors.FREAD, told & descriptors.FWRITE
    access = (os.O_RDWR if reads else os.O_WRONLY) if writes else os.O_RDONLY
    return access | sum(number for bit, number in _FLAGS if told & bit)


def _cwd(pid: int) -> str:
    try:
        data = sysctl.read((layout.CTL_KERN, layout.KERN_PROC_CWD, pid))
    except OSError:
        return ""
    return sysctl.text(data)


class Descriptors(descriptors.DescriptorReader):
    """Reads process after process; the table of mounts is read once."""

    _devices: dict[str, str] | None = None

    def _place(self, mountpoint: str) -> str:
        """``/home (/dev/sd0k)``."""
        if self._devices is None:
            self._devices = {row.mountpoint: row.device for row in disk.mounts()}
        device = self._devices.get(mountpoint)
        return f"{mountpoint} ({device})" if device else mountpoint

    def _vnode(self, fd: int | str, row: kinfo_file) -> sdescriptor:
        numbered = isinstance(fd, int)
        path = _cwd(row.p_pid) if fd == "cwd" else ""
        return sdescriptor(
            fd, path or self._place(os.fsdecode(row.f_mntonname)),
            descriptors.access_of(row.f_flag) if numbered else None, row.f_offset if numbered else None,
            _flags(row.f_flag) if numbered else None, None,
            descriptors.type_of(row.v_type) | row.va_mode & 0o7777, row.va_fsid, row.va_rdev,
            row.va_fileid, row.va_size, row.va_nlink, "", None,
        )  # fmt: skip

    def _row(self, row: kinfo_file) -> sdescriptor | None:
        fd = row.fd_fd
        if fd < 0:
            name = _NAMED.get(fd)
            return None if name is None else self._vnode(name, row)
        if row.f_type == layout.DTYPE_VNODE:
            return self._vnode(fd, row)
        if row.f_type == layout.DTYPE_SOCKET:
            found = descriptors.socket(fd, sockets.number_of(row))
        elif row.f_type == layout.DTYPE_PIPE:
            ends = row.f_data, row.pipe_peer
            found = descriptors.pipe(fd, descriptors.access_of(row.f_flag), ends)
        else:
            kind = _KINDS.get(row.f_type, f"type {row.f_type}")
            found = descriptors.unnamed(fd, kind, descriptors.access_of(row.f_flag))
        return found._replace(flags=_flags(row.f_flag))

    def rows(self, pid: int) -> list[sdescriptor]:
        """What a process has open. Raises OSError if it is gone."""
        try:
            told = files.of_process(pid)
        except PermissionError as error:
            return [descriptors.bare("NOFD", "", error)]
        if not told:
            kinfo.read(pid)  # raises if it is gone
        rows = sorted(told, key=lambda row: _ORDER.get(row.fd_fd, row.fd_fd))
        return [found for found in map(self._row, rows) if found is not None]


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): working directory, root where it has one of its own, program, then
    the numbered descriptors; what is mapped is not told. ``flags`` are told in any case, by Linux' numbers.

    Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
