"""The records of processes for tables: whose there are, and which functions read a field of them."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sysutils.core._derived import finder
from sysutils.core.linux import facts, pid_files, procfs
from sysutils.core.linux.pid_files import PidFiles

look = pid_files.look
tids = procfs.tids
open_process = pid_files.of_process
open_thread = pid_files.of_thread
still_there = pid_files.still_there
#: facts are the functions of these modules that take the files alone; the cheap ones to load first
fact = finder(
    "sysutils.core.linux", ("facts", "results", "membership", "usage", "scheduling"), "files"
)
#: fewer numbers are read one by one
_TOGETHER = 2


def row_reader(reads: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Sequence[Any]]:
    """The function from a process's files to the values of several facts.

    Numbers of ``/proc/PID/stat`` are taken together, which costs a third of one call for each."""
    places = [facts.stat_places.get(read) for read in reads]
    numbers = [place for place in places if place is not None]
    if len(numbers) < _TOGETHER:
        return lambda files: [read(files) for read in reads]
    take = itemgetter(*numbers)
    others = [read for read, place in zip(reads, places, strict=True) if place is None]
    count = iter(range(len(numbers)))
    after = iter(range(len(numbers), len(reads)))
    in_order = itemgetter(*[next(after if place is None else count) for place in places])

    def row(files: PidFiles) -> Sequence[Any]:
        values = [*map(int, take(files.stat))]
        values += [read(files) for read in others]
        ordered: tuple[Any, ...] = in_order(values)
        return ordered

    return row
