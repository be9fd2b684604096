"""Rows about the commands, as whole processes into a pipe, against the classics."""

import shutil
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

from benchmarks.library import SHOWN
from benchmarks.measure import Row, pair_commands, peak_memory, python, run, sysutils

#: a command that needs no table of processes, each with little to do
_START = (
    "uptime", "free", "df", "who -H", "tty", "nice", "ionice -p PID", "taskset -p PID", "kill -l", "ifconfig",
    "iostat", "netstat -rn", "netstat -tln", "pmap PID",
)  # fmt: skip


def have(command: str) -> bool:
    """Whether we have the command."""
    return find_spec(f"sysutils.cli.{command}") is not None


def _against(
    words: str, classic: str, rounds: int, budget: float | None, note: str = ""
) -> Iterator[Row]:
    command, *rest = words.split()
    path = shutil.which(classic)
    if path is not None and have(command):
        name = f"sysutils {words}{note}"
        yield pair_commands(name, classic, sysutils(command, *rest), [path, *rest], rounds, budget)


def processes(count: int, rounds: int) -> Iterator[Row]:
    """``ps`` and ``top`` with the crowd of processes."""
    note = f", {count:,} processes"
    for words in ("ps aux", "ps -ef"):
        yield from _against(words, "ps", rounds, 1.0, note)
    yield from _against("ps -e -o pid,comm", "ps", rounds, None, note)
    yield from _against("top -b -n 1", "top", rounds, 1.0, note)
    if not have("ps"):
        return
    plain, rich = (sysutils("ps", "aux", mode) for mode in ("--plain", "--rich"))
    name = f"sysutils ps aux --rich{note}"
    yield pair_commands(name, "--plain", rich, plain, rounds, 2.0)
    json = sysutils("ps", "aux", "--json")
    yield pair_commands(f"sysutils ps aux --json{note}", "--plain", json, plain, rounds)
    ours = peak_memory(sysutils("ps", "aux"))
    theirs = peak_memory(python(f"import psutil; kept = list(psutil.process_iter({SHOWN!r}))"))
    name = f"peak memory, sysutils ps aux{note}"
    yield Row(name, "psutil process_iter", ours, theirs, ours / theirs, 1.0, "B")


def sockets(count: int, rounds: int) -> Iterator[Row]:
    """``netstat`` and ``lsof`` with the crowd of sockets."""
    note = f", {count:,} sockets"
    yield from _against("netstat -tanp", "netstat", rounds, 0.7, note)
    yield from _against("netstat -tan", "netstat", rounds, None, note)
    yield from _against("lsof -nP", "lsof", rounds, 0.7, note)


def descriptors(count: int, rounds: int) -> Iterator[Row]:
    """``lsof`` with descriptors of many kinds."""
    yield from _against("lsof -nP", "lsof", rounds, 0.7, f", {count:,} descriptors of all kinds")


def mappings(pid: int, count: int, rounds: int) -> Iterator[Row]:
    """``pmap`` of a process with many mappings."""
    note = f", {count:,} mappings"
    yield from _against(f"pmap -x {pid}", "pmap", rounds, 1.5, note)


def start(pid: int, rounds: int) -> Iterator[Row]:
    """Start-up: the commands that need no table of processes, their work next to nothing."""
    bare = python("import click")
    for words in _START:
        command, *rest = words.split()
        if have(command):
            ours = sysutils(command, *(str(pid) if word == "PID" else word for word in rest))
            against = "python -c 'import click'"
            yield pair_commands(f"sysutils {words}", against, ours, bare, rounds, 1.3)


def small(count: int, rounds: int) -> Iterator[Row]:
    """Commands that read all processes, where these are few."""
    bare = python("import click")
    for words in ("ps", "ps aux", "pidof sleep", "lsof -nP"):
        name = f"sysutils {words}, {count:,} processes"
        ours = sysutils(*words.split())
        yield pair_commands(name, "python -c 'import click'", ours, bare, rounds)


def growth(words: str, of: str, sizes: Iterable[tuple[int, Any]], rounds: int) -> Iterator[Row]:
    """CPU time of one unit with all of the crowd over that with less of it, start-up taken off."""
    command, *rest = words.split()
    if not have(command):
        return
    ours = sysutils(command, *rest)

    def cost() -> float:
        return min(run(ours)[1] for _ in range(rounds))

    costs = []
    for size, enter in sizes:
        start = cost()  # each time: other work may have come or gone
        with enter():
            costs.append((size, (cost() - start) / size))
    (_, low), (large, high) = costs[0], costs[-1]
    name = f"sysutils {words}: one of {large:,} {of}"
    if low > 0:  # too few to tell from the start, in a quick run
        yield Row(name, f"one of {costs[0][0]:,}", high, low, high / low, 1.3)
