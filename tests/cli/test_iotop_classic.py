"""iotop beside the classic: both are told the same counters (``iotop_kernel.c``) of the same processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("iotop is Linux'", allow_module_level=True)

from sysutils import core
from tests.cli.beside import OURS, Answer, ask, environment
from tests.rules.sources import ROOT
from tests.support import classic
from tests.support.golden import difference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.classic, pytest.mark.root]

#: the processes' own, of this run of the tests alone, so that no other process is looked at
UID = 1_900_000_000 + os.getpid()
SECOND = 1_000_000_000
MB = 1_000_000
#: niceness, I/O class and level, threads beside the first
KINDS = [(0, 0, 0), (-15, 0, 1), (19, 2 << 13 | 3, 0), (5, 3 << 13, 0), (0, 1 << 13 | 6, 0)]
_PROGRAM = """
import ctypes, os, sys, threading, time
for _ in range(int(sys.argv[1])):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
os.setgroups([])
os.setresgid({uid}, {uid}, {uid})
os.setresuid({uid}, {uid}, {uid})
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # its files below /proc are its own again
os.write(1, b"x")
time.sleep(600)
""".replace("{uid}", str(UID))


class Machine:
    """Processes, the library, and files with what they are told to have counted."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.library = directory / "iotop_kernel.so"
        self.processes: list[subprocess.Popen[bytes]] = []
        (directory / "a program.py").write_text(_PROGRAM)
        for nice, ionice, threads in KINDS:
            process = subprocess.Popen(
                [sys.executable, directory / "a program.py", str(threads)],
                stdout=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
            )
            self.processes.append(process)
            assert process.stdout is not None
            assert process.stdout.read(1) == b"x"
            for tid in core_tids(process.pid):
                os.setpriority(os.PRIO_PROCESS, tid, nice)
            core.set_io_priority(1, process.pid, ionice)
        self._write()

    def _write(self) -> None:
        lines = []
        tids = [tid for process in self.processes for tid in core_tids(process.pid)]
        for place, tid in enumerate(tids):
            for frame in range(5):
                busy = frame * (place + 1) if place % 3 else frame // 3
                read, written = busy * 700 * 10 ** (place % 5), busy * 3 * MB * (place % 2)
                swapin, waited = busy * SECOND // 50, busy * SECOND // 9
                lines.append(f"{tid} {frame} {read} {written} {swapin} {waited}\n")
        (self.directory / "counters").write_text("".join(lines))
        with open("/proc/vmstat", encoding="ascii") as file:
            vmstat = file.read()
        for frame in range(5):
            moved = re.sub(r"(?m)^(pgpg(?:in|out)) .*", rf"\g<1> {frame * frame * 4321}", vmstat)
            (self.directory / f"vmstat.{frame}").write_text(moved)
        (self.directory / "on").write_text("1\n")
        (self.directory / "off").write_text("0\n")

    def ask(self, program: list[str], words: list[str], **changes: str) -> Answer:
        """The answer of a program that sees this machine."""
        env = {
            "LD_PRELOAD": str(self.library), "IOTOP_COUNTERS": str(self.directory / "counters"),
            "IOTOP_VMSTAT": str(self.directory / "vmstat"), "LC_ALL": "C.UTF-8",
            "IOTOP_DELAYACCT": str(self.directory / "on"), **changes,
        }  # fmt: skip
        return ask([*program, *words], env)


def core_tids(pid: int) -> list[int]:
    """The threads of a process."""
    return sorted(map(int, os.listdir(f"/proc/{pid}/task")))


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Skips, with the reason, where classic, compiler or rights are missing."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if os.geteuid() != 0:
        pytest.skip("the classic runs for root alone")
    if classic.program("iotop") is None:
        pytest.skip("iotop is not installed")
    if classic.version("iotop") != "1.23":
        pytest.skip(f"iotop is {classic.version('iotop')}, not 1.23")
    if compiler is None:
        pytest.skip("no C compiler")
    try:
        stats = core.TaskStats()
    except (core.AccessDenied, NotImplementedError) as error:
        pytest.skip(f"no taskstats: {error}")
    try:
        stats.thread(os.getpid())
    except core.AccessDenied as error:
        pytest.skip(f"no taskstats: {error}")
    finally:
        stats.close()
    directory = tmp_path_factory.mktemp("iotop")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", directory / "iotop_kernel.so",
         ROOT / "tests/cli/iotop_kernel.c", "-ldl"], check=True,
    )  # fmt: skip
    made = None
    try:
        made = Machine(directory)
        yield made
    finally:
        for process in made.processes if made else ():
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def without_totals(output: bytes) -> bytes:
    """The classic's totals count what threads did twice, with the threads and with their process."""
    return re.sub(rb"(?m)^  Total DISK READ.*? WRITE: .{11}", b"", output)


WORDS = [
    "", "-o", "-P", "-a", "-A", "-k", "--si", "-c", "-q", "-qq", "-qqq", "-t", "-tq", "-oP", "-aP", "-oa",
    "-oA", "-ak", "-AP", "-kP", "-aok -g r", "-P -g w", "-g r", "-g w", "-g rw", "-g sw", "-g io", "-g r -a",
    "-g w -A", "--threshold=1", "--threshold=5 --si", "--threshold 10", "-o --no-only", "-P --threads",
    "-a --no-accumulated", "-A --no-accum-bw", "-a -A", "-A -a", "-a --no-accum-bw", "-k --no-kilobytes",
    "--si --no-si", "-c --no-fullcmdline", "-1", "-2345679", "-8", "-8 -g r", "-l -x -e -R --ascii",
    "-1 --show-pid", "-H none", "--only --processes --fullcmd",
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_frames_are_the_classic_s(words: str, machine: Machine) -> None:
    line = ["-b", "-n", "5", "-d", "1", "-u", str(UID), *words.split()]
    theirs = machine.ask([str(classic.program("iotop"))], line, TZ="UTC0")
    mine = machine.ask([*OURS, "iotop"], line, TZ="UTC0")
    assert not difference(without_totals(theirs.stdout), without_totals(mine.stdout))
    assert (theirs.returncode, mine.returncode, mine.stderr) == (0, 0, b"")
    assert len(mine.stdout.splitlines()) > 10


@pytest.mark.parametrize("step", ["1000000000", "3700000000"])
@pytest.mark.parametrize("place", [0, 2])
def test_one_process_with_its_totals(place: int, step: str, machine: Machine) -> None:
    """A single thread: here the classic's totals are right as well."""
    line = ["-b", "-n", "5", "-p", str(machine.processes[place].pid)]
    for words in ([], ["-a"], ["-A"], ["-o"], ["-k", "-q"]):
        theirs = machine.ask([str(classic.program("iotop"))], [*line, *words], IOTOP_STEP=step)
        mine = machine.ask([*OURS, "iotop"], [*line, *words], IOTOP_STEP=step)
        assert not difference(theirs.stdout, mine.stdout)


def test_the_warning_comes_first(machine: Machine) -> None:
    """Nothing is counted then: what the library tells is not asked for."""
    line = ["-b", "-n", "1", "-u", str(UID)]
    off = {"IOTOP_DELAYACCT": str(machine.directory / "off")}
    theirs = machine.ask([str(classic.program("iotop"))], line, **off)
    mine = machine.ask([*OURS, "iotop"], line, **off)
    assert mine.stdout.startswith(b"Warning: task_delayacct is 0")
    assert not difference(theirs.stdout, mine.stdout)


REFUSED = [
    "-z", "--nosuch", "--no", "--only=3", "-d", "-n", "-p", "-u", "-H", "-g", "-u nosuch-user", "-u -1",
    "extra", "-p 2 extra", "-g foo", "-g", "--threshold=0", "--threshold=11", "--threshold=x", "--threshold",
    "-H foo", "--show", "--hide-", "--kilobytes=1", "--a", "--acc", "--pr=1",
]  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_refused(words: str, machine: Machine) -> None:
    line = ["-b", "-n", "1", *words.split()]
    path = str(classic.program("iotop"))
    theirs = ask(["iotop", *line], environment(), executable=path)
    mine = ask([*OURS, "iotop", *line])
    assert (theirs.stderr, theirs.returncode) == (mine.stderr, mine.returncode)
    assert mine.returncode == 1
