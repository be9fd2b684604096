"""iotop about a made-up machine, frame after frame, in each format: ``tests/golden/iotop``."""

from __future__ import annotations

import sys
import time
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("iotop is Linux'", allow_module_level=True)

from sysutils import core
from sysutils.cli import interval, iotop, iotop_rows, iotop_text
from sysutils.core.linux.ntuples import pio, pionice, staskstats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.support.golden import Golden

MB = 1_000_000
SECOND = 1_000_000_000


class Feed:
    """A machine on which a second passes from frame to frame; ``frames``: thread id -> its counters
    (read, written, waits for the swap, waits for devices) in each frame, None where it is not there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.frame = 0
        self.rights = True
        self.delays: bool | None = True
        self.per_thread = True
        #: pid, tid, uid, nice, policy, ionice, comm, argv
        self.threads: list[tuple[Any, ...]] = []
        self.frames: dict[int, Sequence[tuple[int, int, int, int] | None]] = {}
        self.devices = [(0, 0)]
        for name in ("TaskStats", "process_table", "vmstat", "task_delayacct", "user_name"):
            monkeypatch.setattr(core, name, getattr(self, "_" + name.lower()), raising=False)
        monkeypatch.setattr(iotop_rows, "time", self)
        monkeypatch.setattr(iotop_text, "time", self)
        monkeypatch.setattr(interval, "time", self)

    # --- the clock

    def time(self) -> float:
        return 1770000000.5 + self.frame

    def monotonic(self) -> float:
        return 1000.0 + self.frame

    def ctime(self, moment: float) -> str:
        return time.asctime(time.gmtime(moment))

    def sleep(self, _: float) -> None:
        self.frame += 1

    # --- the core

    def _taskstats(self) -> Feed:
        return self

    def close(self) -> None:
        pass

    def thread(self, tid: int) -> staskstats:
        if not self.rights:
            raise core.AccessDenied(tid, msg="taskstats need CAP_NET_ADMIN")
        found = self._now(tid) if tid in self.frames else (0, 0, 0, 0)
        if found is None:
            raise core.NoSuchProcess(tid)
        read, written, swapin, waited = found
        return staskstats(0, waited, swapin, read, written, 0)

    def _now(self, tid: int) -> tuple[int, int, int, int] | None:
        frames = self.frames[tid]
        return frames[min(self.frame, len(frames) - 1)]

    def _process_table(
        self,
        fields: Sequence[str],
        threads: bool,
        where: tuple[Sequence[str], Callable[[Any], bool]] | None,
    ) -> Iterator[Any]:
        names = "pid tgid euid nice policy ionice comm argv io_counters"
        full: Any = namedtuple("full", names)  # noqa: PYI024
        assert set(fields) <= set(full._fields)
        for pid, tid, uid, nice, policy, ionice, comm, argv in self.threads:
            found = self._now(tid)
            if found is None:
                continue
            io = pio(1, 1, found[0], found[1], 9, 9) if uid else None
            row = full(tid, pid, uid, nice, policy, pionice(*ionice), comm, argv, io)
            if where is None or where[1](row):
                yield row

    def _vmstat(self) -> dict[str, int]:
        read, written = self.devices[min(self.frame, len(self.devices) - 1)]
        return {"pgpgin": read, "pgpgout": written}

    def _task_delayacct(self) -> bool | None:
        return self.delays

    def _user_name(self, uid: int) -> str | None:
        return {0: "root", 1: "daemon", 1000: "ada"}.get(uid)


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Feed:
    """A machine with a database of three threads, a copy at idle priority, a kernel thread, a shell."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("NO_COLOR", raising=False)
    feed = Feed(monkeypatch)
    argv = ["/usr/bin/database", "-D", "/var/lib/data"]
    feed.threads = [
        (2, 2, 0, 0, 0, (0, 0), "kthreadd", []),
        (700, 700, 1, 0, 0, (0, 0), "database", argv),
        (700, 701, 1, 0, 0, (2, 2), "writer", argv),
        (700, 702, 1, -15, 0, (0, 0), "reader", argv),
        (810, 810, 1000, 19, 0, (3, 7), "cp", ["cp", "-a", "a\x1b[31m", "b"]),
        (900, 900, 4242, 0, 1, (0, 0), "bash", ["-bash"]),
    ]
    feed.frames = {
        2: [(0, 0, 0, 0)],
        700: [(10 * MB, MB, 0, 0), (10 * MB, MB, 0, 0)],
        701: [(0, MB, 0, 0), (0, 49 * MB, 0, SECOND // 2), (0, 50 * MB, 0, SECOND // 2)],
        702: [(5, 0, 0, 0), (3000, 0, SECOND // 8, SECOND // 4), (3000, 0, SECOND, SECOND // 4)],
        810: [(0, 0, 0, 0), (MB, 2 * MB, 0, SECOND // 5), (3 * MB, 4 * MB, 0, SECOND)],
        900: [(0, 0, 0, 0), (512, 0, 0, 0)],
    }
    feed.devices = [(1000, 2000), (1800, 52000), (4800, 52000)]
    return feed


def run(*words: str) -> None:
    """``iotop WORDS``, in this process."""
    iotop.command.main(list(words), standalone_mode=False)


CASES = {
    "frames": ["-n", "2"],
    "active-sums": ["-n", "3", "-o", "-a", "-k", "-t", "-c"],
    "processes": ["-n", "2", "-P", "-g", "r"],
    "mean-of-ada": ["-n", "3", "-A", "--si", "-u", "ada"],
}


@pytest.mark.parametrize("form", ["plain", "rich", "json", "jsonl", "csv"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_written(
    case: str, form: str, feed: Feed, golden: Golden, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(core, "user_id", {"ada": 1000}.get, raising=False)
    run(*CASES[case], f"--{form}")
    out, err = capfd.readouterr()
    assert err == ""
    golden.check("iotop", case, form, out.encode())


@pytest.mark.parametrize("form", ["plain", "json"])
def test_what_is_written_without_rights(
    form: str, feed: Feed, golden: Golden, capfd: pytest.CaptureFixture[str]
) -> None:
    """The kernel tells the owner alone: root's figures stay unknown, and so do the waits of all."""
    feed.rights = False
    run("-n", "2", f"--{form}")
    out, err = capfd.readouterr()
    assert err.startswith("iotop: no right to taskstats (CAP_NET_ADMIN")
    golden.check("iotop", "without-rights", form, out.encode())
