"""--watch: the same command again and again, in place on a terminal, one after the other in a pipe."""

import json
import os
import signal
import subprocess
import sys
import termios
from importlib import import_module

import pytest

from sysutils.cli import COMMANDS
from tests.cli.beside import OURS, environment, ours
from tests.support.terminal import Terminal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it needs fork(2)")

WATCHED = {
    "df",
    "free",
    "ifconfig",
    "iostat",
    "lsof",
    "netstat",
    "pidof",
    "pmap",
    "ps",
    "uptime",
    "who",
}


def reports(*words: str, lines: int) -> list[bytes]:
    """The first lines of a command that runs on; then nobody reads any more."""
    with subprocess.Popen([*OURS, *words], stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        found = [process.stdout.readline() for _ in range(lines)]
        process.stdout.close()
        assert process.wait(60) == -signal.SIGPIPE
    return found


def test_in_a_pipe_report_follows_report() -> None:
    found = reports("uptime", "--watch", "0.1", lines=3)
    assert all(b"load average: " in line for line in found)


def test_a_command_that_outlives_its_readers_ends_with_them_too() -> None:
    reports("ps", "-e", "--watch", "0.1", lines=1)


def test_for_programs_a_document_each() -> None:
    for line in reports("uptime", "--jsonl", "--watch=0.1", lines=3):
        assert json.loads(line)["uptime"] > 0


def test_the_first_report_that_fails_is_the_last() -> None:
    done = ours("df", "--watch", "0.1", "/nope")
    assert (done.returncode, done.stderr) == (1, b"df: /nope: No such file or directory\n")


@pytest.mark.parametrize("word", ["x", "0", "-1", "nan", "inf", ""])
def test_an_interval_that_is_none(word: str) -> None:
    done = ours("free", "--watch", word)
    assert done.returncode == 1
    assert done.stdout == b""
    assert f"free: invalid interval '{word}' for '--watch'".encode() in done.stderr


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_shows_state_can_be_watched(name: str) -> None:
    command = import_module(f"sysutils.cli.{name}").command
    assert any("--watch" in option.opts for option in command.params) == (name in WATCHED)


# --- on a terminal


def test_it_repaints_and_gives_the_terminal_back() -> None:
    with Terminal(["uptime", "--watch", "0.2"], columns=100, lines=10) as terminal:
        first = terminal.wait_for("15 min")
        assert first.lines[0].startswith("sysutils uptime --watch 0.2  every 0.2 s")
        terminal.type("p")
        terminal.wait_for("paused")
        terminal.type("q")
        assert terminal.finish() == 0
        raw = terminal.screen().raw
    assert raw.startswith(b"\x1b[?1049h")
    assert raw.rstrip().endswith(b"\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l")


def test_the_heading_stays_and_lines_scroll() -> None:
    with Terminal(["ps", "-e", "--watch", "60"], columns=60, lines=5) as terminal:
        screen = terminal.wait_for("PID")
        first = screen.lines[2]
        terminal.type("jj")
        screen = terminal.wait_until(lambda screen: screen.lines[2] != first, "another line")
        assert "PID" in screen.lines[1]
        assert len(screen.lines) == 5
        terminal.type(b"\x1b[H")
        terminal.wait_for(first.strip())
        terminal.type(b"\x1b")
        assert terminal.finish() == 0


def test_another_size_is_painted_anew() -> None:
    with Terminal(["df", "--watch", "60"], columns=120, lines=20) as terminal:
        terminal.wait_for("Mounted on")
        terminal.resize(40, 10)
        screen = terminal.wait_for("Avail")
        assert max(map(len, screen.lines)) <= 40
        terminal.type("q")
        assert terminal.finish() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_and_give_the_terminal_back(number: signal.Signals) -> None:
    with Terminal(["free", "--watch", "60"]) as terminal:
        terminal.wait_for("Mem")
        os.kill(terminal._child.pid, number)
        assert terminal.finish() == 128 + number
        assert terminal.screen().raw.rstrip().endswith(b"\x1b[?1049l")


def test_keys_are_read_one_by_one_and_lines_again_afterwards() -> None:
    program = (
        "import os, subprocess, sys, termios\n"
        "before = termios.tcgetattr(0)\n"
        "code = subprocess.call([sys.executable, '-m', 'sysutils', 'uptime', '--watch', '60'])\n"
        "same = termios.tcgetattr(0) == before\n"
        "print('\\r\\nsame' if same else 'changed', code)\n"
    )
    with Terminal(["-c", program], program=sys.executable) as terminal:
        terminal.wait_for("15 min")
        inside = termios.tcgetattr(terminal._master)
        assert not inside[3] & termios.ICANON
        terminal.type("q")
        terminal.wait_for("same 0")
        assert terminal.finish() == 0
