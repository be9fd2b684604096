"""What a process has open: /proc/PID/{cwd,root,exe,maps,fd,fdinfo} and /proc/locks.

The kinds that tell all in their link (sockets, pipes) cost no more than that and one stat(2) for each
kind, because all of a kind live on one device; the rest are looked at one by one, relative to the open
directory of the process."""

import os
import stat
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sysutils.core._ntuples import sdescriptor
from sysutils.core.linux import fds, procfs
from sysutils.core.linux.disk import device_number
from sysutils.core.linux.links import Links, read_links

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone

_O_PATH = getattr(os, "O_PATH", 0o10000000)  # PyPy has no name for it
_ACCESS_BITS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
_LINKS = ("cwd", "cwd"), ("root", "rtd"), ("exe", "txt")
_ACCESS = {os.O_RDONLY: "r", os.O_WRONLY: "w"}
_DELETED = b" (deleted)"
#: /dev/ptmx: what is opened there is the master of a pseudoterminal
_PTMX = device_number(5, 2)
_new = partial(tuple.__new__, sdescriptor)  # a third of the time of its own __new__

#: (pid, device, inode) -> R, r, W or w
Locks = dict[tuple[int, int, int], str]
#: what a name in a map led to; libraries are met again and again
Seen = dict[bytes, "os.stat_result | OSError"]


def parse_locks(data: bytes) -> Locks:
    """``/proc/locks``: ``1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF``.

    Capitals are of locks on whole files. Of several on one file the first counts."""
    found: Locks = {}
    for line in data.split(b"\n"):
        fields = line.split()
        if len(fields) < 8 or fields[1] == b"->" or fields[3] not in {b"READ", b"WRITE"}:
            continue
        major, _, rest = fields[5].partition(b":")
        minor, _, inode = rest.partition(b":")
        try:
            key = int(fields[4]), device_number(int(major, 16), int(minor, 16)), int(inode)
        except ValueError:
            continue
        whole = fields[6] == b"0" and fields[7] == b"EOF"
        char = "r" if fields[3] == b"READ" else "w"
        found.setdefault(key, char.upper() if whole else char)
    return found


def read_locks() -> Locks:
    """The locks on files. Empty where the system does not tell."""
    try:
        return parse_locks(procfs.read_proc(b"locks"))
    except OSError:
        return {}


def parse_fdinfo(data: bytes) -> tuple[int | None, int | None]:
    """``(offset, flags)`` of ``/proc/PID/fdinfo/FD``: ``pos: 0``, ``flags: 0100002`` (octal)."""
    offset = flags = None
    for line in data.split(b"\n", 2)[:2]:
        name, _, value = line.partition(b":")
        try:
            if name == b"pos":
                offset = int(value)
            elif name == b"flags":
                flags = int(value, 8)
        except ValueError:
            continue
    return offset, flags


def _error(call: str, error: OSError) -> str:
    return f"{call}: {error.strerror}"


def _bare(fd: int | str, path: bytes, error: str | None) -> sdescriptor:
    """A row of which no more than the name is known."""
    name = os.fsdecode(path)
    return _new((fd, name, None, None, None, None, None, None, None, None, None, None, "", error))


def _stated(
    fd: int | str, path: bytes, status: os.stat_result, access: str | None = None
) -> sdescriptor:
    return _new((
        fd, os.fsdecode(path), access, None, None, None, status.st_mode, status.st_dev, status.st_rdev,
        status.st_ino, status.st_size, status.st_nlink, "", None,
    ))  # fmt: skip


def _named(base: bytes) -> Iterator[sdescriptor]:
    """The working directory, the root directory and the program."""
    for name, fd in _LINKS:
        path = base + name.encode()
        try:
            target = os.readlink(path)
        except FileNotFoundError:
            yield _bare(fd, path, None)  # of a kernel thread: no error
            continue
        except OSError as error:
            yield _bare(fd, path, _error("readlink", error))
            continue
        try:
            yield _stated(fd, target, os.stat(path))
        except OSError as error:
            yield _bare(fd, target, _error("stat", error))


# --- memory


def _look(path: bytes, seen: Seen) -> "os.stat_result | OSError":
    found = seen.get(path)
    if found is None:
        try:
            found = os.stat(path)
        except OSError as error:
            found = error
        seen[path] = found
    return found


def _mapped(path: bytes, device: int, inode: int, seen: Seen) -> sdescriptor:
    if path.endswith(_DELETED):
        row = _bare("DEL", path, None)
        return row._replace(mode=stat.S_IFREG, device=device, inode=inode)
    found = _look(path, seen)
    if isinstance(found, OSError):
        row = _bare("mem", path, _error("stat", found))
        return row._replace(mode=stat.S_IFREG, device=device, inode=inode)
    return _stated("mem", path, found)._replace(device=device, inode=inode)


def parse_maps(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """``(path, device, inode)`` of each mapped file in ``/proc/PID/maps``, once each, in its order."""
    seen = set()
    for line in data.split(b"\n"):
        fields = line.split(None, 5)
        if len(fields) < 6 or fields[4] == b"0":
            continue
        key = fields[3], fields[4]
        if key in seen:
            continue
        seen.add(key)
        major, _, minor = fields[3].partition(b":")
        try:
            numbers = device_number(int(major, 16), int(minor, 16)), int(fields[4])
        except ValueError:
            continue
        yield fields[5], *numbers


def _memory(base: bytes, program: sdescriptor | None, seen: Seen) -> Iterator[sdescriptor]:
    try:
        data = procfs.read(base + b"maps", 1 << 16)
    except OSError:
        return
    for path, device, inode in parse_maps(data):
        if program is None or (device, inode) != (program.device, program.inode):
            yield _mapped(path, device, inode, seen)


# --- descriptors


class _Reader:
    """Reads the numbered descriptors of one process."""

    def __init__(self, directory: int, flags: bool, locks: Locks, pid: int) -> None:
        self._directory = directory
        self._flags = flags
        self._locks = locks
        self._pid = pid
        #: device of pipes, of sockets
        self._devices: dict[bytes, int] = {}

    def _status(self, fd: int, follow: bool = True) -> os.stat_result:
        return os.stat(b"fd/%d" % fd, dir_fd=self._directory, follow_symlinks=follow)

    def _info(self, fd: int) -> bytes:
        try:
            return procfs.read_at(self._directory, b"fdinfo/%d" % fd)
        except OSError:
            return b""

    def _access(self, fd: int) -> str:
        mode = self._status(fd, False).st_mode & (stat.S_IRUSR | stat.S_IWUSR)
        return {stat.S_IRUSR: "r", stat.S_IWUSR: "w"}.get(mode, "u")

    def _device(self, fd: int, kind: bytes) -> int:
        device = self._devices.get(kind)
        if device is None:
            try:
                device = self._status(fd).st_dev
            except FileNotFoundError:
                return 0  # closed meanwhile, or a recording, where links lead nowhere
            self._devices[kind] = device
        return device

    def _unnamed(self, fd: int, link: bytes, kind: bytes) -> sdescriptor:
        """A pipe or a socket."""
        inode = int(link[link.index(b"[") + 1 : -1])
        mode, access = stat.S_IFSOCK, "u"
        if kind == b"pipe:[":
            mode, access = stat.S_IFIFO, self._access(fd)
        offset, flags = parse_fdinfo(self._info(fd)) if self._flags else (0, None)
        return _new((
            fd, link.decode(), access, offset, flags, None, mode, self._device(fd, kind), 0, inode, None, 1,
            "", None,
        ))  # fmt: skip

    def row(self, fd: int, link: bytes) -> sdescriptor:
        """The row of one descriptor. Raises OSError if it is closed meanwhile."""
        kind = link[:6]
        if kind == b"pipe:[" or link[:8] == b"socket:[":
            return self._unnamed(fd, link, kind)
        offset: int | None = None
        flags = None
        status = self._status(fd)
        mode = status.st_mode
        details = None
        if self._flags or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            details = self._info(fd)
            offset, flags = parse_fdinfo(details)
        if flags is None:
            access = self._access(fd)
        else:
            access = "u" if flags & _O_PATH else _ACCESS.get(flags & _ACCESS_BITS, "u")
        lock = self._locks.get((self._pid, status.st_dev, status.st_ino), "") if self._locks else ""
        tells = link[:11] == b"anon_inode:" or (status.st_rdev == _PTMX and stat.S_ISCHR(mode))
        text = details.decode("latin-1") if details and tells else None
        return _new((
            fd, os.fsdecode(link), access, offset, flags, text, mode, status.st_dev, status.st_rdev,
            status.st_ino, status.st_size, status.st_nlink, lock, None,
        ))  # fmt: skip

    def rows(self, links: Links) -> Iterator[sdescriptor]:
        """The rows of all of them."""
        for fd, link in links.items():
            try:
                yield self.row(fd, link)
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                yield _bare(fd, link, f"stat: {getattr(error, 'strerror', error)}")


def _numbered(base: bytes, reader: _Reader, counted: bool) -> Iterator[sdescriptor]:
    try:
        links = read_links(base, counted)
    except PermissionError as error:
        yield from _forbidden(base, error)
        return
    except OSError:
        return
    yield from reader.rows(links)


def _forbidden(base: bytes, why: OSError) -> Iterator[sdescriptor]:
    """Descriptors that may be counted, but not looked at; else one row that says so."""
    try:
        names = os.listdir(base + b"fd")
    except OSError as error:
        yield _bare("NOFD", base + b"fd", _error("opendir", error))
        return
    for name in names:
        yield _bare(int(name), base + b"fd/" + name, _error("readlink", why))


class Descriptors:
    """Reads process after process; what they share is read once."""

    def __init__(self, *, flags: bool = False, memory: bool = True) -> None:
        self._flags = flags
        self._with_memory = memory
        self._locks = read_locks()
        self._seen: Seen = {}
        self._counted = fds.is_counted(procfs.root())

    def count(self, pid: int) -> int:
        """How many descriptors a process has, 0 where the system does not tell at once."""
        try:
            return os.stat(b"%s/%d/fd" % (procfs.root(), pid)).st_size if self._counted else 0
        except OSError:
            return 0

    def of(self, pid: int, tid: int | None = None) -> list[sdescriptor]:
        """What a process (or one thread of it) has open. Raises OSError if it is gone."""
        base = b"%s/%d/" % (procfs.root(), pid)
        if tid is not None:
            base += b"task/%d/" % tid
        directory = procfs.open_directory(base)
        try:
            rows = list(_named(base))
            program: Any = next((row for row in rows if row.fd == "txt" and row.inode), None)
            if self._with_memory:
                rows += _memory(base, program, self._seen)
            reader = _Reader(directory, self._flags, self._locks, pid)
            rows += _numbered(base, reader, self._counted and tid is None)
        finally:
            os.close(directory)
        return rows


def open_descriptors(
    pid: int, tid: int | None = None, *, flags: bool = False, memory: bool = True
) -> list[sdescriptor]:
    """What a process has open (extension): working directory, root, program, mapped files, then the
    numbered descriptors in their order.

    ``tid`` asks for one of its threads. ``flags`` fills the flags of open(2) and every offset, which
    takes a file more each; ``memory`` False leaves out what is mapped. What is forbidden has ``error``
    and a name. Raises OSError if the process is gone."""
    return Descriptors(flags=flags, memory=memory).of(pid, tid)
