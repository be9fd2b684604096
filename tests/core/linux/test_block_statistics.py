"""Block devices by themselves, their other names, and CPUs: on a recorded machine and on hostile text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import block_names, procfs
from tests.support import trees

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The recorded machine with disks, to be changed; core reads it."""
    proc = trees.fresh("io")
    monkeypatch.setattr(core, "PROCFS_PATH", str(proc))
    monkeypatch.setattr(procfs, "sys_root", os.fsencode(proc.parent / "sys"))
    monkeypatch.setattr(block_names, "dev_root", str(proc.parent / "dev"))
    return proc.parent


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)


def test_all_devices_as_block_devices_has_them(machine: Path) -> None:
    assert core.BlockStatistics().devices() == core.block_devices()


def test_one_by_one_as_all_together(machine: Path) -> None:
    source = core.BlockStatistics()
    rows = source.devices()
    assert [source.device(row.name) for row in rows] == rows
    assert sorted(source.disks()) == sorted(row for row in rows if not row.partition)
    assert source.partitions("sda") == [row for row in rows if row.name in {"sda1", "sda2"}]
    assert source.partitions("cciss/c0d0") == [row for row in rows if row.name == "cciss/c0d0p1"]


def test_what_is_no_device(machine: Path) -> None:
    source = core.BlockStatistics()
    for name in ("nosuch", "", "..", "../..", "sda/sda1", "sda3", "queue"):
        assert source.device(name) is None
        assert source.partitions(name) == []


def test_a_device_that_can_t_be_understood_costs_its_row(machine: Path) -> None:
    write(machine / "sys/block/sda/stat", "1 2 3 x 5 6 7 8 9 10 11\n")
    write(machine / "sys/block/sdb/stat", "1 2 3\n")
    write(
        machine / "proc/diskstats",
        "8 0 sda 1 2 3 x 5 6 7 8 9 10 11\n8 1 sdx 1 2 3 4 5 6 7 8 9 10 11\n",
    )
    source = core.BlockStatistics()
    assert source.device("sda") is None
    assert {"sda", "sdb"}.isdisjoint(row.name for row in source.disks())
    assert [row.name for row in source.devices()] == ["sdx"]


def test_directories_of_others(machine: Path) -> None:
    served = str(machine / "proc/served")
    alone, both = core.BlockStatistics(served, system=False), core.BlockStatistics(served)
    assert sorted(row.name for row in alone.disks()) == ["nbd9", "sda"]
    assert [row.name for row in alone.devices()] == ["nbd9"]
    assert {row.name: row.read_ios for row in both.disks()}["sda"] == 1
    assert both.device("sda") == core.BlockStatistics().device("sda")
    assert [row.name for row in both.partitions("nbd9")] == ["nbd9p1"]
    assert both.devices()[-1].name == "nbd9"


def test_a_machine_without_block_devices(machine: Path) -> None:
    trees.remove(machine / "sys")
    (machine / "proc/diskstats").unlink()
    source = core.BlockStatistics()
    assert (source.devices(), source.disks(), source.device("sda"), source.partitions("sda")) == (
        [], [], None, [],
    )  # fmt: skip


# --- names


def test_lasting_names(machine: Path) -> None:
    base = machine / "dev/disk/by-label"
    base.mkdir(parents=True)
    (base / "my\\x20root").symlink_to("../../sda1")
    (base / "no link").touch()
    assert core.persistent_names("label") == {"sda1": "my\\x20root"}
    assert core.persistent_device("label", "my\\x20root") == "sda1"
    assert core.persistent_device("label", "nosuch") is None
    with pytest.raises(FileNotFoundError):
        core.persistent_names("uuid")


def test_the_device_mapper_s_names(machine: Path) -> None:
    base = machine / "dev/mapper"
    base.mkdir(parents=True)
    (base / "vg-home").symlink_to("../dm-0")
    (base / "control").touch()
    assert core.mapped_device("vg-home") == "dm-0"
    assert core.mapped_device("control") is None
    assert core.mapped_device("a\0b") is None
    assert core.mapper_names() == {}  # those are no devices
    (machine / "proc/devices").unlink()
    assert core.mapper_names() == {}


def test_names_of_devices_by_their_paths(machine: Path) -> None:
    (machine / "dev/cciss").mkdir(parents=True)
    (machine / "dev/cciss/c0d0").touch()
    (machine / "dev/disk").symlink_to("cciss/c0d0")
    for path in ("cciss/c0d0", "disk", "../dev/disk"):
        assert core.device_name(str(machine / "dev" / path)) == "cciss/c0d0"
    assert core.device_name("sda") == "sda"
    assert core.device_name("/dev/nosuch") == "/dev/nosuch"


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ("Character devices:\n  1 mem\n\nBlock devices:\n  7 loop\n253 device-mapper\n", 253),
        ("Character devices:\n253 device-mapper\n\nBlock devices:\n  7 loop\n", None),
        ("Character devices:\n\nBlock devices:\nx device-mapper\n", None),
        ("", None),
    ],
)
def test_the_number_of_the_device_mapper(text: str, major: int | None) -> None:
    assert block_names.parse_mapper_major(text.encode()) == major


@given(st.binary())
def test_any_list_of_devices_is_read(data: bytes) -> None:
    found = block_names.parse_mapper_major(b"\nBlock devices:\n" + data)
    assert found is None or found >= 0


# --- CPUs


def test_cpus_that_are_there(machine: Path) -> None:
    assert core.cpu_count_present() == 2  # of /proc/stat
    for name in ("cpu0", "cpu1", "cpu10", "cpufreq", "cpu", "online"):
        (machine / "sys/devices/system/cpu" / name).mkdir(parents=True)
    assert core.cpu_count_present() == 3
