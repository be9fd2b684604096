"""What a terminal must never see raw, and whether the locale is UTF-8."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.output.text import steady, visible
from tests.cli.conftest import environment

text = st.one_of(st.text(), st.binary().map(os.fsdecode))


@pytest.mark.parametrize(
    ("given", "utf8", "ascii_only"),
    [
        ("plain text", "plain text", "plain text"),
        ("a\nb\tc", "a?b?c", "a?b?c"),
        ("\x1b[31mred", "?[31mred", "?[31mred"),
        ("\x7f", "?", "?"),
        ("\x9b", "?", "??"),
        ("é", "é", "??"),
        ("日本", "日本", "??????"),
        ("\udcff\udcfe", "??", "??"),
        ("\u2028", "?", "???"),
        ("e\u0301", "e\u0301", "e??"),
        ("", "", ""),
    ],
)
def test_what_is_shown(given: str, utf8: str, ascii_only: str) -> None:
    assert visible(given) == utf8
    assert visible(given, utf8=False) == ascii_only


@given(text)
def test_nothing_but_printable_text_is_shown(value: str) -> None:
    shown = visible(value)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Cn", "Zl", "Zp"}
    assert visible(shown) == shown
    assert len(shown) == len(value)
    assert steady(shown) == steady(steady(shown))


@given(st.binary())
def test_without_utf8_each_byte_is_one_character(data: bytes) -> None:
    shown = visible(os.fsdecode(data), utf8=False)
    assert len(shown) == len(data)
    assert all(" " <= char <= "~" for char in shown)


@pytest.mark.parametrize("char", "\u202a\u202e\u2066\u2069\u200e\u200f\u061c")
def test_a_table_s_cell_does_not_turn_what_follows(char: str) -> None:
    assert steady(f"a{char}b") == "a?b"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"LC_ALL": "C"}, False),
        ({"LC_ALL": "POSIX"}, False),
        ({"LC_ALL": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "C.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_ALL": "xx_YY.UTF-8"}, False),
        ({"LC_ALL": "", "LANG": "C.UTF-8"}, True),
    ],
)
def test_the_locale_is_utf8_as_setlocale_finds_it(
    variables: dict[str, str], expected: bool
) -> None:
    if sys.platform == "win32":
        pytest.skip("always UTF-8 there")
    env = environment()
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        env.pop(name, None)
    program = "from sysutils.cli.output.text import utf8_locale; print(utf8_locale())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**env, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(expected)


@pytest.mark.classic
@pytest.mark.parametrize(
    "variables", [{}, {"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LANG": "xx_YY.UTF-8"}]
)
def test_the_locale_as_the_c_library_sees_it(variables: dict[str, str]) -> None:
    program = shutil.which("locale")
    if program is None:
        pytest.skip("no locale(1) here")
    env = {"PATH": os.environ["PATH"], **variables}
    charmap = subprocess.run(
        [program, "charmap"], env=env, capture_output=True, text=True, check=True
    )
    asked = "from sysutils.cli.output.text import utf8_locale; print(utf8_locale())"
    ours = subprocess.run(
        [sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True
    )
    assert ours.stdout.strip() == str(charmap.stdout.strip() == "UTF-8")
