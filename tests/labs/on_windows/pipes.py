"""What is written into a pipe: code pages, names beyond them, and nobody who reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "käse ☃ 🧀"


@pytest.fixture(scope="module")
def child() -> Iterator[str]:
    """A process with an argument that no code page has."""
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", NAME])
    time.sleep(0.5)
    yield str(started.pid)
    started.kill()
    started.wait()


def environment(**more: str) -> dict[str, str]:
    """As on a machine whose user has set nothing."""
    switches = ("PYTHONUTF8", "PYTHONIOENCODING", "LC_ALL", "TERM")
    return {**{name: value for name, value in os.environ.items() if name not in switches}, **more}


def written(*words: str, **more: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "sysutils", *words], capture_output=True, check=False, timeout=120,
        stdin=subprocess.DEVNULL, env=environment(**more),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


@pytest.mark.parametrize(
    ("more", "last"),
    [
        ({}, b'"k\xe4se ? ?"\n'),
        ({"PYTHONUTF8": "1"}, f'"{NAME}"\n'.encode()),
        ({"PYTHONIOENCODING": "cp437"}, b'"k\x84se ? ?"\n'),
    ],
)
def test_what_a_code_page_lacks_is_a_question_mark(
    child: str, more: dict[str, str], last: bytes
) -> None:
    assert written("ps", "-p", child, "-o", "args", **more).endswith(last)


@pytest.mark.parametrize("more", [{}, {"PYTHONUTF8": "1"}])
def test_json_loses_nothing(child: str, more: dict[str, str]) -> None:
    (row,) = json.loads(written("ps", "-p", child, "-o", "args", "--json", **more).decode("utf-8"))
    assert row["args"].endswith(f'"{NAME}"')


@pytest.mark.parametrize("command", ["sysutils", "top"])
def test_help_in_a_code_page(command: str) -> None:
    words = [] if command == "sysutils" else [command]
    assert written(*words, "--help").decode("cp1252").startswith("Usage: sysutils")


@pytest.mark.parametrize("words", ["ps aux --watch 0.3", "free -s 0.3", "top -b -d 0.3"])
def test_the_end_of_who_reads_is_the_end(words: str) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "sysutils", *words.split()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.readline()
    running.stdout.close()
    assert running.wait(60) in {0, 1, 141}  # as the command's grammar says
    assert running.stderr.read() == b""
    running.stderr.close()
