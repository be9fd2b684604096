"""What every file of the project keeps to."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils import __version__
from sysutils.cli import COMMANDS
from tests.rules.sources import ROOT, modules, name_of, tree

if TYPE_CHECKING:
    from pathlib import Path

#: the longest a file may grow before it is taken apart
CEILING = 450
NAMELESS = {"util", "utils", "helper", "helpers", "common", "misc", "stuff", "tools", "base", "lib"}
_KINDS = (
    "*.md",
    "*.toml",
    ".*.yaml",
    "docs/**/*.md",
    "sysutils/**/*.py",
    "tests/**/*.py",
    "tests/**/*.sh",
    "benchmarks/**/*.py",
)
TEXTS = sorted(path for kind in _KINDS for path in ROOT.glob(kind))
PYTHON = [path for path in TEXTS if path.suffix == ".py"]

every_text = pytest.mark.parametrize("path", TEXTS, ids=name_of)


@every_text
def test_text_is_clean(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    assert "\t" not in text
    assert not text or (text.endswith("\n") and not text.endswith("\n\n"))
    assert not re.search(r" +$", text, re.MULTILINE)


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_no_file_grows_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= CEILING


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_every_file_is_named_for_what_it_does(path: Path) -> None:
    if name_of(path) == "sysutils/core/_common.py":
        return  # psutil's name, by which programs import from it
    words = {
        part for step in path.relative_to(ROOT).with_suffix("").parts for part in step.split("_")
    }
    assert not words & NAMELESS


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_every_file_says_what_it_is(path: Path) -> None:
    if path.stat().st_size:
        assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_functions_stay_short(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= 60, f"{node.name}: {lines} lines"


def blocks(name: str) -> dict[str, str]:
    """The shell blocks of a page that carry a name: ``<!-- name -->`` before them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^<!-- (\w+) -->\n```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def test_the_readme_s_commands_are_there_and_are_shell() -> None:
    found = blocks("README.md")
    assert set(found) >= {"try", "test"}
    for text in found.values():
        assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0
    assert "sysutils ps" in found["try"]
    assert "sysutils free" in found["try"]
    assert "sysutils netstat -kind tcp" in found["try"]


def test_the_readme_s_table_has_every_command_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(COMMANDS)


def test_the_changes_tell_of_this_version() -> None:
    assert re.search(
        rf"^## {re.escape(__version__)}\b", (ROOT / "CHANGES.md").read_text(), re.MULTILINE
    )


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".md"], ids=name_of)
def test_pages_name_files_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:sysutils|tests|docs|benchmarks|\.ci)/[\w./-]*)`", text))
    named |= set(re.findall(r"\]\(([^)#:]+)\)", text))
    named = {name for name in named if not re.search("[A-Z]{4}", name)}  # placeholders
    missing = [
        name for name in named if not (ROOT / name).exists() and not (path.parent / name).exists()
    ]
    assert not missing


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib came with Python 3.11")
def test_the_project_s_data() -> None:
    import tomllib

    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {item.split(">")[0] for item in data["project"]["dependencies"]} == {"click", "rich"}
    assert data["project"]["scripts"] == {"sysutils": "sysutils.cli.main:run"}
    assert (ROOT / "sysutils/py.typed").exists()


def test_the_ci_script_is_shell_and_runs() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
