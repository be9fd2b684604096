"""NetBSD's package above a kernel of the test's own."""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import Any

import pytest

from sysutils.core.netbsd import layout
from tests.abi.pinned import fixture
from tests.core.netbsd.kernel import (
    ARGV,
    BOOT,
    DIRECTORY,
    PROGRAM,
    Kernel,
    add_sockets,
    block,
    descriptor,
    ended,
    open_socket,
    process,
)

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
PAGE = 4096
_TARGETS = pytest.mark.parametrize("target", ["x86_64-netbsd", "aarch64-netbsd"])


# --- structures that a compiler made from the system's headers


@_TARGETS
def test_a_process_of_the_headers(kernel: Kernel, core: Any, target: str) -> None:
    kernel.processes[4242] = layout.kinfo_proc2.from_buffer_copy(fixture(target, "kinfo_proc2"))
    kernel.lwps[4242] = [layout.kinfo_lwp.from_buffer_copy(fixture(target, "kinfo_lwp"))]
    found = core.Process(4242)
    assert (found.ppid(), found.name(), found.status()) == (17, "hello", "sleeping")
    assert found.uids() == (1002, 1001, 1003)
    assert found.gids() == (2002, 2001, 2003)
    assert found.cpu_times() == (5.5, 2.000001, 7.0, 7.0)
    assert found.memory_info() == (321 * PAGE, 4000 * PAGE, 11 * PAGE, 12 * PAGE, 13 * PAGE)
    assert found.memory_full_info() == found.memory_info()
    assert found.num_ctx_switches() == (91, 92)
    assert found.io_counters() == (95, 96, -1, -1)
    assert found.terminal() == "/dev/pts/0"
    assert found.num_threads() == 3
    assert found.threads() == [(7, 3.25, 3.25)]
    assert found.create_time() == pytest.approx(1700000000.25)
    asked = ["pgrp", "session", "groups", "nice", "priority", "wchan", "minflt", "majflt"]
    row = next(core.process_table([*asked, "sigpnd", "sigcgt", "processor"], [4242]))
    known = (4240, 4239, [2001, 2004], -5, 43, "select", 93, 94)
    assert row == (*known, 1 | 2 << 32, 8, 1)


@_TARGETS
def test_a_socket_of_the_headers(kernel: Kernel, core: Any, target: str) -> None:
    kernel.processes[4242] = process(4242)
    kernel.files = [layout.kinfo_file.from_buffer_copy(fixture(target, "kinfo_file"))]
    kernel.lists["net.inet6.tcp6.pcblist"] = [
        layout.kinfo_pcb.from_buffer_copy(fixture(target, "kinfo_pcb"))
    ]
    ends = (("2001:db8::1", 22), ("2001:db8::2", 5555))
    (row,) = core.net_connections("tcp6")
    assert (row.fd, row.laddr, row.raddr, row.status, row.pid) == (5, *ends, "ESTABLISHED", 4242)
    (shown,) = core.net_sockets(["tcp6"])
    assert (shown.recv_q, shown.send_q, shown.uid) == (7, 9, 1001)


@_TARGETS
def test_figures_of_the_headers(kernel: Kernel, core: Any, target: str) -> None:
    kernel.disks = [layout.io_sysctl.from_buffer_copy(fixture(target, "io_sysctl"))]
    kernel.uvm = layout.uvmexp_sysctl.from_buffer_copy(fixture(target, "uvmexp_sysctl"))
    assert core.disk_io_counters(perdisk=True) == {"wd0": (11, 12, 13, 14)}
    found, page = core.virtual_memory(), 8192
    assert (found.total, found.used, found.available) == (1000 * page, 230 * page, 770 * page)
    assert (found.free, found.active, found.inactive) == (100 * page, 200 * page, 50 * page)
    assert (found.buffers, found.cached, found.shared) == (70 * page, 210 * page, 0)
    assert (found.wired, found.percent) == (30 * page, 23.0)
    assert core.cpu_stats() == (1, 2, 3, 4)
    assert core.swap_memory()[4:] == (5 * page, 6 * page)


def _big_endian(kind: Any) -> Any:
    """A structure of ours as a machine of the other byte order lays it out."""
    fields = [
        (name, _big_endian(inner) if hasattr(inner, "_fields_") else inner)
        for name, inner in kind._fields_
    ]
    return type(kind.__name__, (ctypes.BigEndianStructure,), {"_fields_": fields})


def test_big_endian() -> None:
    target = "sparc64-netbsd"
    raw = fixture(target, "kinfo_proc2")
    found = _big_endian(layout.kinfo_proc2).from_buffer_copy(raw)
    assert (found.p_pid, found.p_comm, found.p_nice, found.p_uid) == (4242, b"hello", 15, 1001)
    assert (found.p_vm_msize, found.p_nlwps, found.p_realstat) == (4000, 3, 2)
    assert list(found.p_siglist.bits) == [1, 2, 0, 0]
    lwp = _big_endian(layout.kinfo_lwp).from_buffer_copy(fixture(target, "kinfo_lwp"))
    assert (lwp.l_lid, lwp.l_rtime_sec, lwp.l_name) == (7, 3, b"worker")
    pcb = _big_endian(layout.kinfo_pcb).from_buffer_copy(fixture(target, "kinfo_pcb"))
    assert (pcb.ki_sockaddr, pcb.ki_tstate, bytes(pcb.ki_dpad[2:4])) == (
        0xFFFF800012345678,
        4,
        b"\x15\xb3",
    )
    disk = _big_endian(layout.io_sysctl).from_buffer_copy(fixture(target, "io_sysctl"))
    assert (disk.name, disk.rxfer, disk.wbytes) == (b"wd0", 11, 14)


# --- processes


def test_what_is_told_of_a_process(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    assert shell.cmdline() == ["sh", "a b", "\udcff", ""]
    assert shell.exe() == "/bin/sh"
    assert shell.environ() == {"HOME": "/root", "EMPTY": ""}
    assert shell.cwd() == "/home"
    assert shell.terminal() == "/dev/pts/0"
    assert core.Process(1).terminal() is None
    assert [child.pid for child in core.Process(1).children()] == [50]
    assert shell.parent().pid == 1
    assert core.pids() == [0, 1, 50, 60]
    assert core.pid_exists(0)
    assert not core.pid_exists(51)
    assert shell.is_running()
    assert core.Process(50) == shell


def test_long_arguments(kernel: Kernel, core: Any) -> None:
    words = [b"x" * 1000] * 200
    kernel.texts[50, ARGV] = b"\0".join(words) + b"\0"
    assert core.Process(50).cmdline() == ["x" * 1000] * 200
    kernel.texts[50, ARGV] = b"y" * 4095 + b"\0"
    assert core.Process(50).cmdline() == ["y" * 4095]
    kernel.texts[50, ARGV] = b""
    assert core.Process(50).cmdline() == []


def test_long_paths(kernel: Kernel, core: Any) -> None:
    kernel.texts[50, PROGRAM] = b"/" + b"d" * 5000 + b"\0"
    assert core.Process(50).exe() == "/" + "d" * 5000


def test_the_kernel_itself(core: Any) -> None:
    system = core.Process(0)
    assert system.name() == "system"
    assert (system.cmdline(), system.environ(), system.exe(), system.cwd()) == ([], {}, "", "/")
    row = next(core.process_table(["has_memory"], [0]))
    assert row == (False,)


def test_a_zombie(kernel: Kernel, core: Any) -> None:
    dead = core.Process(60)
    assert dead.status() == core.STATUS_ZOMBIE
    assert dead.create_time() == 0.0
    assert dead.environ() == {}
    for ask in (dead.cmdline, dead.cwd, dead.exe):
        with pytest.raises(core.ZombieProcess):
            ask()
    kernel.processes[61] = ended(61, p_stat=layout.SDYING, p_realstat=layout.SDYING)
    assert core.Process(61).status() == core.STATUS_ZOMBIE


def test_a_process_that_becomes_a_zombie_is_still_that_process(kernel: Kernel, core: Any) -> None:
    shell = core.Process(50)
    kernel.processes[50] = ended(50, p_comm=b"sh")
    assert shell.is_running()
    assert shell.ppid() == 1
    kernel.processes[50] = process(50, p_ustart_sec=BOOT + 9000)
    assert not shell.is_running()
    with pytest.raises(core.NoSuchProcess):
        shell.ppid()


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (1, "idle"),
        (2, "waking"),
        (3, "sleeping"),
        (4, "stopped"),
        (7, "running"),
        (8, "suspended"),
        (9, "?"),
    ],
)
def test_states(kernel: Kernel, core: Any, number: int, status: str) -> None:
    kernel.processes[50].p_stat = number
    assert core.Process(50).status() == status


def test_what_is_forbidden_and_what_vanishes(kernel: Kernel, core: Any) -> None:
    for ask in (core.Process(1).environ, core.Process(1).cwd):
        with pytest.raises(core.AccessDenied):
            ask()
    shell = core.Process(50)
    del kernel.processes[50]
    kernel.texts = {}
    asked = (
        shell.name, shell.cmdline, shell.environ, shell.exe, shell.cwd, shell.threads, shell.num_threads,
        shell.num_fds, shell.open_files, shell.net_connections, shell.status,
    )  # fmt: skip
    for ask in asked:
        with pytest.raises(core.NoSuchProcess):
            ask()
    assert not shell.is_running()
    with pytest.raises(core.NoSuchProcess):
        core.Process(51)


def test_a_directory_that_was_removed(kernel: Kernel, core: Any) -> None:
    kernel.texts[50, DIRECTORY] = errno.ENOENT
    assert core.Process(50).cwd() == ""


def test_processes_that_appear_while_the_table_is_read(kernel: Kernel, core: Any) -> None:
    kernel.births = 3
    assert len(core.pids()) >= 7


def test_threads(kernel: Kernel, core: Any) -> None:
    kernel.lwps[50] = [
        layout.kinfo_lwp(l_lid=9, l_stat=layout.LSSLEEP, l_rtime_sec=1),
        layout.kinfo_lwp(l_lid=2, l_stat=layout.LSONPROC, l_rtime_usec=500_000, l_name=b"io"),
        layout.kinfo_lwp(l_lid=3, l_stat=layout.LSZOMB),
        layout.kinfo_lwp(l_lid=4, l_stat=layout.LSIDL),
    ]
    assert core.Process(50).threads() == [(2, 0.5, 0.5), (9, 1.0, 1.0)]
    rows = list(core.process_table(["pid", "comm", "state"], [50], threads=True))
    assert rows == [(2, "io", "R"), (9, "sh", "S")]


def test_files(kernel: Kernel, core: Any) -> None:
    vnode = {"ki_ftype": layout.DTYPE_VNODE}
    kernel.files = [
        descriptor(50, 0, ki_vtype=4, **vnode), descriptor(50, 3, ki_vtype=layout.VREG, **vnode),
        descriptor(50, 4, ki_ftype=3), descriptor(1, 5, ki_vtype=layout.VREG, **vnode),
    ]  # fmt: skip
    assert core.Process(50).open_files() == [("", 3)]
    assert core.Process(50).num_fds() == 3
    assert core.Process(0).num_fds() == 0  # the kernel takes 0 for all


def test_descriptors_that_are_opened_while_their_table_is_read(kernel: Kernel, core: Any) -> None:
    kernel.files = [descriptor(50, fd) for fd in range(40)]
    kernel.opened = 8  # more than there is room for at first; then enough
    assert core.Process(50).num_fds() >= 48


# --- when the clock is set


@pytest.mark.parametrize(("by", "later"), [(0, 0), (100, 100), (-100, 100)])
def test_create_time_once_the_clock_was_set(kernel: Kernel, core: Any, by: int, later: int) -> None:
    before = core.Process(50)
    started = core.Process(50).create_time()
    assert started == BOOT + 1050
    place = (layout.CTL_KERN, layout.KERN_BOOTTIME)
    kernel.numbered[place] = struct.pack("=qq", BOOT + by, 0)
    assert core.Process(50).create_time() == started + later
    assert before.is_running()
    assert core.boot_time() == BOOT + by


# --- sockets


def test_sockets(kernel: Kernel, core: Any) -> None:
    add_sockets(kernel)
    assert [(row.fd, row.pid, *row[3:6]) for row in core.net_connections("all")] == [
        (3, 1, ("0.0.0.0", 22), (), "LISTEN"),
        (4, 50, ("10.0.0.1", 22), ("10.0.0.2", 5555), "ESTABLISHED"),
        (-1, None, ("10.0.0.1", 22), ("10.0.0.3", 6666), "TIME_WAIT"),
        (5, 50, ("::1", 53), (), "NONE"),
        (6, 1, "/var/run/x", "", "NONE"),
        (7, 50, "/var/run/x", "", "NONE"),
        (-1, None, "", "", "NONE"),
    ]
    assert [row.fd for row in core.Process(50).net_connections("udp6")] == [5]
    assert [row.fd for row in core.Process(50).net_connections()] == [4, 5]
    assert [row.fd for row in core.Process(50).net_connections("all")] == [4, 5, 7]
    assert core.Process(0).net_connections() == []
    assert [row[:2] for row in core.unix_sockets()] == [(2, 0), (0, 0)]
    assert [row.state for row in core.unix_sockets()] == [3, 2]
    assert core.socket_owners().by_inode[0x200] == (50, 4, "sh")


def test_addresses_that_the_kernel_keeps_to_itself(kernel: Kernel, core: Any) -> None:
    kernel.lists["net.inet.tcp.pcblist"] = [block(("0.0.0.0", 22), ("0.0.0.0", 0), 0, 1)]
    kernel.files = [open_socket(1, 3, 0), open_socket(50, 4, 0)]
    assert [(row.fd, row.pid) for row in core.net_connections()] == [(-1, None)]
    assert core.Process(50).net_connections() == []


def test_a_kernel_without_inet6(kernel: Kernel, core: Any) -> None:
    add_sockets(kernel)
    del kernel.lists["net.inet6.tcp6.pcblist"], kernel.lists["net.inet6.udp6.pcblist"]
    assert len(core.net_connections("inet")) == 3


def test_a_process_that_is_busy_with_exec(kernel: Kernel, core: Any) -> None:
    asked = []
    answers: list[bytes | int] = [errno.EBUSY, errno.EBUSY, b"new\0words\0"]

    def tell(pid: int, kind: int, told: int | None, room: int) -> int:
        asked.append((pid, kind))
        return kernel._tell(answers.pop(0) if len(answers) > 1 else answers[0], told, room)

    kernel._texts = tell  # type: ignore[method-assign]
    assert core.Process(50).cmdline() == ["new", "words"]
    assert len(asked) == 3
    answers[:] = [errno.EBUSY]
    assert core.Process(50).cmdline() == []
    assert core.Process(50).cwd() == ""
    del kernel.processes[50]
    with pytest.raises(core.NoSuchProcess):
        core.Process(50).cmdline()
