"""What wine lacks, told by libraries of the test's own to psutil and the library alike (``faked``)."""

from __future__ import annotations

import time

import psutil

from sysutils import core
from tests.labs.on_windows.asked import alike


def test_swap_memory() -> None:
    theirs, ours = psutil.swap_memory(), core.swap_memory()
    assert alike(theirs, ours)
    assert ours.percent == 12.5


def test_users() -> None:
    theirs, ours = psutil.users(), core.users()
    assert alike(theirs, ours)
    assert [(user.name, user.host) for user in ours] == [("alice", None), ("böb", "10.0.0.9")]


def test_getloadavg() -> None:
    assert core.getloadavg() == psutil.getloadavg() == (0.0, 0.0, 0.0)
    time.sleep(7)
    one, five, fifteen = core.getloadavg()
    assert 1 <= one <= 2 > five > fifteen > 0
