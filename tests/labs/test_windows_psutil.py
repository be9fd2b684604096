"""psutil 7.2.2's own tests on Windows' own CPython under wine: what psutil's wheel passes there, the library
passes too. ``psutil_suite/left_out.py`` lists those that reach behind the public API, with the reason."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.labs import wine
from tests.labs.psutil_suite import source
from tests.labs.psutil_suite.left_out import LEFT_OUT, LEFT_OUT_ON_WINDOWS

if TYPE_CHECKING:
    from pathlib import Path

WIDE = bool(os.environ.get("SYSUTILS_LAB_WIDE"))
pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(not WIDE, reason="many minutes under wine: with SYSUTILS_LAB_WIDE=1"),
]

VERSIONS = sorted(wine.CHECKSUMS) if WIDE else ["3.13.0"]
SUITES = [
    "system",
    "connections",
    "contracts",
    "misc",
    "unicode",
    "process_all",
    "process",
    "windows",
]
_LONGEST = 300  # seconds of one file
#: os.getppid() ends the process: wine 10 has no PssCaptureSnapshot, which CPython 3.12 and newer call
WORDS = ["-p", "no:cacheprovider", "-v", "-c", "NUL", "--rootdir=.", "--tb=short", "-k", "not ppid"]
_TOLD = re.compile(r"(?m)^tests/(test_\S+::\S+)(?:\[.*?\])? (PASSED|FAILED|ERROR|SKIPPED)")


@pytest.fixture(params=VERSIONS)
def windows(request: pytest.FixtureRequest) -> wine.Windows:
    try:
        return wine.Windows(request.param)
    except wine.Unavailable as reason:
        pytest.skip(f"Windows' Python {request.param} can't be had: {reason}")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    try:
        return source.tests(tmp_path)
    except wine.Unavailable as reason:
        pytest.skip(f"psutil's source distribution can't be had: {reason}")


def _outcomes(
    windows: wine.Windows, suite: Path, subject: str, *what: str
) -> tuple[dict[str, str], str]:
    """What became of each test, up to one that hangs (as under wine one does now and then); what was told."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        windows.run("-m", "pytest", *WORDS, *what, here=suite, timeout=_LONGEST, SUBJECT=subject)
    told = (suite / "output.txt").read_text(encoding="utf-8", errors="replace").replace("\r", "")
    found: dict[str, str] = {}
    for name, outcome in _TOLD.findall(told):
        found[name] = outcome if found.get(name, outcome) == outcome else "FAILED"
    return found, told


@pytest.mark.parametrize("name", SUITES)
def test_what_psutil_passes(name: str, windows: wine.Windows, suite: Path) -> None:
    left_out = LEFT_OUT | LEFT_OUT_ON_WINDOWS
    (suite / "left_out.json").write_text(json.dumps(left_out))
    file = f"tests/test_{name}.py"
    theirs, log = _outcomes(windows, suite, "psutil", file)
    passed = {test for test, told in theirs.items() if told == "PASSED"}
    assert passed, log[-6000:]
    ours, log = _outcomes(windows, suite, "sysutils", file)
    lacking = sorted(test for test in passed if ours.get(test) != "PASSED")
    if (
        lacking
    ):  # some look at the whole machine twice, on which others start and end things meanwhile
        again, log = _outcomes(windows, suite, "sysutils", *(f"tests/{test}" for test in lacking))
        lacking = [test for test in lacking if again.get(test) != "PASSED"]
    assert not lacking, log[-12000:]
