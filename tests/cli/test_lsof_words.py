"""lsof beside the classic: what -V tells of commands, what -a asks for, -K i."""

from __future__ import annotations

import pytest

from tests.cli.beside import ours, same
from tests.support.children import linux_only

pytestmark = linux_only


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-V -c nosuchcmd -c ^nosuchother -d 999", "-V -a -d 999 -c /nosuch/ -c nosuchcmd -c /other/i",
        "-a -p ^1", "-a -c ^nosuchcmd",
    ],
)  # fmt: skip
def test_commands_that_are_not_there(words: str) -> None:
    same("lsof", *words.split())


def test_threads_are_left_out_of_everything() -> None:
    heading = ours("lsof", "-K", "i", "-d", "cwd", "-c", "^systemd").stdout.partition(b"\n")[0]
    assert b" PID " in heading
    assert b" TASKCMD " not in heading
