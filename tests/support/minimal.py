"""A package of an operating system that tells what psutil's API has of every system, and nothing more.

``elsewhere.system("minimal", package=minimal.modules())`` is the library on it; what commands show there
is what they can show anywhere. Its machine has four processes and does not change."""

from __future__ import annotations

import os
import socket
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

BOOT = 1_700_000_000.0
UPTIME = 100_000.0


class _Cpu(NamedTuple):
    user: float
    system: float
    idle: float


class _Times(NamedTuple):
    user: float
    system: float


class _Memory(NamedTuple):
    rss: int
    vms: int


class _Physical(NamedTuple):
    total: int
    available: int
    percent: float
    used: int
    free: int


class Records(NamedTuple):
    """One process of the machine; ``rights`` False: the system tells of it only who and what it is."""

    pid: int
    ppid: int
    name: str
    arguments: list[str]
    status: str
    created: float
    user: str
    rights: bool = True


#: the program that asks is one of them, with the highest pid
OWN = os.getpid()
MACHINE = {
    found.pid: found
    for found in (
        Records(1, 0, "init", ["/sbin/init", "splash"], "sleeping", BOOT, "root"),
        Records(20, 1, "shell", ["-sh"], "running", BOOT + 5000, "me"),
        Records(30, 20, "secret", [], "sleeping", BOOT + 90000, "root", rights=False),
        Records(OWN, 20, "python", ["python", "-m", "sysutils"], "running", BOOT + 99999, "me"),
    )
}


def _module(name: str, *members: Any, **values: Any) -> ModuleType:
    module = ModuleType(f"sysutils.core.minimal.{name}" if name else "sysutils.core.minimal")
    for member in members:
        member.__module__ = module.__name__
        setattr(module, member.__name__, member)
    vars(module).update(values)
    return module


class Opened:
    """A process by its pid; nothing is read yet."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def found(self) -> Records:
        """Raises ProcessLookupError."""
        if self.pid not in MACHINE:
            raise ProcessLookupError
        return MACHINE[self.pid]

    @property
    def read(self) -> Records:
        """What needs rights. Raises PermissionError, ProcessLookupError."""
        if not self.found.rights:
            raise PermissionError
        return self.found


def _look() -> tuple[list[int], Callable[[int], Opened]]:
    return list(MACHINE), Opened


def _facts() -> ModuleType:
    def pid(records: Opened) -> int:
        return records.pid

    def ppid(records: Opened) -> int:
        return records.found.ppid

    def comm(records: Opened) -> str:
        return records.found.name

    def cmdline(records: Opened) -> list[str]:
        return records.read.arguments

    def exe(records: Opened) -> str:
        return records.read.arguments[0]

    def create_time(records: Opened) -> float:
        return records.found.created

    def status(records: Opened) -> str:
        return records.found.status

    def username(records: Opened) -> str:
        return records.found.user

    def num_threads(records: Opened) -> int:
        return bool(records.read) + 0

    def nice(records: Opened) -> int:
        return records.found.pid - records.pid

    def cpu_times(records: Opened) -> _Times:
        return _Times(records.read.pid, 0.5)

    def memory_info(records: Opened) -> _Memory:
        return _Memory(records.read.pid << 20, records.pid << 22)

    def has_memory(records: Opened) -> bool:
        return records.found.rights

    def cpu_seconds(records: Opened) -> float:
        return sum(cpu_times(records))

    def memory_rss(records: Opened) -> int:
        return memory_info(records).rss

    return _module(
        "facts", pid, ppid, comm, cmdline, exe, create_time, status, username, num_threads, nice,
        cpu_times, memory_info, has_memory, cpu_seconds, memory_rss,
    )  # fmt: skip


def _process(facts: ModuleType) -> ModuleType:
    from sysutils.core._errors import AccessDenied, NoSuchProcess
    from sysutils.core._process import BaseProcess, getter

    class Process(BaseProcess[Opened]):
        """What the machine tells of a process."""

        _name: str | None = None
        _memory_fields = dict.fromkeys(_Memory._fields, "memory_info")

        def _open(self) -> Opened:
            return Opened(self._pid)

        def _error(self, error: OSError) -> Exception:
            denied = isinstance(error, PermissionError)
            return (AccessDenied if denied else NoSuchProcess)(self._pid, self._name)

    for name in (
        "cmdline", "exe", "create_time", "status", "username", "num_threads", "cpu_times", "memory_info",
    ):  # fmt: skip
        setattr(Process, name, getter(getattr(facts, name)))
    Process._get_nice = getter(facts.nice)  # type: ignore[attr-defined]
    return _module(
        "process", Process, pids=lambda: list(MACHINE), pid_exists=MACHINE.__contains__,
        open_process=Opened, look=_look, start_ticks=lambda records: int(records.found.created), moment=float,
        wait_any=lambda pids, timeout=None: set(),
    )  # fmt: skip


def _net() -> ModuleType:
    from sysutils.core._ntuples import addr, sconn
    from sysutils.core._socket_tables import SocketTables

    tcp = (socket.AF_INET, socket.SOCK_STREAM)
    rows = [
        sconn(3, *tcp, addr("0.0.0.0", 22), (), "LISTEN", 1),
        sconn(4, *tcp, addr("10.0.0.1", 22), addr("10.0.0.2", 5555), "ESTABLISHED", 20),
        sconn(5, socket.AF_INET6, socket.SOCK_DGRAM, addr("::1", 53), (), "NONE", None),
    ]

    def net_connections(kind: str) -> list[sconn]:
        from sysutils.core._sockets import PROTOCOLS, protocols_of

        wanted = {PROTOCOLS[name] for name in protocols_of(kind)}
        return [row for row in rows if (row.family, row.type) in wanted]

    tables = SocketTables(net_connections, lambda pid: MACHINE[pid].name)
    return _module(
        "net", net_connections, net_sockets=tables.net_sockets, socket_owners=tables.socket_owners
    )


def modules() -> dict[str, ModuleType]:
    """The modules of the package by name, made anew: they hold classes of the library that is loaded."""
    from sysutils.core._derived import finder
    from sysutils.core._ntuples import sdiskpart, sdiskusage, sswap, suser

    facts = _facts()
    physical = _Physical(8 << 30, 6 << 30, 25.0, 2 << 30, 5 << 30)
    times = _Cpu(100.0, 50.0, 1000.0)
    return {
        "": _module("", __path__=[]),
        "facts": facts,
        "records": _module(
            "records", fact=finder("sysutils.core.minimal", ("facts",)), look=_look, open_process=Opened,
            tids=lambda pid: [pid], open_thread=lambda pid, tid: Opened(pid),
            still_there=lambda records: records.pid in MACHINE,
        ),
        "process": _process(facts),
        "host": _module(
            "host", boot_time=lambda: BOOT, uptime=lambda: UPTIME, getloadavg=lambda: (0.5, 0.25, 0.125),
            users=lambda: [suser("me", "pts/0", "example", BOOT + 5000, 20)], CLOCK_TICKS=100,
        ),
        "mem": _module(
            "mem", virtual_memory=lambda: physical,
            swap_memory=lambda: sswap(2 << 30, 1 << 30, 1 << 30, 50.0, 0, 0),
        ),
        "cpu": _module(
            "cpu", cpu_times=lambda: times, per_cpu_times=lambda: [times], cpu_ticks=lambda: times,
            per_cpu_ticks=lambda: [times], as_times=_Cpu._make, cpu_count_logical=lambda: 1,
            cpu_count_cores=lambda: 1,
        ),
        "disk": _module(
            "disk", disk_partitions=lambda all=False: [  # noqa: A006
                sdiskpart("disk0", "/", "fs", "rw")],
            disk_usage=lambda path, timeout=None: sdiskusage(100 << 20, 40 << 20, 60 << 20, 40.0),
        ),
        "net": _net(),
    }  # fmt: skip


def libraries() -> dict[str, object]:
    """None: the machine has no C libraries."""
    return {}
