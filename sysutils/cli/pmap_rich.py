"""pmap on a terminal: mappings with their share of the memory that the process has."""

from collections.abc import Sequence
from typing import Any

from sysutils.cli.output import as_rich
from sysutils.cli.output.column import Column, by_name
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.units import scaled_procps
from sysutils.cli.pmap_columns import DETAILED, EXTENDED, Row
from sysutils.cli.pmap_survey import Process, Survey, mode_of, name_of, tell

_MODES = {"x": "green", "w": "yellow"}
#: shown of all that ``-X`` reads; the others are for programs
_DETAILS = ("pss", "private_dirty", "shared_dirty", "anonymous", "swap", "locked")


#: shorter than the kernel's names
_HEADINGS = {
    "private_dirty": "Private", "shared_dirty": "Shared", "anonymous": "Anon", "locked": "Locked",
}  # fmt: skip


def _size(size: int) -> str:
    return scaled_procps(size) if size else "0"


def _present(size: int) -> str:
    return "" if size else "dim"


def _style(mode: str) -> str:
    return next((style for letter, style in _MODES.items() if letter in mode), "")


def _columns(process: Process, total: int, show_path: bool, detailed: bool) -> list[Column]:
    known = by_name(DETAILED) | by_name(EXTENDED)
    largest = max((mapping.figures.get("Rss", 0) for mapping in process.mappings or ()), default=0)

    def share(row: Row) -> float:
        rss: int = row.mapping.figures.get("Rss", 0)
        return rss / total if total else 0.0

    def beside_largest(row: Row) -> float:
        return share(row) * total / largest if largest else 0.0

    def size(name: str, rank: int) -> Column:
        column = known[name]
        heading = _HEADINGS.get(name, column.header)
        return column._replace(header=heading, show=_size, style=_present, right=True, rank=rank)

    sizes = [size("size", 3), size("rss", 2)]
    if detailed:
        sizes += [size(name, 7) for name in _DETAILS]
    else:
        sizes.append(size("dirty", 6))
    return [
        Column("addr", "Address", lambda row: f"{row.mapping.start:016x}", style="dim", rank=8),
        *sizes,
        Column(
            "share",
            "Share",
            beside_largest,
            width=20,
            gauge=lambda value: ((value, "cyan"),),
            rank=9,
        ),
        Column("percent", "%", share, show="{:.1%}".format, right=True, rank=4),
        Column("perms", "Mode", lambda row: mode_of(row.mapping.perms), style=_style, rank=5),
        Column(
            "path",
            "Mapping",
            lambda row: name_of(row.mapping, process.stack, show_path).strip(),
            rank=1,
        ),
    ]


def _footer(mappings: Sequence[Any], total: int) -> str:
    size = sum(mapping.end - mapping.start for mapping in mappings)
    mapped, used = scaled_procps(size), scaled_procps(total * 1024)
    return f"{len(mappings)} mappings, {mapped} mapped, {used} in memory"


def write(survey: Survey, show_path: bool, quiet: bool, detailed: bool) -> None:
    """A table for each process."""
    out = Stream()
    for process in survey:
        title = "" if quiet else f"{process.pid}: {process.command}"
        if process.mappings is None:
            out.flush()
            tell(process)
            continue
        total = sum(mapping.figures.get("Rss", 0) for mapping in process.mappings)
        columns = _columns(process, total, show_path, detailed)
        as_rich.write(columns, [Row(process.pid, m) for m in process.mappings], out, title)
        if not quiet:
            footer = as_rich.Screen(out).pieces([(_footer(process.mappings, total), "")])
            out.write(footer + "\n")
    out.flush()
