"""What the live screen of top(1) reads: of every process what sorting and filters need, of those on the
screen what their columns show."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from time import monotonic
from typing import Any, Literal, NamedTuple

from sysutils import core
from sysutils.cli.fields.process import Moment
from sysutils.cli.load import Report, report
from sysutils.cli.top_choices import HISTORY
from sysutils.cli.top_columns import Task
from sysutils.cli.top_frame import (
    CPU_STATES,
    Counts,
    Memory,
    counted,
    cpu_ticks,
    grown,
    memory_now,
    readable,
    uptime,
)

#: what is read of every process
BASE = ("pid", "utime", "stime", "state")
_PID, _UTIME, _STIME, _STATE = range(len(BASE))
#: a task of a tuple: thousands are made, and its own constructor takes three times as long
_task = partial(tuple.__new__, Task)
#: looks sooner after one another are compared with the same look before
_SOON = 0.3
#: looks at the system that are remembered
REMEMBERED = 240


class Demand(NamedTuple):
    """What is asked for of every process."""

    needs: tuple[str, ...] = ()
    pids: tuple[int, ...] = ()
    threads: bool = False


class Look(NamedTuple):
    """The system at a moment, and since the look before. ``cpus``: ticks of each CPU, by CPU_STATES."""

    moment: Moment
    report: Report
    counts: Counts
    cpus: Sequence[Sequence[int]]
    memory: Memory
    tasks: Sequence[Task]
    #: ticks since the look before
    whole: float
    #: the first: what happened since the system, or a process, was started
    first: bool
    #: shares of the CPUs and of memory that were used, at this look and those before
    cpu_history: Sequence[float]
    memory_history: Sequence[float]
    #: pid -> shares of one CPU, percent
    history: Mapping[int, Sequence[float]]
    #: pid -> bytes read and written a second
    rates: dict[int, tuple[float, float]]
    threads: bool

    def total(self) -> list[int]:
        """Ticks of all CPUs."""
        return [sum(ticks) for ticks in zip(*self.cpus, strict=True)]


class _Before(NamedTuple):
    """What a look is compared with."""

    when: float
    uptime: float
    cpus: list[list[int]]
    ticks: dict[int, int]
    faults: dict[int, tuple[int, int]]


class Looker:
    """Takes looks."""

    def __init__(self) -> None:
        self._before: _Before | None = None
        self._last: _Before | None = None
        self._cpu_history: list[float] = []
        self._memory_history: list[float] = []
        self._history: dict[int, list[float]] = {}
        self._io = _Rates()
        self._threads = False

    def look(self, demand: Demand) -> Look:
        """The next look. One right after another is compared with what that was compared with, so that a
        key does not make shares of moments."""
        if demand.threads != self._threads:
            self._threads = demand.threads
            self._history.clear()
        now, up = monotonic(), uptime()
        if self._last is not None and (self._before is None or now - self._last.when >= _SOON):
            self._before = self._last
        before = self._before
        rows = self._rows(demand, before is None)
        faults = {"majflt", "minflt"} <= set(demand.needs)
        cpus = cpu_ticks(True)
        pids = [row[_PID] for row in rows]
        used = [row[_UTIME] + row[_STIME] for row in rows]
        self._last = _Before(
            now, up, cpus, dict(zip(pids, used, strict=True)),
            {row.pid: (row.majflt, row.minflt) for row in rows} if faults else {},
        )  # fmt: skip
        whole = (up - before.uptime if before is not None else up) * core.CLOCK_TICKS
        if before is None:
            since = [_since_start(row, whole) for row in rows]
        else:
            known = map(before.ticks.get, pids, repeat(0))
            # a new process, even with a pid seen before: all it did counts
            since = [
                ticks - old if ticks >= old else ticks
                for ticks, old in zip(used, known, strict=True)
            ]
        tasks = list(map(_task, zip(rows, since, repeat(0), repeat(0), strict=False)))
        if faults and before is not None:
            tasks = [_with_faults(task, before.faults) for task in tasks]
        moment = Moment()
        memory = memory_now()
        moment.memory = memory.total
        gained = grown(before.cpus, cpus) if before is not None else cpus
        if before is not None:
            self._remember(tasks, whole, gained, memory)
        if "io_counters" in demand.needs:
            self._io.add(rows, now, whole=True)
        return Look(
            moment, report(), counted([row[_STATE] for row in rows]), gained, memory, tasks, whole,
            before is None, self._cpu_history, self._memory_history, self._history, self._io.rates,
            demand.threads,
        )  # fmt: skip

    @staticmethod
    def _rows(demand: Demand, first: bool) -> list[Any]:
        names = tuple(dict.fromkeys((*BASE, *demand.needs, *(("starttime",) if first else ()))))
        threads: Literal["other", False] = "other" if demand.threads else False
        return readable(core.process_table(names, demand.pids or None, threads))

    def _remember(
        self, tasks: Iterable[Task], whole: float, cpus: list[list[int]], memory: Memory
    ) -> None:
        total = [sum(ticks) for ticks in zip(*cpus, strict=True)]
        _keep(self._cpu_history, busy(total), REMEMBERED)
        _keep(self._memory_history, memory.used / memory.total if memory.total else 0.0, REMEMBERED)
        history, self._history = self._history, {}
        scale = 100 / whole if whole > 0 else 0.0
        for task in tasks:
            ticks, pid = task.ticks, task.row.pid
            if not ticks and pid not in history:
                continue
            kept = history.get(pid, [])
            _keep(kept, ticks * scale, HISTORY)
            if any(kept):
                self._history[pid] = kept

    def details(
        self, tasks: Sequence[Task], needs: Sequence[str], threads: bool
    ) -> list[Task | None]:
        """The tasks with all that is needed of them read; None for those that have ended since."""
        names = tuple(dict.fromkeys(("pid", *needs)))
        pids = [task.row.pid for task in tasks]
        if threads:
            found = {row.pid: row for row in _thread_rows(names, tasks)}
        else:
            found = {row.pid: row for row in core.process_table(names, pids)}
        if "io_counters" in needs:
            self._io.add(found.values(), monotonic(), whole=False)
        rows = [found.get(pid) for pid in pids]
        return [
            None if row is None else task._replace(row=row)
            for task, row in zip(tasks, rows, strict=True)
        ]


def _thread_rows(names: tuple[str, ...], tasks: Sequence[Task]) -> Iterable[Any]:
    wanted = {task.row.pid for task in tasks}
    processes = list(dict.fromkeys(task.row.tgid for task in tasks))
    for row in core.process_table(names, processes, "other"):
        if row.pid in wanted:
            yield row


def busy(ticks: Sequence[int]) -> float:
    """The share of a CPU's time, 0 to 1, in which it was not idle."""
    total = sum(ticks)
    rest = ticks[CPU_STATES.index("idle")] + ticks[CPU_STATES.index("iowait")]
    return (total - rest) / total if total else 0.0


def _keep(values: list[float], value: float, most: int) -> None:
    values.append(value)
    del values[:-most]


def _with_faults(task: Task, seen: Mapping[int, tuple[int, int]]) -> Task:
    """What it did before it was seen does not count."""
    old = seen.get(task.row.pid)
    if old is None:
        return task
    return task._replace(
        majflt=max(0, task.row.majflt - old[0]), minflt=max(0, task.row.minflt - old[1])
    )


def _since_start(row: Any, whole: float) -> int:
    """Ticks in the time since boot, had it gone on since then as it did since its start."""
    if row.starttime is None:  # another system's process that may not be read
        return 0
    alive = max(whole - row.starttime, core.CLOCK_TICKS)
    return int((row.utime + row.stime) * whole / alive)


class _Rates:
    """Bytes a second that processes read and wrote, from what they had when they were seen before."""

    def __init__(self) -> None:
        self.rates: dict[int, tuple[float, float]] = {}
        self._seen: dict[int, tuple[float, int, int]] = {}

    def add(self, rows: Iterable[Any], now: float, whole: bool) -> None:
        """What rows tell now. ``whole``: those that are not among them have ended."""
        seen, rates = self._seen, self.rates
        if whole:
            self._seen, self.rates = {}, {}
        for row in rows:
            found = row.io_counters
            if found is None:
                continue
            pid, read, written = row.pid, found.read_bytes, found.write_bytes
            old = seen.get(pid)
            if old is not None and now - old[0] < _SOON:
                self._seen[pid] = old
                if pid in rates:
                    self.rates[pid] = rates[pid]
                continue
            self._seen[pid] = now, read, written
            if old is not None:
                spent = now - old[0]
                self.rates[pid] = max(0, read - old[1]) / spent, max(0, written - old[2]) / spent
