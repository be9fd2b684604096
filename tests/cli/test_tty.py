"""tty: the terminal of standard input, and none."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.beside import ours, same
from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.golden import Golden

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")


@contextlib.contextmanager
def terminal() -> Iterator[tuple[int, str]]:
    """A descriptor of a new terminal, and its path."""
    master, inner = os.openpty()
    try:
        yield inner, os.ttyname(inner)
    finally:
        os.close(inner)
        os.close(master)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-s", "--silent", "--quiet", "--s", "--sil", "--q", "-ss", "--", "foo", "-s foo",
        "-- foo", "foo -s", "-x", "-sx", "--nosuch", "--quiet=3", "--silent=",
    ],
)  # fmt: skip
def test_without_a_terminal_beside_the_classic(words: str) -> None:
    compare("small", ["tty", *words.split()], stderr=True, owners=False)


@pytest.mark.classic
def test_an_empty_operand_and_posix_order() -> None:
    compare("small", ["tty", ""], stderr=True, owners=False)
    compare("small", ["tty", "a b", "-s"], env={"POSIXLY_CORRECT": "1"}, stderr=True, owners=False)
    compare("small", ["tty", "é\n"], env={"LC_ALL": "C.UTF-8"}, stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-s", "--silent", "foo", "--nosuch"])
def test_on_a_terminal_beside_the_classic(words: str) -> None:
    with terminal() as (descriptor, path):
        answer = same("tty", *words.split(), stdin=descriptor)
        assert answer.stdout == (b"" if words else f"{path}\n".encode())


@pytest.mark.classic
def test_a_terminal_without_a_name() -> None:
    master, inner = os.openpty()
    try:
        same("tty", stdin=master)
        same("tty", "-s", stdin=master)
    finally:
        os.close(inner)
        os.close(master)


@pytest.mark.classic
def test_a_full_or_closed_output_is_status_3() -> None:
    with open("/dev/full", "wb") as full:
        assert same("tty", stdout=full).returncode == 3
        assert same("tty", "-s", stdout=full).returncode == 1
    assert same("tty", preexec_fn=lambda: os.close(1), stdout=None).returncode == 3


@pytest.mark.classic
def test_a_closed_input_is_no_terminal() -> None:
    assert same("tty", preexec_fn=lambda: os.close(0), stdin=None).returncode == 1
    assert same("tty", "-s", preexec_fn=lambda: os.close(0), stdin=None).returncode == 1


def test_json_tells_the_path_or_null() -> None:
    with terminal() as (descriptor, path):
        assert json.loads(ours("tty", "--json", stdin=descriptor).stdout) == [{"terminal": path}]
    answer = ours("tty", "--json")
    assert (json.loads(answer.stdout), answer.returncode) == ([{"terminal": None}], 1)


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
def test_what_is_written(form: str, golden: Golden, tmp_path: Path) -> None:
    answer = ours("tty", f"--{form}", cwd=tmp_path)
    assert (answer.returncode, answer.stderr) == (1, b"")
    golden.check("tty", "none", form, answer.stdout)
