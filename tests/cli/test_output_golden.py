"""What each command writes in each format about one recorded machine: ``tests/golden``.

``pytest --update-golden`` writes the files anew; a change of them is a change that users see."""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.support.mounts import Line, Tmpfs, among
from tests.support.sidebyside import Case, run_ours
from tests.support.stage import StageUnavailable

if TYPE_CHECKING:
    from tests.support.golden import Golden
    from tests.support.stage import Answer

#: command line -> name of its files, recorded machine
CASES = {
    "uptime": ("uptime", "small"),
    "free": ("free", "small"),
    "free -h -w -t": ("free-hwt", "small"),
    "pmap -x 2050": ("extended", "small"),
    "pmap -XXp 2050": ("everything", "small"),
    "lsof -nP -i": ("internet", "sockets"),
    "ps -e": ("every", "small"),
    "ps aux": ("aux", "small"),
    "ps -eLf --sort=-rss": ("threads-by-rss", "small"),
    "ps axo pid,ppid,stat,start_time,etimes,args --forest": ("forest", "small"),
    "iostat -xt": ("extended", "io"),
    "iostat -d -g all sda nvme0n1": ("group", "io"),
    "top -b -n 1": ("batch", "small"),
    "top -bn1 -Hc1 -o RES": ("threads", "small"),
    "netstat -an": ("all", "sockets"),
    "netstat -rn": ("routes", "sockets"),
    "netstat -kind tcp": ("kind-tcp", "sockets"),
}
#: df can't be told of file systems that are not there: these are
MOUNTED = [
    Tmpfs("one", "/dev/mapper/vg0-home", "size=64M,nr_inodes=1000"),
    Tmpfs("an other", "store:/export/with a rather long path/to it", "size=3T,nr_inodes=9999"),
]
DF = {
    ("df", "one", "an other"): "two",
    ("df", "-hT", "--total", "one", "an other"): "two-hT-total",
    ("df", "-i", "one"): "inodes",
}
FORMS = ("plain", "rich", "json", "jsonl", "csv")
ENV = (("COLUMNS", "100"), ("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"))

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="a machine with its owners can only be set up by root",
)


@needs_root
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", CASES)
def test_what_is_written(words: str, form: str, golden: Golden) -> None:
    if (words, form) == ("uptime", "rich") and os.cpu_count() != 2:
        pytest.skip("it shows the load of each CPU, and the files were written with two")
    command, *rest = words.split()
    name, tree = CASES[words]
    try:
        answer = run_ours(Case(tree, (command, *rest, f"--{form}"), ENV))
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check(command, name, form, _of_any_kernel(answer.stdout, command))


def _of_any_kernel(output: bytes, command: str) -> bytes:
    """``output`` without what iostat's first line tells of this machine's kernel and CPUs."""
    if command != "iostat":
        return output
    system = os.uname()
    for word in (system.release, system.machine):
        output = output.replace(word.encode(), b"-")
    return re.sub(rb"\b\d+ CPUs?\b", b"2 CPU", output)


@functools.cache
def _of_df() -> dict[tuple[str, ...], Answer] | str:
    lines = [(*words, f"--{form}") for words in DF for form in FORMS]
    try:
        answers = among([*MOUNTED], [Line(words, ENV) for words in lines])
    except (StageUnavailable, RuntimeError) as error:
        return str(error)
    return {words: ours for words, (_, ours) in zip(lines, answers, strict=True)}


@needs_root
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", DF, ids=" ".join)
def test_what_df_writes(words: tuple[str, ...], form: str, golden: Golden) -> None:
    answers = _of_df()
    if isinstance(answers, str):
        pytest.skip(answers)
    answer = answers[(*words, f"--{form}")]
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check("df", DF[words], form, answer.stdout)
