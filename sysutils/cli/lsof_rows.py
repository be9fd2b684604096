"""What lsof shows: the files of the processes that are selected."""

from collections.abc import Iterable, Iterator
from typing import Any

from sysutils import core
from sysutils.cli.fields.descriptors import FileRow, ProcessRow, Rows
from sysutils.cli.lsof_selection import Selection

#: kinds of selection for which files of every process are looked at
_OF_FILES = {"fd", "internet", "unix", "links", "file", "nfs"}
_FACTS = ("pid", "tgid", "comm", "ppid", "pgrp", "euid")


def processes_there(threads: bool) -> Iterator[ProcessRow]:
    """The processes, each with its other threads after it."""
    main: ProcessRow | None = None
    for found in core.process_table(_FACTS, None, threads="other" if threads else False):
        if found.comm is None:
            continue
        if found.pid == found.tgid:
            if main is not None:
                yield main
            command = found.comm
            main = ProcessRow(
                found.pid, None, None, found.ppid, found.pgrp, found.euid, command, False
            )
            continue
        if main is not None:
            yield main._replace(threaded=True)
            main = None
        yield ProcessRow(
            found.tgid, found.pid, found.comm, found.ppid, found.pgrp, found.euid, command, True
        )
    if main is not None:
        yield main


def _is_read(selection: Selection, selected: frozenset[str] | None) -> bool:
    """Whether a process may have files that are selected; ``selected``: by which kinds it is itself."""
    wanted = selection.wanted
    if selected is None:
        return False
    return bool(not wanted or selected & wanted or selection.all or wanted & _OF_FILES)


def read(
    selection: Selection, rows: Rows, flags: bool, processes: Iterable[ProcessRow]
) -> Iterator[FileRow]:
    """The rows of all that is selected."""
    reader, wanted = core.Descriptors(flags=flags), selection.wanted
    if selection.endpoints:
        yield from _with_endpoints(selection, reader, rows, processes)
        return
    for process in processes:
        selected = selection.process(process)
        if selected is None or not _is_read(selection, selected):
            continue
        try:
            found = reader.of(process.pid, process.tid)
        except OSError:
            continue
        if selection.takes_all:
            yield from rows.of(process, found)
            continue
        for row in rows.of(process, found):
            shown = selection.file(row, selected, wanted)
            if shown is not None:
                yield shown


def _with_endpoints(
    selection: Selection, reader: core.Descriptors, rows: Rows, processes: Iterable[ProcessRow]
) -> Iterator[FileRow]:
    """The rows with what is at their other ends, for which all processes are read; with +E the files that
    are there as well, whatever is excluded."""
    from sysutils.cli.lsof_endpoints import Endpoints

    ends = Endpoints(rows)
    opened: list[tuple[ProcessRow, list[Any]]] = []
    for process in processes:
        try:
            found = reader.of(process.pid, process.tid)
        except OSError:
            continue
        opened.append((process, found))
        if process.tid is None:
            ends.add(process, found)
    shown: dict[tuple[int, int], FileRow] = {}
    for place, (process, found) in enumerate(opened):
        selected = selection.process(process)
        if selected is None or not _is_read(selection, selected):
            continue
        for number, row in enumerate(found):
            one = selection.file(rows.row(process, row), selected, selection.wanted)
            if one is not None:
                shown[place, number] = ends.told(one, row)
    linked = set()
    if selection.endpoints == "+E":
        linked = {(end.pid, end.fd) for row in shown.values() for end in row.ends or ()}
    for place, (process, found) in enumerate(opened):
        for number, row in enumerate(found):
            if (place, number) in shown:
                yield shown[place, number]
            elif process.tid is None and (process.pid, row.fd) in linked:
                yield ends.told(rows.row(process, row), row)
