"""Parents and children, texts of processes: beside psutil 7.2.2, with subclasses and Popen."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.support import children
from tests.support.oracle import same, same_error

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' processes"),
    pytest.mark.oracle,
]


@pytest.fixture
def family() -> Iterator[tuple[int, list[int]]]:
    """A process with three children, of whom the first and the last have children too."""
    program = (
        "import os, sys, time\n"
        "def child(below):\n"
        "    reading, writing = os.pipe(); pid = os.fork()\n"
        "    if not pid:\n"
        "        pids = [child(()) for _ in below]; os.write(writing, b'%r' % pids)\n"
        "        os.close(writing); sys.stdin.read(); os._exit(0)\n"
        "    os.close(writing); found = os.read(reading, 999).decode(); return [pid, found]\n"
        "print([child(range(n)) for n in (2, 0, 1)], flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1) as parent:
        try:
            assert parent.stdout is not None
            line = parent.stdout.readline().decode()
            yield parent.pid, [int(number) for number in re.findall(r"\d+", line)]
        finally:
            parent.communicate()


def test_children_in_psutil_s_order(family: tuple[int, list[int]]) -> None:
    parent, pids = family
    below = same(lambda api: [one.pid for one in api.Process(parent).children(recursive=True)])
    assert sorted(below) == sorted(pids)
    near = same(lambda api: [one.pid for one in api.Process(parent).children()])
    assert len(near) == 3
    same(lambda api: repr(api.Process(parent).children()), change=_bare)
    same(lambda api: repr(api.Process(pids[-1]).parents()), change=_bare)


def _bare(text: str) -> str:
    return re.sub(r"(psutil|sysutils\.core)\.", "", text)


class Needy(core.Process):
    """A subclass that can't be made of a pid."""

    def __init__(self, pid: int, *, label: str) -> None:
        super().__init__(pid)
        self.label = label


def test_relatives_of_a_subclass_are_plain(family: tuple[int, list[int]]) -> None:
    needy = Needy(family[0], label="x")
    for one in (needy.parent(), *needy.parents(), *needy.children(recursive=True)):
        assert type(one) is core.Process


def test_relatives_of_a_popen_are_plain() -> None:
    with core.Popen([sys.executable, "-c", "input()"], stdin=-1) as child:
        assert type(child.parent()) is core.Process
        assert child.parent() == core.Process()
        assert child.parents()[0] == core.Process()
        assert child.children() == []
        assert [type(one) for one in core.Process().children() if one == child] == [core.Process]
        child.communicate(b"\n")


def test_a_parent_that_came_later_is_none() -> None:
    with children.sleeper() as child:
        process = core.Process(child.pid)
        parent = process.parent()
        assert parent is not None
        process._ident = child.pid, parent._started - 1
        with pytest.raises(core.NoSuchProcess, match="PID has been reused"):
            process.parent()


def test_init_and_hidden_parents(monkeypatch: pytest.MonkeyPatch) -> None:
    assert same(lambda api: api.Process(1).parent()) is None
    monkeypatch.setattr(core.Process, "ppid", lambda self: 2**22 + 1)
    assert core.Process().parent() is None


# --- texts


def test_a_start_that_was_asked_for_is_told() -> None:
    with children.sleeper() as child:
        children.wait_state(child.pid, "S")
        assert "started" not in same(lambda api: repr(api.Process(child.pid)), change=_bare)

        def told(api: Any) -> str:
            process = api.Process(child.pid)
            process.create_time()
            return repr(process)

        text = same(told, change=_bare)
        clock = time.strftime("%H:%M:%S", time.localtime(core.Process(child.pid).create_time()))
        assert f"started='{clock}'" in text


def test_an_old_start_is_told_with_its_date() -> None:
    def told(api: Any) -> str:
        process = api.Process()
        process._create_time = 1e9
        return repr(process)

    text = same(told, change=_bare)
    assert re.search(r"started='2001-09-0\d \d\d:\d\d:\d\d'", text)


def test_a_reused_pid_is_told_without_the_other_s_name() -> None:
    def told(api: Any) -> str:
        process = api.Process()
        process._pid_reused = process._reused = True
        return repr(process)

    assert same(told, change=_bare).endswith(
        f"Process(pid={os.getpid()}, status='terminated + PID reused')"
    )


def test_a_process_that_ended_is_told_with_its_code() -> None:
    def told(api: Any) -> str:
        process = api.Popen([sys.executable, "-c", "raise SystemExit(7)"])
        process.wait()
        return re.sub(r"pid=\d+", "pid=", repr(process))

    assert _bare(same(told, change=_bare)) == "Popen(pid=, status='terminated', exitcode=7)"


@pytest.mark.parametrize("attrs", [["nope"], ("nope", "nope"), {"pid", "nope"}])
def test_names_that_are_none(attrs: Any) -> None:
    if attrs == ("nope", "nope"):
        with pytest.raises(ValueError, match="invalid attr names 'a', 'b'"):
            core.Process().as_dict(["a", "pid", "b"])
        return
    same_error(lambda api: api.Process().as_dict(attrs))
    same_error(lambda api: list(api.process_iter(attrs)))


def test_memory_percent_reads_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for name in ("memory_info", "memory_full_info"):
        real = getattr(core.Process, name)
        monkeypatch.setattr(
            core.Process, name, lambda self, n=name, r=real: (asked.append(n), r(self))[1]
        )
    process = core.Process()
    for field in ("rss", "vms", "dirty"):
        process.memory_percent(field)
    assert set(asked) <= {"memory_info"}
    with contextlib.suppress(core.AccessDenied):
        process.memory_percent("uss")
    assert asked[-1] == "memory_full_info"
    same_error(lambda api: api.Process().memory_percent("nope"))
