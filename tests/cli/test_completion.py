"""Completion as click's scripts for bash, zsh and fish ask for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils.cli import COMMANDS
from tests.cli.conftest import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

SHELLS = ("bash", "zsh", "fish")


def complete(shell: str, words: str, program: str = "sysutils") -> list[str]:
    """What the shell is told for a line with the cursor at its end; a blank there begins a new word."""
    typed = words.split()
    incomplete = "" if words.endswith(" ") else typed[-1]
    place = len(typed) if words.endswith(" ") else len(typed) - 1
    env = environment(**{f"_{program.upper()}_COMPLETE": f"{shell}_complete", "COMP_WORDS": words})
    env["COMP_CWORD"] = incomplete if shell == "fish" else str(place)
    run = f"import sys; sys.argv = ['{program}']; from sysutils.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", run], env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    lines = done.stdout.strip("\n").splitlines()
    if shell == "bash":  # kind,value
        return [line.partition(",")[2] for line in lines]
    if shell == "zsh":  # kind, value, help
        return lines[1::3]
    return [line.partition(",")[2].partition("\t")[0] for line in lines]  # kind,value<TAB>help


@pytest.mark.parametrize("shell", SHELLS)
def test_command_names(shell: str) -> None:
    assert complete(shell, "sysutils ") == sorted(COMMANDS)
    assert complete(shell, "sysutils up") == ["uptime"]
    assert complete(shell, "sysutils nosuch") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_options_of_a_command(shell: str) -> None:
    assert complete(shell, "sysutils uptime --pre") == ["--pretty"]
    offered = complete(shell, "sysutils uptime --")
    assert {"--pretty", "--since", "--json", "--help", "--version"} <= set(offered)
    assert "--pretty" in complete(shell, "sysutils uptime -s --")


@pytest.mark.parametrize("shell", SHELLS)
def test_values_of_an_option(shell: str) -> None:
    assert complete(shell, "sysutils uptime --output j") == ["json", "jsonl"]
    assert "plain" in complete(shell, "sysutils uptime --output ")


def test_through_a_link() -> None:
    assert complete("bash", "uptime --pre", program="uptime") == ["--pretty"]


def test_words_that_are_wrong_so_far_are_no_hindrance() -> None:
    assert complete("bash", "sysutils uptime --nosuch --pre") == ["--pretty"]
    assert complete("bash", "sysutils uptime extra --pre") == ["--pretty"]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_offers_its_options(name: str) -> None:
    assert {"--json", "--csv", "--plain"} <= set(complete("bash", f"sysutils {name} --"))


def test_names_are_completed_without_loading_a_command() -> None:
    env = environment(_SYSUTILS_COMPLETE="bash_complete", COMP_WORDS="sysutils ", COMP_CWORD="1")
    program = (
        "import sys; from sysutils.cli import main\n"
        "try: main.main('sysutils', [])\n"
        "except SystemExit: pass\n"
        "print(sorted(n for n in sys.modules if n.removeprefix('sysutils.cli.') in main.COMMANDS))"
    )
    shown = subprocess.check_output([sys.executable, "-c", program], env=env, text=True)
    assert shown.splitlines()[-1] == "[]"


def test_bash_itself(tmp_path: Path, sysutils: Run) -> None:
    """The script that click makes, in a real bash, with a ``sysutils`` on its PATH."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    program = tmp_path / "sysutils"
    program.write_text(f"#!{sys.executable}\nfrom sysutils.cli.main import run\nrun()\n")
    program.chmod(0o755)
    script = sysutils("", env={"_SYSUTILS_COMPLETE": "bash_source"}).stdout.decode()
    assert "complete" in script
    asked = (
        f"{script}\nCOMP_WORDS=(sysutils uptime --pre) COMP_CWORD=2\n"
        '_sysutils_completion sysutils; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    env = environment(PATH=f"{tmp_path}:/usr/bin:/bin")
    done = subprocess.run(
        [bash, "--norc", "-c", asked], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["--pretty"], done.stderr
