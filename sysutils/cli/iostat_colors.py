"""S_COLORS and S_COLORS_SGR: the colours of iostat's own format."""

import os
import re
from typing import NamedTuple

_RESET = "\x1b[0m"
_MANY, _MOST = 50, 75  # percent from which a share stands out


class Palette(NamedTuple):
    """SGR codes by what is shown."""

    item: str = "32;22"
    number: str = "34;1"
    zero: str = "34;22"
    medium: str = "35;1"
    high: str = "31;1"

    def name(self, text: str) -> str:
        """A device's name, painted."""
        return _painted(text, self.item)

    def figure(self, text: str, value: float, percent: bool, decimals: int) -> str:
        """A number with the blank before it; what follows its last digit is not painted."""
        digits = text.rstrip("%kMGTP?")
        code = self.number
        if abs(value) < 0.5 / 10**decimals:
            code = self.zero
        elif percent and value >= _MANY:
            code = self.high if value >= _MOST else self.medium
        return _painted(digits, code) + text[len(digits) :]


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}{_RESET}"


_LETTERS = {"I": "item", "N": "number", "Z": "zero", "M": "medium", "H": "high"}


def palette() -> Palette | None:
    """What the environment wants; None for no colours. Codes that are malformed are left out."""
    if os.environ.get("S_COLORS") != "always":
        return None
    codes = re.findall("(?:^|:)([INZMH])=([;0-9]{1,5})(?=:|$)", os.environ.get("S_COLORS_SGR", ""))
    return Palette(**{_LETTERS[letter]: code for letter, code in codes})
