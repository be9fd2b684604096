"""Two things measured in turn, in one sitting: what counts is the median of the ratios of the rounds."""

import os
import resource
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import geometric_mean, median
from typing import Any

__all__ = ["Row", "geometric_mean", "pair", "pair_commands", "peak_memory", "python", "sysutils"]

#: what two measurements of the same thing may differ by
_NOISE = 1.03
#: a measurement is repeated until it lasts this long
_SHORTEST = 0.004


@dataclass
class Row:
    """One line of the table: ``ratio`` is ours over theirs, so small is good."""

    name: str
    against: str
    ours: float
    theirs: float
    ratio: float
    #: the highest ratio allowed, None for a figure without a budget
    budget: float | None = None
    unit: str = "s"
    #: the lowest and the highest ratio of a round
    spread: tuple[float, float] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """``ok``, ``over`` or nothing."""
        if self.budget is None:
            return ""
        return "ok" if self.ratio <= self.budget * _NOISE else "over"

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "verdict": self.verdict}


Prepare = Callable[[], object] | None


#: calls in this process wait for nothing, so their CPU time is their time; whatever else runs is left out
_clock = time.process_time


def _repeats(action: Callable[[], object]) -> int:
    action()
    start = _clock()
    action()
    taken = _clock() - start
    return max(1, min(2000, int(_SHORTEST / max(taken, 1e-7))))


def _time(action: Callable[[], object], repeats: int, prepare: Prepare) -> float:
    if prepare is not None:
        prepare()
    start = _clock()
    for _ in range(repeats):
        action()
    return (_clock() - start) / repeats


def pair(
    name: str,
    against: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    rounds: int,
    budget: float | None = None,
    prepare: Prepare = None,
) -> Row:
    """Calls both in turn. ``prepare`` comes before each measurement, and then each is a single call."""
    times: tuple[list[float], list[float]] = ([], [])
    repeats = [1, 1] if prepare is not None else [_repeats(ours), _repeats(theirs)]
    for action in (ours, theirs):
        _time(action, 1, prepare)
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            times[which].append(_time((ours, theirs)[which], repeats[which], prepare))
    return _row(name, against, times, budget)


def _row(name: str, against: str, times: Sequence[Sequence[float]], budget: float | None) -> Row:
    ratios = [mine / other for mine, other in zip(*times, strict=True)]
    return Row(
        name, against, median(times[0]), median(times[1]), median(ratios), budget,
        spread=(min(ratios), max(ratios)),
    )  # fmt: skip


def run(words: Sequence[str]) -> tuple[float, float]:
    """Runs a command into a pipe that is read and thrown away: wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout and "-c" not in words:
        raise RuntimeError(f"{' '.join(words)}: printed nothing, status {done.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pair_commands(
    name: str,
    against: str,
    ours: Sequence[str],
    theirs: Sequence[str],
    rounds: int,
    budget: float | None = None,
) -> Row:
    """Runs both commands in turn; the ratio is of wall time, that of CPU time stands in ``more``."""
    walls: tuple[list[float], list[float]] = ([], [])
    cpu: tuple[list[float], list[float]] = ([], [])
    for number in range(-1, rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            wall, used = run((ours, theirs)[which])
            if number >= 0:  # the first is a warm-up
                walls[which].append(wall)
                cpu[which].append(used)
    row = _row(name, against, walls, budget)
    row.more["cpu_ratio"] = round(median(a / max(b, 0.001) for a, b in zip(*cpu, strict=True)), 3)
    return row


#: started small, so that the peak of a run is the command's own: the kernel counts from the fork on
_PEAK = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
                     file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
print(os.wait4(pid, 0)[2].ru_maxrss)
"""


def peak_memory(words: Sequence[str], runs: int = 3) -> float:
    """The most memory that the command held at once, in bytes, median of some runs."""
    command = [sys.executable, "-I", "-S", "-c", _PEAK, *words]
    peaks = [int(subprocess.check_output(command)) * 1024 for _ in range(runs)]
    return median(peaks)


def python(program: str) -> list[str]:
    """The words that run a program text in this interpreter."""
    return [sys.executable, "-c", program]


def sysutils(*words: str) -> list[str]:
    """The words that run a command of ours: the installed script, as a user would."""
    script = os.path.join(sysconfig.get_path("scripts"), "sysutils")
    start = [script] if os.path.exists(script) else [sys.executable, "-m", "sysutils"]
    return [*start, *words]
