"""taskset: masks and lists, beside the classic on processes of the test's own."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.taskset import cpu_list, cpu_mask, parse_list, parse_mask
from tests.cli.beside import CAP_SYS_NICE, drop_capability, ours, same
from tests.support.children import linux_only, member, sleeper, threads
from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from tests.support.golden import Golden

pytestmark = linux_only

ALL = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


# --- masks and lists

some_cpus = st.sets(st.integers(0, 300), min_size=1)


@given(some_cpus)
def test_masks_and_lists_are_read_back(cpus: set[int]) -> None:
    assert parse_mask(cpu_mask(cpus)) == cpus
    assert parse_mask("0x" + cpu_mask(cpus)) == cpus
    assert parse_list(cpu_list(cpus)) == cpus


@given(some_cpus)
def test_a_mask_with_commas_is_the_same(cpus: set[int]) -> None:
    mask = cpu_mask(cpus)
    parts = [mask[max(0, end - 8) : end] for end in range(len(mask), 0, -8)]
    assert parse_mask(",".join(reversed(parts))) == cpus


@given(st.integers(0, 100), st.integers(0, 100), st.integers(1, 20))
def test_strides(first: int, more: int, step: int) -> None:
    assert parse_list(f"{first}-{first + more}:{step}") == set(range(first, first + more + 1, step))


@pytest.mark.parametrize(
    ("cpus", "mask", "text"),
    [
        ({0}, "1", "0"), ({0, 1}, "3", "0,1"), ({0, 1, 2}, "7", "0-2"), ({0, 2}, "5", "0,2"),
        ({64}, "1" + "0" * 16, "64"),
        (set(range(64)), "f" * 16, "0-63"), (set(range(128)), "f" * 32, "0-127"),
        ({1, 2, 5, 6, 7}, "e6", "1,2,5-7"),
    ],
)  # fmt: skip
def test_known_masks(cpus: set[int], mask: str, text: str) -> None:
    assert (cpu_mask(cpus), cpu_list(cpus)) == (mask, text)


@pytest.mark.parametrize(
    "word", ["x", "0X3", ",3", "3,,3", "0x,1", " 3", "3 ", "-1", "+3", "3.", "٣"]
)
def test_no_mask(word: str) -> None:
    assert parse_mask(word) is None


@pytest.mark.parametrize(
    "word",
    [
        "",
        "x",
        "1-0",
        "0-",
        "-1",
        "0,",
        ",0",
        "0,,1",
        "0-1:0",
        "0-1:x",
        "0-1-2",
        "0:1",
        " 0",
        "0x1",
        "٣",
    ],
)
def test_no_list(word: str) -> None:
    assert parse_list(word) is None


def test_huge_ranges_cost_nothing() -> None:
    cpus = parse_list("0-99999999999999999999")
    assert cpus is not None
    assert len(cpus) < 10_000
    assert parse_mask("f" * 100_000) is not None


# --- beside the classic


def pid_of(text: bytes) -> bytes:
    """The number of the process is another one in each run."""
    return re.sub(rb"pid \d+'s", b"pid N's", text)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-p N", "-cp N", "-pc 0 N", "-p 1 N", "-p 3 N", "-p 0x3 N", "-p 0003 N", "-p F N", "-p f N",
        "-p 3, N",
        "-p 3,3 N", "-p 1,00000003 N", "-p 00000000,00000003 N", "-p 1000000000000000000000000003 N",
        "-cp 0-1 N",
        "-cp 0-1:2 N", "-cp 0-1:9 N", "-cp 0-1:1,1 N", "-cp 1,0 N", "-cp 00 N", "-cp 0-4095 N",
        "-cp 0-99999999999 N",
        "-ap N", "-a -p 1 N", "-acp 0-1 N", "--all-tasks -p N", "--cpu-list --pid N", "--pi N",
        "-pp N", "-p +N",
        "-p -- N", "-p 0 N", "-p 1,0 N", "-p 0x N", "-p 80000000000000000000 N", "-cp 4000 N",
        "-cp 9999 N", "-ap 0 N",
        "-p x N", "-p 0X3 N", "-p ,3 N", "-p , N", "-p 3,,3 N", "-p 0x,1 N", "-cp x N", "-cp 1-0 N",
        "-cp 0- N",
        "-cp 0, N", "-cp ,0 N", "-cp 0-1:0 N", "-cp 0-1-1 N", "-cp +1 N", "-p 3 N N", "-p 3 N -c",
        "-p 3 -x N", "-a N",
        "-pN", "-p3 N", "--pid=N", "-cp -1 N",
    ],
)  # fmt: skip
def test_a_process_beside_the_classic(words: str) -> None:
    with sleeper() as child:
        arguments = [re.sub("N", str(child.pid), word) for word in words.split()]
        same("taskset", *arguments, before=lambda: os.sched_setaffinity(child.pid, ALL))


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-p", "-p abc", "-p 99999999", "-p 3 99999999", "-p 3 abc", "-p 0", "-p -1", "-p 1x",
        "-p 0x10", "-x",
        "-p 4294967297", "-p 99999999999999999999", "-p 3 0", "-p -- -5", "--nosuch", "3", "-c 0",
        "-c", "-c -p",
        "-a", "--all", "-ap 99999999", "-ap 3 99999999", "x true", "-c x true", "3 nosuchcmd", "3 /tmp",
        "f /etc/passwd", "f -- true", "-p -x", "--cpu-list=0 1", "-c -p -x",
    ],
)  # fmt: skip
def test_errors_beside_the_classic(words: str) -> None:
    compare("small", ["taskset", *words.split()], stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", [["-p", ""], ["", "true"], ["f", ""], ["-c", "", "true"], ["-p", " 1x"]]
)
def test_empty_words_beside_the_classic(words: list[str]) -> None:
    same("taskset", *words, change=pid_of)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "1 nproc", "-c 0 nproc", "-- 1 nproc", "-c -- 0 nproc", "f nproc --all",
        "ffffffffffffffffffffffff nproc",
        "-a 1 nproc", "--cpu 0 nproc", "0 true", "-c 4000 true", "f sh -c false",
        "80000000000000000000 true",
    ],
)  # fmt: skip
def test_a_program_beside_the_classic(words: str) -> None:
    same("taskset", *words.split(), change=pid_of)


@pytest.mark.classic
def test_all_threads_beside_the_classic() -> None:
    with threads(3) as child:
        tids = sorted(map(int, os.listdir(f"/proc/{child.pid}/task")))

        def reset() -> None:
            for tid in tids:
                os.sched_setaffinity(tid, ALL)

        same("taskset", "-ap", str(child.pid), before=reset)
        same("taskset", "-acp", str(ALL[0]), str(child.pid), before=reset)
        assert {tuple(os.sched_getaffinity(tid)) for tid in tids} == {(ALL[0],)}


@pytest.mark.classic
@pytest.mark.root
def test_another_s_process_without_the_right() -> None:
    with member(uids=[65534] * 3) as child:
        for words in (["-p", "1"], ["-ap", "1"], ["-p"]):
            same(
                "taskset", *words, str(child.pid), preexec_fn=lambda: drop_capability(CAP_SYS_NICE)
            )


@pytest.mark.classic
def test_a_full_output() -> None:
    with open("/dev/full", "wb") as full:
        assert same("taskset", "-p", str(os.getpid()), stdout=full).returncode == 1


# --- what it does


def test_the_affinity_is_really_set() -> None:
    with sleeper() as child:
        assert ours("taskset", "-cp", str(ALL[-1]), str(child.pid)).returncode == 0
        assert psutil.Process(child.pid).cpu_affinity() == [ALL[-1]]
        mask = cpu_mask(ALL)
        assert ours("taskset", "-p", mask, str(child.pid)).returncode == 0
        assert psutil.Process(child.pid).cpu_affinity() == ALL
    code = "import os; print(sorted(os.sched_getaffinity(0)))"
    answer = ours("taskset", "-c", str(ALL[0]), sys.executable, "-c", code)
    assert answer.stdout == f"[{ALL[0]}]\n".encode()


# --- formats


def test_json() -> None:
    with sleeper() as child:
        answer = ours("taskset", "--json", "-cp", str(ALL[0]), str(child.pid))
    assert json.loads(answer.stdout) == [
        {"pid": child.pid, "cpu_affinity": ALL, "when": "current"},
        {"pid": child.pid, "cpu_affinity": [ALL[0]], "when": "new"},
    ]


@pytest.mark.parametrize("form", [["--jsonl"], ["--output", "jsonl"], ["--output=jsonl"]])
def test_the_format_may_stand_last(form: list[str]) -> None:
    pid = str(os.getpid())
    assert json.loads(ours("taskset", "-p", pid, *form).stdout)["pid"] == os.getpid()
    assert ours("taskset", cpu_mask(ALL), "echo", "--json").stdout == b"--json\n"


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden) -> None:
    if 0 not in ALL:
        pytest.skip("CPU 0 is not among ours")
    if form == "rich" and os.cpu_count() != 2:
        pytest.skip("it has a map of all CPUs, and the file was written with two")
    with member(affinity=[0], name="sleeper") as child:
        answer = ours("taskset", f"--{form}", "-p", str(child.pid), env={"COLUMNS": "100"})
        assert (answer.returncode, answer.stderr) == (0, b"")
        pid = re.compile(rb"( ?) *\b(?:PID|%d)\b" % child.pid)
        text = pid.sub(
            lambda found: found[1] + (b"PID" if b"PID" in found[0] else b"123"), answer.stdout
        )
        text = re.sub(rb"4m +PID", b"4mPID", text)  # however many digits it has
        golden.check("taskset", "first", form, text)
