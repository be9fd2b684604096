"""Our structures are laid out as clang lays out the documented ones for SunOS."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from sysutils.core.sunos import layout
from tests.support import documented

_HEADER = Path(__file__).with_name("documented.h")
_FORMS = documented.in_header(layout, _HEADER)


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
    if ctypes.sizeof(ctypes.c_void_p) != width:
        pytest.skip("made for Python of another pointer size")
    wrong = documented.differences(_FORMS, _HEADER, target, tmp_path, {})
    assert not wrong, "ours, clang's"
