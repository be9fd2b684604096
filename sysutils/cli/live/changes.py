"""Which line of a report is which line of the one before, so that what has changed can stand out."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def bare(line: str) -> str:
    """A line without its styles."""
    return _STYLE.sub("", line) if "\x1b" in line else line


def _name(line: str) -> str:
    """What most tables begin their rows with: a name, or a user and a process."""
    return " ".join(line.split(None, 2)[:2])


def counterparts(lines: Sequence[str], before: Sequence[str]) -> list[int | None]:
    """For each line, without styles, the place of the line before that it is compared with: the same line
    wherever it was, else one that begins alike, else the one at its place. None: it is new."""
    found: list[int | None] = [None] * len(lines)
    free = set(range(len(before)))
    for key in (str, _name):
        _match(lines, before, found, free, key)
    for place in range(len(lines)):
        if found[place] is None and place in free and len(lines) == len(before):
            found[place] = place
    return found


def _match(
    lines: Sequence[str], before: Sequence[str], found: list[int | None], free: set[int],
    key: Callable[[str], str],
) -> None:  # fmt: skip
    """Pairs of lines that ``key`` makes the same, in their order."""
    places: dict[str, list[int]] = defaultdict(list)
    for place in sorted(free, reverse=True):
        places[key(before[place])].append(place)
    for place, line in enumerate(lines):
        if found[place] is None and (same := places.get(key(line))):
            found[place] = same.pop()
            free.discard(found[place] or 0)
