"""What NetBSD's package tells of the system, and commands above it."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Any

import pytest

from sysutils.core.netbsd import layout
from tests.core.netbsd.kernel import BOOT, Kernel
from tests.support import elsewhere

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
PAGE = 4096
_KERNEL = "tests.core.netbsd.kernel"


def test_cpus(kernel: Kernel, core: Any) -> None:
    assert core.cpu_times() == pytest.approx([n / 128 for n in (100, 20, 30, 1000, 5)])
    first, second = core.cpu_times(percpu=True)
    assert (first.user, second.irq) == (60 / 128, 2 / 128)
    kernel.numbered[layout.CTL_KERN, layout.KERN_CLOCKRATE] = struct.pack("=5i", 100, 1, 1, 0, 0)
    assert core.cpu_times().user == 1.0
    assert (core.cpu_count(), core.cpu_count(logical=False)) == (2, None)
    kernel.numbered[layout.CTL_HW, layout.HW_NCPU] = struct.pack("=i", 1)
    assert core.cpu_count(logical=False) == 1
    assert core.cpu_stats() == (1, 2, 3, 4)


def test_memory(kernel: Kernel, core: Any) -> None:
    found = core.virtual_memory()
    assert (found.total, found.available, found.used) == (10000 * PAGE, 9400 * PAGE, 600 * PAGE)
    assert (found.buffers, found.cached, found.percent) == (20 * PAGE, 60 * PAGE, 6.0)
    assert core.swap_memory() == (0, 0, 0, 0.0, 11 * PAGE, 5 * PAGE)
    kernel.devices = [
        layout.swapent(1, layout.SWF_ENABLE, 1000, 250, 0, b"/dev/wd0b"),
        layout.swapent(2, 1, 5000, 1, 0, b"/swap.off"),
    ]
    assert core.swap_memory()[:4] == (512000, 128000, 384000, 25.0)


def test_heap(kernel: Kernel, core: Any) -> None:
    assert core.heap_info() == (1000, 4000)
    core.heap_trim()
    assert kernel.arenas == [0, 1, 2]


def test_disks(kernel: Kernel, core: Any) -> None:
    assert core.disk_partitions() == []
    assert core.disk_io_counters() is None
    root = layout.statvfs(
        f_flag=0x4001005, f_fstypename=b"ffs", f_mntfromname=b"/dev/wd0a", f_mntonname=b"/"
    )
    kernel.mounted = [root, layout.statvfs(f_fstypename=b"tmpfs", f_mntonname=b"/tmp")]  # type: ignore[list-item]
    assert core.disk_partitions() == [
        ("/dev/wd0a", "/", "ffs", "ro,noexec,noatime"),
        ("", "/tmp", "tmpfs", "rw"),
    ]
    counts = {"rxfer": 1, "wxfer": 2, "rbytes": 3, "wbytes": 4}
    kernel.disks = [layout.io_sysctl(name=name, **counts) for name in (b"wd0", b"sd0")]
    assert core.disk_io_counters() == (2, 4, 6, 8)


def test_interfaces(kernel: Kernel, core: Any) -> None:
    data: Any = layout.if_data(
        ifi_type=6,
        ifi_mtu=1500,
        ifi_baudrate=10**9,
        ifi_ibytes=1 << 40,
        ifi_obytes=4,
        ifi_iqdrops=6,
    )
    head = struct.pack("=BBHBBBB", 32, layout.AF_LINK, 1, 6, 3, 6, 0)
    link = (head + b"em0\x02\x00\x00\x00\x00\x01").ljust(32, b"\0")
    kernel.links = [("em0", 0x8843, link, data)]
    assert core.net_io_counters(pernic=True)["em0"] == (4, 1 << 40, 0, 0, 0, 0, 6, 0)
    found = core.net_if_stats()["em0"]
    assert found[:4] == (True, core.NIC_DUPLEX_FULL, 1000, 1500)
    assert found.flags == "up,broadcast,running,simplex,multicast"
    assert core.net_if_addrs()["em0"][0].address == "02:00:00:00:00:01"
    inet6 = bytes([28, layout.AF_INET6]) + bytes(6)
    kernel.links.append(("em0", 0x8843, b"\x10\x02\0\0\x0a\0\0\x01".ljust(16, b"\0"), None))
    linked = inet6 + bytes.fromhex("fe800001000000000000000000000005")
    kernel.links.append(("em0", 0x8843, linked, None))
    found = core.net_if_details()["em0"]
    assert (found.ifindex, found.type, found.address, found.mtu) == (
        1,
        1,
        "02:00:00:00:00:01",
        1500,
    )
    assert (found.flags, found.txqueuelen) == (0x1043, None)
    assert [(one.address, one.scope) for one in found.addresses] == [
        ("10.0.0.1", "global"),
        ("fe80::5", "link"),
    ]
    (row,) = core.net_interfaces()
    assert (row.name, row.tx_bytes) == ("em0", 4)


def test_host(kernel: Kernel, core: Any) -> None:
    assert core.boot_time() == BOOT
    assert core.users() == []
    login = layout.utmpx(
        ut_user=b"me",
        ut_line=b"pts/0",
        ut_host=b"example.org",
        ut_type=layout.USER_PROCESS,
        ut_pid=50,
    )
    login.ut_tv.tv_sec = BOOT + 60
    kernel.sessions = [layout.utmpx(ut_type=2), login]  # type: ignore[list-item]
    assert core.users() == [("me", "pts/0", "example.org", BOOT + 60.0, 50)]
    login.ut_pid = os.getpid()
    told = [(record.type, record.line, record.time) for record in core.login_records()]
    assert told == [("BOOT_TIME", "", 0.0), ("USER_PROCESS", "pts/0", BOOT + 60.0)]


def test_terminals_by_name(core: Any) -> None:
    assert core.terminal_number("/dev/null") == os.stat("/dev/null").st_rdev
    assert core.terminal_number("null") == core.terminal_number("/dev/null")
    assert core.terminal_number("/dev/no such terminal") is None


def test_names(core: Any) -> None:
    assert core.NETBSD
    assert core.STATUS_SUSPENDED == "suspended"
    lacking = ("cpu_freq", "sensors_battery", "sensors_temperatures", "RLIMIT_AS", "PROCFS_PATH")
    for name in lacking:
        assert not hasattr(core, name)
    for name in ("cpu_affinity", "cpu_num", "memory_maps", "rlimit", "ionice"):
        assert not hasattr(core.Process, name)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ps -p 1,50 -o pid,ppid,stat,tty,args", "\n   50     1 Ss   pts/0    sh a b "),
        (
            "ifconfig em0",
            "inet 10.0.0.1  netmask 0.0.0.0  broadcast 0.0.0.0\n        ether 02:00:00:00:00:01  ",
        ),
        (
            "netstat -i",
            "\nem0              1500        0      0      0 0             0      0      0      0 BMRU",
        ),
        ("iostat -c", "\n           8.65    "),
        ("df -T", "/dev/sd0a      ffs "),
        ("free -k", "\nMem:           40000"),
        ("top -b -n 1", "\n   50 "),
        ("netstat -tnp", "10.0.0.1:22             10.0.0.2:5555           ESTABLISHED 50/sh"),
        ("netstat -xn", "/var/run/x"),
        ("pidof sh", "50"),
        ("uptime", "load average"),
    ],
)
def test_commands(words: str, told: str) -> None:
    done = elsewhere.run("netbsd10", f"{_KERNEL}:libraries", words.split(), COLUMNS="120")
    warning = done.stderr.startswith(b"(Not all processes could be identified")  # nobody is told so
    assert (done.stderr == b"" or warning, done.returncode) == (True, 0)
    assert told in done.stdout.decode(errors="replace")
