"""Text of processes as ps writes it: what others chose, made safe and cut to width."""

import os
from functools import lru_cache

from sysutils.cli.output.text import cut_cells, utf8_locale, visible

#: in a command name, where there is a blank or ``?`` elsewhere
_CONTROLS = {code: "." for code in (*range(32), 127)}


@lru_cache(maxsize=1)
def _utf8() -> bool:
    return utf8_locale()


def safe(text: str) -> str:
    """``text`` without anything a terminal would obey: ``.`` for ASCII's control characters, ``?`` for
    what is no printable character (outside UTF-8 for every byte above 126)."""
    if text.isascii() and text.isprintable():
        return text
    return visible(text.translate(_CONTROLS), _utf8())


def name_text(name: str, room: int) -> str:
    """A user or group name; one too long for the column ends in ``+``."""
    if len(name) > room:
        return safe(name)[: max(room - 1, 0)] + "+"
    return safe(name)


def cut(text: str, room: int) -> str:
    """At most ``room`` columns of the screen."""
    return text[:room] if text.isascii() else cut_cells(text, room)


def encoded_length(text: str) -> int:
    """Bytes that ``text`` came from."""
    return len(text) if text.isascii() else len(os.fsencode(text))
