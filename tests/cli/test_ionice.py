"""ionice: beside the classic on processes of the test's own."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import psutil
import pytest

from sysutils import core
from tests.cli.beside import CAP_SYS_NICE, drop_capability, ours, same
from tests.support.children import linux_only, member, sleeper
from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from tests.support.golden import Golden

pytestmark = linux_only


def reset(pid: int, value: int = 0) -> None:
    """Gives a process the priority of one that never had any set."""
    core.set_io_priority(1, pid, value)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-p N", "-p N N", "--pid N", "-pN", "-p N 99999999 N", "-p 99999999 N", "-p N abc", "-p N -t",
        "-p N -- N",
        "-p N,1", "-p N -x", "-p N -P 1", "-p N -p 1", "-p N -p abc", "-p N -p", "-p N -u 0",
        "-c 2 -p N", "-c 2 -n 7 -p N", "-c 3 -p N", "-c 0 -p N", "-n 3 -p N", "-n 7 -c 3 -p N",
        "-n 7 -c 0 -p N",
        "-t -n 7 -c 0 -p N", "-c idle -p N", "-c IDLE -p N", "-c best-effort -p N",
        "-c Best-Effort -n 2 -p N",
        "-c none -p N", "-c be -p N", "-c 2x -p N", "-c -1 -p N", "-c 4 -p N", "-c 8 -p N",
        "-c 7 -n 1 -p N",
        "-c 10 -p N", "-c 11 -n 3 -p N", "-t -c 4 -p N", "-n 9 -p N", "-c 2 -n 9 -p N",
        "-n 8192 -p N", "-n 8191 -p N",
        "-c 2 -n -1 -p N", "-c 2 -n x -p N", "-n 99999999999999999 -p N", "-c 2147483648 -p N",
        "-c2 -n3 -pN",
        "--class 2 --classdata 3 --pid N", "--classd 3 -p N", "--cl 2 -p N", "-c 2 -p N abc",
        "-c 2 -p N 99999999",
        "-c 2 -p N N -x", "-t -c 2 -p 99999999 N", "-p N -c 3",
    ],
)  # fmt: skip
def test_a_process_beside_the_classic(words: str) -> None:
    with sleeper() as child:
        arguments = [word.replace("N", str(child.pid)) for word in words.split()]
        after: list[int] = []
        same(
            "ionice", *arguments, before=lambda: (after.append(state(child.pid)), reset(child.pid))
        )
        after.append(state(child.pid))
        assert after[1] == after[2]  # what the classic left, and ours


def state(pid: int) -> int:
    return core.io_priority(1, pid)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-p", "-p abc", "-pabc -x", "-x -p abc", "-p 99999999", "-p 1x", "-p 0x1", "-p -1",
        "-p 99999999999999999999",
        "-p 4294967297", "-c", "-n", "-c 2 -p", "-c 3", "-n 3", "-c foo true", "-t -c foo true",
        "-c 2x", "-n 2x true",
        "-x", "--nosuch", "-P abc", "-P 99999999", "-u root", "-u 99999", "-P 1 -u 1", "-p 0 -P 1",
        "--pgid 99999",
        "--uid 99999", "--ign -p 99999999", "-c 2 -n 4 -P 99999", "-c 2 -P 99999 88888",
        "-c 2 -n 4 -u 99999",
        "-t -c 2 -n 4 -p 99999999", "-c 2 -p 99999999", "-t -p 99999999", "-c 2 nosuch", "-c 2 /tmp",
        "-c 99999 true",
        "-t -c 2 -P 99999 abc", "-n 100000 true", "-c 2 true", "-- true", "true",
    ],
)  # fmt: skip
def test_errors_beside_the_classic(words: str) -> None:
    compare("small", ["ionice", *words.split()], stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [["-c", "", "true"], ["-n", ""], ["-p", ""], [""], ["-c", "2", ""], ["-c", " 2", "true"]],
)
def test_empty_words_beside_the_classic(words: list[str]) -> None:
    compare("small", ["ionice", *words], stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-t", "ionice", "-c 3 ionice", "-c 2 -n 3 ionice", "-n 3 ionice", "-c 0 ionice",
        "-c 0 -n 5 ionice",
        "-c 3 -n 5 ionice", "-t -c 3 -n 5 ionice", "-c 10 ionice", "-c 10 echo hi", "-c 11 -n 3 ionice",
        "-c 2 -n 9 ionice", "-c 3 -c 2 -n 1 ionice", "-c 02 ionice", "-c 2 -n 07 -- ionice",
        "-c 2 sh -c false",
        "-c 1 ionice", "-t -c 1 true", "-p 0", "-n +2 ionice",
    ],
)  # fmt: skip
def test_a_program_beside_the_classic(words: str) -> None:
    same("ionice", *words.split(), preexec_fn=lambda: reset(0))


@pytest.mark.classic
def test_a_group_beside_the_classic() -> None:
    with member(group=True, children=[{}, {}]) as child:
        group = str(child.pid)
        everyone = [child.pid, *child.pids]

        def fresh() -> None:
            for pid in everyone:
                reset(pid)

        same("ionice", "-P", group, before=fresh)
        same("ionice", "-P", group, "abc", before=fresh)
        same("ionice", "-c", "2", "-n", "6", "-P", group, before=fresh)
        assert {state(pid) for pid in everyone} == {2 << 13 | 6}
        same("ionice", "-P", group, group)
        same("ionice", "-c", "idle", "--pgid", group, before=fresh)
        assert {psutil.Process(pid).ionice().ioclass.value for pid in everyone} == {3}


@pytest.mark.classic
@pytest.mark.root
def test_a_user_beside_the_classic() -> None:
    uid = 64321  # nobody else has it
    with member(uids=[uid] * 3) as child:
        same("ionice", "-u", str(uid), before=lambda: reset(child.pid))
        same("ionice", "-c", "2", "-n", "1", "-u", str(uid), before=lambda: reset(child.pid))
        assert state(child.pid) == 2 << 13 | 1
        for words in (["-c", "2", "-p"], ["-t", "-c", "2", "-p"], ["-p"]):
            same("ionice", *words, str(child.pid), preexec_fn=lambda: drop_capability(CAP_SYS_NICE))


@pytest.mark.classic
def test_a_full_output() -> None:
    with open("/dev/full", "wb") as full:
        assert same("ionice", "-p", str(os.getpid()), stdout=full).returncode == 1


# --- what it does


def test_the_priority_is_really_set() -> None:
    with sleeper() as child:
        assert ours("ionice", "-c", "best-effort", "-n", "5", "-p", str(child.pid)).returncode == 0
        process = psutil.Process(child.pid)
        assert (process.ionice().ioclass.value, process.ionice().value) == (2, 5)
        assert ours("ionice", "-c", "idle", "-p", str(child.pid)).returncode == 0
        assert process.ionice().ioclass.value == 3
    assert ours("ionice", "-c", "3", "cat", "/proc/self/comm").stdout == b"cat\n"


# --- formats


def test_json() -> None:
    with sleeper() as child:
        reset(child.pid, 2 << 13 | 3)
        answer = ours("ionice", "--json", "-p", str(child.pid))
    assert json.loads(answer.stdout) == [{"id": child.pid, "ioclass": "best-effort", "value": 3}]


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden) -> None:
    answer = ours(
        "ionice", f"--{form}", env={"COLUMNS": "100"}, preexec_fn=lambda: reset(0, 2 << 13 | 6)
    )
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check("ionice", "own", form, answer.stdout)
