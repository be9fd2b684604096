"""SunOS' package above a tree of files and libraries of the test's own."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sysutils.core.sunos import layout
from tests.core.sunos import machine
from tests.core.sunos.machine import BOOT, Kernel, Kstat, Tree, psinfo, seconds
from tests.support import documented, elsewhere

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
_MACHINE = "tests.core.sunos.machine:libraries"


_PINS = documented.pins(Path(__file__).with_name("pins.txt"))


@pytest.mark.parametrize(("name", "size", "fields"), _PINS, ids=[name for name, *_ in _PINS])
def test_layouts(name: str, size: int | None, fields: dict[str, int]) -> None:
    form = getattr(layout, name)
    if documented.is_whole(form):
        assert ctypes.sizeof(form) == size
    assert {path: documented.offset(form, path) for path in fields} == fields


def test_a_process(core: Any) -> None:
    shell = core.Process(50)
    assert (shell.ppid(), shell.name(), shell.status()) == (1, "sh", "sleeping")
    assert shell.create_time() == BOOT + 50.25
    assert shell.cmdline() == ["sh", "a b", "\udcff", ""]
    assert shell.environ() == {"HOME": "/root", "EMPTY": ""}
    assert shell.memory_info() == (200 * 1024, 300 * 1024)
    assert shell.num_ctx_switches() == (7, 8)
    assert (shell.nice(), shell.cpu_num(), shell.num_threads()) == (0, 1, 1)
    assert [child.pid for child in core.Process(1).children()] == [50]
    assert core.pids() == [1, 50, 60]
    assert core.pid_exists(50)
    assert not core.pid_exists(51)


def test_times_are_the_owners(tree: Tree, core: Any) -> None:
    status = layout.pstatus(
        pr_utime=seconds(1, 500_000_000), pr_stime=seconds(2), pr_cutime=seconds(3), pr_cstime=seconds(4)
    )  # fmt: skip
    tree.file(50, "status", status)
    assert core.Process(50).cpu_times() == (1.5, 2.0, 3.0, 4.0)


def test_ids(tree: Tree, core: Any) -> None:
    tree.file(50, "cred", layout.prcred(1001, 1002, 1003, 2001, 2002, 2003))
    assert core.Process(50).uids() == (1002, 1001, 1003)
    assert core.Process(50).gids() == (2002, 2001, 2003)


def test_arguments_of_others(tree: Tree, core: Any) -> None:
    tree.process(70, pr_argv=0x1000, pr_argc=2)
    assert core.Process(70).cmdline() == ["program", "-x", "one"]
    tree.process(71, pr_psargs=b"", pr_envp=0)
    assert core.Process(71).cmdline() == []
    assert core.Process(71).environ() == {}


def test_memory_of_32_bits(tree: Tree, core: Any) -> None:
    image = bytearray(32) + b"one\0two\0" + bytes(8)
    image[0:12] = b"".join(n.to_bytes(4, sys.byteorder) for n in (32, 36, 0))
    tree.file(70, "as", bytes(16) + image[:12] + bytes(4) + image[32:])
    body = bytes(16) + b"".join(n.to_bytes(4, sys.byteorder) for n in (32, 36, 0)) + bytes(4)
    tree.file(70, "as", body + b"one\0two\0")
    tree.process(70, pr_argv=16, pr_argc=2, pr_dmodel=layout.PR_MODEL_ILP32)
    assert core.Process(70).cmdline() == ["one", "two"]


def test_high_addresses_are_read(core: Any, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(os, "pread", lambda fd, size, offset: asked.append(offset) or b"")
    from sysutils.core.sysv import procfs

    with closing(procfs.Memory(50)) as memory:
        assert memory.text(0xFFFFFD7FFFDFF000) == b""
    assert asked == [0xFFFFFD7FFFDFF000 - (1 << 64)]


def test_a_zombie(core: Any) -> None:
    dead = core.Process(60)
    assert (dead.status(), dead.name(), dead.num_threads()) == ("zombie", "program", 0)
    for ask in (
        dead.cmdline,
        dead.environ,
        dead.cwd,
        dead.exe,
        dead.num_fds,
        dead.cpu_times,
        dead.threads,
    ):
        with pytest.raises(core.ZombieProcess):
            ask()
    assert dead.is_running()


def test_what_vanishes(core: Any, tree: Tree) -> None:
    shell = core.Process(50)
    for path in sorted((tree.root / "50").rglob("*"), reverse=True):
        path.unlink()
    (tree.root / "50").rmdir()
    for ask in (shell.name, shell.cmdline, shell.exe, shell.threads, shell.open_files, shell.nice):
        with pytest.raises(core.NoSuchProcess):
            ask()
    assert not shell.is_running()
    with pytest.raises(core.NoSuchProcess):
        core.Process(51)


def test_what_is_empty_or_cut_off(core: Any, tree: Tree) -> None:
    tree.file(70, "psinfo", b"")
    with pytest.raises(core.NoSuchProcess):
        core.Process(70)
    tree.file(70, "psinfo", bytes(psinfo(70))[:100])
    with pytest.raises(OSError, match="100 bytes where 416") as failed:
        core.Process(70)
    assert failed.value.errno == errno.EIO
    tree.file(50, "xmap", bytes(layout.prxmap(pr_pagesize=4096)) + b"cut")
    assert len(core.Process(50).memory_maps(grouped=False)) == 1


def test_what_is_forbidden(core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: str, *rest: Any, **words: Any) -> int:
        if str(path).rpartition("/")[2] in {"as", "status", "cred", "xmap"}:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *rest, **words)

    monkeypatch.setattr(os, "open", refuse)
    shell = core.Process(50)
    assert shell.cmdline() == ["program", "-x", "one"]
    assert shell.uids() == (os.getuid(), os.getuid(), None)
    assert shell.gids() == (0, 0, None)
    for ask in (shell.environ, shell.cpu_times, shell.memory_maps):
        with pytest.raises(core.AccessDenied):
            ask()
    row = next(core.process_table(["utime", "stime", "cpu_seconds", "processor", "environ"], [50]))
    assert row == (250, 102, 3.5, 1, None)


def test_a_process_too_wide_for_this_python(core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, *rest: Any) -> int:
        raise OSError(errno.EOVERFLOW, os.strerror(errno.EOVERFLOW), path)

    shell = core.Process(50)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(core.AccessDenied):
        shell.cpu_times()


def test_threads(core: Any, tree: Tree) -> None:
    for tid in (10, 2):
        tree.file(
            50, f"lwp/{tid}/lwpusage", layout.prusage(pr_utime=seconds(tid), pr_stime=seconds(1))
        )
        lwp = layout.lwpsinfo(pr_lwpid=tid, pr_state=layout.SRUN, pr_nice=25, pr_time=seconds(9))
        tree.file(50, f"lwp/{tid}/lwpsinfo", lwp)
    (tree.root / "50/lwp/3").mkdir()  # ends
    assert core.Process(50).threads() == [(2, 2.0, 1.0), (10, 10.0, 1.0)]
    rows = core.process_table(
        ["pid", "tgid", "state", "nice", "utime", "cpu_seconds"], [50], threads=True
    )
    assert [tuple(row) for row in rows if row.nice is not None] == [
        (2, 50, "R", 5, 200, 9.0), (10, 50, "R", 5, 1000, 9.0),
    ]  # fmt: skip


def test_files_and_terminal(core: Any, tree: Tree, tmp_path: Path) -> None:
    plain = tmp_path / "file"
    plain.write_text("")
    shell = core.Process(50)
    assert shell.terminal() is None
    for number in (0, 3, 4, 5):
        tree.file(50, f"fd/{number}", b"")
    tree.link(50, "0", "/dev/pts/3")
    tree.link(50, "3", str(plain))
    tree.link(50, "a.out", "/usr/bin/sh")
    tree.link(50, "cwd", "/home")
    assert shell.open_files() == [(str(plain), 3)]
    assert shell.num_fds() == 4
    assert shell.terminal() == "/dev/pts/3"
    assert core.Process(1).terminal() is None
    assert (shell.exe(), shell.cwd()) == ("/usr/bin/sh", "/home")
    tree.process(70)
    assert core.Process(70).exe() == ""
    assert core.Process(1).cwd() == ""


def test_mappings(core: Any, tree: Tree) -> None:
    tree.link(50, "lib", "/lib/libc.so.1")
    tree.file(
        50, "xmap",
        layout.prxmap(pr_vaddr=0x1000, pr_size=0x2000, pr_mapname=b"lib", pr_mflags=5, pr_pagesize=4096,
                      pr_rss=2, pr_anon=1),
        layout.prxmap(pr_vaddr=0x3000, pr_size=0x1000, pr_mapname=b"lib", pr_mflags=3, pr_pagesize=4096,
                      pr_rss=1, pr_locked=1),
        layout.prxmap(pr_vaddr=0x8000, pr_size=0x1000, pr_mflags=0x56, pr_pagesize=8192, pr_rss=1),
        layout.prxmap(pr_mflags=0x26), layout.prxmap(pr_mflags=0x200, pr_shmid=10),
        layout.prxmap(pr_mflags=0x46),
        layout.prxmap(pr_mapname=b"gone"),
    )  # fmt: skip
    rows = core.Process(50).memory_maps(grouped=False)
    assert rows[0] == ("1000-3000", "r-x-", "/lib/libc.so.1", 8192, 4096, 0)
    assert [row.path for row in rows[2:]] == [
        "[heap]", "[stack]", "[shmid=0xa]", "[anon]", f"{tree.root}/50/path/gone",
    ]  # fmt: skip
    grouped = {row.path: row for row in core.Process(50).memory_maps()}
    assert grouped["/lib/libc.so.1"] == ("/lib/libc.so.1", 12288, 4096, 4096)
    assert grouped["[heap]"].rss == 8192


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (1, "sleeping"),
        (2, "running"),
        (4, "stopped"),
        (5, "idle"),
        (6, "running"),
        (7, "waiting"),
        (0, "?"),
    ],
)
def test_states(core: Any, tree: Tree, state: int, name: str) -> None:
    tree.file(70, "psinfo", psinfo(70, state))
    assert core.Process(70).status() == name


def test_a_class_without_nice_values(core: Any, tree: Tree) -> None:
    tree.process(70, pr_lwp=layout.lwpsinfo(pr_state=1, pr_nice=0, pr_oldpri=0))
    tree.process(71, pr_lwp=layout.lwpsinfo(pr_state=1, pr_nice=0, pr_oldpri=9))
    assert [core.Process(pid).nice() for pid in (70, 71)] == [0, -20]
    tree.process(2)
    with pytest.raises(core.AccessDenied):
        core.Process(2).nice(5)


def test_cpus(core: Any, kstat: Kstat) -> None:
    second = os.sysconf("SC_CLK_TCK")
    assert core.cpu_times() == tuple(n / second for n in (400, 200, 2001, 20))
    assert core.cpu_times(percpu=True)[1] == tuple(n / second for n in (200, 100, 1001, 10))
    assert core.cpu_stats() == (10, 6, 0, 14)
    assert core.cpu_count(logical=False) == 1
    assert core.cpu_count() == os.sysconf("SC_NPROCESSORS_ONLN")
    assert kstat.opened == 1
    assert kstat.updated


def test_memory(core: Any, kernel: Kernel) -> None:
    page = os.sysconf("SC_PAGESIZE")
    found = core.virtual_memory()
    assert found._fields == ("total", "available", "percent", "used", "free")
    assert found.total == os.sysconf("SC_PHYS_PAGES") * page
    assert core.swap_memory() == (0, 0, 0, 0.0, 4 * page, 6 * page)
    kernel.areas, kernel.grown = [(1000, 250)], [(1000, 1000)]
    assert core.swap_memory()[:4] == (2000 * page, 750 * page, 1250 * page, 37.5)


def test_disks(core: Any, tmp_path: Path, kstat: Kstat) -> None:
    assert core.disk_io_counters(perdisk=True) == {"sd0": (10, 20, 1000, 2000, 3, 4)}
    mnttab = tmp_path / "mnttab"
    mnttab.write_bytes(
        b"rpool/ROOT\t/\tzfs\tdev=4\t0\nnone\t/a b\\040\ttmpfs\txattr\t1\n# no\nbroken\n"
        b"swap\t/nowhere\ttmpfs\trw\t1\n"
    )
    sys.modules["sysutils.core.sunos.disk"].MNTTAB = str(mnttab)  # type: ignore[attr-defined]
    assert core.disk_partitions() == [("rpool/ROOT", "/", "zfs", "dev=4")]
    assert core.disk_partitions(all=True)[1:] == [
        ("", "/a b\\040", "tmpfs", "xattr"), ("swap", "/nowhere", "tmpfs", "rw"),
    ]  # fmt: skip
    kstat.errors["sd0"] = errno.ENXIO  # taken out
    assert core.disk_io_counters(perdisk=True, nowrap=False) == {}
    assert core.disk_io_counters(nowrap=False) is None
    kstat.errors["sd0"] = errno.EPERM
    with pytest.raises(PermissionError):
        core.disk_io_counters(nowrap=False)


def test_a_kernel_without_statistics(core: Any, kstat: Kstat) -> None:
    kstat.errors["open"] = errno.ENOENT
    with pytest.raises(FileNotFoundError):
        core.cpu_times()


def test_interfaces(core: Any, kernel: Kernel) -> None:
    mask = machine.inet("255.255.255.0")
    kernel.links = [
        ("lo0", 0x1000000849, machine.inet("127.0.0.1"), machine.inet("255.0.0.0"), None),
        ("net0", 0x1004842, machine.inet("10.0.0.5"), mask, machine.inet("10.0.0.255")),
        ("net0", 0x1004842, machine.inet("fe80::1"), None, None),
        ("net0", 0x1004843, machine.hardware("net0", b"\x02\0\0\0\0\1"), None, None),
        ("net1", 1, None, None, None),
    ]
    found = core.net_if_addrs()
    assert found["lo0"] == [(socket.AF_INET, "127.0.0.1", "255.0.0.0", None, None)]
    assert found["net0"][0][1:] == ("10.0.0.5", "255.255.255.0", "10.0.0.255", None)
    assert [row.address for row in found["net0"][1:]] == ["02:00:00:00:00:01", "fe80::1%net0"]
    assert core.net_if_stats() == {
        "lo0": (True, core.NIC_DUPLEX_UNKNOWN, 0, 8232, ""),
        "net0": (False, core.NIC_DUPLEX_FULL, 1000, 1500, ""),
    }
    assert kernel.freed == 2
    assert core.net_io_counters(pernic=True) == {"net0": (40, 30, 4, 3, 1, 2, 0, 0)}


def test_interfaces_of_an_old_system(core: Any, kstat: Kstat) -> None:
    kstat.rows.clear()
    kstat.add("hme", 1, "hme1", "net", machine.figures(obytes=4, rbytes=3))
    kstat.add("hme", 1, "statistics", "net", machine.figures(obytes=4, rbytes=3))
    assert core.net_io_counters(pernic=True) == {"hme1": (4, 3, 0, 0, 0, 0, 0, 0)}


def test_host(core: Any, kernel: Kernel) -> None:
    assert core.boot_time() == BOOT
    tv = layout.timeval(BOOT + 60, 9)
    kernel.sessions = [
        layout.utmpx(ut_user=b"", ut_line=b"system boot", ut_type=2, ut_tv=tv),
        layout.utmpx(
            ut_user=b"me", ut_line=b"pts/1", ut_type=7, ut_tv=tv, ut_pid=9, ut_host=b"example.org"
        ),
        layout.utmpx(
            ut_user=b"you", ut_line=b"console", ut_type=7, ut_tv=tv, ut_pid=8, ut_host=b":0"
        ),
    ]
    assert core.users() == [
        ("me", "pts/1", "example.org", BOOT + 60.0, 9), ("you", "console", "localhost", BOOT + 60.0, 8),
    ]  # fmt: skip


def test_names(core: Any) -> None:
    assert core.SUNOS
    assert (core.CONN_IDLE, core.CONN_BOUND) == ("IDLE", "BOUND")
    for name in ("sensors_battery", "cpu_freq", "heap_info", "RLIMIT_AS"):
        assert not hasattr(core, name), name
    for name in ("io_counters", "cpu_affinity", "rlimit", "ionice"):
        assert not hasattr(core.Process, name), name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ps -p 1,50 -o pid,ppid,stat,args", "\n   50     1 Ss   sh a b "),
        ("ps -e", "\n   60 ?               - program\n"),
        ("free -k", "\nSwap:           4000        3000        1000"),
        ("uptime", "up "),
        ("top -b -n 1", "\n   50 "),
        ("pidof sh", "50\n"),
    ],
)
def test_commands(words: str, told: str, tmp_path: Path) -> None:
    done = elsewhere.run(
        "sunos5", _MACHINE, words.split(), COLUMNS="120", PROCFS_PATH=str(tmp_path)
    )
    assert (done.stderr, done.returncode) == (b"", 0)
    assert told in done.stdout.decode(errors="replace")
