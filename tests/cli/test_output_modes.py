"""Which output a user gets: the options, the environment, the terminal. ``uptime`` stands for all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import environment

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def kind(output: bytes) -> str:
    """The mode that an output of ``uptime`` is in."""
    if output.startswith(b"[\n{"):
        return "json"
    if output.startswith(b"{"):
        return "jsonl"
    if output.startswith(b"time,uptime"):
        return "csv"
    return "plain" if output.count(b"\n") == 1 and b"\x1b" not in output else "rich"


def on_terminal(*words: str, env: dict[str, str] | None = None) -> bytes:
    """What is written to a terminal."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "sysutils", *words],
            stdin=slave, stdout=slave, stderr=slave, env=environment(**{"TERM": "xterm", **(env or {})}),
        )  # fmt: skip
        os.close(slave)
        output = b""
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:  # the other side is closed
                break
            if not data:
                break
            output += data
        process.wait()
    finally:
        os.close(master)
    return output.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("mode", ["rich", "plain", "json", "jsonl", "csv"])
def test_the_options_decide_first(mode: str, sysutils: Run) -> None:
    assert kind(sysutils("uptime", f"--{mode}").stdout) == mode
    assert kind(sysutils("uptime", "--output", mode).stdout) == mode
    assert (
        kind(sysutils("uptime", f"--output={mode}", env={"SYSUTILS_OUTPUT": "csv"}).stdout) == mode
    )


@pytest.mark.parametrize("mode", ["rich", "plain", "json", "jsonl", "csv"])
def test_the_environment_decides_next(mode: str, sysutils: Run) -> None:
    assert kind(sysutils("uptime", env={"SYSUTILS_OUTPUT": mode}).stdout) == mode


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"SYSUTILS_OUTPUT": ""},
        {"SYSUTILS_OUTPUT": "auto"},
        {"FORCE_COLOR": "1"},
        {"TTY_COMPATIBLE": "1"},
        {"CLICOLOR_FORCE": "1"},
    ],
)
def test_a_pipe_gets_the_classic_format(env: dict[str, str], sysutils: Run) -> None:
    assert kind(sysutils("uptime", env=env).stdout) == "plain"


def test_the_last_of_several_wins(sysutils: Run) -> None:
    assert kind(sysutils("uptime", "--json", "--csv").stdout) == "csv"
    assert kind(sysutils("uptime", "--csv", "--output=json").stdout) == "json"
    assert kind(sysutils("uptime", "--json", "--output", "auto").stdout) == "plain"


def test_a_terminal_gets_rich_output() -> None:
    output = on_terminal("uptime")
    assert kind(output) == "rich"
    assert b"\x1b[" in output


def test_a_terminal_gets_the_classic_format_if_asked_for() -> None:
    assert kind(on_terminal("uptime", "--plain")) == "plain"
    assert kind(on_terminal("uptime", env={"SYSUTILS_OUTPUT": "plain"})) == "plain"


def test_a_dumb_terminal_gets_the_classic_format() -> None:
    assert kind(on_terminal("uptime", env={"TERM": "dumb"})) == "plain"


def test_no_color_keeps_the_table_and_drops_the_colours() -> None:
    output = on_terminal("uptime", env={"NO_COLOR": "1"})
    assert kind(output) == "rich"
    assert b"\x1b[3" not in output


@pytest.mark.parametrize("columns", ["0", "1", "7", "nonsense", "20", "500"])
def test_no_width_breaks_it(columns: str, sysutils: Run) -> None:
    done = sysutils("uptime", "--rich", env={"COLUMNS": columns})
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_bad_mode_is_refused(sysutils: Run) -> None:
    done = sysutils("uptime", env={"SYSUTILS_OUTPUT": "xml"})
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[0] == "uptime: invalid SYSUTILS_OUTPUT ‘xml’"
    done = sysutils("uptime", "--output=xml")
    assert done.returncode == 1
    assert done.stderr.decode().startswith(
        "uptime: invalid argument ‘xml’ for ‘--output’: auto, rich, "
    )


def test_json_is_for_programs(sysutils: Run) -> None:
    (record,) = json.loads(sysutils("uptime", "--json").stdout)
    assert record["uptime"] > 0
    assert isinstance(record["loadavg"], list)
    (line,) = sysutils("uptime", "--jsonl").stdout.splitlines()
    assert json.loads(line).keys() == record.keys()


def test_rich_is_loaded_for_a_terminal_only() -> None:
    program = (
        "import sys; from sysutils.cli import main\n"
        "main.main('sysutils', ['uptime', sys.argv[1]])\n"
        "sys.stderr.write(str(sorted({'rich', 'json', 'csv'} & sys.modules.keys())))"
    )
    for mode, loaded in (
        ("--plain", "[]"),
        ("--json", "['json']"),
        ("--csv", "['csv']"),
        ("--rich", "['rich']"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, mode],
            capture_output=True,
            text=True,
            check=True,
            env=environment(),
        )
        assert done.stderr == loaded
