"""OpenBSD's package above a kernel of the test's own."""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.core.openbsd import layout
from tests.abi.pinned import fixture
from tests.core.openbsd.kernel import BOOT, Kernel, descriptor, open_socket, process
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
_TARGETS = {"little": ["x86_64-openbsd", "aarch64-openbsd"], "big": ["sparc64-openbsd"]}[
    sys.byteorder
]
PAGE = 4096
_KERNEL = "tests.core.openbsd.kernel"


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def core(kernel: Kernel) -> Iterator[Any]:
    with elsewhere.system("openbsd7", c=kernel) as found:
        yield found


@pytest.mark.parametrize("target", _TARGETS)
def test_a_structure_of_the_headers(kernel: Kernel, core: Any, target: str) -> None:
    kernel.processes[4242] = layout.kinfo_proc.from_buffer_copy(fixture(target, "kinfo_proc"))
    found = core.Process(4242)
    assert (found.ppid(), found.name(), found.status()) == (17, "hello", "sleeping")
    assert found.uids() == (1002, 1001, 1003)
    assert found.gids() == (2002, 2001, 2003)
    assert found.cpu_times() == (5.5, 2.000001, 7.0, 7.0)
    assert found.memory_info() == (321 * PAGE, 36 * PAGE, 11 * PAGE, 12 * PAGE, 13 * PAGE)
    assert found.num_ctx_switches() == (91, 92)
    assert found.io_counters() == (95, 96, -1, -1)
    assert found.terminal() == "/dev/pts/0"
    assert found.create_time() == pytest.approx(1700000000.25)
    row = next(
        core.process_table(
            [
                "pgrp",
                "session",
                "groups",
                "nice",
                "priority",
                "wchan",
                "minflt",
                "sigpnd",
                "sigcgt",
            ],
            [4242],
        )
    )
    assert row == (4240, 4239, [2001, 2004], -5, 28, "select", 93, 1, 8)  # fmt: skip


def test_what_is_told_of_a_process(
    kernel: Kernel, core: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = core.Process(50)
    assert shell.cmdline() == ["sh", "a b", "\udcff", ""]
    program = tmp_path / "sh"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert core.Process(50).exe() == str(program)
    assert shell.environ() == {"HOME": "/root", "EMPTY": ""}
    assert shell.cwd() == "/home"
    assert [child.pid for child in core.Process(1).children()] == [50]
    assert core.pids() == [1, 50, 60]
    kernel.processes[0] = process(0, p_comm=b"swapper", p_ppid=0)
    del kernel.processes[60]
    assert core.pids()[0] == 0
    assert core.Process(0).cmdline() == []


def test_a_zombie(core: Any) -> None:
    dead = core.Process(60)
    assert dead.status() == core.STATUS_ZOMBIE
    for ask in (dead.cmdline, dead.environ, dead.cwd, dead.exe):
        with pytest.raises(core.ZombieProcess):
            ask()


def test_what_is_forbidden_and_what_vanishes(kernel: Kernel, core: Any) -> None:
    for ask in (core.Process(1).environ, core.Process(1).cwd):
        with pytest.raises(core.AccessDenied):
            ask()
    shell = core.Process(50)
    del kernel.processes[50]
    for ask in (shell.name, shell.cmdline, shell.threads, shell.net_connections):
        with pytest.raises(core.NoSuchProcess):
            ask()
    with pytest.raises(core.NoSuchProcess):
        core.Process(51)


def test_threads_and_files(kernel: Kernel, core: Any) -> None:
    kernel.threads[50] = [process(50, p_tid=7, p_uutime_sec=1), process(50, p_tid=3)]
    shell = core.Process(50)
    assert shell.threads() == [(3, 0.0, 0.0), (7, 1.0, 0.0)]
    assert shell.num_threads() == 2
    kernel.files = [
        descriptor(50, -2, f_type=layout.DTYPE_VNODE, v_type=2),
        descriptor(50, 3, f_type=layout.DTYPE_VNODE, v_type=layout.VREG),
        descriptor(50, 4, f_type=3), descriptor(1, 5, f_type=layout.DTYPE_VNODE, v_type=layout.VREG),
    ]  # fmt: skip
    assert shell.open_files() == [("", 3)]
    assert shell.num_fds() == 2


def test_sockets(kernel: Kernel, core: Any) -> None:
    kernel.files = [
        open_socket(1, 3, ("0.0.0.0", 22), ("0.0.0.0", 0), 1, 0x100),
        open_socket(50, 4, ("10.0.0.1", 22), ("10.0.0.2", 5555), 4, 0x200),
        open_socket(50, 5, ("::1", 53), ("::", 0), None, 0x300),
        descriptor(
            1, 6, f_type=layout.DTYPE_SOCKET, so_family=layout.AF_UNIX, so_type=1, unp_path=b"/x"
        ),
        descriptor(1, 7, f_type=layout.DTYPE_VNODE),
    ]
    assert {(row.fd, row.pid): row[3:6] for row in core.net_connections("all")} == {
        (3, 1): (("0.0.0.0", 22), (), "LISTEN"),
        (4, 50): (("10.0.0.1", 22), ("10.0.0.2", 5555), "ESTABLISHED"),
        (5, 50): (("::1", 53), (), "NONE"),
        (6, 1): ("/x", "", "NONE"),
    }
    assert [row.fd for row in core.Process(50).net_connections("udp6")] == [5]
    assert [row.fd for row in core.Process(50).net_connections()] == [4, 5]


def test_addresses_of_sockets_are_told_to_root_alone(kernel: Kernel, core: Any) -> None:
    unix = {"f_type": layout.DTYPE_SOCKET, "so_family": layout.AF_UNIX, "so_type": 1}
    kernel.files = [
        open_socket(1, 3, ("0.0.0.0", 22), ("0.0.0.0", 0), 1, 0),
        open_socket(50, 4, ("0.0.0.0", 80), ("0.0.0.0", 0), 1, 0),
        descriptor(1, 6, unp_path=b"/x", **unix),
        descriptor(50, 6, unp_path=b"/y", **unix),
    ]
    assert [row.laddr.port for row in core.net_sockets(["tcp"])] == [22, 80]
    assert [row.path for row in core.unix_sockets()] == ["/x", "/y"]
    assert core.socket_owners().by_inode == {}
    kernel.files = [
        open_socket(1, 3, ("0.0.0.0", 22), ("0.0.0.0", 0), 1, 0x100),
        open_socket(50, 4, ("0.0.0.0", 22), ("0.0.0.0", 0), 1, 0x100),
        descriptor(1, 6, f_data=0x200, unp_conn=0x300, **unix),
        descriptor(50, 6, f_data=0x200, unp_conn=0x300, **unix),
    ]
    assert len(core.net_sockets(["tcp"])) == 1
    assert [row[:4] for row in core.unix_sockets()] == [(2, 0, 1, 3)]
    assert core.socket_owners().by_inode[0x100] == (1, 3, "sh")


def test_a_process_that_becomes_a_zombie_is_still_that_process(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    kernel.processes[50] = process(50, p_stat=layout.SDEAD, p_ustart_sec=0)
    assert shell.is_running()
    kernel.processes[50] = process(50, p_ustart_sec=BOOT + 9000)
    assert not shell.is_running()


def test_cpus_and_memory(kernel: Kernel, core: Any) -> None:
    assert core.cpu_times() == pytest.approx([n / 128 for n in (100, 20, 30, 1000, 5)])
    assert len(core.cpu_times(percpu=True)) == 2
    assert core.cpu_stats() == (1, 2, 3, 0xFFFFFFFF)
    assert core.cpu_freq() == (2400.0, 0.0, 0.0)
    assert core.cpu_count(logical=False) is None
    found = core.virtual_memory()
    assert (found.total, found.available, found.used) == (8 << 30, 1350 * PAGE, 650 * PAGE)
    assert (found.cached, found.shared, found.wired) == (50 * PAGE, 150 * PAGE, 400 * PAGE)
    assert core.swap_memory() == (0, 0, 0, 0.0, 11, 5)
    kernel.devices = [layout.swapent(1, 0, 1000, 250, 0, b"/dev/sd0b")]
    assert core.swap_memory() == (512000, 128000, 384000, 25.0, 11, 5)


def test_disks(kernel: Kernel, core: Any) -> None:
    kernel.mounted = [
        layout.statfs(
            f_flags=0x8005, f_fstypename=b"ffs", f_mntfromname=b"/dev/sd0a", f_mntonname=b"/"
        )
    ]  # type: ignore[list-item]
    assert core.disk_partitions() == [("/dev/sd0a", "/", "ffs", "ro,noexec,noatime")]
    assert core.disk_io_counters() is None
    disk = layout.diskstats(ds_name=b"sd0", ds_rxfer=1, ds_wxfer=2, ds_rbytes=3, ds_wbytes=4)
    kernel.numbered[layout.CTL_HW, layout.HW_DISKSTATS] = bytes(disk) * 2
    assert core.disk_io_counters(perdisk=True) == {"sd0": (1, 2, 3, 4)}


def test_interfaces(kernel: Kernel, core: Any) -> None:
    data: Any = layout.if_data(
        ifi_type=6, ifi_mtu=1500, ifi_baudrate=10**9, ifi_ibytes=3, ifi_obytes=4
    )
    link = (
        struct.pack("=BBHBBBB", 32, layout.AF_LINK, 1, 6, 3, 6, 0) + b"em0\x02\x00\x00\x00\x00\x01"
    )
    kernel.links = [("em0", 0x8843, link.ljust(32, b"\0"), data)]
    assert core.net_io_counters(pernic=True)["em0"][:2] == (4, 3)
    assert core.net_if_stats()["em0"][:4] == (True, core.NIC_DUPLEX_FULL, 1000, 1500)
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


def test_host(core: Any, tmp_path: Path) -> None:
    assert core.boot_time() == BOOT + 0.5
    path = tmp_path / "utmp"
    rows = [
        layout.utmp(b"ttyp0", b"me", b"example.org", BOOT + 60),
        layout.utmp(b"ttyC0", b"", b"", 0),
        layout.utmp(b"~", b"reboot", b"", BOOT),
    ]
    path.write_bytes(b"".join(map(bytes, rows)) + b"cut short")
    import sys

    sys.modules["sysutils.core.openbsd.host"].UTMP = str(path)  # type: ignore[attr-defined]
    assert core.users() == [("me", "ttyp0", "example.org", BOOT + 60.0, None)]
    assert [record.type for record in core.login_records()] == [
        "USER_PROCESS",
        "EMPTY",
        "BOOT_TIME",
    ]


def test_names(core: Any) -> None:
    assert core.OPENBSD
    for name in (
        "sensors_battery",
        "sensors_temperatures",
        "heap_info",
        "RLIMIT_AS",
        "PROCFS_PATH",
    ):
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
        ("free -k", "\nMem:         8388608     8383208        4000"),
        ("top -b -n 1", "\n   50 "),
        ("netstat -tnp", "10.0.0.1:22             10.0.0.2:5555           ESTABLISHED 50/sh"),
    ],
)
def test_commands(words: str, told: str) -> None:
    done = elsewhere.run("openbsd7", f"{_KERNEL}:libraries", words.split(), COLUMNS="120")
    warning = done.stderr.startswith(b"(Not all processes could be identified")  # nobody is told so
    assert (done.stderr == b"" or warning, done.returncode) == (True, 0)
    assert told in done.stdout.decode(errors="replace")
