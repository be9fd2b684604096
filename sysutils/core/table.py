"""Many processes as rows: the fields asked for decide which files are read."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sysutils.core._derived import NAMES, absent
from sysutils.core._errors import AccessDenied, ZombieProcess
from sysutils.core._platform import backend

if TYPE_CHECKING:
    from sysutils.core.linux import records as _os
else:
    _os = backend("records")


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
    return map(_maker(fields), _rows([_reader(field) for field in fields], records))


def _maker(fields: Sequence[str]) -> Callable[[list[Any]], Any]:
    row: Any = namedtuple("row", fields)  # type: ignore[misc]  # noqa: PYI024
    make: Callable[[list[Any]], Any] = row._make
    return make


def _chosen(
    records: Iterable[Any], fields: Sequence[str], test: Callable[[Any], bool]
) -> Iterator[Any]:
    readers = [_reader(field) for field in fields]
    make = _maker(fields)
    for record in records:
        for values in _rows(readers, [record]):
            if test(make(values)):
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


def _rows(readers: list[Callable[[Any], Any]], records: Iterable[Any]) -> Iterator[list[Any]]:
    for record in records:
        try:
            yield [read(record) for read in readers]
        except (OSError, AccessDenied, ZombieProcess, NotImplementedError):
            row = [_value(read, record) for read in readers]
            if _os.still_there(record):
                yield row


def _value(read: Callable[[Any], Any], record: Any) -> Any:
    try:
        return read(record)
    except (OSError, AccessDenied, ZombieProcess, NotImplementedError):
        return None
