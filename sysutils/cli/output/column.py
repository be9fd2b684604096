"""A field, declared once: it serves -o, --sort, plain text, rich, JSON, CSV, help and docs."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

#: epoch: seconds since 1970, UTC
UNITS = (
    "bytes", "bytes per second", "seconds", "milliseconds", "nanoseconds", "epoch", "percent",
)  # fmt: skip


class Column(NamedTuple):
    """One field of a command's rows."""

    #: key of -o, --sort, JSON and CSV
    name: str
    #: heading in text
    header: str
    #: row -> raw value in base units (bytes, seconds, epoch seconds), None where there is none
    get: Callable[[Any], Any]
    #: raw value -> text of a cell
    show: Callable[[Any], str] = str
    #: names that the row's source must offer
    needs: tuple[str, ...] = ()
    #: width in fixed layouts
    width: int = 0
    #: numbers stand right
    right: bool = False
    #: of the raw value, one of UNITS; "" for counts and what is no number
    unit: str = ""
    #: one sentence
    help: str = ""
    aliases: tuple[str, ...] = ()
    #: style in rich output, a name or value -> name
    style: str | Callable[[Any], str] = ""
    #: columns with a higher number leave a narrow terminal first
    rank: int = 5
    #: platforms that have it; none named: all
    only: tuple[str, ...] = ()
    #: a table does not cut it: an address without its port is none
    whole: bool = False
    #: row -> text of a cell, where the raw value alone does not tell it
    text: Callable[[Any], Any] | None = None
    #: text of a cell, width it has to fit -> a shorter one, which is cut if it is too long still
    shorten: Callable[[str, int], str] | None = None
    #: text of a cell as it fits a table -> its pieces with their styles
    pieces: Callable[[str], Sequence[tuple[str, str]]] | None = None
    #: raw value -> parts of a bar with their styles, which a table draws as wide as it has room for, up to
    #: ``width``
    gauge: Callable[[Any], Sequence[tuple[float, str]]] | None = None
    #: JSON's type of the raw value: integer, number, string, boolean or object, "[…]" for a list, "a|b" for
    #: either; "": as ``unit`` and ``right`` tell
    kind: str = ""
    #: whether there may be no value
    null: bool = True
    #: what an object has, or each object of a list
    of: "Sequence[Column]" = ()


class Table(NamedTuple):
    """Rows that a command writes as JSON and CSV, for the documentation."""

    columns: Sequence[Column]
    #: one word, where the command has several
    name: str = "row"
    #: which options ask for it; "" where none needs to
    when: str = ""
    #: a row has the columns that were asked for, not all
    some: bool = False


def kind_of(column: Column) -> str:
    """JSON's type of a column's values."""
    if column.kind:
        return column.kind
    if column.unit:
        return "integer" if column.unit == "bytes" else "number"
    return "integer" if column.right else "string"


def text_of(column: Column, row: Any) -> str:
    """The cell of ``row``: ``-`` for None."""
    if column.text is not None:
        return str(column.text(row))
    value = column.get(row)
    return "-" if value is None else column.show(value)


def needs(columns: Sequence[Column]) -> list[str]:
    """What the source must offer for these columns, each once, in first-use order."""
    return list(dict.fromkeys(name for column in columns for name in column.needs))


def by_name(columns: Sequence[Column]) -> dict[str, Column]:
    """Columns by name and by alias."""
    found = {alias: column for column in columns for alias in column.aliases}
    found.update((column.name, column) for column in columns)
    return found
