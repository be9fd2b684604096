"""A watched command's report made by the same command line again, where there is no fork(2)."""

import os
import sys
from collections.abc import Callable, Sequence

#: in the environment of such a process: where its report goes, ``screen`` or ``pipe``
WATCHED = "_SYSUTILS_WATCHED"
#: its exit status where nobody reads the report: as of a program that SIGPIPE has ended
UNREAD = 141


def _line(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "sysutils", *words]


def once(_: Callable[[], int], words: Sequence[str], /) -> int:
    """A report to standard output; its exit status."""
    import subprocess

    return subprocess.call(_line(words), env={**os.environ, WATCHED: "pipe"})


def shown(_: Callable[[], int], words: Sequence[str], size: os.terminal_size, /) -> bytes:
    """A report for a screen of that size."""
    import subprocess

    told = {
        WATCHED: "screen", "COLUMNS": str(size.columns), "LINES": str(size.lines), "PYTHONUTF8": "1",
        "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip
    done = subprocess.run(
        _line(words), env={**os.environ, **told}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.stdout
