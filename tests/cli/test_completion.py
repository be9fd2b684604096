"""Completion: what is offered for a line, and the scripts in real shells."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils.cli import COMMANDS, candidates
from sysutils.cli.completion import Typed, split
from sysutils.cli.completion import candidates as offered
from sysutils.cli.completion_scripts import shells

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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
            "ps ",
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
        assert pid in values(f"ps aux {pid[:-1]}")
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
    assert {part.mountpoint for part in core.disk_partitions(all=True)} >= {
        item.value for item in found("df /") if item.type == "plain"
    }
    assert set(values("df -t ")) == {part.fstype for part in core.disk_partitions(all=True)}
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
