"""What the shells are told, and their scripts, in the shells themselves where they are there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sysutils.cli import COMMANDS, candidates
from sysutils.cli.completion import answer
from sysutils.cli.completion_scripts import script
from sysutils.cli.grammar import CommandError
from tests.cli.conftest import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

SHELLS = ("bash", "zsh", "fish", "powershell")

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="asks what Linux alone can tell"
)


def told(
    capfd: pytest.CaptureFixture[str], shell: str, line: str, **more: str
) -> tuple[list[str], list[str]]:
    """The flags and the further lines of the answer to a shell."""
    asked = {
        "_SYSUTILS_COMPLETE": f"{shell}_complete",
        "_SYSUTILS_LINE": line,
        "SYSUTILS_DEBUG": "1",
    }
    assert answer({**asked, **{f"_SYSUTILS_{name}": word for name, word in more.items()}}) == 0
    first, *lines = capfd.readouterr().out.splitlines()
    return first.split(), lines


# --- answers to the shells


def test_bash_is_told_the_rest_of_a_word_that_it_takes_apart(
    capfd: pytest.CaptureFixture[str],
) -> None:
    line = "sysutils uptime --output=js"
    assert told(capfd, "bash", line, WORD="js") == (["cut=0"], ["json", "jsonl"])
    assert told(capfd, "bash", line, WORD="--output=js")[1] == ["--output=json", "--output=jsonl"]
    assert told(capfd, "bash", "lsof -s TCP:LIS", WORD="LIS") == (["nospace", "cut=0"], ["LISTEN"])


def test_bash_lists_with_what_is_told_of_each_and_inserts_without(
    capfd: pytest.CaptureFixture[str],
) -> None:
    line = "sysutils uptime --j"
    assert told(capfd, "bash", line, WORD="--j", TYPE="9")[1] == ["--json", "--jsonl"]
    assert told(capfd, "bash", line, WORD="--j", TYPE="63", COLUMNS="60")[1] == [
        "--json   (One JSON array of objects, raw values.)",
        "--jsonl  (One JSON object a line, raw values.)",
    ]
    narrow = told(capfd, "bash", line, WORD="--j", TYPE="63", COLUMNS="30")[1]
    assert max(map(len, narrow)) <= 30
    assert told(capfd, "bash", "sysutils uptime --jsonl", WORD="--jsonl", TYPE="63")[1] == [
        "--jsonl"
    ]


def test_bash_gets_what_must_be_quoted_quoted(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sysutils.cli.completion.candidates", lambda *_: candidates.items([("a b$", "")], "")
    )
    assert told(capfd, "bash", "df a", WORD="a")[1] == ["a\\ b\\$"]
    assert told(capfd, "bash", 'df "a', WORD="a")[1] == ["a b$"]
    assert told(capfd, "powershell", "df a", WORD="a")[1] == ["'a b$'\ta b$"]


@linux
def test_zsh_and_fish_get_values_and_what_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    flags, lines = told(capfd, "zsh", "ps -o pid,usern")
    assert (flags, [line.split("\t")[0] for line in lines]) == (["nospace", "cut=4"], ["userns"])
    flags, lines = told(capfd, "fish", "ps -o pid,usern")
    assert [line.split("\t")[0] for line in lines] == ["pid,userns"]
    assert told(capfd, "zsh", "who /")[0] == ["files", "cut=0"]


@linux
def test_powershell_gets_the_part_that_it_asks_for(capfd: pytest.CaptureFixture[str]) -> None:
    """It takes a list for an array, of which it completes the last."""
    assert told(capfd, "powershell", "ps -o pid,usern", WORD="usern")[1][0].startswith("userns\t")
    assert told(capfd, "powershell", "ps -o pid,usern", WORD="pid,usern")[1][0].startswith(
        "pid,userns\t"
    )
    assert told(capfd, "powershell", "ps --pl", WORD="--pl")[1][0].startswith("--plain\t")


def test_whatever_goes_wrong_is_not_told_to_somebody_who_types(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sysutils.cli.completion.candidates", broken)
    asked = {"_SYSUTILS_COMPLETE": "zsh_complete", "_SYSUTILS_LINE": "ps "}
    assert answer(asked) == 1
    assert capfd.readouterr() == ("", "")
    with pytest.raises(RuntimeError):
        answer({**asked, "SYSUTILS_DEBUG": "1"})


def test_names_are_completed_without_loading_a_command() -> None:
    env = environment(_SYSUTILS_COMPLETE="bash_complete", _SYSUTILS_LINE="sysutils ")
    program = (
        "import sys; from sysutils.cli import main\n"
        "main.main('sysutils', [])\n"
        "names = {f'sysutils.cli.{name}' for name in main.COMMANDS} | {'sysutils.core', 'rich', 'json'}\n"
        "print(sorted(names & sys.modules.keys()))"
    )
    shown = subprocess.check_output([sys.executable, "-c", program], env=env, text=True)
    assert shown.splitlines()[-1] == "[]"


# --- scripts


@pytest.mark.parametrize("shell", SHELLS)
def test_one_option_prints_each_shells_script(shell: str, sysutils: Run) -> None:
    shown = sysutils("--completion", shell)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout.decode() == script(shell)
    assert "netstat" not in script(shell)
    for name in COMMANDS:
        assert f" {name}" in script(f"{shell},links").replace("'", " ")
    assert sysutils("", env={"_SYSUTILS_COMPLETE": f"{shell}_source"}).stdout.decode() == script(
        shell
    )


def test_other_shells_are_refused(sysutils: Run) -> None:
    done = sysutils("--completion", "ksh")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"sysutils: invalid shell 'ksh'; ")
    with pytest.raises(CommandError):
        script("bash,ps")


def test_the_script_for_powershell_is_whole() -> None:
    """It can't be run here: its marks are at least paired, and it asks as the answers are tested above."""
    text = script("powershell,links")
    for first, last in ("{}", "()", "[]"):
        assert text.count(first) == text.count(last)
    assert text.startswith(
        "Register-ArgumentCompleter -Native -CommandName @('sysutils', 'sysutils.exe', 'df', "
    )
    for name in ("_SYSUTILS_COMPLETE", "_SYSUTILS_LINE", "_SYSUTILS_WORD"):
        assert text.count(name) >= 3  # kept, set, given back


START = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(sysutils --completion bash,links)"'),
    "zsh": (
        ["-f", "-i"],
        'autoload -Uz compinit; compinit -u -D; eval "$(sysutils --completion zsh,links)"',
    ),
    "fish": (["--no-config", "-i"], "sysutils --completion fish,links | source"),
}
TYPED = [
    ("sysutils upt", "sysutils uptime"),
    ("sysutils ps -o pid,usern", "ps -o pid,userns"),
    ("sysutils free --tot", "sysutils free --total"),
    ("sysutils uptime --output=js", "--output=json"),
    ("ps axo pid,usern", "ps axo pid,userns"),
    ("lsof -s TCP:LIST", "lsof -s TCP:LISTEN"),
    ("kill -HU", "kill -HUP"),
    ("sysutils lsof +D /usr/lo", "sysutils lsof +D /usr/local/"),
    ("ifconfig l", "ifconfig lo"),
]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has ``sysutils`` of this checkout."""
    place = tmp_path_factory.mktemp("bin")
    program = place / "sysutils"
    program.write_text(f"#!{sys.executable}\nfrom sysutils.cli.main import run\nrun()\n")
    program.chmod(0o755)
    return place


@linux
@pytest.mark.parametrize("shell", START)
def test_in_the_shell_itself(shell: str, directory: Path) -> None:
    """Typed at a terminal, with the Tab key."""
    from tests.support.terminal import Terminal

    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"no {shell} here")
    words, setup = START[shell]
    env = {"PATH": f"{directory}:/usr/bin:/bin", "HISTFILE": "/dev/null", "HOME": str(directory)}
    with Terminal(words, columns=100, lines=40, env=env, program=path) as terminal:
        terminal.wait_until(lambda screen: screen.text.strip() != "", "a prompt")
        terminal.type(f"{setup}; echo re''ady\n")
        terminal.wait_for("ready")
        for line, completed in TYPED:
            terminal.type(f"{line}\t")
            terminal.wait_for(completed)
            terminal.type("\x15")  # away with it
        terminal.type("sysutils uptime --sinc\t")
        terminal.wait_for("--since")
        terminal.type("\x15sysutils ps -o pid,us\t\t")  # those that it may be, with what they are
        terminal.wait_for("Inode number of the user namespace")


@linux
def test_bashs_function_by_itself(directory: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    asked = (
        'eval "$(sysutils --completion bash)"\n'
        "COMP_WORDS=(sysutils uptime --pre) COMP_CWORD=2 COMP_LINE='sysutils uptime --pre' COMP_POINT=21\n"
        '_sysutils_completion sysutils --pre uptime; printf "%s\\n" "${COMPREPLY[@]}"; complete -p ps'
    )
    env = environment(PATH=f"{directory}:/usr/bin:/bin")
    done = subprocess.run(
        [bash, "--norc", "-c", asked], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["--pretty"], done.stderr
    assert "ps: no completion" in done.stderr  # the classics' own names are left alone
