"""Structures of systems whose headers are not at hand: pinned offsets, and clang's layout of documented ones.

``pins.txt`` has a line for each structure: ``name: size N; field offset, inner.field offset``.
``documented.h`` has the structures in C, which clang lays out by the ABI of the system."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

#: clang's assembler text of a constant: ELF's, and XCOFF's
_ANSWER = re.compile(
    r"^(?:\t\.csect )?answer(\d+)(?::|\[RO\],\d+)\s+(?:\.globl\s+\S+\s+)?(?:\.align\s+\d+\s+)?"
    r"\.(?:long|word|vbyte\s+4,)\s+(\d+)",
    re.MULTILINE,
)


def pins(path: Path) -> list[tuple[str, int | None, dict[str, int]]]:
    """Name, size if it is told, and offsets of the fields, of each structure."""
    found = []
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        name, _, told = line.partition(": ")
        size = re.match(r"size (\d+)(?:; |$)", told)
        fields = told[size.end() :] if size else told
        offsets = {place: int(at) for place, at in map(str.split, filter(None, fields.split(", ")))}
        found.append((name, int(size[1]) if size else None, offsets))
    return found


def is_whole(form: Any) -> bool:
    """Whether it is all of the system's structure."""
    return not getattr(form, "_prefix_", False)


def offset(form: Any, path: str) -> int:
    """Where a field of a field begins."""
    place = 0
    for part in path.split("."):
        place += getattr(form, part).offset
        form = {row[0]: row[1] for row in form._fields_}[part]
    return place


def in_header(layout: ModuleType, header: Path) -> list[type[Any]]:
    """Our structures that the header has too."""
    text = header.read_text(encoding="ascii")
    return [
        form
        for form in vars(layout).values()
        if isinstance(form, type)
        and issubclass(form, ctypes.Structure)
        and re.search(rf"^}} {form.__name__};$|^typedef .* {form.__name__};$", text, re.MULTILINE)
    ]


def differences(
    forms: list[type[Any]], header: Path, target: str, place: Path, sizes: dict[str, int]
) -> dict[str, tuple[int, int]]:
    """What clang lays out otherwise for ``target``: C expression -> our number and clang's.

    Asked for are the size of each structure, offset and size of each field but padding, and ``sizes`` of
    whole structures of which ours is the beginning."""
    questions = [(f"sizeof({name})", size) for name, size in sizes.items()]
    for form in forms:
        name = form.__name__
        if is_whole(form):
            questions.append((f"sizeof({name})", ctypes.sizeof(form)))
        for row in form._fields_:
            if "pad" not in row[0] or row[0] == "pad":
                field = getattr(form, row[0])
                questions += [
                    (f"__builtin_offsetof({name}, {row[0]})", field.offset),
                    (f"sizeof((({name} *)0)->{row[0]})", field.size),
                ]
    answers = ask([expression for expression, _ in questions], header, target, place)
    return {
        expression: (ours, answer)
        for (expression, ours), answer in zip(questions, answers, strict=True)
        if answer != ours
    }


def ask(expressions: list[str], header: Path, target: str, place: Path) -> list[int]:
    """What C expressions about the header's structures are for ``target``, by clang."""
    clang = shutil.which("clang")
    if clang is None:
        pytest.skip("needs clang, which lays structures out for that system")
    source = place / "ask.c"
    source.write_text(
        f'#include "{header}"\n'
        + "".join(
            f"const unsigned int answer{number:05d} = {expression} + 1;\n"
            for number, expression in enumerate(expressions)
        ),
        encoding="ascii",
    )
    done = subprocess.run(
        [clang, f"--target={target}", "-S", "-O0", "-o", "-", source], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    answers = {int(number): int(value) - 1 for number, value in _ANSWER.findall(done.stdout)}
    assert len(answers) == len(expressions)
    return [answers[number] for number in range(len(expressions))]
