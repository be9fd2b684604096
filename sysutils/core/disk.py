"""File systems and block devices: ``disk_partitions``, ``disk_usage``, ``disk_io_counters``."""

import os
from typing import TYPE_CHECKING, Any

from sysutils.core._counters import Rising
from sysutils.core._platform import backend

if TYPE_CHECKING:
    from typing import Literal, Protocol, overload

    from sysutils.core._contract import Disk, sdiskio
    from sysutils.core._ntuples import sdiskpart, sdiskusage

    class _DiskCounters(Protocol):
        @overload
        def __call__(
            self, perdisk: Literal[False] = False, nowrap: bool = True
        ) -> sdiskio | None: ...
        @overload
        def __call__(self, perdisk: Literal[True], nowrap: bool = True) -> dict[str, sdiskio]: ...
        @overload
        def __call__(
            self, perdisk: bool, nowrap: bool = True
        ) -> sdiskio | dict[str, sdiskio] | None: ...
        def cache_clear(self) -> None: ...


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


_rising: "Rising[sdiskio]" = Rising()


def _with_cache_clear(function: Any) -> "_DiskCounters":
    function.cache_clear = _rising.cache_clear
    counters: _DiskCounters = function
    return counters


@_with_cache_clear
def disk_io_counters(
    perdisk: bool = False, nowrap: bool = True
) -> "sdiskio | dict[str, sdiskio] | None":
    """What the disks did since boot: ``(read_count, write_count, read_bytes, write_bytes, read_time,
    write_time, …)``, times in milliseconds; None if there is no disk.

    With ``perdisk`` ``{name: (…)}`` of each disk and partition, ``{}`` if there is none. With ``nowrap``
    a counter never falls: what it had before it wrapped is added, until
    ``disk_io_counters.cache_clear()``."""
    read = _os.disk_io_counters
    rows = _rising.read(read) if nowrap else read()
    return rows if perdisk else _os.add_up(rows)
