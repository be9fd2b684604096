"""A line that is typed on a live screen: the text, and where in it one is."""

from typing import NamedTuple

from sysutils.cli.output.text import cells

#: what ``typed`` tells beside the line
OPEN, DONE, GIVEN_UP = "open", "done", "given up"


class Entry(NamedTuple):
    """What was typed so far."""

    text: str = ""
    place: int = 0

    @classmethod
    def of(cls, text: str) -> "Entry":
        """A line that begins with a text, to be changed."""
        return cls(text, len(text))

    def typed(self, key: str) -> "tuple[Entry, str]":
        """After a key: the line, and whether it is ended."""
        if key in {"enter", "escape", "ctrl-c", "ctrl-g"}:
            return self, DONE if key == "enter" else GIVEN_UP
        text, place = self
        before, after = text[:place], text[place:]
        if key == "backspace":
            before = before[:-1]
        elif key in {"delete", "ctrl-d"}:
            after = after[1:]
        elif key == "ctrl-u":
            before = ""
        elif key == "ctrl-k":
            after = ""
        elif key == "ctrl-w":
            words = before.rstrip()
            before = words[: words.rfind(" ") + 1]
        elif key in {"left", "ctrl-b"}:
            before, after = before[:-1], before[-1:] + after
        elif key in {"right", "ctrl-f"}:
            before, after = before + after[:1], after[1:]
        elif key in {"home", "ctrl-a"}:
            before, after = "", text
        elif key in {"end", "ctrl-e"}:
            before, after = text, ""
        elif key == "space":
            before += " "
        elif len(key) == 1:
            before += key
        return Entry(before + after, len(before)), OPEN

    def shown(self, width: int) -> tuple[str, str, str]:
        """What is before the cursor, under it and after it, in ``width`` columns: the part around the
        cursor where the line is longer."""
        before, under, after = (
            self.text[: self.place],
            self.text[self.place :][:1],
            self.text[self.place + 1 :],
        )
        under = under or " "
        while before and cells(before) + cells(under) > width:
            before = before[1:]
        while after and cells(before) + cells(under) + cells(after) > width:
            after = after[:-1]
        return before, under, after
