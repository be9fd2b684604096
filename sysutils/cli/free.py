"""free(1) of procps-ng 4.0.2: physical memory and swap.

``-L`` is that of later procps. Departs where the classic overflows: sizes beyond 8 EiB and counts of
reports beyond 2^31 are no garbage, and a write error says why it failed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from sysutils import core
from sysutils.cli.grammar import Reader
from sysutils.cli.interval import every
from sysutils.cli.options import (
    CommandError,
    Grammar,
    Help,
    classic,
    given,
    option,
    output_mode,
    output_options,
    usage,
    version_option,
)
from sysutils.cli.output.column import Column
from sysutils.cli.output.emit import emit_reports
from sysutils.cli.output.units import scaled_procps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sysutils.cli.live.reports import Key
    from sysutils.cli.output.as_rich import Shown
    from sysutils.cli.output.stream import Kept, Stream

F = TypeVar("F", bound=Callable[..., Any])

#: parameter -> bytes of a unit; the binary ones become decimal with --si
_BINARY = {"bytes": 0, "kibi": 1, "mebi": 2, "gibi": 3, "tebi": 4, "pebi": 5}
_DECIMAL = {"kilo": 1, "mega": 2, "giga": 3, "tera": 4, "peta": 5}


class Memory(NamedTuple):
    """One line of free, in bytes; what a kind of memory has not is None."""

    type: str
    total: int
    used: int
    free: int
    shared: int | None = None
    buffers: int | None = None
    cached: int | None = None
    available: int | None = None

    @property
    def percent(self) -> float | None:
        """How much of it is used."""
        return round(self.used / self.total * 100, 1) if self.total else None


class Style(NamedTuple):
    """How numbers are written: ``unit`` bytes to one, or for people."""

    unit: int
    human: bool
    si: bool
    wide: bool
    line: bool

    def show(self, size: int | None) -> str:
        """``size`` bytes in the unit, cut."""
        if size is None:
            return ""
        if self.human:
            return scaled_procps(size, self.si)
        return str(size // self.unit if size >= 0 else -(-size // self.unit))


COLUMNS = (
    Column("type", "", lambda row: row.type, help="mem, swap, low, high, total or commit."),
    Column("total", "total", lambda row: row.total, unit="bytes", help="All there is."),
    Column("used", "used", lambda row: row.used, unit="bytes", help="Total less available."),
    Column("free", "free", lambda row: row.free, unit="bytes", help="Used for nothing."),
    Column("shared", "shared", lambda row: row.shared, unit="bytes", rank=8,
           help="tmpfs and shared memory."),
    Column("buffers", "buffers", lambda row: row.buffers, unit="bytes", rank=8,
           help="Buffers of block devices."),
    Column("cached", "cache", lambda row: row.cached, unit="bytes", rank=7,
           help="Page cache, and slabs that can be given back."),
    Column("available", "available", lambda row: row.available, unit="bytes",
           help="What programs can have without swapping."),
    Column("percent", "use%", lambda row: row.percent, unit="percent", help="Used of total."),
)  # fmt: skip


def memory(low_high: bool = False, total: bool = False, committed: bool = False) -> list[Memory]:
    """The lines asked for. Raises CommandError where the system does not tell."""
    read = getattr(core, "meminfo", None)
    try:
        return lines(read() if read else _portable(), low_high, total, committed)
    except FileNotFoundError as error:
        name = error.filename.decode() if isinstance(error.filename, bytes) else error.filename
        raise CommandError(f"Memory information file {name} does not exist") from None
    except OSError as error:
        raise CommandError(f"Memory information cannot be read: {error.strerror}") from None


def _portable() -> dict[str, int]:
    """What other systems tell, by Linux's names."""
    found, swap = core.virtual_memory(), core.swap_memory()
    names = {"Buffers": "buffers", "Cached": "cached", "Shmem": "shared"}
    values = {name: getattr(found, field, 0) for name, field in names.items()}
    return {
        **values, "MemTotal": found.total, "MemFree": found.free, "MemAvailable": found.available,
        "SwapTotal": swap.total, "SwapFree": swap.free,
    }  # fmt: skip


def lines(info: dict[str, int], low_high: bool, total: bool, committed: bool) -> list[Memory]:
    """The lines asked for, of ``/proc/meminfo``'s values in bytes. Raises CommandError if it is empty."""
    if not info:
        raise CommandError("Unable to create meminfo structure")
    get = info.get
    whole, free = get("MemTotal", 0), get("MemFree", 0)
    available = get("MemAvailable", 0)
    if not 0 < available <= whole:  # old kernels and containers
        available = free
    cached = get("Cached", 0) + get("SReclaimable", 0)
    found = [
        Memory(
            "mem", whole, whole - available, free, get("Shmem", 0), get("Buffers", 0), cached, available
        )
    ]  # fmt: skip
    if low_high:
        low = ("low", get("LowTotal", 0), get("LowFree", 0))
        if not low[1]:
            low = ("low", whole, free)
        for name, size, rest in (low, ("high", get("HighTotal", 0), get("HighFree", 0))):
            found.append(Memory(name, size, max(0, size - rest), rest))
    size, rest = get("SwapTotal", 0), get("SwapFree", 0)
    found.append(Memory("swap", size, max(0, size - rest), rest))
    if total:
        sums = [first + second for first, second in zip(found[0][1:4], found[-1][1:4], strict=True)]
        found.append(Memory("total", *sums))
    if committed:
        limit, promised = get("CommitLimit", 0), get("Committed_AS", 0)
        found.append(Memory("commit", limit, promised, limit - promised))
    return found


_LABELS = {
    "mem": "Mem:", "low": "Low:", "high": "High:", "swap": "Swap:", "total": "Total:", "commit": "Comm:",
}  # fmt: skip


def table(rows: Iterable[Memory], style: Style) -> Iterator[str]:
    """The classic's lines: a label of 9, numbers of 11 that push the rest away when they are wider."""
    caches = ["buffers", "cache"] if style.wide else ["buff/cache"]
    heads = ["total", "used", "free", "shared", *caches, "available"]
    yield " " * 9 + " ".join(f"{head:>11}" for head in heads)
    for row in rows:
        values = list(row[1:])
        if row.type != "mem":
            values = values[:3]
        elif not style.wide:
            values[4:6] = [_buff_cache(row)]
        yield f"{_LABELS[row.type]:9}" + " ".join(f"{style.show(value):>11}" for value in values)


def single(rows: Sequence[Memory], style: Style) -> str:
    """``-L``: what is used and free in one line."""
    by_type = {row.type: row for row in rows}
    mem = by_type["mem"]
    parts = {
        "SwapUse": by_type["swap"].used, "CachUse": _buff_cache(mem), "MemUse": mem.used, "MemFree": mem.free,
    }  # fmt: skip
    return " ".join(f"{name:>7}{style.show(size):>12}" for name, size in parts.items())


def _seconds(text: str) -> float:
    """``-s``'s argument: digits, with a point or a comma in any locale."""
    digits = text.lstrip(" \t\n\v\f\r").replace(",", ".")
    sign = digits[:1] if digits[:1] in {"+", "-"} else ""
    digits = digits[len(sign) :]
    whole, _, part = digits.partition(".")
    if not text:
        raise CommandError("seconds argument failed: ''")
    if not (whole + part + "0").isascii() or not (whole + part + "0").isdecimal():
        raise CommandError(f"seconds argument failed: '{text}': Invalid argument")
    seconds = float(f"{sign}0{whole}.{part}0")
    if seconds < 1e-6:
        raise CommandError(f"seconds argument `{text}' is not positive number")
    return min(seconds, 4e9)


def _count(text: str) -> int:
    """``-c``'s argument, 1 to 2^31 - 1."""
    digits = text.lstrip(" \t\n\v\f\r")
    bare = digits[1:] if digits[:1] in {"+", "-"} else digits
    if not bare.isascii() or not bare.isdecimal():
        raise CommandError(f"failed to parse count argument: '{text}'")
    if len(bare.lstrip("0")) > 10 or not 1 <= int(digits) < 1 << 31:
        message = f"failed to parse count argument: '{text}': Numerical result out of range"
        raise CommandError(message)
    return int(digits)


class _Units(Reader):
    """Refuses a second unit as it comes."""

    def _store(self, option: click.Option, value: Any) -> None:
        units = {*_BINARY, *_DECIMAL}
        if option.name in units and any(name in units for name, _ in self.given):
            raise CommandError("Multiple unit options don't make sense.")
        super()._store(option, value)


def _unit(chosen: Sequence[str], si: bool) -> int:
    """Bytes to one, of the unit option given."""
    name = chosen[0] if chosen else "kibi"
    if name in _DECIMAL:
        return int(1000 ** _DECIMAL[name])
    return int((1000 if si else 1024) ** _BINARY[name])


def _units(function: F) -> F:
    """Adds the unit options."""
    units = (
        ("-b", "bytes"), ("", "kilo"), ("", "mega"), ("", "giga"), ("", "tera"), ("", "peta"),
        ("-k", "kibi"), ("-m", "mebi"), ("-g", "gibi"), ("", "tebi"), ("", "pebi"),
    )  # fmt: skip
    for short, name in reversed(units):
        names = [short, f"--{name}", name] if short else [f"--{name}", name]
        word = name if name == "bytes" else f"{name}bytes"
        function = option(*names, is_flag=True, expose_value=False, help=f"Show output in {word}.",
                          group="Units")(function)  # fmt: skip
    return function


_ABOUT = Help(
    examples=(
        ("-h", "Sizes for people."),
        ("-m", "Mebibytes."),
        ("-h -s 2", "Again every two seconds."),
        ("-wt", "Buffers and cache apart, and a line of sums."),
        ("--json", "For programs, in bytes."),
    ),
    statuses=(
        ("0", "Done."),
        ("1", "A mistake in the words."),
    ),
)


@classic("free", about=_ABOUT, grammar=Grammar(hint=usage, extra_operand="", reader=_Units))
@_units
@option("-h", "--human", is_flag=True, help="Show human-readable output.")
@option("--si", is_flag=True, help="Use powers of 1000 not 1024.")
@option("-l", "--lohi", group="What to show", is_flag=True, only=("linux",),
        help="Show detailed low and high memory statistics.")  # fmt: skip
@option("-L", "--line", is_flag=True, ours=True, note="As in later procps.",
        help="Show output on a single line.")  # fmt: skip
@option("-t", "--total", is_flag=True, help="Show total for RAM + swap.")
@option("-v", "--committed", is_flag=True, only=("linux",),
        help="Show committed memory and commit limit.")  # fmt: skip
@option("-s", "--seconds", group="Again and again", metavar="N", parse=_seconds,
        help="Repeat printing every N seconds.",
        note="The times of the reports don't drift.")  # fmt: skip
@option("-c", "--count", metavar="N", parse=_count, help="Repeat printing N times, then exit.")
@option("-w", "--wide", group="What to show", is_flag=True, help="Wide output.")
@version_option("-V", "--version")
@output_options
def command(
    human: bool, si: bool, lohi: bool, line: bool, total: bool, committed: bool,
    seconds: float | None, count: int | None, wide: bool, output: str | None,
) -> int:  # fmt: skip
    """Show the system's free and used memory."""
    mode = output_mode(output)
    chosen = [name for name, _ in given() if name in _BINARY or name in _DECIMAL]
    unit = _unit(chosen, si)
    decimal = si or chosen[:1] in [[name] for name in _DECIMAL]
    style = Style(unit, human or (mode == "rich" and not chosen), decimal, wide, line)

    def report() -> list[Memory]:
        return memory(lohi, total, committed)

    def plain(_: Sequence[Column], rows: Iterable[Memory], out: "Stream") -> None:
        text = [single(list(rows), style)] if line else table(rows, style)
        out.write("".join(f"{words}\n" for words in text))

    def rich(_: Sequence[Column], rows: Iterable[Memory], out: "Stream") -> None:
        from sysutils.cli.output import as_rich

        as_rich.write(_rich_columns(style), rows, out)

    repeats = seconds is not None or count is not None
    if mode == "rich" and not line and repeats and count is None:
        from sysutils.cli.live import reports as live

        if live.wanted(mode):
            return live.Reports("free", seconds or 1.0, _Reading(report, style)).run()
    reports = every(seconds or 1.0, count if repeats else 1, report)
    emit_reports(
        mode, COLUMNS, reports, plain, rich=None if line else rich, between="" if line else "\n"
    )
    return 0


class _Reading(NamedTuple):
    """What ``-s`` shows on a terminal."""

    read: Callable[[], list[Memory]]
    style: Style
    keys: "Mapping[str, Key]" = {}

    def draw(self, report: list[Memory], out: "Kept", shown: "Shown") -> Sequence[str]:
        """A report; its few rows stay in their order."""
        from sysutils.cli.output import as_rich

        as_rich.write(_rich_columns(self.style), report, out, shown=shown)
        return ()


def _rich_columns(style: Style) -> list[Column]:
    """The classic's columns, the unit in the cells, with a bar of what is used and what can be given back;
    figures have the colours of their parts of it."""
    from sysutils.cli.output.bars import level

    def parts(row: Memory) -> list[tuple[float, str]]:
        held = row.used / row.total
        cache = 0 if row.available is None else (row.available - row.free) / row.total
        return [(held, level(held)), (max(0.0, min(cache, 1 - held)), _CACHE)]

    def color(percent: float) -> str:
        return level(percent / 100)

    by_name = {column.name: column for column in COLUMNS}
    label = by_name["type"]._replace(
        header=" ", show=lambda name: _LABELS[name][:-1], style="bold", rank=0
    )
    percent = by_name["percent"]._replace(show="{:.0f}%".format, right=True, style=color, rank=1)
    used = Column("bar", " ", lambda row: row if row.total else None, rank=1, width=40, gauge=parts)
    sizes = [
        column._replace(show=style.show, right=True, rank=_RANKS[column.name])
        for column in COLUMNS
        if column.unit == "bytes" and (style.wide or column.name != "buffers")
    ]
    for place, column in enumerate(sizes):
        if column.name == "cached":
            sizes[place] = column._replace(style=_CACHE)
            if not style.wide:
                sizes[place] = sizes[place]._replace(header="buff/cache", get=_buff_cache)
    return [label, used, percent, *sizes]


#: style of what the kernel gives back when programs need it
_CACHE = "cyan"
#: how soon a narrow terminal does without a column
_RANKS = {"total": 3, "used": 2, "free": 6, "shared": 9, "buffers": 8, "cached": 7, "available": 4}


def _buff_cache(row: Memory) -> int | None:
    return None if row.cached is None else (row.buffers or 0) + row.cached
