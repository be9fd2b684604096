"""Sizes for people, with the rounding of the classics."""

from struct import pack, unpack

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
