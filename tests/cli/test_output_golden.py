"""What each command writes in each format about one recorded machine: ``tests/golden``.

``pytest --update-golden`` writes the files anew; a change of them is a change that users see."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.sidebyside import Case, run_ours
from tests.support.stage import StageUnavailable

if TYPE_CHECKING:
    from tests.support.golden import Golden

#: command line -> name of its files
CASES = {
    "uptime": "uptime",
    "free": "free",
    "free -h -w -t": "free-hwt",
}
FORMS = ("plain", "rich", "json", "jsonl", "csv")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", CASES)
def test_what_is_written(words: str, form: str, golden: Golden) -> None:
    if os.geteuid():
        pytest.skip("a recorded machine with its owners can only be set up by root")
    if (words, form) == ("uptime", "rich") and os.cpu_count() != 2:
        pytest.skip("it shows the load of each CPU, and the files were written with two")
    env = (("COLUMNS", "100"), ("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"))
    command, *rest = words.split()
    case = Case("small", (command, *rest, f"--{form}"), env)
    try:
        answer = run_ours(case)
    except StageUnavailable as error:
        pytest.skip(str(error))
    assert (answer.returncode, answer.stderr) == (0, b"")
    golden.check(command, CASES[words], form, answer.stdout)
