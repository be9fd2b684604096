"""The classic command and ours, on one recorded machine: same standard output, same exit status.

    compare("small", ["ps", "aux"], env={"COLUMNS": "80"})

Both run in the same mount namespace, where the recorded tree is /proc, under a clock fixed at the
moment of the recording. Where the classic is missing, is another version than the recorded one, or
no namespace can be had, the recorded answer is compared instead (``tests/golden/classic``, written
by ``pytest --update-golden``).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support import classic, clock, trees
from tests.support.golden import difference
from tests.support.stage import ROOT, Answer, Request, StageUnavailable, stage
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NOBODY = (65534, 65534)
_PYTHONPATH = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
_SHIM = str(Path(__file__).with_name("shim.py"))


class Case(NamedTuple):
    """One command line on one machine; ``argv[0]`` is the command's name. See ``stage.Request``."""

    tree: str | Path
    argv: tuple[str | bytes, ...]
    env: tuple[tuple[str, str], ...] = ()
    argv0: str | None = None
    stdin: bytes = b""
    user: tuple[int, int] | None = None
    tty: tuple[int, int] | None = None
    tty_input_only: bool = False
    files: tuple[tuple[str, bytes | None], ...] = ()

    @property
    def command(self) -> str:
        """The command's name."""
        return os.fsdecode(self.argv[0])

    def proc(self) -> Path:
        """The unpacked tree."""
        return trees.load(self.tree) if isinstance(self.tree, str) else self.tree


def _environment(case: Case, now: clock.Clock) -> dict[str, str]:
    """What both sides see: little, and the same everywhere."""
    env = {"PATH": classic.PATH, "HOME": "/", "LC_ALL": "C", "TZ": "UTC0"}
    return env | now.variables() | dict(case.env)


def _request(case: Case, executable: str, argv0: str, *words: str | bytes) -> Request:
    env = _environment(case, stage(case.tree).clock)
    library = clock.library()
    if library is not None:
        env["LD_PRELOAD"] = str(library)
    if "statvfs" in dict(case.files) or trees.holds(case.tree, "statvfs"):
        env["SYSUTILS_TEST_STATVFS"] = "/proc/statvfs"
    rest = (*words, *case.argv[1:])
    return Request(
        executable,
        argv0,
        rest,
        env,
        case.stdin,
        case.user,
        case.tty,
        case.tty_input_only,
        case.files,
    )


def run_classic(case: Case) -> Answer:
    """The classic's answer on the stage. Raises StageUnavailable, FileNotFoundError."""
    path = classic.program(case.command)
    if path is None:
        raise FileNotFoundError(f"{case.command} is not installed")
    if clock.library() is None:
        raise StageUnavailable("no C compiler to build the fixed clock")
    return stage(case.tree).run(_request(case, path, case.argv0 or case.command))


def run_ours(case: Case) -> Answer:
    """Our answer on the stage, where no library can be built with the clock fixed in Python. Raises
    StageUnavailable."""
    shim = case.argv0 is not None or clock.library() is None
    words: tuple[str | bytes, ...] = (_SHIM,) if shim else ("-m", "sysutils")
    if case.argv0 is None:
        words = (*words, case.argv[0])
    request = _request(case, sys.executable, sys.executable, *words)
    request.env["PYTHONPATH"] = _PYTHONPATH
    if shim:
        request.env["SYSUTILS_TEST_ARGV0"] = case.argv0 or "sysutils"
    return stage(case.tree).run(request)


def _with_files(case: Case) -> Path:
    """The unpacked tree; where the case has files of its own, a copy with them."""
    if not case.files:
        return case.proc()
    assert isinstance(case.tree, str), "a tree that the test made can hold the files itself"
    proc = trees.fresh(case.tree)
    proc.chmod(0o755)
    for name, data in case.files:
        (proc / name).unlink(missing_ok=True)
        if data is not None:
            (proc / name).write_bytes(data)
    return proc


def run_ours_without_stage(case: Case) -> Answer:
    """Our answer with ``PROCFS_PATH`` at the tree and a clock fixed in Python, in no namespace."""
    if case.user or case.tty:
        pytest.skip("another user or a terminal need namespaces")
    proc = _with_files(case)
    env = _environment(case, clock.Clock(trees.now(proc), trees.uptime(proc)))
    env |= {"PYTHONPATH": _PYTHONPATH, "SYSUTILS_TEST_PROCFS": str(proc)}
    env["SYSUTILS_TEST_ARGV0"] = case.argv0 or "sysutils"
    words = case.argv if case.argv0 is None else case.argv[1:]
    done = subprocess.run(
        [sys.executable, _SHIM, *words], input=case.stdin, env=env, capture_output=True, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def answers(
    case: Case, *, owners: bool = True, record: bool | Callable[[bytes], bytes] = True
) -> tuple[Answer, Answer]:
    """(classic's, ours). Skips, with the reason, where neither the classic nor a recording is at hand.

    ``owners``: the output depends on who owns the processes, which only root can reproduce.
    ``record``: the classic's answer is written down for machines without it; what the function makes of it.
    """
    recorded = classic.recorded(case)
    try:
        classic.check_version(case.command, recorded)
        theirs = run_classic(case)
    except (StageUnavailable, FileNotFoundError, classic.OtherVersion) as error:
        if recorded is None:
            skip(f"{error}; and no recorded answer in {classic.path(case)}")
        if owners and os.geteuid() != 0:
            pytest.skip(f"{error}; the recorded answer shows owners, which need root to make")
        return recorded.answer, _ours_anyhow(case)
    if classic.UPDATE and record and isinstance(case.tree, str):
        kept = theirs.stdout if record is True else record(theirs.stdout)
        classic.record(case, theirs._replace(stdout=kept))
    return theirs, run_ours(case)


def _ours_anyhow(case: Case) -> Answer:
    try:
        return run_ours(case)
    except StageUnavailable:
        return run_ours_without_stage(case)


def compare(
    tree: str | Path,
    argv: Sequence[str | bytes],
    *,
    env: Mapping[str, str] | None = None,
    argv0: str | None = None,
    stdin: bytes = b"",
    user: tuple[int, int] | None = None,
    tty: tuple[int, int] | None = None,
    tty_input_only: bool = False,
    files: Mapping[str, bytes | None] | None = None,
    stderr: bool | Callable[[bytes], bytes] = False,
    owners: bool = True,
    record: bool | Callable[[bytes], bytes] = True,
    change: Callable[[bytes], bytes] = bytes,
) -> Answer:
    """Asserts that ours answers as the classic does; returns our answer.

    ``files``: what files below /proc hold in this case (None: nothing, there is none). ``record``: False
    for one of hundreds of long answers, which machines without the classic do without; a function leaves
    out of the recording what it would tell of this machine.
    ``change`` is applied to both standard outputs first (for what can't be equal). ``stderr``
    compares standard error as well, what it makes of both if it is a function. Only root can run
    as another ``user``.
    """
    if user is not None and os.geteuid() != 0:
        pytest.skip("only root can run a command as another user")
    pairs = tuple((env or {}).items())
    case = Case(
        tree, tuple(argv), pairs, argv0, stdin, user, tty, tty_input_only,
        tuple((files or {}).items()),
    )  # fmt: skip
    theirs, ours = answers(case, owners=owners, record=record)
    wrong = difference(change(theirs.stdout), change(ours.stdout))
    if wrong:
        wrong = f"standard output: {wrong}"
    if theirs.returncode != ours.returncode:
        wrong += f"\nexit status: classic {theirs.returncode}, ours {ours.returncode}"
    if stderr:
        pick = stderr if callable(stderr) else bytes
        unlike = difference(pick(theirs.stderr), pick(ours.stderr))
        wrong += f"\nstandard error: {unlike}" if unlike else ""
    if wrong:
        tail = ours.stderr.decode(errors="backslashreplace")[-2000:]
        pytest.fail(f"{case}\n{wrong}\nour standard error: {tail}", pytrace=False)
    return ours
