"""The live top on terminals: what keys do to the screen, sizes, signals, names made to break it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from sysutils.cli.output.text import cells
from tests.support.children import DEADLINE, linux_only, member, sleeper
from tests.support.terminal import Screen, Terminal

pytestmark = linux_only
SIZES = [(40, 10), (80, 24), (120, 40), (200, 60)]
STILL = ["top", "-d", "600"]


def _typed(terminal: Terminal, key: str, text: str) -> Screen:
    """Types a key and waits for what it brings to the screen."""
    terminal.type(key)
    return terminal.wait_for(text)


def _ended(terminal: Terminal) -> Screen:
    """Ends it with q; the terminal is as it was."""
    terminal.type("q")
    assert terminal.finish() == 0
    screen = terminal.screen()
    assert screen.raw.count(b"\x1b[?1049h") == screen.raw.count(b"\x1b[?1049l")
    assert screen.raw.rindex(b"\x1b[?25h") > screen.raw.rindex(b"\x1b[?25l")
    assert screen.raw.rindex(b"\x1b[?7h") > screen.raw.rindex(b"\x1b[?7l")
    assert screen.raw.index(b"\x1b[?2026h") < screen.raw.rindex(b"\x1b[?2026l")
    assert b"Traceback" not in screen.raw
    return screen


def _heading(screen: Screen) -> int:
    """The line of the headings."""
    found = (place for place, line in enumerate(screen.lines) if "COMMAND" in line)
    return next(found, len(screen.lines) - 1)


def _rows(screen: Screen) -> list[list[str]]:
    """The words of the lines below the heading."""
    return [line.split() for line in screen.lines[_heading(screen) + 1 :] if line.strip()]


def _first(screen: Screen) -> str:
    rows = _rows(screen)
    return rows[0][0] if rows else ""


# --- the screen


@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("words", [[], ["-1"], ["-H"]])
def test_it_fits_the_screen(columns: int, lines: int, words: list[str]) -> None:
    names = ["漢字の名前です", "e\u0301e\u0301e\u0301", "\x1b[31mred", "a\tb\nc", "\u202egnirts"]
    hostile = " ".join(names).encode().decode("latin-1")
    short = names[0][:5].encode().decode("latin-1")
    with member(name=short) as one, member(name="plain", cmdline=hostile) as two:
        more = [*STILL, *words, "-c", "-p", f"{one.pid},{two.pid}"]
        with Terminal(more, columns=columns, lines=lines) as terminal:
            screen = terminal.wait_until(
                lambda s: {str(one.pid), str(two.pid)} <= {row[0] for row in _rows(s)}, "both"
            )
            # nothing wrapped: each line was written by itself, at its place
            assert max(cells(line) for line in screen.lines) <= columns
            heading = screen.lines[_heading(screen)]
            place = heading.index("COMMAND")
            for pid in (one.pid, two.pid):
                line = next(line for line in screen.lines if line.split()[:1] == [str(pid)])
                assert line.index(str(pid)) + len(str(pid)) == heading.index("PID") + 3
                assert line[place - 1] == " "
                assert line[place] != " "
            raw = _ended(terminal).raw
    for bad in (b"\x1b[31mred", b"\t", "\u202e".encode()):
        assert bad not in raw


@pytest.mark.parametrize(
    ("term", "env", "coloured"),
    [("xterm-256color", {}, True), ("linux", {}, True), ("xterm-256color", {"NO_COLOR": "1"}, False)],
)  # fmt: skip
def test_colours_are_those_of_the_terminal(term: str, env: dict[str, str], coloured: bool) -> None:
    with Terminal(STILL, term=term, env=env) as terminal:
        screen = terminal.wait_for("COMMAND")
        assert screen.coloured() == coloured
        heading = _heading(screen)
        assert screen.cell(heading, screen.lines[heading].index("PID")).bold
        assert screen.cell(heading + 1, 0).reverse  # the selected process
        assert not screen.cell(heading + 2, 0).reverse
        if term == "linux":
            assert b"38;5;" not in screen.raw
        _ended(terminal)


def test_a_dumb_terminal_gets_the_classic_text() -> None:
    with Terminal(["top", "-n", "1"], term="dumb") as terminal:
        assert terminal.finish() == 0
        assert b"\x1b" not in terminal.screen().raw
        assert b"%Cpu(s):" in terminal.screen().raw


def test_a_screen_of_another_size_is_painted_anew() -> None:
    with Terminal(STILL, columns=100, lines=30) as terminal:
        terminal.wait_for("COMMAND")
        for columns, lines in ((40, 10), (120, 40), (20, 5), (80, 24)):
            terminal.resize(columns, lines)
            screen = terminal.wait_until(
                lambda s, n=lines: "PID" in s.text and len([x for x in s.lines if x]) > n // 2, "the table"
            )  # fmt: skip
            assert max(cells(line) for line in screen.lines) <= columns
        _ended(terminal)


def test_only_lines_that_change_are_written() -> None:
    with Terminal([*STILL, "-p", "1"], columns=80, lines=24) as terminal:
        terminal.wait_for("COMMAND")
        before = len(_typed(terminal, "d", "Seconds between looks").raw)
        screen = _typed(terminal, "7", "(600): 7")
        assert len(screen.raw) - before < 300
        terminal.type("\x1b")
        terminal.wait_until(lambda s: "Seconds" not in s.text, "no question")
        _ended(terminal)


def test_a_number_of_frames_leaves_the_last() -> None:
    with Terminal(["top", "-n", "2", "-d", "0.2"], columns=60, lines=12) as terminal:
        assert terminal.finish() == 0
        screen = terminal.screen()
    assert "COMMAND" in screen.text
    assert max(map(cells, screen.lines)) <= 60
    assert screen.raw.index(b"\x1b[?1049l") < screen.raw.rindex(b"COMMAND")


# --- keys


def test_order() -> None:
    with (
        member(name="one called so") as child,
        Terminal([*STILL, "-p", f"1,{child.pid}"], columns=100) as terminal,
    ):
        terminal.wait_for("COMMAND")
        terminal.type("N")
        terminal.wait_until(lambda s: _first(s) == str(child.pid), "by pid")
        terminal.type("R")
        terminal.wait_until(lambda s: _first(s) == "1", "the other way round")
        _typed(terminal, "<", "sorted by COMMAND")
        _typed(terminal, ">", "sorted by PID")
        for key in "PMT":
            name = {"P": "%CPU", "M": "%MEM", "T": "TIME+"}[key]
            _typed(terminal, key, f"▼{name}")
        _ended(terminal)


def test_views_columns_and_units() -> None:
    with Terminal([*STILL, "-p", "1"], columns=120) as terminal:
        terminal.wait_for("COMMAND")
        _typed(terminal, "g", "View (1 Def")
        _typed(terminal, "3\r", "nMaj")
        _typed(terminal, "w", "RUSER")
        _typed(terminal, "w", "ioR/s")
        _typed(terminal, "w", "CONTAINER")
        _typed(terminal, "w", "SHR")
        _typed(terminal, "f", "Columns of the view Def")
        terminal.type("\x1b[B \x1b")  # down: USER; space: away with it; escape
        terminal.wait_until(lambda s: "COMMAND" in s.text and "USER" not in s.text, "no USER")
        _typed(terminal, "f", "Columns of the view")
        terminal.type("\x1b[C\x1b[B\x1b[B\r")  # right: PID is taken; down, down; enter
        terminal.type("s\x1b")  # by PID
        screen = terminal.wait_until(
            lambda s: "▼PID" in s.text and "Columns of the view" not in s.text, "the order by PID"
        )
        assert screen.lines[_heading(screen)].split()[:3] == ["PR", "NI", "▼PID"]
        terminal.type("ee")
        terminal.wait_until(
            lambda s: any(w[:1].isdigit() and w.endswith("m") for w in _rows(s)[0]), "MiB"
        )
        _ended(terminal)


def test_the_lines_above() -> None:
    with Terminal([*STILL, "-p", "1"], columns=120) as terminal:
        terminal.wait_for("COMMAND")
        _typed(terminal, "tt", " id")
        _typed(terminal, "mm", "buff/cache")
        terminal.type("l")
        terminal.wait_until(lambda s: "load" not in s.text, "no load")
        terminal.type("tm")
        terminal.wait_until(lambda s: s.lines[0].startswith("Tasks"), "nothing")
        terminal.type("tml")
        terminal.wait_until(lambda s: "━" in s.text and "load" in s.text, "meters")
        _typed(terminal, "H", "Threads")
        _typed(terminal, "H", "Tasks")
        _ended(terminal)


def test_which_processes() -> None:
    name = f"one{os.getpid()}"  # no other run of the tests has it
    with member(name=name) as child, Terminal(STILL, columns=100) as terminal:
        terminal.wait_for("COMMAND")
        _typed(terminal, "o", "Only where")
        _typed(terminal, f"name == {name}\r", f"only  name == {name}")
        assert [row[0] for row in _rows(terminal.wait_for("1/1"))][:1] == [str(child.pid)]
        _typed(terminal, "o", "Only where")
        _typed(terminal, "cpu >>\r", "what?")
        _typed(terminal, "=", "COMMAND")
        terminal.wait_until(lambda s: "only" not in s.text, "all")
        _typed(terminal, "o", "Only where")
        _typed(terminal, f"COMMAND={name[:-1]}\r", "1/1")
        terminal.type("=")
        terminal.wait_until(lambda s: "only" not in s.text, "all")
        _typed(terminal, "\\", "Only with the text")
        _typed(terminal, f"{name}\r", "1/1")
        terminal.type("=")
        terminal.wait_until(lambda s: "only" not in s.text, "all")
        _typed(terminal, "u", "User (none: all):")
        _typed(terminal, "no such user\r", "Invalid user")
        _typed(terminal, "u", "User (none: all):")
        _typed(terminal, f"{os.geteuid()}\r", f"only  user {os.geteuid()}")
        terminal.type("=")
        terminal.wait_until(lambda s: "only" not in s.text, "all")
        _typed(terminal, "/", "Find:")
        _typed(terminal, f"{name}\r", f"follows {child.pid}")
        _typed(terminal, "F", "follows nobody")
        _typed(terminal, "*", "1 tagged")
        _ended(terminal)


def test_the_tree_can_be_folded() -> None:
    with sleeper() as child, Terminal(STILL, columns=120, lines=50) as terminal:
        terminal.wait_for("COMMAND")
        terminal.type("o")
        _typed(terminal, f"pid == {child.pid}\r", "1/1")
        terminal.type("V")

        def there(screen: Screen) -> bool:
            return str(child.pid) in [row[0] for row in _rows(screen)]

        screen = terminal.wait_until(lambda s: "└─ " in s.text and there(s), "the tree")
        assert len(_rows(screen)) > 2  # what it hangs below is shown with it
        terminal.type("v")
        terminal.wait_until(lambda s: "[+" in s.text and not there(s), "folded")
        terminal.type("v")
        terminal.wait_until(lambda s: "[+" not in s.text and there(s), "unfolded")
        _typed(terminal, "_", "[+")
        _ended(terminal)


def test_signals_and_nice_values() -> None:
    with sleeper() as child, sleeper() as other:
        with Terminal(STILL, columns=100) as terminal:
            terminal.wait_for("COMMAND")
            _typed(terminal, "d", "Seconds between looks (600):")
            terminal.type("\x1b")
            terminal.wait_until(lambda s: "Seconds" not in s.text, "no question")
            _typed(terminal, "r", "PID to renice")
            _typed(terminal, f"{child.pid}\r", f"Nice value of {child.pid}")
            _typed(terminal, "7\r", f"nice value 7 of {child.pid}")
            _typed(terminal, "k", "PID to signal")
            _typed(terminal, f"{child.pid}\r", f"Signal for {child.pid}")
            _typed(terminal, "nosuch\r", "unknown signal nosuch")
            _typed(terminal, "k", "PID to signal")
            _typed(terminal, "999999999\r", "no such process")
            _typed(terminal, "k", "PID to signal")
            _typed(terminal, f"{child.pid},{other.pid}\r", "Signal for 2 processes")
            _typed(terminal, "KILL\r", "signal 9 KILL to 2 processes")
            _ended(terminal)
        assert child.process.wait(60) == other.process.wait(60) == -signal.SIGKILL


def test_a_tree_of_processes_gets_a_signal() -> None:
    program = "import subprocess as s; s.run(['sleep', '600'])"
    with member(program=sys.executable, argv=[sys.executable, "-c", program]) as child:
        with Terminal([*STILL, "-p", str(child.pid)], columns=100) as terminal:
            terminal.wait_for("COMMAND")
            children = Path(f"/proc/{child.pid}/task/{child.pid}/children")
            terminal.wait_until(lambda _: bool(children.read_text()), "the child's child")
            _typed(terminal, "K", "Signal for 2 processes")
            _typed(terminal, "\r", "signal 15 TERM to 2 processes")
            _ended(terminal)
        assert child.process.wait(60) == -signal.SIGTERM


def test_a_process_in_full() -> None:
    with (
        member(name="inquestion", cmdline="word\0another\0") as child,
        Terminal([*STILL, "-p", str(child.pid)], columns=100, lines=40) as terminal,
    ):
        terminal.wait_for("inquestion")
        screen = _typed(terminal, "\r", "arguments")
        assert f"{child.pid} inquestion" in screen.lines[0]
        for text in ("pipe:[", "None.", "PATH", "[heap]", "NOFILE"):
            screen = _typed(terminal, "\t", text)
        _typed(terminal, "\x1b[D", "WHAT IS MAPPED")
        terminal.type("q")
        terminal.wait_for("COMMAND")
        _ended(terminal)


def test_help() -> None:
    with Terminal(STILL, columns=80, lines=24) as terminal:
        terminal.wait_for("COMMAND")
        _typed(terminal, "h", "Keys of top")
        screen = _typed(terminal, "\x1b[F", "this help")
        assert max(map(cells, screen.lines)) <= 80
        terminal.type("q")
        terminal.wait_for("COMMAND")
        _ended(terminal)


def test_settings_are_saved_and_found_again(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    with Terminal([*STILL, "-p", "1"], columns=100, env=env) as terminal:
        terminal.wait_for("COMMAND")
        _typed(terminal, "<", "sorted by S")
        _typed(terminal, "W", "saved: ")
        _ended(terminal)
    saved = (tmp_path / "sysutils/top.conf").read_text()
    assert "interval = 600" in saved
    (tmp_path / "sysutils/top.conf").write_text(saved + "nonsense = 1\n")
    with Terminal(["top", "-p", "1"], columns=100, env=env) as terminal:
        terminal.wait_for("every 600 s")
        screen = terminal.wait_for("not understood")
        assert "S▼" in screen.text or "S" in screen.lines[_heading(screen)]
        _ended(terminal)


# --- leaving


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(number: signal.Signals) -> None:
    with Terminal(STILL, lines=12) as terminal:
        terminal.wait_for("COMMAND")
        if number == signal.SIGINT:
            terminal.type("\x03")
        else:
            os.kill(terminal._child.pid, number)
        assert terminal.finish() == 0
        screen = terminal.screen()
    assert screen.raw.count(b"\x1b[?1049l") == 1
    assert b"Traceback" not in screen.raw


def test_a_terminal_that_goes_away_ends_it() -> None:
    with Terminal(["top", "-d", "0.1"], lines=12) as terminal:
        terminal.wait_for("COMMAND")
        terminal.hang_up()
        assert terminal._child.process.wait(DEADLINE) in {0, -signal.SIGHUP}
