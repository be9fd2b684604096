"""Nothing is half there: names are documented and typed, columns explained, formats kept as golden files."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from sysutils.cli import COMMANDS
from sysutils.cli.grammar import ClassicCommand
from sysutils.cli.output.column import Column
from tests.rules.sources import ROOT, modules, name_of, tree

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux' names")

PUBLIC = sorted(name for name in core.__all__ if not name.startswith("__"))


# --- the library


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(core, name)
    if inspect.isclass(value) or inspect.isroutine(value):
        assert inspect.getdoc(value)


@pytest.mark.parametrize(
    "name", [name for name in PUBLIC if inspect.isfunction(getattr(core, name))]
)
def test_every_public_function_is_typed(name: str) -> None:
    signature = inspect.signature(getattr(core, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty


def _public(node: ast.AST) -> bool:
    name = getattr(node, "name", "_")
    return not name.startswith("_")


def _documented_nodes(body: list[ast.stmt], inside: str = "") -> list[tuple[str, ast.stmt]]:
    found: list[tuple[str, ast.stmt]] = []
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and _public(node):
            found.append((inside + node.name, node))
            if isinstance(node, ast.ClassDef):
                found += _documented_nodes(node.body, f"{inside}{node.name}.")
    return found


def _told_elsewhere(node: ast.stmt) -> bool:
    """What overrides a method of click's, and the further signatures of a function."""
    if not isinstance(node, ast.FunctionDef):
        return False
    return node.name == "show" or any(
        ast.unparse(mark) == "overload" for mark in node.decorator_list
    )


@pytest.mark.parametrize(
    "path", [path for path in modules() if path.stem != "_contract"], ids=name_of
)
def test_public_functions_and_classes_have_docstrings(path: Path) -> None:
    missing = [
        name
        for name, node in _documented_nodes(tree(path).body)
        if not ast.get_docstring(node) and not _told_elsewhere(node)  # type: ignore[arg-type]
    ]
    assert not missing


@pytest.mark.parametrize(
    "path",
    [path for path in modules() if name_of(path) != "sysutils/core/__init__.py"],
    ids=name_of,
)
def test_every_function_is_typed(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            untyped = [
                arg.arg
                for arg in arguments
                if not arg.annotation and arg.arg not in {"self", "cls"}
            ]
            assert not untyped, node.name


# --- the commands


def command_of(name: str) -> ClassicCommand:
    command: ClassicCommand = import_module(f"sysutils.cli.{name}").command
    return command


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_s_line_is_the_first_of_its_help(name: str) -> None:
    command = command_of(name)
    assert isinstance(command, ClassicCommand)
    assert (command.help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_s_file_says_which_classic_it_follows(name: str) -> None:
    text = ast.get_docstring(tree(ROOT / f"sysutils/cli/{name}.py")) or ""
    assert re.match(rf"{name}\(\d\)", text)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_has_a_line_of_help(name: str) -> None:
    for parameter in command_of(name).params:
        if parameter.param_type_name == "option" and not getattr(parameter, "hidden", False):
            assert getattr(parameter, "help", None), parameter.opts


def tables() -> list[tuple[str, tuple[Column, ...]]]:
    """Every table of columns that a module of the commands declares, by its name."""
    found = []
    for path in modules("cli"):
        if path.stem in {"__main__", "as_rich"} or "output" in path.parts:
            continue
        name = name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for key, value in vars(import_module(name)).items():
            rows: Any = tuple(value.values()) if isinstance(value, dict) else value
            if (
                isinstance(rows, (tuple, list))
                and rows
                and all(type(row) is Column for row in rows)
            ):
                found.append((f"{name}.{key}", tuple(dict.fromkeys(rows))))
    return found


TABLES = tables() if sys.platform.startswith("linux") else []


@pytest.mark.parametrize(
    "columns", [table for _, table in TABLES], ids=[name for name, _ in TABLES]
)
def test_columns_are_explained_and_named_once(columns: tuple[Column, ...]) -> None:
    for column in columns:
        assert column.help, column.name
        assert column.help.endswith((".", "…")), column.help
        assert re.fullmatch(r"%?[a-z][a-z0-9_]*", column.name), column.name
    names = [name for column in columns for name in (column.name, *column.aliases)]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("form", ["plain", "json", "jsonl", "csv", "rich"])
def test_every_command_has_a_golden_file_of_every_format(name: str, form: str) -> None:
    assert list((ROOT / "tests/golden" / name).glob(f"*.{form}.txt"))


@pytest.mark.parametrize("path", sorted((ROOT / "tests/golden").glob("*/*.json.txt")), ids=name_of)
def test_golden_json_is_json_with_the_names_of_its_csv(path: Path) -> None:
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(rows, list)
    twin = path.with_name(path.name.replace(".json.", ".csv."))
    if twin.exists() and rows:
        heading = twin.read_bytes().decode(errors="replace").splitlines()[0].split(",")
        lists = [value for value in rows[0].values() if isinstance(value, list)]
        inner = {name for some in lists for one in some if isinstance(one, dict) for name in one}
        if inner:  # a line of CSV is then one of those objects
            assert inner & set(heading)
            assert set(heading) <= inner | set(rows[0])
        else:
            assert list(rows[0]) == heading
