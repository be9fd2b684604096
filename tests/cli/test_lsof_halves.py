"""Files so many that two processes list them: the same bytes as the classic's, and as one process's."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.beside import OURS, ask, ours, program
from tests.support.children import linux_only, member

pytestmark = linux_only


@pytest.fixture(scope="module")
def many() -> Iterator[str]:
    """The pids of two processes with 300 descriptors each."""
    ends = os.pipe()
    null = os.open("/dev/null", os.O_RDONLY)
    fds = [os.dup(fd) for fd in (*ends, null) for _ in range(100)]
    try:
        with contextlib.ExitStack() as stack:
            children = [stack.enter_context(member(pass_fds=fds)) for _ in range(2)]
            yield ",".join(str(child.pid) for child in children)
    finally:
        for fd in (*fds, *ends, null):
            os.close(fd)


def one_processor() -> None:
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])


@pytest.mark.parametrize("words", ["", "-t", "-d 5-400", "-i", "-F pfn"])
def test_one_process_lists_the_same(words: str, many: str) -> None:
    line = ["lsof", "-nP", "-p", many, *(["-a"] if "-" in words[:2] else []), *words.split()]
    alone: Any = ours(*line, preexec_fn=one_processor)
    assert ours(*line) == alone
    assert words == "-i" or len(alone.stdout.splitlines()) >= (2 if words == "-t" else 600)


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-t"])
def test_the_classic_lists_the_same(words: str, many: str) -> None:
    line = ["-nP", "-p", many, *words.split()]
    assert ask([program("lsof"), *line]) == ask([*OURS, "lsof", *line])
