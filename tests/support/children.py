"""Live processes and sockets of a test's own: made, known to be what they should be, and reaped.

Each is a context manager. Nothing sleeps to be in time: a child says when it is ready, and states
that only the kernel knows are waited for, with a deadline.

    with sleeper() as child: ...                  with zombie(b"a) R (b") as pid: ...
    with member(name="x", threads=["a", "b"]) as child: ...       every order of ``member.Orders``
    with Sockets() as sockets: listener = sockets.listener()
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DEADLINE = 60.0  # seconds; only something broken takes so long
_MEMBER = str(Path(__file__).with_name("member.py"))
linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="made by Linux system calls"
)


class Child(NamedTuple):
    """A running member. ``pids`` are those of its own children, in the order of its orders."""

    pid: int
    process: subprocess.Popen[bytes]
    pids: list[int]


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Returns as soon as ``true()`` is; fails the test after the deadline."""
    end = time.monotonic() + DEADLINE
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.001)


def state(pid: int) -> str:
    """The one-letter state of a process, from /proc; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2][:1].decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_state(pid: int, letters: str) -> None:
    """Waits until a process is in one of some states."""
    wait_until(lambda: state(pid) in set(letters), f"process {pid} in state {letters}")


def _text(data: bytes) -> str:
    return data.decode("latin-1")


@contextlib.contextmanager
def member(*, pass_fds: Sequence[int] = (), **orders: Any) -> Iterator[Child]:
    """A process that carries out ``member.Orders`` and then sleeps; bytes as latin-1 text."""
    with subprocess.Popen(
        [sys.executable, "-I", "-S", _MEMBER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=pass_fds,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(orders).encode() + b"\n")
            process.stdin.flush()
            said = process.stdout.readline().split()
            if said[:1] != [b"ready"]:
                _give_up(process, b" ".join(said))
            yield Child(process.pid, process, [int(word) for word in said[1:]])
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()  # a member that waits ends its children and itself
            if orders.get("end") == "stop" or "program" in orders:
                process.kill()


def _give_up(process: subprocess.Popen[bytes], said: bytes) -> None:
    process.kill()
    text = said.decode(errors="replace")
    if "PermissionError" in text or "OSError(22" in text or "OSError(1," in text:
        pytest.skip(f"not allowed here: {text}")
    pytest.fail(f"a child could not be made: {text}")


# --- processes


@contextlib.contextmanager
def sleeper() -> Iterator[Child]:
    """A process that sleeps."""
    with member() as child:
        yield child


@contextlib.contextmanager
def zombie(name: bytes = b"zombie") -> Iterator[int]:
    """The pid of a zombie; its parent is another process than the test's."""
    with member(children=[{"name": _text(name), "end": "exit"}]) as parent:
        wait_state(parent.pids[0], "Z")
        yield parent.pids[0]


@contextlib.contextmanager
def stopped() -> Iterator[Child]:
    """A process stopped by a signal."""
    with member(end="stop") as child:
        wait_state(child.pid, "T")
        yield child


@contextlib.contextmanager
def threads(number: int, names: Sequence[bytes] = ()) -> Iterator[Child]:
    """A process of ``number`` threads, the main one included; the others take ``names``."""
    filled = [*names, *(b"thread-%d" % i for i in range(len(names), number - 1))]
    with member(threads=[_text(name) for name in filled]) as child:
        yield child


@contextlib.contextmanager
def named(name: bytes) -> Iterator[Child]:
    """A process whose comm is ``name``, cut to 15 bytes by the kernel."""
    with member(name=_text(name)) as child:
        yield child


@contextlib.contextmanager
def called(cmdline: bytes) -> Iterator[Child]:
    """A process whose /proc/PID/cmdline is exactly ``cmdline``. Skips where the kernel can't."""
    with member(cmdline=_text(cmdline)) as child:
        yield child


@contextlib.contextmanager
def executed(
    argv: Sequence[bytes], program: bytes = b"program", pass_fds: Sequence[int] = ()
) -> Iterator[Child]:
    """sleep(1) as a file called ``program`` in a directory of its own, with the given ``argv``.

    ``argv[1]`` must be what sleep takes, and ``argv[0]`` not empty.
    """
    directory = os.fsencode(tempfile.mkdtemp(prefix="executed-"))
    path = os.path.join(directory, program)
    found = shutil.which("sleep", path="/usr/bin:/bin")
    if found is None:
        pytest.skip("no sleep(1)")
    try:
        shutil.copy(os.fsencode(found), path)
        words = [_text(word) for word in argv]
        with member(program=_text(path), argv=words, pass_fds=pass_fds) as child:
            link = b"/proc/%d/exe" % child.pid
            wait_until(lambda: os.readlink(link) == path, "the program runs")
            wait_state(child.pid, "S")
            yield child
    finally:
        shutil.rmtree(directory)


@contextlib.contextmanager
def deleted_executable() -> Iterator[Child]:
    """A process whose program file has been deleted."""
    with executed([b"gone", b"100000"], b"gone") as child:
        os.unlink(os.readlink(f"/proc/{child.pid}/exe"))
        yield child


@contextlib.contextmanager
def on_terminal(columns: int = 80, lines: int = 24) -> Iterator[tuple[Child, str]]:
    """A session leader with a controlling terminal, in its foreground; and the terminal's path."""
    import fcntl
    import struct
    import termios

    master, inner = os.openpty()
    try:
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        path = os.ttyname(inner)
        with member(session=True, tty=path, foreground=True) as child:
            yield child, path
    finally:
        os.close(inner)
        os.close(master)


@contextlib.contextmanager
def holding(resident: int) -> Iterator[Child]:
    """A process with that many bytes of touched memory."""
    with member(resident=resident) as child:
        yield child


def ended_pid() -> int:
    """A process id that was in use a moment ago and is not now."""
    with member() as child:
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()
        return child.pid
