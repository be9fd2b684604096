"""What Windows' package reckons: layouts, command lines, paths, pages, load, masks, texts."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core.windows import arguments, clock, layout, peb, scheduling, token, usage
from sysutils.core.windows.layout import Layout

INNER = Layout("INNER", "a:B b:H")
OUTER = Layout("OUTER", "first:B wide:Q inner:INNER where:P name:w3 raw:b3 last:I", INNER)


@pytest.mark.parametrize(
    ("pointer", "places"),
    [(8, (0, 8, 16, 18, 24, 32, 38, 44)), (4, (0, 8, 16, 18, 20, 24, 30, 36))],
)
def test_layouts(pointer: int, places: tuple[int, ...]) -> None:
    form = OUTER.of_pointers(pointer)
    assert [member.offset for member in form.members] == list(places)
    assert form.size == (48 if pointer == 8 else 40)
    names = ["first", "wide", "inner.a", "inner.b", "where", "name", "raw", "last"]
    assert [member.name for member in form.members] == names


@pytest.mark.parametrize("pointer", [4, 8])
@given(
    st.integers(0, 255),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**32 - 1),
)
def test_what_is_packed_is_read(pointer: int, first: int, wide: int, b: int, where: int) -> None:
    form = OUTER.of_pointers(pointer)
    data = form.pack(first=first, wide=wide, inner_b=b, where=where, name=b"x\0y\0", raw=b"\1\2\3")
    row = form.read(b"junk" + data, 4)
    assert (row.first, row.wide, row.inner_a, row.inner_b, row.where) == (first, wide, 0, b, where)
    assert (layout.text(row.name), row.raw) == ("xy", b"\1\2\3")
    with pytest.raises(ValueError, match="OUTER is cut off"):
        form.read(data[:-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []), ("a", ["a"]), ("a ", ["a"]), ("a b", ["a", "b"]), ('"a b" c', ["a b", "c"]),
        ('"a b', ["a b"]), ('a"b c', ['a"b', "c"]), ("a  b\tc", ["a", "b", "c"]),
        (r'p "a\\"', ["p", "a\\"]), (r'p a\"b', ["p", 'a"b']), (r'p a\\\"b c', ["p", 'a\\"b', "c"]),
        (r"p \\server\share", ["p", r"\\server\share"]), ('p ""', ["p", ""]), ('p "a""b"', ["p", 'a"b']),
        ('p a""', ["p", "a"]), ("  x", ["", "x"]), ('"p"x y', ["p", "x", "y"]),
    ],
)  # fmt: skip
def test_command_lines(text: str, expected: list[str]) -> None:
    """By CommandLineToArgvW's rules; the lab compares thousands with Windows' own."""
    assert arguments.split_command_line(text) == expected


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=6), max_size=5))
def test_what_subprocess_joins_is_split(words: list[str]) -> None:
    import subprocess

    line = subprocess.list2cmdline(["prog", *words])
    assert arguments.split_command_line(line) == ["prog", *words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}), ("A=1\0", {"A": "1"}), ("a=1\0b=2=3\0\0c=4\0", {"A": "1", "B": "2=3"}),
        ("=C:=C:\\\0x=\0", {"X": ""}), ("nonsense\0k=v", {"K": "v"}),
    ],
)  # fmt: skip
def test_environments(text: str, expected: dict[str, str]) -> None:
    assert peb.parse_environment(text) == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([], 0),
        ([0x1000], 1),
        ([0x1000 | 1 << 5, 0x2000, 0x3000 | 0x107], 2),
        ([0x20, 0x40, 0x80], 0),
    ],
)
def test_pages_that_are_not_shared(pages: list[int], expected: int) -> None:
    letter = "Q" if layout.POINTER_SIZE == 8 else "I"
    data = struct.pack(f"<{letter}{len(pages)}{letter}", len(pages), *pages)
    assert usage.unshared_pages(data) == expected
    assert usage.unshared_pages(data + b"\0" * 64) == expected, "room that was not filled"
    assert usage.unshared_pages(data[: layout.POINTER_SIZE] + b"") == 0, "cut off"


def test_security_identifiers() -> None:
    sid = bytes([1, 5, 0, 0, 0, 0, 0, 5]) + struct.pack("<5I", 21, 1, 2, 3, 1001)
    assert token.sid_text(sid) == "S-1-5-21-1-2-3-1001"


@given(st.sets(st.integers(0, 8 * layout.POINTER_SIZE - 1)))
def test_masks(cpus: set[int]) -> None:
    assert scheduling.cpus_of(sum(1 << cpu for cpu in cpus)) == sorted(cpus)


def test_moments() -> None:
    assert clock.epoch_seconds(116444736000000000) == 0.0
    assert clock.epoch_seconds(116444736000000000 + 15_000_000) == 1.5


def test_load_nears_what_waits() -> None:
    from sysutils.core.windows.load import averaged

    averages = (0.0, 0.0, 0.0)
    for _ in range(12):  # a minute
        averages = averaged(averages, 4)
    assert [round(value, 2) for value in averages] == [2.53, 0.73, 0.26]


def test_texts() -> None:
    assert layout.text("ab\0cd".encode("utf-16-le")) == "ab"
    assert layout.text(b"a\0\0") == "a"
    assert layout.text(b"\0\xd8x\0") == "\ud800x"
    import ctypes

    data: Any = ctypes.create_string_buffer("käse\0rest".encode("utf-16-le") + b"\0\0")
    assert layout.text_at(ctypes.addressof(data)) == "käse"
    assert layout.text_at(0) == ""
