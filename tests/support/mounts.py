"""Real file systems in a private mount namespace, and commands run among them.

    answers = among([Tmpfs("/a", "source", "size=1M"), Bind("/a", "/b")], [["df", "a"], …])

Paths are below a directory that is a tmpfs itself (``TOP``) and is the commands' working directory. For
each command line the classic's answer and ours come back.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support import classic, namespaces
from tests.support.stage import ROOT, Answer, StageUnavailable
from tests.support.stage_worker import let_everybody_run

TOP = "/tmp/mounts"  # the same on every machine: it is seen in the output
NOBODY = 65534
_TRIES = 50


class Tmpfs(NamedTuple):
    """A tmpfs of a given size."""

    path: str
    source: str
    options: str


class Bind(NamedTuple):
    """What is at ``source``, at ``path`` as well."""

    source: str
    path: str


class Put(NamedTuple):
    """A file, a symbolic link (``target``), a directory (``path`` ends in a slash), a named pipe."""

    path: str
    target: str = ""
    mode: int = 0o644
    fifo: bool = False


class Run(NamedTuple):
    """A command, root's alone, as ``mkfs``."""

    argv: tuple[str, ...]


class Line(NamedTuple):
    """A command line. ``user``: nobody's instead of the caller's."""

    argv: tuple[str | bytes, ...]
    env: tuple[tuple[str, str], ...] = ()
    nobody: bool = False


Step = Tmpfs | Bind | Put | Run


def among(steps: list[Step], lines: list[Line]) -> list[tuple[Answer, Answer]]:
    """(classic's, ours) for each line. Raises StageUnavailable where there is no namespace to be had."""
    os.makedirs(TOP, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", "from tests.support.mounts import main; main()"],
        input=pickle.dumps((steps, lines)), stdout=subprocess.PIPE, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError("the worker among the mounts failed")
    outcome, answers = pickle.loads(done.stdout)
    if outcome != "ok":
        raise StageUnavailable(answers)
    return [(Answer(*theirs), Answer(*ours)) for theirs, ours in answers]


def _place(path: str) -> str:
    return path if path.startswith("/dev") else f"{TOP}/{path}"


def _take(step: Step) -> None:
    if isinstance(step, Tmpfs):
        os.makedirs(_place(step.path), exist_ok=True)
        namespaces.mount(step.source, _place(step.path), "tmpfs", 0, step.options)
    elif isinstance(step, Bind):
        os.makedirs(_place(step.path), exist_ok=True)
        namespaces.bind(_place(step.source), _place(step.path))
    elif isinstance(step, Run):
        subprocess.run(step.argv, cwd=TOP, check=True, capture_output=True)
    elif step.target:
        os.symlink(step.target, _place(step.path))
    elif step.fifo:
        os.mkfifo(_place(step.path))
    elif step.path.endswith("/"):
        os.makedirs(_place(step.path), exist_ok=True)
        os.chmod(_place(step.path), step.mode)
    else:
        Path(_place(step.path)).touch()
        os.chmod(_place(step.path), step.mode)


def _become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _answer(line: Line, executable: str, *command: str) -> tuple[int, bytes, bytes]:
    env = {"PATH": classic.PATH, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), **dict(line.env)}
    done = subprocess.run(
        [*command, *line.argv[1:]], executable=executable, cwd=TOP, env=env, capture_output=True,
        check=False, timeout=60,
        preexec_fn=_become_nobody if line.nobody else None,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def _both(line: Line) -> tuple[tuple[int, bytes, bytes], tuple[int, bytes, bytes]]:
    """Both answers; again, where the classic contradicts itself, as others write to the disks meanwhile."""
    name = os.fsdecode(line.argv[0])
    program = classic.program(name) or name
    theirs = _answer(line, program, name)
    for _ in range(_TRIES):
        ours = _answer(line, sys.executable, sys.executable, "-m", "sysutils", name)
        if ours == theirs:
            break
        before, theirs = theirs, _answer(line, program, name)
        if before == theirs:
            break
    return theirs, ours


def main() -> None:
    """The worker."""
    steps, lines = pickle.load(sys.stdin.buffer)
    try:
        namespaces.unshare(namespaces.CLONE_NEWNS)
        namespaces.make_mounts_private()
        namespaces.mount("lab", TOP, "tmpfs", 0, "size=64M,nr_inodes=5000,mode=755")
        if os.geteuid() == 0:
            let_everybody_run((sys.prefix, sys.base_prefix, str(ROOT)), TOP)
    except OSError as error:
        sys.stdout.buffer.write(pickle.dumps(("unavailable", str(error))))
        return
    for step in steps:
        _take(step)
    os.chdir("/")
    answers = [_both(line) for line in lines]
    sys.stdout.buffer.write(pickle.dumps(("ok", answers)))
