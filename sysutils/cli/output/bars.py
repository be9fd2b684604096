"""Bars of usage for rich views: texts and the names of their styles; who writes them paints them."""

from collections.abc import Sequence
from functools import lru_cache

from sysutils.cli.output.text import utf8_locale

#: style of what is empty or not there
EMPTY = "dim"


@lru_cache(maxsize=1)
def _strokes() -> tuple[str, str, str]:
    """A full cell, half a cell, an empty cell."""
    return ("━", "╸", "─") if utf8_locale() else ("#", "", "-")


def _further() -> str:
    """A cell of a further part, told apart without colours too."""
    return "╍" if utf8_locale() else "="


def rule() -> str:
    """A piece of a horizontal line."""
    return _strokes()[2]


def bar(share: float, width: int) -> tuple[str, str]:
    """The filled and the empty part of a bar, ``width`` characters together. ``share`` is 0 to 1; beyond
    that the bar is empty or full. Any use shows, and only what is full looks full."""
    full, half, empty = _strokes()
    steps = 2 if half else 1
    filled = min(max(round(share * width * steps), 0), width * steps)
    if 0 < share < 1:
        filled = min(max(filled, 1), width * steps - 1)
    cells, rest = divmod(filled, steps)
    text = full * cells + half * rest
    return text, empty * (width - len(text))


@lru_cache(maxsize=4096)
def gauge(parts: tuple[tuple[float, str], ...], width: int) -> tuple[tuple[str, str], ...]:
    """A bar of parts, each a share of 0 to 1 with its style: texts with their styles, the empty rest last,
    ``width`` characters together. Any part shows, and only what is full looks full."""
    if len(parts) == 1:
        filled, rest = bar(parts[0][0], width)
        return (filled, parts[0][1]), (rest, EMPTY)
    full, _, empty = _strokes()
    texts: list[tuple[str, str]] = []
    before, done = 0.0, 0
    for share, style in parts:
        before += share
        end = min(max(round(before * width), done + (share > 0)), width - (before < 1))
        texts.append(((_further() if texts else full) * (end - done), style))
        done = max(done, end)
    return (*texts, (empty * (width - done), EMPTY))


def level(share: float, warn: float = 0.7, full: float = 0.9) -> str:
    """Style for a share of 0 to 1: green, yellow from ``warn`` on, red from ``full`` on."""
    if share >= full:
        return "bold red"
    return "yellow" if share >= warn else "green"


def levels(share: float, warn: float = 0.7, full: float = 0.9) -> Sequence[tuple[float, str]]:
    """The one part of a gauge whose style tells how full it is."""
    return ((share, level(share, warn, full)),)
