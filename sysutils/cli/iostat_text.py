"""The classic's output of iostat: tables, and the JSON of ``-o JSON``."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sysutils.cli.iostat_colors import Palette
from sysutils.cli.iostat_figures import Activity, Counters, Modes, ratio
from sysutils.cli.output.text import pad_bytes

_HOSTS = '{"sysstat": {\n\t"hosts": [\n\t\t{\n'
_NAME = 13  # columns of a device's name


class Style(NamedTuple):
    """What the tables hold, and how numbers are written.

    ``unit`` is kB, MB or Blk (blocks of 512 bytes). ``decimals``: 0 to 2. ``point``: the locale's."""

    cpu: bool = True
    disk: bool = True
    extended: bool = False
    short: bool = False
    human: bool = False
    pretty: bool = False
    compact: bool = False
    stamped: bool = False
    unit: str = "kB"
    decimals: int = 2
    point: str = "."
    json: bool = False
    palette: Palette | None = None

    @property
    def sectors(self) -> int:
        """Sectors to one of the unit."""
        return {"kB": 2, "MB": 2048}.get(self.unit, 1)


class Cell(NamedTuple):
    """One column: its heading (``{}`` is the unit), width, kind of number and value.

    Kinds: "" (a number), "%", "rate" (sectors a second), "total" (sectors), "size" (KiB)."""

    head: str
    width: int
    kind: str
    get: Callable[[Activity], float]


def _per_second(name: str) -> Callable[[Activity], float]:
    return lambda row: row.rate(getattr(row.moved, name))


def _total(name: str) -> Callable[[Activity], float]:
    return lambda row: getattr(row.moved, name)


def _changed(moved: Counters) -> int:
    return moved.write_sectors + moved.discard_sectors


def _share(part: str, kind: str) -> Callable[[Activity], float]:
    """``part`` of a kind of requests, by request."""
    of, by = f"{kind}{part}", f"{kind}ios"
    return lambda row: ratio(getattr(row.moved, of), getattr(row.moved, by))


def _mean_size(kind: str) -> Callable[[Activity], float]:
    mean = _share("sectors", kind)
    return lambda row: mean(row) / 2


def _merged(kind: str) -> Callable[[Activity], float]:
    def value(row: Activity) -> float:
        merges, requests = getattr(row.moved, f"{kind}_merges"), getattr(row.moved, f"{kind}_ios")
        return ratio(merges, merges + requests) * 100

    return value


def _requests(kind: str) -> list[Cell]:
    letter = kind[0]
    return [
        Cell(f"{letter}/s", 7, "", _per_second(f"{kind}_ios")),
        Cell(f"{letter}{{}}/s", 9, "rate", _per_second(f"{kind}_sectors")),
        Cell(f"{letter}rqm/s", 8, "", _per_second(f"{kind}_merges")),
        Cell(f"%{letter}rqm", 6, "%", _merged(kind)),
        Cell(f"{letter}_await", 7, "", _share("ticks", f"{kind}_")),
        Cell(f"{letter}areq-sz", 8, "size", _mean_size(f"{kind}_")),
    ]


_QUEUE = Cell("aqu-sz", 7, "", lambda row: row.rate(row.moved.time_in_queue) / 1000)
_UTIL = Cell("%util", 6, "%", lambda row: row.util)
_TPS = Cell("tps", 8, "", _per_second("ios"))
_READ = (
    Cell("{}_read/s", 12, "rate", _per_second("read_sectors")),
    Cell("{}_read", 10, "total", _total("read_sectors")),
)
_EXTENDED = [
    _requests("read"),
    _requests("write"),
    _requests("discard"),
    [
        Cell("f/s", 7, "", _per_second("flush_ios")),
        Cell("f_await", 7, "", _share("ticks", "flush_")),
        _QUEUE,
        _UTIL,
    ],
]
_EXTENDED_SHORT = [
    _TPS,
    Cell("{}/s", 9, "rate", _per_second("sectors")),
    Cell("rqm/s", 8, "", _per_second("merges")),
    Cell("await", 7, "", _share("ticks", "")),
    Cell("areq-sz", 8, "size", _mean_size("")),
    _QUEUE,
    _UTIL,
]
_BASIC = [
    _TPS,
    _READ[0],
    Cell("{}_wrtn/s", 12, "rate", _per_second("write_sectors")),
    Cell("{}_dscd/s", 12, "rate", _per_second("discard_sectors")),
    _READ[1],
    Cell("{}_wrtn", 10, "total", _total("write_sectors")),
    Cell("{}_dscd", 10, "total", _total("discard_sectors")),
]
_BASIC_SHORT = [
    _TPS,
    _READ[0],
    Cell("{}_w+d/s", 12, "rate", lambda row: row.rate(_changed(row.moved))),
    _READ[1],
    Cell("{}_w+d", 10, "total", lambda row: _changed(row.moved)),
]
#: in JSON, what stands below one another in the tables stands side by side
_JSON_EXTENDED = [
    *[rows[0] for rows in _EXTENDED],
    *[rows[place] for place in range(1, 4) for rows in _EXTENDED[:3]],
    *[rows[4] for rows in _EXTENDED[:3]], _EXTENDED[3][1],
    *[rows[5] for rows in _EXTENDED[:3]], _QUEUE, _UTIL,
]  # fmt: skip


def _tables(style: Style) -> list[list[Cell]]:
    """The columns of each table of devices."""
    if not style.extended:
        return [_BASIC_SHORT if style.short else _BASIC]
    if style.short:
        return [_EXTENDED_SHORT]
    if style.pretty and not style.compact:
        return _EXTENDED
    return [[cell for cells in _EXTENDED for cell in cells]]


def _head(cell: Cell, style: Style) -> str:
    """A heading; extended tables call blocks sectors."""
    return cell.head.format("sec" if style.extended and style.unit == "Blk" else style.unit)


def scaled(sectors: float, width: int, decimals: int) -> str:
    """A size for people: ``  471.2k``, ``1024.0M``; beyond peta the unit is ``?``."""
    size, units = sectors / 2, "kMGTP"
    while size >= 1024 and units:
        size, units = size / 1024, units[1:]
    return f"{size:{width - 1}.{min(decimals, 1)}f}{units[:1] or '?'}"


def _number(value: float, kind: str, width: int, style: Style) -> str:
    if style.human and kind == "%":
        return f"{value:{width - 1}.{min(style.decimals, 1)}f}%"
    if style.human and kind:
        return scaled(value * 2 if kind == "size" else value, width, style.decimals)
    if kind == "total":
        return f"{int(value) // style.sectors:{width}}"
    if kind == "rate":
        value /= style.sectors
    return f"{value:{width}.{style.decimals}f}"


def _figure(value: float, kind: str, width: int, style: Style) -> str:
    """A number of the tables with the blank before it, in the locale's spelling and in colour."""
    text = f" {_number(value, kind, width, style)}"
    if style.point != ".":
        text = text.replace(".", style.point)
    if style.palette is None:
        return text
    decimals = 0 if kind == "total" else style.decimals
    if kind in {"rate", "total"}:
        value /= style.sectors
    return style.palette.figure(text, value, kind == "%", decimals)


def _line(name: str, cells: Sequence[str], style: Style, palette: Palette | None = None) -> str:
    text = "".join(cells)
    name = f" {name}" if style.pretty else pad_bytes(name, _NAME)
    if palette is not None:
        name = palette.name(name)
    return f"{text}{name}\n" if style.pretty else f"{name}{text}\n"


def shown_name(row: Activity) -> str:
    """A group's has a blank before it; no control character is in it."""
    name = f" {row.label}" if row.type == "group" else row.label
    if name.isprintable():
        return name
    from sysutils.cli.output.fitted import for_pipe

    return for_pipe(name, utf8=True)


def cpu_table(row: Activity, style: Style) -> str:
    """The shares of all CPUs."""
    text = "".join(_figure(value, "%", 7, style) for value in row.modes or Modes())
    return f"avg-cpu:  %user   %nice %system %iowait  %steal   %idle\n       {text}\n\n"


def disk_tables(rows: Sequence[Activity], style: Style) -> str:
    """The tables of devices, a blank line below each."""
    parts = []
    for cells in _tables(style):
        parts.append(
            _line("Device", [f" {_head(cell, style):>{cell.width}}" for cell in cells], style)
        )
        for row in rows:
            numbers = [_figure(cell.get(row), cell.kind, cell.width, style) for cell in cells]
            parts.append(_line(shown_name(row), numbers, style, style.palette))
        parts.append("\n")
    return "".join(parts)


def report(rows: Sequence[Activity], when: float, style: Style) -> str:
    """One report as the classic writes it."""
    text = stamp(when) + "\n" if style.stamped else ""
    if style.cpu:
        text += cpu_table(rows[0], style)
    if not style.disk:
        return text + "\n\n"
    return text + disk_tables([row for row in rows if row.modes is None], style) + "\n"


def json_report(rows: Sequence[Activity], when: float, style: Style) -> str:
    """One report as ``-o JSON`` writes it: an object of the array of statistics."""
    parts = []
    if style.stamped:
        parts.append(f'\t\t\t\t\t"timestamp": {_quoted(stamp(when))}')
    if style.cpu:
        shares = (rows[0].modes or Modes())._asdict().items()
        text = ", ".join(f'"{name}": {value:.2f}' for name, value in shares)
        parts.append(f'\t\t\t\t\t"avg-cpu":  {{{text}}}')
    if style.disk:
        lines = [_json_line(row, style) for row in rows if row.modes is None]
        parts.append('\t\t\t\t\t"disk": [\n' + ",\n".join(lines) + "\n\t\t\t\t\t]")
    return "\t\t\t\t{\n" + ",\n".join(parts) + "\n\t\t\t\t}"


def _json_line(row: Activity, style: Style) -> str:
    cells = _JSON_EXTENDED if style.extended and not style.short else None
    if cells is None:
        cells = _EXTENDED_SHORT if style.extended else _BASIC
    plain = style._replace(human=False, decimals=2)
    numbers = (
        f'"{_head(cell, style).removeprefix("%")}": {_number(cell.get(row), cell.kind, 0, plain)}'
        for cell in cells
    )
    name = " " * (row.type == "group") + row.label
    return f'\t\t\t\t\t\t{{"disk_device": {_quoted(name)}, {", ".join(numbers)}}}'


def _quoted(text: str) -> str:
    """A JSON string; plain names stand as they are, as in the classic, which escapes nothing."""
    if text.isascii() and text.isprintable() and not {'"', "\\"} & set(text):
        return f'"{text}"'
    from sysutils.cli.output.as_json import dumps

    return dumps(text)


# --- the first line


def _iso() -> bool:
    return os.environ.get("S_TIME_FORMAT") == "ISO"


def stamp(when: float) -> str:
    """Date and time of a report, as the locale or ISO 8601 has them."""
    at = time.localtime(when)
    if _iso():
        return time.strftime("%Y-%m-%dT%H:%M:%S%z", at)
    return f"{_in_locale('%x', at)} {_in_locale('%X', at)}"


def _in_locale(form: str, at: time.struct_time) -> str:
    names = map(os.environ.get, ("LC_ALL", "LC_TIME", "LANG"))
    if next(filter(None, names), "C") in {"C", "POSIX", "C.UTF-8"}:
        return time.strftime("%m/%d/%y" if form == "%x" else "%H:%M:%S", at)
    import locale

    before = locale.setlocale(locale.LC_TIME)
    with suppress(locale.Error):
        locale.setlocale(locale.LC_TIME, "")
    try:
        return time.strftime(form, at)
    finally:
        locale.setlocale(locale.LC_TIME, before)


def decimal_point() -> str:
    """The locale's."""
    names = map(os.environ.get, ("LC_ALL", "LC_NUMERIC", "LANG"))
    if next(filter(None, names), "C") in {"C", "POSIX", "C.UTF-8"}:
        return "."
    import locale

    before = locale.setlocale(locale.LC_NUMERIC)
    with suppress(locale.Error):
        locale.setlocale(locale.LC_NUMERIC, "")
    point = str(locale.localeconv()["decimal_point"])
    locale.setlocale(locale.LC_NUMERIC, before)
    return point


def heading(system: Any, cpus: int, style: Style) -> str:
    """What stands before the first report. ``system``: as os.uname() tells it."""
    today = time.localtime()
    date = time.strftime("%Y-%m-%d", today) if _iso() else _in_locale("%x", today)
    if not style.json:
        host = f"{system.sysname} {system.release} ({system.nodename})"
        return f"{host} \t{date} \t_{system.machine}_\t({cpus} CPU)\n\n"
    lines = [
        f'"{name}": {_quoted(value)}'
        for name, value in (
            ("nodename", system.nodename), ("sysname", system.sysname),
            ("release", system.release), ("machine", system.machine),
        )
    ]  # fmt: skip
    lines += [f'"number-of-cpus": {cpus}', f'"date": {_quoted(date)}', '"statistics": [']
    return _HOSTS + "\t\t\t" + ",\n\t\t\t".join(lines) + "\n"


def ending(reports: int) -> str:
    """What stands after the last report in JSON."""
    return ("\n" if reports else "") + "\t\t\t]\n\t\t}\n\t]\n}}\n"
