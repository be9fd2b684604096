"""What a process uses: memory in detail, input and output, descriptors. Functions of its files."""

import errno
import os
from collections.abc import Collection

from sysutils.core.linux import facts, maps, pid_files, procfs, results
from sysutils.core.linux.ntuples import (
    pfootprint,
    pfullmem,
    pio,
    pmem_ex,
    pmmap_ext,
    pmmap_grouped,
    popenfile,
    ppagefaults,
    smapping,
)
from sysutils.core.linux.pid_files import PidFiles, status_value

_MODES = {os.O_RDONLY: "r", os.O_WRONLY: "w", os.O_RDWR: "w+"}


def memory_full_info(files: PidFiles) -> pfullmem:
    """``memory_info()`` and ``(uss, pss, swap)``, in bytes (``/proc/PID/smaps_rollup``).

    Needs the rights of the process's owner."""
    return pfullmem(*results.memory_info(files), *maps.read_totals(files.base))


def memory_footprint(files: PidFiles) -> pfootprint:
    """``(uss, pss, swap)`` in bytes (``/proc/PID/smaps_rollup``). Needs the owner's rights."""
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
    return maps.grouped_rows(_smaps(files))


def memory_maps_ext(files: PidFiles) -> list[pmmap_ext]:
    """A row for each mapping (``/proc/PID/smaps``)."""
    return maps.ext_rows(_smaps(files))


def mappings(files: PidFiles, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping, with figures of smaps (None: all); ``[]`` for zombies and kernel threads."""
    if figures is not None and not figures:
        return maps.parse_maps(procfs.read(files.base + b"maps", 4096))
    return maps.parse_mappings(procfs.read(files.base + b"smaps", 4096), figures)


def _smaps(files: PidFiles) -> bytes:
    data = procfs.read(files.base + b"smaps", 1 << 16)
    if not data:
        pid_files.raise_if_zombie(files)
    return data


def parse_io(data: bytes) -> pio:
    """``/proc/PID/io``. Raises RuntimeError for an empty file, which some kernels give."""
    values = dict(line.split(b": ") for line in data.splitlines() if b": " in line)
    if not values:
        raise RuntimeError("/proc/PID/io file was empty")
    names = (b"syscr", b"syscw", b"read_bytes", b"write_bytes", b"rchar", b"wchar")
    try:
        return pio(*(int(values[name]) for name in names))
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} field was not found in /proc/PID/io") from None


def io_counters(files: PidFiles) -> pio:
    """``(read_count, write_count, read_bytes, write_bytes, read_chars, write_chars)``: calls, bytes of
    the disks, bytes of the calls (``/proc/PID/io``). Needs the owner's rights."""
    return parse_io(files.io)


def num_fds(files: PidFiles) -> int:
    """Number of open descriptors (``/proc/PID/fd``). Needs the owner's rights."""
    return len(files.fd)


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
    base = files.base + b"fd/"
    for name in files.fd:
        try:
            path = os.readlink(base + name)
            if path[:1] != b"/" or not _is_regular(path):
                continue
            position, flags = parse_fdinfo(procfs.read_record(files.base + b"fdinfo/" + name, 1024))
        except (FileNotFoundError, ProcessLookupError):
            continue  # closed meanwhile
        except OSError as error:
            if error.errno not in {errno.EINVAL, errno.ENAMETOOLONG}:
                raise
            continue  # no link, or one longer than the kernel can tell
        rows.append(popenfile(os.fsdecode(path), int(name), position, mode_of(flags), flags))
    if not rows:
        pid_files.raise_if_gone(files)
    return rows


def _is_regular(path: bytes) -> bool:
    try:
        return (os.stat(path).st_mode & 0o170000) == 0o100000
    except OSError:
        return False
