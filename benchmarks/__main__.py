"""The run and its table. ``python -m benchmarks --help``."""

import argparse
import compileall
import json
import os
import platform
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import sysutils
from benchmarks import commands, crowd, library, live
from benchmarks.measure import Row

PARTS = ("start", "calls", "processes", "sockets", "descriptors", "growth", "live")
#: refreshes of a live screen
_REFRESHES = 2000
#: of one process, for ``pmap -x``
_MAPPINGS = 10000
#: of an ordinary machine
_FEW = 100


def _rows(parts: list[str], processes: int, connections: int, rounds: int) -> Iterator[Row]:
    if "start" in parts:
        yield from library.imports(rounds * 2)
        with crowd.sleepers(_FEW) as pids:
            yield from commands.start(pids[0], rounds * 2)
            yield from commands.small(len(pids), rounds * 2)
    if "calls" in parts:
        with crowd.sleepers(50) as pids:
            yield from library.calls(pids[0], rounds)
    if "processes" in parts:
        with crowd.sleepers(processes) as pids:
            yield from library.processes(len(pids), rounds)
            yield from library.memory(len(pids))
            yield from commands.processes(len(pids), rounds)
    if "sockets" in parts:
        with crowd.connections(connections):
            yield from library.sockets(2 * connections, rounds)
            yield from commands.sockets(2 * connections, rounds)
    if "descriptors" in parts:
        with crowd.descriptors(2 * connections):
            yield from commands.descriptors(2 * connections, rounds)
        with crowd.mappings(_MAPPINGS) as pids:
            yield from commands.mappings(pids[0], _MAPPINGS, rounds)
    if "growth" in parts:
        yield from _growth(processes, connections)
        yield from _growth_of_commands(processes, connections, rounds)
    if "live" in parts:
        yield from _live(processes, rounds)


def _growth_of_commands(processes: int, connections: int, rounds: int) -> Iterator[Row]:
    crowds: tuple[tuple[str, str, Any, int], ...] = (
        ("ps aux", "processes", crowd.sleepers, processes),
        ("top -b -n 1", "processes", crowd.sleepers, processes),
        ("netstat -tanp", "connections", crowd.connections, connections),
        ("lsof -nP", "descriptors", crowd.descriptors, 2 * connections),
        ("df", "mounts", crowd.mounts, processes),
    )
    for words, of, enter, most in crowds:
        if of != "mounts" or not os.geteuid():
            sizes = [(n, partial(enter, n)) for n in (most // 4, most)]
            yield from commands.growth(words, of, sizes, rounds)


def _live(processes: int, rounds: int) -> Iterator[Row]:
    with crowd.sleepers(_FEW) as pids:
        yield from live.refreshes(len(pids), 2.0)
        yield from live.first_paint(rounds)
        yield from live.memory(_REFRESHES)
    with crowd.sleepers(processes) as pids:
        yield from live.refreshes(len(pids), 1.0)


def _growth(processes: int, connections: int) -> Iterator[Row]:
    from sysutils import core

    def every_process() -> None:
        for _ in core.process_iter(library.SHOWN):
            pass

    sizes = [(n, partial(crowd.sleepers, n)) for n in (processes // 4, processes)]
    yield from library.growth("process_iter", every_process, sizes)
    if hasattr(core, "net_connections"):
        sizes = [(n, partial(crowd.connections, n)) for n in (connections // 4, connections)]
        every_socket = partial(core.net_connections, "tcp")
        yield from library.growth("net_connections('tcp')", every_socket, sizes)


def _amount(value: float, unit: str) -> str:
    if not unit or not value:
        return ""
    if unit == "B":
        return f"{value / 1e6:.1f} MB"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {name}"
    return f"{value * 1e9:.3g} ns"


def _line(row: Row) -> str:
    budget = "" if row.budget is None else f"{row.budget:.2f}"
    note = row.more.get("error", "")
    if "cpu_ratio" in row.more:
        note = f"(of CPU time {row.more['cpu_ratio']:.2f})"
    shown = [_amount(row.ours, row.unit), _amount(row.theirs, row.unit), f"{row.ratio:.2f}", budget]
    return f"{row.name[:62]:62} {row.against[:30]:30} " + "".join(
        f"{text:>9} " for text in shown
    ) + f" {row.verdict} {note}"  # fmt: skip


def _compile() -> None:
    """What an installer does: without it each start would compile the package anew, and psutil's not."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for place in sysutils.__path__:
        compileall.compile_dir(place, quiet=2)


def _work(options: argparse.Namespace) -> int:
    rows: list[Row] = []
    _compile()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.release()}, "
          f"{os.cpu_count()} CPUs, {'root' if not os.geteuid() else 'ordinary user'}")  # fmt: skip
    heads = ("ours", "theirs", "ratio", "budget")
    print(f"{'what':62} {'against':30} " + "".join(f"{head:>9} " for head in heads))
    quick = options.quick
    sizes = (400, 1000, 5) if quick else (options.processes, options.connections, options.rounds)
    for row in _rows(options.parts or list(PARTS), *sizes):
        rows.append(row)
        print(_line(row), flush=True)
    over = [row.name for row in rows if row.verdict == "over"]
    judged = sum(row.budget is not None for row in rows)
    print(f"{judged - len(over)} of {judged} within their budgets")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump([row.record() for row in rows], file, indent=1)
    return 0


def main() -> int:
    """Parses the command line and runs."""
    about = "sysutils against psutil and the classic commands; a ratio is ours over theirs."
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=about)
    add: Any = parser.add_argument
    add(
        "parts",
        nargs="*",
        choices=[*PARTS, []],
        help="which parts, all by default: " + " ".join(PARTS),
    )
    add("--quick", action="store_true", help="a small crowd and few rounds")
    add("--processes", type=int, default=4000, metavar="N")
    add("--connections", type=int, default=10000, metavar="N")
    add("--rounds", type=int, default=11, metavar="N", help="measurements of each pair")
    add("--json", metavar="FILE", help="write the rows there as well")
    options = parser.parse_args()
    try:
        return crowd.isolated(partial(_work, options))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
