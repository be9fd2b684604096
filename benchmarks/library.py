"""Rows about ``sysutils.core``: against psutil, and against only making the system calls."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import psutil

from benchmarks.measure import Row, geometric_mean, pair, peak_memory, python
from benchmarks.replay import replay
from sysutils import core

#: what ``ps aux`` shows, in psutil's names, and the files of a process that hold it
SHOWN = [
    "pid", "username", "cpu_times", "memory_percent", "memory_info", "terminal", "status", "create_time",
    "cmdline",
]  # fmt: skip
FILES = (b"stat", b"statm", b"status", b"cmdline")

_SYSTEM_COST = 1.4

#: functions of the module: name and arguments
FUNCTIONS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("boot_time", ()),
    ("cpu_count", ()),
    ("cpu_count", (False,)),
    ("cpu_freq", ()),
    ("cpu_percent", ()),
    ("cpu_stats", ()),
    ("cpu_times", ()),
    ("cpu_times", (True,)),
    ("cpu_times_percent", ()),
    ("disk_io_counters", ()),
    ("disk_io_counters", (True,)),
    ("disk_partitions", ()),
    ("disk_partitions", (True,)),
    ("disk_usage", ("/",)),
    ("getloadavg", ()),
    ("net_connections", ()),
    ("net_connections", ("all",)),
    ("net_if_addrs", ()),
    ("net_if_stats", ()),
    ("net_io_counters", ()),
    ("net_io_counters", (True,)),
    ("pid_exists", (1,)),
    ("pids", ()),
    ("sensors_battery", ()),
    ("sensors_fans", ()),
    ("sensors_temperatures", ()),
    ("swap_memory", ()),
    ("users", ()),
    ("virtual_memory", ()),
)

#: methods of a process that sleeps
METHODS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("as_dict", ()),
    ("as_dict", (SHOWN,)),
    ("children", ()),
    ("children", (True,)),
    ("cmdline", ()),
    ("cpu_affinity", ()),
    ("cpu_num", ()),
    ("cpu_percent", ()),
    ("cpu_times", ()),
    ("create_time", ()),
    ("cwd", ()),
    ("environ", ()),
    ("exe", ()),
    ("gids", ()),
    ("io_counters", ()),
    ("ionice", ()),
    ("is_running", ()),
    ("memory_full_info", ()),
    ("memory_info", ()),
    ("memory_maps", ()),
    ("memory_percent", ()),
    ("name", ()),
    ("net_connections", ()),
    ("nice", ()),
    ("num_ctx_switches", ()),
    ("num_fds", ()),
    ("num_threads", ()),
    ("open_files", ()),
    ("parent", ()),
    ("parents", ()),
    ("ppid", ()),
    ("rlimit", (psutil.RLIMIT_NOFILE,)),
    ("status", ()),
    ("terminal", ()),
    ("threads", ()),
    ("uids", ()),
    ("username", ()),
)


def _drain(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def read_files(names: Iterable[bytes] = FILES) -> None:
    """Only opens, reads and closes the files of every process, as straight as Python can."""
    wanted = tuple(names)
    fopen, fread, fclose, flags = os.open, os.read, os.close, os.O_RDONLY | os.O_CLOEXEC
    for pid in os.listdir(b"/proc"):
        if pid.isdigit():
            for name in wanted:
                fd = fopen(b"/proc/%s/%s" % (pid, name), flags)
                fread(fd, 4096)
                fclose(fd)


def processes(count: int, rounds: int) -> Iterator[Row]:
    """``process_iter`` with what ``ps aux`` shows."""

    def ours() -> None:
        _drain(core.process_iter(SHOWN))

    def theirs() -> None:
        _drain(psutil.process_iter(SHOWN))

    def forget() -> None:
        core.process_iter.cache_clear()  # type: ignore[attr-defined]
        psutil.process_iter.cache_clear()

    name = f"process_iter, as ps aux, {count:,} processes"
    yield pair(f"{name}, fresh", "psutil", ours, theirs, rounds, 1 / 3.5, prepare=forget)
    yield pair(f"{name}, warm", "psutil", ours, theirs, rounds, 1 / 2)
    yield pair(f"{name}, warm", "reading the files", ours, read_files, rounds, _SYSTEM_COST)
    if hasattr(core, "process_table"):
        fields = ["pid", "euid", "cpu_times", "memory_info", "tty_nr", "state", "args"]

        def table() -> None:
            _drain(core.process_table(fields))

        yield pair(
            f"process_table, as ps aux, {count:,} processes", "psutil", table, theirs, rounds
        )
        yield pair("process_table, pid and comm", "psutil process_iter(pid, name)",
                   lambda: _drain(core.process_table(["pid", "comm"])),
                   lambda: _drain(psutil.process_iter(["pid", "name"])), rounds)  # fmt: skip


def memory(count: int) -> Iterator[Row]:
    """Peak memory of a program that keeps every process with what ``ps aux`` shows."""
    program = f"kept = list({{}}.process_iter({SHOWN!r}))"
    ours = peak_memory(python("import sysutils.core as core;" + program.format("core")))
    theirs = peak_memory(python("import psutil;" + program.format("psutil")))
    name = f"peak memory, process_iter, {count:,} processes"
    yield Row(name, "psutil", ours, theirs, ours / theirs, 1.0, "B")


def sockets(count: int, rounds: int) -> Iterator[Row]:
    """``net_connections`` of the whole machine."""
    if not hasattr(core, "net_connections"):
        return
    name = f"net_connections('tcp'), {count:,} sockets"
    yield pair(name, "psutil", lambda: core.net_connections("tcp"),
               lambda: psutil.net_connections("tcp"), rounds, 1 / 2)  # fmt: skip
    yield pair(name.replace("tcp", "inet"), "psutil", lambda: core.net_connections("inet"),
               lambda: psutil.net_connections("inet"), rounds, 1 / 2)  # fmt: skip


def imports(rounds: int) -> Iterator[Row]:
    """The time of the import statement, each in a fresh interpreter."""
    program = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"

    def ask(statement: str) -> float:
        import subprocess

        return float(subprocess.check_output(python(program.format(statement))))

    def row(name: str, ours: str, budget: float | None) -> Row:
        times: list[tuple[float, float]] = [
            (ask(ours), ask("import psutil")) for _ in range(rounds + 1)
        ]
        ratios = sorted(a / b for a, b in times[1:])
        middle = len(ratios) // 2
        mine, other = (sorted(column)[middle] for column in zip(*times[1:], strict=True))
        return Row(
            name,
            "import psutil",
            mine,
            other,
            ratios[middle],
            budget,
            spread=(ratios[0], ratios[-1]),
        )

    yield row("import sysutils.core", "import sysutils.core", 1 / 3)
    used = "from sysutils.core import Process, process_iter, virtual_memory"
    yield row("import sysutils.core and use processes", used, None)


def _call(source: Any, name: str, args: tuple[Any, ...]) -> Callable[[], object] | None:
    function = getattr(source, name, None)
    if function is None:
        return None
    return (lambda: function(*args)) if args else function


def _calls(pid: int) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    theirs, ours = psutil.Process(pid), core.Process(pid)
    functions = ((core, psutil, "", entry) for entry in FUNCTIONS)
    methods = ((ours, theirs, "Process.", entry) for entry in METHODS)
    yield "Process()", lambda: core.Process(pid), lambda: psutil.Process(pid)
    for mine, other, prefix, (name, args) in chain(functions, methods):
        first, second = _call(mine, name, args), _call(other, name, args)
        if first is not None and second is not None:
            shown = ", ".join("…" if isinstance(arg, list) else repr(arg) for arg in args)
            yield f"{prefix}{name}({shown})", first, second


def _works(call: Callable[[], object]) -> str:
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def calls(pid: int, rounds: int) -> Iterator[Row]:
    """Each API call that exists; the last row is their geometric mean."""
    ratios = []
    for name, ours, theirs in _calls(pid):
        failures = _works(ours), _works(theirs)
        if any(failures):
            if failures[0] and not failures[1]:
                yield Row(name, "psutil", 0, 0, 99.0, 1.0, more={"error": failures[0]})
            continue
        row = pair(name, "psutil", ours, theirs, rounds, 1.0)
        ratios.append(row.ratio)
        yield row
        bare, made = replay(ours)
        if bare is not None:
            least = pair(
                name, f"its {made} system call{'s' * (made > 1)}", ours, bare, rounds, _SYSTEM_COST
            )
            yield least
    if ratios:
        mean = geometric_mean(ratios)
        yield Row(f"geometric mean of {len(ratios)} calls", "psutil", 0, 0, mean, 1 / 1.6, "")


def growth(
    label: str, action: Callable[[], object], sizes: Iterable[tuple[int, Any]]
) -> Iterator[Row]:
    """Cost of one unit with all of the crowd over that with less of it: linear growth keeps it at 1."""
    costs = []
    for size, enter in sizes:
        with enter():
            best = min(_once(action) for _ in range(5))
        costs.append((size, best / size))
    (small, low), (large, high) = costs[0], costs[-1]
    name = f"{label}: cost of one among {large:,} over one among {small:,}"
    yield Row(name, "linear growth", high, low, high / low, 1.3)


def _once(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start
