"""FreeBSD's package above a kernel of the test's own."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.core.freebsd import layout
from tests.abi.pinned import fixture
from tests.core.freebsd.kernel import (
    BOOT,
    PAGE,
    Kernel,
    add_sockets,
    file_record,
    open_socket,
    process,
    vnode,
)
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

_KERNEL = "tests.core.freebsd.kernel"
pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
little = pytest.mark.skipif(
    sys.byteorder != "little", reason="a compiler for little-endian machines made the bytes"
)


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def core(kernel: Kernel) -> Iterator[Any]:
    with elsewhere.system("freebsd14", c=kernel) as found:
        yield found


# --- one process


@little
@pytest.mark.parametrize("target", ["x86_64-freebsd", "aarch64-freebsd"])
def test_a_structure_of_the_headers(kernel: Kernel, core: Any, target: str) -> None:
    kernel.processes[4242] = layout.kinfo_proc.from_buffer_copy(fixture(target, "kinfo_proc"))
    kernel.processes[17] = process(17)
    found = core.Process(4242)
    assert (found.pid, found.ppid(), found.name()) == (4242, 17, "hello")
    assert found.uids() == (1002, 1001, 1003)
    assert found.gids() == (2002, 2001, 2003)
    assert found.cpu_times() == (5.5, 2.000001, 7.0, 8.0)
    assert found.memory_info() == (321 * PAGE, 123456789, 11 * PAGE, 12 * PAGE, 13 * PAGE)
    assert found.memory_full_info() == found.memory_info()
    assert found.num_ctx_switches() == (91, 92)
    assert found.io_counters() == (95, 96, -1, -1)
    assert found.status() == core.STATUS_SLEEPING
    assert found.num_threads() == 3
    assert found.cpu_num() == 1
    assert found.terminal() == "/dev/pts/0"
    assert found.create_time() == pytest.approx(1700000000.25)
    row = next(
        core.process_table(
            [
                "pgrp",
                "session",
                "tpgid",
                "tty_nr",
                "groups",
                "nice",
                "priority",
                "wchan",
                "flags",
                "minflt",
                "majflt",
                "sigpnd",
                "sigcgt",
            ],
            [4242],
        )
    )
    assert row == (4240, 4239, 4241, 123, [2001, 2004], -5, 36, "select", 0, 93, 94,
                   1 | 2 << 32, 8)  # fmt: skip


def test_what_is_told_of_a_process(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    assert shell.cmdline() == ["-sh", "a b", "\udcff"]
    assert shell.exe() == "/bin/sh"
    assert shell.environ() == {"HOME": "/root", "EMPTY": ""}
    assert shell.cwd() == "/usr/home"
    assert shell.num_fds() == 4
    assert shell.username() == "1001"
    assert shell.parent() == core.Process(1)
    assert [child.pid for child in core.Process(1).children(recursive=True)] == [50, 60]
    assert core.pids() == [0, 1, 50, 60]
    assert core.pid_exists(50)
    assert not core.pid_exists(51)


def test_a_kernel_process(core: Any) -> None:
    found = core.Process(0)
    assert (found.name(), found.cmdline(), found.exe()) == ("kernel", [], "")


def test_a_zombie(core: Any) -> None:
    dead = core.Process(60)
    assert dead.status() == core.STATUS_ZOMBIE
    assert dead.is_running()
    with pytest.raises(core.ZombieProcess) as caught:
        dead.cmdline()
    assert (caught.value.pid, caught.value.ppid, caught.value.name) == (60, 50, "dead")


def test_what_is_forbidden(core: Any) -> None:
    with pytest.raises(core.AccessDenied):
        core.Process(1).environ()
    with pytest.raises(core.AccessDenied):
        core.Process(1).open_files()
    assert core.Process(1).as_dict(["environ", "name"], ad_value="no") == {
        "environ": "no", "name": "init",
    }  # fmt: skip


def test_what_vanishes(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    del kernel.processes[50]
    for ask in (shell.name, shell.cmdline, shell.threads, shell.cpu_affinity, shell.open_files):
        if ask == shell.cpu_affinity:
            kernel.affinity.clear()
        with pytest.raises(core.NoSuchProcess):
            ask()
    assert not shell.is_running()
    with pytest.raises(core.NoSuchProcess):
        core.Process(51)


def test_a_reused_pid(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    kernel.processes[50].ki_start = layout.timeval(BOOT + 9000, 0)
    with pytest.raises(core.NoSuchProcess, match="reused"):
        shell.send_signal(signal.SIGTERM)
    assert not shell.is_running()


def test_a_clock_that_is_set_makes_no_other_process(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    kernel.named["kern.boottime"] = struct.pack("=qq", BOOT + 3600, 500_000)
    kernel.processes[50].ki_start = layout.timeval(BOOT + 3600 + 1050, 0)
    assert shell.is_running()
    assert shell == core.Process(50)


def test_threads(kernel: Kernel, core: Any) -> None:
    second = process(50, ki_tid=100200)
    second.ki_rusage.ru_utime = layout.timeval(1, 500_000)
    kernel.threads[50] = [second, process(50, ki_tid=100100)]
    assert core.Process(50).threads() == [(100100, 0.0, 0.0), (100200, 1.5, 0.0)]
    rows = list(core.process_table(["pid", "tgid", "comm", "args"], [50], threads=True))
    assert [row[:3] for row in rows] == [(100100, 50, "program"), (100200, 50, "program")]
    assert rows[0].args == "-sh a b \udcff"


def test_open_files(kernel: Kernel, core: Any) -> None:
    kernel.about[layout.KERN_PROC_FILEDESC, 50] = (
        vnode(b"/bin/sh", -5) + vnode(b"/tmp/a\xff", 3) + vnode(b"/dev/null", 4, kind=4)
        + open_socket(5, ("127.0.0.1", 80), ("0.0.0.0", 0)) + vnode(b"/tmp/" + b"x" * 300, 6)
    )  # fmt: skip
    assert core.Process(50).open_files() == [("/tmp/a\udcff", 3), ("/tmp/" + "x" * 300, 6)]
    del kernel.about[layout.KERN_PROC_NFDS, 50]
    kernel.about[layout.KERN_PROC_NFDS, 50] = errno.EINVAL  # an older kernel
    assert core.Process(50).num_fds() == 4


def test_a_table_cut_short(kernel: Kernel, core: Any) -> None:
    whole = vnode(b"/tmp/a", 3) + vnode(b"/tmp/b", 4)
    kernel.about[layout.KERN_PROC_FILEDESC, 50] = whole[:-8]
    assert [row.fd for row in core.Process(50).open_files()] == [3, 4]
    kernel.about[layout.KERN_PROC_FILEDESC, 50] = b""
    assert core.Process(50).open_files() == []


def test_memory_maps(kernel: Kernel, core: Any) -> None:
    def mapping(path: bytes, start: int, **fields: Any) -> bytes:
        size = layout.KVE_PATH + len(path) + 1
        found = layout.kinfo_vmentry(
            kve_structsize=size, kve_start=start, kve_end=start + 0x2000, kve_resident=2,
            kve_private_resident=1, kve_ref_count=3, kve_shadow_count=4, **fields,
        )  # fmt: skip
        return bytes(found)[: layout.KVE_PATH] + path + b"\0"

    kernel.about[layout.KERN_PROC_VMMAP, 50] = (
        mapping(b"/lib/libc.so", 0x1000, kve_protection=5) + mapping(b"", 0x9000, kve_type=3)
        + mapping(b"/lib/libc.so", 0x3000, kve_protection=3)
    )  # fmt: skip
    found = core.Process(50)
    assert found.memory_maps(grouped=False)[:2] == [
        ("1000-3000", "r-x", "/lib/libc.so", 2 * PAGE, PAGE, 3, 4),
        ("9000-b000", "---", "[swap]", 2 * PAGE, PAGE, 3, 4),
    ]
    assert found.memory_maps() == [
        ("/lib/libc.so", 4 * PAGE, 2 * PAGE, 6, 8), ("[swap]", 2 * PAGE, PAGE, 3, 4),
    ]  # fmt: skip


def test_affinity_and_limits(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    assert shell.cpu_affinity() == [0, 1]
    shell.cpu_affinity([1])
    assert kernel.affinity[50] == 0b10
    shell.cpu_affinity([])
    assert shell.cpu_affinity() == [0, 1]
    with pytest.raises(ValueError, match="invalid CPU 9"):
        shell.cpu_affinity([9])
    assert shell.rlimit(7) == (1, 2)
    shell.rlimit(7, (5, 6))
    assert shell.rlimit(7) == (5, 6)
    with pytest.raises(ValueError, match="tuple"):
        shell.rlimit(7, (5, 6, 7))


def test_a_table_that_grows_while_it_is_read(kernel: Kernel, core: Any) -> None:
    kernel.births = 1
    assert set(core.pids()) >= {0, 1, 50, 60, 61}


# --- sockets


@pytest.fixture
def sockets(kernel: Kernel) -> None:
    add_sockets(kernel)


@pytest.mark.usefixtures("sockets")
def test_sockets(core: Any) -> None:
    rows = {(row.fd, row.pid): row[3:6] for row in core.net_connections("all")}
    assert rows == {
        (3, 1): (("0.0.0.0", 22), (), "LISTEN"),
        (4, 50): (("10.0.0.1", 22), ("10.0.0.2", 5555), "ESTABLISHED"),
        (5, 60): (("::1", 80), (), "LISTEN"),
        (-1, None): (("10.0.0.1", 22), ("10.0.0.3", 6666), "TIME_WAIT"),
        (7, 50): (("127.0.0.1", 53), (), "NONE"),
        (6, 1): ("/var/run/x", "", "NONE"),
    }
    assert [row.fd for row in core.net_connections("tcp6")] == [5]
    assert [row.fd for row in core.net_connections("udp")] == [7]
    with pytest.raises(ValueError, match="invalid kind"):
        core.net_connections("raw")


@pytest.mark.usefixtures("sockets")
def test_sockets_of_a_process(kernel: Kernel, core: Any) -> None:
    kernel.about[layout.KERN_PROC_FILEDESC, 50] = (
        open_socket(4, ("10.0.0.1", 22), ("10.0.0.2", 5555), 0x901)
        + open_socket(9, ("::1", 80), ("::", 0), 0x902) + file_record(b"", kf_type=3, kf_fd=8)
    )  # fmt: skip
    rows = core.Process(50).net_connections()
    assert [(row.fd, row.laddr, row.raddr, row.status) for row in rows] == [
        (4, ("10.0.0.1", 22), ("10.0.0.2", 5555), "ESTABLISHED"),
        (9, ("::1", 80), (), "LISTEN"),
    ]
    assert [row.fd for row in core.Process(50).net_connections("tcp4")] == [4]
    assert core.Process(50).net_connections("unix") == []


def test_netstat() -> None:
    done = elsewhere.run("freebsd14", f"{_KERNEL}:with_sockets", ["netstat", "-tanp"])
    told = done.stderr.startswith(b"(Not all processes could be identified")  # nobody is told so
    assert told == (os.geteuid() != 0)
    assert told or done.stderr == b""
    assert [line.split() for line in done.stdout.decode().splitlines()[2:4]] == [
        ["tcp", "2", "0", "0.0.0.0:22", "0.0.0.0:*", "LISTEN", "1/init"],
        ["tcp", "7", "9", "10.0.0.1:22", "10.0.0.2:5555", "ESTABLISHED", "50/sh"],
    ]


# --- the system


def test_cpus(kernel: Kernel, core: Any) -> None:
    second = 127
    assert core.cpu_times() == pytest.approx([n / second for n in (100, 20, 30, 1000, 5)])
    assert len(core.cpu_times(percpu=True)) == core.cpu_count() == 2
    assert core.cpu_stats() == (1, 2, 3, 4)
    assert core.cpu_percent() == 0.0
    kernel.named["kern.cp_time"] = struct.pack("=5q", 150, 20, 30, 5, 1050)
    assert core.cpu_percent() == 50.0
    assert core.cpu_count(logical=False) is None
    kernel.named["kern.sched.topology_spec"] = (
        b"<groups><group level='1'><cpu>0,1</cpu><children><group level='2'><cpu>0</cpu></group>"
        b"<group level='2'><cpu>1</cpu></group></children></group></groups>\n\0"
    )
    assert core.cpu_count(logical=False) == 2
    kernel.named["kern.smp.cores"] = struct.pack("=i", 1)
    assert core.cpu_count(logical=False) == 1


def test_frequencies_and_sensors(kernel: Kernel, core: Any) -> None:
    assert core.cpu_freq() is None
    assert core.sensors_temperatures() == {}
    assert core.sensors_battery() is None
    kernel.named["dev.cpu.0.freq"] = struct.pack("=i", 1800)
    kernel.named["dev.cpu.0.freq_levels"] = b"2400/35000 1800/20000 800/-1\0"
    assert core.cpu_freq() == (1800.0, 800.0, 2400.0)
    kernel.named["dev.cpu.0.temperature"] = struct.pack("=i", 3232)
    kernel.named["dev.cpu.0.coretemp.tjmax"] = struct.pack("=i", 3732)
    assert core.sensors_temperatures() == {"coretemp": [("Core 0", 50.0, 100.0, 100.0)]}
    kernel.named |= {
        "hw.acpi.battery.life": struct.pack("=i", 80), "hw.acpi.battery.time": struct.pack("=i", 90),
        "hw.acpi.acline": struct.pack("=i", 0),
    }  # fmt: skip
    assert core.sensors_battery() == (80, 5400, False)
    kernel.named["hw.acpi.acline"] = struct.pack("=i", 1)
    assert core.sensors_battery() == (80, core.POWER_TIME_UNLIMITED, True)
    assert not hasattr(core, "sensors_fans")


def test_memory(kernel: Kernel, core: Any) -> None:
    found = core.virtual_memory()
    assert (found.total, found.free, found.active) == (8 << 30, 1000 * PAGE, 200 * PAGE)
    assert (found.available, found.used, found.shared) == (1300 * PAGE, 600 * PAGE, 150 * PAGE)
    assert found.buffers == 12345
    assert core.swap_memory() == (0, 0, 0, 0.0, 0, 0)
    kernel.swap = [layout.xswdev(1, 7, 0, 1000, 250), layout.xswdev(1, 8, 0, 1000, 0)]
    kernel.named["vm.stats.vm.v_swapin"] = struct.pack("=I", 11)
    kernel.named["vm.stats.vm.v_vnodeout"] = struct.pack("=I", 5)
    assert core.swap_memory() == (2000 * PAGE, 250 * PAGE, 1750 * PAGE, 12.5, 11, 5)
    assert core.heap_info() == (1000, 4000)
    core.heap_trim()


@little
def test_file_systems_and_disks(kernel: Kernel, core: Any) -> None:
    assert core.disk_partitions() == []
    kernel.mounted = [
        layout.statfs(
            f_flags=0x10001001, f_fstypename=b"ufs", f_mntfromname=b"/dev/ada0p2", f_mntonname=b"/"
        ),
        layout.statfs(f_fstypename=b"devfs", f_mntfromname=b"devfs", f_mntonname=b"/dev"),
    ]
    assert core.disk_partitions() == [
        ("/dev/ada0p2", "/", "ufs", "ro,noatime"), ("devfs", "/dev", "devfs", "rw"),
    ]  # fmt: skip
    assert core.disk_io_counters() is None
    kernel.named["kern.devstat.all"] = struct.pack("=q", 1) + fixture("x86_64-freebsd", "devstat")
    assert core.disk_io_counters(perdisk=True) == {"ada3": (10, 20, 1000, 2000, 1500, 2000, 3250)}


def test_interfaces(kernel: Kernel, core: Any) -> None:
    data = layout.if_data(
        ifi_type=6, ifi_mtu=1500, ifi_baudrate=10**9, ifi_ipackets=1, ifi_opackets=2, ifi_ibytes=3,
        ifi_obytes=4, ifi_ierrors=5, ifi_oerrors=6, ifi_iqdrops=7, ifi_oqdrops=8,
    )  # fmt: skip
    link = (
        struct.pack("=BBHBBBB", 54, layout.AF_LINK, 1, 6, 3, 6, 0) + b"em0\x02\x00\x00\x00\x00\x01"
    )
    kernel.links = [
        ("em0", 0x8843, link.ljust(54, b"\0"), data),
        ("em0", 0x8843, b"\x10\x02\0\0\x0a\0\0\x01".ljust(16, b"\0"), None),
        ("lo0", 0x8049, struct.pack("=BBHBBBB", 54, layout.AF_LINK, 2, 24, 3, 0, 0).ljust(54, b"\0"),
         layout.if_data(ifi_mtu=16384)),
    ]  # fmt: skip
    assert core.net_io_counters(pernic=True) == {
        "em0": (4, 3, 2, 1, 5, 6, 7, 8), "lo0": (0,) * 8,
    }  # fmt: skip
    assert core.net_if_stats() == {
        "em0": (True, core.NIC_DUPLEX_FULL, 1000, 1500, "up,broadcast,running,simplex,multicast"),
        "lo0": (True, core.NIC_DUPLEX_UNKNOWN, 0, 16384, "up,loopback,running,multicast"),
    }
    found = core.net_if_details()["em0"]
    assert (found.ifindex, found.type, found.address, found.mtu) == (
        1,
        1,
        "02:00:00:00:00:01",
        1500,
    )
    assert (found.flags, found.txqueuelen) == (0x1043, None)
    assert found.counters[4:] == (3, 1, 5, 7, 0, 0, 0, 0, 4, 2, 6, 8, 0, 0, 0, 0)
    assert core.net_if_details()["lo0"].type == 65534
    addresses = core.net_if_addrs()["em0"]
    assert [row.address for row in addresses] == ["10.0.0.1", "02:00:00:00:00:01"]


def test_host(kernel: Kernel, core: Any) -> None:
    assert core.boot_time() == BOOT + 0.5
    kernel.sessions = [
        layout.utmpx(4, layout.timeval(BOOT + 60, 0), b"x", 50, b"me", b"pts/0", b"example.org"),
        layout.utmpx(8, layout.timeval(BOOT, 0), b"y", 51, b"", b"", b""),
    ]
    assert core.users() == [("me", "pts/0", "example.org", BOOT + 60.0, 50)]


def test_names(core: Any) -> None:
    assert core.FREEBSD
    assert core.BSD
    assert core.POSIX
    for name in ("PROCFS_PATH", "IOPRIO_CLASS_BE", "win_service_iter", "sensors_fans"):
        assert not hasattr(core, name)
    for name in ("ionice", "num_handles"):
        assert not hasattr(core.Process, name)
    assert {"cpu_affinity", "memory_maps", "environ"} <= core.Process.attrs
    assert core.RLIMIT_SWAP == 12 if hasattr(core, "RLIMIT_SWAP") else True


# --- commands


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ps -p 1,50 -o pid,ppid,stat,tty,args", "\n   50     1 Ss   pts/0    -sh a b "),
        (
            "ifconfig em0",
            "inet 10.0.0.1  netmask 0.0.0.0  broadcast 0.0.0.0\n        ether 02:00:00:00:00:01  ",
        ),
        (
            "netstat -i",
            "\nem0              1500        0      0      0 0             0      0      0      0 BMRU",
        ),
        ("iostat -c", "\n           8.68    "),
        ("df -T", "/dev/sd0a      ffs "),
        ("free -k", "\nMem:         8388608     8383408        4000"),
        ("uptime -p", "up "),
        ("pidof init", "1\n"),
        ("top -b -n 1", "\n   50 "),
    ],
)
def test_commands(words: str, told: str) -> None:
    done = elsewhere.run("freebsd14", f"{_KERNEL}:libraries", words.split(), COLUMNS="120")
    assert (done.stderr, done.returncode) == (b"", 0)
    assert told in done.stdout.decode(errors="replace")


@pytest.mark.parametrize("words", ["ionice -p 50", "iotop -b -n 1"])
def test_what_is_not_offered(words: str) -> None:
    done = elsewhere.run("freebsd14", f"{_KERNEL}:libraries", words.split())
    command = words.split(maxsplit=1)[0]
    assert (done.stderr.decode(), done.returncode) == (f"{command}: not supported on FreeBSD\n", 1)
