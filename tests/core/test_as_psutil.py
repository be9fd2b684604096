"""Every function asked of psutil 7.2.2 too: type names, fields, order, values, errors.

A public name without a line here fails the last test."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.core import test_process_as_psutil
from tests.core.beside import busy_process, outcome, plain, zombie_process  # noqa: F401  # fixtures
from tests.core.proc_dir import write
from tests.support.oracle import at, bracket, oracle, same

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' answers"),
    pytest.mark.oracle,
]


EXACT = {
    "boot_time": [()],
    "cpu_count": [(), (True,), (False,)],
    "disk_partitions": [(), (True,)],
    "getloadavg": [()],
    "heap_trim": [()],
    "net_if_addrs": [()],
    "net_if_stats": [()],
    "pid_exists": [(os.getpid(),), (1,), (0,), (-1,), (2**22 + 1,), ("1",)],
    "sensors_battery": [()],
    "sensors_fans": [()],
    "sensors_temperatures": [(), (True,)],
    "users": [()],
    "disk_usage": [("/nonexistent",), (3.5,), ("",)],
    "net_connections": [("nope",), (None,)],
    "cpu_percent": [(-1,)],
    "cpu_times_percent": [(-1,)],
    "wait_procs": [([], -1), ([], None, 5), ([],)],
    "process_iter": [],
    "pids": [],
}
#: what moves: keyword arguments of ``bracket`` (``floor``: what it may be off)
MIB = 1 << 20
MOVING: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "cpu_freq": [((), {"floor": 1e5}), ((True,), {"floor": 1e5})],
    "cpu_stats": [((), {})],
    "cpu_times": [((), {"floor": 0.02}), ((True,), {"floor": 0.02})],
    "disk_io_counters": [((), {}), ((True,), {}), ((False, False), {}), ((True, False), {})],
    "disk_usage": [(("/",), {"floor": 64 * MIB}), ((tempfile.gettempdir(),), {"floor": 64 * MIB})],
    "heap_info": [((), {"floor": 8 * MIB})],
    "net_io_counters": [((), {}), ((True,), {}), ((False, False), {}), ((True, False), {})],
    "swap_memory": [((), {"floor": MIB})],
    "virtual_memory": [((), {"floor": 256 * MIB})],
}


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, one) for name, every in EXACT.items() for one in every]
)
def test_functions(name: str, arguments: tuple[Any, ...]) -> None:
    if name == "boot_time":
        core.boot_time()
    same(outcome(lambda api: getattr(api, name)(*arguments)))


@pytest.mark.parametrize(
    ("name", "arguments", "slack"),
    [(name, *one) for name, every in MOVING.items() for one in every],
)
def test_functions_that_move(name: str, arguments: tuple[Any, ...], slack: dict[str, Any]) -> None:
    if not hasattr(core, name):
        assert not hasattr(oracle(), name)
        return
    bracket(lambda api: getattr(api, name)(*arguments), **slack)


FIRST = """cpu  100 20 30 400 50 6 7 8 9 1
cpu0 50 10 15 200 25 3 4 4 5 1
cpu1 50 10 15 200 25 3 3 4 4 0
btime 5
"""
SECOND = """cpu  190 25 50 480 70 6 9 8 19 1
cpu0 90 12 25 240 35 3 5 4 10 1
cpu1 100 13 25 240 35 3 4 4 9 0
btime 5
"""


@pytest.mark.parametrize("percpu", [False, True])
@pytest.mark.parametrize("name", ["cpu_percent", "cpu_times_percent"])
def test_percentages(name: str, percpu: bool, tmp_path: Path) -> None:
    def call(api: Any) -> Any:
        for text in (FIRST, SECOND):
            write(tmp_path, {"stat": text})
            answer = getattr(api, name)(percpu=percpu)
        return answer

    write(tmp_path, {"stat": FIRST})
    with at(tmp_path):
        assert same(call)


def test_pids() -> None:
    psutil = oracle()
    before, ours, after = psutil.pids(), core.pids(), psutil.pids()
    assert set(before) & set(after) <= set(ours) <= set(range(2**22))
    assert ours == sorted(ours)
    assert type(ours) is list
    assert {type(one) for one in ours} == {int}


KINDS = ["all", "inet", "inet4", "inet6", "tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", "unix"]


@pytest.mark.parametrize("kind", KINDS)
def test_sockets(kind: str, busy: int) -> None:
    rows = same(
        lambda api: plain([row for row in api.net_connections(kind) if row.pid == busy]),
        change=lambda rows: sorted(rows, key=repr),
    )
    assert rows
    same(
        lambda api: plain(api.Process(busy).net_connections(kind)),
        change=lambda rows: sorted(rows, key=repr),
    )


@pytest.mark.parametrize("value", [None, "-"])
def test_process_iter(value: Any, busy: int, zombie: int) -> None:
    names = ["pid", "name", "cmdline", "status", "ppid", "uids", "open_files", "num_threads"]

    def call(api: Any) -> Any:
        rows = [one for one in api.process_iter(names, value) if one.pid in {busy, zombie}]
        return [(one.pid, {name: plain(one.info[name]) for name in names}) for one in rows]

    assert [pid for pid, _ in same(call)] == sorted([busy, zombie])


def test_wait_procs() -> None:
    def call(api: Any) -> Any:
        programs = ["raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)", "input()"]
        every = [
            api.Popen([sys.executable, "-S", "-c", program], stdin=subprocess.PIPE)
            for program in programs
        ]
        seen: list[Any] = []
        gone, alive = api.wait_procs(every[:2], timeout=60, callback=seen.append)
        assert seen == gone
        for one in gone:
            one.stdin.close()
        more, left = api.wait_procs(every, timeout=0)
        assert left == every[2:]
        every[2].communicate(b"\n")
        assert every[2].wait() == 0
        codes = {every.index(one): one.returncode for one in gone}
        return [codes[0], codes[1], alive, len(more)]

    assert same(call) == [3, -9, [], 2]


#: where names are compared that are no functions: constants in test_enums, errors in test_errors
CONSTANTS = re.compile(r"[A-Z_]+[A-Z0-9_]*$|version_info$|__version__$")
ERRORS = {"Error", "NoSuchProcess", "ZombieProcess", "AccessDenied", "TimeoutExpired"}
OWN_TESTS = {
    "cpu_percent",
    "cpu_times_percent",
    "pids",
    "net_connections",
    "process_iter",
    "wait_procs",
}


@pytest.mark.parametrize("name", [name for name in core.__all__ if CONSTANTS.match(name)])
def test_constants(name: str) -> None:
    if name == "RLIM_INFINITY" and oracle().RLIM_INFINITY != resource.RLIM_INFINITY:
        pytest.skip("since Python 3.15 psutil's isn't the number that limits come with")
    same(lambda api: plain(getattr(api, name)))


def test_every_public_name_is_compared() -> None:
    words = {word for name in test_process_as_psutil.ACTIONS for word in name.split()}
    compared = {name for name, every in EXACT.items() if every} | set(MOVING) | OWN_TESTS | words
    for name in oracle().__all__:
        assert CONSTANTS.match(name) or name in ERRORS | compared, name
    assert {f"test_{'sockets' if name == 'net_connections' else name}" for name in OWN_TESTS} <= {
        *globals(), "test_cpu_percent", "test_cpu_times_percent",
    }  # fmt: skip
