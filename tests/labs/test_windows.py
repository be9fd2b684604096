"""The library and the commands on Windows' own CPython, under wine, with psutil's Windows wheel beside.

What wine lacks is told in ``on_windows/asked.py``. Where something can't be had the tests are skipped
and say why (see ``wine.py``, also for where it is kept)."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.labs import wine
from tools.abi import ZIG

pytestmark = pytest.mark.lab

#: the oldest that the project takes, the newest that can be had
VERSIONS = ["3.10.0", "3.13.0"]
#: options for a library that needs no other
_LIBRARY = ["-shared", "-nostdlib", "-fshort-wchar", "-fno-sanitize=undefined", "-w"]
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


def _run(windows: wine.Windows, place: Path, tests: list[str], **more: Any) -> None:
    paths = ["Z:\\lab\\src\\" + path.replace("/", "\\") for path in tests]
    options = ["-q", "-c", "NUL", "--rootdir=Z:\\lab\\src", "--noconftest", "--tb=short"]
    done = windows.run(
        "-m", "pytest", "-p", "no:cacheprovider", *options, *paths, here=place, **more
    )
    assert re.search(r"\d+ passed", done.stdout), done.stdout[-8000:]
    assert done.returncode == 0, done.stdout[-8000:]


@pytest.mark.parametrize("tests", _TESTS)
def test_on_windows(windows: wine.Windows, tests: str, tmp_path: Path) -> None:
    _run(windows, tmp_path, _TESTS[tests])


@pytest.mark.parametrize("windows", VERSIONS[-1:], indirect=True)
def test_what_wine_lacks(windows: wine.Windows, tmp_path: Path) -> None:
    """By libraries that are compiled here; psutil and the library get the same from them."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip(f"no compiler for Windows: pip install ziglang=={ZIG}")
    sources = sorted((Path(__file__).parent / "on_windows" / "faked").glob("*.c"))
    for source in sources:
        command = ["-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", *_LIBRARY]
        library = tmp_path / f"{source.stem}.dll"
        subprocess.run([sys.executable, *command, source, "-o", library], check=True)
    native = ",".join(source.stem for source in sources)
    overrides = f"mscoree=;mshtml=;winemenubuilder.exe=;{native}=n"
    _run(
        windows, tmp_path, ["tests/labs/on_windows/gaps.py"],
        libraries=sorted(tmp_path.glob("*.dll")), WINEDLLOVERRIDES=overrides,
    )  # fmt: skip
