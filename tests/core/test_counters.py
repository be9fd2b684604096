"""disk_io_counters, net_io_counters, block_devices: beside psutil 7.2.2, on made-up files, and the model
of counters that never fall."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import diskstats, interfaces, procfs
from sysutils.core.linux.lines import Lines
from tests.core.counting import HEADINGS, Machine, disk, machine, nic
from tests.support import oracle

__all__ = ["machine"]  # the fixture

# --- live, beside psutil


@pytest.mark.oracle
@pytest.mark.parametrize("options", [{}, {"nowrap": False}])
def test_live_counters_as_psutil(options: dict[str, bool]) -> None:
    oracle.bracket(lambda api: api.disk_io_counters(**options))
    oracle.bracket(lambda api: api.disk_io_counters(perdisk=True, **options))
    oracle.bracket(lambda api: api.net_io_counters(**options))
    oracle.bracket(lambda api: api.net_io_counters(pernic=True, **options))


# --- layouts of all times, beside psutil

COUNTERS = tuple(range(101, 125))
LAYOUTS = {
    "2.6": disk("sda", *COUNTERS[:11]),
    "4.18": disk("sda", *COUNTERS[:15]),
    "5.5": disk("sda", *COUNTERS[:17]),
    "to come": disk("sda", *COUNTERS),
    "partition of 2.6.24": disk("sda", *COUNTERS[:11]) + disk("sda1", *COUNTERS[:4]),
    "slash": disk("cciss/c0d0", *COUNTERS[:11]),
    "twice": disk("sda", *COUNTERS[:11]) + disk("sda", *COUNTERS[1:12]),
    "32 bits": disk("sda", *[2**32 - 1] * 11),
    "none": "",
}


@pytest.mark.oracle
@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts_of_diskstats_as_psutil(text: str, tmp_path: Path) -> None:
    (tmp_path / "diskstats").write_text(text)
    with oracle.at(tmp_path):
        oracle.same(lambda api: api.disk_io_counters(perdisk=True))
        oracle.same(lambda api: api.disk_io_counters())


@pytest.mark.oracle
def test_totals_as_psutil(tmp_path: Path) -> None:
    """psutil looks into the real /sys/block; so do we, for names that are there and one that is not."""
    names = sorted(os.listdir("/sys/block"))[:4] if os.path.isdir("/sys/block") else []
    text = "".join(disk(name, *range(place, place + 17)) for place, name in enumerate(names))
    (tmp_path / "diskstats").write_text(text + disk("sdzz1", *COUNTERS[:17]))
    with oracle.at(tmp_path):
        total = oracle.same(lambda api: api.disk_io_counters())
        assert (total is None) == (not names)
        assert "sdzz1" in oracle.same(lambda api: api.disk_io_counters(perdisk=True))


@pytest.mark.oracle
def test_without_diskstats_as_psutil(tmp_path: Path) -> None:
    with oracle.at(tmp_path):
        try:
            oracle.oracle().disk_io_counters()
        except NotImplementedError:
            with pytest.raises(NotImplementedError):
                core.disk_io_counters()
        else:
            oracle.bracket(lambda api: api.disk_io_counters())
            oracle.bracket(lambda api: dict(sorted(api.disk_io_counters(perdisk=True).items())))


NICS = {
    "one": nic("lo", *range(1, 17)),
    "two": nic("lo", *range(1, 17)) + nic("eth0", *range(11, 27)),
    "no blank after the colon": "  eth0:" + nic("x", *range(1, 17)).split(":")[1],
    "alias": nic("eth0:1", *range(1, 17)),
    "odd names": nic("wg-0.7@x", *range(1, 17)) + nic("\udcff", *range(1, 17)),
    "64 bits": nic("eth0", *[2**64 - 1] * 16),
    "none": "",
}


@pytest.mark.oracle
@pytest.mark.parametrize("text", NICS.values(), ids=NICS)
def test_interfaces_of_net_dev_as_psutil(text: str, tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net/dev").write_bytes(os.fsencode(HEADINGS + text))
    with oracle.at(tmp_path):
        oracle.same(lambda api: api.net_io_counters(pernic=True))
        oracle.same(lambda api: api.net_io_counters())


@pytest.mark.oracle
def test_without_net_dev_as_psutil(tmp_path: Path) -> None:
    with oracle.at(tmp_path):
        theirs = oracle.error_of(lambda api: api.net_io_counters(), oracle.oracle())
        with pytest.raises(type(theirs)) as ours:
            core.net_io_counters()
        assert ours.value.errno == theirs.errno


# --- by hand


def test_total_leaves_out_partitions_alone(machine: Machine) -> None:
    machine(
        {
            "proc/diskstats": disk("sda", *range(1, 18))
            + disk("sda1", *range(1, 18))
            + disk("loop0", *range(11, 28))
            + disk("cciss/c0d0", *range(21, 38)),
            "sys/block/sda/size": "",
            "sys/block/loop0/size": "",
            "sys/block/cciss!c0d0/size": "",
        }
    )
    each = core.disk_io_counters(perdisk=True)
    assert each["sda1"] == (1, 5, 3 * 512, 7 * 512, 4, 8, 2, 6, 10)
    assert each["sda1"]._asdict() == {
        "read_count": 1, "write_count": 5, "read_bytes": 1536, "write_bytes": 3584, "read_time": 4,
        "write_time": 8, "read_merged_count": 2, "write_merged_count": 6, "busy_time": 10,
    }  # fmt: skip
    total = core.disk_io_counters()
    assert total == (33, 45, 39 * 512, 51 * 512, 42, 54, 36, 48, 60)
    assert type(total).__name__ == "sdiskio"


def test_nothing_is_none_or_empty(machine: Machine) -> None:
    machine({"proc/diskstats": "", "proc/net/dev": HEADINGS})
    assert core.disk_io_counters() is None
    assert core.disk_io_counters(perdisk=True) == {}
    assert core.net_io_counters() is None
    assert core.net_io_counters(pernic=True) == {}
    machine({"proc/diskstats": disk("sda1", *range(17))})
    assert core.disk_io_counters() is None
    assert set(core.disk_io_counters(perdisk=True)) == {"sda1"}


def test_sys_block_where_there_is_no_diskstats(machine: Machine) -> None:
    with pytest.raises(NotImplementedError):
        core.disk_io_counters()
    machine(
        {
            "sys/block/sda/stat": "  ".join(map(str, range(1, 18))) + "\n",
            "sys/block/sda/dev": "8:0\n",
            "sys/block/sda/sda1/stat": " ".join(map(str, range(11, 28))),
            "sys/block/sda/sda1/dev": "8:1\n",
            "sys/block/sda/queue/stat": " ".join(map(str, range(11))),
            "sys/block/sda/queue/dev": "8:9\n",
            "sys/block/cciss!c0d0/stat": " ".join(map(str, range(11))),
            "sys/block/cciss!c0d0/dev": "104:0\n",
            "sys/block/torn/stat": "1 2 3",
            "sys/block/torn/dev": "1:0\n",
            "sys/block/gone/size": "0",
        }
    )
    each = core.disk_io_counters(perdisk=True)
    assert set(each) == {"sda", "sda1", "cciss/c0d0"}
    assert each["sda1"] == (11, 15, 13 * 512, 17 * 512, 14, 18, 12, 16, 20)
    assert core.disk_io_counters()[:2] == (1 + 0, 5 + 4)
    rows = {row.name: row for row in core.block_devices()}
    assert rows["sda1"][:4] == (8, 1, "sda1", True)
    assert rows["sda1"][4:] == tuple(range(11, 28))
    assert rows["cciss/c0d0"][:4] == (104, 0, "cciss/c0d0", False)


def test_block_devices_tell_all_that_the_kernel_counts(machine: Machine) -> None:
    machine(
        {
            "proc/diskstats": disk("sda", *range(1, 18))
            + disk("sdb", *range(1, 16), number="8 16")
            + disk("sdc", *range(1, 12), number="8 32")
            + disk("sdc1", *range(1, 25), number="259 1048575"),
            "sys/block/sda/size": "",
            "sys/block/sdb/size": "",
            "sys/block/sdc/size": "",
        }
    )
    new, middle, old, part = core.block_devices()
    assert new._asdict() == {
        "major": 8, "minor": 0, "name": "sda", "partition": False,
        "read_ios": 1, "read_merges": 2, "read_sectors": 3, "read_ticks": 4,
        "write_ios": 5, "write_merges": 6, "write_sectors": 7, "write_ticks": 8,
        "in_flight": 9, "io_ticks": 10, "time_in_queue": 11,
        "discard_ios": 12, "discard_merges": 13, "discard_sectors": 14, "discard_ticks": 15,
        "flush_ios": 16, "flush_ticks": 17,
    }  # fmt: skip
    assert middle[4:] == (*range(1, 16), None, None)
    assert old[4:] == (*range(1, 12), *[None] * 6)
    assert part[:4] == (259, 1048575, "sdc1", True)
    assert part[4:] == tuple(range(1, 18))


def test_linux_2_4_has_the_size_before_the_name(machine: Machine) -> None:
    """psutil takes the size for the number of reads here."""
    machine({"proc/diskstats": disk("39082680 hda", *range(1, 12), number="3 0")})
    assert core.disk_io_counters(perdisk=True) == {"hda": (1, 5, 1536, 3584, 4, 8, 2, 6, 10)}


@pytest.mark.parametrize(
    "text", ["8 0 sda 1 2 3\n", "8 0 sd", "\n", "8 0 sda 1 2 3 4 5 6 7 8 9 10\n"]
)
def test_a_line_that_is_cut_off_is_left_out(text: str, machine: Machine) -> None:
    machine({"proc/diskstats": disk("sdb", *range(17)) + text})
    assert set(core.disk_io_counters(perdisk=True)) == {"sdb"}
    assert [row.name for row in core.block_devices()] == ["sdb"]


def test_garbage_is_refused_in_words(machine: Machine) -> None:
    machine({"proc/diskstats": "8 0 sda a b c d e f g h i j k\n"})
    for call in (core.disk_io_counters, core.block_devices):
        with pytest.raises(ValueError, match=r"sda.*a b c"):
            call()
    machine({"proc/net/dev": HEADINGS + "  eth0: a b c\n"})
    with pytest.raises(ValueError, match="eth0: a b c"):
        core.net_io_counters()


def test_what_old_kernels_do_not_count_is_0(machine: Machine) -> None:
    machine({"proc/net/dev": HEADINGS + nic("eth0", *range(1, 12))})
    assert core.net_io_counters() == (9, 1, 10, 2, 3, 11, 4, 0)
    machine({"proc/net/dev": HEADINGS + nic("eth0", *range(1, 30))})
    assert core.net_io_counters(nowrap=False) == (9, 1, 10, 2, 3, 11, 4, 12)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_value_error(data: bytes) -> None:
    for read in (lambda: list(diskstats.parse_diskstats(data)), lambda: interfaces.parse_dev(data)):
        with contextlib.suppress(ValueError):
            read()


numbers = st.integers(0, 2**64)
device_names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1).filter(
    lambda name: not name.isdigit()
)


@given(st.dictionaries(device_names, st.lists(numbers, min_size=11, max_size=20)))
def test_what_is_written_is_read(devices: dict[str, list[int]]) -> None:
    text = "".join(disk(name, *counters) for name, counters in devices.items())
    found = {
        names[2].decode(): list(map(int, counters))
        for names, counters in diskstats.parse_diskstats(text.encode())
    }
    assert found == devices


# --- what is the same as last time


def test_a_line_that_changed_is_read_again() -> None:
    asked = []

    def parse(line: bytes) -> tuple[str, bytes] | None:
        asked.append(line)
        return (line[:1].decode(), line) if line else None

    lines = Lines(parse)
    assert lines.read(b"h\na1\nb1\n", headings=1) == {"a": b"a1", "b": b"b1"}
    assert lines.read(b"h\na1\nb2\n", headings=1) == {"a": b"a1", "b": b"b2"}
    assert asked == [b"a1", b"b1", b"", b"b2", b""]
    answer = lines.read(b"h\na1\nb2\n", headings=1)
    assert asked[5:] == []
    answer.clear()
    assert lines.read(b"h\na1\nb2\n", headings=1) == {"a": b"a1", "b": b"b2"}
    assert lines.read(b"", headings=1) == {}
    assert lines.read(b"h\na1", headings=1) == {"a": b"a1"}


def test_disks_that_come_and_go_are_in_the_total(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def total(*names: str) -> int | None:
        machine({"proc/diskstats": "".join(disk(name, *[1] * 17) for name in names)})
        answer = core.disk_io_counters(nowrap=False)
        return None if answer is None else answer.read_count

    assert total("sda") is None
    machine({"sys/block/sda/size": ""})
    assert total("sda") == 1
    assert total("sda", "sdb") == 1
    machine({"sys/block/sdc/size": ""})
    assert total("sda", "sdb", "sdc") == 2
    assert total("sdc", "sdb") == 1
    top = machine({"other/block/sdb/size": ""})
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(top / "other"))
    machine({"proc/diskstats": disk("sdc", *[5] * 17) + disk("sdb", *[7] * 17)})
    assert core.disk_io_counters(nowrap=False).read_count == 7


def test_idle_disks_are_disks(machine: Machine) -> None:
    machine({"proc/diskstats": disk("loop0", *[0] * 17), "sys/block/loop0/size": ""})
    assert core.disk_io_counters() == (0,) * 9
