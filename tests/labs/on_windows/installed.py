"""The package as pip installs it there: ``sysutils.exe``, and copies of it named like the commands.

Run with the directory of the wheel as the working directory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path.cwd()
SCRIPTS = HERE / "installed" / "Scripts"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--no-warn-script-location",
    ]
    (wheel,) = HERE.glob("sysutils-*.whl")
    subprocess.run([*command, "--prefix", str(HERE / "installed"), str(wheel)], check=True)


def run(program: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program of the installed package, which finds that and not the checkout."""
    (package,) = (HERE / "installed").glob("**/sysutils/__init__.py")
    paths = [str(package.parents[1]), *(path for path in sys.path if path.endswith("site"))]
    return subprocess.run(
        [str(program), *words], capture_output=True, text=True, encoding="utf-8", check=False,
        stdin=subprocess.DEVNULL, timeout=120, cwd="C:\\",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ps", "aux"], "USER       PID %CPU %MEM    VSZ   RSS TTY"),
        (["df"], "Filesystem"),
        (["free"], "               total        used"),
        (["netstat", "-kind", "tcp"], "Active Internet connections (servers and established)"),
        (["kill", "-l"], "INT KILL TERM BREAK"),
        (["top", "-b", "-n", "1"], "top - "),
        (["--help"], "Usage: sysutils"),
        (["uptime", "--help"], "Usage: sysutils uptime"),
    ],
)
def test_the_script(words: list[str], said: str) -> None:
    done = run(SCRIPTS / "sysutils.exe", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(said)


def test_its_status_is_the_commands() -> None:
    done = run(SCRIPTS / "sysutils.exe", "kill", "999996")
    assert (done.returncode, done.stderr) == (1, "kill: (999996): No such process\n")
    assert run(SCRIPTS / "sysutils.exe", "df", "--nope").returncode == 1


def test_copies_are_the_commands(tmp_path: Path) -> None:
    links = tmp_path / "links"
    done = run(SCRIPTS / "sysutils.exe", "--install-links", str(links))
    assert (done.returncode, done.stderr) == (0, "")
    names = sorted(path.stem for path in links.iterdir())
    assert {"ps", "free", "netstat"} <= set(names)
    assert len(done.stdout.splitlines()) == len(names)
    told = run(links / "uptime.exe", "-p")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("up ")
    assert run(links / "FREE.EXE", "--version").stdout.startswith("free from sysutils")
    assert run(links / "uptime.exe", "--help").stdout.startswith("Usage: uptime")


def test_copies_are_made_anew_and_nothing_of_others_is_touched(tmp_path: Path) -> None:
    (tmp_path / "df.exe").write_bytes(b"somebody else's")
    done = run(SCRIPTS / "sysutils.exe", "--install-links", str(tmp_path))
    assert done.returncode == 1
    assert "df.exe: there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["df.exe"]
    (tmp_path / "df.exe").write_bytes((SCRIPTS / "sysutils.exe").read_bytes())
    for _ in range(2):
        done = run(SCRIPTS / "sysutils.exe", "--install-links", str(tmp_path))
        assert (done.returncode, done.stderr) == (0, "")
