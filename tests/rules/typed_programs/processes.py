"""Programs about processes: who uses what, trees, ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import psutil
from psutil import AccessDenied, NoSuchProcess, Process, ZombieProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


def top(count: int = 5) -> list[tuple[int, str, float]]:
    rows = []
    for process in psutil.process_iter(["pid", "name", "cpu_percent", "memory_info"]):
        info: dict[str, Any] = process.info
        if info["memory_info"] is not None:
            rows.append((process.pid, str(info["name"]), float(info["memory_info"].rss)))
    psutil.process_iter.cache_clear()
    return sorted(rows, key=lambda row: row[2], reverse=True)[:count]


def find(name: str) -> Iterator[Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(NoSuchProcess, AccessDenied, ZombieProcess):
            if name in (process.name(), os.path.basename(process.exe()), *process.cmdline()[:1]):
                yield process


def describe(process: Process) -> dict[str, object]:
    with process.oneshot():
        times, memory = process.cpu_times(), process.memory_info()
        real, effective, saved = process.uids()
        details: dict[str, object] = {
            "cpu": times.user + times.system + times.children_user + times.iowait,
            "rss": memory.rss / 2**20,
            "vms": memory[1],
            "root": 0 in (real, effective, saved, process.gids().effective),
            "age": process.create_time(),
            "threads": sum(thread.user_time for thread in process.threads())
            / process.num_threads(),
            "switches": process.num_ctx_switches().voluntary
            + process.num_ctx_switches().involuntary,
            "where": process.cwd() + (process.terminal() or ""),
            "path": process.environ().get("PATH", ""),
        }
    if process.status() == psutil.STATUS_ZOMBIE or process.status() in {psutil.STATUS_DEAD, "idle"}:
        details["dead"] = True
    details.update(process.as_dict(attrs=["username", "nice"], ad_value=""))
    return details


def detail(process: Process) -> int:
    full, io = process.memory_full_info(), process.io_counters()
    mapped: int = sum(row.rss for row in process.memory_maps())
    mapped += sum(row.swap for row in process.memory_maps(grouped=False) if row.addr and row.perms)
    opened = [f"{file.path}:{file.fd}:{file.position}:{file.mode}" for file in process.open_files()]
    share: float = process.memory_percent(memtype="uss") + process.cpu_percent(interval=0.1)
    return (
        full.uss
        + full.pss
        + full.swap
        + io.read_bytes
        + io.write_chars
        + mapped
        + len(opened)
        + int(share)
    )


def relatives(process: Process) -> str:
    parent = process.parent()
    above = [one.pid for one in process.parents()]
    below = {one.pid: one.ppid() for one in process.children(recursive=True)}
    return f"{parent.name() if parent else '-'} {above} {below} {process == parent} {hash(process)}"


def adjust(process: Process) -> None:
    process.nice(10)
    nice: int = process.nice()
    process.ionice(psutil.IOPRIO_CLASS_IDLE)
    ioclass, level = process.ionice()
    process.cpu_affinity([cpu for cpu in process.cpu_affinity() if cpu % 2 == 0])
    soft, hard = process.rlimit(psutil.RLIMIT_NOFILE)
    process.rlimit(psutil.RLIMIT_NOFILE, (min(soft, 512), hard))
    if ioclass == psutil.IOPRIO_CLASS_IDLE and nice + level > 0 and soft != psutil.RLIM_INFINITY:
        process.suspend()
        process.resume()
    cpu: int = process.cpu_num() + process.num_fds()
    assert cpu >= 0


def end(pid: int, grace: float = 3.0) -> int:
    """Ends a family of processes: the recipe of psutil's documentation."""
    try:
        parent = psutil.Process(pid)
    except psutil.NoSuchProcess as error:
        missing: int = error.pid
        return -missing
    family = [*parent.children(recursive=True), parent]
    for process in family:
        try:
            process.send_signal(signal.SIGTERM)
        except psutil.AccessDenied as error:
            sys.stderr.write(f"{error.pid} {error.name or 0} {error.msg.upper()}")

    def told(process: psutil.Process) -> None:
        sys.stderr.write(f"gone {process}")

    gone, alive = psutil.wait_procs(family, timeout=grace, callback=told)
    for process in alive:
        process.kill()
    try:
        code: int = parent.wait(timeout=grace)
    except psutil.TimeoutExpired as error:
        waited: float = error.seconds
        raise SystemExit(f"{waited:.1f} {error.pid} {error.name} {error.msg}") from error
    except psutil.ZombieProcess as error:
        return (error.ppid or 0) + error.pid
    except psutil.Error:
        return 1
    return code + len(gone)


def there(pid: int) -> bool:
    return psutil.pid_exists(pid) and pid in psutil.pids() and Process(pid).is_running()


class Watched(psutil.Process):
    """A subclass with names of its own and a getter that it overrides."""

    def __init__(self, pid: int | None = None, label: str = "") -> None:
        self.label = label
        super().__init__(pid)

    def name(self) -> str:
        return self.label or super().name()

    def cmdline(self) -> list[str]:
        return [*super().cmdline(), self.label]

    def status_text(self) -> str:
        text: str = self.status()
        return text.replace("-", " ")


def watch() -> dict[int, Watched]:
    watched = [Watched(), Watched(os.getpid(), "me")]
    return {one.pid: one for one in watched if one in set(watched)}


def run(command: list[str]) -> str:
    with psutil.Popen(command, stdout=-1, text=True, env={}, cwd="/") as child:
        before: float = child.create_time()
        out, _ = child.communicate(timeout=5)
        code: int = child.returncode
    child.poll()
    child.terminate()
    end_code: int = child.wait(timeout=1)
    return f"{out} {code} {end_code} {before} {child.stdout}"
