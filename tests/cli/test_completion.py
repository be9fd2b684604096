"""Completion: what is offered for a line, and the scripts in real shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils.cli import COMMANDS, candidates
from sysutils.cli.completion import Typed, answer, split
from sysutils.cli.completion import candidates as offered
from sysutils.cli.completion_scripts import script, shells
from sysutils.cli.grammar import CommandError
from tests.cli.conftest import environment

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from tests.cli.conftest import Run

SHELLS = ("bash", "zsh", "fish", "powershell")

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="asks what Linux alone can tell"
)


def found(line: str) -> list[CompletionItem]:
    """What is offered for a line with the cursor at its end."""
    typed = split(line)
    return offered(typed.words, typed.word)


def values(line: str) -> list[str]:
    return [item.value for item in found(line)]


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


# --- what is offered


def test_commands_and_what_they_do() -> None:
    assert values("sysutils ") == list(COMMANDS)
    assert [(item.value, item.help) for item in found("sysutils up")] == [
        ("uptime", COMMANDS["uptime"])
    ]
    assert values("sysutils nosuch") == values("sysutils nosuch ") == []
    assert values("/opt/bin/sysutils.exe upt") == ["uptime"]


def test_the_groups_own_options() -> None:
    assert values("sysutils --comp") == ["--completion"]
    assert values("sysutils --completion ") == list(SHELLS)
    assert values("sysutils --completion bash,") == ["bash,links"]
    assert [item.type for item in found("sysutils --install-links /")] == ["dir"]
    assert [item.value for item in shells("z")] == ["zsh"]


def test_options_of_a_command_once_each() -> None:
    assert values("sysutils uptime --pre") == ["--pretty"]
    offer = values("uptime --")
    assert {"--pretty", "--since", "--json", "--help", "--version"} <= set(offer)
    assert "--since" not in values("uptime -s --")
    assert "--pretty" in values("uptime -s --")
    assert "--extend" in values("netstat -e --ex")  # twice means more
    assert values("uptime ") == values("uptime -")  # there is nothing else to type
    assert not any(name.startswith(" ") for name in values("ps -"))
    assert found("free --tot")[0].help == "Show total for RAM + swap."


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_offers_its_options(name: str) -> None:
    assert {"--json", "--csv", "--plain"} <= set(values(f"sysutils {name} --"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("uptime --output j", ["json", "jsonl"]),
        ("uptime --output=js", ["--output=json", "--output=jsonl"]),
        ("ps -o pid,userna", []),
        ("ps -o pid,usern", ["pid,userns"]),
        ("ps -opid,usern", ["-opid,userns"]),
        ("ps axo pid,usern", ["pid,userns"]),
        ("ps -eo usern", ["userns"]),
        ("ps --format=usern", ["--format=userns"]),
        ("ps --sort=-%me", ["--sort=-%mem"]),
        ("ps k +usern", ["+userns"]),
        ("ps -u nobo", ["nobody"]),
        ("ps -u root,nobo", ["root,nobody"]),
        ("ps --help th", ["threads"]),
        ("top -o -%C", ["-%CPU", "-%CUU", "-%CUC"]),
        ("top -u !nobo", ["!nobody"]),
        ("top -E t", ["t"]),
        ("kill -s HU", ["HUP"]),
        ("kill -HU", ["-HUP"]),
        ("kill -SIGHU", ["-SIGHUP"]),
        ("kill -l HU", ["HUP"]),
        ("netstat -kind tcp", ["tcp", "tcp4", "tcp6"]),
        ("netstat -kind=unix", ["-kind=unix"]),
        ("netstat -A inet,uni", ["inet,unix"]),
        ("lsof -i 6u", ["6udp", "6udplite"]),
        ("lsof -i4tc", ["-i4tcp"]),
        ("lsof -s TCP:LI", ["TCP:LISTEN"]),
        ("lsof -s TCP:LISTEN,ES", ["TCP:LISTEN,ESTABLISHED"]),
        ("lsof -d ^cw", ["^cwd"]),
        ("lsof -nPu nobo", ["nobody"]),
        ("ionice -c be", ["best-effort"]),
        ("iostat -j U", ["UUID"]),
        ("iostat AL", ["ALL"]),
        ("iotop --grtype s", ["sw"]),
        ("df --output=pc", ["--output=pcent"]),
        ("df --output=size,pc", ["--output=size,pcent"]),
        ("df --output pc", []),  # the value is attached or not there
        ("taskset -c 0,0", []),
        ("ifconfig lo mt", ["mtu"]),
    ],
)
@linux
def test_values(line: str, expected: list[str]) -> None:
    assert [item.value for item in found(line) if item.type == "plain"] == expected


@linux
def test_what_is_there_in_a_list_is_not_offered_again() -> None:
    offer = values("ps -o pid,comm,")
    assert "pid,comm,args" in offer
    assert "pid,comm,pid" not in offer
    assert all(item.more for item in found("ps -o pid,"))


@linux
def test_processes_with_their_names() -> None:
    child = subprocess.Popen(["sleep", "60"])
    try:
        pid = str(child.pid)
        for line in (
            "kill ",
            "pmap ",
            "ps -p ",
            "top -p ",
            "ionice -p ",
            "iotop --pid ",
            "taskset -p ",
        ):
            names = {item.value: item.help for item in found(line)}
            assert names[pid] == "sleep", line
            assert str(os.getpid()) not in names
        assert f"1,{pid}" in values("lsof -p 1,")
        assert "sleep" in values("ps -C sle")
        assert "sleep" in values("pidof sl")
        assert f"--pid={pid}" in values("ps --pid=")
    finally:
        child.kill()
        child.wait()


@linux
def test_the_systems_own_names() -> None:
    import grp
    import pwd
    import socket

    from sysutils import core

    assert values("ps -u ") == sorted({entry.pw_name for entry in pwd.getpwall()})
    assert (
        values("ps -G ")
        == sorted({entry.gr_name for entry in grp.getgrall()})
        == core.group_names()
    )
    assert "0" in values("ionice -u ")
    assert {name for _, name in socket.if_nameindex()} == set(values("ifconfig "))
    assert {mount.mountpoint for mount in core.mounts()} >= {
        item.value for item in found("df /") if item.type == "plain"
    }
    assert set(values("df -t ")) == {mount.fstype for mount in core.mounts()}
    assert set(core.disk_io_counters(perdisk=True)) <= set(values("iostat "))


@pytest.mark.parametrize(
    ("line", "kind"),
    [("who ", "file"), ("df x", "file"), ("lsof +D ", "dir"), ("pmap -C ", "file"), ("nice ", "command"),
     ("nice -n 5 make ", "file"), ("ionice -c2 ", "command"), ("taskset 3 ", "command"),
     ("taskset 3 make ", "file"), ("iostat -f ", "dir")],
)  # fmt: skip
@linux
def test_what_the_shell_knows_itself(line: str, kind: str) -> None:
    assert kind in {item.type for item in found(line)}


@linux
def test_a_hostile_name_is_told_without_control_characters() -> None:
    pairs = [("1", "a\x1b[2J\tb\n"), ("2\x1b", "x"), ("3", "\u202eabc")]
    assert [(item.value, item.help) for item in candidates.items(pairs, "")] == [
        ("1", "a?[2J?b?"),
        ("3", "?abc"),
    ]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_has_a_kind_is_completed(name: str) -> None:
    """An option whose value is a process, a user, … offers them."""
    command = import_module(f"sysutils.cli.{name}").command
    known = {"PID", "PIDS", "PIDLIST", "USER", "USERS", "PGID", "PGIDS", "GID", "GROUP", "FORMAT", "SIGNAL",
             "KIND", "FIELDS", "DIRECTORY", "DIR", "MODE", "[+-]FIELD", "SPEC", "CLASS"}  # fmt: skip
    for parameter in command.params:
        if (
            isinstance(parameter, click.Option)
            and parameter.metavar in known
            and not parameter.hidden
        ):
            completes = parameter._custom_shell_complete is not None
            assert completes or (name, parameter.opts[0]) == ("iostat", "-g"), parameter.opts


WORDS = st.sampled_from(
    ["-", "--", "-o", "--sort=", "aux", "k", "-p", "1,", "+D", "-i", ":", "^", "=", "\\", "'", '"', "x y",
     "é", "--nosuch", "-z", "tcp:", "\udcff", ",", "--output", "-kind", "0", "/", "", "!x", "-9", "sysutils"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*sorted(COMMANDS), "sysutils"]), st.lists(WORDS, max_size=4), WORDS)
@linux
def test_no_line_is_too_odd(name: str, words: list[str], word: str) -> None:
    assert isinstance(offered([name, *words], word), list)


@given(st.text(alphabet="ab \\'\"\t$-", max_size=20))
def test_a_line_is_split_as_a_shell_does(line: str) -> None:
    import shlex

    typed = split(line)
    try:
        whole = shlex.split(line, comments=False)
    except ValueError:
        return  # a quotation mark is open
    assert not typed.quote
    last_is_blank = not line or (line[-1].isspace() and not typed.raw)
    if '"' not in line:  # in double quotes a backslash before a letter stays
        assert [*typed.words, *([] if last_is_blank else [typed.word])] == whole


def test_open_marks_are_no_hindrance() -> None:
    assert split('ps -o "pid,us') == Typed(["ps", "-o"], "pid,us", '"', '"pid,us')
    assert split("df /mnt/my\\ d") == Typed(["df"], "/mnt/my d", "", "/mnt/my\\ d")
    assert split("ps ") == Typed(["ps"], "")


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
