"""Some three hundred processes of every kind, for a recording or to look at alive.

    python -m tests.support.crowd COMMAND ARGUMENT...

runs COMMAND among them, inside private process, mount and network namespaces, and ends them all
when it has ended. With ``--in-place`` the process ids are the host's. COMMAND finds the crowd's
process ids in $CROWD, separated by commas, the first being the crowd's own. Other users and
urgent scheduling need root; without it the crowd does without.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import namespaces
from tests.support.crowd_orders import TERMINALS, everybody, everybody_as_root
from tests.support.member import become, finish, set_cmdline, set_name

if TYPE_CHECKING:
    from tests.support.member import Orders

DEADLINE = 120.0


class Crowd:
    """Forks members; collects their process ids from a pipe that all of them inherit."""

    def __init__(self) -> None:
        self.pids: list[int] = []
        self.directory = Path(tempfile.mkdtemp(prefix="crowd-"))
        self.directory.chmod(0o755)
        pairs = [os.openpty() for _ in range(TERMINALS)]  # both ends stay open: no hang-ups
        self._terminals = [os.ttyname(inner) for _, inner in pairs]
        self._reader, self._writer = os.pipe()

    def _tell(self, text: str) -> None:
        os.write(self._writer, f"{text}\n".encode())

    def fork(self, orders: Orders) -> None:
        """Makes a member, and through it its children; doesn't wait for it."""
        pid = os.fork()
        if pid:
            if orders.get("orphan"):
                os.waitpid(pid, 0)
            return
        if orders.get("orphan") and os.fork():
            os._exit(0)
        os.closerange(3, self._writer)
        os.closerange(self._writer + 1, 1000)
        try:
            become(self._placed(orders), self.fork)
            self._tell(f"{os.getpid()}")
            os.close(self._writer)
            finish(self._placed(orders), signal.pause)
        except BaseException:
            traceback.print_exc()
            self._tell("failed")
        os._exit(1)

    def _placed(self, orders: Orders) -> Orders:
        """The orders with the numbers of terminals and programs' names made into paths."""
        placed: Orders = {**orders}
        if "tty" in orders:
            placed["tty"] = self._terminals[int(orders["tty"])]
        if "program" in orders:
            placed["program"] = os.path.join(self.directory, orders["program"])
        return placed

    def gather(self, members: list[Orders]) -> None:
        """Makes all members and waits until each is what it was told to be."""
        for name in programs(members):
            # a copy, so that it can be deleted while it runs
            shutil.copy(b"/bin/sleep", os.path.join(os.fsencode(self.directory), name))
        for orders in members:
            self.fork(orders)
        expected = sum(map(count, members))
        buffer = b""
        while buffer.count(b"\n") < expected:
            buffer += os.read(self._reader, 65536)
            if b"failed" in buffer:
                raise RuntimeError("a member of the crowd failed")
        self.pids = sorted(map(int, buffer.split()))
        self._settle()
        for name in programs(members):
            if b"deleted" in name:
                os.unlink(os.path.join(os.fsencode(self.directory), name))

    def _settle(self) -> None:
        """Waits until nobody runs any more: they sleep, are stopped, are zombies."""
        end = time.monotonic() + DEADLINE
        while any(_state(pid) in {b"R", b"D"} for pid in self.pids):
            if time.monotonic() > end:
                raise TimeoutError("somebody in the crowd keeps running")
            time.sleep(0.01)

    def dismiss(self) -> None:
        """Ends everybody."""
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)


def _state(pid: int) -> bytes:
    return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]


def count(orders: Orders) -> int:
    """How many processes one member's orders make."""
    return 1 + sum(map(count, orders.get("children", ())))


def programs(members: list[Orders]) -> list[bytes]:
    """The names of the programs that members execute."""
    found = {one["program"].encode("latin-1") for one in members if "program" in one}
    for one in members:
        found |= set(programs(one.get("children", [])))
    return sorted(found)


def _run_among(command: list[str]) -> int:
    os.setsid()
    here = Path.cwd()
    os.chdir("/")
    crowd = Crowd()
    set_name(b"crowd")
    with contextlib.suppress(OSError):
        set_cmdline(b"/usr/sbin/crowd\0--all\0")
    try:
        crowd.gather(everybody_as_root() if namespaces.knows_all_users() else everybody())
        pids = ",".join(map(str, [os.getpid(), *crowd.pids]))
        env = {**os.environ, "CROWD": pids}
        return subprocess.run(command, env=env, cwd=here, check=False).returncode
    finally:
        crowd.dismiss()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--in-place", action="store_true", help="with the host's process ids")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    flags = namespaces.CLONE_NEWNS | namespaces.CLONE_NEWNET
    namespaces.unshare(flags if options.in_place else flags | namespaces.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    namespaces.die_with_parent()
    namespaces.make_mounts_private()
    if not options.in_place:
        namespaces.mount("proc", "/proc", "proc", 0)
    namespaces.mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=620")
    namespaces.bind("/dev/pts/ptmx", "/dev/ptmx")
    os._exit(_run_among(options.command))


if __name__ == "__main__":
    sys.exit(main())
