"""The library and the commands on Windows' own CPython, under wine, with psutil's Windows wheel beside.

What wine lacks is told in ``on_windows/asked.py``. Where something can't be had the tests are skipped
and say why (see ``wine.py``, also for where it is kept)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.labs import wine

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.lab

#: the oldest that the project takes, the newest that can be had
VERSIONS = ["3.10.0", "3.13.0"]
_TESTS = {
    "psutil beside ours": [
        f"tests/labs/on_windows/{name}.py" for name in ("functions", "processes", "actions")
    ],
    "commands": ["tests/labs/on_windows/commands.py"],
    "arithmetic": ["tests/core/windows/test_arithmetic.py", "tests/core/test_errors.py"],
}


@pytest.fixture(params=VERSIONS)
def windows(request: pytest.FixtureRequest) -> wine.Windows:
    try:
        return wine.Windows(request.param)
    except wine.Unavailable as reason:
        pytest.skip(f"Windows' Python {request.param} can't be had: {reason}")


@pytest.mark.parametrize("tests", _TESTS)
def test_on_windows(windows: wine.Windows, tests: str, tmp_path: Path) -> None:
    paths = ["Z:\\lab\\src\\" + path.replace("/", "\\") for path in _TESTS[tests]]
    options = ["-q", "-c", "NUL", "--rootdir=Z:\\lab\\src", "--noconftest", "--tb=short"]
    done = windows.run("-m", "pytest", "-p", "no:cacheprovider", *options, *paths, here=tmp_path)
    assert re.search(r"\d+ passed", done.stdout), done.stdout[-8000:]
    assert done.returncode == 0, done.stdout[-8000:]
