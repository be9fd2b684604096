"""Text of processes as ps writes it: what others chose, made safe and cut to width."""

import os
from functools import lru_cache

from sysutils.cli.output.text import utf8_locale, visible

_ASCII = "".join(
    chr(code) if 32 <= code < 127 else "." if code < 128 else "?" for code in range(256)
)


@lru_cache(maxsize=1)
def _utf8() -> bool:
    return utf8_locale()


def safe(text: str) -> str:
    """``text`` without anything a terminal would obey, as ps writes it.

    ``?`` for each character that can't be printed. From the first byte on that begins no UTF-8
    character, and outside UTF-8 everywhere, text is taken for bytes: ``.`` for control characters,
    ``?`` for what is not ASCII."""
    if text.isascii() and text.isprintable():
        return text
    data = os.fsencode(text)
    if not _utf8():
        return data.decode("latin-1").translate(_ASCII)
    try:
        return visible(data.decode())
    except UnicodeDecodeError:
        return _half_valid(data)


def _length(lead: int) -> int:
    """Bytes of the UTF-8 character that begins with ``lead``, 0 for none."""
    if lead < 0x80:
        return 1
    return 0 if not 0xC2 <= lead <= 0xF4 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


def _half_valid(data: bytes) -> str:
    parts: list[str] = []
    place = 0
    while place < len(data):
        size = _length(data[place])
        piece = data[place : place + size]
        if len(piece) < size or not size:
            return "".join(parts) + data[place:].decode("latin-1").translate(_ASCII)
        try:
            parts.append(visible(piece.decode()))
        except UnicodeDecodeError:
            parts.append(_no_character(piece))
        place += size
    return "".join(parts)


def _no_character(piece: bytes) -> str:
    """Bytes that look like one character by the first of them, and are none."""
    if piece[0] == 0xF4 and 0x90 <= piece[1] < 0xC0 and piece[2] >> 6 == piece[3] >> 6 == 2:
        return "?"  # beyond Unicode, yet well-formed
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in piece)


def name_text(name: str, room: int) -> str:
    """A user or group name; one too long for the column ends in ``+``."""
    if len(name) > room:
        return safe(name)[: max(room - 1, 0)] + "+"
    return safe(name)
