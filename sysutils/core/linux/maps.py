"""Memory mappings: /proc/PID/smaps and smaps_rollup."""

import os
import re
import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from sysutils.core._ntuples import smapping
from sysutils.core.linux import procfs
from sysutils.core.linux.facts import ENCODING, ERRORS
from sysutils.core.linux.ntuples import pmmap_ext, pmmap_grouped

_HEADER = re.compile(rb"[0-9a-f]+-[0-9a-f]+ ")
_NEXT_HEADER = re.compile(rb"\n(?=[0-9a-f]+-[0-9a-f]+ )")
_HEADER_FIELDS = 5
#: bytes of smaps that are taken at once
_PIECE = 1 << 18
_DELETED = " (deleted)"

#: lines of an smaps entry in the order of pmmap_ext's figures
_FIGURES = (
    b"Rss", b"Size", b"Pss", b"Shared_Clean", b"Shared_Dirty", b"Private_Clean", b"Private_Dirty",
    b"Referenced", b"Anonymous", b"Swap",
)  # fmt: skip
_DIGITS_AT = 16  # in a line: "Rss:                   4 kB"
_new_ext = partial(tuple.__new__, pmmap_ext)
_new_grouped = partial(tuple.__new__, pmmap_grouped)


def _blocks(lines: list[bytes]) -> Iterator[list[bytes]]:
    """Lines of each mapping, its header first."""
    block: list[bytes] = []
    for line in lines:
        if block and _HEADER.match(line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _from_block(block: list[bytes]) -> tuple[int, ...]:
    values = dict(line.partition(b":")[::2] for line in block[1:])
    return tuple(int(values[name].split()[0]) if name in values else 0 for name in _FIGURES)


def _first_block(data: bytes) -> bytes:
    """The lines below the first header, without the newline that ends them."""
    head = data.index(b"\n") + 1
    second = _NEXT_HEADER.search(data, head - 1)
    return data[head : second.start() if second else len(data)].removesuffix(b"\n")


class _Numbers(dict[bytes, int]):
    """Digits -> number; most figures of a process are 0 or were met before."""

    def __missing__(self, digits: bytes) -> int:
        value = self[digits] = int(digits)
        return value


def _of_columns(data: bytes) -> list[tuple[bytes, tuple[int, ...]]] | None:
    """The mappings of an smaps in which numbers stand in columns, with all the figures; None if it is none.

    The kernel fills every number up to eight characters. So the lines of all mappings stand where those of
    the first do, and where the first label and the last are in their places the others are too."""
    block = _first_block(data)
    places = {block.find(b"\n" + name + b":") + 1: name for name in _FIGURES}
    if not block.startswith(b"Size:") or len(places) < len(_FIGURES):
        return None  # of a kernel that tells less
    form, end = "=", 0
    for place in sorted(places):
        form += f"{place + _DIGITS_AT - end}x8s"
        end = place + _DIGITS_AT + 8
    unpack = struct.Struct(form).unpack_from
    told = [places[place] for place in sorted(places)]
    pick = itemgetter(*map(told.index, _FIGURES))
    first, last_at = block[: block.index(b":") + 1], block.rindex(b"\n") + 1
    last = block[last_at : block.index(b":", last_at) + 1]
    number = _Numbers().__getitem__
    rows = []
    start, size = 0, len(data)
    while start < size:
        head = data.find(b"\n", start) + 1
        at = head + last_at
        if not (data.startswith(first, head) and data.startswith(last, at)):
            return None
        figures = tuple(map(number, pick(unpack(data, head))))
        rows.append((data[start : head - 1], figures))
        start = data.find(b"\n", at) + 1 or size
    return rows


def parse_smaps(data: bytes) -> list[tuple[bytes, tuple[int, ...]]]:
    """``/proc/PID/smaps``: the header line of each mapping and its ``_FIGURES`` in KiB.

    Figures the kernel does not give are 0."""
    found = None
    if data:
        with suppress(ValueError, struct.error):
            found = _of_columns(data)
    if found is not None:
        return found
    lines = [line for line in data.split(b"\n") if line]
    return [(block[0], _from_block(block)) for block in _blocks(lines)]


class _Paths(dict[bytes, str]):
    """What a header ends in -> path of the mapped file, ``[heap]`` and the like, ``[anon]`` for nothing.

    The kernel's ``(deleted)`` is taken off unless a file has that very name."""

    def __missing__(self, raw: bytes) -> str:
        path = raw.strip().decode(ENCODING, ERRORS) or "[anon]"
        if path.endswith(_DELETED) and not os.path.exists(path):
            path = path[: -len(_DELETED)]
        self[raw] = path
        return path


def ext_rows(data: bytes) -> list[pmmap_ext]:
    """A row for each mapping, figures in bytes."""
    rows = []
    paths = _Paths()
    for header, figures in parse_smaps(data):
        addr, perms, _, _, _, *path = header.split(None, 5)
        named = addr.decode(), perms.decode(), paths[path[0] if path else b""]
        rows.append(_new_ext((*named, *[kib * 1024 for kib in figures])))
    return rows


def grouped_rows(data: bytes) -> list[pmmap_grouped]:
    """A row for each path in the order first met, the figures of its mappings added up, in bytes."""
    by_path: dict[str, list[tuple[int, ...]]] = {}
    paths = _Paths()
    for header, figures in parse_smaps(data):
        fields = header.split(None, 5)
        by_path.setdefault(paths[fields[5] if len(fields) > 5 else b""], []).append(figures)
    grouped = []
    for path, rows in by_path.items():
        figures = rows[0] if len(rows) == 1 else tuple(map(sum, zip(*rows)))  # noqa: B905
        grouped.append(_new_grouped((path, *[kib * 1024 for kib in figures])))
    return grouped


def _figure(text: bytes) -> int | str:
    """``     4 kB``, ``0``, ``rd wr mr``."""
    bare = text.removesuffix(b" kB").strip()
    return int(bare) if bare.isdigit() else bare.decode("ascii", "replace")


#: the header line of a mapping: start, end, perms, offset, and its file (device, inode, path)
_FIELDS = rb"^([0-9a-f]+)-([0-9a-f]+) +(\S+) +([0-9a-f]+) +(\S+ +\d.*)$"
_MAPS_LINE = re.compile(_FIELDS, re.MULTILINE)
_new: Callable[[Iterable[Any]], smapping] = partial(tuple.__new__, smapping)


class _Permissions(dict[bytes, str]):
    def __missing__(self, data: bytes) -> str:
        text = self[data] = data.decode("utf-8", "surrogateescape")
        return text


class _FileOf(dict[bytes, tuple[str, int, str]]):
    """The end of a header line -> device, inode, path; many mappings have the same."""

    def __missing__(self, data: bytes) -> tuple[str, int, str]:
        device, inode, *path = data.split(None, 2)
        text = path[0].decode("utf-8", "surrogateescape") if path else ""
        found = self[data] = device.decode(), int(inode), text
        return found


def _mapping(header: bytes, figures: dict[str, int | str]) -> smapping:
    found = _MAPS_LINE.match(header)
    if found is None:
        raise ValueError(f"not a line of /proc/PID/maps: {header[:80]!r}")
    return _mappings([found.groups()], [figures])[0]


def _mappings(
    headers: Iterable[Sequence[bytes]], figures: Iterable[dict[str, int | str]]
) -> list[smapping]:
    rights, file_of = _Permissions(), _FileOf()
    return [
        _new((int(start, 16), int(end, 16), rights[perms], int(offset, 16), *file_of[file], values))
        for (start, end, perms, offset, file), values in zip(headers, figures, strict=True)
    ]


class _Place(NamedTuple):
    """Where a figure stands, counted from the end of its mapping's header line."""

    name: str
    #: ``b"Rss:"``
    label: bytes
    label_at: int
    start: int
    end: int


def _places(block: bytes) -> list[_Place]:
    """The lines below a header, each with the end of its number."""
    places = []
    at = 0
    for line in block.split(b"\n"):
        label = line.partition(b":")[0] + b":"
        end = at + len(line.removesuffix(b" kB"))
        name = label[:-1].decode("ascii", "replace")
        places.append(_Place(name, label, at, at + len(label), end))
        at += len(line) + 1
    return places


def _pattern(places: Sequence[_Place], names: Collection[str] | None) -> "re.Pattern[bytes]":
    """A mapping whose lines stand where ``places`` has them: the fields of its header and those figures."""
    *regular, last = places
    parts = [_FIELDS, rb"\n"]
    at = 0
    for place in regular:
        if names is None or place.name in names:
            parts.append(b"(?s:.{%d})" % (place.label_at - at))
            parts.append(
                re.escape(place.label) + b"([ 0-9]{%d})(?= kB$|$)" % (place.end - place.start)
            )
            at = place.end
    parts.append(b"(?s:.{%d})%s" % (last.label_at - at, re.escape(last.label)))
    wanted = names is None or last.name in names
    parts.append(rb"(.*)" if wanted else rb".*")  # to its end, where the next mapping is looked for
    return re.compile(b"".join(parts), re.MULTILINE)


def _regular(data: bytes, names: Collection[str] | None) -> list[smapping] | None:
    """The mappings of an smaps in which numbers stand in columns, with all the figures; None if it is none.

    The kernel fills every number up to eight characters, so only a header and the last line differ in
    length: one expression, made of the first mapping, finds all without a look at the lines between."""
    places = _places(_first_block(data))
    rows = _pattern(places, names).findall(data)
    if not rows or len(rows) * (1 + len(places)) != data.count(b"\n") + (data[-1:] != b"\n"):
        return None
    wanted = [place.name for place in places[:-1] if names is None or place.name in names]
    last = places[-1].name if names is None or places[-1].name in names else ""
    found = _Figures(wanted)
    figures = [found[row[_HEADER_FIELDS:]].copy() for row in rows]
    if last:
        for values, row in zip(figures, rows, strict=True):
            values[last] = _figure(row[-1])
    return _mappings((row[:_HEADER_FIELDS] for row in rows), figures)


class _Figures(dict[tuple[bytes, ...], dict[str, "int | str"]]):
    """Texts of the figures -> the figures by name; many mappings have the same."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, texts: tuple[bytes, ...]) -> dict[str, "int | str"]:
        figures = self[texts] = dict(zip(self._names, map(int, texts), strict=False))
        return figures


def _figures_of(block: Sequence[bytes], names: Collection[str] | None) -> dict[str, int | str]:
    pairs = (line.partition(b":")[::2] for line in block[1:])
    figures = {name.decode("ascii", "replace"): _figure(text) for name, text in pairs}
    return {name: figures[name] for name in figures if names is None or name in names}


def parse_maps(data: bytes) -> list[smapping]:
    """``/proc/PID/maps``. Raises ValueError for a line that is none."""
    rows = _MAPS_LINE.findall(data)
    if len(rows) != data.count(b"\n") + (data[-1:] not in {b"", b"\n"}):
        return [_mapping(line, {}) for line in data.split(b"\n") if line]
    return _mappings(rows, [{} for _ in rows])


def parse_mappings(data: bytes, names: Collection[str] | None = None) -> list[smapping]:
    """``/proc/PID/smaps``: each mapping, with the figures in ``names`` (None: with all).

    Raises ValueError for a header line that is none."""
    found = None
    if data:
        with suppress(ValueError):
            found = _regular(data, names)
    if found is not None:
        return found
    lines = [line for line in data.split(b"\n") if line]
    return [_mapping(block[0], _figures_of(block, names)) for block in _blocks(lines)]


def _last_header(text: bytes) -> int:
    """Where the last header line begins."""
    start = len(text)
    while start > 0:
        start = text.rfind(b"\n", 0, start - 1) + 1
        if _HEADER.match(text, start):
            return start
    return 0


def process_mappings(pid: int, figures: Collection[str] | None = ()) -> list[smapping]:
    """Each mapping of a process in the order of addresses, ``[]`` for zombies and kernel threads (extension).

    ``figures`` are those wanted of ``/proc/PID/smaps``, such as ``{"Rss", "VmFlags"}``, None for all;
    without any, only ``/proc/PID/maps`` is read. Raises OSError where the process is gone, or another's."""
    return read_mappings(b"%s/%d/" % (procfs.root(), pid), figures)


def read_mappings(base: bytes, figures: Collection[str] | None) -> list[smapping]:
    """The mappings of the process with files below ``base``."""
    if figures is not None and not figures:
        return parse_maps(procfs.read(base + b"maps", 4096))
    rows: list[smapping] = []
    for piece in procfs.read_pieces(base + b"smaps", _PIECE, _last_header):
        rows += parse_mappings(piece, figures)
    return rows


def parse_totals(data: bytes) -> tuple[int, int, int]:
    """``(uss, pss, swap)`` in bytes from smaps_rollup, or summed over smaps."""
    uss = sum(map(int, re.findall(rb"\nPrivate_[^:]*:\s+(\d+)", data)))
    pss = sum(map(int, re.findall(rb"\nPss:\s+(\d+)", data)))
    swap = sum(map(int, re.findall(rb"\nSwap:\s+(\d+)", data)))
    return uss * 1024, pss * 1024, swap * 1024


def read_totals(base: bytes) -> tuple[int, int, int]:
    """``(uss, pss, swap)`` of the process with files below ``base``; zeros for a kernel thread."""
    try:
        data = procfs.read_record(base + b"smaps_rollup", 4096)
    except (FileNotFoundError, ProcessLookupError):  # before 4.14, or a process without memory
        data = procfs.read(base + b"smaps", 1 << 16)
    return parse_totals(data)
