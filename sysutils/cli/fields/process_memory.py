"""How much memory a process has, how many faults and how much input and output."""

from collections.abc import Callable
from typing import Any

from sysutils import core
from sysutils.cli.fields.process import (
    LEFT,
    PROCESS,
    THREAD,
    Field,
    Get,
    Moment,
    Row,
    again,
    empty,
    number,
    plain,
    unsorted,
)


def _kib(size: int) -> str:
    return str(size >> 10)


def _bytes(
    name: str,
    header: str,
    width: int,
    source: str,
    help: str,
    get: str = "",
    show: Callable[[int], str] = _kib,
) -> Field:
    path = (get or source).split(".")

    def value(_: Moment) -> Get:
        def read(row: Row) -> int | None:
            found: Any = row
            for step in path:
                found = getattr(found, step, None)  # not all systems tell all of it
            return None if found is None else int(found)

        return read

    def cell(moment: Moment, _: int) -> Callable[[Row], str]:
        read = value(moment)

        def text(row: Row) -> str:
            size = read(row)
            if size is None and getattr(row, source) is not None:
                return "-"  # the system tells the rest of it
            return show(size or 0)

        return text

    def order(moment: Moment) -> Get:
        read = value(moment)
        return lambda row: read(row) or 0

    return Field(
        name, header, width, (source,), value, cell=cell, order=order, whose=PROCESS, unit="bytes",
        help=help, style=_heavy,
    )  # fmt: skip


def _heavy(size: int) -> str:
    if size >= 1 << 28:
        return "bold magenta" if size >= 1 << 30 else "magenta"
    return "" if size else "dim"


VSZ = _bytes("vsz", "VSZ", 6, "vsize", "Virtual memory.")._replace(style="dim", rank=9)
RSS = _bytes("rss", "RSS", 5, "vmrss", "Resident memory.")._replace(rank=2)
SZ = _bytes(
    "sz", "SZ", 5, "vsize", "Virtual memory.", show=lambda size: str(size // core.PAGE_SIZE)
)
PSS = _bytes("pss", "PSS", 5, "memory_footprint", "Proportional set size.", "memory_footprint.pss")
USS = _bytes("uss", "USS", 5, "memory_footprint", "Unique set size.", "memory_footprint.uss")
M_SIZE = _bytes("m_size", "SIZE", 5, "vsize", "Virtual memory, in bytes.", show=str)


def _sum_field(
    name: str,
    header: str,
    width: int,
    needs: tuple[str, ...],
    get: Get,
    help: str,
) -> Field:
    return Field(
        name, header, width, (*needs, "vsize"), lambda _: get, show=_kib, order=plain("vsize"),
        whose=PROCESS, unit="bytes", help=help,
    )  # fmt: skip


def _text_size(row: Row) -> int:
    size: int = row.endcode - row.startcode
    return size


SIZE = _sum_field(
    "size", "SIZE", 5, ("vmdata", "vmstk"), lambda row: row.vmdata + row.vmstk,
    "Swap it would need if all it may write were written.",
)  # fmt: skip
TRS = _sum_field("trs", "TRS", 4, ("startcode", "endcode"), _text_size, "Size of the program text.")
DRS = _sum_field(
    "drs", "DRS", 5, ("startcode", "endcode"),
    lambda row: row.vsize - _text_size(row) if row.vsize else 0, "Virtual memory without the text.",
)  # fmt: skip


def _pmem_value(moment: Moment) -> Get:
    def get(row: Row) -> float | None:
        return None if row.vmrss is None else round(row.vmrss * 100 / moment.memory, 3)

    return get


def _pmem_text(moment: Moment, _: int) -> Callable[[Row], str]:
    total = moment.memory >> 10

    def text(row: Row) -> str:
        share = min(((row.vmrss or 0) >> 10) * 1000 // total, 999)
        return f"{share // 10:2}.{share % 10}"

    return text


def _share_style(percent: float) -> str:
    if percent >= 5:
        return "bold magenta" if percent >= 20 else "magenta"
    return "" if percent >= 0.1 else "dim"


PMEM = Field(
    "pmem", "%MEM", 4, ("vmrss",), _pmem_value, cell=_pmem_text, order=lambda _: lambda row: row.vmrss or 0,
    whose=PROCESS, unit="percent", help="Resident memory as a share of physical memory.",
    style=_share_style, rank=4,
)  # fmt: skip

MINFLT = number("minflt", "MINFLT", 6, "minflt", "Minor page faults.")
MAJFLT = number("majflt", "MAJFLT", 6, "majflt", "Major page faults.")


def _io(name: str, get: str, help: str, source: str = "io_counters", unit: str = "bytes") -> Field:
    def value(_: Moment) -> Get:
        def read(row: Row) -> int | None:
            found = getattr(row, source)
            if found is not None and get:
                found = getattr(found, get, None)  # not all systems count all of them
            return None if found is None or found < 0 else int(found)

        return read

    def order(moment: Moment) -> Get:
        read = value(moment)
        return lambda row: read(row) or 0

    return Field(
        name,
        name.upper(),
        5,
        (source,),
        value,
        missing="0",
        order=order,
        whose=THREAD,
        unit=unit,
        help=help,
    )


INPUT_OUTPUT = [
    _io("rbytes", "read_bytes", "Bytes read from the storage."),
    _io("wbytes", "write_bytes", "Bytes written to the storage."),
    _io("wcbytes", "", "Bytes whose writing was cancelled.", "cancelled_write_bytes"),
    _io("rchars", "read_chars", "Bytes read."),
    _io("wchars", "write_chars", "Bytes written."),
    _io("rops", "read_count", "System calls that read.", unit=""),
    _io("wops", "write_count", "System calls that write.", unit=""),
]

MEMORY: dict[str, Field] = {
    field.name: field
    for field in (
        VSZ, RSS, SZ, PSS, USS, M_SIZE, SIZE, TRS, DRS, PMEM, MINFLT, MAJFLT, *INPUT_OUTPUT,
    )
}  # fmt: skip
MEMORY |= {
    "vsize": VSZ._replace(order=unsorted),
    "rssize": RSS,
    "rsz": again(RSS, "RSZ"),
    "sgi_rss": again(RSS, width=4, layout=LEFT),
    "%mem": PMEM,
    "min_flt": again(MINFLT, "MINFL"),
    "maj_flt": again(MAJFLT, "MAJFL"),
    "pagein": again(MAJFLT, "PAGEIN"),
    "m_trs": again(TRS, width=5),
    "m_drs": DRS,
    "trss": again(TRS, "TRSS"),
    "tsiz": again(TRS, "TSIZ"),
    "dsiz": again(DRS, "DSIZ", 4),
    "lim": empty("lim", "LIM", 5)._replace(missing="xx"),
}


def _with_children(field: Field, fact: str) -> Field:
    def value(_: Moment) -> Get:
        return lambda row: getattr(row, fact) + getattr(row, f"c{fact}")

    return field._replace(
        needs=(fact, f"c{fact}"), value=value, cell=lambda moment, _: value(moment)
    )


#: name -> the field with the dead children's faults added
CUMULATIVE_FAULTS = {
    "minflt": _with_children(MINFLT, "minflt"),
    "majflt": _with_children(MAJFLT, "majflt"),
}
