"""Rows to standard output in the mode asked for; only the writer in question is loaded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Stream

Writer = Callable[[Sequence[Column], Iterable[Any], Stream], object]


def emit(
    mode: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    plain: Writer,
    *,
    rich: Writer | None = None,
    stream: Stream | None = None,
) -> None:
    """``plain`` writes the classic's format, ``rich`` a view of the command's own."""
    out = stream or Stream()
    write: Writer
    if mode == "plain":
        plain(columns, rows, out)
        out.flush()
        return
    if mode in {"json", "jsonl"}:
        from sysutils.cli.output import as_json

        write = as_json.write_array if mode == "json" else as_json.write_lines
    elif mode == "csv":
        from sysutils.cli.output import as_csv

        write = as_csv.write
    elif rich is not None:
        write = rich
    else:
        from sysutils.cli.output import as_rich

        write = as_rich.write
    write(columns, rows, out)
    out.flush()


def emit_reports(
    mode: str,
    columns: Sequence[Column],
    reports: Iterable[Sequence[Any]],
    plain: Writer,
    *,
    rich: Writer | None = None,
    between: str = "\n",
) -> None:
    """As ``emit`` for report after report, each written out at once: ``between`` stands between two texts;
    JSON is one array of all rows, CSV has one heading."""
    out = Stream()
    if mode == "json":
        from sysutils.cli.output import as_json

        as_json.write_array(columns, _flushed(reports, out), out)
        return
    for number, rows in enumerate(reports):
        if mode == "csv":
            from sysutils.cli.output import as_csv

            as_csv.write(columns, rows, out, header=number == 0)
            continue
        if number and mode != "jsonl":
            out.write(between)
        emit(mode, columns, rows, plain, rich=rich, stream=out)


def _flushed(reports: Iterable[Sequence[Any]], out: Stream) -> Iterator[Any]:
    for rows in reports:
        yield from rows
        out.flush()
