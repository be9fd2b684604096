"""What a process belongs to: control groups and systemd's units, namespaces, autogroup, security label."""

import os
from collections.abc import Callable
from typing import NamedTuple

from sysutils.core.linux import facts, procfs
from sysutils.core.linux import pid_files as pf
from sysutils.core.linux.pid_files import PidFiles


class pautogroup(NamedTuple):
    """Scheduling group that the kernel makes per session: its number and its nice value."""

    id: int
    nice: int


def parse_autogroup(data: bytes) -> pautogroup:
    """``/proc/PID/autogroup``: ``/autogroup-66 nice 5``. Raises NotImplementedError for no text."""
    name, nice_follows, nice = data.partition(b" nice ")
    if not nice_follows:
        raise NotImplementedError("/proc/PID/autogroup tells nothing")
    return pautogroup(int(name.rpartition(b"-")[2]), int(nice))


def autogroup(files: PidFiles) -> pautogroup:
    """``(id, nice)`` of the autogroup (``/proc/PID/autogroup``)."""
    return parse_autogroup(procfs.read_record(files.base + b"autogroup", 128))


def security_label(files: PidFiles) -> str | None:
    """Label of the security module, None without one (``/proc/PID/attr/current``)."""
    label = procfs.read_record(files.base + b"attr/current", 4096)
    return os.fsdecode(label.partition(b"\0")[0].rstrip(b"\n")) or None


def _namespace(kind: str) -> Callable[[PidFiles], int]:
    path = b"ns/" + kind.encode()

    def read(files: PidFiles) -> int:
        return os.stat(files.base + path).st_ino

    read.__name__ = read.__qualname__ = f"{kind}_namespace"
    read.__doc__ = f"Inode number of the {kind} namespace (``/proc/PID/ns/{kind}``)."
    return read


cgroup_namespace = _namespace("cgroup")
ipc_namespace = _namespace("ipc")
mnt_namespace = _namespace("mnt")
net_namespace = _namespace("net")
pid_namespace = _namespace("pid")
time_namespace = _namespace("time")
user_namespace = _namespace("user")
uts_namespace = _namespace("uts")


def root_directory(files: PidFiles) -> tuple[int, int]:
    """Device and inode number of the root directory (``/proc/PID/root``). Needs the owner's rights."""
    status = os.stat(files.base + b"root")
    return status.st_dev, status.st_ino


def parse_cpumap(data: bytes) -> int:
    """``/sys/devices/system/node/nodeN/cpumap``, groups of 32 bits in hexadecimal: one mask."""
    return int(data.strip().replace(b",", b""), 16)


def _node_masks() -> list[tuple[int, int]]:
    masks = []
    for name in os.listdir(procfs.sys_root + b"/devices/system/node"):
        if name[:4] == b"node" and name[4:].isdigit():
            data = procfs.read_sys(b"devices/system/node/%s/cpumap" % name)
            masks.append((int(name[4:]), parse_cpumap(data)))
    return masks


def numa_node(files: PidFiles) -> int:
    """Node of the CPU that the process ran on last. Raises OSError on a system without nodes."""
    cpu = int(files.stat[pf.PROCESSOR])
    for node, mask in _node_masks():
        if mask >> cpu & 1:
            return node
    raise FileNotFoundError(cpu)


# --- systemd: the names are in the path of the control group


def _systemd_path(files: PidFiles) -> list[str]:
    """Parts of the path in systemd's hierarchy: that of cgroup v2, or ``name=systemd`` on a host without.

    Raises NotImplementedError where there is neither."""
    paths = {}
    for line in facts.cgroup(files):
        _, controllers, path = line.split(":", 2)
        paths[controllers] = path
    old = "" not in paths or procfs.exists(procfs.sys_root + b"/fs/cgroup/systemd")
    path = paths.get("name=systemd" if old and "name=systemd" in paths else "", "")
    if not path:
        raise NotImplementedError("no control group of systemd in /proc/PID/cgroup")
    return path.split("/")[1:]


def _unescaped(part: str) -> str:
    """systemd puts ``_`` before a name that the kernel would take for one of its own."""
    return part.removeprefix("_")


_UNIT_KINDS = (".service", ".scope", ".slice", ".mount", ".socket", ".swap")


def _last(parts: list[str], kinds: tuple[str, ...]) -> int:
    """Place of the last part before the first that is not of ``kinds``; -1 for none."""
    place = -1
    for index, part in enumerate(parts):
        if not part.endswith(kinds):
            break
        place = index
    return place


def slice_of(parts: list[str]) -> str | None:
    """The system slice in a path: its innermost ``.slice`` from the root on, ``-.slice`` for none."""
    parts = [_unescaped(part) for part in parts]
    place = _last(parts, (".slice",))
    return parts[place] if place >= 0 else "-.slice"


def unit_of(parts: list[str]) -> str | None:
    """The system unit in a path: what stands below the slices."""
    parts = [_unescaped(part) for part in parts]
    place = _last(parts, (".slice",)) + 1
    if place < len(parts) and parts[place].endswith(_UNIT_KINDS):
        return parts[place]
    return None


def session_of(parts: list[str]) -> str | None:
    """The login session in a path: ``3`` of ``session-3.scope``."""
    for part in map(_unescaped, parts):
        if part.startswith("session-") and part.endswith(".scope"):
            return part[len("session-") : -len(".scope")]
    return None


def owner_of(parts: list[str]) -> int | None:
    """The user whose slice a path is in: 1000 of ``user-1000.slice``."""
    for part in parts:
        if not part.endswith(".slice"):
            break
        uid = part[len("user-") : -len(".slice")]
        if part.startswith("user-") and uid.isdigit():
            return int(uid)
    return None


def user_unit_of(parts: list[str]) -> str | None:
    """The unit of a user's own manager in a path: what stands below ``user@1000.service``."""
    for index, part in enumerate(parts):
        if part.startswith("user@") and part.endswith(".service"):
            return unit_of(parts[index + 1 :])
    return None


def _of_path(
    find: Callable[[list[str]], "str | int | None"],
) -> Callable[[PidFiles], "str | int | None"]:
    def read(files: PidFiles) -> "str | int | None":
        return find(_systemd_path(files))

    read.__doc__ = find.__doc__
    return read


unit = _of_path(unit_of)
slice_name = _of_path(slice_of)
login_session = _of_path(session_of)
owner_uid = _of_path(owner_of)
user_unit = _of_path(user_unit_of)
