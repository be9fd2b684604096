"""Meters of live screens: bars of several parts, and sparklines of what was before."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sysutils.cli.output.palette import Palette
from sysutils.cli.output.text import utf8_locale


@lru_cache(maxsize=1)
def _strokes() -> tuple[str, str]:
    """A full cell and an empty one."""
    return ("━", "─") if utf8_locale() else ("|", ".")


@lru_cache(maxsize=1)
def _levels() -> str:
    return "▁▂▃▄▅▆▇█" if utf8_locale() else "_.:-=+*#"


def split(shares: Sequence[float], width: int) -> list[int]:
    """Cells of each part of a bar, by the shares (0 to 1) of the whole. The parts together are as long as
    their sum asks for; a part that is there at all shows where there is room for it."""
    ends, total = [], 0.0
    for share in shares:
        total += max(share, 0.0)
        ends.append(min(round(total * width), width))
    found = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    if found and sum(found) == 0 and total > 0.005 and width:
        found[max(range(len(shares)), key=shares.__getitem__)] = 1
    return found


def pieces(parts: Iterable[tuple[float, str]], width: int) -> list[tuple[str, str]]:
    """A bar of parts, each a share of the whole and its style: texts and their styles."""
    full, empty = _strokes()
    pairs = list(parts)
    counts = split([share for share, _ in pairs], width)
    drawn = [
        (full * count, style) for count, (_, style) in zip(counts, pairs, strict=True) if count
    ]
    return [*drawn, (empty * (width - sum(counts)), "dim")]


def bar(palette: Palette, parts: Iterable[tuple[float, str]], width: int) -> str:
    """The same, painted."""
    return "".join([palette.paint(*piece) for piece in pieces(parts, width)])


def spark(values: Sequence[float], width: int, most: float = 1.0) -> str:
    """The last ``width`` values as columns of different height, the newest at the right; before the first
    there are blanks. ``most`` is the highest."""
    levels = _levels()
    shown = values[-width:] if width > 0 else ()
    text = "".join(
        levels[min(max(int(value / most * len(levels)), 0), len(levels) - 1)]
        if most > 0
        else levels[0]
        for value in shown
    )
    return text.rjust(max(width, 0))


def load_style(share: float, warn: float = 0.5, full: float = 0.8) -> str:
    """Style of a share that is used: unremarkable, yellow, red."""
    if share >= full:
        return "bold red"
    return "yellow" if share >= warn else ""
