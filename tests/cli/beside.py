"""The classic command and ours as the user runs them, on this machine: same output, same status.

For what depends on live processes, terminals and rights; the rest is compared on recorded machines
(``tests.support.sidebyside``)."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support import classic
from tests.support.golden import difference
from tests.support.stage import ROOT
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: command -> whose words and statuses are ours; pidof tells no version
VERSIONS = {
    "ps": "4.0.2", "ionice": "2.38.1", "kill": "4.0.2", "lsof": "4.95.0", "nice": "9.1", "pidof": "unknown",
    "taskset": "2.38.1", "tty": "9.1",
}  # fmt: skip
#: numbers of capabilities(7)
CAP_KILL, CAP_SYS_NICE = 5, 23
_PR_CAPBSET_DROP = 24
OURS = [sys.executable, "-m", "sysutils"]


class Answer(NamedTuple):
    """What a command said and returned."""

    returncode: int
    stdout: bytes
    stderr: bytes


def environment(**changes: str) -> dict[str, str]:
    """The little that both sides see."""
    return {
        "PATH": classic.PATH, "HOME": "/", "LC_ALL": "C", "TZ": "UTC0", "PYTHONPATH": str(ROOT), **changes
    }  # fmt: skip


def program(command: str) -> str:
    """Path of the classic. Skips where it is not there, or another version."""
    path = classic.program(command)
    if path is None:
        skip(f"{command} is not installed")
    if classic.version(command) != VERSIONS[command]:
        skip(f"{command} is {classic.version(command)}, not {VERSIONS[command]}")
    return path


def ask(words: Sequence[str], env: dict[str, str] | None = None, **settings: Any) -> Answer:
    """Runs a program, the name or path first."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(
        words, env=environment(**(env or {})), check=False, timeout=60, **{**given, **settings}
    )
    return Answer(done.returncode, done.stdout or b"", done.stderr or b"")


def ours(*words: str, **settings: Any) -> Answer:
    """``ours("nice", "-n", "5")``."""
    return ask([*OURS, *words], **settings)


def drop_capability(number: int) -> None:
    """Between fork and exec: the program that follows does not have it, root or not."""
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)


def same(
    *words: str,
    change: Callable[[bytes], bytes] = bytes,
    before: Callable[[], object] = bool,
    **settings: Any,
) -> Answer:
    """Asserts that ours answers as the classic does; returns our answer.

    ``before`` runs before each of the two; ``change`` is applied to both outputs."""
    path = program(words[0])
    before()
    theirs = ask([words[0], *words[1:]], executable=path, **settings)
    before()
    mine = ours(*words, **settings)
    wrong = ""
    for name, left, right in zip(
        ("standard output", "standard error"), theirs[1:], mine[1:], strict=True
    ):
        unlike = difference(change(left), change(right))
        wrong += f"\n{name}: {unlike}" if unlike else ""
    if theirs.returncode != mine.returncode:
        wrong += f"\nexit status: classic {theirs.returncode}, ours {mine.returncode}"
    if wrong:
        pytest.fail(f"{' '.join(words)}{wrong}", pytrace=False)
    return mine
