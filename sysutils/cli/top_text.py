"""A frame of top(1) as text: the lines about the system, then a fixed table."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sysutils.cli.load import line
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import cells, cut_bytes, utf8_locale
from sysutils.cli.top_columns import Task, fitted_text
from sysutils.cli.top_frame import CPU_STATES, Frame
from sysutils.cli.top_words import SCALES, single

_LETTERS = dict(zip(CPU_STATES, ("us", "sy", "ni", "id", "wa", "hi", "si", "st"), strict=True))
_WIDEST = 512
_USUAL = 80
#: of a command
_MOST_BYTES = 511
#: between two parts of one line
_GAP = "  "


class Screen(NamedTuple):
    """How much fits: columns, and lines (None: no limit)."""

    columns: int = _USUAL
    lines: int | None = None


def _environment(name: str) -> int | None:
    """A positive number in the environment."""
    match = re.fullmatch(r"\s*\+?([0-9]{1,18})", os.environ.get(name, ""))
    return (max(3, int(match[1])) if int(match[1]) else None) if match else None


def screen(width: int | None, as_wide_as_possible: bool) -> Screen:
    """What a batch writes to: ``-w N``, ``-w``, or neither."""
    columns = _environment("COLUMNS")
    if width is not None:
        return Screen(width)
    if as_wide_as_possible:
        return Screen(min(columns or _WIDEST, _WIDEST), _environment("LINES"))
    return Screen(min(_terminal_width() or columns or _USUAL, _WIDEST))


def _terminal_width() -> int | None:
    try:
        if sys.__stdout__ is not None and sys.__stdout__.isatty():
            return os.get_terminal_size(sys.__stdout__.fileno()).columns
    except (OSError, ValueError):
        pass
    return None


# --- the lines about the system


def _states(frame: Frame, threads: bool, each: bool) -> list[str]:
    counts = frame.counts
    head = (
        f"{'Threads' if threads else 'Tasks'}:{counts.total:4} total,{counts.running:4} running,"
        f"{counts.sleeping:4} sleeping,{counts.stopped:4} stopped,{counts.zombie:4} zombie"
    )
    if not each:
        return [head, _cpu_line("%Cpu(s):", frame.cpus[0])]
    parts = [_cpu_line(f"%Cpu{number:<3}:", ticks) for number, ticks in enumerate(frame.cpus)]
    return [head, *(_GAP.join(parts[i : i + 2]) for i in range(0, len(parts), 2))]


def cpu_percents(ticks: Sequence[int]) -> list[float]:
    """Shares of the states; with no tick at all the CPU was idle."""
    total = sum(ticks)
    if not total:
        return [100.0 if state == "idle" else 0.0 for state in CPU_STATES]
    scale = single(100 / total)
    return [single(part * scale) for part in ticks]


def _cpu_line(label: str, ticks: Sequence[int]) -> str:
    shares = zip(CPU_STATES, cpu_percents(ticks), strict=True)
    return label + ",".join(f"{share:5.1f} {_LETTERS[state]}" for state, share in shares) + " "


def _amount(size: int, scale: int) -> str:
    """Nine columns; what is longer than eight is cut with a ``+``, which takes the place of a blank."""
    text = f"{single(size >> 10) / 1024**scale:.{1 if scale else 0}f}"
    return f" {text:>8} " if len(text) <= 8 else f" {text[:8]}+"


def _memory(frame: Frame, scale: int, joined: bool) -> list[str]:
    memory = frame.memory
    unit = f"{SCALES[scale].upper()}iB"

    def of(size: int) -> str:
        return _amount(size, scale)

    main = (
        f"{unit} Mem :{of(memory.total)}total,{of(memory.free)}free,{of(memory.used)}used,"
        f"{of(memory.buff_cache)}buff/cache     "
    )
    swap = (
        f"{unit} Swap:{of(memory.swap_total)}total,{of(memory.swap_free)}free,"
        f"{of(memory.swap_used)}used.{of(memory.available)}avail Mem "
    )
    return [main + _GAP + swap] if joined else [main, swap]


def summary(frame: Frame, threads: bool, each: bool, scale: int) -> list[list[str]]:
    """The lines above the table, in groups that stay together."""
    return [
        [f"top -{line(frame.report)}"], _states(frame, threads, each), _memory(frame, scale, each),
    ]  # fmt: skip


def fitting(groups: Sequence[Sequence[str]], room: Screen) -> list[str]:
    """Those groups for which there is room beside the heading, cut at the edge."""
    lines = list(groups[0])
    for group in groups[1:]:
        if room.lines is not None and len(lines) + max(len(group), 2) + 2 > room.lines:
            break
        lines += group
    return [text[: room.columns] for text in lines]


# --- the table


def kept(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns that fit, the last of all as wide as there is room."""
    found, left = [], width
    for column in columns:
        if left < column.width + 1:
            break
        left -= column.width + 1
        found.append(column)
    if len(found) == len(columns):
        last = found[-1]
        found[-1] = last._replace(width=last.width + left)
    return found


def header(columns: Sequence[Column]) -> str:
    """The heading, its columns one blank apart."""
    heads = [
        column.header.rjust(column.width) if column.right else column.header.ljust(column.width)
        for column in columns
    ]
    return " ".join(heads).rstrip(" ")


def _padded(text: str, column: Column) -> str:
    fill = " " * (column.width - (cells(text) if utf8_locale() else sum(map(str.isascii, text))))
    return fill + text if column.right else text + fill


def rows(columns: Sequence[Column], tasks: Sequence[Task], whole: bool) -> Iterator[str]:
    """The lines of the table. ``whole``: the last column is the command."""
    takes: list[Callable[[Task], object]] = [column.text or str for column in columns]
    pattern = " ".join([f"%{'' if c.right else '-'}{c.width}s" for c in columns])
    room = columns[-1].width if columns else 0
    command = takes.pop() if whole else None
    for task in tasks:
        cell = [take(task) for take in takes]
        if command is not None:
            cell.append(cut_bytes(fitted_text(str(command(task)), room), _MOST_BYTES))
        text = pattern % tuple(cell)
        if not text.isascii():
            pairs = zip(cell, columns, strict=True)
            text = " ".join([_padded(str(part), column) for part, column in pairs])
        yield text.rstrip(" ")


def frame_text(
    groups: Sequence[Sequence[str]], columns: Sequence[Column], tasks: Sequence[Task], room: Screen
) -> str:
    """The whole frame, lines with their newlines."""
    top = fitting(groups, room)
    shown = kept(columns, room.columns)
    if room.lines is not None:
        tasks = tasks[: max(0, room.lines - len(top) - 2)]
    table = rows(shown, tasks, len(shown) == len(columns))
    return "\n".join([*top, "", header(shown), *table, ""])
