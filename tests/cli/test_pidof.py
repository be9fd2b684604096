"""pidof: beside the classic on recorded machines, and on live programs whose names nobody else has."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.cli.beside import OURS, ask, environment, ours, same
from tests.support.children import (
    deleted_executable,
    executed,
    linux_only,
    member,
    wait_state,
    wait_until,
    zombie,
)
from tests.support.sidebyside import Case, compare, run_ours
from tests.support.stage import StageUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.golden import Golden

pytestmark = linux_only


# --- recorded machines


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "systemd", "init", "kthreadd", "kworker/0:1H-kb", "0:1H-kb", "sshd", "/usr/sbin/sshd", "bash",
        "-- -bash",
        "python3", "python3.11", "/usr/bin/python3.11", "ping", "ping bash", "bash ping nosuch",
        "-s ping bash",
        "ping ping", "-d, ping bash", "-d ping bash", "-o 1 systemd", "defunct-child", "-z defunct-child",
        "-z ./defunct-child", "evil", "/usr/bin/evil", "-x server.py", "-q ping", "-q nosuch", "nosuch",
        "/nosuch/sshd", "-x /nosuch/sshd", "x/kthreadd", "", "--", "-n ping", "-zx python3", "PING",
    ],
)  # fmt: skip
def test_the_small_machine_beside_the_classic(words: str) -> None:
    compare("small", ["pidof", *words.split()], stderr=True)


@pytest.mark.classic
@pytest.mark.parametrize(
    "name",
    [
        "crowd", "named-by-prctl", "/usr/sbin/named-by-prctl", "a) R (b",
        "((((", ")", "python3",
        "kworker/R-rcu_gp", "R-rcu_gp", "sbin/named-by-prctl", "\x1b[31mred\x1b[0m", "new\nline", "",
        "rcu_exp_par_gp_kthread_worker/0", "big-64", "plain", "called-12",
    ],
)  # fmt: skip
@pytest.mark.parametrize("option", ["", "-x", "-z"])
def test_a_crowd_beside_the_classic(name: str, option: str) -> None:
    compare("crowd", ["pidof", *filter(None, [option]), "--", name])


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", ["-y sshd", "--nosuch sshd", "-d", "-o", "-S , sshd", "-w sshd", "sshd -y"]
)
def test_mistakes_are_told_and_are_status_1(words: str) -> None:
    """The classic tells the system log."""
    answer = compare("small", ["pidof", *words.split()])
    assert answer.stderr == b"pidof: invalid options on command line!\n"


# --- live programs

#: at most 15 bytes, the longest that the kernel keeps; another one in each process that runs tests
NAME = f"pidof-{os.getpid()}"


@contextlib.contextmanager
def running(argv0: str, *, name: str = NAME) -> Iterator[int]:
    """sleep(1) under a name of its own, called ``argv0``."""
    with executed([os.fsencode(argv0), b"100000"], os.fsencode(name)) as child:
        yield child.pid


SHAPES = [
    "{}", "./{}", "/x/{}", "x/{}", "-{}", "{}: master", "-x", "a b/c", "/a b/{}", "{} 5", "(x)", "other{}",
]  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize("shape", SHAPES)
def test_names_beside_the_classic(shape: str) -> None:
    anchor = f"a{NAME}"  # between two names: which of them were found shows in one line
    with running(shape.format(NAME)) as pid, running(anchor, name=anchor):
        path = os.readlink(f"/proc/{pid}/exe")
        asked = [one.format(NAME) for one in (*SHAPES[:6], "other{}", "./other{}", path)]
        words = [word for name in asked for word in (name, anchor)]
        same("pidof", "--", *words)
        same("pidof", "-x", "--", *words)
        assert ours("pidof", path).stdout == b"%d\n" % pid


@pytest.mark.classic
def test_a_long_name_and_an_empty_first_word() -> None:
    with running(f"{NAME}-very-long", name=f"{NAME}-very-long"):
        assert same("pidof", f"{NAME}-very-long").returncode == 0
        assert same("pidof", f"{NAME}-very-long"[:15]).returncode == 1
    with running("x y", name=f"{NAME}-very-long"):
        assert same("pidof", f"{NAME}-very-long").returncode == 1
        assert same("pidof", f"{NAME}-very-long"[:15]).returncode == 0
    with member(name=NAME, cmdline="\x00100000\x00") as child:
        assert same("pidof", NAME).stdout == b"%d\n" % child.pid


@pytest.mark.classic
def test_several_programs_in_descending_order() -> None:
    second = f"b{NAME}"
    with (
        running(NAME) as one,
        running(f"./{NAME}") as two,
        running(second, name=second) as other,
    ):
        high, low = max(one, two), min(one, two)
        assert same("pidof", NAME).stdout == b"%d %d\n" % (high, low)
        assert same("pidof", "-s", NAME, second).stdout == b"%d %d\n" % (high, other)
        assert same("pidof", "-d", ",;", NAME, second).stdout == b"%d,%d,%d\n" % (
            high,
            low,
            other,
        )
        same("pidof", "-d", "", NAME)
        both = [f"{high}{mark}{low}" for mark in ",;: "]
        for omitted in (str(high), *both, "x", "", f"{high}x"):
            same("pidof", "-o", omitted, NAME)
        same("pidof", "-o", str(high), "-o", str(low), NAME)
        same("pidof", NAME, "-q")
        same("pidof", NAME, "-q", env={"POSIXLY_CORRECT": "1"})
        same("pidof", "-c", NAME)


@pytest.mark.classic
def test_the_caller_is_omitted() -> None:
    name = psutil.Process().cmdline()[0]
    for words in (["-o", "%PPID"], ["-o", "%PPID,1"], ["-o", "%ppid"]):
        answer = ours("pidof", *words, "-z", name)
        assert (str(os.getpid()).encode() in answer.stdout.split()) is (words[1] == "%ppid")


@pytest.mark.classic
def test_deleted_and_linked_programs(tmp_path: Path) -> None:
    with deleted_executable() as child:
        path = os.readlink(f"/proc/{child.pid}/exe").removesuffix(" (deleted)")
        assert same("pidof", path).stdout == b"%d\n" % child.pid
    with running(NAME) as pid:
        path = os.readlink(f"/proc/{pid}/exe")
        (tmp_path / "link").symlink_to(path)
        (tmp_path / "dir").symlink_to(os.path.dirname(path))
        for name in (tmp_path / "link", tmp_path / "dir" / NAME, f"{path}/../{NAME}", f"/.{path}"):
            same("pidof", str(name))
        assert same("pidof", str(tmp_path / "link")).stdout == b"%d\n" % pid


@pytest.mark.classic
def test_scripts(tmp_path: Path) -> None:
    shell = shutil.which("sh", path="/usr/bin:/bin")
    script = tmp_path / f"s{NAME}"
    script.write_text(f"#!{shell} -e\nread line\n")
    script.chmod(0o755)
    with member(program=str(script), argv=[str(script)], env={}) as child:
        process = psutil.Process(child.pid)
        wait_until(lambda: process.cmdline()[:1] == [shell], "the shell runs")
        wait_state(child.pid, "S")
        for name in (f"s{NAME}", str(script), f"./s{NAME}", f"x/{script.name}"):
            same("pidof", name)
            same("pidof", "-x", name)
        assert same("pidof", "-x", f"s{NAME}").stdout == b"%d\n" % child.pid


@pytest.mark.classic
def test_zombies() -> None:
    with zombie(f"z{NAME}".encode()) as pid:
        assert same("pidof", f"z{NAME}").returncode == 1
        assert same("pidof", "-z", f"z{NAME}").stdout == b"%d\n" % pid
        same("pidof", "-z", f"./z{NAME}")


def test_it_finds_itself_by_its_own_name() -> None:
    with subprocess.Popen(
        [*OURS, "pidof", "pidof"], stdout=subprocess.PIPE, env=environment()
    ) as child:
        assert child.stdout is not None
        found = child.stdout.read().split()
    assert str(child.pid).encode() in found
    assert child.returncode == 0


def test_its_interpreter_is_left_out() -> None:
    words = [*OURS, "pidof", "-z", OURS[0], os.path.basename(OURS[0]), os.path.realpath(OURS[0])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment()) as child:
        assert child.stdout is not None
        found = child.stdout.read().split()
    assert str(os.getpid()).encode() in found
    assert str(child.pid).encode() not in found


# --- formats


def test_json_tells_names_too() -> None:
    with running(NAME) as pid:
        rows = json.loads(ours("pidof", "--json", NAME).stdout)
    assert rows == [{"pid": pid, "comm": NAME, "args": f"{NAME} 100000"}]
    assert json.loads(ours("pidof", "--json", "no-such-subject").stdout) == []


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden) -> None:
    if os.geteuid():
        pytest.skip("a recorded machine with its owners can only be set up by root")
    case = Case("small", ("pidof", f"--{form}", "sshd", "bash", "kthreadd", "python3"))
    try:
        answer = run_ours(case)
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check("pidof", "four", form, answer.stdout)


def test_only_what_names_need_is_read(tmp_path: Path) -> None:
    """A name needs no link to the program; a path needs it."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace")
    log = tmp_path / "log"
    words = [strace, "-f", "-o", str(log), "-e", "trace=openat,open,readlink"]
    with running(NAME):
        if ask([*words, *OURS, "pidof", NAME]).returncode:
            pytest.skip("strace may not trace here")
        assert "/exe" not in log.read_text()
        assert "/status" not in log.read_text()
