"""The import contracts of pyproject.toml: each is broken once, in a copy, and import-linter sees it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("importlinter") is None,
    reason="import-linter is not installed (extra: dev)",
)

#: contract -> file and the import that must not stand there
PLANTED = {
    "commands above core": ("core/mem.py", "import sysutils.cli.options"),
    "inside core": ("core/_convert.py", "import sysutils.core.linux.procfs"),
    "core by its front door only": ("cli/uptime.py", "from sysutils.core.linux import host"),
    "core never prints": ("core/host.py", "from rich import print"),
    "inside cli": ("cli/uptime.py", "from sysutils.cli import free"),
    "output is a library of its own": ("cli/output/column.py", "import click"),
    "no cycles": ("core/posix/users.py", "from sysutils.core.posix import utmp"),
}
#: what makes the second import of a cycle
BACK = {"no cycles": ("core/posix/utmp.py", "from sysutils.core.posix import users")}

_RUN = "from importlinter.cli import lint_imports_command as run; run()"


def lint(directory: Path) -> tuple[int, dict[str, str]]:
    """import-linter's exit status, and what it says of each contract."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "--no-cache"],
        cwd=directory, env={"PYTHONPATH": str(directory), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    verdicts = dict(re.findall(r"^(\S.*) (KEPT|BROKEN)", done.stdout, re.MULTILINE))
    assert verdicts, done.stdout + done.stderr
    return done.returncode, verdicts


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its configuration, to be spoilt."""
    directory = tmp_path_factory.mktemp("layers")
    shutil.copytree(
        ROOT / "sysutils", directory / "sysutils", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", directory)
    return directory


def test_every_contract_is_kept_and_has_its_test(copy: Path) -> None:
    status, verdicts = lint(copy)
    assert (status, set(verdicts.values())) == (0, {"KEPT"}), verdicts
    assert set(verdicts) == set(PLANTED)


@pytest.mark.parametrize("contract", PLANTED)
def test_a_broken_contract_is_seen(contract: str, copy: Path) -> None:
    spoilt = []
    try:
        for name, statement in filter(None, (PLANTED[contract], BACK.get(contract))):
            path = copy / "sysutils" / name
            spoilt.append((path, path.read_text()))
            path.write_text(f"{spoilt[-1][1]}\n{statement}\n")
        status, verdicts = lint(copy)
    finally:
        for path, text in spoilt:
            path.write_text(text)
    assert status != 0
    assert verdicts[contract] == "BROKEN"


@pytest.mark.parametrize(("package", "contract"), [("core", "inside core"), ("cli", "inside cli")])
def test_a_new_module_must_be_given_its_layer(package: str, contract: str, copy: Path) -> None:
    fresh = copy / "sysutils" / package / "fresh.py"
    fresh.write_text('"""New."""\n')
    try:
        status, verdicts = lint(copy)
    finally:
        fresh.unlink()
    assert status != 0
    assert verdicts[contract] == "BROKEN"
