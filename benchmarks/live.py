"""Rows about live screens: what top costs on a terminal, beside procps top there and a rich table's start."""

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.measure import Row, python, sysutils

_SIZE = (40, 120)
#: seconds before the cost of refreshes is measured, and for how long
_SETTLED, _MEASURED = 3.0, 10.0
_TABLE = """
from rich.console import Console
from rich.table import Table
table = Table("PID", "COMMAND")
for number in range(30):
    table.add_row(str(number), "command")
Console(force_terminal=True).print(table)
"""
#: refreshes as fast as they can be, among processes that come and go; memory after some, and at the end
_CHURN = """
import gc, os, sys
from os import terminal_size
from sysutils.cli.top_live import Live
from sysutils.cli.top_state import State

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

gc.disable()
live, size = Live(State()), terminal_size((120, 40))
children = []
for number in range(int(sys.argv[2]) + 1):
    for _ in range(3):
        child = os.fork()
        if not child:
            os.execv("/bin/sleep", ["sleep", "600"])
        children.append(child)
    while len(children) > 30:
        os.kill(children[0], 9)
        os.waitpid(children.pop(0), 0)
    live.look(size)
    live.lines(size)
    if number == int(sys.argv[1]):
        first = resident()
for child in children:
    os.kill(child, 9)
print(first, resident())
"""


@contextmanager
def _terminal(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """A command on a terminal of its own: its pid, and what it writes."""
    pid, screen = pty.fork()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        os.environ["XDG_CONFIG_HOME"] = "/nonexistent"
        os.execv(words[0], words)
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
    try:
        yield pid, screen
    finally:
        os.kill(pid, 9)
        os.close(screen)
        os.waitpid(pid, 0)


def _drain(screen: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([screen], [], [], left)[0]:
            os.read(screen, 1 << 16)


def _cpu(pid: int) -> float:
    """CPU seconds of all its threads, to the nanosecond."""
    stats = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(stat.read_text().split()[0]) for stat in stats) / 1e9


def _refreshes(words: Sequence[str]) -> float:
    """CPU seconds of a refresh a second."""
    with _terminal([*words, "-d", "1"]) as (pid, screen):
        _drain(screen, _SETTLED)
        before = _cpu(pid)
        _drain(screen, _MEASURED)
        return (_cpu(pid) - before) / _MEASURED


def _first_paint(words: Sequence[str], mark: bytes) -> float:
    """Seconds until it has shown something."""
    start = time.monotonic()
    with _terminal(words) as (_, screen):
        shown = b""
        while mark not in shown:
            shown += os.read(screen, 1 << 16)
        return time.monotonic() - start


def refreshes(count: int, budget: float) -> Iterator[Row]:
    """CPU of a refresh of ``top``, with the crowd of processes."""
    classic = shutil.which("top")
    if classic is None:
        return
    pairs = [(_refreshes(sysutils("top")), _refreshes([classic])) for _ in range(3)]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    ratios = [mine / other for mine, other in pairs]
    name = f"top on a terminal: CPU of a refresh, {count:,} processes"
    yield Row(
        name, "procps top", ours, theirs, median(ratios), budget, spread=(min(ratios), max(ratios))
    )


def first_paint(rounds: int) -> Iterator[Row]:
    """How soon ``top`` is on the screen."""
    table = python(_TABLE)
    pairs = [
        (_first_paint(sysutils("top"), b"COMMAND"), _first_paint(table, b"COMMAND"))
        for _ in range(rounds + 1)
    ][1:]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    ratios = [mine / other for mine, other in pairs]
    yield Row(
        "top on a terminal: first paint", "start of a rich table", ours, theirs, median(ratios), 1.5,
        spread=(min(ratios), max(ratios)),
    )  # fmt: skip


def memory(count: int) -> Iterator[Row]:
    """Memory after ``count`` refreshes, against that after a tenth of them."""
    words = [sys.executable, "-c", _CHURN, str(count // 10), str(count)]
    first, last = map(int, subprocess.check_output(words).split())
    name = f"top on a terminal: memory after {count:,} refreshes"
    yield Row(name, f"after {count // 10:,}", last, first, last / first, 1.02, "B")
