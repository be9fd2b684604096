"""psutil 7.2.2's own tests, taken from its source distribution, with ``sysutils.core`` under psutil's name.

``left_out.py`` lists those that reach behind the public API, one by one, with the reason."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.labs.psutil_suite.left_out import LEFT_OUT

pytestmark = pytest.mark.lab

SUITES = ("process", "process_all", "system", "connections", "contracts", "misc", "posix", "unicode", "heap",
          "linux", "testutils")  # fmt: skip
HERE = Path(__file__).parent / "psutil_suite"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with psutil's tests and our ``beside.py`` as their conftest."""
    place = tmp_path_factory.mktemp("psutil")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        "-d",
    ]
    got = subprocess.run(
        [*command, str(place), "psutil==7.2.2"], capture_output=True, text=True, check=False
    )
    archives = list(place.glob("psutil-*.tar.gz"))
    if not archives:
        pytest.skip(f"psutil's source distribution can't be had: {got.stderr[-300:]}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(place, filter="data") if hasattr(
            tarfile, "data_filter"
        ) else archive.extractall(place)
    (unpacked,) = (path for path in place.iterdir() if path.is_dir())
    shutil.copytree(unpacked / "tests", place / "suite" / "tests")
    shutil.copy(HERE / "beside.py", place / "suite" / "conftest.py")
    return place / "suite"


@pytest.mark.parametrize("name", SUITES)
def test_psutil_tests(name: str, suite: Path) -> None:
    root = Path(__file__).parents[2]
    env = {**os.environ, "LEFT_OUT": json.dumps(LEFT_OUT), "PYTHONPATH": str(root)}
    done = _run(suite, env, f"tests/test_{name}.py")
    failed = re.findall(r"(?m)^(?:FAILED|ERROR) (\S+)", done.stdout)
    if done.returncode == 1 and 0 < len(failed) < 4:
        # they look at the whole machine twice, on which others mount, start and end things meanwhile
        done = _run(suite, env, *failed)
    assert done.returncode == 0, done.stdout[-6000:]
    assert re.search(r"\d+ passed", done.stdout)


def _run(suite: Path, env: dict[str, str], *what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "--tb=short", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *what],
        cwd=suite, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
