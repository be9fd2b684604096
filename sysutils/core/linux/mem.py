"""Memory of Linux: /proc/meminfo, /proc/vmstat, on old kernels /proc/zoneinfo."""

from operator import itemgetter

from sysutils.core._convert import usage_percent
from sysutils.core._ntuples import sswap
from sysutils.core.linux import procfs
from sysutils.core.linux.host import PAGE_SIZE
from sysutils.core.linux.meminfo import parse_meminfo
from sysutils.core.linux.ntuples import svmem

#: what ``virtual_memory`` needs where the kernel tells MemAvailable (3.14 and later)
_WANTED = (
    b"MemTotal:", b"MemFree:", b"MemAvailable:", b"Buffers:", b"Cached:", b"Active:", b"Inactive:",
    b"Shmem:", b"Slab:", b"SReclaimable:",
)  # fmt: skip


class _Layout:
    """Where the wanted words of /proc/meminfo stand: the same in every read of one kernel.

    The names are compared in every read all the same; another order is a miss, never a wrong value."""

    def __init__(self, words: list[bytes]) -> None:
        places = [words.index(name) for name in _WANTED]
        self._end = max(places) + 2
        self._names = itemgetter(*places)
        self._values = itemgetter(*[place + 1 for place in places])

    def read(self, data: bytes) -> list[int] | None:
        """KiB of what is wanted, None if this text has another layout."""
        words = data.split(None, self._end)
        try:
            return list(map(int, self._values(words))) if self._names(words) == _WANTED else None
        except (IndexError, ValueError):
            return None


_layout: _Layout | None = None


def _learn(data: bytes) -> None:
    global _layout  # noqa: PLW0603
    try:
        _layout = _Layout(data.split())
    except ValueError:
        _layout = None


def virtual_memory() -> svmem:
    """Physical memory in bytes (``/proc/meminfo``).

    Warns with RuntimeWarning of what the kernel does not tell and was set to 0. Raises OSError without
    that file, KeyError if it has no MemTotal or MemFree."""
    data = procfs.read_proc_record(b"meminfo")
    kib = _layout.read(data) if _layout is not None else None
    if kib is not None:
        total, free, available, buffers, cached, active, inactive, shmem, slab, reclaimable = kib
        if 0 < available <= total:
            used = total - available
            return svmem(
                total << 10, available << 10, round(used / total * 100, 1), used << 10, free << 10,
                active << 10, inactive << 10, buffers << 10, (cached + reclaimable) << 10, shmem << 10,
                slab << 10,
            )  # fmt: skip
    _learn(data)
    return _of_any_kernel(parse_meminfo(data))


def _of_any_kernel(info: dict[str, int]) -> svmem:
    """``virtual_memory`` where lines may be missing and containers may tell nonsense."""
    missing = []

    def tell(name: str, value: int | None) -> int:
        if value is None:
            missing.append(name)
        return value or 0

    total, free = info["MemTotal"], info["MemFree"]
    buffers = tell("buffers", info.get("Buffers"))
    cached = tell("cached", info.get("Cached"))
    if "Cached" in info:
        cached += info.get("SReclaimable", 0)
    shared = tell("shared", info.get("Shmem", info.get("MemShared")))
    active = tell("active", info.get("Active"))
    inactive = tell("inactive", _inactive(info))
    # an lxc container may see 0, or more than it has; then it sees its own MemFree rightly
    available = info.get("MemAvailable") or estimate_available(info, _zoneinfo())
    if available < 0:
        available = tell("available", None)
    elif available > total:
        available = min(free, total)
    if missing:
        _warn(f"{', '.join(missing)} memory stats couldn't be determined and", len(missing) > 1)
    used = total - available
    return svmem(
        total, available, usage_percent(used, total, 1), used, free, active, inactive, buffers,
        cached, shared, info.get("Slab", 0),
    )  # fmt: skip


def _inactive(info: dict[str, int]) -> int | None:
    parts = ("Inact_dirty", "Inact_clean", "Inact_laundry")  # Linux 2.4
    if "Inactive" in info or any(part not in info for part in parts):
        return info.get("Inactive")
    return sum(info[part] for part in parts)


def estimate_available(info: dict[str, int], zoneinfo: bytes | None) -> int:
    """What MemAvailable would be on a kernel before 3.14, by the kernel's own formula; may be negative.

    Free memory above the low watermarks, and the page cache and slabs that can be given back."""
    parts = ("Active(file)", "Inactive(file)", "SReclaimable")
    if zoneinfo is None or any(part not in info for part in parts):
        return info["MemFree"] + info.get("Cached", 0)
    low = parse_low_watermarks(zoneinfo) * PAGE_SIZE
    cache = info["Active(file)"] + info["Inactive(file)"]
    slab = info["SReclaimable"]
    return int(info["MemFree"] - low + cache - min(cache / 2, low) + slab - min(slab / 2, low))


def parse_low_watermarks(data: bytes) -> int:
    """Sum of the zones' ``low`` lines of ``/proc/zoneinfo``, in pages."""
    total = 0
    for line in data.split(b"\n"):
        words = line.split()
        if len(words) > 1 and words[0] == b"low" and words[1].isdigit():
            total += int(words[1])
    return total


def _zoneinfo() -> bytes | None:
    try:
        return procfs.read_proc(b"zoneinfo", 65536)
    except OSError:
        return None


def swap_memory() -> sswap:
    """Swap in bytes; ``sin`` and ``sout`` since boot (``/proc/meminfo``, ``/proc/vmstat``).

    Warns with RuntimeWarning where the kernel does not count what was swapped."""
    data = procfs.read_proc_record(b"meminfo")
    total = _line(data, b"\nSwapTotal:") or 0
    free = _line(data, b"\nSwapFree:") or 0
    used = max(0, total - free) << 10
    sin, sout = _swapped()
    return sswap(total << 10, used, free << 10, usage_percent(used, total << 10, 1), sin, sout)


def _swapped() -> tuple[int, int]:
    why = ""
    try:
        pages_in, pages_out = parse_swapped(procfs.read_proc(b"vmstat"))
    except OSError as error:
        pages_in = pages_out = None
        why = f" ({error})"
    if pages_in is None or pages_out is None:
        _warn("'sin' and 'sout' swap memory stats couldn't be determined and", True, why)
        return 0, 0
    return pages_in * PAGE_SIZE, pages_out * PAGE_SIZE


def parse_swapped(data: bytes) -> tuple[int | None, int | None]:
    """``pswpin`` and ``pswpout`` of ``/proc/vmstat``: pages read from and written to swap since boot."""
    data = b"\n" + data
    return _line(data, b"\npswpin "), _line(data, b"\npswpout ")


def _line(data: bytes, start: bytes) -> int | None:
    """The number after ``start`` (which brings the newline before it), None without such a line."""
    place = data.find(start)
    if place < 0:
        return None
    words = data[place + len(start) : place + len(start) + 32].split(None, 1)
    return int(words[0]) if words and words[0].isdigit() else None


def _warn(what: str, several: bool, why: str = "") -> None:
    import warnings

    text = f"{what} {'were' if several else 'was'} set to 0{why}"
    warnings.warn(text, RuntimeWarning, stacklevel=5)
