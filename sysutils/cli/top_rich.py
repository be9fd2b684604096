"""A frame of top(1) in colours."""

import re
from collections.abc import Sequence

from sysutils.cli.output import as_rich
from sysutils.cli.output.column import Column
from sysutils.cli.output.stream import Kept
from sysutils.cli.top_columns import Task
from sysutils.cli.top_text import Screen, fitting

_PARTS = re.compile(r"(^top|^[%A-Za-z()0-9 ]+:)|([0-9][0-9.:]*)|([^0-9]+)")


def _painted(screen: as_rich.Screen, text: str) -> str:
    def paint(part: re.Match[str]) -> str:
        if part[3]:
            return part[3]
        return screen.paint(part[0], "cyan" if part[1] else "bold")

    return _PARTS.sub(paint, text)


def picture(
    groups: Sequence[Sequence[str]], columns: Sequence[Column], tasks: Sequence[Task]
) -> str:
    """The whole frame."""
    screen = as_rich.Screen()
    top = fitting(groups, Screen(screen.width))
    out = Kept()
    out.write("".join(f"{_painted(screen, text.rstrip())}\n" for text in top) + "\n")
    as_rich.write(columns, tasks, out)
    return out.text
