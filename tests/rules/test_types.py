"""Programs typed against psutil's stubs are typed against us; at run time signatures are the stubs'."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.rules import stubs
from tests.rules.sources import ROOT
from tests.support.strict import skip

if TYPE_CHECKING:
    import ast

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="compares Linux' types"),
    pytest.mark.oracle,
]
PROGRAMS = Path(__file__).with_name("typed_programs")


def mypy(module: str, directory: Path) -> str:
    """What mypy --strict says of all programs, with ``module`` in psutil's place."""
    if importlib.util.find_spec("mypy") is None:
        skip("mypy is not installed")
    stubs.tree("__init__")
    for path in PROGRAMS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if module != "psutil":
            text = re.sub(r"(?m)^import psutil$", f"import {module} as psutil", text)
            text = re.sub(r"(?m)^from psutil import", f"from {module} import", text)
        (directory / path.name).write_text(text, encoding="utf-8")
    (directory / "everything.py").write_text(stubs.program(module), encoding="utf-8")
    (directory / "mypy.ini").write_text("[mypy]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--platform", "linux", "--config-file", "mypy.ini",
         "--cache-dir", "cache", "."],
        cwd=directory,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("module", ["psutil", "sysutils.core"])
def test_typed_programs_are_accepted(module: str, tmp_path: Path) -> None:
    assert mypy(module, tmp_path).startswith("Success")


def test_a_program_that_is_wrong_is_not_accepted(tmp_path: Path) -> None:
    """Were the modules not found, their names would be of any type."""
    wrong = (
        "import psutil\nanswer: str = psutil.virtual_memory().total\npsutil.Process().nonsense()\n"
    )
    for module, told in (("psutil", "stubs"), ("sysutils.core", "ours")):
        (tmp_path / told).mkdir()
        text = wrong.replace("import psutil", f"import {module} as psutil")
        (tmp_path / told / "wrong.py").write_text(text, encoding="utf-8")
        said = mypy(module, tmp_path / told)
        assert said.count("error:") == 2, said


# --- at run time

#: what differs, and why
OTHERWISE = {
    "Popen.__init__": "takes whatever subprocess.Popen of the running Python takes",
}


def _of_ours(function: Any) -> stubs.Signature:
    """Name, kind and default of each parameter; ours beyond psutil's come by name alone."""
    parameters = inspect.signature(function).parameters.values()
    return [
        (one.name, one.kind, one.default)
        for one in parameters
        if one.name != "self" and one.kind is not inspect.Parameter.KEYWORD_ONLY
    ]


def _first(nodes: list[ast.FunctionDef]) -> stubs.Signature:
    """Of several signatures the first has every parameter with its default."""
    return stubs.signature(nodes[0])


def _functions() -> list[str]:
    return sorted(stubs.public_functions()) if _there() else []


def _methods() -> list[str]:
    names = ("Process", "Popen", "NoSuchProcess", "ZombieProcess", "AccessDenied", "TimeoutExpired")
    found = [f"{name}.{method}" for name in names for method in stubs.methods(name)]
    return sorted(found)


def _there() -> bool:
    try:
        stubs.tree("__init__")
    except BaseException:
        return False
    return True


@pytest.mark.parametrize("name", _functions())
def test_functions_have_the_stubs_signatures(name: str) -> None:
    nodes = stubs.public_functions()[name]
    assert _of_ours(getattr(core, name)) == _first(nodes)
    for node in nodes[1:]:
        assert {row[0] for row in stubs.signature(node)} <= {row[0] for row in _first(nodes)}


@pytest.mark.parametrize("name", _methods() if _there() else [])
def test_methods_have_the_stubs_signatures(name: str) -> None:
    kind, _, method = name.partition(".")
    ours = getattr(core, kind).__dict__.get(method, getattr(getattr(core, kind), method, None))
    nodes = stubs.methods(kind)[method]
    if name in OTHERWISE:
        assert _of_ours(ours) != _first(nodes)
    elif isinstance(ours, property):
        assert _first(nodes) == []
    else:
        assert _of_ours(ours) == _first(nodes)


def test_the_stubs_names_are_all_there() -> None:
    for name in stubs.exported():
        assert hasattr(core, name), name


@pytest.mark.parametrize("name", sorted(stubs.tuples()) if _there() else [])
def test_tuples_have_the_stubs_fields(name: str) -> None:
    assert getattr(core._common, name)._fields == tuple(stubs.tuples()[name])
