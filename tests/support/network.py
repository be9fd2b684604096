"""Network interfaces of a test's own, in a network namespace that nothing else is in.

    answer = beside(["ip addr add 10.1.1.1/24 dev v0"], ["ifconfig", "v0", "netmask", "255.0.0.0"])
    answer.theirs, answer.ours

Each side finds the interfaces v0 and v1 (the two ends of a veth, down) and what the ``ip`` commands
made of them; its ``state`` is what ``ip -o addr`` and ``ip -o link`` say afterwards.
"""

from __future__ import annotations

import fcntl
import functools
import os
import pickle
import re
import shutil
import struct
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from tests.support import classic, namespaces
from tests.support.stage import ROOT
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PAIR = (
    "link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02",
    "link set v0 addrgenmode none",
    "link set v1 addrgenmode none",
)
_TRIES = 10
_TUNSETIFF, _TUNSETLINK = 0x400454CA, 0x400454CD


class Side(NamedTuple):
    """What a command answered, and what it left."""

    returncode: int
    stdout: bytes
    stderr: bytes
    state: str


class Beside(NamedTuple):
    """The classic's and ours."""

    theirs: Side
    ours: Side


class Unavailable(Exception):
    """There are no namespaces or interfaces to be had; the text says why."""


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {"PATH": classic.PATH, "LC_ALL": "C.UTF-8", "HOME": "/", "PYTHONPATH": path}


def _run(argv: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        argv, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def _ip(commands: Sequence[str]) -> str:
    """What ``ip`` says to these."""
    text = "".join(f"{command}\n" for command in commands).encode()
    done = subprocess.run(
        ["ip", "-o", "-batch", "-"], input=text, env=_environment(), capture_output=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Unavailable(f"ip: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace")


def _afresh(setup: Sequence[str]) -> None:
    """A namespace in which nothing was yet, with the two interfaces, as ``setup`` makes them."""
    namespaces.unshare(namespaces.CLONE_NEWNET)
    _ip([*_PAIR, *(command.removeprefix("ip ") for command in setup)])


#: what the kernel changes on its own, a moment later
_LATE = r"valid_lft.*|@\w+| (?:tentative|dadfailed)\b|NO-CARRIER,|,(?:LOWER_UP|M-DOWN)| (?:qdisc|state) \S+"


def _state() -> str:
    text = _ip(["link", "addr"])
    text = re.sub(rf"^\d+: |{_LATE}", "", text, flags=re.MULTILINE)
    return "\n".join(sorted(line.rstrip(" \\") for line in text.splitlines() if "v" in line))


def _side(argv: Sequence[str]) -> Side:
    done = _run(argv)
    return Side(done.returncode, done.stdout, done.stderr, _state())


def _change(setup: Sequence[str], theirs: Sequence[str], ours: Sequence[str]) -> Beside:
    _afresh(setup)
    first = _side(theirs)
    _afresh(setup)
    return Beside(first, _side(ours))


def _look(setup: Sequence[str], theirs: Sequence[str], ours: Sequence[str]) -> Beside:
    """Both on the same interfaces; again, where the counters ran on between two looks of the classic."""
    _afresh(setup)
    for _ in range(_TRIES):
        before, mine, after = _side(theirs), _side(ours), _side(theirs)
        if before == after:
            break
        time.sleep(0.05)
    return Beside(before, mine)


def _tunnel(kind: int, theirs: Sequence[str], ours: Sequence[str]) -> Beside:
    """Both on a tun interface that says that it is of another kind of hardware."""
    try:
        device = os.open("/dev/net/tun", os.O_RDWR)
    except OSError as error:
        raise Unavailable(f"/dev/net/tun: {error.strerror}") from None
    _afresh(())
    try:
        fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", b"tun9", 0x1001))
        fcntl.ioctl(device, _TUNSETLINK, kind)
        return Beside(_side(theirs), _side(ours))
    finally:
        os.close(device)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers requests until there are no more."""
    handlers: dict[str, Callable[..., Beside]] = {
        "change": _change,
        "look": _look,
        "tunnel": _tunnel,
    }
    while True:
        try:
            what, *rest = pickle.load(requests)
        except EOFError:
            return
        try:
            answer: Any = handlers[what](*rest)
        except (Unavailable, OSError) as error:
            answer = str(error)
        pickle.dump(answer, answers)
        answers.flush()


@functools.cache
def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from tests.support import network; network.main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **_environment()},
    )  # fmt: skip


def _asked(what: str, given: Any, argv: Sequence[str]) -> Beside:
    program = classic.program(argv[0])
    if program is None or shutil.which("ip", path=classic.PATH) is None:
        skip(f"{argv[0]} and ip are not both installed")
    ours = [sys.executable, "-m", "sysutils", *argv]
    worker = _worker()
    assert worker.stdin is not None
    assert worker.stdout is not None
    pickle.dump((what, given, [program, *argv[1:]], ours), worker.stdin)
    worker.stdin.flush()
    answer = pickle.load(worker.stdout)
    if isinstance(answer, str):
        skip(answer)
    found: Beside = answer
    return found


def beside(setup: Sequence[str], argv: Sequence[str]) -> Beside:
    """The command changes interfaces: each side has its own, made in the same way."""
    return _asked("change", list(setup), argv)


def looked(setup: Sequence[str], argv: Sequence[str]) -> Beside:
    """The command only looks: both sides see the same interfaces."""
    return _asked("look", list(setup), argv)


def on_tunnel(kind: int, argv: Sequence[str]) -> Beside:
    """The command looks at tun9, whose hardware is of that ARPHRD_* kind."""
    return _asked("tunnel", kind, argv)


def main() -> None:
    """The worker."""
    serve(sys.stdin.buffer, sys.stdout.buffer)
