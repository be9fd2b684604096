"""The live top in a shell in tmux: panes that change their size, Ctrl-Z and back, what is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.children import DEADLINE, linux_only
from tests.support.stage import ROOT
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = linux_only
_SHELL = "exec env 'PS1=ready$ ' /bin/bash --norc --noprofile -i"


class Tmux:
    """A server of the test's own, with a shell in a pane."""

    def __init__(self, program: str, place: Path) -> None:
        self._words = [program, "-f", "/dev/null", "-S", str(place / "socket")]
        self._env = {
            "PATH": os.environ.get("PATH", os.defpath), "HOME": str(place), "LC_ALL": "C.UTF-8",
            "SHELL": "/bin/sh",  # a user's own may be one that lets nobody in
            "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "TMUX_TMPDIR": str(place),
        }  # fmt: skip

    def run(self, *words: str) -> str:
        """A command of tmux."""
        done = subprocess.run(
            [*self._words, *words], env=self._env, capture_output=True, text=True, check=False
        )
        return done.stdout

    def type(self, *keys: str) -> None:
        """Types keys, by tmux' names."""
        self.run("send-keys", "-t", "0", *keys)

    def shown(self) -> str:
        """What is in the pane."""
        return self.run("capture-pane", "-p", "-t", "0")

    def wait(self, true: Callable[[str], bool], what: str) -> str:
        """Waits until something is true of the pane."""
        end = time.monotonic() + DEADLINE
        while not true(text := self.shown()):
            if time.monotonic() > end:
                pytest.fail(f"{what} never came:\n{text}")
            time.sleep(0.05)
        return text


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    program = shutil.which("tmux")
    if program is None:
        skip("tmux is not installed")
    found = Tmux(program, tmp_path)
    found.run("new-session", "-d", "-x", "100", "-y", "30", _SHELL)
    try:
        found.wait(lambda text: "ready$" in text, "a shell")
        yield found
    finally:
        found.run("kill-server")


def test_a_session(tmux: Tmux) -> None:
    def table(text: str) -> bool:
        return "COMMAND" in text

    tmux.type(f"{sys.executable} -m sysutils top -d 600", "Enter")
    tmux.wait(table, "the table")
    for columns, lines in ((40, 10), (160, 45), (100, 30)):
        tmux.run("resize-window", "-x", str(columns), "-y", str(lines))
        text = tmux.wait(
            lambda text, n=lines: table(text) and len(text.rstrip("\n").split("\n")) > n // 2,
            "the table",
        )
        assert max(map(len, text.split("\n"))) <= columns
        assert text.count("COMMAND") == 1
    tmux.type("C-z")
    tmux.wait(lambda text: "Stopped" in text and not table(text), "the shell")
    tmux.type("echo $((6*7))", "Enter")
    tmux.wait(lambda text: "\n42\n" in text, "what the shell says")
    tmux.type("fg", "Enter")
    text = tmux.wait(lambda text: table(text) and "Stopped" not in text, "the table again")
    assert "42" not in text.split("COMMAND")[0].split()
    tmux.type("h")
    tmux.wait(lambda text: "Keys of top" in text, "help")
    tmux.type("q", "q")
    text = tmux.wait(lambda text: text.rstrip().endswith("ready$"), "the shell")
    assert "COMMAND" not in text
    tmux.type("stty -a | tr ' ;' '\\n\\n' | grep -cx -e echo -e icanon -e iexten", "Enter")
    tmux.wait(lambda text: "\n3\n" in text, "the terminal as it was")
    assert tmux.run("display-message", "-p", "-t", "0", "#{cursor_flag} #{alternate_on}") == "1 0\n"
