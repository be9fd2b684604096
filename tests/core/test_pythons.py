"""What PyPy and other builds of Python lack is made up for: the same answers without it."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils import core
from sysutils.core import _platform
from sysutils.core.linux import heap, scheduling
from sysutils.core.posix import limits, wait

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_child_that_has_ended_is_seen_without_pidfd_open_and_waitid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    monkeypatch.delattr(os, "waitid", raising=False)
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as ended,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1, stderr=-1) as alive,
    ):
        assert wait.wait_any([ended.pid, alive.pid], 60) == {ended.pid}
        assert wait.wait_any([alive.pid], 0) == set()
        assert ended.wait() == 0  # it was looked at, not collected
        assert wait.wait_any([os.getppid()], 0) == set()  # no child of ours
        alive.kill()
        alive.communicate()


def test_every_limit_of_linux_has_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """resource(3) of PyPy names the limits of POSIX."""
    numbers = {name: int(limit) for name, limit in core.ProcessRlimit.__members__.items()}
    monkeypatch.setattr(limits, "_kind", None)
    for name in ("MSGQUEUE", "NICE", "RTPRIO", "RTTIME", "SIGPENDING"):
        monkeypatch.delattr(resource, f"RLIMIT_{name}", raising=False)
    without = {name: int(limit) for name, limit in limits.process_rlimit().__members__.items()}
    assert without == numbers
    assert numbers["RLIMIT_SIGPENDING"] == 11
    assert numbers["RLIMIT_LOCKS"] == 10


@pytest.mark.parametrize(
    "refuse", [resource.prlimit, lambda *_: ValueError("invalid resource specified")]
)
def test_a_limit_that_is_none_is_refused(
    refuse: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyPy's prlimit gives back the error that it should raise."""
    monkeypatch.setattr(resource, "prlimit", refuse)
    with pytest.raises(ValueError, match="invalid resource specified"):
        core.Process().rlimit(99)


def test_calls_without_pydll(monkeypatch: pytest.MonkeyPatch) -> None:
    before = core.Process().ionice()
    monkeypatch.delattr(ctypes, "PyDLL", raising=False)
    monkeypatch.setattr(heap, "_ask", None)
    scheduling._calls.cache_clear()
    assert core.Process().ionice() == before
    if _platform.has_glibc():
        assert core.heap_info().heap_used > 0
    scheduling._calls.cache_clear()
