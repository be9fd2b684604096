"""What top(1) shows at one moment: the system, and its processes since the moment before."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from time import monotonic, sleep
from typing import Any, Literal, NamedTuple

from sysutils import core
from sysutils.cli import halves
from sysutils.cli.fields.process import Moment
from sysutils.cli.grammar import CommandError
from sysutils.cli.load import Report, report
from sysutils.cli.top_columns import Task

#: the first frame compares with a look so many seconds before it
_BEFOREHAND = 0.15
_FAULTS = ("majflt", "minflt")
#: facts that are more than numbers, texts and lists of them
_STRUCTURED = {"uids", "gids", "io_counters", "autogroup", "memory_footprint"}
#: the states of a CPU, as top orders them
CPU_STATES = ("user", "system", "nice", "idle", "iowait", "irq", "softirq", "steal")


class Counts(NamedTuple):
    """Processes, or threads, by state."""

    total: int
    running: int
    sleeping: int
    stopped: int
    zombie: int


class Memory(NamedTuple):
    """Bytes of physical memory, and of swap."""

    total: int
    free: int
    used: int
    buff_cache: int
    available: int
    swap_total: int
    swap_free: int
    swap_used: int


class Frame(NamedTuple):
    """One frame. ``cpus``: ticks spent in each of CPU_STATES, by all CPUs or by each."""

    number: int
    moment: Moment
    report: Report
    counts: Counts
    cpus: list[list[int]]
    memory: Memory
    tasks: list[Task]
    #: ticks since the frame before
    whole: float


class Wanted(NamedTuple):
    """What is read: ``test`` chooses the tasks to show from those counted."""

    needs: tuple[str, ...]
    pids: Sequence[int] | None = None
    threads: bool = False
    per_cpu: bool = False
    idle: bool = True
    test: Callable[[Any], bool] | None = None
    key: Callable[[Moment], Callable[[Task], Any]] | None = None
    reverse: bool = True


class Sampler:
    """Reads frames. The first look is taken at once, so that the first frame has something before it."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._number = 0
        self._faults = {"majflt", "minflt"} <= set(wanted.needs)
        self._began = monotonic()
        self._cpus = cpu_ticks(self.wanted.per_cpu)
        self._uptime = uptime()
        needs = ["pid", "utime", "stime", *(_FAULTS if self._faults else ())]
        # while this is read, time passes that has to pass anyway: no need for a second process
        rows = readable(core.process_table(needs, wanted.pids, self._threads()))
        self._ticks = {row.pid: row.utime + row.stime for row in rows}
        self._seen_faults = self._faults_of(rows)

    def _threads(self) -> Literal["other", False]:
        return "other" if self.wanted.threads else False

    def _read(self) -> list[Any]:
        """The rows, half of them read by another process where they are many."""
        pids, names = self.wanted.pids, self.wanted.needs
        threads = self._threads()

        def work(some: Sequence[int]) -> list[Any]:
            return list(map(tuple, core.process_table(names, some, threads)))

        if pids is None:  # in the system's order
            pids = [row.pid for row in core.process_table(["pid"])]
        parts = [work(pids)] if _STRUCTURED & set(names) else halves.split(pids, work)
        row: Any = namedtuple("row", names)  # type: ignore[misc]  # noqa: PYI024
        return readable(row._make(values) for part in parts for values in part)

    def _faults_of(self, rows: Sequence[Any]) -> dict[int, tuple[int, int]]:
        return {row.pid: (row.majflt, row.minflt) for row in rows} if self._faults else {}

    def frame(self) -> Frame:
        """The next frame."""
        if not self._number:
            sleep(max(0.0, self._began + _BEFOREHAND - monotonic()))
        self._number += 1
        up = uptime()
        whole = (up - self._uptime) * core.CLOCK_TICKS
        self._uptime = up
        tasks = self._tasks()
        counts = counted([task.row.state for task in tasks])
        before, self._cpus = self._cpus, cpu_ticks(self.wanted.per_cpu)
        moment = Moment()
        memory = memory_now()
        moment.memory = memory.total
        return Frame(
            self._number, moment, report(), counts, grown(before, self._cpus), memory,
            self._chosen(tasks, moment), whole,
        )  # fmt: skip

    def _tasks(self) -> list[Task]:
        rows = self._read()
        known, self._ticks = self._ticks.get, {row.pid: row.utime + row.stime for row in rows}
        tasks = []
        for row in rows:
            ticks = row.utime + row.stime
            old = known(row.pid, 0)
            # new, even with a pid seen before: all it did counts
            tasks.append(Task(row, ticks - old if ticks >= old else ticks, 0, 0))
        if self._faults:
            before, self._seen_faults = self._seen_faults, self._faults_of(rows)
            tasks = [_with_faults(task, before.get(task.row.pid)) for task in tasks]
        return tasks

    def _chosen(self, tasks: list[Task], moment: Moment) -> list[Task]:
        wanted = self.wanted
        if wanted.test is not None:
            test = wanted.test
            tasks = [task for task in tasks if test(task.row)]
        if not wanted.idle:
            tasks = [task for task in tasks if task.ticks]
        if wanted.key is not None:
            tasks.sort(key=wanted.key(moment), reverse=wanted.reverse)
        return tasks


def cpu_ticks(each: bool) -> list[list[int]]:
    """Ticks spent in each of CPU_STATES since boot, by all CPUs or by each."""
    ticks = core.CLOCK_TICKS
    found = core.cpu_times(percpu=True) if each else [core.cpu_times()]
    return [[round(getattr(times, state, 0.0) * ticks) for state in CPU_STATES] for times in found]


def readable(rows: Iterable[Any]) -> list[Any]:
    """Without those that may be seen but not read (proc's option hidepid)."""
    if core.LINUX:
        return [row for row in rows if row.utime is not None]
    # on other systems those of other users, which are seen all the same
    return [row if row.utime is not None else row._replace(utime=0, stime=0) for row in rows]


def _with_faults(task: Task, before: tuple[int, int] | None) -> Task:
    """What it did before it was seen does not count."""
    if before is None:
        return task
    return task._replace(majflt=task.row.majflt - before[0], minflt=task.row.minflt - before[1])


def uptime() -> float:
    """Seconds since boot. Raises CommandError where the system does not tell."""
    try:
        return float(core.uptime())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"Cannot get system uptime: {reason}") from None


def counted(states: Sequence[str]) -> Counts:
    """How many there are in each state."""
    running, zombie = states.count("R"), states.count("Z")
    stopped = states.count("T") + states.count("t")
    total = len(states)
    return Counts(total, running, total - running - zombie - stopped, stopped, zombie)


def grown(before: list[list[int]], now: list[list[int]]) -> list[list[int]]:
    """By how much each figure has grown."""
    if len(before) != len(now):  # a CPU came or went
        before = now
    return [
        [max(0, new - old) for old, new in zip(first, second, strict=True)]
        for first, second in zip(before, now, strict=True)
    ]


def memory_now() -> Memory:
    """What there is of memory and swap."""
    read = getattr(core, "meminfo", None)
    return _of_tuples() if read is None else _of_meminfo(read().get)


def _of_tuples() -> Memory:
    """On systems without /proc/meminfo."""
    found, swap = core.virtual_memory(), core.swap_memory()
    cached = getattr(found, "buffers", 0) + getattr(found, "cached", 0)
    return Memory(
        found.total,
        found.free,
        found.used,
        cached,
        found.available,
        swap.total,
        swap.free,
        swap.used,
    )


def _of_meminfo(get: Callable[[str, int], int]) -> Memory:
    total, free, available = get("MemTotal", 0), get("MemFree", 0), get("MemAvailable", 0)
    if not 0 < available <= total:  # old kernels and containers
        available = free
    cached = get("Buffers", 0) + get("Cached", 0) + get("SReclaimable", 0)
    swap, rest = get("SwapTotal", 0), get("SwapFree", 0)
    return Memory(
        total, free, total - available, cached, available, swap, rest, max(0, swap - rest)
    )
