"""The stubs of types-psutil: what psutil's typed users see on Linux, and a program of it all."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: one signature: name, kind, default of each parameter
Signature = list[tuple[str, Any, Any]]
_KINDS = inspect.Parameter


@cache
def tree(name: str) -> list[ast.stmt]:
    """The statements of a stub that hold on Linux and this Python, branches resolved."""
    try:
        found = metadata.distribution("types-psutil")
    except metadata.PackageNotFoundError:
        skip("types-psutil is not installed")
    path = Path(str(found.locate_file(f"psutil-stubs/{name}.pyi")))
    return list(_resolved(ast.parse(path.read_text(encoding="utf-8")).body))


def _resolved(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            test = ast.unparse(node.test).replace("sys.platform", "'linux'")
            chosen = node.body if eval(test, {"sys": sys}) else node.orelse
            yield from _resolved(chosen)
        elif isinstance(node, ast.ClassDef):
            node.body = list(_resolved(node.body))
            yield node
        else:
            yield node


def classes(name: str) -> dict[str, ast.ClassDef]:
    """The classes of a stub, by name; of two the last."""
    return {node.name: node for node in tree(name) if isinstance(node, ast.ClassDef)}


def functions(body: Iterable[ast.stmt]) -> dict[str, list[ast.FunctionDef]]:
    """The functions of a stub or of a class in it, each with all its signatures."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
    return found


def public_functions() -> dict[str, list[ast.FunctionDef]]:
    """Every public function of the module."""
    found = functions(tree("__init__"))
    found["process_iter"] = functions(classes("__init__")["_ProcessIterCallable"].body)["__call__"]
    found["sensors_battery"] = functions(tree("_pslinux"))["sensors_battery"]
    return found


def methods(name: str) -> dict[str, list[ast.FunctionDef]]:
    """The methods of a class, and ``__init__`` among them."""
    stub = "__init__" if name in {"Process", "Popen"} else "_common"
    found = functions(classes(stub)[name].body)
    return {key: value for key, value in found.items() if key[0] != "_" or key == "__init__"}


def exported() -> list[str]:
    """``__all__``."""
    names: list[str] = []
    for node in tree("__init__"):
        target = getattr(node, "target", None) or (getattr(node, "targets", None) or [None])[0]
        if target is not None and ast.unparse(target) == "__all__":
            names += ast.literal_eval(node.value)  # type: ignore[attr-defined]
    return names


def signature(node: ast.FunctionDef) -> Signature:
    """Name, kind and default of each parameter, without ``self``."""
    args = node.args
    positional = [arg.arg for arg in args.args]
    defaults = [inspect.Parameter.empty] * (len(positional) - len(args.defaults))
    defaults += [ast.literal_eval(default) for default in args.defaults]
    found: Signature = [
        (name, _KINDS.POSITIONAL_OR_KEYWORD, default)
        for name, default in zip(positional, defaults, strict=True)
    ]
    for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        default = inspect.Parameter.empty if value is None else ast.literal_eval(value)
        found.append((arg.arg, _KINDS.KEYWORD_ONLY, default))
    return [row for row in found if row[0] != "self"]


def tuples() -> dict[str, dict[str, ast.expr]]:
    """The fields of each named tuple with their annotations."""
    return {
        name: {
            ast.unparse(line.target): line.annotation
            for line in node.body
            if isinstance(line, ast.AnnAssign)
        }
        for name, node in classes("_ntuples").items()
    }


# --- a program that uses every function and every field as the stubs say


#: fields and methods of which the stubs say what is not so, with what is
WRONG = {
    "suser.pid": "a number, None where not known: no str",
    "sbattery.percent": "a float, as of charge and capacity",
    "Process.status": "a str: the stub's Literal lacks what new kernels may say",
}


def program(module: str) -> str:
    """A module for type checkers: each signature called by position and by name, each answer taken apart."""
    lines = [
        "from collections.abc import Callable, Iterable",
        "from socket import AddressFamily, SocketKind",
        "from typing import Any, Literal",
        f"import {module}" + (" as psutil" if module != "psutil" else ""),
    ]
    for name, nodes in public_functions().items():
        lines += _checks(f"psutil.{name}", name, nodes)
    for name, nodes in methods("Process").items():
        if name not in {"__init__", "pid"} and f"Process.{name}" not in WRONG:
            lines += _checks(f"process.{name}", f"process_{name}", nodes)
    lines += [f"print(psutil.{name})" for name in exported()]
    return "\n".join(lines) + "\n"


def _checks(called: str, name: str, nodes: list[ast.FunctionDef]) -> Iterator[str]:
    if any("deprecated" in ast.unparse(mark) for mark in nodes[0].decorator_list):
        return
    for number, node in enumerate(nodes):
        parameters = [arg for arg in node.args.args if arg.arg != "self"]
        named = [*parameters, *node.args.kwonlyargs]
        taken = ["process: psutil.Process"] if called.startswith("process.") else []
        taken += [f"{arg.arg}: {_plain(arg.annotation)}" for arg in named]
        yield f"def _{name}_{number}({', '.join(taken)}) -> None:"
        by_name = f"{called}({', '.join(f'{arg.arg}={arg.arg}' for arg in named)})"
        if node.returns is None or ast.unparse(node.returns) == "None":
            yield f"    {by_name}"
            continue
        yield f"    answer = {by_name}"
        if parameters == named:
            yield f"    answer = {called}({', '.join(arg.arg for arg in named)})"
        yield from _apart("answer", node.returns, "    ")


def _plain(annotation: ast.expr | None) -> str:
    text = "Any" if annotation is None else ast.unparse(annotation)
    return text.replace("Incomplete", "Any").replace("Process", "psutil.Process")


def _apart(value: str, kind: ast.expr, indent: str) -> Iterator[str]:
    """Lines that take a value apart as its annotation says it can be."""
    text = ast.unparse(kind)
    inner = f"{value.replace('.', '_')}_"
    name = text.rpartition("ntp.")[2]
    if name in tuples():
        fields = tuples()[name]
        yield f"{indent}{', '.join(f'{inner}{field}_' for field in fields)} = {value}"
        for field, annotation in fields.items():
            if f"{name}.{field}" not in WRONG:
                yield from _apart(f"{value}.{field}", annotation, indent)
    elif isinstance(kind, ast.Subscript) and ast.unparse(kind.value) in {"list", "Iterator"}:
        yield f"{indent}for {inner} in {value}:"
        yield from _apart(inner, kind.slice, indent + "    ")
    elif isinstance(kind, ast.Subscript) and ast.unparse(kind.value) == "dict":
        assert isinstance(kind.slice, ast.Tuple)
        yield f"{indent}for {inner}key, {inner} in {value}.items():"
        yield from _apart(f"{inner}key", kind.slice.elts[0], indent + "    ")
        yield from _apart(inner, kind.slice.elts[1], indent + "    ")
    elif isinstance(kind, ast.BinOp) and "list" in text:
        yield f"{indent}for {inner} in {value}: print({inner})"
    elif "Context" in text:
        yield f"{indent}with {value}: pass"
    elif isinstance(kind, ast.BinOp) and ast.unparse(kind.left).rpartition("ntp.")[2] in tuples():
        yield f"{indent}if {value}:"  # one tuple, or nothing
        yield from _apart(value, kind.left, indent + "    ")
    else:
        yield f"{indent}{inner}_: {_plain(kind)} = {value}"
