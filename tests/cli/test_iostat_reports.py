"""iostat again and again: reports about a machine that changes in between, Ctrl-C, known answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.cli import iostat, iostat_figures, iostat_text
from sysutils.cli.iostat_figures import Counters, modes, moved
from sysutils.cli.iostat_text import Style, scaled
from sysutils.cli.iostat_words import Devices, Entry
from sysutils.core.linux import block_names, procfs
from tests.cli.test_iostat import steady
from tests.support import changing, classic, trees
from tests.support.golden import difference
from tests.support.stage import ROOT, Request, StageUnavailable, stage
from tests.support.strict import skip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: what happened to devices in a second and a half
CHANGES = {
    "sda": (100, 10, 2000, 500, 50, 5, 800, 300, 1, 700, 900, 3, 1, 24, 9, 2, 8),
    "nvme0n1": (1, 0, 8, 1, *[0] * 13),
    "sdb": (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 3),
}
CPU = (20, 2, 10, 100, 8, 2, 4, 6, 2, 0)


def _added(words: list[str], numbers: tuple[int, ...]) -> str:
    return " ".join(str(int(word) + more) for word, more in zip(words, numbers, strict=False))


def later() -> dict[str, bytes]:
    """The files of the recorded machine as they are after the changes."""
    proc = trees.load("io")
    files = {"/proc/uptime": "5001.75 9000.50\n"}
    first, *rest = (proc / "stat").read_text().splitlines(keepends=True)
    files["/proc/stat"] = f"cpu  {_added(first.split()[1:], CPU)}\n" + "".join(rest)
    lines = []
    for line in (proc / "diskstats").read_text().splitlines():
        place, counters = line.split()[:3], line.split()[3:]
        if place[2] in CHANGES:
            counters = _added(counters, CHANGES[place[2]]).split()
            files[f"/sys/block/{place[2]}/stat"] = " ".join(counters) + "\n"
        lines.append(" ".join([*place, *counters]) + "\n")
    files["/proc/diskstats"] = "".join(lines)
    return {name: text.encode() for name, text in files.items()}


def two_reports(words: list[str], program: tuple[str, ...]) -> bytes:
    """What a program writes about the machine before and after the changes."""
    env = {"PATH": classic.PATH, "LC_ALL": "C", "TZ": "UTC0", "PYTHONPATH": str(ROOT)}
    request = Request(
        sys.executable, sys.executable, ("-m", "tests.support.changing", *program, *words), env,
        changing.order(later()),
    )  # fmt: skip
    for _ in range(5):
        answer = stage("io").run(request)
        if answer.returncode != changing.AGAIN:
            break
    assert (answer.returncode, answer.stderr) == (0, b"")
    return answer.stdout


OURS = (sys.executable, "-m", "sysutils", "iostat")


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-d 1 2", "-x sda nvme0n1 1 2", "-z 1 2", "-xyz 1 1", "-o JSON -x sda 1 2", "-o JSON -yd sda sdb 1 1",
        "-hd -g all sda nvme0n1 -p 1 2", "-cz 1 2", "-dxshz -p 1 2",
    ],
)  # fmt: skip
def test_two_reports_beside_the_classic(words: str) -> None:
    path = classic.program("iostat")
    if path is None:
        skip("iostat is not installed")
    if classic.version("iostat") != "12.6.1":
        skip(f"iostat is {classic.version('iostat')}, not 12.6.1")
    try:
        theirs = two_reports(words.split(), (path,))
        mine = two_reports(words.split(), OURS)
    except StageUnavailable as error:
        pytest.skip(str(error))
    wrong = difference(steady(theirs), steady(mine))
    assert not wrong, wrong


# --- Ctrl-C, and reports as they come


def _started(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*OURS, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("-c", "--plain", "3600"), b"\n\n\n"),
        (("-o", "JSON", "-c", "3600"), b"\t\t\t\t}"),
        (("-o", "JSON", "-cy", "3600", "5"), b"[\n\n"),
        (("--json", "-c", "3600"), b"}"),
        (("--jsonl", "-c", "3600"), b"}\n"),
    ],
)
def test_ctrl_c_ends_it_well(words: tuple[str, ...], first: bytes) -> None:
    """The second report would come in an hour: the first is there by then, and Ctrl-C leaves whole JSON."""
    with _started(*words) as process:
        try:
            assert process.stdout is not None
            seen = b""
            while not seen.endswith(first):
                piece = os.read(process.stdout.fileno(), 65536)
                assert piece, "ended"
                seen += piece
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, err) == (0, b"")
    if {"JSON", "--json"} & set(words):
        found = json.loads(seen + out)
        reports = found["sysstat"]["hosts"][0]["statistics"] if "JSON" in words else found
        assert len(reports) == (0 if "-cy" in words else 1)


# --- known answers


def test_a_device_that_is_another_one_starts_at_nothing() -> None:
    before = Counters(read_ios=100, write_ios=100, read_sectors=800)
    now = Counters(read_ios=4, write_ios=2, read_sectors=900)
    assert moved(now, before) == now


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [(5, 9, 4), (2**32 - 10, 20, 30), (100, 90, 0), (2**40, 5, 0), (2**31 + 5, 5, 2**31), (2**31, 5, 0)],
)  # fmt: skip
def test_a_counter_that_falls_has_wrapped_or_did_nothing(
    before: int, now: int, change: int
) -> None:
    found = moved(Counters(io_ticks=now), Counters(io_ticks=before))
    assert found == Counters(io_ticks=change)


@given(
    st.lists(st.integers(0, 2**64), min_size=16, max_size=16),
    st.lists(st.integers(0, 2**64), min_size=16, max_size=16),
)
def test_nothing_ever_happened_less_than_never(before: list[int], now: list[int]) -> None:
    assert min(moved(Counters._make(now), Counters._make(before))) >= 0


def test_shares_of_the_cpus_time() -> None:
    before = [1000] * 8
    now = [1100, 1000, 1050, 1700, 1010, 1020, 1030, 1090]
    assert modes(now, before) == pytest.approx((10, 0, 10, 1, 9, 70))
    assert modes(before, before) == (0,) * 6
    now[3] = 800  # idle time fell, and the others' shares are of what is left
    assert modes(now, before) == pytest.approx((100, 0, 100, 10, 90, 0))


@given(st.lists(st.integers(0, 10**12), min_size=4, max_size=10))
def test_shares_since_boot_are_a_whole(ticks: list[int]) -> None:
    assert sum(modes(ticks, [])) == pytest.approx(100 if sum(ticks[:8]) else 0)


@pytest.mark.parametrize(
    ("sectors", "text"),
    [(0, "    0.0k"), (1, "    0.5k"), (2047, " 1023.5k"), (2048, "    1.0M"), (2**21, "    1.0G"),
     (2**31, "    1.0T"), (2**41, "    1.0P"), (2**51, "    1.0?")],
)  # fmt: skip
def test_sizes_for_people(sectors: int, text: str) -> None:
    assert scaled(sectors, 8, 2) == text


# --- a machine of the test's own


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The recorded machine, to be changed; core reads it."""
    proc = trees.fresh("io")
    monkeypatch.setattr(core, "PROCFS_PATH", str(proc))
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(proc.parent / "sys"))
    monkeypatch.setattr(block_names, "dev_root", str(proc.parent / "dev"))
    return proc.parent


OPTIONS: dict[str, Any] = {
    "directory": None, "directory_too": None, "kind": None, "mapper": False, "only_groups": False,
    "active": False,
}  # fmt: skip


def sampler(*entries: Entry, listing: str = "", **options: Any) -> iostat.Sampler:
    devices = Devices()
    devices.listing = listing
    for entry in entries:
        devices.add(entry)
    return iostat.Sampler(devices, OPTIONS | options)


def asked(name: str, **settings: Any) -> Entry:
    return Entry(name, settings.pop("device", name), asked=True, **settings)


def change(machine: Path) -> None:
    for name, data in later().items():
        path = machine / name[1:]
        path.chmod(0o644)
        path.write_bytes(data)


def test_a_group_s_utilisation_is_the_mean_in_every_report(machine: Path) -> None:
    source = sampler(Entry("all", "", group=True), asked("sda"), asked("sdb"))
    source.read()
    change(machine)
    *_, sda, sdb, group = source.read()
    assert (sda.centis, group.size, group.type) == (150, 2, "group")
    assert sda.util == pytest.approx(700 / 1500 * 100)
    assert group.util == pytest.approx(sda.util / 2)
    assert group.moved == iostat_figures.added([sda.moved, sdb.moved])
    source.read()
    assert source.read()[-1].size == 2


def test_devices_come_and_go(machine: Path) -> None:
    source = sampler(listing="disks")
    names = [row.label for row in source.read()[1:]]
    assert names[0] == "averylongdevicename"
    assert "sdb" not in names
    change(machine)
    (machine / "sys/block/sdc").rename(machine / "sys/block/sdz")
    rows = {row.label: row for row in source.read()[1:]}
    assert "sdc" not in rows
    assert rows["sdz"].moved.read_ios == 10  # all of it is new
    assert rows["sdb"].moved == Counters(flush_ios=4, flush_ticks=3)


def test_a_partition_is_found_by_its_name_alone(machine: Path) -> None:
    assert [row.label for row in sampler(asked("sda1"), asked("cciss/c0d0p1")).read()[1:]] == [
        "cciss/c0d0p1", "sda1",
    ]  # fmt: skip


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def test_lasting_names(machine: Path) -> None:
    link(machine / "dev/disk/by-id/ata-DISK_A", "../../sda")
    link(machine / "dev/disk/by-id/ata-DISK_A-part1", "../../sda1")
    rows = sampler(asked("sda", parts=True), kind="ID").read()[1:]
    assert [(row.device, row.label) for row in rows] == [
        ("sda", "ata-DISK_A"), ("sda1", "ata-DISK_A-part1"), ("sda2", "sda2"),
    ]  # fmt: skip


def test_names_of_the_device_mapper(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(("vg-home", "vg-swap")):
        link(machine / "dev/mapper" / name, f"../dm-{number}")
    link(machine / "dev/mapper/control", "elsewhere")
    real = os.stat

    def stat(path: Any, **settings: Any) -> Any:
        target = os.readlink(path) if os.path.islink(path) else ""
        if target.startswith("../dm-"):
            return type("status", (), {"st_rdev": os.makedev(253, int(target[-1]))})
        return real(path, **settings)

    monkeypatch.setattr(block_names.os, "stat", stat)
    found = core.mapper_names()
    monkeypatch.undo()
    assert found == {(253, 0): "vg-home", (253, 1): "vg-swap"}


def test_a_name_in_json_is_quoted(machine: Path) -> None:
    (row, *_) = sampler(Entry('a "name\\', "", group=True)).read()[1:]
    text = "{" + iostat_text.json_report([row], 0, Style(cpu=False, json=True)).strip()[1:]
    assert json.loads(text)["disk"][0]["disk_device"] == ' a "name\\'


# --- for programs and people


def test_json_has_raw_values(sysutils: Callable[..., Any]) -> None:
    done = sysutils("iostat", "--json", "-f", str(trees.load("io") / "served"), "-p", "nbd9")
    assert (done.returncode, done.stderr) == (0, b"")
    cpu, disk, part = json.loads(done.stdout)
    assert (cpu["type"], cpu["name"], cpu["util"]) == ("cpu", None, None)
    shares = [cpu[name] for name in ("user", "nice", "system", "iowait", "steal", "idle")]
    assert sum(shares) == pytest.approx(100)
    assert (disk["type"], disk["name"], part["name"]) == ("disk", "nbd9", "nbd9p1")
    assert (disk["read_bytes"], disk["write_bytes"], disk["discard_bytes"]) == (51200, 102400, 4096)
    assert disk["read_wait"] == pytest.approx(0.0006)
    assert disk["read_size"] == 51200 / 5
    assert disk["flush_wait"] is None
    assert disk["idle"] is None
    assert disk["reads_per_second"] == pytest.approx(5 / disk["interval"])


def test_csv_has_one_heading(sysutils: Callable[..., Any]) -> None:
    lines = sysutils("iostat", "--csv", "-c", "1", "2").stdout.decode().splitlines()
    assert lines[0].startswith("type,name,device,time,interval,user,")
    assert [line.split(",")[0] for line in lines[1:]] == ["cpu", "cpu"]


@pytest.mark.parametrize("words", [(), ("-x",), ("-s",), ("-c",), ("-x", "-g", "all", "nbd9")])
def test_a_terminal_gets_bars_within_its_width(
    words: tuple[str, ...], sysutils: Callable[..., Any]
) -> None:
    served = str(trees.load("io") / "served")
    for width in (40, 80, 120, 300):
        env = {"COLUMNS": str(width), "NO_COLOR": "1"}
        done = sysutils("iostat", "--rich", "-f", served, *words, env=env)
        text = done.stdout.decode()
        assert (done.returncode, done.stderr) == (0, b"")
        assert max(map(len, text.splitlines())) <= width
        assert ("nbd9" in text) == (words != ("-c",))
        assert "─" in text or "━" in text


def test_numbers_have_the_locale_s_decimal_point(machine: Path) -> None:
    rows = sampler(asked("sda")).read()
    german = iostat_text.report(rows, 0, Style(point=",", extended=True))
    assert german == iostat_text.report(rows, 0, Style(extended=True)).replace(".", ",")
    in_json = iostat_text.json_report(rows, 0, Style(point=",", json=True))
    assert '"tps": 26.35' in in_json


def test_no_control_character_comes_through(sysutils: Callable[..., Any]) -> None:
    name = b"\x1b[31mred\xff\n"
    for mode in ("--plain", "--rich"):
        done = sysutils("iostat", "-d", mode, "-g", name, env={"NO_COLOR": "1", "COLUMNS": "200"})
        assert done.returncode == 0
        assert b"\x1b" not in done.stdout
        assert b"?[31mred" in done.stdout
    done = sysutils("iostat", "-d", "-o", "JSON", "-g", name)
    (*_, group) = json.loads(done.stdout)["sysstat"]["hosts"][0]["statistics"][0]["disk"]
    assert os.fsencode(group["disk_device"]) == b" " + name


def test_writing_to_a_full_disk_is_an_error(sysutils: Callable[..., Any]) -> None:
    with open("/dev/full", "wb") as full:
        done = sysutils("iostat", stdout=full)
    assert (done.returncode, done.stderr) == (6, b"iostat: write error: No space left on device\n")
