"""How ps lays out lines and makes texts safe and narrow."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import ps_screen
from sysutils.cli.fields import process_text
from sysutils.cli.fields.process_command import command_pieces
from sysutils.cli.fields.process_text import name_text, safe
from sysutils.cli.output.fixed import FixedColumn, joined, line_maker
from sysutils.cli.output.text import cells, cut_cells

WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=12)


# --- layout


@pytest.mark.parametrize(("lines", "columns"), [(0, 0), (24, 0), (0, 40)])
def test_a_terminal_without_a_size(
    lines: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = os.terminal_size((columns, lines))
    monkeypatch.setattr(ps_screen.os, "get_terminal_size", lambda _: size)
    monkeypatch.setattr(
        ps_screen.sys, "__stdout__", SimpleNamespace(isatty=lambda: True, fileno=lambda: 1)
    )
    assert ps_screen.terminal() == os.terminal_size((80, 24))


def test_ps_on_a_terminal_that_has_no_size_yet() -> None:
    ours, inner = os.openpty()
    words = [sys.executable, "-m", "sysutils", "ps", "--plain", "-p", str(os.getpid())]
    with open(ours, "rb", buffering=0) as reading:
        with open(inner, "wb") as out:
            assert subprocess.run(words, stdout=out, stderr=out, check=False).returncode == 0
        assert b"CMD" in reading.read(4096)


def columns(*shape: tuple[int, bool]) -> list[FixedColumn]:
    return [
        FixedColumn(width, right, lambda row, i=i: row[i]) for i, (width, right) in enumerate(shape)
    ]  # type: ignore[misc]


def test_texts_that_fit() -> None:
    assert (
        joined(columns((5, True), (8, False), (3, True)), ["1", "root", "7"])
        == "    1 root       7"
    )


def test_what_is_too_long_takes_from_what_follows() -> None:
    shape = columns((3, True), (5, True), (5, True), (1, False))
    assert joined(shape, ["12345", "6", "7", "S"]) == "12345   6     7 S"
    assert joined(shape, ["1234567", "23456", "7", "S"]) == "1234567 23456 7 S"


def test_the_last_is_not_filled_up() -> None:
    assert joined(columns((3, False), (9, False)), ["a", "b"]) == "a   b"


def test_literals_stand_at_their_neighbours() -> None:
    shape = columns((1, False), (5, True), (0, False))
    shape[0] = shape[0]._replace(joint=True)
    shape[2] = shape[2]._replace(joint=True)
    assert joined(shape, ["x", "12", ""]) == "x   12"
    assert (
        joined([*columns((5, False)), shape[2]._replace(text=lambda _: "")], ["ab", ""]) == "ab   "
    )


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans(), WORDS), min_size=1, max_size=6))
def test_both_ways_to_a_line_agree(shape: list[tuple[int, bool, str]]) -> None:
    made = columns(*((width, right) for width, right, _ in shape))
    texts = [text for *_, text in shape]
    line = joined(made, texts)
    assert line_maker(made)(texts) == line
    assert line.split() == [text for text in texts if text]


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=2, max_size=6), st.data())
def test_after_a_long_text_the_lines_meet_again(shape: list[tuple[int, bool]], data: Any) -> None:
    """However long a text is, a column starts where it would, or one blank after what came before."""
    made = columns(*shape)
    texts = [data.draw(st.text("x", min_size=1, max_size=14)) for _ in shape]
    line = joined(made, texts)
    at = correct = 0
    for (width, right), text in zip(shape, texts, strict=True):
        start = line.index(text, at)
        ideal = correct + (max(width - len(text), 0) if right else 0)
        assert start == max(ideal, at + 1 if at else 0)
        at, correct = start + len(text), correct + width + 1


def test_the_edge_of_the_screen() -> None:
    made = [
        FixedColumn(3, True, str),
        FixedColumn(9, False, str, narrow=lambda row, room: f"<{row}{room}>"),
    ]
    assert joined(made, ["1", "abcdef"], 10, "r") == "  1 abcdef"
    assert joined(made, ["1", "abcdef"], 9, "r") == "  1 <r5>"
    assert joined(made, ["12345678901", "abcdef"], 9, "r") == "12345678901 abcdef"


# --- texts


@pytest.fixture(params=[True, False])
def utf8(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(process_text, "_utf8", lambda: request.param)
    return bool(request.param)


@given(data=st.binary(max_size=20))
def test_nothing_in_a_text_moves_the_cursor(data: bytes) -> None:
    text = safe(data.decode("utf-8", "surrogateescape"))
    assert text.isprintable() or all(char.isprintable() or not char.isascii() for char in text)
    assert not any(
        ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in text
    )


@pytest.mark.parametrize(
    ("data", "in_utf8", "in_ascii"),
    [
        (b"plain", "plain", "plain"),
        (b"a\x7fb\x1b", "a?b?", "a.b."),
        (b"\xff\x01", "?.", "?."),
        (b"\x01\xff\x01", "??.", ".?."),
        (b"\xe4\xb8\xad\x01", "中?", "???."),
        (b"\xe4\xb8z\x01", "??z?", "??z."),
        (b"\xed\x01", "?.", "?."),
        (b"\xed\xa0\x80\x01", "????", "???."),
        (b"\xf4\x90\x80\x80\x01", "??", "????."),
        (b"\xc0\x01", "?.", "?."),
        (b"\xe4\xb8\xad\xff\xe4\xb8\xad\x02", "中????.", "???????."),
        ("é\u202e".encode(), "é\u202e", "?????"),
        (b"\xc2\x9b31m", "?31m", "??31m"),
    ],
)
def test_bytes_of_others(data: bytes, in_utf8: str, in_ascii: str, utf8: bool) -> None:
    expected = in_utf8 if utf8 else in_ascii
    assert safe(data.decode("utf-8", "surrogateescape")) == expected


@pytest.mark.parametrize(
    ("name", "room", "text"),
    [
        ("root", 8, "root"),
        ("eightchr", 8, "eightchr"),
        ("ninechars", 8, "ninecha+"),
        ("ab", 1, "+"),
        ("ab", 0, "+"),
    ],
)
def test_names(name: str, room: int, text: str) -> None:
    assert name_text(name, room) == text


def test_columns_of_the_screen() -> None:
    assert [cells(text) for text in ("ab", "中文", "e\u0301", "\u200b", "\xad", "가", "\U0001f600")] == [
        2, 4, 1, 0, 1, 2, 2,
    ]  # fmt: skip
    assert cut_cells("中文x", 3) == "中"
    assert cut_cells("ab\u0301", 2) == "ab"  # nothing more once the room is taken
    assert cut_cells("abc", 0) == ""


@given(st.text(max_size=30), st.integers(0, 40))
def test_a_cut_is_the_longest_beginning_that_fits(text: str, room: int) -> None:
    cut = cut_cells(text, room)
    assert text.startswith(cut)
    assert cells(cut) <= room
    assert cut == text or cells(text[: len(cut) + 1]) >= room


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("/usr/bin/python3 -m x", [("/usr/bin/", "dim"), ("python3", "bold"), (" -m x", "")]),
        (" |   \\_ sh", [(" |   \\_ ", "dim"), ("", "dim"), ("sh", "bold"), ("", "")]),
        ("[kthreadd]", [("[kthreadd]", "dim")]),
        ("migration/0", [("migration/0", "bold")]),
        ("…/bin/sh -c a/b", [("…/bin/", "dim"), ("sh", "bold"), (" -c a/b", "")]),
    ],
)
def test_a_program_apart_from_its_arguments(text: str, pieces: list[tuple[str, str]]) -> None:
    found = command_pieces(text)
    assert "".join(piece for piece, _ in found) == text
    assert [piece for piece in found if piece[0]] == [piece for piece in pieces if piece[0]]
