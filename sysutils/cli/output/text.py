"""Text that comes from others: what a terminal or a line-based reader must never see raw."""

import os
import sys
import unicodedata
from functools import lru_cache

#: general categories that the C library's iswprint(3) refuses
UNPRINTABLE = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
#: formatting characters that turn the direction of the text after them, whoever wrote that
_TURNING = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C], "?"
)


@lru_cache(maxsize=1)
def utf8_locale() -> bool:
    """Whether the user's locale is a UTF-8 one that exists, as setlocale(3) would find it; on Windows text is
    of any characters, and what an encoding lacks the way out replaces.

    Python turns an unset or C locale into C.UTF-8 in its own environment (PEP 538), so an LC_CTYPE
    that the program was not given does not count."""
    if sys.platform == "win32":
        return True
    names = [os.environ.get(key) for key in ("LC_ALL", "LC_CTYPE", "LANG")]
    if not names[0] and names[1] == "C.UTF-8" and _coerced():
        names[1] = None
    chosen = next((name for name in names if name), "C")
    if chosen in {"C", "POSIX"}:
        return False
    import locale

    try:
        before = locale.setlocale(locale.LC_CTYPE)
        locale.setlocale(locale.LC_CTYPE, chosen)
        codeset = locale.nl_langinfo(locale.CODESET)
        locale.setlocale(locale.LC_CTYPE, before)
    except locale.Error:
        return False
    return codeset.upper().replace("-", "") == "UTF8"


def ellipsis() -> str:
    """What stands for a text's end that was cut off."""
    return "…" if utf8_locale() else "+"


def _coerced() -> bool:
    """Whether LC_CTYPE was set by Python itself: it is not in the environment exec(3) was given."""
    try:
        fd = os.open("/proc/self/environ", os.O_RDONLY)
    except OSError:
        return False
    try:
        data = b"\0" + os.read(fd, 1 << 17)
    finally:
        os.close(fd)
    return b"\0LC_CTYPE=" not in data


def visible(text: str, utf8: bool = True) -> str:
    """``text`` with ``?`` for each control character and each byte that is no character; without
    ``utf8`` for each byte above 126 as well."""
    if text.isascii() and text.isprintable():
        return text
    if not utf8:
        data = text.encode("utf-8", "surrogateescape")
        return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in data)
    return "".join("?" if unicodedata.category(char) in UNPRINTABLE else char for char in text)


def steady(text: str) -> str:
    """``visible`` text for a table: nothing in a cell turns the direction of the cells after it."""
    return text if text.isascii() else text.translate(_TURNING)


#: width where the general rules below do not tell it: marks before digits, circled numbers, hexagrams
_WIDTHS = {
    0xAD: 1,
    **dict.fromkeys((*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD), 1),
    **dict.fromkeys((*range(0x1160, 0x1200), *range(0xD7B0, 0xD800)), 0),
    **dict.fromkeys((*range(0x3248, 0x3250), *range(0x4DC0, 0x4E00)), 2),
}


def _cell(char: str) -> int:
    width = _WIDTHS.get(ord(char))
    if width is None:
        if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
            return 0
        width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return width


def cells(text: str) -> int:
    """Columns of the screen that ``visible`` text takes, as the C library's wcwidth(3) has them."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def cut_cells(text: str, room: int) -> str:
    """The start of ``text`` that takes at most ``room`` columns."""
    if text.isascii():
        return text[:room]
    taken = 0
    for place, char in enumerate(text):
        width = _cell(char)
        if taken == room or taken + width > room:
            return text[:place]
        taken += width
    return text


def pad_bytes(text: str, size: int) -> str:
    """``text`` with blanks up to ``size`` bytes, as printf(3)'s ``%-20s`` counts them."""
    if text.isascii():
        return text.ljust(size)
    return text + " " * (size - len(text.encode("utf-8", "surrogateescape")))


def cut_bytes(text: str, size: int) -> str:
    """The first ``size`` bytes of ``text``, as printf(3)'s ``%.20s``; half a character is kept as such."""
    if text.isascii():
        return text[:size]
    return text.encode("utf-8", "surrogateescape")[:size].decode("utf-8", "surrogateescape")
