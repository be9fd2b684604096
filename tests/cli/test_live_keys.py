"""Keys of the bytes that terminals send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.live.keys import Keys


def typed(data: bytes) -> list[str]:
    keys = Keys()
    return keys.feed(data) + keys.settle()


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"q", ["q"]), (b"\r\n", ["enter", "enter"]),
        (b" \t\x7f\b", ["space", "tab", "backspace", "backspace"]),
        (b"\x1b[A\x1bOB\x1b[C\x1bOD", ["up", "down", "right", "left"]),
        (b"\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1bOF", ["pageup", "pagedown", "home", "end", "end"]),
        (b"\x1bOP\x1b[[E\x1b[24~\x1b[Z", ["f1", "f5", "f12", "backtab"]),
        (b"\x1b[1;5A\x1b[5;2~", ["up", "pageup"]),
        (b"\x1b", ["escape"]), (b"\x1b\x1b", ["escape"]), (b"\x0c\x01", ["ctrl-l", "ctrl-a"]),
        ("é漢\U0001f600".encode(), ["é", "漢", "\U0001f600"]),
        (b"\x1b[200~q", ["q"]), (b"\x1b[?1;2cq", ["q"]), (b"\xffq", ["q"]), (b"\x9bq", ["q"]),
    ],
)  # fmt: skip
def test_names(data: bytes, names: list[str]) -> None:
    assert typed(data) == names


def test_a_key_may_come_in_pieces() -> None:
    keys = Keys()
    assert [keys.feed(bytes([byte])) for byte in b"\x1b[5~\xc3\xa9"] == [
        [],
        [],
        [],
        ["pageup"],
        [],
        ["é"],
    ]
    assert not keys.waiting
    keys.feed(b"\x1b[")
    assert keys.waiting
    assert keys.settle() == ["escape"]


@given(st.binary(max_size=40), st.integers(0, 40))
def test_whatever_comes_makes_keys_and_ends(data: bytes, place: int) -> None:
    keys = Keys()
    names = keys.feed(data[:place]) + keys.feed(data[place:]) + keys.settle()
    assert all(name and name.isprintable() for name in names)
    assert not keys.waiting
    assert keys.feed(b"q")[-1:] == ["q"]
