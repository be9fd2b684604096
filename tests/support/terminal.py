"""A command on a terminal of its own, and what a person would see there.

    screen = show(["ps"], columns=100, env={"NO_COLOR": "1"})
    screen.lines, screen.cell(0, 3).bold

    with Terminal(["top"], columns=80, lines=24) as terminal:
        terminal.wait_for("PID")
        terminal.type("q")
        assert terminal.finish() == 0

pyte interprets the output as an xterm would. Words are those of ``sysutils``, unless ``program``
names another program.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import select
import struct
import sys
import termios
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.children import DEADLINE, member
from tests.support.stage import ROOT
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Self


class Screen(NamedTuple):
    """What is on the screen. ``cells[line][column]`` has data, fg, bg, bold, reverse, … of pyte.

    ``raw`` is all that the command wrote; ``returncode`` None while it runs.
    """

    lines: list[str]
    cells: list[list[Any]]
    cursor: tuple[int, int]
    raw: bytes
    returncode: int | None

    @property
    def text(self) -> str:
        """The lines that are not empty at the end, joined."""
        return "\n".join(self.lines).rstrip("\n")

    def cell(self, line: int, column: int) -> Any:
        """One character with its attributes."""
        return self.cells[line][column]

    def coloured(self) -> bool:
        """Whether any character has a colour."""
        return any(
            cell.fg != "default" or cell.bg != "default" for row in self.cells for cell in row
        )


def _environment(term: str, extra: Mapping[str, str] | None) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    env = {"PATH": os.defpath, "HOME": "/", "LC_ALL": "C.UTF-8", "TZ": "UTC0", "TERM": term}
    return {**env, "PYTHONPATH": path, **(extra or {})}


class Terminal:
    """A running command and its terminal."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        term: str = "xterm-256color",
        env: Mapping[str, str] | None = None,
        program: str | None = None,
    ) -> None:
        try:
            pyte = importlib.import_module("pyte")
        except ImportError:
            skip("pyte is not installed")
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._raw = b""
        self._argv = [program, *argv] if program else [sys.executable, "-m", "sysutils", *argv]
        self._env = _environment(term, env)
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._master, inner = os.openpty()
        self._open.callback(os.close, self._master)
        self._set_size(inner)
        orders: dict[str, Any] = {"session": True, "tty": os.ttyname(inner), "env": self._env}
        try:
            self._child = self._open.enter_context(
                member(**orders, foreground=True, program=self._argv[0], argv=self._argv)
            )
        finally:
            os.close(inner)  # from here on the command alone holds it, so its end is an end of file
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def _set_size(self, fd: int) -> None:
        size = struct.pack("HHHH", self._screen.lines, self._screen.columns, 0, 0)
        fcntl.ioctl(fd, termios.TIOCSWINSZ, size)

    def resize(self, columns: int, lines: int) -> None:
        """Changes the terminal's size, of which the command is told by SIGWINCH."""
        self._screen.resize(lines, columns)
        self._set_size(self._master)

    def hang_up(self) -> None:
        """The terminal goes away; nothing can be read of it any more."""
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), self._master)

    def type(self, keys: str | bytes) -> None:
        """Types."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def _take(self, seconds: float) -> bool:
        """Reads what there is, waiting so long for it; False at the end of all output."""
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            return False
        self._raw += data
        self._stream.feed(data)
        return bool(data)

    def screen(self) -> Screen:
        """What is on the screen now."""
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        cells = [[self._screen.buffer[row][column] for column in columns] for row in rows]
        lines = [line.rstrip() for line in self._screen.display]
        cursor = (self._screen.cursor.y, self._screen.cursor.x)
        return Screen(lines, cells, cursor, self._raw, self._child.process.poll())

    def wait_for(self, text: str) -> Screen:
        """Waits until ``text`` is on the screen; returns the screen."""
        return self.wait_until(lambda screen: text in "\n".join(screen.lines), repr(text))

    def _half_painted(self) -> bool:
        """Whether a frame (synchronized output) has begun and not ended."""
        return self._raw.rfind(b"\x1b[?2026h") > self._raw.rfind(b"\x1b[?2026l")

    def wait_until(self, true: Callable[[Screen], bool], what: str) -> Screen:
        """Waits until something is true of a screen that is painted to its end; returns the screen."""
        end = time.monotonic() + DEADLINE
        while self._half_painted() or not true(self.screen()):
            if not self._take(0.1) or time.monotonic() > end:
                pytest.fail(f"{what} never came on the screen:\n{self.screen().text}")
        return self.screen()

    def finish(self) -> int:
        """Reads until the command ends; its exit status."""
        end = time.monotonic() + DEADLINE
        while self._take(0.1):
            if time.monotonic() > end:
                pytest.fail(f"{self._argv} doesn't end:\n{self.screen().text}")
        return self._child.process.wait(DEADLINE)


def show(argv: Sequence[str], *, keys: str = "", **options: Any) -> Screen:
    """Runs a command on a terminal to its end; what it left on the screen.

    ``options`` are those of ``Terminal``: columns, lines, term, env, program. ``keys`` are typed
    at the start.
    """
    with Terminal(argv, **options) as terminal:
        if keys:
            terminal.type(keys)
        terminal.finish()
        return terminal.screen()
