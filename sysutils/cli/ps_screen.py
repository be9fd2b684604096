"""The screen that ps(1) writes for: as options say, the environment, or a terminal."""

import os
import sys

from sysutils.cli.output.stream import write_error
from sysutils.cli.ps_request import Options

#: columns of a screen that has no width
UNLIMITED = 131072
_NARROWEST, _LOWEST = 9, 2


def width(options: Options) -> int:
    """Columns."""
    asked = options.last("width")
    columns = own_size().columns if asked is None else int(asked)
    wide = options.count("wide")
    if wide:
        return UNLIMITED if wide > 1 else max(columns, 132)
    return columns


def height(options: Options) -> int:
    """Lines."""
    asked = options.last("height")
    return own_size().lines if asked is None else int(asked)


def own_size() -> os.terminal_size:
    """As environment and terminal have it; a pipe has no width."""
    columns, lines = _positive("COLUMNS"), _positive("LINES")
    if not (columns and lines):
        found = terminal()
        columns, lines = columns or found.columns, lines or found.lines
    return os.terminal_size((columns, lines))


def _positive(variable: str) -> int:
    text = os.environ.get(variable, "")
    return int(text) if text.isdecimal() and text.isascii() else 0


def terminal() -> os.terminal_size:
    """Of standard output."""
    try:
        if sys.__stdout__ is not None and sys.__stdout__.isatty():
            size = os.get_terminal_size(sys.__stdout__.fileno())
            return size if all(size) else os.terminal_size((80, 24))  # a new one has no size yet
    except (OSError, ValueError):
        pass
    return os.terminal_size((UNLIMITED, 24))


def warn_of_size() -> None:
    """What the classic says about a screen that is hardly one."""
    size = own_size()
    if size.columns < _NARROWEST or size.lines < _LOWEST:
        write_error(f"your {size.columns}x{size.lines} screen size is bogus. expect trouble\n")
