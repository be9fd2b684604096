"""The project's own files, for the tests of its rules."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sysutils"


def modules(*below: str) -> list[Path]:
    """The Python files of the package (or of its parts), sorted."""
    places = [PACKAGE / part for part in below] or [PACKAGE]
    return sorted(path for place in places for path in place.rglob("*.py"))


def name_of(path: Path) -> str:
    """``sysutils/core/mem.py``: how a file is named in messages and in parameters of tests."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Each import of a file with the module it names: ``from a import b`` names ``a`` and ``a.b``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def at_module_level(path: Path) -> set[ast.stmt]:
    """The statements that run when the file is imported: outside functions and ``if TYPE_CHECKING``."""
    found: set[ast.stmt] = set()

    def visit(body: list[ast.stmt]) -> None:
        for node in body:
            found.add(node)
            if isinstance(node, ast.If):
                if "TYPE_CHECKING" not in ast.unparse(node.test):
                    visit(node.body)
                visit(node.orelse)
            elif isinstance(node, ast.ClassDef):
                visit(node.body)
            elif isinstance(node, ast.Try):
                visit(node.body + node.orelse + node.finalbody)
                for handler in node.handlers:
                    visit(handler.body)
            elif isinstance(node, ast.With):
                visit(node.body)

    visit(tree(path).body)
    return found
