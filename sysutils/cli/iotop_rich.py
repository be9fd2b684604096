"""iotop on a terminal: who reads and writes, with bars of the time spent waiting."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sysutils.cli.iotop_text import Style, program, scaled, told
from sysutils.cli.output import as_rich
from sysutils.cli.output.bars import level
from sysutils.cli.output.column import Column
from sysutils.cli.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sysutils.cli.iotop_rows import Row
    from sysutils.cli.output.stream import Stream

_CLASSES = {"rt": "bold red", "id": "dim"}


def writer(style: Style) -> Callable[..., Sequence[str]]:
    """A table of the threads or processes below what the system did."""

    def write(
        _: Sequence[Column],
        rows: "Iterable[Row]",
        out: "Stream",
        shown: as_rich.Shown = as_rich.ALL,
    ) -> Sequence[str]:
        found = list(rows)
        tasks = [row for row in found if row.tid is not None]
        title = "" if style.quiet > 2 else _title(found, style)
        return as_rich.write(_columns(style, tasks), tasks, out, title, shown)

    return write


def _title(rows: "Iterable[Row]", style: Style) -> str:
    parts = []
    for row in rows:
        if row.tid is None:
            read, write = (told(row, name, style).strip() for name in ("read", "write"))
            parts.append(f"{row.kind.capitalize()}: read {read}, write {write}")
    return "  ".join(parts)


def _columns(style: Style, rows: "Sequence[Row]") -> list[Column]:
    def size(name: str, header: str) -> Column:
        def get(row: "Row") -> float | None:
            if getattr(row.known, name) is None:
                return None
            if style.accumulated:
                return float(getattr(row.since, name) or 0)
            return (row.mean(name) if style.mean else row.rate(name)) or 0.0

        def show(value: float) -> str:
            number, letter = scaled(value, style)
            return f"{number:.2f} {letter}" + ("" if style.accumulated else "/s")

        return Column(name, header, get, show, right=True, style=_busy)

    def percent(name: str, header: str) -> list[Column]:
        def get(row: "Row") -> float | None:
            return row.percent(name)

        number = Column(f"{name}_percent", header, get, "{:.1f}%".format, right=True, style=_level)
        gauge = Column(
            f"{name}_bar", " ", get, rank=9, width=16,
            gauge=lambda value: ((value / 100, _level(value)),),
        )  # fmt: skip
        return [number, gauge] if any(get(row) is not None for row in rows) else []

    def words(row: "Row") -> str:
        return (
            visible(row.command or f"[{row.comm or ''}]") if style.full else visible(program(row))
        )

    columns = [
        Column("tid", "PID" if style.processes else "TID", lambda row: row.tid, right=True, rank=1),
        Column("prio", "PRIO", lambda row: row.prio, style=_class, rank=7),
        Column("user", "USER", _owner, visible, rank=6),
        size("read", "READ"),
        size("write", "WRITE"),
        *percent("swapin", "SWAPIN"),
        *percent("io", "IO"),
        Column("command", "COMMAND", words, rank=2),
    ]
    shown = [column for column in columns if _place(column) not in style.hidden]
    return shown or columns[-1:]


def _place(column: Column) -> str:
    """The name by which -1 to -9 hide a column."""
    return "pid" if column.name == "tid" else column.name.partition("_")[0]


def _owner(row: Any) -> str | None:
    return row.user or (None if row.uid is None else str(row.uid))


def _busy(value: float) -> str:
    return "bold" if value else "dim"


def _class(prio: str) -> str:
    return _CLASSES.get(prio[:2], "")


def _level(value: float) -> str:
    return level(value / 100, 0.25, 0.75) if value else "dim"
