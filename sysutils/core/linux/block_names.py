"""Other names of block devices: the device mapper's, and the lasting ones below /dev/disk."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sysutils.core.linux import procfs

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone

#: tests have another one; nothing else moves it
dev_root = "/dev"


def parse_mapper_major(data: bytes) -> int | None:
    """The number of the device mapper in ``/proc/devices``: ``253 device-mapper``."""
    blocks = data.partition(b"\nBlock devices:\n")[2]
    for line in blocks.split(b"\n"):
        words = line.split()
        if words[1:] == [b"device-mapper"] and words[0].isdigit():
            return int(words[0])
    return None


def mapper_names() -> dict[tuple[int, int], str]:
    """Major and minor number -> name of a mapped device: ``vg-home`` for ``dm-0``. (Extension.)"""
    major = None
    with suppress(OSError):
        major = parse_mapper_major(procfs.read_proc(b"devices"))
    found: dict[tuple[int, int], str] = {}
    base = os.path.join(dev_root, "mapper")
    with suppress(OSError):
        for name in sorted(os.listdir(base)) if major is not None else ():
            with suppress(OSError):
                number = os.stat(os.path.join(base, name)).st_rdev
                if os.major(number) == major:
                    found.setdefault((major, os.minor(number)), name)
    return found


def mapped_device(name: str) -> str | None:
    """The kernel's name of a mapped device: ``dm-0`` for ``vg-home``; None for others. (Extension.)"""
    return _target(os.path.join(dev_root, "mapper", name))


def persistent_names(kind: str) -> dict[str, str]:
    """Kernel's name of a device -> its name of a kind (``id``, ``uuid``, ``label``, ``path`` …). (Extension.)

    Raises FileNotFoundError, or other OSErrors, where the system has no names of that kind."""
    base = os.path.join(dev_root, "disk", f"by-{kind}")
    found: dict[str, str] = {}
    for name in os.listdir(base):
        device = _target(os.path.join(base, name))
        if device is not None:
            found.setdefault(device, name)
    return found


def persistent_device(kind: str, name: str) -> str | None:
    """The kernel's name of a device that has ``name`` of that kind; None for none. (Extension.)"""
    return _target(os.path.join(dev_root, "disk", f"by-{kind}", name))


def _target(path: str) -> str | None:
    """The last name of what a link points to, None if it is no link."""
    try:
        return os.path.basename(os.readlink(path))
    except (OSError, ValueError):
        return None


def device_name(path: str) -> str:
    """The kernel's name of a device by its path, ``sda`` for ``/dev/sda`` and for links to that; other
    words stay as they are. (Extension.)"""
    if "/" not in path:
        return path
    if not os.path.exists(path):
        return path
    return os.path.realpath(path).removeprefix(dev_root + "/")
