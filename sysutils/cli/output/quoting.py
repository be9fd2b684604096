"""Names in messages, quoted as GNU programs do: hostile ones never reach a terminal raw."""

import unicodedata

from sysutils.cli.output.text import UNPRINTABLE, utf8_locale

_NAMED = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r"}
#: what a shell, or the reader of ``program: name: message``, could misread
_SHELL = frozenset(" !\"$&'()*:;<=>?[\\^`|")
#: what can't stand between double quotes in every shell
_NOT_DOUBLE = _SHELL - set(" ':") | set("#{}~")


def _pieces(text: str, utf8: bool) -> list[tuple[str, bool]]:
    """The characters of ``text`` (bytes, outside UTF-8), and whether each may be shown as it is."""
    if utf8:
        return [(char, unicodedata.category(char) not in UNPRINTABLE) for char in text]
    data = text.encode("utf-8", "surrogateescape")
    return [(chr(byte), 32 <= byte < 127) for byte in data]


def _escaped(char: str, utf8: bool) -> str:
    data = char.encode("utf-8", "surrogateescape") if utf8 else bytes((ord(char),))
    return "".join("\\" + _NAMED.get(byte, f"{byte:03o}") for byte in data)


def shell_name(text: str, always: bool = False) -> str:
    """``text`` as a shell would take it back, quoted only where need be: ``'a b'``, ``'x'$'\\n''y'``."""
    utf8 = utf8_locale()
    pieces = _pieces(text, utf8)
    clean = all(printable for _, printable in pieces)
    simple = text[:1] not in {"", "#", "~"} and text not in {"{", "}"} and not _SHELL & set(text)
    if clean and simple and not always:
        return text
    if clean and "'" in text and not _NOT_DOUBLE & set(text):
        return f'"{text}"'
    out = ""
    inside = False  # $'…'
    for char, printable in pieces:
        if not printable:
            out += ("" if inside else "'$'") + _escaped(char, utf8)
        elif char == "'":
            out += "'\\''"
        else:
            out += ("''" if inside else "") + char
        inside = not printable
    # the classics' own slip, which is harmless: an empty string in front
    start = "'''" if inside and "'" in text else "'"
    return f"{start}{out}'"


def quoted(text: str) -> str:
    """``text`` between the locale's quotation marks, escaped as in C: ``‘a\\nb’``, in C ``'a\\nb'``."""
    utf8 = utf8_locale()
    end = "’" if utf8 else "'"
    out = "‘" if utf8 else "'"
    for char, printable in _pieces(text, utf8):
        if not printable:
            out += _escaped(char, utf8)
        else:
            out += "\\" + char if char in {end, "\\"} else char
    return out + end
