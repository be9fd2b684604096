"""The help of every command: examples that work, each option, as wide as the terminal at most."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

from sysutils.cli import COMMANDS
from sysutils.cli.declared import ABOUT, OUTPUT, Help, groups, spelled
from sysutils.cli.grammar import CommandError
from sysutils.cli.group import group
from tests.cli.conftest import environment

if TYPE_CHECKING:
    from sysutils.cli.grammar import ClassicCommand
    from tests.cli.conftest import Run

NAMES = sorted(COMMANDS)
STYLE = re.compile(r"\x1b\[[0-9;]*m")
#: of "Help and version" and "Output"
EVERYWHERE = {"help", "version", "v", "help_section", "info", "output", "watch"}

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="all commands work there")


def declared(name: str) -> ClassicCommand:
    command: ClassicCommand = import_module(f"sysutils.cli.{name}").command
    return command


def options(command: click.Command) -> list[click.Option]:
    with click.Context(command, info_name=command.name) as ctx:
        return [one for one in command.get_params(ctx) if isinstance(one, click.Option)]


@pytest.mark.parametrize("name", NAMES)
def test_examples_come_first_then_groups_then_notes(name: str, sysutils: Run) -> None:
    lines = sysutils(name, "--help").stdout.decode().splitlines()
    assert lines[0].startswith(f"Usage: sysutils {name} ")
    headings = [line.rstrip(":") for line in lines if re.fullmatch(r"[A-Z][^:]*:", line)]
    assert headings[0] == "Examples"
    assert headings[headings.index(OUTPUT) :][:3] == [OUTPUT, ABOUT, "Exit status"]
    assert set(headings[headings.index("Exit status") :]) <= {"Exit status", "Notes"}
    assert lines[-1] == f"The whole manual: man sysutils-{name}"


@pytest.mark.parametrize("name", NAMES)
def test_every_option_stands_under_a_heading_of_its_kind(name: str) -> None:
    command = declared(name)
    found = groups(option for option in options(command) if not option.hidden)
    assert "Options" not in found, [option.opts for option in found["Options"]]
    for heading in (OUTPUT, ABOUT):
        assert {option.name for option in found[heading]} <= EVERYWHERE
    assert sum(map(len, found.values())) == sum(not one.hidden for one in options(command))


@linux
@pytest.mark.parametrize(
    ("name", "words"),
    [(name, words) for name in NAMES for words, _ in declared(name).about.examples],
)
def test_an_example_is_understood(name: str, words: str) -> None:
    command = declared(name)
    known = re.sub(r"\b(www-data|postgres)\b", "root", words)  # users that are not everywhere
    try:
        command.make_context(name, shlex.split(known))
    except CommandError as error:
        pytest.fail(f"{name} {words}: {error.message}")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    name: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    with click.Context(declared(name), info_name=f"sysutils {name}") as ctx:
        text = ctx.get_help()
    assert max(map(len, text.splitlines())) <= min(width, 100)
    words = "".join(text.split())
    for option in options(declared(name)):
        if not option.hidden:
            assert all(name.strip() in words for name in option.opts), option.opts
            assert "".join((option.help or "").split()) in words


@pytest.mark.skipif(os.name != "posix", reason="no pseudo-terminals here")
@pytest.mark.parametrize("name", ["", *NAMES])
def test_on_a_terminal_the_same_text_has_styles(name: str, sysutils: Run) -> None:
    from tests.support.terminal import show

    words = [*filter(None, [name]), "--help"]
    plain = sysutils(*words, env={"COLUMNS": "70"}).stdout.decode()
    styled = show(words, columns=70).raw.decode().replace("\r\n", "\n")
    assert STYLE.search(styled)
    assert STYLE.sub("", styled) == plain
    assert (
        show(words, columns=70, env={"NO_COLOR": "1"}).raw.decode().replace("\r\n", "\n") == plain
    )
    assert show(words, columns=70, term="dumb").raw.decode().replace("\r\n", "\n") == plain


def test_examples_are_shown_as_the_command_was_called(sysutils: Run) -> None:
    program = "import sys; sys.argv = ['free', '--help']; from sysutils.cli.main import run; run()"
    linked = subprocess.check_output([sys.executable, "-c", program], env=environment(), text=True)
    assert "\n  free -h " in linked
    assert b"\n  sysutils free -h " in sysutils("free", "--help").stdout


def test_the_group_has_examples_and_all_commands(sysutils: Run) -> None:
    text = sysutils("--help").stdout.decode()
    assert text.index("Examples:") < text.index("Commands:") < text.index("Help and version:")
    for words, _ in group.about.examples:
        assert words.split()[0] in {*COMMANDS, "--install-links", "--completion"}, words


def test_groups_go_on_until_the_next_and_may_be_taken_up_again() -> None:
    from sysutils.cli.declared import ClassicOption

    made = [
        ClassicOption(["-a"], group="One"),
        ClassicOption(["-b"]),
        ClassicOption(["-o"], group=OUTPUT),
        ClassicOption(["-c"], group="Two"),
        ClassicOption(["-d"], group="One"),
    ]
    names = {title: [one.name for one in members] for title, members in groups(made).items()}
    assert names == {"One": ["a", "b", "d"], "Two": ["c"], OUTPUT: ["o"]}


def test_values_are_spelled_as_they_are_typed() -> None:
    from sysutils.cli.declared import ClassicOption

    def told(*names: str, **settings: object) -> list[str]:
        return spelled(ClassicOption(list(names), **settings))

    assert told("-s", "--size", metavar="N") == ["-s N", "--size=N"]
    assert told("-s", "--size", metavar="N", optional_value="") == ["-s[N]", "--size[=N]"]
    assert told("-f", metavar="[gG]", optional_value="") == ["-f[gG]"]
    assert told(" o", "-o", metavar="LIST") == ["o LIST", "-o LIST"]
    assert Help() == ((), (), "")
