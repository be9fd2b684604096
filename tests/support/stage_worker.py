"""The worker behind ``stage``: ``python -m tests.support.stage_worker``, pickles in and out.

The first request is (text of an archive, empty directory), every other a ``stage.Request``. An
answer is ("ok", value), ("unavailable", reason) or ("failed", traceback).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import pty
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from tests.support import namespaces, trees
from tests.support.stage import ROOT, Answer, Request

if TYPE_CHECKING:
    from collections.abc import Iterable

DEADLINE = 120.0  # seconds; only a command that hangs gets there


class Machine(NamedTuple):
    """What the worker stands on.

    ``clock``: (now, uptime) of the recording. ``last_pid``: the kernel makes the next process id
    one more than what is written there.
    """

    owners_kept: bool
    clock: tuple[float, float]
    last_pid: IO[bytes] | None
    own_pid: int


def set_up(text: str, top: str) -> Machine:
    """Makes /proc the tree, which is unpacked in memory, mounted on ``top``."""
    namespaces.make_mounts_private()
    last_pid = None
    with contextlib.suppress(OSError):
        last_pid = open("/proc/sys/kernel/ns_last_pid", "wb", buffering=0)  # noqa: SIM115
    namespaces.mount("stage", top, "tmpfs", 0, "mode=755")
    tree = os.path.join(top, "tree")
    kept = trees.unpack(text, tree)
    own = 0
    with contextlib.suppress(OSError, ValueError):
        own = int(os.readlink(os.path.join(tree, "proc/self")))
    with contextlib.suppress(OSError):
        namespaces.set_hostname(Path(tree, "proc/sys/kernel/hostname").read_text().strip())
    if os.geteuid() == 0:
        let_everybody_run((sys.prefix, sys.base_prefix, str(ROOT)), top)
    _show_files(tree)
    _make_terminals(_terminals(tree))
    namespaces.bind(os.path.join(tree, "proc"), "/proc")
    os.chdir("/")
    proc = Path("/proc")
    return Machine(kept, (trees.now(proc), trees.uptime(proc)), last_pid, own)


def let_everybody_run(paths: Iterable[str], top: str) -> None:
    """Opens the way to our interpreter for other users, where it is in root's home."""
    held: dict[str, list[tuple[str, str]]] = {}
    for path in {os.path.realpath(path) for path in paths}:
        closed = [up for up in Path(path).parents if not up.stat().st_mode & 0o001]
        if closed:
            holder = tempfile.mkdtemp(dir=top)
            namespaces.bind(path, holder)
            held.setdefault(str(closed[-1]), []).append((path, holder))
    for above, hidden in held.items():
        namespaces.mount("stage", above, "tmpfs", 0, "mode=755")
        for path, holder in hidden:
            os.makedirs(path, exist_ok=True)
            namespaces.bind(holder, path)


#: what a tree lists there is all that there is
_WHOLE = ("sys/block",)


def _show_files(top: str) -> None:
    """The tree's files outside /proc, each in its place; where there is none, its directory's."""
    for name in _WHOLE:
        if os.path.isdir(os.path.join(top, name)):
            with contextlib.suppress(FileNotFoundError):
                namespaces.bind(os.path.join(top, name), os.path.join("/", name))
    for where, directories, files in os.walk(top):
        if where == top:
            directories.remove("proc")
        for name in files:
            source = os.path.join(where, name)
            shown = os.path.join("/", os.path.relpath(source, top))
            if not os.path.exists(shown):
                _lay_over(top, os.path.dirname(shown))
            if not os.path.exists(shown) or not os.path.samefile(shown, source):
                namespaces.bind(source, shown)


def _lay_over(top: str, directory: str) -> None:
    """Shows the tree's part of a directory on top of what is there; alone, if that can't be."""
    while not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    ours = top + directory
    try:
        namespaces.mount("stage", directory, "overlay", 0, f"lowerdir={ours}:{directory}")
    except OSError:
        namespaces.bind(ours, directory)


def _terminals(top: str) -> int:
    """How many pseudo-terminals the tree's processes sit on: one more than the highest number."""
    highest = -1
    for path in Path(top, "proc").glob("[0-9]*/stat"):
        device = int(path.read_bytes().rpartition(b")")[2].split()[4])
        if device >> 8 == 136:  # pts/0 to pts/255; the minor's upper bits are above the major
            highest = max(highest, device & 0xFF)
    return highest + 1


def _make_terminals(count: int) -> None:
    """A devpts of our own with /dev/pts/0 and so on: ps names no terminal that has no device."""
    namespaces.mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=620")
    namespaces.bind("/dev/pts/ptmx", "/dev/ptmx")
    for _ in range(count):
        pty.openpty()  # never closed: they last as long as the worker


def _prepare(request: Request, terminal: int) -> None:
    """In the child, before the command: its terminal and its user."""
    if request.tty:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        columns, lines = request.tty
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    if request.user:
        uid, gid = request.user
        if request.tty:
            os.fchown(terminal, uid, gid)
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)


def run(request: Request, machine: Machine) -> Answer:
    """Runs one command line to its end."""
    master, terminal = pty.openpty() if request.tty else (-1, subprocess.PIPE)
    written = terminal if request.tty and not request.tty_input_only else subprocess.PIPE
    if machine.last_pid and machine.own_pid:
        with contextlib.suppress(OSError):  # not allowed, or more than this kernel's pid_max
            machine.last_pid.seek(0)  # a sysctl ignores what is written elsewhere
            machine.last_pid.write(str(machine.own_pid - 1).encode())
    process = subprocess.Popen(
        [request.argv0, *request.argv],
        executable=request.executable,
        env=request.env,
        stdin=terminal,
        stdout=written,
        stderr=written,
        preexec_fn=lambda: _prepare(request, terminal),  # noqa: PLW1509 - this process has no threads
    )
    try:
        if not request.tty:
            out, err = process.communicate(request.stdin, timeout=DEADLINE)
            return Answer(process.returncode, out, err)
        os.close(terminal)
        return _talk(process, master, request.stdin)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def _talk(process: subprocess.Popen[bytes], master: int, typed: bytes) -> Answer:
    """Types ``typed``; collects what the command writes to the terminal and to its pipes."""
    parts: dict[int, list[bytes]] = {master: []}
    end = time.monotonic() + DEADLINE
    os.write(master, typed)
    with selectors.DefaultSelector() as selector:
        for pipe in (master, process.stdout, process.stderr):
            if pipe is not None:
                key = selector.register(pipe, selectors.EVENT_READ)
                parts[key.fd] = []
        while selector.get_map() and time.monotonic() < end:
            for key, _ in selector.select(1.0):
                parts[key.fd].append(_some(key.fd))
                if not parts[key.fd][-1]:
                    selector.unregister(key.fileobj)
    process.wait(max(0.0, end - time.monotonic()))
    os.close(master)
    collected = [b"".join(value) for value in parts.values()]
    out, err = collected[1:] if process.stdout else (collected[0], b"")
    return Answer(process.returncode, out, err)


def _some(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:  # EIO: the last user of the terminal is gone
        return b""


def _begin(text: str, top: str) -> tuple[tuple[str, Any], Machine | None]:
    """The answer to the first request, and the machine if there is one."""
    try:
        machine = set_up(text, top)
    except OSError as error:
        return ("unavailable", str(error)), None
    except Exception:
        return ("failed", traceback.format_exc()), None
    return ("ok", (machine.owners_kept, machine.clock)), machine


def _put(path: Path, data: bytes | None) -> bytes | None:
    """Gives a file other contents, None for none; what it held before."""
    before = path.read_bytes() if path.exists() else None
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)
    return before


def _answer(request: Request, machine: Machine) -> tuple[str, Any]:
    before: list[tuple[Path, bytes | None]] = []
    try:
        for name, data in request.files:
            path = Path("/proc", name)
            before.append((path, _put(path, data)))
        return "ok", tuple(run(request, machine))
    except Exception:
        return "failed", traceback.format_exc()
    finally:
        for path, data in before:
            _put(path, data)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers requests until there are no more."""
    answer, machine = _begin(*pickle.load(requests))
    while True:
        pickle.dump(answer, answers)
        answers.flush()
        if machine is None:
            return
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        answer = _answer(request, machine)


def main() -> None:
    """Makes the namespaces, then serves requests as process 1 of them."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    flags = namespaces.CLONE_NEWNS | namespaces.CLONE_NEWUTS | namespaces.CLONE_NEWPID
    flags |= namespaces.CLONE_NEWNET  # what a system call tells of the network is nobody's
    try:
        namespaces.unshare(flags)
    except OSError as error:
        pickle.dump(("unavailable", str(error)), answers)
        return
    # Ctrl-C is for pytest, which then ends us; a handler, for commands would inherit SIG_IGN
    signal.signal(signal.SIGINT, lambda *_: None)
    child = os.fork()
    if child == 0:
        namespaces.die_with_parent()
        serve(requests, answers)
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
