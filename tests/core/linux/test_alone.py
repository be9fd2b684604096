"""Facts that are asked for by themselves: the cheaper way tells what the files do."""

import os
import threading
import time
from pathlib import Path

import pytest

from sysutils import core
from sysutils.core.linux import alone, facts, host, pid_files, procfs, usage

STAT = b"42 (lone wolf) S 0 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 7" + b" 0" * 33


def test_names_and_threads_as_stat_tells_them() -> None:
    done = threading.Event()
    threads = [threading.Thread(target=done.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        files = pid_files.of_process(os.getpid())
        assert alone.thread_count(files) == facts.num_threads(files) >= 4
        assert alone.comm(pid_files.of_process(os.getpid())) == facts.comm(files)
        assert len(core.Process().threads()) == alone.thread_count(files)
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_a_recording_is_read_from_its_stat(tmp_path: Path) -> None:
    (tmp_path / "stat").write_bytes(STAT)
    for made in (False, True):  # a directory of ours has two links as well
        if made:
            (tmp_path / "task" / "42").mkdir(parents=True)
        files = pid_files.PidFiles(42, os.fsencode(tmp_path) + b"/", 42)
        assert alone.thread_count(files) == 0
        assert alone.num_threads(files) == 7
        assert alone.comm(files) == "lone wolf"


def test_descriptors_are_counted_or_listed(tmp_path: Path) -> None:
    base = os.fsencode(tmp_path) + b"/"
    (tmp_path / "fd").mkdir()
    for name in "0", "1", "7":
        (tmp_path / "fd" / name).touch()
    assert usage.num_fds(pid_files.PidFiles(42, base, 42)) == 3
    files = pid_files.of_process(os.getpid())
    with open(os.devnull, "rb"):
        counted = usage.num_fds(files)
        # the list has the descriptor that it is read by
        assert counted in {len(os.listdir("/proc/self/fd")) - 1, len(os.listdir("/proc/self/fd"))}
    assert usage.num_fds(files) == counted - 1


def test_the_boot_time_by_clocks_is_that_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    told = host.parse_btime(Path("/proc/stat").read_bytes())
    assert host._by_clocks() in {told - 1, told, told + 1, None}  # a clock that is being set right
    monkeypatch.setattr(time, "time_ns", lambda: 10 * 10**9)
    boot = iter([4 * 10**9, 4 * 10**9 + 1])
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _: next(boot))
    assert host._by_clocks() is None  # a second between the two looks at the clock
    assert procfs.is_kernels(b"/proc/stat")
