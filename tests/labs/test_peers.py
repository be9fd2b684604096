"""The peers' own test suites against our commands; ``docs/peers.md`` tells scores and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.labs import peers
from tests.labs.debian import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.lab

#: how many tests passed or skipped themselves, and those that may fail (the reasons: docs/peers.md)
REACHED: dict[str, tuple[int, frozenset[str]]] = {
    "procps": (54, frozenset()),
    "coreutils": (17, frozenset({"misc/usage_vs_getopt.sh"})),
    "util-linux": (3, frozenset({"kill/all_processes", "kill/print_pid"})),
    "busybox": (7, frozenset({"pidof this"})),
    "toybox": (11, frozenset()),
}


@pytest.mark.parametrize("name", REACHED)
def test_a_suite(name: str, tmp_path: Path) -> None:
    try:
        found = peers.outcomes(name, peers.ours(tmp_path / "commands"), tmp_path)
    except Unavailable as reason:
        pytest.skip(f"{name}'s suite can't be run: {reason}")
    least, known = REACHED[name]
    failed = {test for test, outcome in found.items() if outcome == peers.FAILED}
    if failed - known:  # what the classic fails in too, here and now, tells of the machine
        theirs = _of_the_classics(name, tmp_path / "classics")
        failed -= {test for test in failed - known if theirs.get(test) == peers.FAILED}
    assert failed <= known, f"{found}\n{_logs(tmp_path / name)}"
    assert len(found) - len(failed) >= least, found


def _of_the_classics(name: str, place: Path) -> peers.Outcomes:
    place.mkdir()
    try:
        return peers.outcomes(name, peers.classics(place / "commands"), place)
    except Unavailable:
        return {}


def _logs(place: Path) -> str:
    """What the suite wrote about those that failed."""
    return "\n".join(path.read_text(errors="replace")[-4000:] for path in place.rglob("*.log"))
