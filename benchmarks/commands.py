"""Rows about the commands, as whole processes into a pipe, against the classics."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec

from benchmarks.library import SHOWN
from benchmarks.measure import Row, pair_commands, peak_memory, python, sysutils


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
    """``netstat`` with the crowd of sockets."""
    note = f", {count:,} sockets"
    yield from _against("netstat -tanp", "netstat", rounds, 0.7, note)
    yield from _against("netstat -tan", "netstat", rounds, None, note)


def start(rounds: int) -> Iterator[Row]:
    """Start-up: commands whose work is next to nothing."""
    bare = python("import click")
    for name, budget in (("uptime", 1.3), ("free", None), ("df", None)):
        if have(name):
            against = "python -c 'import click'"
            yield pair_commands(f"sysutils {name}", against, sysutils(name), bare, rounds, budget)
