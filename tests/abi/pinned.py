"""The pins: text files of what headers say, one for each system and architecture; and the fixtures."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tools.abi import HOME, ZIG, Pins

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = {None: "", True: " signed", False: " unsigned"}
_SIGN_OF = {"": None, "signed": True, "unsigned": False}
_ROW = 32


def write_pins(target: str, pins: Pins) -> None:
    """Writes the file of a target."""
    lines = [f"# by the headers of {target} in ziglang {ZIG}: python -m tools.abi"]
    lines.append("# structures: size; fields: offset, size, sign")
    for kind, size in pins.sizes.items():
        lines.append(f"{kind}: {size}")
        lines += [
            f"    {field}: {at} {length}{_SIGNS[sign]}"
            for (owner, field), (at, length, sign) in pins.fields.items()
            if owner == kind
        ]
    lines.append("# constants")
    lines += [f"{expression} = {value}" for expression, value in pins.constants.items()]
    lines.append("# functions and the symbols that they are")
    lines += [f"{name} -> {symbol}" for name, symbol in pins.symbols.items()]
    _write("pins", target, lines)


def _write(folder: str, target: str, lines: list[str]) -> None:
    path = HOME / folder / f"{target}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


@functools.cache
def read_pins(target: str) -> Pins:
    """The pins of a target."""
    pins = Pins({}, {}, {}, {})
    kind = ""
    for line in _lines("pins", target):
        if line.startswith("    "):
            field, _, told = line.strip().rpartition(": ")
            at, length, *sign = told.split()
            pins.fields[kind, field] = (int(at), int(length), _SIGN_OF[" ".join(sign)])
        elif " -> " in line:
            name, _, symbol = line.partition(" -> ")
            pins.symbols[name] = symbol
        elif " = " in line:
            expression, _, value = line.rpartition(" = ")
            pins.constants[expression] = int(value)
        else:
            kind, _, size = line.rpartition(": ")
            pins.sizes[kind] = int(size)
    return pins


def _lines(folder: str, target: str) -> Iterator[str]:
    text = (HOME / folder / f"{target}.txt").read_text(encoding="ascii")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def write_fixtures(target: str, fixtures: dict[str, bytes]) -> None:
    """Writes the fixtures of a target: rows of 32 bytes in hex, without those that are all zeros."""
    lines = [f"# made by the headers of {target} in ziglang {ZIG}: python -m tools.abi"]
    for name, data in fixtures.items():
        lines.append(f"{name}: {len(data)}")
        rows = ((at, data[at : at + _ROW]) for at in range(0, len(data), _ROW))
        lines += [f"    {at:5d} {row.hex(' ', 4)}" for at, row in rows if any(row)]
    if fixtures:
        _write("fixtures", target, lines)


@functools.cache
def _fixtures(target: str) -> dict[str, bytes]:
    found: dict[str, bytearray] = {}
    name = ""
    for line in _lines("fixtures", target):
        if line.startswith("    "):
            at, _, row = line.strip().partition(" ")
            data = bytes.fromhex(row)
            found[name][int(at) : int(at) + len(data)] = data
        else:
            name, _, size = line.rpartition(": ")
            found[name] = bytearray(int(size))
    return {name: bytes(data) for name, data in found.items()}


def fixture(target: str, name: str) -> bytes:
    """The bytes of an initialised structure, as a compiler laid them out for ``target``."""
    return _fixtures(target)[name]
