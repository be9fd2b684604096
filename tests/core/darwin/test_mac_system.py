"""macOS as a whole, above a C library that tests make: memory, processors, disks, sessions, sensors, heap."""

from __future__ import annotations

import errno
import os
import struct
import time

import pytest

from tests.abi.pinned import fixture
from tests.support.mac import BOOT, TARGET


def test_virtual_memory(made) -> None:
    page, total = 4096, 8 << 30
    available = (150000 + 10000) * page
    assert made.core.virtual_memory()._asdict() == {
        "total": total,
        "available": available,
        "percent": round((total - available) / total * 100, 1),
        "used": (200000 + 90000) * page,
        "free": (10000 - 4000) * page,
        "active": 200000 * page,
        "inactive": 150000 * page,
        "wired": 90000 * page,
    }


def test_pages_of_apples_own_processors(made) -> None:
    made.mac.names["hw.pagesize"] = struct.pack("q", 16384)
    assert made.core.PAGE_SIZE == 16384
    assert made.core.virtual_memory().active == 200000 * 16384


def test_swap_memory(made) -> None:
    assert made.core.swap_memory() == (2 << 30, 512 << 20, 1536 << 20, 25.0, 300 * 4096, 20 * 4096)


def test_no_swap(made) -> None:
    made.mac.places[2, 5] = bytes(32)
    assert made.core.swap_memory()[:4] == (0, 0, 0, 0.0)


def test_meminfo(made) -> None:
    info = made.core.meminfo()
    assert info["MemTotal"] == 8 << 30
    assert info["MemAvailable"] == made.core.virtual_memory().available
    assert info["SwapFree"] == 1536 << 20
    assert info["Cached"] == 120000 * 4096


def test_a_failing_call_of_mach_says_why(made) -> None:
    made.mac.mach_fails = 5
    for ask in (
        made.core.virtual_memory,
        made.core.cpu_times,
        lambda: made.core.cpu_times(percpu=True),
    ):
        with pytest.raises(OSError, match=r"\(os/kern\) failure"):
            ask()


def test_cpu_times(made) -> None:
    times = made.core.cpu_times()
    assert times._asdict() == {"user": 10.0, "nice": 0.25, "system": 5.0, "idle": 80.0}
    each = made.core.cpu_times(percpu=True)
    assert [tuple(one) for one in each] == [(10.0, 0.25, 5.0, 80.0), (0.1, 0.4, 0.2, 0.3)]
    assert [size for _, size in made.mac.freed] == [8 * 4]


def test_cpu_percent(made) -> None:
    assert made.core.cpu_percent(percpu=True) == [0.0, 0.0]
    made.mac.cpus = [(1030, 520, 8050, 25), (10, 20, 130, 40)]
    assert made.core.cpu_percent(percpu=True) == [50.0, 0.0]


def test_cpu_counts(made) -> None:
    assert made.core.cpu_count() == 8
    assert made.core.cpu_count(logical=False) == 4
    del made.mac.names["hw.physicalcpu"]
    assert made.core.cpu_count(logical=False) is None


def test_cpu_stats_that_nobody_is_told(made) -> None:
    assert made.core.cpu_stats() == (None, None, None, None)


def test_cpu_freq_of_intel(made) -> None:
    for name, hertz in {"": 2600, "_min": 1200, "_max": 3800}.items():
        made.mac.names[f"hw.cpufrequency{name}"] = struct.pack("q", hertz * 1_000_000)
    assert made.core.cpu_freq() == (2600.0, 1200.0, 3800.0)
    assert made.core.cpu_freq(percpu=True) == [(2600.0, 1200.0, 3800.0)]


@pytest.mark.parametrize("unit", [1_000_000, 1000])
def test_cpu_freq_of_apple(made, unit: int) -> None:
    def states(*numbers: int) -> bytes:
        return b"".join(struct.pack("II", number * unit, 700) for number in numbers)

    made.registry.devices += [
        ("gpu", {}),
        ("pmgr", {"voltage-states1-sram": states(600, 2064, 0), "voltage-states5-sram": states(660, 3204)}),
    ]  # fmt: skip
    assert made.core.cpu_freq() == (3204.0, 600.0, 3204.0)


def test_no_cpu_freq(made) -> None:
    assert made.core.cpu_freq() is None
    assert made.core.cpu_freq(percpu=True) == []


def test_boot_time_and_uptime(made) -> None:
    assert made.core.boot_time() == BOOT + 0.5
    assert abs(made.core.uptime() - (time.time() - BOOT - 0.5)) < 5


def test_load(made) -> None:
    assert made.core.getloadavg() == (1.5, 1.0, 0.5)


def test_users(made) -> None:
    assert made.core.users() == [
        ("me", "console", None, 1699990100.0, 120),
        ("me", "ttys003", "10.0.0.9", 1699995000.0, 4000),
    ]
    assert made.core.user_count() == 2
    made.mac.sessions = b""
    assert made.core.users() == []
    assert made.mac.calls.count("endutxent") == 3


def test_login_records(made, monkeypatch) -> None:
    monkeypatch.setattr("os.kill", lambda pid, _: None if pid == 120 else os_error())
    assert [(row.type, row.line, row.user, row.time) for row in made.core.login_records()] == [
        ("BOOT_TIME", "~", "", 1699990000.0),
        ("USER_PROCESS", "console", "me", 1699990100.000005),
    ]


def os_error() -> None:
    raise ProcessLookupError


def test_names_of_the_system(made) -> None:
    assert made.core.uname() == (
        "Darwin", "mac.local", "25.0.0", "Darwin Kernel Version 25.0.0", "x86_64",
    )  # fmt: skip


def test_disk_partitions(made, monkeypatch) -> None:
    monkeypatch.setattr("os.path.exists", lambda path: path == "/dev/disk3s1s1")
    assert made.core.disk_partitions() == [
        ("/dev/disk3s1s1", "/", "apfs", "ro,local,rootfs,journaled"),
    ]
    assert [part[:3] for part in made.core.disk_partitions(all=True)] == [
        ("/dev/disk3s1s1", "/", "apfs"), ("devfs", "/dev", "devfs"), ("", "/Volumes/a b", "smbfs"),
    ]  # fmt: skip
    assert made.core.disk_partitions(all=True)[1].opts == "rw,nosuid,dontbrowse"


def test_no_mounts(made) -> None:
    made.mac.mounts = b""
    assert made.core.disk_partitions(all=True) == []


def test_mounts_that_come_while_they_are_listed(made) -> None:
    one = fixture(TARGET, "statfs")

    def grow() -> None:
        made.mac.mounts += one * 10

    made.mac.meanwhile = grow
    assert len(made.core.mounts()) == 33


def test_the_other_getfsstat(made) -> None:
    made.mac.getfsstat = made.mac.__dict__.pop("getfsstat$INODE64")
    assert len(made.core.mounts()) == 3


def test_a_table_of_mounts_that_fails(made) -> None:
    import ctypes

    def fail(*_: object) -> int:
        ctypes.set_errno(errno.EIO)
        return -1

    setattr(made.mac, "getfsstat$INODE64", fail)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        made.core.disk_partitions()


_STATISTICS = {
    "Operations (Read)": 10, "Operations (Write)": 20, "Bytes (Read)": 3 << 33, "Bytes (Write)": 40,
    "Total Time (Read)": 5_900_000, "Total Time (Write)": 6_000_000, "Errors (Read)": 0,
}  # fmt: skip


def test_disk_io_counters(made) -> None:
    driver = "IOBlockStorageDriver"
    made.registry.media += [
        ({"BSD Name": "disk0", "Whole": True}, driver, {"Statistics": _STATISTICS}),
        ({"BSD Name": "disk0s1"}, "IOGUIDPartitionScheme", {}),
        ({"BSD Name": "disk9"}, "", {}),
        ({}, driver, {"Statistics": _STATISTICS}),
        ({"BSD Name": "disk4"}, driver, {"Statistics": {"Bytes (Read)": 7}}),
    ]
    each = made.core.disk_io_counters(perdisk=True)
    assert each == {"disk0": (10, 20, 3 << 33, 40, 5, 6), "disk4": (0, 0, 7, 0, 0, 0)}
    assert made.core.disk_io_counters() == (10, 20, (3 << 33) + 7, 40, 5, 6)
    assert each["disk0"]._fields[-2:] == ("read_time", "write_time")


def test_disks_as_iostat_shows_them(made) -> None:
    made.registry.media.append(
        ({"BSD Name": "disk0"}, "IOBlockStorageDriver", {"Statistics": _STATISTICS})
    )
    source = made.core.BlockStatistics()
    (row,) = source.disks()
    assert (row.name, row.read_ios, row.write_sectors, row.read_sectors) == (
        "disk0",
        10,
        0,
        3 << 24,
    )
    assert (row.read_ticks, row.io_ticks, row.read_merges, row.partition) == (5, None, None, False)
    assert source.device("disk0") == row
    assert source.device("disk7") is None
    assert source.partitions("disk0") == []
    assert made.core.device_name("/dev/disk0") == "disk0"
    with pytest.raises(NotImplementedError):
        made.core.BlockStatistics("/tmp")


def test_no_disks(made) -> None:
    assert made.core.disk_io_counters() is None
    assert made.core.disk_io_counters(perdisk=True) == {}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"Power Source State": "AC Power", "Time to Empty": 0}, (80, -2, True)),
        ({"Power Source State": "Battery Power", "Time to Empty": 61}, (80, 3660, False)),
        ({"Power Source State": "Battery Power", "Time to Empty": -1}, (80, -1, False)),
        ({"Power Source State": "Battery Power"}, (80, -1, False)),
        ({"Power Source State": "AC Power", "Max Capacity": 160}, (50, -2, True)),
    ],
)
def test_battery(made, source, told) -> None:
    made.registry.sources.append({"Current Capacity": 80, "Max Capacity": 100, **source})
    assert made.core.sensors_battery() == told


def test_no_battery(made) -> None:
    assert made.core.sensors_battery() is None
    assert not hasattr(made.core, "sensors_fans")
    assert not hasattr(made.core, "sensors_temperatures")


def test_heap(made) -> None:
    assert made.core.heap_info() == (1024, 4608)
    made.core.heap_trim()
    assert made.mac.calls[-1] == "pressure_relief(0, 0)"
    made.mac.zones = []
    assert made.core.heap_info() == (0, 0)


def test_what_macos_lacks_is_a_missing_name(made) -> None:
    for name in (
        "RLIMIT_CPU",
        "IOPRIO_CLASS_BE",
        "STATUS_SUSPENDED",
        "PROCFS_PATH",
        "task_delayacct",
        "vmstat",
    ):
        assert not hasattr(made.core, name), name
    for name in (
        "rlimit",
        "ionice",
        "cpu_affinity",
        "cpu_num",
        "io_counters",
        "memory_maps",
        "num_handles",
    ):
        assert not hasattr(made.core.Process, name), name
    assert made.core.MACOS
    assert made.core.OSX
    assert not made.core.LINUX
