"""psutil 7.2.2 asked the same question as ``sysutils.core``.

    same(lambda api: api.Process(pid).name())                 equal answers
    bracket(lambda api: api.cpu_times())                      ours between two of psutil's
    same_error(lambda api: api.Process(2**22).name())         the same exception in every respect
    with at(tree("crowd")): same(lambda api: api.pids())      both on a recorded machine

``api`` is one module, then the other. Without psutil 7.2.2 the test is skipped, or fails in strict
mode (see ``strict``).
"""

from __future__ import annotations

import contextlib
import enum
import functools
import importlib
import pickle
import re
import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VERSION = "7.2.2"
#: how often a question is asked again while psutil's own answer changes from one moment to the next
ATTEMPTS = 20


@functools.cache
def _import_psutil() -> Any:
    try:
        return importlib.import_module("psutil")
    except ImportError:
        return None


def oracle() -> Any:
    """The module psutil, if it is the right one."""
    psutil = _import_psutil()
    if psutil is None:
        skip("psutil is not installed")
    if psutil.__version__ != VERSION:
        skip(f"psutil {psutil.__version__} is installed, {VERSION} is the oracle")
    return psutil


def ours() -> Any:
    """The module sysutils.core."""
    return importlib.import_module("sysutils.core")


# --- equal answers


def unlike(expected: Any, actual: Any, where: str = "answer") -> str:
    """How two answers differ in type name, fields or value; empty if they don't.

    Objects of the two packages' own classes count as equal if their class names, ``repr`` (without
    the package) and, for enums, values are.
    """
    if type(expected).__name__ != type(actual).__name__:
        return f"{where}: type {type(expected).__name__}, ours {type(actual).__name__} {actual!r}"
    fields = getattr(expected, "_fields", None)
    if fields != getattr(actual, "_fields", None):
        return f"{where}: fields {fields}, ours {actual._fields}"
    if isinstance(expected, enum.Enum):
        fine = expected.name == actual.name and expected.value == actual.value
        return "" if fine else f"{where}: {expected!r}, ours {actual!r}"
    if isinstance(expected, dict):
        return _unlike_dicts(expected, actual, where)
    if isinstance(expected, (list, tuple)):
        return _unlike_rows(expected, actual, where)
    if expected == actual:
        return ""
    if _is_own(expected) and _bare(repr(expected)) == _bare(repr(actual)):
        return ""
    return f"{where}: {expected!r}, ours {actual!r}"


def _unlike_dicts(expected: dict[Any, Any], actual: dict[Any, Any], where: str) -> str:
    if list(expected) != list(actual):
        return f"{where}: keys {list(expected)}, ours {list(actual)}"
    found = (unlike(value, actual[key], f"{where}[{key!r}]") for key, value in expected.items())
    return next(filter(None, found), "")


def _unlike_rows(expected: Any, actual: Any, where: str) -> str:
    if len(expected) != len(actual):
        return f"{where}: {len(expected)} items {expected!r}, ours {len(actual)} {actual!r}"
    names = getattr(expected, "_fields", None)
    for number, pair in enumerate(zip(expected, actual, strict=True)):
        wrong = unlike(*pair, f"{where}.{names[number]}" if names else f"{where}[{number}]")
        if wrong:
            return wrong
    return ""


def _is_own(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "psutil"


def _bare(text: str) -> str:
    """Text without the package's name, by which alone the two may differ."""
    return re.sub(r"\b(psutil|sysutils\.core)(\.[a-z_]+)*\.", "", text)


def same(call: Callable[[Any], Any], change: Callable[[Any], Any] | None = None) -> Any:
    """Asserts that both give equal answers; returns ours.

    ``change`` is applied to both first (``sorted``, for an order that means nothing). psutil is
    asked before and after; while it contradicts itself, all three are asked again.
    """
    prepare = change or (lambda answer: answer)
    psutil, core = oracle(), ours()
    for _ in range(ATTEMPTS):
        before = prepare(call(psutil))
        answer = call(core)
        wrong = unlike(before, prepare(answer))
        if not wrong:
            return answer
        if not unlike(before, prepare(call(psutil))):
            break
    pytest.fail(f"psutil {wrong}", pytrace=False)


# --- moving counters


def tolerance(value: float, rel: float, floor: float) -> float:
    """What an answer may be off: a share of it, but no less than ``floor``."""
    return max(abs(value) * rel, floor)


def bracket(
    call: Callable[[Any], Any],
    *,
    rel: float = 0.0,
    floor: float = 0.0,
    ignore: tuple[str, ...] = (),
) -> Any:
    """Asserts that every number of ours lies between psutil's before and after; returns ours.

    ``rel`` and ``floor`` widen the bracket (see ``tolerance``). What is no number must equal one of
    the two. ``ignore``: fields that are not compared. Answers: numbers, (lists, dicts of) tuples.
    """
    psutil, core = oracle(), ours()
    before, answer, after = call(psutil), call(core), call(psutil)
    wrong = outside(
        before, answer, after, functools.partial(tolerance, rel=rel, floor=floor), ignore
    )
    if wrong:
        pytest.fail(wrong, pytrace=False)
    return answer


def outside(
    before: Any,
    actual: Any,
    after: Any,
    slack: Callable[[float], float],
    ignore: tuple[str, ...],
    where: str = "answer",
) -> str:
    if type(before).__name__ != type(actual).__name__:
        return f"{where}: psutil's type is {type(before).__name__}, ours {type(actual).__name__}"
    if isinstance(before, dict):
        if list(before) != list(actual):
            return f"{where}: psutil's keys {list(before)}, ours {list(actual)}"
        parts = [(f"[{key!r}]", before[key], actual[key], after[key]) for key in before]
    elif isinstance(before, (list, tuple)):
        names = getattr(before, "_fields", None)
        if names != getattr(actual, "_fields", None) or len(before) != len(actual):
            return f"{where}: psutil {before!r}, ours {actual!r}"
        keys = [f".{name}" for name in names] if names else [f"[{i}]" for i in range(len(before))]
        parts = list(zip(keys, before, actual, after, strict=True))
    elif isinstance(before, (int, float)) and not isinstance(before, bool):
        low, high = min(before, after), max(before, after)
        if low - slack(low) <= actual <= high + slack(high):
            return ""
        return f"{where}: ours {actual} is outside psutil's {low} to {high} (±{slack(high):g})"
    else:
        fine = not unlike(before, actual) or not unlike(after, actual)
        return "" if fine else f"{where}: psutil {before!r}, then {after!r}, ours {actual!r}"
    found = (
        outside(one, mine, two, slack, ignore, where + key)
        for key, one, mine, two in parts
        if key.strip(".") not in ignore
    )
    return next(filter(None, found), "")


# --- errors


def error_of(call: Callable[[Any], Any], api: Any) -> BaseException:
    """The exception that a call raises; fails if it raises none."""
    try:
        answer = call(api)
    except Exception as error:
        return error
    pytest.fail(f"{api.__name__} raised nothing but answered {answer!r}", pytrace=False)


def portrait(error: BaseException) -> dict[str, Any]:
    """What a program can see of an exception: classes, attributes, texts, what survives pickling."""
    seen: dict[str, Any] = {
        "class": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__],
        "args": error.args,
        "str": _bare(str(error)),
        "repr": _bare(repr(error)),
    }
    for name in ("pid", "ppid", "name", "msg", "seconds", "errno", "strerror", "filename"):
        seen[name] = getattr(error, name, "(no such attribute)")
    try:
        copy = pickle.loads(pickle.dumps(error))
    except Exception as failure:
        seen["pickle"] = type(failure).__name__
    else:
        seen["pickle"] = (type(copy) is type(error), _bare(repr(copy)), _bare(str(copy)))
    return seen


def same_error(call: Callable[[Any], Any]) -> BaseException:
    """Asserts that both raise the same error in every respect; returns ours."""
    expected, actual = error_of(call, oracle()), error_of(call, ours())
    wrong = unlike(portrait(expected), portrait(actual), "error")
    if wrong:
        pytest.fail(f"psutil {wrong}", pytrace=False)
    return actual


# --- another machine's /proc


def forget() -> None:
    """Empties every cache of both packages: what one machine said is no answer for another."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in {"psutil", "sysutils"} and module is not None:
            _forget_module(module)
    psutil = _import_psutil()
    if psutil is not None:
        psutil._TOTAL_PHYMEM = None
        psutil._LOWEST_PID = None


def _forget_module(module: types.ModuleType) -> None:
    for value in list(vars(module).values()):
        clear = getattr(value, "cache_clear", None)
        if callable(clear) and not isinstance(value, (type, types.ModuleType)):
            clear()


@contextlib.contextmanager
def at(proc: Path) -> Iterator[None]:
    """Points both at a recorded machine's /proc for the time of a ``with`` block."""
    modules = [oracle(), ours()]
    before = [module.PROCFS_PATH for module in modules]
    forget()
    for module in modules:
        module.PROCFS_PATH = str(proc)
    try:
        yield
    finally:
        for module, path in zip(modules, before, strict=True):
            module.PROCFS_PATH = path
        forget()
