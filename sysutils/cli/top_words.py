"""The words of top(1): values with an equals sign anywhere, and the statuses of its mistakes."""

import os
import re
from math import isnan
from struct import pack, unpack
from typing import Any

import click

from sysutils import core
from sysutils.cli.grammar import CommandError, Reader, UsageError

#: letters of -E; -e has all but the last
SCALES = "kmgtpe"
#: what one may watch
_MOST_PIDS = 20
_WIDEST = 512
_SELECTIONS = {"pids", "any_user", "user"}


def single(value: float) -> float:
    """``value`` with the precision of C's float, in which top reckons."""
    return float(unpack("f", pack("f", value))[0])


def _whole(text: str) -> int | None:
    """What strtol(3) reads with base 0, where that is all there is."""
    match = re.fullmatch(r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", text)
    if match is None or len(match[2]) > 400:
        return None
    digits = match[2].lower()
    base = 16 if digits.startswith("0x") else 8 if digits[0] == "0" else 10
    return int(digits, base) * (-1 if match[1] == "-" else 1)


def iterations(text: str) -> int:
    """``-n``: how many frames."""
    value = _whole(text)
    if value is None or not 1 <= value < 1 << 31:
        raise CommandError(f"bad iterations argument '{text}'")
    return value


def delay(text: str) -> float:
    """``-d``: seconds between frames, with a point or a comma."""
    plain = text.lstrip(" \t\n\v\f\r").replace(",", ".")
    try:
        value = float.fromhex(plain) if re.match(r"[+-]?0[xX]", plain) else float(plain)
    except (ValueError, OverflowError):
        value = float("nan")
    if not re.fullmatch(r"[+-]?[0-9a-fA-FxX.pP+-]+", plain) or isnan(value):
        raise CommandError(f"bad delay interval '{text}'")
    if value < 0:
        raise CommandError("-d requires positive argument")
    return min(value, 4e9)


def _scale(letters: str) -> Any:
    def parse(text: str) -> int:
        place = letters.find(text.lower()) if len(text) == 1 else -1
        if place < 0:
            raise CommandError(f"bad memory scaling arg '{text}'")
        return place

    return parse


summary_scale = _scale(SCALES)
task_scale = _scale(SCALES[:-1])


def width(text: str) -> int:
    """``-w``: columns."""
    value = _whole(text)
    if value is None or not 3 <= value <= _WIDEST:
        raise CommandError(f"bad width arg '{text}'")
    return value


def pids(text: str) -> list[int]:
    """``-p``: ids by commas; 0 is top itself."""
    found = []
    while text:
        number = re.match(r"\s*([0-9]+)", text)
        if number is None or set(text) & set("+-."):
            raise CommandError(f"bad pid '{text}'")
        found.append(int(number[1]) or os.getpid())
        text = text.partition(",")[2]
    return found


class Owner:
    """``-u`` and ``-U``: a user, or with ``!`` any but that."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.inverted = text.startswith("!")
        name = text.removeprefix("!")
        uid = _whole(name) if name else 0
        if uid is None:
            uid = core.user_id(name)
        if uid is None:
            raise CommandError("Invalid user")
        self.uid = uid & 0xFFFFFFFF

    def among(self, *uids: int | None) -> bool:
        """Whether a process with these ids is one to show."""
        return (self.uid in uids) != self.inverted


class TopReader(Reader):
    """getopt's rules, an equals sign before a value, and what excludes what."""

    def _read(self, rest: list[str], interspersed: bool) -> list[str]:
        operands = super()._read(rest, interspersed)
        if operands and not self.done:
            raise CommandError(f"unknown option '{operands[0]}'", program="top")
        if {"secure", "seconds"} <= self.values.keys() and not self.done:
            raise CommandError('-d disallowed in "secure" mode', program="top")
        return operands

    def _error(self, message: str) -> UsageError:
        if self.values.get("batch"):
            from sysutils.cli.output.stream import put

            put("\n")  # as a batch ends
        return super()._error(message)

    def _take(
        self, option: click.Option, attached: str | None, rest: list[str], error: str
    ) -> None:
        word = attached
        if getattr(option, "takes", "no") != "no" and not getattr(option, "ours", False):
            may = option.optional_value is not None  # type: ignore[attr-defined]
            if word is None and rest and not (may and rest[0].startswith("-")):
                word = rest.pop(0)
            if word is not None and word.startswith("="):
                word = word.lstrip("=") or (rest.pop(0) if rest else "")
            if word == "":
                short = next((name for name in option.opts if len(name) == 2), option.opts[0])
                raise CommandError(f"{short} argument missing", program="top")
        self._refuse_second(str(option.name))
        super()._take(option, self._signed(option, word), rest, error)

    def _refuse_second(self, name: str) -> None:
        taken = _SELECTIONS & self.values.keys() if name in _SELECTIONS else set()
        if taken and not (name == "pids" and taken == {"pids"}):
            raise CommandError("conflicting process selections (U/p/u)", program="top")

    def _signed(self, option: click.Option, word: str | None) -> str | None:
        """A field to sort by without a sign has that of the one before it."""
        before = self.values.get("order") if option.name == "order" else None
        if before is None or before.descending or not word or word[0] in "+-":
            return word
        return f"-{word}"

    def _store(self, option: click.Option, value: Any) -> None:
        name = str(option.name)
        super()._store(option, value)
        if (
            name == "pids"
            and len({pid for some in self.values["pids"] for pid in some}) > _MOST_PIDS
        ):
            raise CommandError(f"pid limit ({_MOST_PIDS}) exceeded", program="top")
