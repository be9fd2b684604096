"""The suite on other Pythons: the oldest that the project takes, the newest that can be had, PyPy.

With ``SYSUTILS_LAB_WIDE=1`` on those between them too, and all of the tests on each. Where an interpreter
can't be had the test is skipped and says why (see ``pythons.py``, also for where they are kept)."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.labs import pythons

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parents[2]
_LONGEST = 1800  # seconds, on the busiest machine
WIDE = bool(os.environ.get("SYSUTILS_LAB_WIDE"))
TELLING = ["python3.10", "forky:newest", "forky:pypy3"]
BETWEEN = ["python3.11", "python3.12", "trixie:python3.13", "forky:python3.14", "trixie:pypy3"]
#: what PyPy, which starts slowly, takes most of its time for: parsers, that don't depend on it
SLOW_ON_PYPY = (
    "core/test_opens.py", "core/test_disk.py", "core/test_cpu.py", "core/test_counters.py",
    "core/test_mem.py", "core/linux/test_protocols.py", "core/linux/test_routes.py",
)  # fmt: skip
#: stand-in C libraries are made of CPython's ctypes: PyPy's structures give no buffer, and its callbacks
#: keep no error number; so other systems' packages are tested on CPython alone
STAND_INS = tuple(
    f"core/{name}"
    for name in ("windows", "darwin", "bsd", "freebsd", "openbsd", "netbsd", "sunos", "aix")
)


def _requirements() -> list[str]:
    """What pyproject.toml says the package and its tests need."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"(?ms)^(?:dependencies|test) = (\[.*?\])$", text)
    assert len(lists) == 2, "pyproject.toml is written otherwise"
    return [requirement for found in lists for requirement in re.findall(r'"([^"]+)"', found)]


def _tests(wanted: str) -> list[str]:
    if WIDE:
        return ["tests/core", "tests/rules", "tests/cli"]
    if wanted.endswith("pypy3"):
        return ["tests/core", *(f"--ignore=tests/{name}" for name in SLOW_ON_PYPY + STAND_INS)]
    return ["tests/core", "tests/rules"]


def _run(python: Path, keep: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.run(
        [python, "-m", "pytest", "-q", "-rfE", "--tb=short", "-o", f"cache_dir={keep}", *arguments],
        cwd=ROOT, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False,
        timeout=_LONGEST, env={**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


@pytest.mark.parametrize("wanted", TELLING + BETWEEN if WIDE else TELLING)
def test_the_suite(wanted: str, tmp_path: Path) -> None:
    try:
        python = pythons.environment(wanted, _requirements())
    except pythons.Unavailable as reason:
        pytest.skip(f"{wanted} can't be had: {reason}")
    done = _run(python, tmp_path, *_tests(wanted))
    assert re.search(r"\d+ passed", done.stdout), done.stdout[-8000:] + done.stderr[-2000:]
    if (
        done.returncode == 1
    ):  # two suites at once strain a machine; what a Python differs in fails again
        done = _run(
            python, tmp_path, "--last-failed", "--last-failed-no-failures=none", *_tests(wanted)
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
