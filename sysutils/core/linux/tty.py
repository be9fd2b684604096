"""Names of terminals by device number."""

import os
import stat
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sysutils.core.linux import procfs

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


def _split(number: int) -> tuple[int, int]:
    """major and minor of a ``tty_nr``, which is laid out as the kernel's new_encode_dev."""
    return (number >> 8) & 0xFFF, (number & 0xFF) | ((number >> 12) & 0xFFF00)


def _is_device(path: str, number: int) -> bool:
    try:
        found = os.stat(path)
    except OSError:
        return False
    return stat.S_ISCHR(found.st_mode) and _split(number) == (
        os.major(found.st_rdev),
        os.minor(found.st_rdev),
    )


def device_path(number: int) -> str | None:
    """Path below /dev of the terminal with device number ``number``, None for none or unknown.

    UNIX98 slaves have majors 136 to 143; everything else is looked up by /dev's own device numbers."""
    if not number:
        return None
    major, minor = _split(number)
    if 136 <= major <= 143:
        path = f"/dev/pts/{minor + ((major - 136) << 8)}"
        return path if _is_device(path, number) else None
    for name in sorted(os.listdir("/dev")):
        if name.startswith("tty") or name == "console":
            path = f"/dev/{name}"
            if _is_device(path, number):
                return path
    return None


class driver(NamedTuple):
    """Terminals of one kind: their path below /dev, and which device numbers they have."""

    path: str
    major: int
    first: int
    last: int


def parse_drivers(data: bytes) -> list[driver]:
    """``/proc/tty/drivers``: ``serial  /dev/ttyS  4  64-95  serial``."""
    found = []
    for line in data.decode("ascii", "replace").splitlines():
        words = line.split()
        if len(words) < 4 or not words[2].isdigit():
            continue
        first, _, last = words[3].partition("-")
        if first.isdigit() and (last or first).isdigit():
            found.append(driver(words[1], int(words[2]), int(first), int(last or first)))
    return found


#: for systems without /proc/tty/drivers: the numbers of admin-guide/devices.txt
_USUAL = (
    driver("/dev/tty", 4, 0, 63), driver("/dev/ttyS", 4, 64, 255), driver("/dev/console", 5, 1, 1),
    driver("/dev/ttyACM", 166, 0, 255), driver("/dev/ttyUSB", 188, 0, 255),
    driver("/dev/ttyAMA", 204, 64, 77), driver("/dev/hvc", 229, 0, 255),
    *(driver("/dev/pts", major, 0, 255) for major in range(136, 144)),
)  # fmt: skip


@lru_cache(maxsize=4)
def _drivers(_root: bytes) -> list[driver]:
    try:
        found = parse_drivers(procfs.read_proc(b"tty/drivers"))
    except OSError:
        found = []
    return found + list(_USUAL)


_known: dict[tuple[bytes, int], str] = {}


def _by_number(number: int, root: bytes) -> str | None:
    found = _known.get((root, number)) or _look_up(number, root)
    if found is not None:
        _known[root, number] = found
    return found


def _look_up(number: int, root: bytes) -> str | None:
    major, minor = _split(number)
    for path, their_major, first, last in _drivers(root):
        if their_major != major or not first <= minor <= last:
            continue
        for candidate in (
            f"{path}{minor}", f"{path}/{minor}", path, f"{path}{minor - first}",
            f"{path}/{minor + (major - 136) * 256}", f"/dev/tty{minor}",
        ):  # fmt: skip
            if _is_device(candidate, number):
                return candidate[len("/dev/") :]
    return None


def name(number: int, base: bytes) -> str | None:
    """Name below /dev of the terminal with device number ``number``, None for none or unknown.

    The driver's list tells the name; else the process itself may have it open (``base`` is its directory
    in /proc). A name counts only if /dev gives it that number."""
    if not number:
        return None
    found = _by_number(number, procfs.root())
    if found is not None:
        return found
    for descriptor in (b"fd/2", b"fd/255"):
        try:
            path = os.fsdecode(procfs.readlink(base + descriptor))
        except OSError:
            continue
        if path.startswith("/dev/") and _is_device(path, number):
            return path[len("/dev/") :]
    return None


def terminal_number(path: str) -> int | None:
    """Device number of a terminal as ``tty_nr`` has it, None for a file that is no character device.

    Raises OSError as stat(2) does."""
    found = os.stat(path)
    if not stat.S_ISCHR(found.st_mode):
        return None
    major, minor = os.major(found.st_rdev), os.minor(found.st_rdev)
    return major << 8 | minor & 0xFF | (minor & ~0xFF) << 12
