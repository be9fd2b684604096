"""Our structures are laid out as clang lays out the documented ones for SunOS."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sysutils.core.sunos import layout

_HEADER = Path(__file__).with_name("documented.h")
_FORMS = [
    form
    for form in vars(layout).values()
    if isinstance(form, type)
    and issubclass(form, ctypes.Structure)
    and re.search(
        rf"^}} {form.__name__};$|^typedef .* {form.__name__};$", _HEADER.read_text(), re.MULTILINE
    )
]


def _questions() -> list[tuple[str, int]]:
    """A C expression and our answer: the offset and the size of each field, the size of each structure."""
    found = []
    for form in _FORMS:
        name = form.__name__
        if not getattr(form, "_prefix_", False):
            found.append((f"sizeof({name})", ctypes.sizeof(form)))
        for row in form._fields_:
            field = getattr(form, row[0])
            found.append((f"__builtin_offsetof({name}, {row[0]})", field.offset))
            found.append((f"sizeof((({name} *)0)->{row[0]})", field.size))
    return found


def test_all_are_asked_for() -> None:
    assert {form.__name__ for form in _FORMS} == {
        "lwpsinfo", "psinfo", "prusage", "pstatus", "prcred", "prxmap", "kstat", "kstat_ctl", "kstat_named",
        "kstat_io", "swapent", "swaptbl", "lifreq", "ifaddrs", "utmpx",
    }  # fmt: skip


@pytest.mark.lab
@pytest.mark.parametrize(
    ("target", "width"),
    [("x86_64-pc-solaris2.11", 8), ("sparcv9-sun-solaris2.11", 8), ("i386-pc-solaris2.11", 4)],
)
def test_clang(target: str, width: int, tmp_path: Path) -> None:
    clang = shutil.which("clang")
    if clang is None:
        pytest.skip("needs clang, which lays structures out for SunOS")
    if ctypes.sizeof(ctypes.c_void_p) != width:
        pytest.skip("made for Python of another pointer size")
    questions = _questions()
    text = f'#include "{_HEADER}"\n' + "".join(
        f"const unsigned long long answer{number:05d} = {expression} + 1;\n"
        for number, (expression, _) in enumerate(questions)
    )
    source = tmp_path / "ask.c"
    source.write_text(text, encoding="ascii")
    done = subprocess.run(
        [clang, f"--target={target}", "-S", "-O0", "-o", "-", source], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    found = re.findall(
        r"^answer(\d+):\s*(?:\.(?:quad|xword)\s+(\d+)|\.long\s+(\d+))", done.stdout, re.MULTILINE
    )
    answers = {int(number): int(wide or narrow) - 1 for number, wide, narrow in found}
    assert len(answers) == len(questions)
    wrong = {
        expression: (ours, answers[number])
        for number, (expression, ours) in enumerate(questions)
        if answers[number] != ours
    }
    assert not wrong, "ours, clang's"
