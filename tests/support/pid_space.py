"""A command among processes that nobody else sees: whatever it signals, it hits no one outside.

    result = run(["kill", "-9", "-1"], executable="/usr/bin/kill")

A program too (``python -m tests.support.pid_space``): orders as JSON on standard input. It makes a PID
namespace in which it is process 1; A (2) and B (3) lead process groups of their own, C (4) is in B's, D
(5) is a zombie. All signals are blocked in them, so what they were sent stays pending and is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pytest

from tests.support import namespaces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

if TYPE_CHECKING and sys.platform != "linux":
    raise NotImplementedError  # for type checkers: what follows is for Linux alone

ROOT = Path(__file__).resolve().parents[2]
VICTIMS = ("A", "B", "C", "D")
_REFUSED = 77


class Result(NamedTuple):
    """What the command said, and the signals that each of the four got (``gone`` if it died of one)."""

    returncode: int
    stdout: str
    stderr: str
    signals: dict[str, Any]


def run(words: Sequence[str], executable: str | None = None, **orders: Any) -> Result:
    """Runs a command in there; ``orders``: env, user (an id). Skips where there are no namespaces."""
    text = json.dumps({"words": list(words), "executable": executable, **orders})
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.pid_space"],
        input=text, capture_output=True, text=True, check=False, cwd=ROOT, timeout=100,
    )  # fmt: skip
    if done.returncode == _REFUSED:
        pytest.skip(f"no PID namespace to be had: {done.stderr}")
    assert done.returncode == 0, done.stderr
    return Result(**json.loads(done.stdout))


def _victim(ready: int, group: int | None, user: int | None) -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    if group is not None:
        os.setpgid(0, group)
    if user is not None:
        os.setuid(user)
    os.write(ready, b".")
    while True:
        signal.pause()


def _make(group: int | None, user: int | None) -> int:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _victim(writing, group, user)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    return pid


def _zombie() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return pid


def _received(pid: int) -> Any:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":\t", 1) for line in lines)
    if fields["State"][0] == "Z":
        return "gone"
    mask = int(fields["SigPnd"], 16) | int(fields["ShdPnd"], 16)
    if mask & 1 << signal.SIGKILL - 1:
        return "gone"  # in a moment
    if mask & 1 << signal.SIGSTOP - 1 or fields["State"][0] == "T":
        return ["stopped"]
    return [number for number in range(1, 65) if mask & 1 << number - 1]


def _first(orders: Mapping[str, Any]) -> dict[str, Any]:
    """Process 1: makes the others, runs the command, looks."""
    namespaces.make_mounts_private()
    namespaces.mount("proc", "/proc", "proc", 0)
    user = orders.get("user")
    pids = [_make(0, user), _make(0, user)]
    pids += [_make(pids[1], user), _zombie()]
    assert pids == [2, 3, 4, 5]
    done = subprocess.run(
        orders["words"], executable=orders["executable"], env=orders.get("env"), text=True,
        stdin=subprocess.DEVNULL, capture_output=True, check=False, errors="surrogateescape",
        preexec_fn=lambda: _prepare(orders.get("drop")),
    )  # fmt: skip
    received = {name: _received(pid) for name, pid in zip(VICTIMS, pids, strict=True)}
    return {**vars(done), "signals": received}


def _prepare(capability: int | None) -> None:
    os.setsid()
    if capability is not None:
        import ctypes

        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def main() -> None:
    """Obeys one set of orders."""
    orders = json.load(sys.stdin)
    try:
        namespaces.unshare(namespaces.CLONE_NEWPID | namespaces.CLONE_NEWNS)
    except OSError as error:
        sys.stderr.write(str(error))
        sys.exit(_REFUSED)
    pid = os.fork()
    if pid == 0:
        namespaces.die_with_parent()
        found = _first(orders)
        del found["args"]
        sys.stdout.write(json.dumps(found))
        sys.stdout.flush()
        os._exit(0)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main()
