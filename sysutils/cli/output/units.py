"""Sizes for people, with the rounding of the classics."""

from struct import pack, unpack
from typing import NamedTuple

_LETTERS = "KMGTPEZYRQ"


def _single(value: float) -> float:
    """``value`` as a C float holds it."""
    number: float = unpack("f", pack("f", value))[0]
    return number


def scaled_procps(size: int, si: bool = False) -> str:
    """As ``free -h``: ``0B``, ``8.7Mi``, ``23Gi``, three characters and the unit; up to peta.

    One decimal where it fits, else whole units, cut; else the next unit (``1.0Mi`` for 1000 KiB). The
    quotient is a C float."""
    if size == 0:
        return "0B"
    base, end = (1000, "") if si else (1024, "i")
    text = ""
    unit = 1
    for letter in "KMGTP":
        unit *= base
        tail = letter + end
        text = f"{_single(size / unit):.1f}"
        if len(text) <= 3:
            return text + tail
        whole = abs(size) // unit
        text = f"{-whole if size < 0 else whole}"
        if len(text) <= 3:
            return text + tail
    return text + tail


class BlockSize(NamedTuple):
    """How GNU programs write sizes: in units of ``size`` bytes, or ``human``, each in a unit that fits.

    ``si``: powers of 1000. ``letters``: the unit stands behind every number, ``byte``: and a B behind
    that. ``grouped``: thousands are told apart as the locale has it."""

    size: int = 1024
    human: bool = False
    si: bool = False
    letters: bool = False
    byte: bool = False
    grouped: bool = False


HUMAN = BlockSize(1, human=True)
HUMAN_SI = BlockSize(1, human=True, si=True)
_LARGEST = (1 << 64) - 1


def _magnitude(letters: str) -> tuple[int, str]:
    """Bytes of the unit that ``letters`` begin with, and the rest of them; 0 for none.

    ``K``, ``KiB``: 1024, ``KB``: 1000."""
    letter = letters[:1]
    power = "KMGTPEZY".find(letter.upper() if letter in "kmgt" else letter)
    if not letter or power < 0:
        return 0, letters
    if letters[1:3] == "iB":
        return 1024 ** (power + 1), letters[3:]
    if letters[1:2] == "B":
        return 1000 ** (power + 1), letters[2:]
    return 1024 ** (power + 1), letters[1:]


def _number(text: str) -> tuple[int | None, str]:
    """What strtoumax(3) reads with base 0, and the rest; None for no number."""
    bare = text.lstrip(" \t\n\v\f\r")
    bare = bare[1:] if bare[:1] == "+" else bare
    base, digits = 10, "0123456789"
    if bare[:2] in {"0x", "0X"} and bare[2:3] in set("0123456789abcdefABCDEF") - {""}:
        base, digits, bare = 16, "0123456789abcdefABCDEF", bare[2:]
    elif bare[:1] == "0":
        base, digits = 8, "01234567"
    rest = bare.lstrip(digits)
    number = bare[: len(bare) - len(rest)]
    return (int(number[:400], base) if number else None), rest


def parse_block_size(spec: str) -> tuple[BlockSize | None, str]:
    """The argument of ``--block-size`` and what is wrong with it: "", "invalid", "invalid suffix in" or
    "too large". With an error the size is what an environment variable of that value means, None for
    none: there is no one to complain to there."""
    grouped = spec[:1] == "'"
    text = spec[1:] if grouped else spec
    if text and "human-readable".startswith(text):
        return HUMAN._replace(grouped=grouped), ""
    if text and "si".startswith(text):
        return HUMAN_SI._replace(grouped=grouped), ""
    number, rest = _number(text)
    if number is None:
        if text[:1] not in set("eEgGkKmMpPtTzZyY"):
            return None, "invalid"
        number, rest = 1, text
    unit, junk = _magnitude(rest) if rest else (1, "")
    problem = ""
    if number * (unit or 1) > _LARGEST:
        problem = "too large"
    if junk or not unit:
        problem = "invalid suffix in"
    size = min(number * (unit or 1), _LARGEST)
    if not size:
        return None, "invalid"
    letters = not any(char.isdigit() for char in text)
    byte = letters and rest[-1:] == "B"
    si = byte and rest[-2:-1] != "i"
    return BlockSize(size, False, si, letters, byte, grouped), problem


def _exponent(size: int, base: int) -> int:
    """The lowest power of ``base`` that is at least ``size``."""
    power = 0
    while base**power < size:
        power += 1
    return power


def _letter(power: int, si: bool) -> str:
    if not power:
        return ""
    return "k" if si and power == 1 else _LETTERS[power - 1]


def _tail(power: int, si: bool, byte: bool) -> str:
    """The unit behind a number: ``K``, ``kB``, ``KiB``, ``B``."""
    middle = "i" if byte and power and not si else ""
    return _letter(power, si) + middle + ("B" if byte else "")


def _rounded_up(size: int, base: int) -> tuple[str, int]:
    """``size`` in the unit that fits: one decimal below 10, never less than it is; and the power."""
    power = 0
    while power < len(_LETTERS) and size >= base ** (power + 1):
        power += 1
    while True:
        unit = base**power
        tenths = -(-size * 10 // unit)
        if power and tenths < 100:
            return f"{tenths // 10}.{tenths % 10}", power
        whole = -(-size // unit)
        if whole < base or power == len(_LETTERS):
            return str(whole), power
        power += 1


def scaled_gnu(size: int, style: BlockSize) -> str:
    """``size`` bytes as ``df`` and ``ls`` write them: rounded up, ``3.9G``, ``1.1kB``, ``512``."""
    sign = "-" if size < 0 else ""
    if style.human:
        text, power = _rounded_up(abs(size), 1000 if style.si else 1024)
        return sign + text + _tail(power, style.si, style.byte)
    text = str(-(-abs(size) // style.size))
    if style.grouped:
        text = _grouped(text)
    if style.letters:
        text += _tail(_exponent(style.size, 1000 if style.si else 1024), style.si, style.byte)
    return sign + text


def counted_gnu(count: int, style: BlockSize) -> str:
    """A number of things, such as inodes: ``style`` without its unit."""
    return scaled_gnu(count, style if style.human else style._replace(size=1))


def block_heading(style: BlockSize) -> str:
    """The unit in words: ``1K-blocks``, ``1.1kB-blocks``, ``512B-blocks``."""
    thousand = binary = style.size
    while not (thousand % 1000 or binary % 1024):
        thousand //= 1000
        binary //= 1024
    si = style.si if style.letters else bool(thousand % 1000 == 0 or binary % 1024)
    text, power = _rounded_up(style.size, 1000 if si else 1024)
    return f"{text.removesuffix('.0')}{_tail(power, si, style.byte or si)}-blocks"


def _grouped(digits: str) -> str:
    """``digits`` with the locale's separators between thousands."""
    import locale

    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "")
        return locale.format_string("%d", int(digits), grouping=True)
    except locale.Error:
        return digits
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
