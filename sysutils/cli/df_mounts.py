"""Which mounts df tells of, and what it knows of each: GNU's rules, and a limit on the time of dead ones."""

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sysutils import core
from sysutils.cli.grammar import CommandError, quote
from sysutils.cli.output.quoting import shell_name

#: nothing to store in
_PSEUDO = {
    "autofs", "proc", "subfs", "debugfs", "devpts", "fusectl", "fuse.portal", "mqueue", "rpc_pipefs",
    "sysfs", "devfs", "kernfs", "ignore", "none",
}  # fmt: skip
_REMOTE = {"acfs", "afs", "coda", "auristorfs", "fhgfs", "gpfs", "ibrix", "ocfs2", "vxfs"}
#: kept by the kernel of this machine, in memory or on its disks: they always answer
_PROMPT = {
    "bpf", "btrfs", "cgroup", "cgroup2", "configfs", "devtmpfs", "efivarfs", "erofs", "exfat", "ext2",
    "ext3", "ext4", "f2fs", "hugetlbfs", "iso9660", "nsfs", "ntfs3", "pstore", "ramfs", "securityfs",
    "squashfs", "tmpfs", "tracefs", "udf", "vfat", "xfs", "zfs",
} | (_PSEUDO - {"autofs", "fuse.portal"})  # fmt: skip
#: what is told apart on a terminal
KINDS = ("Disks", "Network", "Overlays", "Images", "Memory", "Others")
_KIND_OF = {
    **dict.fromkeys(("overlay", "aufs", "unionfs", "fuse-overlayfs", "fuse.fuse-overlayfs"), "Overlays"),
    **dict.fromkeys(("squashfs", "iso9660", "udf", "erofs", "cramfs", "romfs"), "Images"),
    **dict.fromkeys(("tmpfs", "devtmpfs", "ramfs", "hugetlbfs"), "Memory"),
    **dict.fromkeys(("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.glusterfs"), "Network"),
}  # fmt: skip
_ALL = (1 << 64) - 1
_UUID = set("-0123456789abcdefABCDEF")


class Mount(NamedTuple):
    """A line of the system's table of mounts. ``dev`` is -1 where the table has none."""

    device: str
    mountpoint: str
    fstype: str
    root: str = "/"
    dev: int = -1

    @property
    def pseudo(self) -> bool:
        """Of a type that stores nothing."""
        return self.fstype in _PSEUDO

    @property
    def remote(self) -> bool:
        """On another machine, as far as its name tells."""
        if ":" in self.device or self.device == "-hosts" or self.fstype in _REMOTE:
            return True
        return self.device.startswith("//") and self.fstype in {"smbfs", "smb3", "cifs"}

    @property
    def prompt(self) -> bool:
        """Whether it can be asked without a limit on the time."""
        return self.fstype in _PROMPT and not self.remote


class Room(NamedTuple):
    """What a file system holds, in bytes and inodes, None for what it does not tell."""

    total: int | None = None
    free: int | None = None
    avail: int | None = None
    files: int | None = None
    ffree: int | None = None


class Filesystem(NamedTuple):
    """A row of df; None for what is unknown."""

    source: str | None
    fstype: str | None
    target: str | None
    file: str | None
    room: Room

    @property
    def used(self) -> int | None:
        """Bytes in use; negative where more is free than there is."""
        total, free = self.room[:2]
        return None if total is None or free is None else total - free

    @property
    def iused(self) -> int | None:
        """Inodes in use."""
        files, ffree = self.room[3:]
        return None if files is None or ffree is None else files - ffree


class Wanted(NamedTuple):
    """What is to be shown."""

    all: bool = False
    local: bool = False
    types: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    total: bool = False
    #: seconds until a file system counts as dead
    limit: float = 5.0

    def takes(self, fstype: str | None) -> bool:
        """Whether the types asked for hold this one."""
        if fstype is None:
            return True
        return (not self.types or fstype in self.types) and fstype not in self.excluded


def kind_of(row: Filesystem) -> str:
    """One of ``KINDS``: where the row's files are kept; what holds none is of the others."""
    fstype = row.fstype or ""
    mount = Mount(row.source or "", row.target or "", fstype)
    if fstype in _KIND_OF:
        return _KIND_OF[fstype]
    if mount.remote:
        return "Network"
    return "Others" if mount.pseudo or not row.room.total else "Disks"


def mounts() -> list[Mount]:
    """The system's table. Raises OSError."""
    if hasattr(core, "mounts"):
        return [Mount(m.device, m.mountpoint, m.fstype, m.root, m.dev) for m in core.mounts()]
    return [Mount(*part[:3]) for part in core.disk_partitions(all=True)]


def _room(path: str, timeout: float | None) -> Room:
    ask = getattr(core, "filesystem_usage", None)
    if ask is None:
        usage = core.disk_usage(path, timeout=timeout)
        return Room(usage.total, usage.total - usage.used, usage.free)
    found = ask(path, timeout=timeout)
    unit = found.block_size

    def size(blocks: int) -> int | None:
        return None if blocks & _ALL == _ALL else (blocks & _ALL) * unit

    avail = found.bavail & _ALL
    # with the highest bit it is negative: less is left than is kept for root
    signed = avail - (1 << 64) if avail >> 63 else avail
    return Room(
        size(found.blocks), size(found.bfree), None if avail == _ALL else signed * unit,
        *(None if count & _ALL == _ALL else count & _ALL for count in (found.files, found.ffree)),
    )  # fmt: skip


class Survey:
    """Asks the file systems, one after the other. ``tell`` is given what went wrong."""

    def __init__(self, wanted: Wanted, tell: Callable[[str], None]) -> None:
        self.wanted = wanted
        self.tell = tell
        #: whether there was anything to tell of
        self.processed = False
        self._dead: set[str] = set()

    def _limit(self, mount: Mount | None) -> float | None:
        if mount is not None and mount.prompt:
            return None
        # the first dead one was waited for; a server that is down has many mounts
        return min(1.0, self.wanted.limit) if self._dead else self.wanted.limit

    def _status(self, path: str, mount: Mount | None, opened: bool = False) -> os.stat_result:
        """stat(2) in time. Raises OSError."""
        ask = getattr(core, "file_status", None)
        if ask is None:
            return os.stat(path)
        try:
            status: os.stat_result = ask(path, opened=opened, timeout=self._limit(mount))
        except TimeoutError as error:
            self._note(path, error)
            raise
        return status

    def _note(self, path: str, error: OSError) -> None:
        if path not in self._dead:
            self.tell(f"{shell_name(path)}: {error.strerror}")
        self._dead.add(path)

    def _device(self, mount: Mount) -> int:
        """Device number of what stands at the mount point now."""
        try:
            return self._status(mount.mountpoint, mount).st_dev
        except OSError:
            return mount.dev

    # --- all file systems

    def everything(self) -> list[Filesystem]:
        """The rows of a df without operands. Raises CommandError without a table of mounts."""
        try:
            table = mounts()
        except OSError as error:
            message = f"cannot read table of mounted file systems: {error.strerror}"
            raise CommandError(message) from None
        if not table:
            raise CommandError(
                "cannot read table of mounted file systems: No such file or directory"
            )
        kept, latest = self._without_duplicates(table)
        rows = []
        for mount in kept:
            row = self._listed(mount, latest)
            if row is not None:
                rows.append(row)
        return rows

    def _without_duplicates(self, table: Sequence[Mount]) -> tuple[list[Mount], dict[int, Mount]]:
        """The mounts, one for each device; and by device number the last one met.

        Those that will not be shown are not asked, but count under the number in the table."""
        kept: list[Mount] = []
        places: dict[int, int] = {}
        for mount in table:
            told = None if self._hidden(mount) else self._stat_or_none(mount)
            place = None if told is None or self.wanted.all else places.get(told)
            if place is not None:
                other = kept[place]
                distinct = mount.remote and other.remote and mount.device != other.device
                if not distinct or self.wanted.total:
                    if better(mount, other):
                        kept[place] = mount
                    continue
            places[mount.dev if told is None else told] = len(kept)
            kept.append(mount)
        return kept, {device: kept[place] for device, place in places.items()}

    def _hidden(self, mount: Mount) -> bool:
        wanted = self.wanted
        if (mount.remote and wanted.local) or (mount.pseudo and not wanted.all):
            return True
        return not wanted.takes(mount.fstype)

    def _stat_or_none(self, mount: Mount) -> int | None:
        try:
            return self._status(mount.mountpoint, mount).st_dev
        except OSError:
            return None

    def _listed(self, mount: Mount, latest: dict[int, Mount]) -> Filesystem | None:
        wanted = self.wanted
        if self._hidden(mount) or mount.mountpoint in self._dead:
            return None
        fstype: str | None = mount.fstype
        try:
            room = _room(mount.mountpoint, self._limit(mount))
        except (FileNotFoundError, PermissionError):
            if not wanted.all:
                return None
            fstype, room = None, Room()
        except OSError as error:
            self._note(mount.mountpoint, error)
            return None
        if fstype is not None and wanted.all and self._covered(mount, latest):
            fstype, room = None, Room()
        if room.total == 0 and not wanted.all:
            return None
        self.processed = True
        return Filesystem(_short_device(mount.device), fstype, mount.mountpoint, None, room)

    def _covered(self, mount: Mount, latest: dict[int, Mount]) -> bool:
        """Whether another file system stands at this mount point, so that the answer is not its own."""
        device = self._stat_or_none(mount)
        other = None if device is None else latest.get(device)
        if other is None or other.device == mount.device:
            return False
        return not (mount.remote and other.remote)

    # --- the file systems of files

    def of_files(self, paths: Sequence[str]) -> list[Filesystem]:
        """A row for each file that exists. Raises CommandError where the mounts must be known and aren't."""
        found = []
        for path in paths:
            try:
                found.append((path, self._status(path, None, opened=True)))
            except TimeoutError:
                continue
            except OSError as error:
                self.tell(f"{shell_name(path)}: {error.strerror}")
        table = self._table_for_files()
        rows = (self._of_file(path, status, table) for path, status in found)
        return [row for row in rows if row is not None]

    def _table_for_files(self) -> list[Mount]:
        why = "No such file or directory"
        try:
            table = mounts()
        except OSError as error:
            table, why = [], error.strerror or ""
        if not table:
            message = f"cannot read table of mounted file systems: {why}"
            wanted = self.wanted
            if wanted.all or wanted.local or wanted.types or wanted.excluded:
                raise CommandError(message)
            self.tell(f"Warning: {message}")
        return table

    def _of_file(
        self, path: str, status: os.stat_result, table: Sequence[Mount]
    ) -> Filesystem | None:
        if stat.S_ISBLK(status.st_mode) or stat.S_ISCHR(status.st_mode):
            mount, covered = on_device(path, table)
            if covered:
                name = shell_name(path, always=True)
                self.tell(f"cannot access {name}: over-mounted by another device")
                return None
            if mount is not None:
                return self._asked(mount, path, mount.mountpoint)
        mount = self._holding(path, status, table)
        if mount is not None:
            return self._asked(mount, path, path)
        return self._asked(None, path, path)

    def _holding(self, path: str, status: os.stat_result, table: Iterable[Mount]) -> Mount | None:
        """The mount that a file is seen through: the deepest mount point above it, if it is on the same
        device; else any mount of that device."""
        real = os.path.realpath(path)
        above = [m for m in table if _is_below(real, m.mountpoint) and m.fstype != "lofs"]
        if above:
            deepest = max(len(m.mountpoint) for m in above)
            best = [m for m in above if len(m.mountpoint) == deepest][-1]
            if self._device(best) == status.st_dev:
                return best
        found = None
        for mount in table:
            if mount.dev != status.st_dev or mount.fstype == "lofs":
                continue
            if (found is None or found.pseudo or not mount.pseudo) and (
                self._device(mount) == status.st_dev
            ):
                found = mount
        return found

    def _asked(self, mount: Mount | None, path: str, probe: str) -> Filesystem | None:
        fstype = None if mount is None else mount.fstype
        if (mount is not None and mount.remote and self.wanted.local) or not self.wanted.takes(
            fstype
        ):
            return None
        try:
            room = _room(probe, self._limit(mount))
            target = mount_point(path) if mount is None else mount.mountpoint
        except OSError as error:
            self._note(probe, error)
            return None
        self.processed = True
        return Filesystem(mount and mount.device, fstype, target, path, room)


def better(mount: Mount, other: Mount) -> bool:
    """Whether of two mounts of one device ``mount`` is the one to tell of: a name that is a path before
    one that is none, the shorter mount point unless less of the device is seen there, and what lies on
    top at one mount point."""
    if "/" in mount.device and "/" not in other.device:
        return True
    nearer = len(mount.mountpoint) < len(other.mountpoint)
    if nearer and len(mount.root) <= len(other.root):
        return True
    return mount.device != other.device and mount.mountpoint == other.mountpoint


def _short_device(device: str) -> str:
    """``device``; the name behind it where it ends in a UUID, which nobody reads."""
    if len(device) <= 36 or not _UUID.issuperset(device[-36:]):
        return device
    try:
        return os.path.realpath(device, strict=True)
    except OSError:
        return device


def on_device(path: str, table: Sequence[Mount]) -> tuple[Mount | None, bool]:
    """The mount of a device: that with the shortest mount point of those not covered by another device;
    and whether all of them are."""
    real = os.path.realpath(path)
    top = {mount.mountpoint: mount for mount in table}
    found = None
    covered = False
    for mount in table:
        if not mount.device.startswith("/") or os.path.realpath(mount.device) != real:
            continue
        if os.path.realpath(top[mount.mountpoint].device) != real:
            covered = True
        elif found is None or len(mount.mountpoint) < len(found.mountpoint):
            found = mount
    return found, covered and found is None


def _is_below(path: str, directory: str) -> bool:
    return directory in {"/", path} or path.startswith(directory + "/")


def mount_point(path: str) -> str:
    """The highest directory above ``path`` that is on the same device. Raises OSError."""
    here = os.path.realpath(path)
    device = os.stat(here).st_dev
    if not os.path.isdir(here):
        here = os.path.dirname(here)
    while here != "/":
        up = os.path.dirname(here)
        if os.stat(up).st_dev != device:
            break
        here = up
    return here


def dead_after(text: str) -> float:
    """The argument of ``--timeout``. Raises CommandError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 1e6:
        raise CommandError(f"invalid --timeout argument {quote(text)}")
    return seconds
