"""AIX as a whole, and its commands, above files and libraries of the test's own."""

from __future__ import annotations

import errno
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.core.aix import layout
from tests.core.aix import machine
from tests.core.aix.machine import (
    BOOT,
    Kernel,
    Perfstat,
    mounted,
    part,
)
from tests.support import elsewhere

if TYPE_CHECKING:
    from pathlib import Path

_MACHINE = "tests.core.aix.machine:libraries"
_HOME = "sysutils.core.aix"


def test_cpus(core: Any, perfstat: Perfstat) -> None:
    second = os.sysconf("SC_CLK_TCK")
    assert core.cpu_times() == tuple(n / second for n in (806, 400, 4000, 40))
    assert core.cpu_times(percpu=True)[3] == tuple(n / second for n in (203, 100, 1000, 10))
    assert core.cpu_stats() == (20, 16, 20, 28)
    assert core.cpu_count(logical=False) == 1
    assert core.cpu_count() == os.sysconf("SC_NPROCESSORS_ONLN")
    assert core.getloadavg() == (2.0, 0.5, 0.25)
    perfstat.errors["perfstat_partition_config"] = errno.EINVAL
    assert core.cpu_count(logical=False) is None


def test_a_library_without_the_partition(core: Any, perfstat: Perfstat) -> None:
    del perfstat.rows["perfstat_partition_config"]
    assert core.cpu_count(logical=False) is None


def test_cpus_that_come_meanwhile(core: Any, perfstat: Perfstat) -> None:
    new = [layout.perfstat_cpu(name=b"cpu4", user=9), layout.perfstat_cpu(name=b"cpu5")]
    perfstat.grown["perfstat_cpu"] = new
    assert len(core.cpu_times(percpu=True)) == 6
    assert [call for call in perfstat.calls if call[0] == "perfstat_cpu"] == [
        ("perfstat_cpu", 4), ("perfstat_cpu", 4),
    ]  # fmt: skip


def test_an_older_library(core: Any, perfstat: Perfstat) -> None:
    perfstat.smaller |= {"perfstat_cpu", "perfstat_partition_config"}
    with pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
        core.cpu_times()
    with pytest.raises(OSError, match="perfstat_partition_config: 8 bytes where 664 were expected"):
        part("perfstat").one("perfstat_partition_config", layout.perfstat_partition_config)
    assert core.cpu_count(logical=False) is None


def test_a_library_that_fails(core: Any, perfstat: Perfstat) -> None:
    perfstat.errors["perfstat_memory_total"] = errno.EPERM
    with pytest.raises(PermissionError):
        core.virtual_memory()


def test_memory(core: Any) -> None:
    found = core.virtual_memory()
    assert found._asdict() == {
        "total": 4096000, "available": 400 * 4096, "percent": 60.0, "used": 900 * 4096, "free": 100 * 4096,
    }  # fmt: skip
    assert core.swap_memory() == (512 * 4096, 128 * 4096, 384 * 4096, 25.0, 3 * 4096, 4 * 4096)


def test_disks(core: Any, perfstat: Perfstat) -> None:
    row = (10, 20, 8 * 512, 16 * 512, 1000, 10)
    assert core.disk_io_counters(perdisk=True) == {"hdisk0": row, "hdisk1": row}
    assert core.disk_io_counters() == tuple(2 * figure for figure in row)
    perfstat.rows["perfstat_disk"] = []
    assert core.disk_io_counters(perdisk=True, nowrap=False) == {}
    assert core.disk_io_counters(nowrap=False) is None


def test_file_systems(core: Any, kernel: Kernel, tmp_path: Path) -> None:
    kinds = tmp_path / "vfs"
    kinds.write_text(
        "# list of file systems\n%defaultvfs jfs2 nfs\nafs    77  none none\njfs2\t0\n\ncdrfs\tx\n"
    )
    part("mntctl").VFS = str(kinds)
    kernel.mounts = [
        mounted("/dev/hd4", "/", 0, "rw,log=/dev/hd8"),
        mounted("/export", "/nowhere", 18, "bg", host="server"),
        mounted("cell", "/nowhere/\udcff", 77, ""),
        mounted("?", "/nowhere", 99, "rw"),
    ]
    assert core.disk_partitions() == [("/dev/hd4", "/", "jfs2", "rw,log=/dev/hd8")]
    assert core.disk_partitions(all=True)[1:] == [
        ("server:/export", "/nowhere", "nfs3", "bg"), ("cell", "/nowhere/\udcff", "afs", ""),
        ("?", "/nowhere", "99", "rw"),
    ]  # fmt: skip
    kinds.unlink()
    assert core.disk_partitions(all=True)[2].fstype == "77"


def test_many_file_systems(core: Any, kernel: Kernel) -> None:
    """More than there is room for at first, and then more than there were."""
    kernel.mounts = [mounted("/dev/lv", f"/nowhere/{n}", 0, "rw" * 5000) for n in range(100)]
    kernel.grown = [mounted("/dev/lv", f"/nowhere/{n}", 0, "rw" * 50) for n in range(100, 120)]
    assert len(core.disk_partitions(all=True)) == 120
    kernel.mounts = []
    with pytest.raises(OSError, match="all the time"):
        core.disk_partitions()


@pytest.mark.parametrize("cut", [10, 60, 100])
def test_a_mount_that_is_cut_off(cut: int) -> None:
    from sysutils.core.aix import mntctl

    record = mounted("/dev/hd4", "/", 0, "rw,log=/dev/hd8,and,so,on")
    assert len(mntctl.parse(record * 2, 2, {})) == 2
    with pytest.raises(OSError, match="mntctl"):
        mntctl.parse(record + record[:cut], 2, {})
    with pytest.raises(OSError, match="not a record"):
        mntctl.parse(bytes(4) + record, 1, {})


def test_mounts_that_are_not_told(core: Any, kernel: Kernel) -> None:
    kernel.mount_error = errno.EFAULT
    with pytest.raises(OSError, match=os.strerror(errno.EFAULT)):
        core.disk_partitions()


def test_sessions(core: Any, tmp_path: Path) -> None:
    file = tmp_path / "utmp"
    file.write_bytes(machine.utmp() + bytes(100))  # one that is being written
    host = part("host")
    host.UTMP = str(file)
    assert core.boot_time() == BOOT
    assert core.uptime() > 0
    assert core.users() == [
        ("me", "pts/1", "example.org", BOOT + 60.0, os.getpid()),
        ("you", "lft0", "localhost", BOOT + 60.0, os.getpid()),
    ]  # fmt: skip
    assert core.user_count() == 2
    kinds = [(row.type, row.line, row.id, row.exit_status) for row in host.login_records()]
    assert kinds == [
        ("BOOT_TIME", "system boot", "", 0), ("USER_PROCESS", "pts/1", "p1", 0),
        ("USER_PROCESS", "lft0", "", 0), ("DEAD_PROCESS", "pts/2", "", 1),
    ]  # fmt: skip
    file.write_bytes(b"")
    assert core.users() == []
    with pytest.raises(FileNotFoundError, match="no record of the start"):
        core.boot_time()


def test_libraries_are_members_of_archives(core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    native = sys.modules["sysutils.core._native"]
    loaded = []
    monkeypatch.setattr(
        native.ctypes, "CDLL", lambda name, **words: loaded.append((name, words)) or name
    )
    for name in ("c", "perfstat", "/opt/freeware/lib/libx.so"):
        native.replace(name, None)
        native.library(name)
        native.replace(name, None)
    member = "shr_64.o" if sys.maxsize > 1 << 32 else "shr.o"
    errors = {"use_errno": True}
    assert loaded == [
        (f"libc.a({member})", errors), (f"libperfstat.a({member})", errors),
        ("/opt/freeware/lib/libx.so", errors),
    ]  # fmt: skip


def test_names(core: Any) -> None:
    assert core.AIX
    assert core.PROCFS_PATH
    for name in ("net_connections", "sensors_battery", "cpu_freq", "heap_info", "RLIMIT_AS"):
        assert not hasattr(core, name), name
    for name in (
        "net_connections",
        "num_ctx_switches",
        "memory_maps",
        "cpu_affinity",
        "cpu_num",
        "rlimit",
    ):
        assert not hasattr(core.Process, name), name
    assert "num_ctx_switches" not in core.Process(50).as_dict()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ps -p 1,50 -o pid,ppid,stat,args", "\n   50     1 Ss   ksh a b "),
        ("ps -e -o pid,comm", "\n   60 program\n"),
        ("ps -ef", "  2023 ?        00:00:03 /etc/init\n"),
        ("ps aux", " /etc/init\n"),
        ("free -k", "\nSwap:           2048         512        1536"),
        ("uptime", "load average: 2.00, 0.50, 0.25\n"),
        ("who", "me       pts/1        "),
        ("df -k -a", "\n/proc "),
        ("df -T /", "jfs2"),
        ("top -b -n 1", "\n   50 "),
        ("pidof ksh", "50\n"),
        ("iostat -d", "hdisk1 "),
        (
            "netstat -i",
            "\nen0              1500        3      1      5 0             4 ",
        ),
        ("ifconfig en0", " inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.0.255\n"),
    ],
)
def test_commands(words: str, told: str, tmp_path: Path) -> None:
    sessions = tmp_path / "utmp"
    sessions.write_bytes(machine.utmp())
    proc = tmp_path / "proc"
    proc.mkdir()
    done = elsewhere.run(
        "aix", _MACHINE, words.split(), COLUMNS="120", TZ="UTC", PROCFS_PATH=str(proc),
        PLACES=json.dumps({f"{_HOME}.host.UTMP": str(sessions)}),
    )  # fmt: skip
    assert (done.stderr, done.returncode) == (b"", 0)
    assert told in done.stdout.decode(errors="replace")


@pytest.mark.parametrize("words", ["netstat -t", "netstat -r", "lsof", "pmap 1", "taskset -p 1"])
def test_what_aix_does_not_tell_is_said_so(words: str, tmp_path: Path) -> None:
    done = elsewhere.run("aix", _MACHINE, words.split(), PROCFS_PATH=str(tmp_path))
    name = words.partition(" ")[0]
    assert done.stderr.decode() == f"{name}: not supported on AIX\n"
    assert done.returncode == 1
