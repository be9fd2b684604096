"""Pictures of the terminal for the documentation: ``python -m tests.pictures`` writes ``docs/pictures/``.

The commands run on the recorded machines of the tests, so that a picture changes only where the program
does. Needs root, to set these machines up."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.support.mounts import Line, Tmpfs, among
from tests.support.sidebyside import Case, run_ours

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Path(__file__).parents[1] / "docs" / "pictures"
COLUMNS = 100
ENV = (
    ("COLUMNS", str(COLUMNS)), ("LINES", "24"), ("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"),
)  # fmt: skip
#: name of the picture -> command line, recorded machine, lines shown
SHOWN = {
    "ps": ("ps auxf", "small", 24),
    "free": ("free -w -t", "small", 6),
    "netstat": ("netstat -tan", "sockets", 14),
    "iostat": ("iostat -xz", "io", 14),
    "top": ("top -b -n 1", "small", 20),
    "uptime": ("uptime", "small", 5),
}
DF = [
    Tmpfs("srv", "/dev/mapper/vg0-srv", "size=64M,nr_inodes=1000"),
    Tmpfs("home", "/dev/mapper/vg0-home", "size=600G"),
    Tmpfs("backup", "store:/export/backup", "size=3T"),
]
_THEME = TerminalTheme(
    (13, 17, 23),
    (201, 209, 217),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34),
     (88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65),
     (121, 192, 255), (210, 168, 255), (86, 212, 221), (240, 246, 252)],
)  # fmt: skip


def picture(title: str, output: bytes, lines: int) -> str:
    """An SVG of what a terminal shows of ``output``: its first ``lines``."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )  # fmt: skip
    for line in output.decode("utf-8", "replace").splitlines()[:lines]:
        console.print(Text.from_ansi(line), soft_wrap=True)
    svg = console.export_svg(title=title, theme=_THEME, unique_id="sysutils")
    svg = re.sub(
        r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL
    )  # nothing is loaded from elsewhere
    return svg.replace("Fira Code", "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas")


def pictures() -> Iterator[tuple[str, str]]:
    """``(name, SVG)`` of each."""
    for name, (words, tree, lines) in SHOWN.items():
        answer = run_ours(Case(tree, (*words.split(), "--rich"), ENV))
        output = answer.stdout.replace(os.uname().release.encode(), b"6.12.9")
        yield name, picture(f"sysutils {words}", output, lines)
    line = Line(("df", "-h", *(mount.path for mount in DF), "--rich"), ENV)
    ((_, answer),) = among([*DF], [line])
    yield "df", picture("sysutils df -h", answer.stdout, 8)


def main() -> None:
    """Writes them all."""
    PLACE.mkdir(exist_ok=True)
    for name, svg in pictures():
        (PLACE / f"{name}.svg").write_text(svg)
        sys.stdout.write(f"docs/pictures/{name}.svg\n")


if __name__ == "__main__":
    main()
