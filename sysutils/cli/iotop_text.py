"""iotop's batch: the classic's lines, and how it writes sizes."""

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sysutils import core
from sysutils.cli.fields.names import account
from sysutils.cli.iotop_rows import Row
from sysutils.cli.output.text import cells, cut_cells

_LETTERS = "BKMGTPEZY"
_USER = 10


class Style(NamedTuple):
    """How numbers, names and headings are written."""

    kilobytes: bool = False
    si: bool = False
    #: a size of more than so many of the next unit is written in that
    threshold: int = 2
    accumulated: bool = False
    #: since the first reading, a second
    mean: bool = False
    full: bool = False
    processes: bool = False
    stamped: bool = False
    quiet: int = 0
    #: the kernel's taskstats are at hand: a delay that is not told is none
    delays: bool = True
    #: columns that a table on a terminal leaves out
    hidden: frozenset[str] = frozenset()


def scaled(size: float, style: Style) -> tuple[float, str]:
    """``size`` in the unit that fits, and its letter."""
    base = 1000 if style.si else 1024
    if style.kilobytes:
        return size / base, "K"
    place = 0
    while place < len(_LETTERS) - 1 and size > base * style.threshold:
        size /= base
        place += 1
    return size, _LETTERS[place]


def amount(value: float | None, known: bool, style: Style, per_second: bool = True) -> str:
    """``  97.66 K/s``; ``-`` where it can't be told."""
    end = "/s" if per_second else "  "
    if not known:
        return f"{'-':>7} {'K' if style.kilobytes else 'B'}{end}"
    number, letter = scaled(value or 0.0, style)
    return f"{number:7.2f} {letter}{end}"


def told(row: Row, name: str, style: Style) -> str:
    """What a row read or wrote, as the style has it: a rate or a sum."""
    known = getattr(row.known, name) is not None
    if style.accumulated and row.kind != "current":
        return amount(getattr(row.since, name), known, style, per_second=False)
    mean = style.mean and row.kind in {"process", "thread"}
    return amount(row.mean(name) if mean else row.rate(name), known, style)


def share(row: Row, name: str, style: Style) -> str:
    """``25.00 %``."""
    value = row.percent(name)
    if value is None:
        return "0.00 %" if style.delays else "- %"
    return f"{value:.2f} %"


def program(row: Row) -> str:
    """The name of the program: its first word, of a path the last part."""
    first = row.argv[0] if row.argv else ""
    if not first:
        return _escaped(row.comm or "")
    if core.WINDOWS:
        return first.rpartition("\\")[2]
    path = first.startswith(("/", "./", "../"))
    return (path and first.rpartition("/")[2]) or first


def command(row: Row, full: bool) -> str:
    """What stands in the last column."""
    if not full:
        return program(row)
    if not row.argv:
        return f"[{_escaped(row.comm or '')}]"
    return "".join(f"{word} " for word in row.argv)


def _escaped(name: str) -> str:
    """As the kernel writes names in /proc/PID/status."""
    return name.replace("\\", "\\\\").replace("\n", "\\n")


def user(row: Row) -> str:
    """The user's name, ten characters wide."""
    name = cut_cells(account(row.user) if row.user else "<unknown>", _USER)
    return name + " " * (_USER - cells(name))


def summary(rows: Iterable[Row], style: Style) -> Iterator[str]:
    """The lines of the system as a whole."""
    for row in rows:
        name = "  Total DISK" if row.kind == "total" else "Current DISK"
        read, write = told(row, "read", style), told(row, "write", style)
        line = f"{name} READ: {read} | {name} WRITE: {write}"
        if style.stamped and row.kind == "total":
            line += f" | {time.ctime(row.time)}"
        yield line


def heading(style: Style) -> str:
    """The names of the columns."""
    first = "PID" if style.processes else "TID"
    return (
        f"{first:>6} PRIO {'USER':>8} {'DISK READ':>11} {'DISK WRITE':>11} SWAPIN {'IO':>6} COMMAND"
    )


def line(row: Row, style: Style) -> str:
    """One thread or process."""
    return (
        f"{row.tid:6} {row.prio or '-':>4} {user(row)} {told(row, 'read', style)} "
        f"{told(row, 'write', style)} {share(row, 'swapin', style)} {share(row, 'io', style)} "
        f"{command(row, style.full)}"
    )


def report(rows: Iterable[Row], style: Style) -> Iterator[str]:
    """The lines of a report."""
    found = list(rows)
    system = [row for row in found if row.kind in {"total", "current"}]
    yield from summary(system, style)
    if not style.quiet:
        yield heading(style)
    for row in found:
        if row.tid is not None:
            yield line(row, style)
