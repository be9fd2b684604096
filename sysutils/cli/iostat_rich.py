"""iostat on a terminal: the CPUs in a line, devices in a table with bars of their utilisation."""

import time
from collections.abc import Iterable, Sequence

from sysutils.cli.iostat_figures import COLUMNS, Activity, Modes
from sysutils.cli.output import as_rich
from sysutils.cli.output.bars import bar, level, levels
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream
from sysutils.cli.output.text import cut_cells, visible

_BY_NAME = {column.name: column for column in COLUMNS}
_COLORS = {
    "user": "green", "nice": "cyan", "system": "magenta", "iowait": "yellow", "steal": "red", "idle": "dim",
}  # fmt: skip


def size(value: float) -> str:
    """Bytes for people: ``0``, ``12.3M``."""
    if not value:
        return "0"
    units = " KMGTPE"
    while value >= 1023.95 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{value:.1f}{units[0].strip()}"


def _plain(value: float) -> str:
    return f"{value:.{2 if value < 10 else 1}f}" if value else "0"


def _milliseconds(value: float) -> str:
    return f"{value * 1000:.2f}"


def _percent(value: float) -> str:
    return f"{value:.1f}%"


def _warmth(value: float) -> str:
    return level(value / 100)


def _column(name: str, rank: int, header: str = "") -> Column:
    column = _BY_NAME[name]
    show = {
        "bytes": size,
        "bytes per second": size,
        "seconds": _milliseconds,
        "percent": _percent,
    }.get(column.unit, _plain)
    return column._replace(header=header or column.header, show=show, right=True, rank=rank)


def _columns(extended: bool, short: bool) -> list[Column]:
    """The columns that fit most questions; with ``-x`` all that the classic has."""
    util = _column("util", 1)._replace(style=_warmth)
    found = [
        _BY_NAME["name"]._replace(style="bold", rank=0),
        util._replace(
            name="util_bar", header=" ", gauge=lambda value: levels(value / 100), rank=1, width=24
        ),
        util,
    ]
    if short:
        return [*found, _column("transfers_per_second", 2), _column("read_bytes_per_second", 3),
                _column("write_bytes_per_second", 3)]  # fmt: skip
    names = [
        "reads_per_second",
        "read_bytes_per_second",
        "writes_per_second",
        "write_bytes_per_second",
    ]
    found += [_column(name, 2) for name in names]
    found += [
        _column("read_wait", 5, "r ms"),
        _column("write_wait", 5, "w ms"),
        _column("queue", 6),
    ]
    if not extended:
        return [*found, _column("read_bytes", 7), _column("write_bytes", 7)]
    names = [
        "read_merged", "write_merged", "read_size", "write_size", "discards_per_second",
        "discard_bytes_per_second", "discard_wait", "flushes_per_second", "flush_wait",
    ]  # fmt: skip
    return found + [_column(name, rank) for rank, name in enumerate(names, 7)]


def _cpu_line(modes: Modes, screen: as_rich.Screen) -> str:
    """A bar of what is neither idle nor waiting, and the shares: on a narrow terminal those that count."""
    busy = 100 - modes.idle - modes.iowait if any(modes) else 0.0
    width = min(20, max(4, screen.width // 4))
    filled, rest = bar(busy / 100, width)
    text = f"{screen.paint('CPU', 'bold')}  " + screen.paint(filled, level(busy / 100))
    text += screen.paint(rest, "dim")
    room = screen.width - len("CPU  ") - width
    shares = [(name, f"{name} {value:.1f}%") for name, value in modes._asdict().items()]
    if sum(len(share) + 2 for _, share in shares) > room:
        by_size = sorted(zip(modes, shares, strict=True), reverse=True)
        shares = [share for _, share in by_size]
    for name, share in shares:
        room -= len(share) + 2
        if room < 0:
            break
        text += "  " + screen.paint(name, _COLORS[name]) + share.removeprefix(name)
    return text + "\n"


def _heading(title: Sequence[str], screen: as_rich.Screen) -> str:
    """Host, kernel, machine, CPUs; as many as fit."""
    words = [visible(word) for word in title]
    while len(words) > 1 and len("  ".join(words)) > screen.width:
        words.pop()
    first = screen.paint(cut_cells(words[0], screen.width), "bold")
    return "  ".join([first, *words[1:]]) + "\n"


def write(
    rows: Iterable[Activity], out: Stream, *, cpu: bool, disk: bool, extended: bool, short: bool,
    title: Sequence[str] = (), shown: as_rich.Shown = as_rich.ALL,
) -> Sequence[str]:  # fmt: skip
    """One report. ``title`` stands above it, once. Returns the columns that devices can be sorted by."""
    screen = as_rich.Screen(out)
    rows = list(rows)
    if title:
        out.write(_heading(title, screen))
    if rows:
        clock = time.strftime("%H:%M:%S", time.localtime(rows[0].time))
        out.write(screen.paint(f"{clock}  {_span(rows[0])}", "dim") + "\n")
    for row in rows:
        if cpu and row.modes is not None:
            out.write(_cpu_line(row.modes, screen))
    disks = [row for row in rows if row.modes is None]
    if disk and disks:
        return as_rich.write(_columns(extended, short), disks, out, shown=shown)
    return ()


def _span(row: Activity) -> str:
    seconds = row.centis / 100
    if not row.booted:
        return f"in {seconds:.1f} s"
    days, rest = divmod(int(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    return "since boot, " + (f"{days} d " if days else "") + f"{hours} h {rest // 60} min"
