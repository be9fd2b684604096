"""A text on a live screen: scrolled below its heading, with what has changed standing out."""

import time
from collections.abc import Sequence
from os import terminal_size

from sysutils.cli.live import loop, styled
from sysutils.cli.live.changes import bare, counterparts
from sysutils.cli.live.scroll import VI
from sysutils.cli.output.text import cells, cut_cells

_SHORTEST, _LONGEST = 0.1, 86400.0
#: a heading that stays where it is stands in these lines, if at all
_FIRST = 8
_SIDEWAYS = 8


def is_heading(line: str) -> bool:
    """Whether a line is the heading of a table, which stays where it is."""
    found = styled.parse(line)
    return bool(found) and all(cell.style == found[0].style for cell in found) and "4m" in line[:12]


class Sheet:
    """The screen; whoever has the text calls ``put`` in ``look``."""

    differences = True

    def __init__(self, title: str, seconds: float) -> None:
        self.interval = seconds
        self.paused = False
        self._title = title
        self._lines: list[str] = []
        self._before: list[str] = []
        self._pairs: list[int | None] | None = None
        self._top = self._left = 0
        self._taken = ""

    def look(self, size: terminal_size) -> None:
        """Takes a new look."""
        raise NotImplementedError

    def put(self, text: str, compared: bool = True) -> None:
        """The text that is shown from now on; with what differs from the one before, if it is to be
        ``compared``."""
        self._before, self._lines = self._lines, text.rstrip("\n").split("\n")
        self._pairs = None
        if self._taken and compared and self.differences:
            self._pairs = counterparts(
                [bare(line) for line in self._lines], [bare(line) for line in self._before]
            )
        self._taken = time.strftime("%H:%M:%S")

    # --- the screen

    def lines(self, size: terminal_size) -> list[str]:
        """The text, below a line that tells what it is."""
        fixed = self._fixed(size.lines)
        room = max(1, size.lines - 1 - fixed)
        self._top = max(0, min(self._top, len(self._lines) - fixed - room))
        first = fixed + self._top
        places = [*range(fixed), *range(first, min(len(self._lines), first + room))]
        shown = (styled.cut(self._line(place), size.columns, self._left) for place in places)
        return [self._head(size.columns), *map(styled.text_of, shown)][: size.lines]

    def _fixed(self, height: int) -> int:
        """Lines up to the heading, where that is near the top and leaves room for what is below it."""
        for place, line in enumerate(self._lines[:_FIRST]):
            if is_heading(line):
                return place + 1 if (place + 1) * 2 < height else 0
        return 0

    def _line(self, place: int) -> list[styled.Cell]:
        line = styled.parse(self._lines[place])
        if self._pairs is None or not self.differences:
            return line
        old = self._pairs[place]
        return styled.marked(line, [] if old is None else styled.parse(self._before[old]))

    @property
    def keys(self) -> Sequence[str]:
        """What the first line tells of keys, where there is room, the most useful first."""
        return ("q quit", "p pause", "d differences", "+ - interval", "arrows scroll")

    def state(self) -> str:
        """What the first line tells beside the title."""
        return "paused" if self.paused else f"every {self.interval:g} s"

    def _head(self, width: int) -> str:
        left = f"{self._title}  {self.state()}"
        right = f"  {self._taken}"
        room = width - cells(left) - cells(right)
        for word in self.keys:
            if room < len(word) + 2:
                break
            left += f"  {word}"
            room -= len(word) + 2
        left = cut_cells(left, max(0, width - cells(right)))
        text = left + " " * (width - cells(left) - cells(right)) + right
        return f"\x1b[7m{cut_cells(text, width)}\x1b[0m"

    # --- keys

    def press(self, key: str, size: terminal_size) -> str:
        """What follows of a key."""
        if key in {"q", "escape"}:
            return loop.END
        if self._scroll(VI.get(key, key), size):
            return loop.PAINT
        if key == "p":
            self.paused = not self.paused
            return loop.PAINT if self.paused else loop.LOOK
        if key == "d":
            self.differences = not self.differences
        elif key in {"+", "-"}:
            factor = 2 if key == "+" else 0.5
            self.interval = min(max(_SHORTEST, self.interval * factor), _LONGEST)
        return loop.LOOK if key in {"space", "enter", "r", "ctrl-l"} else loop.PAINT

    def _scroll(self, key: str, size: terminal_size) -> bool:
        page = max(1, size.lines - 1 - self._fixed(size.lines))
        steps = {
            "down": 1, "up": -1, "pagedown": page, "ctrl-f": page, "pageup": -page, "ctrl-b": -page,
            "home": -len(self._lines), "end": len(self._lines),
        }  # fmt: skip
        if key in steps:
            self._top = max(0, self._top + steps[key])
        elif key in {"left", "right"}:
            widest = max((cells(bare(line)) for line in self._lines), default=0)
            step = _SIDEWAYS if key == "right" else -_SIDEWAYS
            self._left = max(0, min(self._left + step, widest - size.columns // 2))
        else:
            return False
        return True
