"""free: beside the classic on made-up memories; rounding; repeats; what programs get."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import free, interval
from sysutils.cli.grammar import CommandError
from sysutils.cli.output.units import scaled_procps
from tests.support.sidebyside import compare

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = {
    "MemTotal": 16000000, "MemFree": 1234567, "MemAvailable": 8000000, "Buffers": 123456, "Cached": 4000000,
    "SwapTotal": 2097148, "SwapFree": 2000000, "Shmem": 98765, "SReclaimable": 200000,
    "CommitLimit": 10097148, "Committed_AS": 5000000,
}  # fmt: skip


def meminfo(**changes: int | None) -> bytes:
    """/proc/meminfo with these KiB; a None leaves the line out."""
    values = {**BASE, **changes}
    lines = [f"{name}:{size:>16} kB\n" for name, size in values.items() if size is not None]
    return "".join(lines).encode()


def beginning(message: bytes) -> bytes:
    """The message and how the usage text below it begins; the text itself is our own."""
    return b"\n".join(message.split(b"\n")[:4])


def same(*words: str, info: bytes | None = b"", **settings: Any) -> None:
    files = {"meminfo": info if info != b"" else meminfo()}
    compare("small", ["free", *words], files=files, stderr=beginning, owners=False, **settings)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-b", "-k", "-m", "-g", "--bytes", "--kibi", "--mebi", "--gibi", "--tebi", "--pebi", "--kilo",
        "--mega", "--giga", "--tera", "--peta", "--si", "-b --si", "-k --si", "-m --si", "--si -g",
        "--tebi --si", "--pebi --si", "--mega --si", "--giga --si", "-h", "-h --si", "--human", "--hum",
        "-h -m", "-g -h", "-h --kilo", "--mega -h", "-h --mebi --si", "-l", "-t", "-v", "-w", "-lt", "-tl",
        "-vt", "-wl", "-wtlv", "-hwtlv",
        "-hltv --si", "-bwtlv", "--lohi", "--total", "--committed", "--wide", "--lo --to", "-c 1", "-c1",
        "--count=1", "-s1 -c1", "--seconds=1 --count=1", "-ms 1 -c 1", "-s 0.01 -c 3", "-s ,01 -c 2", "-c +1",
        "-s .01 -c 3 -ht", "-s +0,01 -c2 -w", "--", "-w -s 0.001 -c 2",
    ],
)  # fmt: skip
def test_options_beside_the_classic(words: str) -> None:
    same(*words.split())


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-x", "-o", "-mx", "--nosuch", "--nosuch=2", "--si=1", "--me", "--ki", "--te", "--s", "--c", "--co 1",
        "-s", "-c", "--seconds", "foo", "-- foo", "-", "-b -k", "-k -b", "-m -m", "--kilo -k", "-bg", "-s 0",
        "-s 0.0", "-s -1", "-s abc", "-s 1x", "-s 1e1", "-s nan", "-s inf", "-s 0x1", "-s .", "-s 1_0",
        "-s 0.0000001", "-c 0", "-c -1", "-c abc", "-c 1x", "-c 1.5", "-c 0x10", "-c 2147483648", "-c 1_0",
        "-s 0 -x", "-x -s 0", "-c 0 -s 0", "-s 0 -c 0", "-h -c 0", "--mebi=3",
        "-m -k -c x", "-k -c x -m", "-mk --nosuch", "-b -k foo",
    ],
)  # fmt: skip
def test_errors_beside_the_classic(words: str) -> None:
    same(*words.split())


@pytest.mark.classic
@pytest.mark.parametrize(
    "words", [("-s", ""), ("-s", "1 "), ("-s", " 1", "-c", " 1"), ("-c", "1 ")]
)
def test_blanks_in_numbers_beside_the_classic(words: tuple[str, ...]) -> None:
    same(*words)


MEMORIES = {
    "no swap": {"SwapTotal": 0, "SwapFree": 0},
    "no swap lines": {"SwapTotal": None, "SwapFree": None},
    "more swap free than there is": {"SwapFree": 3000000},
    "no MemAvailable": {"MemAvailable": None},
    "MemAvailable beyond total": {"MemAvailable": 20000000},
    "MemAvailable 0": {"MemAvailable": 0},
    "MemAvailable is all": {"MemAvailable": 16000000},
    "free beyond available": {"MemFree": 9000000},
    "free beyond total": {"MemFree": 17000000},
    "free beyond total, none available": {"MemFree": 17000000, "MemAvailable": None},
    "few lines": dict.fromkeys(["MemFree", "Cached", "Buffers", "Shmem", "SReclaimable"]),
    "no MemTotal": {"MemTotal": None},
    "MemTotal 0": {"MemTotal": 0},
    "low and high": {"HighTotal": 9000000, "HighFree": 400, "LowTotal": 7000000, "LowFree": 1234167},
    "promised too much": {"Committed_AS": 20000000},
    "promised a little too much": {"Committed_AS": 10097148 + 1000000},
    "no limit": {"CommitLimit": None},
    "petabytes": {"MemTotal": 10**15, "MemFree": 5 * 10**14, "MemAvailable": 333333333333333,
                  "SwapTotal": 10**15 - 1, "SwapFree": 142857142857142},
    "terabytes": {"MemTotal": 10**12, "MemFree": 10**9 * 17, "MemAvailable": 999999999999, "Cached": 10**10},
    "tiny": {"MemTotal": 900, "MemFree": 7, "MemAvailable": 10, "Buffers": 1, "Cached": 2, "Shmem": 0,
             "SwapTotal": 1, "SwapFree": 1},
    "thousands": {"MemTotal": 1000, "MemFree": 1023, "MemAvailable": 999, "Buffers": 1024, "Cached": 10189},
}  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize("name", MEMORIES)
@pytest.mark.parametrize("words", ["-wlvt", "-lvth", "-tvh --si", "-mt"])
def test_memories_beside_the_classic(name: str, words: str) -> None:
    same(*words.split(), info=meminfo(**MEMORIES[name]))


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-h", "-s 0.01 -c 2"])
def test_no_meminfo_beside_the_classic(words: str) -> None:
    same(*words.split(), info=None)


@pytest.mark.classic
def test_empty_meminfo_beside_the_classic() -> None:
    compare("small", ["free"], files={"meminfo": b""}, stderr=True, owners=False)


@pytest.mark.classic
@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "nonsense"])
def test_locales_beside_the_classic(locale: str) -> None:
    same("-h", "-t", env={"LC_ALL": locale})
    same("-s", "x", env={"LC_ALL": locale})


# --- rounding for people: known answers of procps-ng 4.0.2, (KiB, powers of 1024, powers of 1000)

SCALED = [
    (0, "0B", "0B"), (1, "1.0Ki", "1.0K"), (9, "9.0Ki", "9.2K"), (10, "10Ki", "10K"), (999, "999Ki", "1.0M"),
    (1000, "1.0Mi", "1.0M"), (1023, "1.0Mi", "1.0M"), (1076, "1.1Mi", "1.1M"), (10188, "9.9Mi", "10M"),
    (10189, "9Mi", "10M"), (10240, "10Mi", "10M"), (102399, "99Mi", "104M"), (1024000, "1.0Gi", "1.0G"),
    (10485759, "9Gi", "10G"), (1073741823, "1.0Ti", "1.1T"), (1099511627776, "1.0Pi", "1.1P"),
    (3167538378, "3.0Ti", "3.2T"), (10**15, "909Pi", "1024P"), (-1, "-1Ki", "-1K"),
    (-9902852, "-9Gi", "-10G"),
]  # fmt: skip


@pytest.mark.parametrize(("kib", "binary", "decimal"), SCALED)
def test_sizes_for_people(kib: int, binary: str, decimal: str) -> None:
    assert scaled_procps(kib * 1024) == binary
    assert scaled_procps(kib * 1024, si=True) == decimal


@given(st.integers(1, 2**59), st.booleans())
def test_sizes_for_people_are_near_and_short(size: int, si: bool) -> None:
    text = scaled_procps(size, si)
    assert len(text.rstrip("iKMGTPB")) <= 3 or size > 10**17
    number = float(text.rstrip("iKMGTPB"))
    power = "BKMGTP".index(text.rstrip("i")[-1])
    unit = (1000 if si else 1024) ** power
    if "." in text:  # rounded
        assert abs(size / unit - number) < 0.0501
    else:  # cut
        assert int(number) == size // unit


@given(st.floats(1e-6, 1e9, allow_nan=False))
def test_seconds_are_read_back(seconds: float) -> None:
    text = f"{seconds:.6f}"
    assert free._seconds(text) == pytest.approx(float(text))
    assert free._seconds(text.replace(".", ",")) == free._seconds(text)


@given(st.text("0123456789.,+- ex_", max_size=5))
def test_any_seconds_are_a_number_or_told_as_wrong(text: str) -> None:
    try:
        assert free._seconds(text) > 0
    except CommandError as error:
        assert error.message.startswith("seconds argument")  # noqa: PT017


# --- repeats


class Clock:
    """A clock that only moves when it is slept on or when ``work`` takes time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self.advance)

    def advance(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


def test_repeats_do_not_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)

    def work() -> float:
        began = clock.now
        clock.advance(0.3)
        return began

    assert list(interval.every(1.0, 4, work)) == [100.0, 101.0, 102.0, 103.0]


def test_missed_turns_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pauses = iter([0.0, 2.5, 0.0, 0.0])

    def work() -> float:
        began = clock.now
        clock.advance(next(pauses))
        return began

    assert list(interval.every(1.0, 4, work)) == [100.0, 101.0, 104.0, 105.0]


def test_one_report_is_not_followed_by_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("slept"))
    assert list(interval.every(1.0, 1, lambda: "once")) == ["once"]


@pytest.mark.parametrize(
    ("mode", "end"),
    [("--plain", b"Swap:"), ("--jsonl", b'"swap"'), ("--csv", b"swap,"), ("--json", b'"swap"')],
)
def test_each_report_is_written_at_once(mode: str, end: bytes) -> None:
    """The second report would come in an hour: a reader has the first by then."""
    command = [sys.executable, "-m", "sysutils", "free", mode, "-s", "3600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            seen = b""
            while end not in seen:
                piece = os.read(process.stdout.fileno(), 4096)
                assert piece, "ended"
                seen += piece
        finally:
            process.kill()


# --- for programs


def test_json_has_bytes_and_no_inventions(sysutils: Callable[..., Any]) -> None:
    done = sysutils("free", "--json", "-tlv")
    assert done.returncode == 0
    rows = {row.pop("type"): row for row in json.loads(done.stdout)}
    assert list(rows) == ["mem", "low", "high", "swap", "total", "commit"]
    mem = rows["mem"]
    assert mem["total"] - mem["available"] == mem["used"]
    assert mem["total"] % 1024 == 0
    assert mem["total"] > 1 << 24
    assert rows["swap"]["buffers"] is None
    assert rows["total"]["total"] == mem["total"] + rows["swap"]["total"]
    assert rows["high"]["percent"] is None or rows["high"]["total"]


def test_csv_has_one_heading(sysutils: Callable[..., Any]) -> None:
    lines = sysutils("free", "--csv", "-c", "2", "-s", "0.01").stdout.decode().splitlines()
    assert lines[0] == "type,total,used,free,shared,buffers,cached,available,percent"
    assert [line.split(",")[0] for line in lines[1:]] == ["mem", "swap"] * 2


def test_lines_of_a_32_bit_machine() -> None:
    info = {
        "MemTotal": 100,
        "MemFree": 40,
        "LowTotal": 60,
        "LowFree": 10,
        "HighTotal": 40,
        "HighFree": 30,
    }
    rows = free.lines(info, low_high=True, total=False, committed=False)
    assert [row[:4] for row in rows[1:3]] == [("low", 60, 50, 10), ("high", 40, 10, 30)]


def test_a_terminal_gets_bars_within_its_width(sysutils: Callable[..., Any]) -> None:
    for width in (20, 40, 80, 200):
        done = sysutils("free", "--rich", "-t", env={"COLUMNS": str(width), "NO_COLOR": "1"})
        text = done.stdout.decode()
        assert done.returncode == 0
        assert max(map(len, text.splitlines())) <= width
        assert "━" in text or "╸" in text


def test_writing_to_a_full_disk_is_an_error(sysutils: Callable[..., Any]) -> None:
    with open("/dev/full", "wb") as full:
        done = sysutils("free", stdout=full)
    assert (done.returncode, done.stderr) == (1, b"free: write error: No space left on device\n")


def test_single_precision() -> None:
    """The quotient is a C float, which decides between 2.9 and 3.0."""
    size = 3167538378 * 1024
    assert f"{size / 1024**4:.1f}" == "2.9"
    assert struct.unpack("f", struct.pack("f", size / 1024**4))[0] == pytest.approx(2.95)
    assert scaled_procps(size) == "3.0Ti"
