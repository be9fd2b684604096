"""What iotop tells of threads and processes: counters read again and again, and what they did between."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple

from sysutils import core
from sysutils.cli.output.column import Column

#: what ioprio_get(2) and sched(7) call them
_CLASSES = {1: "rt", 2: "be", 3: "id"}
_FIFO, _RR, _IDLE = 1, 2, 5
_FIELDS = ("pid", "tgid", "euid", "nice", "policy", "ionice", "comm", "argv")
#: ``pgpgin`` and ``pgpgout`` of the kernel are in KiB
_KIB = 1024
#: the order goes by so many reports
_HISTORY = 120


class Counters(NamedTuple):
    """Since the start of a thread: bytes, nanoseconds; None for what can't be told."""

    read: int | None = None
    write: int | None = None
    swapin: int | None = None
    io: int | None = None


NOTHING = Counters()


class Row(NamedTuple):
    """A line: a thread, a process with all its threads, or (``kind`` "total", "current") the system.

    ``known``: whether ``told`` has values at all, though there may be no span between two readings yet.
    ``moved`` are the differences in ``seconds``; ``since`` those since the first reading, ``age`` seconds
    ago."""

    kind: str
    time: float
    seconds: float
    pid: int | None = None
    tid: int | None = None
    prio: str | None = None
    uid: int | None = None
    user: str | None = None
    known: Counters = NOTHING
    moved: Counters = NOTHING
    since: Counters = NOTHING
    age: float = 0.0
    comm: str | None = None
    argv: tuple[str, ...] = ()

    def rate(self, name: str) -> float | None:
        """Bytes a second, read or written."""
        value: int | None = getattr(self.moved, name)
        return None if value is None or not self.seconds else value / self.seconds

    def mean(self, name: str) -> float | None:
        """Bytes a second since the first reading."""
        value: int | None = getattr(self.since, name)
        return None if value is None or not self.age else value / self.age

    def percent(self, name: str) -> float | None:
        """How much of the time was spent waiting; at most 100."""
        value: int | None = getattr(self.moved, name)
        if value is None or not self.seconds:
            return None
        return min(100.0, value / self.seconds / 1e7)

    @property
    def command(self) -> str | None:
        """The arguments as one text; None for kernel threads and zombies."""
        return " ".join(self.argv) or None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


COLUMNS = (
    Column("type", "TYPE", lambda row: row.kind, null=False,
           help="thread, process, total (of those selected) or current (of the block devices)."),
    Column("time", "TIME", lambda row: round(row.time, 3), unit="epoch", null=False,
           help="When it was read."),
    Column("pid", "PID", lambda row: row.pid, right=True, help="Process id."),
    Column("tid", "TID", lambda row: row.tid, right=True, help="Thread id."),
    Column("prio", "PRIO", lambda row: row.prio,
           help="I/O class (rt, be, id) and level; what the niceness makes of it where none was set."),
    Column("uid", "UID", lambda row: row.uid, right=True, help="Effective user id."),
    Column("user", "USER", lambda row: row.user, help="Name of the user, null for none."),
    Column("read_rate", "READ/s", lambda row: _rounded(row.rate("read")), unit="bytes per second",
           help="Read from block devices, bytes a second."),
    Column("write_rate", "WRITE/s", lambda row: _rounded(row.rate("write")), unit="bytes per second",
           help="Written to block devices, or to the cache for them, bytes a second."),
    Column("read_bytes", "READ", lambda row: row.since.read, unit="bytes",
           help="Read since iotop or the process began."),
    Column("write_bytes", "WRITE", lambda row: row.since.write, unit="bytes",
           help="Written since iotop or the process began."),
    Column("swapin_delay", "SWAPIN ns", lambda row: row.moved.swapin, unit="nanoseconds",
           kind="integer",
           help="Time spent waiting for pages of the swap since the report before."),
    Column("blkio_delay", "IO ns", lambda row: row.moved.io, unit="nanoseconds",
           kind="integer",
           help="Time spent waiting for block devices since the report before."),
    Column("swapin_percent", "SWAPIN", lambda row: _rounded(row.percent("swapin")), unit="percent",
           help="The same of the time passed, at most 100."),
    Column("io_percent", "IO", lambda row: _rounded(row.percent("io")), unit="percent",
           help="The same of the time passed, at most 100."),
    Column("comm", "NAME", lambda row: row.comm, help="Name of the program or kernel thread."),
    Column("args", "COMMAND", lambda row: row.command, help="Its command line, null for none."),
)  # fmt: skip


def priority(ionice: Any, policy: int | None, nice: int | None) -> str | None:
    """``be/4``: class and level; where the class is none the kernel takes them from the niceness."""
    if ionice is None:
        return None
    ioclass, level = ionice
    if ioclass in _CLASSES:
        return f"{_CLASSES[ioclass]}/{level & 7}"
    if policy in {_FIFO, _RR}:
        return "rt/4"
    if policy == _IDLE:
        return "id/0"
    return None if nice is None else f"be/{(nice + 20) // 5}"


def _sum(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return first if second is None else second
    return first + second


def added(first: Counters, second: Counters) -> Counters:
    """Both together; what one of them does not tell is the other's."""
    return Counters(*map(_sum, first, second))


def difference(after: Counters, before: Counters | None) -> Counters:
    """What happened between two readings. A counter that fell belongs to another thread, which got the same
    id: nothing is known of it yet."""
    if before is None:
        return NOTHING
    pairs = zip(after, before, strict=True)
    moved = [None if a is None or b is None else a - b for a, b in pairs]
    return NOTHING if any(value is not None and value < 0 for value in moved) else Counters(*moved)


class Wanted(NamedTuple):
    """Which threads are read, and which rows are told of them."""

    tid: int | None = None
    uid: int | None = None
    processes: bool = False
    only: bool = False
    #: ``only`` and order go by what was moved since the first reading
    accumulated: bool = False
    #: what the order goes by: io, r, w, rw or sw
    key: str = "io"

    def where(self) -> tuple[tuple[str, ...], Callable[[Any], bool]] | None:
        """The test that threads are put to before more of them is read."""
        tid, uid = self.tid, self.uid
        if tid is None and uid is None:
            return None
        fields = (*(("pid",) if tid is not None else ()), *(("euid",) if uid is not None else ()))

        def test(row: Any) -> bool:
            return (tid is None or row.pid == tid) and (uid is None or row.euid == uid)

        return fields, test

    def active(self, row: Row) -> bool:
        """Whether a row did any I/O."""
        seen = row.since if self.accumulated else row.moved
        return bool(seen.read or seen.write)

    def weight(self, row: Row) -> float:
        """How busy a row was, told apart as the classic's graph does: percentages in four steps."""
        if self.key in {"io", "sw"}:
            return ceil((row.percent("io" if self.key == "io" else "swapin") or 0.0) / 25)
        read = row.rate("read") if "r" in self.key else None
        write = row.rate("write") if "w" in self.key else None
        return (read or 0.0) + (write or 0.0)


class Busy:
    """How busy rows were of late, by thread id: only reports in which they were are remembered."""

    def __init__(self) -> None:
        self._turn = 0
        self._found: dict[int | None, deque[tuple[int, float]]] = {}

    def order(self, rows: Iterable[Row], weight: Callable[[Row], float]) -> list[Row]:
        """The busiest first, then by id."""
        self._turn += 1
        before, self._found = self._found, {}
        found = []
        for row in rows:
            past = before.get(row.tid)
            now = weight(row)
            if now and past is None:
                past = deque()
            if past is not None:
                self._found[row.tid] = past
                if now:
                    past.append((self._turn, now))
                while past and past[0][0] <= self._turn - _HISTORY:
                    past.popleft()
            found.append((-sum(value for _, value in past or ()), row.tid or 0, row))
        return [row for _, _, row in sorted(found, key=itemgetter(0, 1))]


class Sampler:
    """Reads threads' counters, by taskstats or (None) from /proc, and tells what they did since last time."""

    def __init__(self, wanted: Wanted, stats: "TaskStats | None") -> None:
        self.wanted = wanted
        self._stats = stats
        self._began: dict[int, float] = {}
        self._before: dict[int, Counters] = {}
        self._since: dict[int, Counters] = {}
        #: of whole processes: what a thread moved stays when it ends
        self._since_all: dict[int | None, Counters] = {}
        self._busy = Busy()
        self._devices: Counters | None = None
        self._total = self._device_total = NOTHING
        self._start = self._last = 0.0

    def read(self) -> list[Row]:
        """The rows of a report: "total", "current", then threads or processes."""
        now, clock = time.time(), time.monotonic()
        seconds = clock - self._last if self._last else 0.0
        self._start = self._start or clock
        self._last = clock
        rows = self._threads(now, clock, seconds)
        moved = known = NOTHING
        for row in rows:
            moved, known = added(moved, row.moved), added(known, row.known)
        self._total = added(self._total, moved)
        age = clock - self._start
        total = Row(
            "total",
            now,
            seconds,
            known=known,
            moved=moved,
            since=added(_zero(known), self._total),
            age=age,
        )
        summary = [total, self._current(now, seconds, age)]
        return summary + self._chosen(self._by_process(rows))

    def _threads(self, now: float, clock: float, seconds: float) -> list[Row]:
        stats = self._stats
        if stats is not None:
            stats.begin()
        fields = _FIELDS if stats else (*_FIELDS, "io_counters")
        threads = stats is None or stats.per_thread
        table = core.process_table(fields, threads=threads, where=self.wanted.where())
        rows, seen = [], {}
        for row in table:
            try:
                counters = stats.count(row.pid) if stats else _of_proc(row.io_counters)
            except core.NoSuchProcess:
                continue
            except core.AccessDenied:  # another user's, where the system tells of one's own
                counters = NOTHING
            seen[row.pid] = counters
            rows.append(self._row(row, counters, now, clock, seconds))
        self._before = seen
        for gone in self._since.keys() - seen.keys():
            del self._since[gone], self._began[gone]
        return rows

    def _row(self, row: Any, counters: Counters, now: float, clock: float, seconds: float) -> Row:
        tid = row.pid
        moved = difference(counters, self._before.get(tid))
        if moved is NOTHING:
            self._since[tid], self._began[tid] = _zero(counters), clock
        else:
            self._since[tid] = added(self._since[tid], moved)
        return Row(
            "thread", now, seconds, row.tgid, tid, priority(row.ionice, row.policy, row.nice),
            row.euid, None if row.euid is None else core.user_name(row.euid), counters, moved,
            self._since[tid], clock - self._began[tid], row.comm, tuple(row.argv or ()),
        )  # fmt: skip

    def _current(self, now: float, seconds: float, age: float) -> Row:
        """What the block devices themselves moved."""
        after = _of_devices()
        moved = difference(after, self._devices)
        self._devices = after
        self._device_total = added(self._device_total, moved)
        return Row(
            "current",
            now,
            seconds,
            known=after,
            moved=moved,
            since=added(_zero(after), self._device_total),
            age=age,
        )

    def _by_process(self, rows: list[Row]) -> list[Row]:
        """The row of a process has its threads' figures with its own."""
        sums: dict[int | None, tuple[Counters, Counters]] = {}
        for row in rows:
            known, moved = sums.get(row.pid, (NOTHING, NOTHING))
            sums[row.pid] = added(known, row.known), added(moved, row.moved)
        before, self._since_all = self._since_all, {}
        for pid, (known, moved) in sums.items():
            self._since_all[pid] = added(before.get(pid, _zero(known)), moved)
        found = []
        for row in rows:
            if row.tid == row.pid:
                known, moved = sums[row.pid]
                since = self._since_all[row.pid]
                found.append(row._replace(kind="process", known=known, moved=moved, since=since))
            elif not self.wanted.processes:
                found.append(row)
        return found

    def _chosen(self, rows: Iterable[Row]) -> list[Row]:
        wanted = self.wanted
        found = self._busy.order(rows, wanted.weight)
        return [row for row in found if not wanted.only or wanted.active(row)]


def _zero(counters: Counters) -> Counters:
    return Counters(*(None if value is None else 0 for value in counters))


def _of_devices() -> Counters:
    """What the block devices moved since boot."""
    if not hasattr(core, "vmstat"):
        disks = core.disk_io_counters(nowrap=False)
        return NOTHING if disks is None else Counters(disks.read_bytes, disks.write_bytes)
    try:
        values = core.vmstat()
    except OSError:
        return NOTHING
    read, write = values.get("pgpgin"), values.get("pgpgout")
    return Counters(None if read is None else read * _KIB, None if write is None else write * _KIB)


def _of_proc(io: Any) -> Counters:
    """``/proc/PID/task/TID/io`` knows no delays."""
    return NOTHING if io is None else Counters(io.read_bytes, io.write_bytes)


class TaskStats:
    """Counters of threads by taskstats, or of processes where the system tells no more (``per_thread``).

    Raises AccessDenied, NotImplementedError where there are none."""

    def __init__(self) -> None:
        self._connection = core.TaskStats()
        self.per_thread = self._connection.per_thread
        try:
            self._connection.thread(os.getpid())
        except BaseException:
            self._connection.close()
            raise
        self._delays: bool | None = None

    def begin(self) -> None:
        """Looks whether the kernel counts delays: that can be switched at any time."""
        self._delays = core.task_delayacct() if hasattr(core, "task_delayacct") else False

    def count(self, tid: int) -> Counters:
        """The counters of a thread, without the delays if they are not counted."""
        stats = self._connection.thread(tid)
        if self._delays is False:
            return Counters(stats.read_bytes, stats.write_bytes)
        return Counters(stats.read_bytes, stats.write_bytes, stats.swapin_delay, stats.blkio_delay)
