"""Golden files: ``tests/golden/<command>/<case>.<format>.txt``, rewritten by ``--update-golden``."""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def write_if_changed(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all, and not if it is the same already."""
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)


def difference(expected: bytes, actual: bytes, names: tuple[str, str] = ("classic", "ours")) -> str:
    """The first line in which two outputs differ, with its neighbours; empty if they are equal."""
    if expected == actual:
        return ""
    left, right = expected.split(b"\n"), actual.split(b"\n")
    at = next(
        (i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]),
        min(len(left), len(right)),
    )
    lines = [f"line {at + 1} differs ({len(left)} and {len(right)} lines):"]
    lines += [f"  before    {line!r}" for line in left[max(0, at - 2) : at]]
    for name, side in zip(names, (left, right), strict=True):
        lines.append(f"  {name:<8}  {side[at]!r}" if at < len(side) else f"  {name:<8}  (ends)")
    lines.append(f"  at column {_column(left, right, at)}")
    return "\n".join(lines)


def _column(left: list[bytes], right: list[bytes], at: int) -> int:
    if at >= min(len(left), len(right)):
        return 1
    pairs = zip(left[at], right[at], strict=False)
    shorter = min(len(left[at]), len(right[at]))
    return next((i for i, (one, other) in enumerate(pairs) if one != other), shorter) + 1


class Golden:
    """Compares with a golden file, or rewrites it: the ``golden`` fixture."""

    def __init__(self, *, update: bool, directory: Path = GOLDEN) -> None:
        self.update = update
        self.directory = directory

    def check(self, command: str, case: str, form: str, actual: bytes) -> None:
        """Asserts that ``actual`` is what ``<command>/<case>.<form>.txt`` holds."""
        path = self.directory / command / f"{case}.{form}.txt"
        if self.update:
            write_if_changed(path, actual)
            return
        if not path.exists():
            pytest.fail(f"{path} is missing: run pytest --update-golden", pytrace=False)
        wrong = difference(path.read_bytes(), actual, ("golden", "now"))
        if wrong:
            pytest.fail(f"{path}: {wrong}", pytrace=False)
