"""Bars of usage for rich views: text alone; who writes it paints it."""

from functools import lru_cache

from sysutils.cli.output.text import utf8_locale


@lru_cache(maxsize=1)
def _strokes() -> tuple[str, str, str]:
    """A full cell, half a cell, an empty cell."""
    return ("━", "╸", "─") if utf8_locale() else ("#", "", "-")


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


def level(share: float, warn: float = 0.7, full: float = 0.9) -> str:
    """Style for a share of 0 to 1: green, yellow from ``warn`` on, red from ``full`` on."""
    if share >= full:
        return "bold red"
    return "yellow" if share >= warn else "green"
