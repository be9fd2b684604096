"""Where one is in a list that is longer than the screen."""

from typing import NamedTuple


class Scroll(NamedTuple):
    """The first item shown, and the one selected."""

    top: int = 0
    place: int = 0

    def within(self, count: int, page: int) -> "Scroll":
        """The same, as ``count`` items and a page of ``page`` of them allow it: what is selected is shown."""
        page = max(page, 1)
        place = max(0, min(self.place, count - 1))
        top = min(max(self.top, place - page + 1), place)
        return Scroll(max(0, min(top, count - page)), place)

    def moved(self, key: str, count: int, page: int) -> "Scroll | None":
        """After a key that moves the selection; None for any other key."""
        steps = {
            "down": 1, "up": -1, "pagedown": page, "pageup": -page, "ctrl-f": page, "ctrl-b": -page,
            "ctrl-d": max(1, page // 2), "ctrl-u": -max(1, page // 2), "home": -count, "end": count,
        }  # fmt: skip
        if key not in steps:
            return None
        step = steps[key]
        top = self.top + step if abs(step) == page and page > 1 else self.top
        return Scroll(max(0, top), self.place + step).within(count, page)

    def turned(self, key: str, count: int, page: int) -> "Scroll | None":
        """After a key that moves the page, where nothing is selected: a text is read so."""
        if key in {"up", "down"}:
            top = self.top + (1 if key == "down" else -1)
        else:
            moved = Scroll(self.top, self.top).moved(key, count, page)
            if moved is None:
                return None
            top = moved.place
        top = max(0, min(top, count - page))
        return Scroll(top, top)


#: vi's keys for moving, as the keys above
VI = {"j": "down", "k": "up", "g": "home", "G": "end", "h": "left", "l": "right"}
