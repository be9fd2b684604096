"""Calls asked of psutil and of the library: what is compared of their answers, and processes to ask of."""

from __future__ import annotations

import enum
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils import core
from tests.support import children
from tests.support.oracle import oracle, portrait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def plain(value: Any) -> Any:
    """``value`` with psutil 8's enums as the plain text and numbers that they are in 7."""
    if isinstance(value, str) and isinstance(value, enum.Enum):
        return str(value)
    if type(value).__name__ == "ProcessRlimit":
        return int(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if hasattr(value, "_make"):
        return value._make(map(plain, value))
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    return value


def outcome(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The answer of a call, or all that can be seen of its error (but whether it can be pickled)."""

    def asked(api: Any) -> Any:
        try:
            return plain(call(api))
        except Exception as error:
            return seen_of(error)

    return asked


def seen_of(error: Exception) -> dict[str, Any]:
    """All but whether it can be pickled (ours all can), and what is told of a zombie (ours tell more)."""
    seen = portrait(error) | {"pickle": None}
    if seen["class"] == "ZombieProcess":
        assert f"pid={seen['pid']}" in seen["str"]
        return {name: seen[name] for name in ("class", "bases", "args", "pid", "msg")}
    return seen


#: memory that others share moves also while a process is stopped
SHARED = {
    "pss",
    "uss",
    "shared_clean",
    "shared_dirty",
    "private_clean",
    "private_dirty",
    "referenced",
}


def steady(value: Any) -> Any:
    """An answer without the figures that depend on others."""
    if isinstance(value, list):
        return [steady(one) for one in value]
    if isinstance(value, dict):  # as_dict: psutil's names come in the order of a set
        return dict(sorted(value.items()))
    if hasattr(value, "_replace"):
        return value._replace(**dict.fromkeys(SHARED & set(value._fields), 0))
    return re.sub(r"\b(psutil|sysutils\.core)\b\.?", "", value) if isinstance(value, str) else value


@pytest.fixture(scope="module", name="busy")
def busy_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Pid of a stopped child with threads, files, sockets of each family, an environment."""
    directory = tmp_path_factory.mktemp("busy")
    program = (
        "import os, socket, sys, threading, time\n"
        "os.chdir(sys.argv[1])\n"
        "kept = [open(m, m) for m in ('w', 'a', 'w+', 'x')] + [open('r', 'w')] + [open('r')]\n"
        "kept[-1].seek(5)\n"
        "gate = threading.Event()\n"
        "for n in range(2): threading.Thread(target=gate.wait, daemon=True).start()\n"
        "for family in (socket.AF_INET, socket.AF_INET6):\n"
        "  for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):\n"
        "    one = socket.socket(family, kind); kept.append(one)\n"
        "    try: one.bind(('localhost' if family == socket.AF_INET else '::1', 0))\n"
        "    except OSError: pass\n"
        "    if kind == socket.SOCK_STREAM: one.listen()\n"
        "one = socket.socket(socket.AF_UNIX); one.bind('path'); one.listen(); kept.append(one)\n"
        "kept += socket.socketpair()\n"
        "print(flush=True); sys.stdin.read()\n"
    )
    environment = {**os.environ, "EMPTY": "", "ODD": "a=b\n\udcff"}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(directory), "x y", ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        os.kill(child.pid, signal.SIGSTOP)
        children.wait_state(child.pid, "T")
        yield child.pid
        child.kill()


@pytest.fixture(scope="module", name="zombie")
def zombie_process() -> Iterator[int]:
    """Pid of a zombie."""
    with children.zombie() as pid:
        yield pid


@pytest.fixture(scope="module", name="thread")
def thread_process(busy: int) -> int:
    """Id of a thread that is not its process's first."""
    return max(int(name) for name in os.listdir(f"/proc/{busy}/task"))


@pytest.fixture(scope="module", name="gone")
def gone_process() -> tuple[Any, Any]:
    """Two objects of one process that has ended."""
    with children.sleeper() as child:
        return oracle().Process(child.pid), core.Process(child.pid)
