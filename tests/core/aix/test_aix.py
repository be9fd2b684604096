"""Processes of AIX, above a tree of files and libraries of the test's own."""

from __future__ import annotations

import errno
import os
import stat
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils.core.aix import layout
from tests.core.aix.machine import (
    BOOT,
    TERMINAL,
    Kernel,
    Perfstat,
    Tree,
    command,
    part,
    psinfo,
    seconds,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_process(core: Any) -> None:
    shell = core.Process(50)
    assert (shell.ppid(), shell.name(), shell.status()) == (1, "ksh", "sleeping")
    assert shell.create_time() == BOOT + 50.25
    assert shell.cmdline() == ["ksh", "a b", "\udcff", ""]
    assert shell.environ() == {"HOME": "/root", "EMPTY": ""}
    assert shell.memory_info() == shell.memory_full_info() == (200 * 1024, 300 * 1024)
    assert (shell.num_threads(), shell.io_counters()) == (1, (1, 2, 512, 1024))
    assert [child.pid for child in core.Process(1).children()] == [50]
    assert core.pids() == [1, 50, 60]
    assert core.pid_exists(50)
    assert not core.pid_exists(51)


def test_the_nice_value_is_the_systems_own(core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    nice = {50: 4}
    monkeypatch.setattr(os, "getpriority", lambda which, pid: nice[pid])
    monkeypatch.setattr(os, "setpriority", lambda which, pid, value: nice.update({pid: value}))
    shell = core.Process(50)
    assert shell.nice() == 4
    shell.nice(7)
    assert core.Process(50).as_dict(["nice"]) == {"nice": 7}


def test_times_are_the_owners(tree: Tree, core: Any) -> None:
    tree.status(
        50, pr_utime=seconds(1, 500_000_000), pr_stime=seconds(2), pr_cutime=seconds(3),
        pr_cstime=seconds(4, 1000),
    )  # fmt: skip
    assert core.Process(50).cpu_times() == (1.5, 2.0, 3.0, 4.000001)
    row = next(core.process_table(["utime", "stime", "cutime", "cpu_seconds", "processor"], [50]))
    assert row == (150, 200, 300, 3.5, 1)


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
    tree.process(70, **tree.memory(70, [b"one", b"two"], [b"A=b"], width=4))
    tree.status(70, pr_dmodel=0)
    assert core.Process(70).cmdline() == ["one", "two"]
    assert core.Process(70).environ() == {"A": "b"}


def test_the_largest_numbers(tree: Tree, core: Any, perfstat: Perfstat) -> None:
    most = (1 << 64) - 1
    tree.process(
        70, pr_size=most, pr_rssize=most, pr_uid=most, pr_argc=(1 << 32) - 1, pr_argv=most, pr_nlwp=9999,
        pr_fname=b"x" * 16, pr_psargs=b"y" * 80,
    )  # fmt: skip
    tree.status(70, pr_utime=seconds((1 << 63) - 1, 999_999_999))
    tree.file(70, "as", b"")
    found = core.Process(70)
    assert found.memory_info() == (most * 1024, most * 1024)
    assert found.name() == "x" * 16
    assert found.cmdline() == ["y" * 80]
    assert found.num_threads() == 9999
    assert found.cpu_times().user == pytest.approx(2.0**63)
    perfstat.rows["perfstat_memory_total"] = [layout.perfstat_memory_total(real_total=most)]
    assert core.virtual_memory().total == most * 4096


def test_the_swapper(tree: Tree, core: Any) -> None:
    tree.process(0, pr_fname=b"", pr_psargs=b"", pr_ppid=0)
    swapper = core.Process(0)
    assert (swapper.name(), swapper.cmdline(), swapper.num_fds()) == ("swapper", [], 0)


def test_a_zombie(core: Any) -> None:
    dead = core.Process(60)
    assert (dead.status(), dead.name(), dead.num_threads()) == ("zombie", "program", 0)
    for ask in (
        dead.cmdline, dead.environ, dead.cwd, dead.exe, dead.num_fds, dead.cpu_times, dead.threads,
        dead.open_files, dead.io_counters,
    ):  # fmt: skip
        with pytest.raises(core.ZombieProcess):
            ask()
    assert dead.is_running()


def test_what_vanishes(core: Any, tree: Tree, perfstat: Perfstat) -> None:
    shell = core.Process(50)
    for path in sorted((tree.root / "50").rglob("*"), reverse=True):
        path.unlink()
    (tree.root / "50").rmdir()
    perfstat.rows["perfstat_process"] = []
    for ask in (
        shell.name, shell.cmdline, shell.exe, shell.threads, shell.open_files, shell.status,
        shell.io_counters, shell.cpu_times, shell.terminal,
    ):  # fmt: skip
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
    with pytest.raises(OSError, match="100 bytes where 448") as failed:
        core.Process(70)
    assert failed.value.errno == errno.EIO
    tree.file(50, "status", bytes(183))
    with pytest.raises(OSError, match="183 bytes where 184"):
        core.Process(50).cpu_times()


def test_what_is_forbidden(core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: str, *rest: Any, **words: Any) -> int:
        if str(path).rpartition("/")[2] in {"as", "status", "cred"}:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *rest, **words)

    monkeypatch.setattr(os, "open", refuse)
    shell = core.Process(50)
    assert shell.cmdline() == ["program", "-x", "one"]
    assert shell.status() == "sleeping"
    assert shell.uids() == (os.getuid(), os.getuid(), None)
    assert shell.gids() == (0, 0, None)
    for ask in (shell.environ, shell.cpu_times):
        with pytest.raises(core.AccessDenied):
            ask()
    row = next(core.process_table(["utime", "cpu_seconds", "environ", "state"], [50]))
    assert row == (350, 3.5, None, "S")


def test_threads(core: Any, tree: Tree, kernel: Kernel) -> None:
    for tid in (1000, 20, 300):
        (tree.root / f"50/lwp/{tid}").mkdir(parents=True)
        lwp = layout.lwpsinfo(pr_lwpid=tid, pr_sname=b"R", pr_pri=61, pr_onpro=3)
        tree.file(50, f"lwp/{tid}/lwpsinfo", lwp)
    kernel.threads = {1000: (1_500_000_000, 250_000_000), 20: (0, 1_000_000_000)}  # 300 has ended
    assert core.Process(50).threads() == [(20, 0.0, 1.0), (1000, 1.5, 0.25)]
    rows = core.process_table(
        ["pid", "tgid", "state", "priority", "processor", "utime"], [50], threads=True
    )
    assert [tuple(row) for row in rows] == [
        (tid, 50, "R", 61, 3, ticks) for tid, ticks in ((20, 0), (300, 0), (1000, 150))
    ]
    kernel.threads[300] = errno.EPERM
    with pytest.raises(core.AccessDenied):
        core.Process(50).threads()


@pytest.mark.parametrize(
    ("letter", "name", "shown"),
    [
        ("R", "running", "R"), ("A", "running", "R"), ("S", "sleeping", "S"), ("W", "sleeping", "S"),
        ("T", "stopped", "T"), ("I", "idle", "I"), ("\0", "?", "?"), ("O", "?", "O"),
    ],
)  # fmt: skip
def test_states(core: Any, tree: Tree, letter: str, name: str, shown: str) -> None:
    tree.process(70, letter)
    assert core.Process(70).status() == name
    assert next(core.process_table(["state"], [70])) == (shown,)


def test_files(core: Any, tree: Tree, tmp_path: Path) -> None:
    shell = core.Process(50)
    for number in (0, 3, 10):
        tree.file(50, f"fd/{number}", b"")
    assert shell.num_fds() == 3
    part("procfiles").COMMAND = command(tmp_path / "procfiles", """
        test "$1 $2 $LC_ALL" = "-n 50 C" || exit 9
        cat <<'.'
50 : ksh
  Current rlimit: 2000 file descriptors
   0: S_IFCHR mode:0622 dev:10,4 ino:2584 uid:100 gid:100 rdev:28,1
      O_RDONLY name:/dev/pts/3
   3: S_IFREG mode:0644 dev:10,7 ino:2584 uid:0 gid:0 rdev:0,0
      O_RDONLY size:37 name://etc/a file
   4: S_IFREG mode:0644 dev:10,7 ino:9 uid:0 gid:0 rdev:0,0
      O_RDONLY size:37
   5: S_IFSOCK mode:0 name:no
  10: S_IFREG mode:0644 dev:10,7 ino:9 uid:0 gid:0 rdev:0,0
      O_RDWR size:0 name:Cannot be retrieved
 100: S_IFREG mode:0644 dev:10,7 ino:9 uid:0 gid:0 rdev:0,0
      O_RDWR size:0 name:/tmp/x
.""")  # fmt: skip
    assert shell.open_files() == [("/etc/a file", 3), ("/tmp/x", 100)]


@pytest.mark.parametrize(
    ("says", "error"),
    [("echo 'procfiles: No such process' >&2; exit 1", "NoSuchProcess"),
     ("echo '50: Permission denied' >&2; exit 1", "AccessDenied")],
)  # fmt: skip
def test_a_process_whose_files_are_not_told(
    core: Any, tree: Tree, tmp_path: Path, says: str, error: str
) -> None:
    part("procfiles").COMMAND = command(tmp_path / "procfiles", says)
    with pytest.raises(core.Error) as failed:
        core.Process(50).open_files()
    told = "ZombieProcess" if error == "NoSuchProcess" else error  # psinfo is there still
    assert type(failed.value).__name__ == told


@given(st.binary())
def test_any_answer_of_the_command_is_read(data: bytes) -> None:
    from sysutils.core.aix import procfiles

    assert all(row.fd >= 0 for row in procfiles.parse(data))


def test_directories_and_programs(
    core: Any, tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = core.Process(50)
    assert shell.cwd() == ""
    (tree.root / "50/cwd").symlink_to(f"{tmp_path}/")
    (tree.root / "1/cwd").symlink_to("/")
    assert (shell.cwd(), core.Process(1).cwd()) == (str(tmp_path), "/")
    (tmp_path / "bin").mkdir()
    ours = command(tmp_path / "bin/ksh", "")
    monkeypatch.setenv("PATH", f"/nowhere:{tmp_path}/bin")
    assert shell.exe() == ours
    for arguments, path in (
        ([b"bin/ksh"], ours),
        ([b"bin/no"], ""),
        ([b"no"], ""),
        ([ours.encode()], ours),
    ):
        tree.process(50, **tree.memory(50, arguments, []))
        assert core.Process(50).exe() == path
    (tmp_path / "bin/ksh").chmod(0o644)
    assert core.Process(50).exe() == ""
    assert core.Process(1).exe() in {"", "/etc/init"}


def test_terminals(core: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pts = tmp_path / "dev/pts"
    pts.mkdir(parents=True)
    for name in ("1", "2", "3"):
        (pts / name).write_text("")
    numbers = {"2": 0x1A0004, "3": 0x1A0003}
    real = os.stat

    def made(path: Any, **words: Any) -> Any:
        found = real(path, **words)
        name = os.path.basename(str(path))
        if str(pts) not in str(path) or name not in numbers:
            return found
        row = list(found)
        row[0] = stat.S_IFCHR | 0o620
        return os.stat_result(row, {"st_rdev": numbers[name]})

    terminals = part("terminals")
    terminals.DEVICES = str(tmp_path / "dev")
    monkeypatch.setattr(os, "stat", made)
    shell = core.Process(50)
    assert shell.terminal() == f"{pts}/3"
    assert core.Process(1).terminal() is None
    assert terminals.path_of(0x1A0004) == f"{pts}/2"
    assert terminals.path_of(TERMINAL + 5) is None
    numbers["3"] = 0x1A0009  # another one by now
    assert shell.terminal() is None
    assert next(core.process_table(["tty_nr"], [50])) == (TERMINAL,)


def test_high_addresses_are_read(core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(os, "pread", lambda fd, size, offset: asked.append(offset) or b"")
    from sysutils.core.sysv import procfs

    with closing(procfs.Memory(50)) as memory:
        assert memory.pointers(0x0FFFFFFFFFFFF000, 8, 4, "big") == []
    assert asked == [0x0FFFFFFFFFFFF000]
    assert struct.calcsize(">Q") == 8
