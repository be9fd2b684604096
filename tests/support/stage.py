"""A machine to run commands on: a private mount namespace in which a recorded tree is /proc.

A worker process (``stage_worker``) makes the namespaces once, unpacks the tree into a tmpfs, and
then runs one command line after the other. Where the tree says ``self -> N``, each command runs
under process id N, so that "my own process" is one of the recorded ones.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import trees
from tests.support.clock import Clock

ROOT = Path(__file__).resolve().parent.parent.parent


class Answer(NamedTuple):
    """What a command answered. A negative ``returncode`` is the signal that ended it."""

    returncode: int
    stdout: bytes
    stderr: bytes


class Request(NamedTuple):
    """A command line to run. ``argv`` are the words after ``executable``'s own name ``argv0``.

    ``user``: (uid, gid) to run as. ``tty``: (columns, lines) of a terminal; the command's
    standard input is on it and, unless ``tty_input_only``, its output and errors as well (then
    both come back as ``stdout``). ``stdin`` is typed there, or is what a pipe holds. ``files``:
    what other files below /proc hold during this run; None takes one away.
    """

    executable: str
    argv0: str
    argv: tuple[str | bytes, ...]
    env: dict[str, str]
    stdin: bytes = b""
    user: tuple[int, int] | None = None
    tty: tuple[int, int] | None = None
    tty_input_only: bool = False
    files: tuple[tuple[str, bytes | None], ...] = ()


class StageUnavailable(Exception):
    """This system lets us make no namespaces; the text says why."""


class Stage:
    """The worker, seen from the test.

    ``owners_kept``: whether files belong to the recorded users. ``clock``: that of the recording.
    """

    def __init__(self, text: str) -> None:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        env = {**os.environ, "PYTHONPATH": path}
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "tests.support.stage_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            cwd="/",
        )
        self._directory = tempfile.mkdtemp(prefix="stage-")
        atexit.register(self.close)
        self.owners_kept, clock = self._ask((text, self._directory))
        self.clock = Clock(*clock)

    def _ask(self, what: object) -> Any:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        try:
            pickle.dump(what, self._worker.stdin)
            self._worker.stdin.flush()
            outcome, answer = pickle.load(self._worker.stdout)
        except (OSError, EOFError):
            raise RuntimeError("the worker of the stage ended") from None
        if outcome == "unavailable":
            raise StageUnavailable(answer)
        if outcome == "failed":
            raise RuntimeError(answer)
        return answer

    def run(self, request: Request) -> Answer:
        """Runs one command line."""
        return Answer(*self._ask(request))

    def close(self) -> None:
        """Ends the worker, with everything it mounted. A second call does nothing."""
        for pipe in (self._worker.stdin, self._worker.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self._worker.wait()
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(self._directory)  # what was mounted there went with the worker


@functools.cache
def _open(tree: str | Path) -> Stage | str:
    text = trees.source(tree) if isinstance(tree, str) else trees.pack(tree.parent)
    try:
        return Stage(text)
    except StageUnavailable as error:
        return str(error)


def stage(tree: str | Path) -> Stage:
    """The stage for a recorded machine by name, or for a ``proc`` directory as it is at first call.

    Raises StageUnavailable where the system allows no namespaces.
    """
    found = _open(tree)
    if isinstance(found, str):
        raise StageUnavailable(found)
    return found
