"""top: what programs get, what a terminal gets, live processes, how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.cli.top_columns import NAMES
from tests.cli.conftest import environment
from tests.support.children import linux_only, member
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Run

pytestmark = linux_only
#: of a process in JSON and CSV
PROCESS = [
    "pid", "user", "priority", "nice", "vsz", "rss", "shared", "state", "pcpu", "pmem", "time", "command",
]  # fmt: skip


def frames(run: Run, *words: str) -> list[dict[str, Any]]:
    done = run("top", *words)
    assert (done.returncode, done.stderr) == (0, b"")
    if "--json" in words:
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- for programs


@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_a_frame_is_an_object(form: str, sysutils: Run) -> None:
    first, second = frames(sysutils, "-n", "2", "-d", "0.1", form)
    assert [first["frame"], second["frame"]] == [1, 2]
    assert second["timestamp"] > first["timestamp"] > 1e9
    assert first["tasks"]["total"] == len(first["processes"]) > 1
    assert sum(first["tasks"].values()) == 2 * first["tasks"]["total"]
    assert first["memory"]["total"] > first["memory"]["free"] > 0
    assert len(first["cpu"]) == 1
    assert sum(first["cpu"][0].values()) == pytest.approx(100, abs=0.5)
    assert list(first["processes"][0]) == PROCESS


def test_programs_get_one_frame_unless_more_are_asked_for(sysutils: Run) -> None:
    assert len(frames(sysutils, "--jsonl")) == 1
    assert len(frames(sysutils, "--json")) == 1
    assert len(frames(sysutils, "-b", "-n", "2", "-d", "0.1", "--jsonl")) == 2


def test_figures_are_raw(sysutils: Run) -> None:
    with member(cmdline="one\0two\nlines\0", name="some\x1bname") as child:
        pid = str(child.pid)
        ((row,),) = (frame["processes"] for frame in frames(sysutils, "-p", pid, "--json"))
        assert row["pid"] == child.pid
        assert row["command"] == "some\x1bname"
        assert row["rss"] % 1024 == 0 < row["rss"] <= row["vsz"]
        assert (row["state"], row["priority"] - row["nice"]) == ("S", 20)
        assert 0 <= row["time"] < 60
        assert 0 < row["pmem"] < 100
        ((row,),) = (frame["processes"] for frame in frames(sysutils, "-c", "-p", pid, "--json"))
        assert row["command"] == "one two\nlines"


def test_each_cpu(sysutils: Run) -> None:
    (frame,) = frames(sysutils, "-1", "--jsonl")
    assert len(frame["cpu"]) == os.cpu_count()


def test_threads(sysutils: Run) -> None:
    with member(threads=["one", "two", "three"]) as child:
        (frame,) = frames(sysutils, "-H", "-p", str(child.pid), "--jsonl")
    assert frame["tasks"]["total"] == 4
    assert frame["processes"][0]["pid"] == child.pid


def test_csv_has_one_heading(sysutils: Run) -> None:
    done = sysutils("top", "-n", "2", "-d", "0.1", "-p", str(os.getpid()), "--csv")
    heading, *rows = csv.reader(io.StringIO(done.stdout.decode()))
    assert heading == ["frame", "timestamp", *PROCESS]
    assert [row[0] for row in rows] == ["1", "2"]
    assert [row[2] for row in rows] == [str(os.getpid())] * 2


def test_a_process_that_works_is_seen_working(sysutils: Run) -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            time.sleep(0.2)
            words = ("-p", str(busy.pid), "-n", "2", "-d", "0.5", "--jsonl")
            _, frame = frames(sysutils, *words)
        finally:
            busy.kill()
    assert frame["processes"][0]["pcpu"] > 0
    assert frame["processes"][0]["time"] > 0


def test_fields_are_listed(sysutils: Run) -> None:
    assert sysutils("top", "-O").stdout.decode().split() == list(NAMES)


# --- as a batch


def test_frames_are_written_at_once_and_ctrl_c_ends_them() -> None:
    command = [sys.executable, "-m", "sysutils", "top", "-b", "-d", "600", "-p", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(),
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:  # noqa: PLW1509  # fmt: skip
        assert process.stdout is not None
        text = b""
        while not (b"COMMAND\n" in text and text.endswith(b"\n")):
            text += os.read(process.stdout.fileno(), 65536)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == -signal.SIGINT


def test_nobody_reads(sysutils: Run) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = sysutils("top", "-b", stdout=writer)
    os.close(writer)
    assert done.returncode in {0, -signal.SIGPIPE}
    assert done.stderr == b""


def test_a_full_device(sysutils: Run) -> None:
    with open("/dev/full", "wb") as full:
        done = sysutils("top", "-b", "-n", "1", stdout=full)
    assert (done.returncode, done.stderr) == (1, b"top: write error: No space left on device\n")


def test_without_a_terminal_there_is_nothing_but_batches(sysutils: Run) -> None:
    done = sysutils("top", "-n", "1")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"top: failed tty get\n")


def test_rich_frames_into_a_pipe(sysutils: Run) -> None:
    done = sysutils("top", "-n", "2", "-d", "0.1", "-p", "1", "--rich", env={"NO_COLOR": "1"})
    assert done.stdout.count(b"top - ") == 2
    assert b"\n\ntop - " in done.stdout
    assert b"\x1b" not in done.stdout


# --- on a terminal


def test_a_batch_on_a_terminal_is_the_classic_format() -> None:
    with Terminal(["top", "-b", "-n", "1", "-p", "1"], columns=100) as terminal:
        assert terminal.finish() == 0
        screen = terminal.screen()
    assert b"\x1b" not in screen.raw
    assert "  PID USER      PR  NI    VIRT" in screen.text.replace("    PID", "  PID")


def test_hostile_names_never_reach_a_terminal() -> None:
    with member(name="\x1b[31mred\x9b1m", cmdline="a\x1b]0;title\x07\0\xe2\x80\xae\0") as child:
        for words in ([], ["-c"], ["-b"], ["-bc"]):
            command = ["top", "-n", "1", "-p", str(child.pid), *words]
            with Terminal(command, env={"NO_COLOR": "1"}) as terminal:
                assert terminal.finish() == 0
                raw = terminal.screen().raw
            assert b"red" in raw or b"titl" in raw
            for hostile in (b"\x1b[31m", b"\x1b]0", b"\x07", b"\x9b1m"):
                assert hostile not in raw
