"""File systems: ``disk_partitions``, ``disk_usage``."""

import os
from typing import TYPE_CHECKING

from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import Disk
    from sysutils.core._ntuples import sdiskpart, sdiskusage

_os: "Disk" = backend("disk")


def disk_partitions(all: bool = False) -> "list[sdiskpart]":
    """Mounted file systems: ``[(device, mountpoint, fstype, opts), …]``.

    Without ``all`` those on physical devices alone (disks, CDs, sticks)."""
    return _os.disk_partitions(all)


def disk_usage(
    path: str | bytes | os.PathLike[str], *, timeout: float | None = None
) -> "sdiskusage":
    """``(total, used, free, percent)`` in bytes of the file system at ``path``.

    ``free`` is what a user without privileges may have, ``percent`` is ``used / (used + free)``. Raises
    OSError, and with a ``timeout`` (extension, in seconds) TimeoutError instead of waiting for a file
    server that does not answer."""
    return _os.disk_usage(path) if timeout is None else _os.disk_usage(path, timeout=timeout)
