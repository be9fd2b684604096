r"""Turns a recording of the crowd into that of a machine that has been up for more than a year.

    env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 TERM=linux python3 -m tests.support.crowd \
        --in-place sh -c 'exec python3 tools/record_tree.py --pids 1,kernel,$CROWD --self ps \
            --deep plain,big-64,called-12' |
        python3 -m tests.support.aging >tests/trees/crowd.tree

Start times, CPU times, swap, load and names are made up; everything stays consistent: no child is
older than its parent, nobody used more CPU time than there was, sums are sums.
"""

from __future__ import annotations

import re
import sys
from calendar import timegm
from itertools import pairwise
from typing import NamedTuple

from tests.support.dressing import change, dress, ordered, put
from tests.support.trees import Entry, read, source, write

UPTIME = 36_000_000.25  # seconds; a year and fifty days
NOW = timegm((2026, 1, 5, 12, 34, 56))
DAY = 86400
#: from (a share of the processes that started later than all kernel threads) to their age in seconds
AGES = (
    (0.0, 400 * DAY),
    (0.1, 369.5 * DAY),
    (0.2, 180 * DAY),
    (0.3, 32 * DAY),
    (0.4, 6 * DAY + 3600),
    (0.5, 2 * DAY),
    (0.6, 45296 + 60),  # a minute before midnight
    (0.7, 45296 - 60),
    (0.8, 7201),
    (0.9, 3599),
    (0.97, 61),
    (1.0, 0.01),
)
SWAP = {"SwapTotal": 4194300, "SwapFree": 3145724, "SwapCached": 20480, "Zswapped": 512}


class Process(NamedTuple):
    """What aging needs to know of a process."""

    pid: int
    ppid: int
    start: int
    uid: int
    kernel: bool
    zombie: bool
    threads: list[int]


def _stat_fields(data: bytes) -> list[bytes]:
    return data.rpartition(b") ")[2].split()


def _processes(entries: dict[bytes, Entry]) -> list[Process]:
    """All processes, by start time, then process id."""
    threads: dict[int, list[int]] = {}
    for path in entries:
        match = re.fullmatch(rb"proc/(\d+)/(?:task/(\d+)/)?stat", path)
        if match:
            tids = threads.setdefault(int(match[1]), [])
            tids += [int(match[2])] if match[2] else []
    found = [
        _process(pid, entries[b"proc/%d/stat" % pid], sorted(tids)) for pid, tids in threads.items()
    ]
    return sorted(found, key=lambda process: (process.start, process.pid))


def _process(pid: int, entry: Entry, tids: list[int]) -> Process:
    fields = _stat_fields(entry.data)
    kernel = bool(int(fields[6]) & 0x00200000)  # PF_KTHREAD
    ppid, start, zombie = int(fields[1]), int(fields[19]), fields[0] == b"Z"
    return Process(pid, ppid, start, entry.uid, kernel, zombie, tids)


def age_at(share: float) -> float:
    """Linear between the points of AGES."""
    for (left, older), (right, younger) in pairwise(AGES):
        if share <= right:
            return older + (younger - older) * (share - left) / (right - left)
    return AGES[-1][1]


def _ages(processes: list[Process]) -> dict[int, float]:
    """pid -> seconds since its start; the kernel's and process 1 are as old as the machine."""
    late = [one.pid for one in processes if not one.kernel and one.pid != 1]
    ages = {pid: age_at(rank / (len(late) - 1)) for rank, pid in enumerate(late)}
    for rank, one in enumerate(one for one in processes if one.pid not in ages):
        ages[one.pid] = UPTIME - 0.01 * rank
    return ages


def _cpu_ticks(rank: int, age: float) -> tuple[int, int] | None:
    """(user, system) of a process; None leaves what was measured."""
    if rank % 6:
        return None
    share = (0.0001, 0.003, 0.02, 0.15, 0.5, 0.97)[rank // 6 % 6]
    if age > 10 * DAY and rank % 5:  # else all of them had used more than the machine has
        share /= 200
    ticks = int(age * 100 * share)
    return ticks * 3 // 4, ticks // 4


def _part(ticks: tuple[int, int] | None, number: int, place: int) -> tuple[int, int] | None:
    """One thread's part of a process' CPU times; the first has what doesn't divide."""
    if ticks is None:
        return None
    parts = [whole // number + (whole % number if place == 0 else 0) for whole in ticks]
    return parts[0], parts[1]


class Aging:
    """Rewrites the entries of one recording."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = {entry.path: entry for entry in entries}
        self.processes = _processes(self.entries)
        self.ages = _ages(self.processes)
        self.pids = {one.pid for one in self.processes}

    def put(self, name: str, text: str | bytes, mode: int = 0o444) -> None:
        """See ``dressing.put``."""
        put(self.entries, name, text, mode)

    def change(self, name: str, pattern: bytes, new: bytes) -> None:
        """See ``dressing.change``."""
        change(self.entries, name, pattern, new)

    def set_stat(self, name: str, start: int, ticks: tuple[int, int] | None) -> None:
        """Gives a stat file another start time and CPU times, all in ticks."""
        entry = self.entries.get(name.encode())
        if entry is None:
            return
        head, _, rest = entry.data.rpartition(b") ")
        fields = rest.split()
        fields[19] = b"%d" % start
        if ticks is not None:
            fields[11], fields[12] = b"%d" % ticks[0], b"%d" % ticks[1]
        data = head + b") " + b" ".join(fields) + b"\n"
        self.entries[entry.path] = entry._replace(data=data)

    def process(self, rank: int, process: Process) -> None:
        """One process and its threads."""
        age, top = self.ages[process.pid], f"proc/{process.pid}"
        start = int((UPTIME - age) * 100)
        ticks = None if process.kernel and process.pid != 2 else _cpu_ticks(rank, age)
        self.set_stat(f"{top}/stat", start, ticks)
        number = max(1, len(process.threads))
        for place, tid in enumerate(process.threads):
            self.set_stat(f"{top}/task/{tid}/stat", start, _part(ticks, number, place))
            self.change(
                f"{top}/task/{tid}/status", rb"^Mems_allowed:.*$", b"Mems_allowed:\t00000001"
            )
        self.change(f"{top}/status", rb"^Mems_allowed:.*$", b"Mems_allowed:\t00000001")
        if not process.kernel and not process.zombie and rank % 5 == 0:
            self.change(f"{top}/status", rb"^VmSwap:.*$", b"VmSwap:\t%8d kB" % (4 * rank))
        if process.ppid and process.ppid not in self.pids:
            self._adopt(process)
        group = "0::/" if process.kernel else f"0::/{self._group(process)}"
        for path in (f"{top}/cgroup", *(f"{top}/task/{tid}/cgroup" for tid in process.threads)):
            if path.encode() in self.entries:
                self.put(path, f"{group}\n")

    def _adopt(self, process: Process) -> None:
        """Process 1 takes the place of a parent that was not recorded."""
        tops = [f"proc/{process.pid}"]
        for top in tops + [f"{tops[0]}/task/{tid}" for tid in process.threads]:
            self.change(f"{top}/stat", rb"^(\d+ \((?:.|\n)*\) .) \d+ ", rb"\1 1 ")
            self.change(f"{top}/status", rb"^PPid:.*$", b"PPid:\t1")

    def _group(self, process: Process) -> str:
        if process.pid == 1:
            return "init.scope"
        if process.uid == 0:
            return "system.slice/crowd.service"
        return f"user.slice/user-{process.uid}.slice/session-{process.uid % 97}.scope"

    def first_process(self) -> None:
        """Process 1 becomes the usual one, that of another recording."""
        for path in [path for path in self.entries if path.startswith(b"proc/1/")]:
            del self.entries[path]
        for entry in read(source("small")):
            if entry.path.startswith(b"proc/1/"):
                self.entries[entry.path] = entry
        for name in ("stat", "task/1/stat"):
            self.set_stat(f"proc/1/{name}", 1, (270000, 90000))

    def machine(self) -> None:
        """The files of no process."""
        total = int(UPTIME * 100)
        self.put("proc/uptime", f"{UPTIME:.2f} {UPTIME * 2 * 0.83:.2f}\n")
        running = sum(_stat_fields(self.entries[f"proc/{one.pid}/stat".encode()].data)[0] == b"R"
                      for one in self.processes)  # fmt: skip
        threads = sum(max(1, len(one.threads)) for one in self.processes)
        last = max(one.pid for one in self.processes)
        self.put("proc/loadavg", f"2.01 11.50 0.09 {max(1, running)}/{threads} {last}\n")
        shares = (900, 30, 400, 8300, 250, 20, 60, 40, 0, 0)  # of 10,000, user first
        one = [total * share // 10000 for share in shares]
        lines = [["cpu", *(2 * ticks for ticks in one)], ["cpu0", *one], ["cpu1", *one]]
        text = "".join(" ".join(map(str, line)) + "\n" for line in lines).replace("cpu ", "cpu  ")
        boot = NOW - int(UPTIME)
        self.change("proc/stat", rb"\A(cpu.*\n)+", text.encode())
        self.change("proc/stat", rb"^btime .*$", b"btime %d" % boot)
        self.change("proc/stat", rb"^procs_running .*$", b"procs_running %d" % max(1, running))
        for name, kib in SWAP.items():
            self.change(
                "proc/meminfo", rb"^%s:.*$" % name.encode(), f"{name + ':':<15}{kib:9} kB".encode()
            )
        self.put("proc/swaps", SWAPS)

    def run(self) -> list[Entry]:
        """The aged entries, in order."""
        self.first_process()
        self.processes = _processes(self.entries)
        for rank, process in enumerate(self.processes):
            if process.pid != 1:
                self.process(rank, process)
        self.machine()
        dress(self.entries, "crowd.example.org")
        return ordered(self.entries)


SWAPS = """\
Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
/dev/vda2                               partition\t4194300\t\t1048576\t\t-2
"""


if __name__ == "__main__":
    sys.stdout.buffer.write(write(Aging(read(sys.stdin.read())).run()).encode())
