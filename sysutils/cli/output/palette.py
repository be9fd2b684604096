"""Styles as escape sequences: what tables and live screens are painted with.

A style is words: attributes (``bold``, ``dim``, ``underline``, ``reverse``) and a colour. With 256 colours
the shades are those that read on a dark and on a light background alike; with 16 they are the terminal's
own, which its user has chosen."""

import os
import sys
from functools import lru_cache

_ATTRIBUTES = {"bold": "1", "dim": "2", "underline": "4", "reverse": "7"}
_BASIC = {
    "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36", "grey": "90",
}  # fmt: skip
#: shades of about the same contrast to black and to white
_MIDDLE = {
    "red": 160, "green": 28, "yellow": 136, "blue": 33, "magenta": 133, "cyan": 31, "grey": 244,
}  # fmt: skip
_BRIGHT = {
    "red": 203, "green": 77, "yellow": 221, "blue": 75, "magenta": 176, "cyan": 80, "grey": 245,
}  # fmt: skip
_DARK = {
    "red": 124, "green": 22, "yellow": 94, "blue": 20, "magenta": 90, "cyan": 24, "grey": 240,
}  # fmt: skip
_SHADES = {"both": _MIDDLE, "dark": _BRIGHT, "light": _DARK}
#: what a user may choose: shades for either background, for a dark or a light one, the terminal's own, none
SCHEMES = ("both", "dark", "light", "basic", "none")
#: ends a style
RESET = "\x1b[0m"


def usual_scheme() -> str:
    """The scheme for this terminal, as the environment tells what it can."""
    if os.environ.get("NO_COLOR"):
        return "none"
    term = os.environ.get("TERM", "")
    if sys.platform == "win32" and not term:
        from sysutils.cli.output import console

        shown = console.of(1)
        return "both" if shown is not None and shown.escapes else "basic"
    if "256color" in term or os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return "both"
    return "none" if term in {"dumb", "vt100", "vt220", "xterm-mono"} else "basic"


class Palette:
    """One scheme."""

    def __init__(self, scheme: str = "") -> None:
        self.scheme = scheme or usual_scheme()
        self.start = lru_cache(maxsize=None)(self._start)

    def _start(self, style: str) -> str:
        codes = []
        shades = _SHADES.get(self.scheme)
        for word in style.split():
            if word in _ATTRIBUTES:
                codes.append(_ATTRIBUTES[word])
            elif shades is not None:
                codes.append(f"38;5;{shades[word]}")
            elif self.scheme == "basic":
                codes.append(_BASIC[word])
        if self.scheme != "none" and "dim" in style.split():  # many terminals show no dim text
            codes = [code for code in codes if code != "2"]
            codes.append(f"38;5;{shades['grey']}" if shades else _BASIC["grey"])
        return f"\x1b[{';'.join(codes)}m" if codes else ""

    def paint(self, text: str, style: str) -> str:
        """``text`` in a style."""
        before = self.start(style) if style else ""
        return f"{before}{text}{RESET}" if before and text else text
