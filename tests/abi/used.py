"""Which functions of C libraries a package binds: the constant names in calls of ``_native.function``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tools.abi import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


def bound(*packages: str) -> Iterator[tuple[str, str]]:
    """(library, symbol) of each function bound by the modules of packages below ``sysutils/core``."""
    for package in packages:
        for path in sorted((ROOT / "sysutils/core" / package).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _called(node.func) in {"function", "declare"}:
                    words = [word.value for word in node.args[:2] if isinstance(word, ast.Constant)]
                    if len(words) == 2:
                        yield words[0], words[1]


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
