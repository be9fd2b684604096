"""Files with a line for each device, most of which say what they said last time."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lines(Generic[T]):
    """Rows by name of such a file; a line that is the same as last time is not read again."""

    def __init__(self, parse: Callable[[bytes], tuple[str, T] | None]) -> None:
        self._parse = parse
        self._known: dict[bytes, tuple[str, T]] = {}
        self._last: tuple[bytes, dict[str, T]] = (b"", {})

    def read(self, data: bytes, headings: int = 0) -> dict[str, T]:
        """What ``parse`` makes of each line after the headings, None left out."""
        last, rows = self._last
        if data == last:
            return rows.copy()
        known = self._known
        now: dict[bytes, tuple[str, T]] = {}
        for line in data.split(b"\n")[headings:]:
            row = known.get(line) or self._parse(line)
            if row is not None:
                now[line] = row
        rows = dict(now.values())
        self._known, self._last = now, (data, rows)
        return rows.copy()
