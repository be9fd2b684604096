"""Many processes as rows: the fields asked for decide which files are read."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

from sysutils.core._derived import NAMES, absent
from sysutils.core._errors import AccessDenied, ZombieProcess
from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core._contract import records as _os
else:
    _os = backend("records")


#: what costs a value, or with the process its row; the last two come of files that lack what was asked for
_ERRORS = (OSError, AccessDenied, ZombieProcess, RuntimeError, ValueError)


def has_fact(field: str) -> bool:
    """Whether this system tells ``field`` of a process; elsewhere a table has None for it. (Extension.)"""
    return _os.fact(field) is not None


def _reader(field: str) -> Callable[[Any], Any]:
    read = _os.fact(field)
    if read is not None:
        return read
    if field in NAMES:
        return absent
    raise ValueError(f"invalid field name {field!r}")


def _readers(fields: Sequence[str]) -> list[Callable[[Any], Any]]:
    return [_reader(field) for field in fields]


def _one_by_one(reads: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Sequence[Any]]:
    return lambda record: [read(record) for read in reads]


#: a system may have a faster way to all facts of a row
_row_reader: Callable[[Sequence[Callable[[Any], Any]]], Callable[[Any], Sequence[Any]]] = getattr(
    _os, "row_reader", _one_by_one
)


def process_table(
    fields: Sequence[str],
    pids: Iterable[int] | None = None,
    threads: bool | Literal["other"] = False,
    where: tuple[Sequence[str], Callable[[Any], bool]] | None = None,
) -> Iterator[Any]:
    """A named tuple of ``fields`` for each process, in the system's order, each file read once.

    A field is any fact: a method of ``Process`` that only reads the process's own records. ``pids``
    limits the rows; ``threads`` gives one for each thread, ``"other"`` one for the process, which stands
    for its first thread, and one for each other. ``where`` is fields and a test of a row of them: the
    other files of a process that fails it are not read. A process that vanishes costs its row, what is
    forbidden or missing, or unknown to this system, is None. Raises ValueError for an unknown field."""
    records = _records(pids, threads)
    if where is not None:
        records = _chosen(records, *where)
    return map(_maker(tuple(fields)), _rows(_readers(fields), records))


@lru_cache(maxsize=64)
def _maker(fields: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    row: Any = namedtuple("row", fields)  # type: ignore[misc]  # noqa: PYI024
    return partial(tuple.__new__, row)  # a third of the time of its own _make


def _chosen(
    records: Iterable[Any], fields: Sequence[str], test: Callable[[Any], bool]
) -> Iterator[Any]:
    make, readers = _maker(tuple(fields)), _readers(fields)
    read_row = _row_reader(readers)
    for record in records:
        try:
            values: Sequence[Any] | None = read_row(record)
        except _ERRORS:
            values = _what_is_left(readers, record)
        if values is not None and test(make(values)):
            yield record


def _records(pids: Iterable[int] | None, threads: bool | Literal["other"]) -> Iterator[Any]:
    if pids is None:
        pids, open_process = _os.look()
    else:
        open_process = _os.open_process
    for pid in pids:
        if threads is not True:
            yield open_process(pid)
        if not threads:
            continue
        try:
            tids = _os.tids(pid)
        except OSError:
            continue  # gone
        for tid in tids:
            if tid != pid or threads is True:
                yield _os.open_thread(pid, tid)


def _rows(
    readers: Sequence[Callable[[Any], Any]], records: Iterable[Any]
) -> Iterator[Sequence[Any]]:
    read_row = _row_reader(readers)
    for record in records:
        try:
            yield read_row(record)
        except _ERRORS:
            row = _what_is_left(readers, record)
            if row is not None:
                yield row


def _what_is_left(readers: Sequence[Callable[[Any], Any]], record: Any) -> list[Any] | None:
    """The values that can be read, None in place of the others; None for a process that is gone."""
    row = [_value(read, record) for read in readers]
    return row if _os.still_there(record) else None


def _value(read: Callable[[Any], Any], record: Any) -> Any:
    try:
        return read(record)
    except _ERRORS:
        return None
