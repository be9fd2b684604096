"""psutil 7.2.2's own tests, taken from its source distribution, with ``sysutils.core`` under psutil's name.

``left_out.py`` lists those that reach behind the public API, one by one, with the reason."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.labs.debian import Unavailable
from tests.labs.psutil_suite import source
from tests.labs.psutil_suite.left_out import LEFT_OUT

pytestmark = pytest.mark.lab

SUITES = ("process", "process_all", "system", "connections", "contracts", "misc", "posix", "unicode", "heap",
          "linux", "testutils")  # fmt: skip


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with psutil's tests and our ``beside.py`` as their conftest."""
    try:
        return source.tests(tmp_path_factory.mktemp("psutil"))
    except Unavailable as reason:
        pytest.skip(f"psutil's source distribution can't be had: {reason}")


@pytest.mark.parametrize("name", SUITES)
def test_psutil_tests(name: str, suite: Path) -> None:
    root = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": str(root)}
    (suite / "left_out.json").write_text(json.dumps(LEFT_OUT))
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
