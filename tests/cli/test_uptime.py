"""uptime: the classic's words for every length of time, the line, the errors."""

from __future__ import annotations

import json
import struct
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli import uptime
from sysutils.cli.uptime import Report
from tests.support import trees
from tests.support.sidebyside import Case, compare, run_ours, run_ours_without_stage
from tests.support.stage import StageUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# what procps-ng 4.0.2 says with that number in /proc/uptime: (seconds, the line's, -p's)
KNOWN = [
    ("0.00", "0 min", "0 minutes"),
    ("59.99", "0 min", "0 minutes"),
    ("60", "1 min", ""),
    ("61", "1 min", "1 minute"),
    ("119", "1 min", "1 minute"),
    ("120", "2 min", "2 minutes"),
    ("599.99", "9 min", "9 minutes"),
    ("600", "10 min", "10 minutes"),
    ("3599.99", "59 min", "59 minutes"),
    ("3600", " 1:00", "60 minutes"),
    ("3660", " 1:01", "1 hour"),
    ("7199", " 1:59", "1 hour, 59 minutes"),
    ("7260", " 2:01", "2 hours"),
    ("36000", "10:00", "10 hours, 0 minutes"),
    ("86399.99", "23:59", "23 hours, 59 minutes"),
    ("86400", "1 day, 0 min", "24 hours, 0 minutes"),
    ("86460", "1 day, 1 min", "1 day"),
    ("90000", "1 day,  1:00", "1 day, 60 minutes"),
    ("90060", "1 day,  1:01", "1 day, 1 hour"),
    ("172799", "1 day, 23:59", "1 day, 23 hours, 59 minutes"),
    ("172800", "2 days, 0 min", "2 days, 0 minutes"),
    ("172860", "2 days, 1 min", "2 days"),
    ("604800", "7 days, 0 min", "7 days, 0 minutes"),
    ("1209600", "14 days, 0 min", "2 weeks, 0 minutes"),
    ("31535999", "364 days, 23:59", "52 weeks, 23 hours, 59 minutes"),
    ("31536000", "365 days, 0 min", "52 weeks, 24 hours, 0 minutes"),
    ("31536060", "365 days, 1 min", "1 year"),
    ("63072000", "730 days, 0 min", "2 years, 0 minutes"),
    ("315359999", "3649 days, 23:59", "9 years, 52 weeks, 23 hours, 59 minutes"),
    ("315360000", "3650 days, 0 min", "10 years, 0 minutes"),
    ("315360060", "3650 days, 1 min", "1 decade"),
    ("347155200", "4018 days, 0 min", "1 decade, 1 year, 3 days, 0 minutes"),
    ("864000000", "10000 days, 0 min", "2 decades, 7 years, 20 weeks, 5 days, 0 minutes"),
]


@pytest.mark.parametrize(("seconds", "brief", "spelled"), KNOWN)
def test_words_for_a_length_of_time(seconds: str, brief: str, spelled: str) -> None:
    assert uptime.brief(float(seconds)) == brief
    assert uptime.spelled(float(seconds)) == spelled


@given(st.floats(0, 2e9))
def test_spelled_loses_no_time(seconds: float) -> None:
    sizes = dict(uptime._SPANS)
    total = 0
    for part in filter(None, uptime.spelled(seconds).split(", ")):
        count, word = part.split(" ")
        total += int(count) * sizes[word.removesuffix("s")]
    assert 0 <= int(seconds) - total <= 60


@pytest.mark.parametrize(
    ("users", "words"), [(0, " 0 user"), (1, " 1 user"), (2, " 2 users"), (100, "100 users")]
)
def test_users_of_the_line(users: int, words: str) -> None:
    line = uptime.line(Report(0.0, 5.0, users, (0.005, 1.0, 123456.789)))
    assert line.partition(" up ")[2] == f"0 min, {words},  load average: 0.01, 1.00, 123456.79"


def test_what_is_unknown_is_zero_in_the_line_and_null_in_json() -> None:
    report = Report(0.0, 5.0, None, None)
    assert uptime.line(report).endswith(" 0 user,  load average: 0.00, 0.00, 0.00")
    values = {column.name: column.get(report) for column in uptime.COLUMNS}
    assert json.loads(json.dumps(values)) == {
        "time": 0.0,
        "uptime": 5.0,
        "boot_time": -5.0,
        "users": None,
        "loadavg": None,
    }


@pytest.mark.parametrize(("up", "second"), [(0.4, 0), (0.6, 0), (0.9, 0), (1.2, -1), (0.1, 1)])
def test_boot_is_told_to_the_nearest_second(up: float, second: int) -> None:
    now = 1_700_000_000.6
    told = uptime.booted(Report(now, up, 0, None))
    expected = time.localtime(1_700_000_000 + second)
    assert told == time.strftime("%Y-%m-%d %H:%M:%S", expected)


# --- beside the classic


def beginning(message: bytes) -> bytes:
    """The message and how the usage text below it begins; the text itself is our own."""
    return b"\n".join(message.split(b"\n")[:4])


def same(*words: str, **settings: Any) -> None:
    compare("small", ["uptime", *words], stderr=beginning, owners=False, **settings)


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "", "-p", "-s", "--pretty", "--since", "--pre", "--si", "-ps", "-sp", "-pp", "-p -s", "--", "-sx",
        "-s --nosuch", "-s foo", "-x", "-px", "-xs", "--nosuch", "--nosuch=1", "--pretty=1", "foo", "-p foo",
        "-- foo", "-", "foo -s", "--pr --x",
    ],
)  # fmt: skip
def test_options_beside_the_classic(words: str) -> None:
    same(*words.split())


@pytest.mark.classic
@pytest.mark.parametrize("seconds", [*(known[0] for known in KNOWN), "0.5", "35999940.12", "1e5"])
def test_lengths_of_time_beside_the_classic(seconds: str) -> None:
    files = {"uptime": f"{seconds} 12345.67\n".encode()}
    same(files=files)
    same("-p", files=files)


@pytest.mark.classic
@pytest.mark.parametrize(
    "seconds", ["0.00", "0.49", "0.51", "0.99", "1", "86399.5", "1700000000.3"]
)
def test_time_of_boot_beside_the_classic(seconds: str) -> None:
    same("-s", files={"uptime": f"{seconds} 1\n".encode()})


@pytest.mark.classic
@pytest.mark.parametrize(
    "load", ["0.005 0.015 0.025 1/80 11206", "12.30 123456.78 0.00 10/800 7", "1e3 2 3 1/1 1"]
)
def test_loads_beside_the_classic(load: str) -> None:
    same(files={"loadavg": f"{load}\n".encode()})


@pytest.mark.classic
@pytest.mark.parametrize("words", ["", "-p", "-s"])
@pytest.mark.parametrize("text", [b"", None])
def test_no_uptime_beside_the_classic(words: str, text: bytes | None) -> None:
    same(*words.split(), files={"uptime": text})


@pytest.mark.classic
@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "UTC0", "EST5EDT,M3.2.0,M11.1.0", "NOWHERE-14:30"]
)
def test_time_zones_beside_the_classic(zone: str) -> None:
    same(env={"TZ": zone})
    same("-s", env={"TZ": zone})


@pytest.mark.classic
def test_order_under_posixly_correct() -> None:
    same("foo", "-s", env={"POSIXLY_CORRECT": "1"})


def utmp(*records: tuple[int, bytes]) -> bytes:
    """A utmp file of (type, user)."""
    return b"".join(
        struct.pack("<h2xi32s4s32s256shhiii16s20x", kind, 1, b"pts/0", b"ts/0", user, b"", 0, 0, 0, 9, 0, b"")
        for kind, user in records
    )  # fmt: skip


@pytest.mark.classic
@pytest.mark.parametrize(
    ("records", "cut"),
    [
        ([], 0),
        ([(7, b"root")], 0),
        ([(7, b"root")] * 2, 0),
        ([(7, b"ada")] * 100, 0),
        ([(7, b""), (8, b"gone"), (6, b"LOGIN"), (2, b"reboot"), (7, b"ada")], 0),
        ([(7, b"ada")] * 2, 100),
    ],
)
def test_users_beside_the_classic(
    records: list[tuple[int, bytes]], cut: int, fresh_tree: Callable[[str], Path]
) -> None:
    proc = fresh_tree("small")
    data = utmp(*records)
    for path in ("run/utmp", "var/run/utmp"):
        (proc.parent / path).parent.mkdir(parents=True, exist_ok=True)
        (proc.parent / path).write_bytes(data[: len(data) - cut])
    whole = records[: len(data[: len(data) - cut]) // 384]
    count = sum(kind == 7 and user != b"" for kind, user in whole)
    assert b" %2d user" % count in compare(proc, ["uptime"], owners=False).stdout


# --- ours


def ours(*words: str, **settings: Any) -> str:
    case = Case("small", ("uptime", *words), **settings)
    try:
        answer = run_ours(case)
    except StageUnavailable:
        answer = run_ours_without_stage(case)
    assert (answer.returncode, answer.stderr) == (0, b"")
    return answer.stdout.decode()


def test_container_counts_from_the_start_of_process_1(tree: Callable[[str], Path]) -> None:
    proc = tree("small")
    started = int((proc / "1/stat").read_text().rpartition(")")[2].split()[19]) / 100
    line = ours("-c", "-r")
    assert float(line.split()[1]) == pytest.approx(trees.uptime(proc) - started, abs=0.011)


def test_raw_is_numbers_alone(tree: Callable[[str], Path]) -> None:
    now, up, users, *loads = ours("--raw").split()
    proc = tree("small")
    assert int(now) == int(trees.now(proc))
    assert float(up) == trees.uptime(proc)
    assert int(users) >= 0
    recorded = (proc / "loadavg").read_text().split()[:3]
    assert loads == [f"{float(load):.2f}" for load in recorded]


def test_since_when_in_json(tree: Callable[[str], Path]) -> None:
    tree("small")
    for words in (["-s", "--json"], ["--json", "-s"], ["-s", "x", "--output", "json"]):
        (row,) = json.loads(ours(*words))
        assert row["boot_time"]


def test_json_and_csv_have_base_units(tree: Callable[[str], Path]) -> None:
    proc = tree("small")
    (row,) = json.loads(ours("--json"))
    assert list(row) == ["time", "uptime", "boot_time", "users", "loadavg"]
    assert row["uptime"] == trees.uptime(proc)
    assert row["time"] == pytest.approx(trees.now(proc), abs=0.01)
    assert row["boot_time"] == pytest.approx(row["time"] - row["uptime"], abs=0.01)
    assert len(row["loadavg"]) == 3
    assert ours("--csv").splitlines()[0] == "time,uptime,boot_time,users,loadavg"


@pytest.mark.parametrize("width", [20, 30, 50, 80, 200])
def test_a_terminal_s_width_is_kept(sysutils: Callable[..., Any], width: int) -> None:
    done = sysutils("uptime", "--rich", env={"COLUMNS": str(width), "NO_COLOR": "1"})
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert len(lines) == 4
    assert max(map(len, lines)) <= max(width, len(lines[0].split("   since")[0]))
    assert ("━" in lines[1] or "─" in lines[1] or "╸" in lines[1]) == (width >= 50)


def test_writing_to_a_full_disk_is_an_error(sysutils: Callable[..., Any]) -> None:
    for words in ((), ("-p",), ("-s",), ("-h",), ("-V",)):
        with open("/dev/full", "wb") as full:
            done = sysutils("uptime", *words, stdout=full)
        expected = (1, b"uptime: write error: No space left on device\n")
        assert (done.returncode, done.stderr) == expected
