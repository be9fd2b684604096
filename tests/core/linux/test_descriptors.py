"""What a process has open: files of the test's own, made-up tables, processes that forbid a look."""

from __future__ import annotations

import fcntl
import mmap
import os
import socket
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import descriptors
from sysutils.core.linux.disk import device_number
from tests.core.nobody import ask_nobody
from tests.support.children import ended_pid, linux_only, sleeper, zombie

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sysutils.core._ntuples import sdescriptor

pytestmark = linux_only


def mine(flags: bool = False) -> dict[int | str, sdescriptor]:
    """What the test itself has open."""
    return {row.fd: row for row in core.open_descriptors(os.getpid(), flags=flags)}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A file of five bytes, open for reading and writing, at its end."""
    path = tmp_path / "a file"
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(fd, b"12345")
    yield path, fd
    os.close(fd)


def test_a_file(opened: tuple[Path, int]) -> None:
    path, fd = opened
    status = path.stat()
    row = mine()[fd]
    assert (row.name, row.access, row.lock, row.error) == (str(path), "u", "", None)
    assert (row.offset, row.flags) == (None, None)
    found = (row.mode, row.device, row.rdev, row.inode, row.size, row.nlink)
    assert found == (status.st_mode, status.st_dev, status.st_rdev, status.st_ino, 5, 1)


def test_flags_and_offsets_are_told_when_asked_for(opened: tuple[Path, int]) -> None:
    row = mine(flags=True)[opened[1]]
    assert row.offset == 5
    assert row.flags is not None
    assert row.flags & (os.O_WRONLY | os.O_RDWR | os.O_APPEND) == os.O_RDWR | os.O_APPEND


@pytest.mark.parametrize("flags", [False, True])
@pytest.mark.parametrize(
    ("how", "access"),
    [
        (os.O_RDONLY, "r"),
        (os.O_WRONLY, "w"),
        (os.O_RDWR, "u"),
        (getattr(os, "O_PATH", 0o10000000), "u"),
    ],
)
def test_access(opened: tuple[Path, int], how: int, access: str, flags: bool) -> None:
    fd = os.open(opened[0], how)
    try:
        assert mine(flags)[fd].access == access
    finally:
        os.close(fd)


@pytest.mark.parametrize("flags", [False, True])
def test_pipes_and_sockets(flags: bool) -> None:
    out, into = os.pipe()
    first, second = socket.socketpair()
    with first, second:
        rows = mine(flags)
        for fd, access in ((out, "r"), (into, "w"), (first.fileno(), "u")):
            row, status = rows[fd], os.fstat(fd)
            assert (row.access, row.offset, row.nlink) == (access, 0, 1)
            assert (row.device, row.inode) == (status.st_dev, status.st_ino)
            assert stat.S_IFMT(row.mode or 0) == stat.S_IFMT(status.st_mode)
    assert rows[out].name == f"pipe:[{rows[out].inode}]"
    os.close(out)
    os.close(into)


def test_what_is_deleted_says_so(opened: tuple[Path, int]) -> None:
    path, fd = opened
    path.unlink()
    assert (mine()[fd].name, mine()[fd].nlink) == (f"{path} (deleted)", 0)


@pytest.mark.parametrize(
    ("kind", "length", "char"),
    [
        (fcntl.LOCK_EX, 0, "W"),
        (fcntl.LOCK_EX, 3, "w"),
        (fcntl.LOCK_SH, 0, "R"),
        (fcntl.LOCK_SH, 3, "r"),
    ],
)
def test_locks(opened: tuple[Path, int], kind: int, length: int, char: str) -> None:
    fcntl.lockf(opened[1], kind, length)
    assert mine()[opened[1]].lock == char


def test_anonymous_inodes_have_the_kernels_text() -> None:
    if not hasattr(os, "pidfd_open"):
        pytest.skip("this Python has no pidfd_open()")
    fd = os.pidfd_open(os.getpid())
    row = mine()[fd]
    os.close(fd)
    if row.name != "anon_inode:[pidfd]":
        pytest.skip(f"this kernel calls it {row.name}")
    assert f"Pid:\t{os.getpid()}\n" in (row.info or "")


def test_mapped_files_once_and_without_the_program(tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    maps = []
    for path in (kept, gone, kept):
        path.write_bytes(b"x" * 5000)
        with path.open("r+b") as file:
            maps.append(mmap.mmap(file.fileno(), 0))
    gone.unlink()
    rows = core.open_descriptors(os.getpid())
    for opened in maps:
        opened.close()
    told = {row.name: row for row in rows if row.fd in {"mem", "DEL"}}
    assert (told[str(kept)].fd, told[str(kept)].size) == ("mem", 5000)
    assert (told[f"{gone} (deleted)"].fd, told[f"{gone} (deleted)"].size) == ("DEL", None)
    assert sum(row.name == str(kept) for row in rows if row.fd == "mem") == 1
    program = os.path.realpath(f"/proc/{os.getpid()}/exe")
    assert [row.fd for row in rows if row.name == program] == ["txt"]
    assert "mem" not in {row.fd for row in core.open_descriptors(os.getpid(), memory=False)}


def test_the_order() -> None:
    with sleeper() as child:
        rows = [row.fd for row in core.open_descriptors(child.pid)]
    assert rows[:3] == ["cwd", "rtd", "txt"]
    numbers = [fd for fd in rows if isinstance(fd, int)]
    assert numbers == sorted(numbers)
    assert numbers
    assert all(isinstance(fd, int) for fd in rows[-len(numbers) :])


def test_a_thread_has_what_its_process_has() -> None:
    with sleeper() as child:
        assert core.open_descriptors(child.pid, child.pid) == core.open_descriptors(child.pid)


def test_a_process_that_is_gone() -> None:
    with pytest.raises(OSError):  # noqa: PT011  # either of two: gone, or no such process
        core.open_descriptors(ended_pid())


def test_a_zombie_has_nothing() -> None:
    with zombie() as pid:
        assert [row for row in core.open_descriptors(pid) if row.inode is not None] == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become nobody"
)
def test_what_is_forbidden_is_named() -> None:
    pid = os.getpid()
    rows = ask_nobody(lambda: [tuple(row) for row in core.open_descriptors(pid)])
    base = f"/proc/{pid}"
    expected = [
        (fd, f"{base}/{name}", "readlink: Permission denied")
        for fd, name in (("cwd", "cwd"), ("rtd", "root"), ("txt", "exe"))
    ]
    expected.append(("NOFD", f"{base}/fd", "opendir: Permission denied"))
    assert [(row[0], row[1], row[-1]) for row in rows] == expected


# --- parsers


def test_locks_of_a_table() -> None:
    table = (
        b"1: POSIX  ADVISORY  WRITE 7 08:01:12 0 EOF\n"
        b"1: -> POSIX  ADVISORY  READ 9 08:01:12 0 EOF\n"
        b"2: FLOCK  ADVISORY  READ 8 fd:0a:13 0 EOF\n"
        b"3: POSIX  ADVISORY  WRITE 8 fd:0a:13 5 9\n"
        b"4: LEASE  ACTIVE    BREAKING 7 00:00:1 0 EOF\n"
        b"half a li"
    )
    assert descriptors.parse_locks(table) == {
        (7, device_number(8, 1), 12): "W",
        (8, device_number(0xFD, 10), 13): "R",
    }


def test_maps_of_a_table() -> None:
    table = (
        b"55d0-55d1 r--p 00000000 fe:01 26   /usr/bin/a b\n"
        b"55d1-55d2 r-xp 00001000 fe:01 26   /usr/bin/a b\n"
        b"7f00-7f01 rw-p 00000000 00:00 0 \n"
        b"7f01-7f02 rw-p 00000000 00:00 0    [heap]\n"
        b"7f02-7f03 rw-s 00000000 00:01 27   /dev/zero (deleted)\n"
    )
    assert list(descriptors.parse_maps(table)) == [
        (b"/usr/bin/a b", device_number(0xFE, 1), 26),
        (b"/dev/zero (deleted)", device_number(0, 1), 27),
    ]


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**31 - 1))
def test_fdinfo(offset: int, flags: int) -> None:
    text = f"pos:\t{offset}\nflags:\t0{flags:o}\nmnt_id:\t27\nino:\t5\n"
    assert descriptors.parse_fdinfo(text.encode()) == (offset, flags)


@given(st.binary())
def test_parsers_survive_anything(data: bytes) -> None:
    descriptors.parse_fdinfo(data)
    descriptors.parse_locks(data)
    list(descriptors.parse_maps(data))
