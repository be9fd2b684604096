"""Facts about processes: psutil's own Windows wheel and the library, asked the same in one process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from sysutils import core
from tests.labs.on_windows.asked import BYTES, SECONDS, WINE_LACKS, alike, compare, outcome

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that sleeps, with odd arguments, a directory and an environment of its own."""
    words = [sys.executable, "-c", "import time; time.sleep(600)", "a b", 'q"q', "back\\", "é☃", ""]
    environment = {**os.environ, "Lower": "käse", "EMPTY": ""}
    started = subprocess.Popen(words, cwd="C:\\windows", env=environment)
    time.sleep(0.5)
    yield started
    started.kill()
    started.wait()


METHODS = {
    "name": 0, "exe": 0, "cmdline": 0, "cwd": 0, "environ": 0, "username": 0, "status": 0, "ppid": 0,
    "create_time": 0, "nice": 0, "ionice": 0, "cpu_affinity": 0, "io_counters": BYTES,
    "num_ctx_switches": 1e6, "num_handles": 20, "num_threads": 2, "threads": SECONDS,
    "cpu_times": SECONDS, "memory_full_info": BYTES, "memory_maps": 0, "open_files": 0,
    "net_connections": 0, "is_running": 0, "cpu_percent": 100, "memory_percent": 1,
}  # fmt: skip


@pytest.mark.parametrize("method", [*METHODS, "parent", "parents", "children"])
@pytest.mark.parametrize("whose", ["own", "child", "others", "free"])
def test_method(method: str, whose: str, child: subprocess.Popen[bytes]) -> None:
    others = [pid for pid in psutil.pids() if pid not in {os.getpid(), child.pid}]
    pids = {"own": [os.getpid()], "child": [child.pid], "others": others, "free": [999996]}[whose]
    for pid in pids:
        asked = (lambda m=m, pid=pid: getattr(m.Process(pid), method)() for m in (psutil, core))
        theirs, ours = asked
        if method in {"memory_maps", "open_files"}:
            theirs, ours = (lambda f=f: _known(f()) for f in (theirs, ours))
        if method in {"parent", "parents", "children"}:
            theirs, ours = (lambda f=f: _told(f()) for f in (theirs, ours))
        compare(method, theirs, ours, METHODS.get(method, 0))


def _known(rows: list[Any]) -> list[Any]:
    """Rows of files, in one order; psutil keeps the NUL that wine puts behind a name of its own."""
    return sorted(
        row
        for row in rows
        if not row.path.startswith("\\") and "\0" not in row.path and not row.path.endswith(".nls")
    )


def _told(answer: Any) -> Any:
    """Processes as text, without the module's name."""
    if isinstance(answer, list):
        return [_told(one) for one in answer]
    return repr(answer).replace("sysutils.core", "psutil")


def test_memory_info(child: subprocess.Popen[bytes]) -> None:
    """But for ``private``, which wine does not fill."""
    theirs, ours = psutil.Process(child.pid).memory_info(), core.Process(child.pid).memory_info()
    assert ours._fields == theirs._fields
    assert alike(tuple(theirs[:-1]), tuple(ours[:-1]), BYTES)


@pytest.mark.parametrize("memtype", ["rss", "vms", "wset", "peak_wset", "uss", "nonsense"])
def test_memory_percent(memtype: str, child: subprocess.Popen[bytes]) -> None:
    name = "memory_full_info" if memtype == "uss" else "memory_percent"
    compare(
        name,
        lambda: psutil.Process(child.pid).memory_percent(memtype),
        lambda: core.Process(child.pid).memory_percent(memtype),
        1,
    )


@pytest.mark.parametrize("grouped", [False, True])
def test_memory_maps(grouped: bool, child: subprocess.Popen[bytes]) -> None:
    ours = _known(core.Process(child.pid).memory_maps(grouped))
    assert alike(_known(psutil.Process(child.pid).memory_maps(grouped)), ours)
    assert len(ours) > 5


def test_open_files(tmp_path: Any) -> None:
    path = tmp_path / "öpen.txt"
    with path.open("w"):
        theirs, ours = psutil.Process().open_files(), core.Process().open_files()
        assert sorted(map(tuple, theirs)) == sorted(map(tuple, ours))
        assert str(path).lower() in [row.path.lower() for row in ours]
        assert {row._fields for row in ours} == {("path", "fd")}


def test_text(child: subprocess.Popen[bytes]) -> None:
    for pid in (os.getpid(), child.pid):
        assert _told(core.Process(pid)) == repr(psutil.Process(pid))


@pytest.mark.parametrize(
    "attrs", [["name", "pid", "ppid", "exe"], ["status", "username", "create_time"]]
)
def test_process_iter(attrs: list[str]) -> None:
    theirs = {process.pid: process.info for process in psutil.process_iter(attrs)}
    ours = {process.pid: process.info for process in core.process_iter(attrs)}
    assert theirs == ours
    assert list(theirs) == list(ours)


def test_as_dict(child: subprocess.Popen[bytes]) -> None:
    known = psutil.Process().as_dict.__globals__["Process"]
    assert known is psutil.Process
    names = sorted(set(METHODS) - set(WINE_LACKS) - {"is_running", "cpu_percent"})
    for name in names:
        theirs = psutil.Process(child.pid).as_dict([name])
        ours = core.Process(child.pid).as_dict([name])
        if name in {"memory_maps", "open_files"}:
            theirs[name], ours[name] = _known(theirs[name]), _known(ours[name])
        assert alike(theirs, ours, METHODS[name]), name
    first, second = (outcome(lambda m=m: m.Process().as_dict(["nope"])) for m in (psutil, core))
    assert first[0] == second[0]


def test_oneshot_and_without_agree(child: subprocess.Popen[bytes]) -> None:
    process = core.Process(child.pid)
    names = ["name", "exe", "ppid", "cmdline", "create_time", "num_threads", "username", "status"]
    plain = {name: getattr(process, name)() for name in names}
    with process.oneshot():
        assert {name: getattr(process, name)() for name in names} == plain
    del names[0], plain["name"]
    row = next(core.process_table(names, pids=[child.pid]))
    assert row._asdict() == plain
