"""What lsof shows: the files of the processes that are selected."""

from collections.abc import Iterable, Iterator

from sysutils import core
from sysutils.cli.fields.descriptors import FileRow, ProcessRow, Rows, View
from sysutils.cli.lsof_selection import Selection

_FACTS = ("pid", "tgid", "comm", "ppid", "pgrp", "euid")


def processes_there(threads: bool) -> Iterator[ProcessRow]:
    """The processes, each with its other threads after it."""
    for found in core.process_table(_FACTS, None, threads="other" if threads else False):
        if found.comm is None:
            continue
        if found.pid == found.tgid:
            command = found.comm
            yield ProcessRow(found.pid, None, None, found.ppid, found.pgrp, found.euid, command)
        else:
            yield ProcessRow(
                found.tgid, found.pid, found.comm, found.ppid, found.pgrp, found.euid, command
            )


def read(
    selection: Selection, view: View, flags: bool, processes: Iterable[ProcessRow]
) -> Iterator[FileRow]:
    """The rows of all that is selected."""
    wanted = selection.wanted
    reader, rows = core.Descriptors(flags=flags), Rows(view)
    needs_files = not selection.all and wanted & {"fd", "internet", "unix", "links", "file", "nfs"}
    for process in processes:
        selected = selection.process(process)
        if selected is None:
            continue
        if wanted and not (selected & wanted or needs_files or selection.all):
            continue
        try:
            found = reader.of(process.pid, process.tid)
        except OSError:
            continue
        for row in rows.of(process, found):
            shown = selection.file(row, selected, wanted)
            if shown is not None:
                if row.inet:
                    selection.found.add("internet")
                elif row.type == "unix":
                    selection.found.add("unix")
                yield shown
