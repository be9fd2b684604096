"""The library and the commands on Windows' own CPython, under wine, with psutil's Windows wheel beside.

What wine lacks is told in ``on_windows/asked.py``. Where something can't be had the tests are skipped
and say why (see ``wine.py``, also for where it is kept)."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.labs import wine
from tests.labs.debian import run as run_here
from tests.labs.on_windows import own_suite
from tests.support.terminal import Terminal
from tools.abi import ZIG

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parents[2]
#: the oldest that the project takes, the newest that can be had
ENDS = ["3.10.0", "3.13.0"]
VERSIONS = sorted(wine.CHECKSUMS) if os.environ.get("SYSUTILS_LAB_WIDE") else ENDS
#: options for a library that needs no other
_LIBRARY = ["-shared", "-nostdlib", "-fshort-wchar", "-fno-sanitize=undefined", "-w"]
_TESTS = {
    "psutil beside ours": [
        f"tests/labs/on_windows/{name}.py" for name in ("functions", "processes", "actions")
    ],
    "commands": ["tests/labs/on_windows/commands.py"],
    "pipes": ["tests/labs/on_windows/pipes.py"],
    "arithmetic": ["tests/core/windows/test_arithmetic.py", "tests/core/test_errors.py"],
}


@pytest.fixture(params=VERSIONS)
def windows(request: pytest.FixtureRequest) -> wine.Windows:
    try:
        return wine.Windows(request.param)
    except wine.Unavailable as reason:
        pytest.skip(f"Windows' Python {request.param} can't be had: {reason}")


def _run(windows: wine.Windows, place: Path, tests: list[str], **more: Any) -> None:
    paths = ["Z:\\lab\\src\\" + path.replace("/", "\\") for path in tests]
    options = ["-q", "-c", "NUL", "--rootdir=Z:\\lab\\src", "--noconftest", "--tb=short"]
    done = windows.run(
        "-m", "pytest", "-p", "no:cacheprovider", *options, *paths, here=place, **more
    )
    assert re.search(r"\d+ passed", done.stdout), done.stdout[-8000:]
    assert done.returncode == 0, done.stdout[-8000:]


@pytest.mark.parametrize("tests", _TESTS)
def test_on_windows(windows: wine.Windows, tests: str, tmp_path: Path) -> None:
    _run(windows, tmp_path, _TESTS[tests])


def _own_files() -> list[str]:
    """The files of this suite that are run there."""
    left_out = tuple(name for names in own_suite.FILES.values() for name in names)
    files = (
        path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("test_*.py")
    )
    return sorted(name for name in files if not name.startswith(left_out))


def test_our_own_suite(windows: wine.Windows, tmp_path: Path) -> None:
    """All but what ``on_windows/own_suite.py`` lists."""
    skipped = [f"--deselect=tests/{name}" for names in own_suite.TESTS.values() for name in names]
    options = ["-q", "-c", "NUL", "--rootdir=Z:\\lab\\src", "--tb=short", "-p", "no:cacheprovider"]
    paths = ["Z:\\lab\\src\\tests\\" + name.replace("/", "\\") for name in _own_files()]
    done = windows.run("-m", "pytest", *options, *skipped, *paths, here=tmp_path)
    told = re.search(r"(\d+) passed", done.stdout)
    assert told, done.stdout[-8000:]
    assert done.returncode == 0, done.stdout[-8000:]
    assert int(told[1]) > 400


def test_what_is_left_out_is_there() -> None:
    """No name of the lists is out of date."""
    for name in (name for names in own_suite.FILES.values() for name in names):
        assert (ROOT / "tests" / name).exists(), name
    for name in (name for names in own_suite.TESTS.values() for name in names):
        file, _, test = name.partition("::")
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("windows", ENDS[-1:], indirect=True)
def test_what_wine_lacks(windows: wine.Windows, tmp_path: Path) -> None:
    """By libraries that are compiled here; psutil and the library get the same from them."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip(f"no compiler for Windows: pip install ziglang=={ZIG}")
    sources = sorted((Path(__file__).parent / "on_windows" / "faked").glob("*.c"))
    for source in sources:
        command = ["-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", *_LIBRARY]
        library = tmp_path / f"{source.stem}.dll"
        subprocess.run([sys.executable, *command, source, "-o", library], check=True)
    native = ",".join(source.stem for source in sources)
    overrides = f"mscoree=;mshtml=;winemenubuilder.exe=;{native}=n"
    _run(
        windows, tmp_path, ["tests/labs/on_windows/gaps.py"],
        libraries=sorted(tmp_path.glob("*.dll")), WINEDLLOVERRIDES=overrides,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own."""
    place = tmp_path_factory.mktemp("wheel")
    try:
        run_here(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", place, ROOT)
    except wine.Unavailable as reason:
        pytest.skip(f"the wheel can't be built: {reason}")
    (built,) = place.glob("*.whl")
    return built


def test_installed_by_pip(windows: wine.Windows, wheel: Path, tmp_path: Path) -> None:
    shutil.copy(wheel, tmp_path)
    _run(windows, tmp_path, ["tests/labs/on_windows/installed.py"])


# --- on a console, which wine makes of a terminal


def _console(windows: wine.Windows, place: Path, *words: str) -> Terminal:
    command, environment = windows.on_terminal("-m", "sysutils", *words, here=place)
    program = shutil.which("unshare")
    assert program is not None
    return Terminal(command[1:], program=program, env=environment)


def test_top_on_a_console(windows: wine.Windows, tmp_path: Path) -> None:
    with windows.alone(), _console(windows, tmp_path, "top", "-d", "1") as terminal:
        first = terminal.wait_for("python.exe")
        assert first.lines[0].startswith("top  ")
        assert first.coloured()
        terminal.type("h")
        terminal.wait_for("Keys of top")
        terminal.type("\x1b[6~")  # a page down
        terminal.wait_until(lambda screen: "Moving" not in screen.text, "the next page")
        terminal.type("\x1b")
        terminal.wait_until(lambda screen: screen.lines[0].startswith("top  "), "processes again")
        terminal.type("P")
        terminal.type("q")
        assert terminal.finish() == 0


def test_a_watched_command_on_a_console(windows: wine.Windows, tmp_path: Path) -> None:
    with windows.alone(), _console(windows, tmp_path, "df", "--watch", "1") as terminal:
        terminal.wait_for("C:\\")
        assert terminal.screen().lines[0].startswith("sysutils df --watch 1  every 1 s")
        terminal.type("p")
        terminal.wait_for("paused")
        terminal.type("q")
        assert terminal.finish() == 0


def test_reports_on_a_console(windows: wine.Windows, tmp_path: Path) -> None:
    with windows.alone(), _console(windows, tmp_path, "free", "-s", "1") as terminal:
        terminal.wait_for("Swap")
        terminal.type("?")
        terminal.wait_for("these keys")
        terminal.type("qq")
        assert terminal.finish() == 0


def test_a_table_in_colours_on_a_console(windows: wine.Windows, tmp_path: Path) -> None:
    with windows.alone(), _console(windows, tmp_path, "ps", "aux") as terminal:
        assert terminal.finish() == 0
        screen = terminal.screen()
    assert "services.exe" in screen.text
    assert screen.coloured()
    assert "\x1b" not in screen.text


def test_the_terminal_is_named(windows: wine.Windows, tmp_path: Path) -> None:
    with windows.alone(), _console(windows, tmp_path, "tty") as terminal:
        assert terminal.finish() == 0
        assert terminal.screen().text.strip() == "CON"
