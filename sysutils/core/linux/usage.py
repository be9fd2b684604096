"""What a process uses: memory in detail, input and output, descriptors. Functions of its files."""

import os
import sys
from collections.abc import Collection
from operator import itemgetter
from typing import TYPE_CHECKING

from sysutils.core._ntuples import smapping
from sysutils.core.linux import facts, pid_files, procfs, results
from sysutils.core.linux.ntuples import (
    pfootprint,
    pfullmem,
    pio,
    pmem_ex,
    pmmap_ext,
    pmmap_grouped,
    popenfile,
    ppagefaults,
)
from sysutils.core.linux.pid_files import PidFiles, status_value

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone


#: lines of /proc/PID/io in the order of pio
_io = itemgetter(b"syscr:", b"syscw:", b"read_bytes:", b"write_bytes:", b"rchar:", b"wchar:")
_MODES = {os.O_RDONLY: "r", os.O_WRONLY: "w", os.O_RDWR: "w+"}


def memory_full_info(files: PidFiles) -> pfullmem:
    """``memory_info()`` and ``(uss, pss, swap)``, in bytes (``/proc/PID/smaps_rollup``).

    Needs the rights of the process's owner."""
    from sysutils.core.linux import maps  # whose expressions take time to compile

    return pfullmem(*results.memory_info(files), *maps.read_totals(files.base))


def memory_footprint(files: PidFiles) -> pfootprint:
    """``(uss, pss, swap)`` in bytes (``/proc/PID/smaps_rollup``). Needs the owner's rights."""
    from sysutils.core.linux import maps

    return pfootprint(*maps.read_totals(files.base))


def smaps_rollup(files: PidFiles) -> dict[str, int]:
    """Sums over all mappings in bytes, by the kernel's names: ``{"Rss": …, "Pss_Anon": …}``
    (``/proc/PID/smaps_rollup``). Needs the owner's rights."""
    found = {}
    for line in procfs.read_record(files.base + b"smaps_rollup", 4096).splitlines():
        name, colon, rest = line.partition(b":")
        words = rest.split()
        if colon and len(words) == 2 and words[0].isdigit():
            found[name.decode("ascii", "replace")] = int(words[0]) * 1024
    return found


def memory_info_ex(files: PidFiles) -> pmem_ex:
    """``memory_info()`` with peaks and kinds, in bytes (``/proc/PID/status``); 0 where the kernel
    does not tell."""
    values = []
    for key in (
        b"VmHWM",
        b"VmPeak",
        b"RssAnon",
        b"RssFile",
        b"RssShmem",
        b"VmSwap",
        b"HugetlbPages",
    ):
        value = status_value(files.status, b"\n" + key + b":")
        values.append(int(value.split()[0]) * 1024 if value else 0)
    return pmem_ex(*results.memory_info(files), *values)


def page_faults(files: PidFiles) -> ppagefaults:
    """``(minor, major)`` page faults (``/proc/PID/stat``)."""
    return ppagefaults(facts.minflt(files), facts.majflt(files))


def memory_maps_grouped(files: PidFiles) -> list[pmmap_grouped]:
    """A row for each mapped path (``/proc/PID/smaps``)."""
    from sysutils.core.linux import maps

    return maps.grouped_rows(_smaps(files))


def memory_maps_ext(files: PidFiles) -> list[pmmap_ext]:
    """A row for each mapping (``/proc/PID/smaps``)."""
    from sysutils.core.linux import maps

    return maps.ext_rows(_smaps(files))


def mappings(files: PidFiles, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping, with figures of smaps (None: all); ``[]`` for zombies and kernel threads."""
    from sysutils.core.linux import maps

    return maps.read_mappings(files.base, figures)


def _smaps(files: PidFiles) -> bytes:
    data = procfs.read(files.base + b"smaps", 1 << 16)
    if not data:
        pid_files.raise_if_zombie(files)
    return data


def parse_io(data: bytes) -> pio:
    """``/proc/PID/io``. Raises RuntimeError for an empty file, which some kernels give."""
    words = data.split()
    values = dict(zip(words[::2], words[1::2]))  # noqa: B905  # a word without its number is left out
    if not values:
        raise RuntimeError("/proc/PID/io file was empty")
    try:
        return tuple.__new__(pio, map(int, _io(values)))
    except KeyError as error:
        raise ValueError(f"{error.args[0][:-1]!r} field was not found in /proc/PID/io") from None


def io_counters(files: PidFiles) -> pio:
    """``(read_count, write_count, read_bytes, write_bytes, read_chars, write_chars)``: calls, bytes of
    the disks, bytes of the calls (``/proc/PID/io``). Needs the owner's rights."""
    return parse_io(files.io)


def num_fds(files: PidFiles) -> int:
    """Number of open descriptors (``/proc/PID/fd``). Needs the owner's rights.

    Since Linux 6.2 the size of that directory tells it to those who might list it."""
    if "links" in files.__dict__:
        return len(files.links)
    return _counted_fds(files.base + b"fd") or len(files.fd)


def _counted_fds(path: bytes) -> int:
    """0 where that is not counted, or not for us."""
    try:
        status = os.stat(path)
    except OSError:
        return 0
    count = procfs.entries_counted(status)
    effective = os.access in os.supports_effective_ids
    ours = status.st_uid == os.geteuid()
    if count and not ours and not (effective and os.access(path, os.R_OK, effective_ids=True)):
        return 0
    return count


def mode_of(flags: int) -> str:
    """How a file was opened, as open() names it: r, w, a, r+ or a+."""
    mode = _MODES[flags & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR)]
    if flags & os.O_APPEND:
        mode = mode.replace("w", "a", 1)
    return mode.replace("w+", "r+")


def parse_fdinfo(data: bytes) -> tuple[int, int]:
    """``(position, flags)`` of ``/proc/PID/fdinfo/FD``; the flags are octal there."""
    lines = data.split(b"\n", 2)
    return int(lines[0].partition(b":")[2]), int(lines[1].partition(b":")[2], 8)


def open_files(files: PidFiles) -> list[popenfile]:
    """``[(path, fd, position, mode, flags), …]`` of the regular files (``/proc/PID/fd``).

    Needs the owner's rights."""
    rows = []
    gone = not files.links
    for fd, path in files.links.items():
        if path[:1] != b"/" or not _is_regular(path):
            continue
        try:
            position, flags = parse_fdinfo(
                procfs.read_record(b"%sfdinfo/%d" % (files.base, fd), 1024)
            )
        except (FileNotFoundError, ProcessLookupError):
            gone = True  # closed meanwhile, or the process
            continue
        rows.append(popenfile(os.fsdecode(path), fd, position, mode_of(flags), flags))
    if gone:
        pid_files.raise_if_gone(files)
    return rows


def _is_regular(path: bytes) -> bool:
    try:
        return (os.stat(path).st_mode & 0o170000) == 0o100000
    except OSError:
        return False
