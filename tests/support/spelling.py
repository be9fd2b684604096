r"""Bytes as reviewable lines of text, and back, byte for byte.

A line that ends in a newline is written ``|text``, a last line without one ``:text``. Readable
UTF-8 stays as it is; everything else is ``\0 \t \n \r \e \\`` or ``\xHH`` per byte.
"""

from __future__ import annotations

import re
import unicodedata

_SHORT = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 27: "\\e", 92: "\\\\"}
_LONG = {ord(text[1]): code for code, text in _SHORT.items()}
_SPECIAL = re.compile(r"[\\\x00-\x1f\x7f]|[^\x20-\x7e]|[ ]\Z")
_ESCAPE = re.compile(rb"\\(x[0-9a-f]{2}|.|$)", re.DOTALL)


def _spell_char(match: re.Match[str]) -> str:
    char = match[0]
    short = _SHORT.get(ord(char))
    if short is not None:
        return short
    # a mark needs its base letter beside it to be seen, so it is spelled out
    if ord(char) > 0x7F and char.isprintable() and not unicodedata.category(char).startswith("M"):
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def spell(data: bytes) -> str:
    """One line of printable text for ``data``, without trailing blanks."""
    return _SPECIAL.sub(_spell_char, data.decode("utf-8", "surrogateescape"))


def spell_word(data: bytes) -> str:
    """As ``spell``, with blanks spelled too: one word."""
    return spell(data).replace(" ", "\\x20")


def _unspell_one(match: re.Match[bytes]) -> bytes:
    what = match[1]
    if len(what) == 3:
        return bytes((int(what[1:], 16),))
    if len(what) != 1 or what[0] not in _LONG:
        raise ValueError(f"unknown escape \\{what.decode('ascii', 'replace')}")
    return bytes((_LONG[what[0]],))


def unspell(text: str) -> bytes:
    """The bytes that ``spell`` or ``spell_word`` wrote. ValueError for an unknown escape."""
    data = text.encode()
    return _ESCAPE.sub(_unspell_one, data) if b"\\" in data else data


def spell_lines(data: bytes) -> list[str]:
    """``data`` as margin-marked lines (without newlines); nothing for no bytes."""
    *whole, rest = data.split(b"\n")
    lines = ["|" + spell(line) for line in whole]
    if rest:
        lines.append(":" + spell(rest))
    return lines


def unspell_line(line: str) -> bytes:
    """The bytes of one margin-marked line."""
    if line[:1] not in {"|", ":"}:
        raise ValueError(f"a content line starts with | or :, not {line!r}")
    return unspell(line[1:]) + (b"\n" if line[0] == "|" else b"")
