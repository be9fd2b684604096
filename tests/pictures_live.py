"""The live top of the pictures: a recorded machine on which some processes work, look after look."""

from __future__ import annotations

from math import sin
from os import terminal_size
from typing import TYPE_CHECKING
from unittest.mock import patch

from sysutils import core
from sysutils.cli import top_look
from sysutils.cli.load import Report
from sysutils.cli.top_live import Live
from sysutils.cli.top_state import Settings, State
from tests.support import trees
from tests.support.crowd_orders import USERS

if TYPE_CHECKING:
    from pathlib import Path

#: ticks of CPU time a second, at most, of those that work
_WORK = (91.0, 48.0, 33.0, 14.0, 6.0, 3.0, 1.0, 1.0)
_LOOKS = 40
_SECONDS = 3
#: Friday, noon
_NOW = 1_750_420_800.0


class _Machine:
    def __init__(self, proc: Path) -> None:
        self.proc = proc
        found = sorted(int(path.name) for path in proc.iterdir() if path.name.isdigit())
        sizes = {pid: int(self._fields(pid)[1][21]) for pid in found}
        self.working = sorted(found, key=lambda pid: -sizes[pid])[: len(_WORK)]

    def _fields(self, pid: int) -> tuple[str, list[str]]:
        text = (self.proc / str(pid) / "stat").read_bytes().decode("latin-1")
        head, _, rest = text.rpartition(") ")
        return head, rest.split()

    def _write(self, name: str, text: str) -> None:
        path = self.proc / name
        path.chmod(0o644)
        path.write_bytes(text.encode("latin-1"))

    def advance(self, number: int) -> None:
        """Some seconds later."""
        up, idle = map(float, (self.proc / "uptime").read_text().split())
        self._write("uptime", f"{up + _SECONDS:.2f} {idle:.2f}\n")
        busy = 0
        for place, (pid, most) in enumerate(zip(self.working, _WORK, strict=True)):
            spent = int(_SECONDS * most * (0.75 + 0.25 * sin(number / 4 + place)))
            head, fields = self._fields(pid)
            fields[11] = str(int(fields[11]) + spent)
            self._write(f"{pid}/stat", f"{head}) {' '.join(fields)}\n")
            busy += spent
        lines = (self.proc / "stat").read_text().split("\n")
        for line, share in ((1, 0.7), (2, 0.3)):
            name, *ticks = lines[line].split()
            figures = [*map(int, ticks)]
            spent = int(busy * share)
            for place, gain in (
                (0, spent * 3 // 4),
                (2, spent // 4),
                (3, 100 * _SECONDS - spent),
                (4, 6),
            ):
                figures[place] += max(gain, 0)
            lines[line] = " ".join([name, *map(str, figures)])
        self._write("stat", "\n".join(lines))


def _report() -> Report:
    return Report(_NOW, 416 * 86400 + 57590.0, 3, (1.42, 0.98, 0.61))


def top(columns: int, lines: int) -> bytes:
    """The screen after some looks."""
    machine = _Machine(trees.fresh("crowd"))
    size = terminal_size((columns, lines))
    live = Live(State(Settings(interval=_SECONDS)))
    before = core.PROCFS_PATH
    try:
        core.PROCFS_PATH = str(machine.proc)
        with (
            patch.object(top_look, "report", _report),
            patch.object(top_look, "_SOON", 0.0),
            patch.object(core, "user_name", USERS.get),
            patch.object(core, "cpu_count", lambda: 2),
        ):
            for number in range(_LOOKS):
                machine.advance(number)
                live.look(size)
            return "\n".join(live.lines(size)).encode()
    finally:
        core.PROCFS_PATH = before
