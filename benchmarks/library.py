"""Rows about ``sysutils.core``: against psutil, and against only making the system calls."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
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

#: every function of the module, with the arguments that make a difference
FUNCTIONS = (
    "boot_time()", "cpu_count()", "cpu_count(logical=False)", "cpu_freq()", "cpu_freq(percpu=True)",
    "cpu_percent()", "cpu_percent(percpu=True)", "cpu_stats()", "cpu_times()", "cpu_times(percpu=True)",
    "cpu_times_percent()", "cpu_times_percent(percpu=True)", "disk_io_counters()",
    "disk_io_counters(perdisk=True)", "disk_io_counters(nowrap=False)", "disk_partitions()",
    "disk_partitions(all=True)", "disk_usage('/')", "getloadavg()", "heap_info()", "heap_trim()",
    "net_connections()", "net_connections('all')", "net_connections('tcp')", "net_connections('udp')",
    "net_connections('unix')", "net_if_addrs()", "net_if_stats()", "net_io_counters()",
    "net_io_counters(pernic=True)", "net_io_counters(nowrap=False)", "pid_exists(1)", "pid_exists(999999)",
    "pids()", "process_iter()", "process_iter(['pid', 'name'])", "process_iter(SHOWN)", "sensors_battery()",
    "sensors_fans()", "sensors_temperatures()", "sensors_temperatures(fahrenheit=True)", "swap_memory()",
    "users()", "virtual_memory()", "wait_procs([process], 0)", "Process(process.pid)",
    "Process(process.pid).create_time()", "Process(process.pid).exe()", "Popen(['true']).wait()",
)  # fmt: skip

#: every method of a process: of one that sleeps, of one that holds sockets (``talker``), of a zombie
METHODS = (
    "process.as_dict()", "process.as_dict(SHOWN)", "process.children()", "process.children(recursive=True)",
    "process.cmdline()", "process.cpu_affinity()", "process.cpu_affinity([0])", "process.cpu_num()",
    "process.cpu_percent()", "process.cpu_times()", "process.create_time()", "process.cwd()",
    "process.environ()", "process.exe()", "process.gids()", "process.io_counters()", "process.ionice()",
    "process.ionice(2, 4)", "process.is_running()", "process.memory_full_info()", "process.memory_info()",
    "process.memory_maps()", "process.memory_maps(grouped=False)", "process.memory_percent()",
    "process.memory_percent('uss')", "process.name()", "process.net_connections()",
    "talker.net_connections()", "talker.net_connections('all')", "process.nice()", "process.nice(0)",
    "process.num_ctx_switches()", "process.num_fds()", "process.num_threads()", "process.open_files()",
    "process.parent()", "process.parents()", "process.ppid()", "process.rlimit(7)",
    "process.rlimit(7, (256, 512))", "process.status()", "process.terminal()", "process.threads()",
    "process.uids()", "process.username()", "process.__eq__(talker)", "process.__hash__()",
    "process.__repr__()", "process.send_signal(0)", "process.resume()", "zombie.suspend()",
    "zombie.terminate()", "zombie.kill()", "zombie.status()", "zombie.name()", "oneshot(process)",
    "timeout(process)",
)  # fmt: skip


def oneshot(process: Any) -> None:
    """What a monitor asks of a process at once."""
    with process.oneshot():
        process.name(), process.status(), process.ppid(), process.cpu_times(), process.memory_info()
        process.username(), process.num_threads(), process.create_time()


def timeout(process: Any) -> None:
    """``wait`` for a process that does not end."""
    with suppress(psutil.TimeoutExpired, core.TimeoutExpired):
        process.wait(0)


@contextmanager
def talking() -> Iterator[int]:
    """A process with sockets: one that listens, two connected ones, a datagram and a UNIX one."""
    with socket.socket() as listener, socket.socket() as client, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client.connect(listener.getsockname())
        stack.enter_context(listener.accept()[0])
        stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", 0))
        stack.enter_context(socket.socket(socket.AF_UNIX))
        pid = os.fork()
        if not pid:
            while True:
                time.sleep(1000)
        try:
            yield pid
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


@contextmanager
def ended() -> Iterator[int]:
    """A zombie."""
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    yield pid
    os.waitpid(pid, 0)


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


#: calls that can't be made again by themselves: what they take is used up, or they make a process
_UNREPEATABLE = {"Popen(['true']).wait()"}


def _calls(pid: int, talker: int, zombie: int) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """Each call by name, ours and theirs."""
    spaces: list[dict[str, Any]] = [
        {
            "api": api,
            "process": api.Process(pid),
            "talker": api.Process(talker),
            "zombie": api.Process(zombie),
            "SHOWN": SHOWN,
            "oneshot": oneshot,
            "timeout": timeout,
        }
        for api in (core, psutil)
    ]
    for name in FUNCTIONS:
        text = f"api.{name}"
        if name.startswith("process_iter"):
            text = f"list({text})"
        yield name, [_call(text, space) for space in spaces]
    for name in METHODS:
        yield name.replace("process.", "Process."), [_call(name, space) for space in spaces]


def _call(text: str, space: dict[str, Any]) -> Callable[[], object]:
    """A call without arguments is the function itself, so that nothing of ours is measured with it."""
    bare = text.endswith("()") and text.count("(") == 1
    call: Callable[[], object] = eval(text.removesuffix("()") if bare else f"lambda: {text}", space)
    return call


def _works(call: Callable[[], object]) -> str:
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def calls(pid: int, rounds: int) -> Iterator[Row]:
    """Each API call beside psutil and beside its system calls alone; the last rows are the means."""
    ratios: list[float] = []
    costs: list[float] = []
    with talking() as talker, ended() as zombie:
        for name, (ours, theirs) in _calls(pid, talker, zombie):
            failures = _works(ours), _works(theirs)
            if any(failures):
                if failures[0] and not failures[1]:
                    yield Row(name, "psutil", 0, 0, 99.0, 1.0, more={"error": failures[0]})
                continue
            row = pair(name, "psutil", ours, theirs, rounds, 1.0)
            ratios.append(row.ratio)
            yield row
            bare, made = (None, 0) if name in _UNREPEATABLE else replay(ours)
            if bare is not None:
                against = f"its {made} system call{'s' * (made > 1)}"
                row = pair(name, against, ours, bare, rounds, _SYSTEM_COST)
                costs.append(row.ratio)
                yield row
    mean = geometric_mean(ratios)
    yield Row(f"geometric mean of {len(ratios)} calls", "psutil", 0, 0, mean, 1 / 1.6, "")
    mean = geometric_mean(costs)
    yield Row(f"geometric mean of {len(costs)} calls", "their system calls", 0, 0, mean, None, "")


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
