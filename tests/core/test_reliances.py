"""What programs rely on and is easily missed: subclasses, pids that are used again, clocks, JSON, absence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from sysutils import core
from tests.core.beside import plain
from tests.core.proc_dir import here, write
from tests.core.test_odd_systems import SYSTEM, of
from tests.support import children
from tests.support.oracle import at, oracle, same

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' processes")

CHANGES: dict[str, Callable[[core.Process], Any]] = {
    "send_signal": lambda one: one.send_signal(0),
    "suspend": lambda one: one.suspend(),
    "resume": lambda one: one.resume(),
    "terminate": lambda one: one.terminate(),
    "kill": lambda one: one.kill(),
    "nice": lambda one: one.nice(one.nice()),
    "ionice": lambda one: one.ionice(2, 4),
    "rlimit": lambda one: one.rlimit(core.RLIMIT_NOFILE, (64, 64)),
    "cpu_affinity": lambda one: one.cpu_affinity([0]),
    "children": lambda one: one.children(),
    "parent": lambda one: one.parent(),
    "parents": lambda one: one.parents(),
    "ppid": lambda one: one.ppid(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_pid_that_is_used_again_is_noticed_before(name: str) -> None:
    with children.sleeper() as child:
        process = core.Process(child.pid)
        process._ident = child.pid, 1  # as if an earlier process had been seen under this pid
        with pytest.raises(core.NoSuchProcess, match="PID has been reused") as caught:
            CHANGES[name](process)
        assert caught.value.pid == child.pid
        assert not process.is_running()
        assert core.Process(child.pid).is_running()
        with pytest.raises(core.NoSuchProcess, match="PID has been reused"):
            CHANGES[name](process)  # for good


def test_plain_getters_do_not_look_whose_pid_it_is() -> None:
    with children.sleeper() as child:
        process = core.Process(child.pid)
        process._ident = child.pid, 1
        told = (
            process.name(),
            process.cmdline(),
            process.uids(),
            process.memory_info(),
            process.nice(),
        )
        assert told[0] == core.Process(child.pid).name()


def test_the_clock_may_be_set(tmp_path: Path) -> None:
    """Who a process is does not hang on the time of day: the boot time moves, the processes stay."""
    write(tmp_path, SYSTEM | of(1, 0) | of(70, 1))
    with here(tmp_path):
        before, parent = core.Process(70), core.Process(1)
        first = [one for one in core.process_iter() if one.pid == 70]
        born = before.create_time()
        write(tmp_path, {"stat": "cpu  1 2 3 4 5 6 7 8 9 10\nbtime 9000000\n"})
        core.boot_time()
        assert core.Process(70) == before
        assert hash(core.Process(70)) == hash(before)
        assert before.is_running()
        assert before.create_time() == born
        assert core.Process(70).create_time() == born + 8000000
        assert before.parent() == parent
        assert [one.pid for one in parent.children()] == [70]
        assert [one for one in core.process_iter() if one.pid == 70][0] is first[0]  # noqa: RUF015
        core.process_iter.cache_clear()


class One(core.Process):
    """One object for each process, with attributes of its own around psutil's."""

    known: ClassVar[dict[int, One]] = {}
    early: str

    def __new__(cls, pid: int) -> One:  # noqa: PYI034  # typing has Self since 3.11
        return cls.known.setdefault(pid, super().__new__(cls))

    def __init__(self, pid: int) -> None:
        self.early = "before"
        super().__init__(pid)
        self.late = "after"

    def ppid(self) -> int:
        return os.getpid()

    def username(self) -> str:
        return "nobody at all"


def test_subclasses() -> None:
    with children.sleeper() as child:
        one = One(child.pid)
        assert One(child.pid) is one
        assert (one.early, one.late) == ("before", "after")
        assert one == core.Process(child.pid)
        assert one.is_running()
        assert one.parent() == core.Process()
        told = one.as_dict(["ppid", "username", "pid"])
        assert told == {"ppid": os.getpid(), "username": "nobody at all", "pid": child.pid}
        with one.oneshot():
            assert one.username() == "nobody at all"
        assert "early" not in one.as_dict()
        assert "One(pid=" in repr(one)


@pytest.mark.oracle
def test_what_this_kernel_lacks_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    files = of(1, 0) | of(70, 1)
    files["70/status"] = str(files["70/status"]).partition("voluntary")[0]
    (tmp_path / "70/fd").mkdir(parents=True)
    write(tmp_path, SYSTEM | files)
    for name in ("exe", "cwd"):
        os.symlink("/", tmp_path / "70" / name)
    with at(tmp_path):
        attrs = [
            name
            for name in core.Process(70).as_dict()
            if name not in {"cpu_affinity", "ionice", "nice"}
        ]
        assert "num_ctx_switches" not in attrs
        for api in (oracle(), core):
            with pytest.raises(NotImplementedError):
                api.Process(70).as_dict(["num_ctx_switches"])
        rows = [
            one.info
            for one in core.process_iter()
            if one.pid == 70
            for one.info in [one.as_dict(["name"])]
        ]
        assert rows == [{"name": "x"}]


@pytest.mark.oracle
def test_everything_is_json() -> None:
    """Tuples, enums and all: a program that dumps it gets psutil's text."""
    names = [
        "name",
        "status",
        "uids",
        "cpu_affinity",
        "net_connections",
        "threads",
        "terminal",
        "ionice",
        "ppid",
    ]
    with children.stopped() as child:
        same(lambda api: json.dumps(api.Process(child.pid).as_dict(names), sort_keys=True))
    same(lambda api: json.dumps(api.net_if_addrs()))
    same(lambda api: json.dumps(api.net_if_stats()))
    same(lambda api: json.dumps([row._asdict() for row in api.disk_partitions(all=True)]))
    json.dumps([plain(row) for row in core.net_connections("all")])


def test_only_those_gone_have_a_returncode() -> None:
    ended = core.Popen([sys.executable, "-S", "-c", ""])
    with children.sleeper() as child:
        alive = core.Process(child.pid)
        gone, left = core.wait_procs([ended, alive], timeout=0)
        while not gone:
            gone, left = core.wait_procs([ended, alive], timeout=0.05)
        assert (gone[0] is ended, left[0] is alive) == (True, True)
        assert ended.returncode == 0
        assert not hasattr(alive, "returncode")


def test_a_oneshot_is_one_object_s_own() -> None:
    one, other = core.Process(), core.Process()
    with one.oneshot():
        before, used = one.num_ctx_switches(), one.cpu_times()
        for _ in range(1000):
            os.sched_yield()
        assert (one.num_ctx_switches(), one.cpu_times()) == (before, used)
        assert other._records is None
        assert other.cpu_times() >= used


def test_every_module_loads_without_a_procfs() -> None:
    """Android forbids /proc/stat and the like; nothing is read before it is asked for."""
    program = (
        "import os, sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, args: seen.append(str(args[0])) if event == 'open' else None)\n"
        "import sysutils.core as core\n"
        "for name in core.__all__: getattr(core, name)\n"
        "core.PROCFS_PATH = '/nonexistent'\n"
        "print([name for name in seen if name.startswith(('/proc', '/sys/', \"b'/\"))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
