"""nice: the adjustment's many spellings, what a program inherits, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.grammar import CommandError
from sysutils.cli.nice import parse_adjustment
from tests.cli.beside import (
    CAP_SYS_NICE,
    OURS,
    ask,
    drop_capability,
    environment,
    ours,
    program,
    same,
)
from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.golden import Golden

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs setpriority(2)")


# --- the adjustment


@given(st.integers())
def test_an_adjustment_is_cut_to_what_can_matter(number: int) -> None:
    assert parse_adjustment(str(number)) == max(-39, min(39, number))


@pytest.mark.parametrize("word", ["", "-", "+", "5x", "5 ", "0x5", "1_0", "٣", "1.5", "--5", "+-5"])
def test_no_adjustment(word: str) -> None:
    with pytest.raises(CommandError):
        parse_adjustment(word)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "--", "nice", "-- nice", "nice nice", "nice -n 3 nice", "-n 5 nice", "-n5 nice",
        "-5 nice", "-+5 nice", "--+5 nice", "-5 -- nice", "-n 3 -- nice", "--adjustment=3 nice",
        "--adjustment 3 nice", "--adj 3 nice", "--a=5 nice", "-n 100 nice",
        "-n 99999999999999999999999 nice", "-n 3 -n 4 nice", "-3 -n 4 nice", "-3 -4 nice",
        "-n 3 -4 nice", "-n abc -n 4 nice", "-n +5 nice", "-n 010 nice", "-n 19 nice -n 5 nice",
        "-n 000000000000000000000005 nice", "-19 nice", "-0 nice",
    ],
)  # fmt: skip
def test_adjustments_beside_the_classic(words: str) -> None:
    compare("small", ["nice", *words.split()], stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-n 5", "-5", "--5", "--adjustment=5", "-n 5 --", "-n", "--adjustment", "-n abc",
        "-n abc nice", "-n 5x nice", "-n 0x10 nice", "-n 1k nice", "-n --5 nice", "-n +-5 nice",
        "-n + nice", "-1x nice", "-1n nice", "-5n nice", "-x nice", "-+x nice", "-v",
        "--nosuch nice", "--adjustment= nice", "nosuchcommand", "/tmp", "/etc/passwd", "./nosuch",
        "nosuch/x", "/etc/passwd/x", "-- -5 nice", "- nice",
    ],
)  # fmt: skip
def test_errors_beside_the_classic(words: str) -> None:
    compare("small", ["nice", *words.split()], stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", [["-n", "", "nice"], ["-n", " 5", "nice"], ["-n", "5 ", "nice"], [""], ["é’"]]
)
def test_odd_words_beside_the_classic(words: list[str]) -> None:
    for locale in ("C", "C.UTF-8"):
        compare("small", ["nice", *words], env={"LC_ALL": locale}, stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["-n -5 nice", "--5 nice", "-n -100 nice", "-n -99999999999999999999 nice"]
)
def test_a_better_niceness_beside_the_classic(words: str) -> None:
    """Without the right to it there is a warning, and the program runs."""
    same("nice", *words.split())


@pytest.mark.classic
@pytest.mark.root
def test_without_the_right_the_program_runs() -> None:
    settings = {"preexec_fn": lambda: drop_capability(CAP_SYS_NICE)}
    answer = same("nice", "-n", "-5", "nice", **settings)
    assert answer.stderr == b"nice: cannot set niceness: Permission denied\n"
    assert answer.returncode == 0
    with open("/dev/full", "wb") as full:
        assert same("nice", "-n", "-5", "nice", stderr=full, **settings).returncode == 125


# --- the program


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        ["sh", "-c", "exit 7"],
        ["sh", "-c", "kill -9 $$"],
        ["sh", "-c", 'printf "%s\\n" "$0" "$@"', "a", "b c", "", "--", "-n"],
        ["grep", "Sig[IBC]", "/proc/self/status"],
        ["-n", "3", "env"],
        ["sh", "-c", "ls /proc/self/fd"],
    ],
)
@pytest.mark.parametrize(
    "env",
    [{}, {"LC_ALL": "", "LC_CTYPE": "C"}, {"LC_ALL": "", "LC_CTYPE": "C.UTF-8"}, {"LC_ALL": ""}],
)
def test_a_program_gets_what_the_user_gave(words: list[str], env: dict[str, str]) -> None:
    same("nice", *words, env=env)


@pytest.mark.classic
def test_locale_variables_that_were_not_there_stay_away() -> None:
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": environment()["PYTHONPATH"]}
    theirs = subprocess.check_output([program("nice"), "env"], env=env)
    assert subprocess.check_output([*OURS, "nice", "env"], env=env) == theirs


@pytest.mark.classic
def test_an_ignored_interrupt_stays_ignored() -> None:
    answer = same(
        "nice", "grep", "SigIgn", "/proc/self/status",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    assert int(answer.stdout.split()[1], 16) & 1 << signal.SIGINT - 1


@pytest.mark.classic
def test_closed_descriptors_stay_closed() -> None:
    same("nice", "sh", "-c", "ls /proc/self/fd", stdin=None, preexec_fn=lambda: os.close(0))


@pytest.mark.classic
def test_the_path_is_searched_as_by_the_c_library(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "prog").write_text("echo forbidden\n")
    script = tmp_path / "two" / "prog"
    script.write_text('echo "$0" "$@"\n')  # no #! line: for the shell
    script.chmod(stat.S_IRWXU)
    path = f"{tmp_path}/nosuch:{tmp_path}/one:{tmp_path}/two"
    answer = same("nice", "prog", "a b", env={"PATH": path})
    assert answer.stdout == f"{script} a b\n".encode()
    if os.geteuid():
        script.chmod(0)
    else:
        script.unlink()
    assert same("nice", "prog", env={"PATH": path}).returncode == 126
    (tmp_path / "one" / "prog").unlink()
    script.unlink(missing_ok=True)
    assert same("nice", "prog", env={"PATH": path}).returncode == 127
    (tmp_path / "prog").write_text("echo here\n")
    (tmp_path / "prog").chmod(stat.S_IRWXU)
    assert same("nice", "prog", env={"PATH": ""}, cwd=tmp_path).stdout == b"here\n"


def test_the_niceness_is_really_set() -> None:
    before = psutil.Process().nice()
    code = "import os; print('ready', flush=True); os.read(0, 1)"
    words = [*OURS, "nice", "-n", "7", sys.executable, "-c", code]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        assert psutil.Process(child.pid).nice() == min(19, before + 7)
        child.communicate(b"x")


# --- without a program


@pytest.mark.classic
def test_a_full_or_closed_output_is_status_125() -> None:
    with open("/dev/full", "wb") as full:
        assert same("nice", stdout=full).returncode == 125
    assert same("nice", stdout=None, preexec_fn=lambda: os.close(1)).returncode == 125


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden) -> None:
    answer = ours("nice", f"--{form}", preexec_fn=lambda: os.nice(40))
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check("nice", "nicest", form, answer.stdout)


def test_json_is_a_number() -> None:
    asked = ask([*OURS, "nice", "--json"])
    assert json.loads(asked.stdout) == [{"nice": psutil.Process().nice()}]
