"""iotop: sizes, names, priorities, order, sums, words and what is refused; live, with and without rights."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

if not sys.platform.startswith("linux"):
    pytest.skip("iotop is Linux'", allow_module_level=True)

from sysutils import core
from sysutils.cli.iotop_rows import (
    NOTHING,
    Busy,
    Counters,
    Row,
    Wanted,
    added,
    difference,
    priority,
)
from sysutils.cli.iotop_text import Style, amount, command, heading, line, program, user
from tests.cli.beside import ask, drop_capability, environment, ours
from tests.cli.test_iotop_golden import Feed, feed, run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["feed"]
CAP_NET_ADMIN = 12
OURS = [sys.executable, "-m", "sysutils", "iotop"]


def row(**changes: Any) -> Row:
    base = Row(
        "thread", 0.0, 1.0, 1, 1, "be/4", 0, "root", Counters(0, 0, 0, 0), Counters(0, 0, 0, 0)
    )
    return base._replace(**changes)


# --- sizes, as the classic wrote them


@pytest.mark.parametrize(
    ("size", "style", "text"),
    [
        (0, Style(), "   0.00 B/s"), (2047, Style(), "2047.00 B/s"), (2048, Style(), "2048.00 B/s"),
        (2049, Style(), "   2.00 K/s"), (3000, Style(), "   2.93 K/s"), (2097152, Style(), "2048.00 K/s"),
        (2097153, Style(), "   2.00 M/s"), (5_000_000_000, Style(), "   4.66 G/s"),
        (7_000_000_000_000, Style(), "   6.37 T/s"), (9_000_000_000_000_000, Style(), "   7.99 P/s"),
        (9_000_000_000_000_000_000, Style(), "   7.81 E/s"),
        (2000, Style(si=True), "2000.00 B/s"), (2001, Style(si=True), "   2.00 K/s"),
        (1024, Style(threshold=1), "1024.00 B/s"), (1025, Style(threshold=1), "   1.00 K/s"),
        (10240, Style(threshold=10), "10240.00 B/s"), (2_000_000, Style(threshold=10), "1953.12 K/s"),
        (1, Style(kilobytes=True), "   0.00 K/s"), (999, Style(kilobytes=True), "   0.98 K/s"),
        (9_000_000_000_000_000, Style(kilobytes=True), "8789062500000.00 K/s"),
        (2097151, Style(kilobytes=True, si=True), "2097.15 K/s"),
    ],
)  # fmt: skip
def test_sizes(size: int, style: Style, text: str) -> None:
    assert amount(size, known=True, style=style) == text


def test_sizes_that_are_sums_or_unknown() -> None:
    assert amount(2049, known=True, style=Style(), per_second=False) == "   2.00 K  "
    assert amount(None, known=True, style=Style()) == "   0.00 B/s"
    assert amount(None, known=False, style=Style()) == "      - B/s"
    assert amount(None, known=False, style=Style(kilobytes=True)) == "      - K/s"


@given(st.floats(0, 1e30), st.booleans(), st.integers(1, 10))
def test_a_size_keeps_its_value(size: float, si: bool, threshold: int) -> None:
    number, letter = amount(size, known=True, style=Style(si=si, threshold=threshold)).split()
    base = 1000 if si else 1024
    power = "BKMGTPEZY".index(letter[0])
    assert float(number) * base**power == pytest.approx(size, abs=0.006 * base**power)
    assert float(number) <= base * threshold + 0.01 or letter[0] == "Y"


# --- names


@pytest.mark.parametrize(
    ("argv", "comm", "short", "full"),
    [
        (["/usr/bin/sleep", "600"], "sleep", "sleep", "/usr/bin/sleep 600 "),
        (["./x", "1"], "x", "x", "./x 1 "), (["../x"], "x", "x", "../x "),
        (["-bash"], "bash", "-bash", "-bash "), (["/a b/c d", "e"], "q", "c d", "/a b/c d e "),
        (["a/b c/d e"], "q", "a/b c/d e", "a/b c/d e "), ([".h/x"], "q", ".h/x", ".h/x "),
        (["/"], "q", "/", "/ "), (["/a/"], "q", "/a/", "/a/ "), (["./"], "q", "./", "./ "),
        (["sshd: root [priv]"], "sshd", "sshd: root [priv]", "sshd: root [priv] "),
        (["/opt/prog: worker/3"], "prog", "3", "/opt/prog: worker/3 "),
        ([], "kworker/0:0H-events_highpri", "kworker/0:0H-events_highpri",
         "[kworker/0:0H-events_highpri]"),
        ([], "a\nb\\c", "a\\nb\\\\c", "[a\\nb\\\\c]"),
    ],
)  # fmt: skip
def test_names(argv: list[str], comm: str, short: str, full: str) -> None:
    one = row(argv=tuple(argv), comm=comm)
    assert program(one) == short
    assert command(one, full=False) == short
    assert command(one, full=True) == full


@pytest.mark.parametrize(
    ("name", "text"),
    [("root", "root      "), ("u000000000", "u000000000"), ("u00000000000", "u000000000"),
     (None, "<unknown> "), ("ünïcödélang", "ünïcödélan"), ("日本語日本語", "日本語日本")],
)  # fmt: skip
def test_users(name: str | None, text: str) -> None:
    assert user(row(user=name)) == text


@pytest.mark.parametrize(
    ("ionice", "policy", "nice", "text"),
    [
        ((0, 0), 0, -20, "be/0"), ((0, 0), 0, -15, "be/1"), ((0, 0), 0, -11, "be/1"), ((0, 0), 0, -1, "be/3"),
        ((0, 0), 0, 0, "be/4"), ((0, 0), 0, 4, "be/4"), ((0, 0), 0, 5, "be/5"), ((0, 0), 0, 19, "be/7"),
        ((0, 0), 3, -7, "be/2"), ((0, 0), 1, 0, "rt/4"), ((0, 0), 2, 0, "rt/4"), ((0, 0), 5, 12, "id/0"),
        ((0, 0), 6, 0, "be/4"), ((1, 0), 0, 0, "rt/0"), ((1, 7), 0, 0, "rt/7"), ((2, 3), 0, 5, "be/3"),
        ((3, 7), 0, 0, "id/7"), (None, 0, 0, None), ((0, 0), None, None, None),
    ],
)  # fmt: skip
def test_priorities(
    ionice: tuple[int, int] | None, policy: int | None, nice: int | None, text: str | None
) -> None:
    assert priority(ionice, policy, nice) == text


# --- arithmetic


def test_differences() -> None:
    assert difference(Counters(5, 6, 7, 8), Counters(1, 1, 1, 1)) == Counters(4, 5, 6, 7)
    assert difference(Counters(5, 6), None) == NOTHING
    assert difference(Counters(5, 6, 7, 8), Counters(5, 6)) == Counters(0, 0)
    assert difference(Counters(5, 6), Counters(6, 0)) == NOTHING  # another thread of that id


def test_sums() -> None:
    assert added(Counters(1, None, 3, None), Counters(2, 5)) == Counters(3, 5, 3, None)


def test_percentages_stop_at_a_hundred() -> None:
    one = row(seconds=0.5, moved=Counters(0, 0, 100_000_000, 900_000_000))
    assert one.percent("swapin") == 20.0
    assert one.percent("io") == 100.0
    assert row(seconds=0.0).percent("io") is None
    assert row(moved=NOTHING).percent("io") is None


def test_the_order_goes_by_the_last_reports_in_steps() -> None:
    def waits(tid: int, percent: float) -> Row:
        return row(tid=tid, moved=Counters(0, 0, 0, int(percent * 1e7)))

    wanted, busy = Wanted(), Busy()
    first = [waits(9, 26), waits(8, 25), waits(7, 0.5), waits(6, 100), waits(5, 0), waits(4, 75)]
    assert [one.tid for one in busy.order(first, wanted.weight)] == [6, 4, 9, 7, 8, 5]
    idle = [waits(tid, 0) for tid in (9, 8, 7, 6, 5, 4)]
    for _ in range(119):
        assert [one.tid for one in busy.order(idle, wanted.weight)] == [6, 4, 9, 7, 8, 5]
    assert [one.tid for one in busy.order(idle, wanted.weight)] == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("key", "tids"), [("r", [1, 3, 2]), ("w", [2, 3, 1]), ("rw", [3, 2, 1]), ("sw", [3, 1, 2])]
)
def test_other_orders(key: str, tids: list[int]) -> None:
    rows = [
        row(tid=1, moved=Counters(100, 0, 0, 0)),
        row(tid=2, moved=Counters(0, 120, 0, 0)),
        row(tid=3, moved=Counters(90, 90, 5, 0)),
    ]
    assert [one.tid for one in Busy().order(rows, Wanted(key=key).weight)] == tids


# --- on a made-up machine


def test_lines_have_the_classic_s_shape() -> None:
    assert heading(Style()) == (
        "   TID PRIO     USER   DISK READ  DISK WRITE SWAPIN     IO COMMAND"
    )
    assert line(row(tid=2, comm="kthreadd"), Style()) == (
        "     2 be/4 root          0.00 B/s    0.00 B/s 0.00 % 0.00 % kthreadd"
    )


def test_only_who_moved_something_is_shown(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    run("-b", "-o", "-n", "2", "-qq")
    lines = capfd.readouterr().out.splitlines()
    assert [text[:6].strip() for text in lines if "DISK" not in text] == [
        "700", "701", "702", "810", "900",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "tids"),
    [("-p 702", {"702"}), ("-P -p 702", set()), ("-u +4242", {"900"}), ("-u 1", {"700", "701", "702"}),
     ("-u 1 -P", {"700"}), ("-p 810 -u 1", set()), ("-p 5", set())],
)  # fmt: skip
def test_who_is_selected(
    words: str, tids: set[str], feed: Feed, capfd: pytest.CaptureFixture[str]
) -> None:
    run("-b", "-n", "1", "-q", *words.split())
    found = [text for text in capfd.readouterr().out.splitlines() if "DISK" not in text]
    assert {text[:6].strip() for text in found} == tids


def test_a_total_counts_each_thread_once(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    run("-n", "2", "-u", "1", "--json")
    rows = json.loads(capfd.readouterr().out)
    totals = [one for one in rows if one["type"] == "total"]
    assert [one["write_bytes"] for one in totals] == [0, 48_000_000]
    assert [one["write_rate"] for one in rows if one["tid"] in {700, 701} and one["write_rate"]] == [
        48_000_000.0, 48_000_000.0,
    ]  # fmt: skip


def test_a_thread_that_ends_leaves_its_bytes_to_its_process(
    feed: Feed, capfd: pytest.CaptureFixture[str]
) -> None:
    feed.frames[701] = [(0, 0, 0, 0), (0, 7000, 0, 0), None]
    run("-n", "3", "-u", "1", "--json")
    rows = [one for one in json.loads(capfd.readouterr().out) if one["tid"] == 700]
    assert [one["write_bytes"] for one in rows] == [0, 7000, 7000]


def test_an_id_that_was_given_again_starts_anew(
    feed: Feed, capfd: pytest.CaptureFixture[str]
) -> None:
    feed.frames[810] = [(500, 500, 0, 0), (100, 900, 0, 0), (150, 900, 0, 0)]
    run("-n", "3", "-p", "810", "--json")
    rows = [one for one in json.loads(capfd.readouterr().out) if one["tid"] == 810]
    assert [one["read_rate"] for one in rows] == [None, None, 50.0]
    assert [one["read_bytes"] for one in rows] == [0, 0, 50]


def test_a_thread_that_is_gone_costs_its_row(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    real = feed.thread

    def thread(tid: int) -> Any:
        if tid == 702:
            raise core.NoSuchProcess(tid)
        return real(tid)

    feed.thread = thread  # type: ignore[method-assign]
    run("-b", "-n", "1", "-u", "1", "-q")
    assert " 702 " not in capfd.readouterr().out


def test_delays_that_are_not_counted(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    feed.delays = False
    run("-b", "-n", "2", "-p", "810", "-q")
    out, err = capfd.readouterr()
    assert out.splitlines()[0] == (
        "Warning: task_delayacct is 0, enable by: echo 1 > /proc/sys/kernel/task_delayacct"
    )
    assert out.splitlines()[-1].endswith(" 0.00 % 0.00 % cp")
    assert err == ""
    feed.frame = 0
    run("-n", "2", "-p", "810", "--jsonl")
    out, err = capfd.readouterr()
    assert json.loads(out.splitlines()[-1])["blkio_delay"] is None
    assert err.startswith("iotop: task_delayacct is 0")


def test_delays_counted_from_now_on(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    """The switch may be turned while iotop runs."""
    sleep = feed.sleep

    def turned(seconds: float) -> None:
        sleep(seconds)
        feed.delays = True

    feed.delays = False
    feed.sleep = turned  # type: ignore[method-assign]
    run("-n", "3", "-p", "810", "--jsonl")
    found = [json.loads(text) for text in capfd.readouterr().out.splitlines()]
    assert [one["io_percent"] for one in found if one["tid"]] == [None, None, 80.0]


def test_no_summary_with_qqq(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    """The classic's batch has it nevertheless."""
    run("-qqq", "-n", "1", "--csv")
    found = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert {one["type"] for one in found} == {"process", "thread"}
    run("-qqq", "-n", "1")
    assert capfd.readouterr().out.startswith("  Total DISK READ:")


def test_columns_hidden_on_a_terminal(feed: Feed, capfd: pytest.CaptureFixture[str]) -> None:
    feed.frame = 1
    run("-n", "1", "--rich", "-2367", "--show-user", "-u", "1")
    out = capfd.readouterr().out
    assert "PRIO" not in out
    assert "SWAPIN" not in out
    assert "USER" in out
    run("-n", "1", "--plain", "-123456789", "-u", "1")
    assert heading(Style()) in capfd.readouterr().out


# --- words


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("-z", "invalid option -- 'z'"), ("--nosuch", "unrecognized option '--nosuch'"),
        ("--only=3", "option '--only' doesn't allow an argument"),
        ("-n", "option requires an argument -- 'n'"), ("-d", "option requires an argument -- 'd'"),
        ("--no", ("option '--no' is ambiguous; possibilities: '--no-only' '--no-accumulated' '--no-accum-bw'"
         " '--no-kilobytes' '--no-fullcmdline' '--no-dead-x' '--no-color' '--no-reverse-graph' '--no-si'")),
        ("extra", "unknown argument: extra"), ("-b -p 2 extra", "unknown argument: extra"),
        ("-u nosuch-user", "user nosuch-user not found"), ("-u -1", "user -1 not found"),
        ("-g foo", "invalid value foo for graph type"),
        ("-H foo", "invalid value foo for interactive help type"),
        ("--threshold=0", "threshold 0 is not between 1 and 10"),
        ("--threshold=11", "threshold 11 is not between 1 and 10"),
        ("--threshold=x", "threshold x is not between 1 and 10"),
        # what the classic takes for something
        ("-d x", "invalid delay: x"), ("-d -1", "invalid delay: -1"), ("-d 1e3", "invalid delay: 1e3"),
        ("-n x", "invalid number of iterations: x"), ("-p x", "invalid process id: x"),
        ("-p -1", "invalid process id: -1"), ("-u +root", "user +root not found"),
        ("-W", "no configuration file is written"),
    ],
)  # fmt: skip
def test_what_is_refused(words: str, message: str) -> None:
    answer = ours("iotop", *words.split())
    assert (answer.returncode, answer.stdout) == (1, b"")
    assert answer.stderr.decode() == f"iotop: {message}\n"


@pytest.mark.parametrize(
    "words",
    ["-b -n1 -d0.5 -p1", "--batch --iter=1", "-bPn1", "-n 1 -q", "-tn1", "--time --iter 1", "-bn 1 -H win",
     "-b -n 1 -g rw -R --no-reverse-graph -l --color -x -e --show-exited --ascii --unicode",
     "-b -n 1 --kilob --no-kil --si --no-si --thresh 3 --full --no-full", "-b -n 1 -a -A --no-accum-bw",
     "-b -n +1 -d +1", "-b --ite 1 --us +0"],
)  # fmt: skip
def test_what_is_taken(words: str) -> None:
    answer = ours("iotop", *words.split())
    assert answer.returncode == 0
    assert b"  Total DISK READ: " in answer.stdout
    assert b"  Total DISK" not in answer.stderr


# --- live


def test_help_and_version() -> None:
    for word in ("-h", "--help"):
        answer = ours("iotop", word)
        assert answer.returncode == 0
        assert b"--fullcmdline" in answer.stdout
    assert ours("iotop", "-v").stdout.startswith(b"iotop from sysutils")


def test_without_the_right_figures_come_from_proc(tmp_path: Path) -> None:
    """As root without CAP_NET_ADMIN, or as anybody: a note, a status of 0, one's own bytes."""
    target = tmp_path / "file"
    program = (
        "import os, sys, time\n"
        f"while not time.sleep(.05):\n"
        f"    with open({str(target)!r}, 'wb', 0) as file:\n"
        "        file.write(b'x' * 65536)\n"
        "        os.fsync(file.fileno())\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", program])
    try:
        answer = ask(
            [*OURS, "-n", "2", "-d", "0.3", "-p", str(writer.pid), "--jsonl"],
            preexec_fn=lambda: drop_capability(CAP_NET_ADMIN),
        )
    finally:
        writer.kill()
        writer.wait()
    assert answer.returncode == 0
    assert b"taskstats (" in answer.stderr
    assert b"/proc/PID/io" in answer.stderr
    last = json.loads(answer.stdout.splitlines()[-1])
    assert (last["pid"], last["tid"]) == (writer.pid, writer.pid)
    assert last["io_percent"] is None
    assert last["swapin_delay"] is None
    assert last["write_bytes"] >= 0
    if os.statvfs(tmp_path).f_files and last["write_bytes"]:
        assert last["write_rate"] > 0


@pytest.mark.parametrize("form", ["--plain", "--json", "--csv"])
def test_ctrl_c_ends_it_quietly(form: str) -> None:
    process = subprocess.Popen(
        [*OURS, "-d", "600", "-p", "1", form],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    first = os.read(process.stdout.fileno(), 1)  # a frame is there before the next is due
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait() == 0
    if form == "--json":
        assert json.loads(first + rest)[0]["type"] == "total"


def test_a_write_error_is_told() -> None:
    with open("/dev/full", "wb") as full:
        answer = ours("iotop", "-b", "-n", "1", "-p", "1", stdout=full)
    assert answer.returncode == 1
    assert answer.stderr.endswith(b"iotop: write error: No space left on device\n")
