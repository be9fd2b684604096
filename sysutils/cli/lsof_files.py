"""Files that lsof is asked for by name, and what directories hold."""

import os
import stat
from collections.abc import Iterator

from sysutils import core
from sysutils.cli.lsof_selection import Selection
from sysutils.cli.options import CommandError, UsageError


def add_file(selection: Selection, name: str, *, systems: bool, files: bool = True) -> None:
    """A FILE of the command line: of ``systems``, of ``files`` or of either.

    Raises CommandError if there is none."""
    try:
        status = os.stat(name)
    except OSError as error:
        raise CommandError(f"status error on {name}: {error.strerror}") from None
    if systems:
        path = os.path.realpath(name)
        for mount in core.mounts() if hasattr(core, "mounts") else core.disk_partitions(all=True):
            if path in {mount.mountpoint, mount.device}:
                selection.systems[os.stat(mount.mountpoint).st_dev] = mount.mountpoint
                return
    if not files:
        raise CommandError(f"not a file system: {name}")
    _add(selection, status, name)


def _add(selection: Selection, status: os.stat_result, name: str) -> None:
    key = status.st_dev, status.st_ino
    selection.files[key] = name
    selection.names.append((key, name))
    if stat.S_ISSOCK(status.st_mode):
        selection.paths.add(name)


def add_directory(selection: Selection, name: str, *, deep: bool) -> None:
    """A directory of +d or +D with what it holds."""
    try:
        status = os.stat(name)
    except OSError as error:
        raise UsageError(f"WARNING: can't stat({name}): {error.strerror}") from None
    if not os.path.isdir(name):
        raise UsageError(f"WARNING: not a directory: {name}")
    name = name.rstrip("/") or "/"
    if (status.st_dev, status.st_ino) not in selection.files:
        _add(selection, status, name)
    pending = [name]
    seen = {(status.st_dev, status.st_ino)}
    while pending:
        for path, found in _entries(pending.pop(), status.st_dev, selection.cross):
            key = found.st_dev, found.st_ino
            _add(selection, found, path)
            if deep and stat.S_ISDIR(found.st_mode) and key not in seen:
                seen.add(key)
                pending.append(path)


def _entries(top: str, device: int, cross: str) -> Iterator[tuple[str, os.stat_result]]:
    """What a directory holds, and what of it: without links and other file systems, if not to be crossed."""
    try:
        entries = list(os.scandir(top))
    except OSError:
        return
    for entry in entries:
        try:
            # an entry of Windows has no number of its own
            found = os.stat(entry.path) if core.WINDOWS else entry.stat()
        except OSError:
            continue
        if entry.is_symlink() and "l" not in cross:
            continue
        if found.st_dev == device or "f" in cross:
            yield entry.path, found
