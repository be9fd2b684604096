"""Who holds which socket: made-up directories of descriptors, and processes of the test's own."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysutils.core.linux import fds, links, procfs
from tests.core.nobody import ask_nobody
from tests.core.proc_dir import here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def process(top: Path, pid: int, targets: dict[int, str]) -> bytes:
    """A process directory with these descriptors; its path as ``read_links`` takes it."""
    directory = top / str(pid) / "fd"
    directory.mkdir(parents=True)
    for fd, target in targets.items():
        (directory / str(fd)).symlink_to(target)
    return os.fsencode(directory.parent) + b"/"


# --- what one process has


def test_links_of_a_process(tmp_path: Path) -> None:
    base = process(tmp_path, 7, {0: "/dev/null", 5: "socket:[42]", 12: "pipe:[9]"})
    assert links.read_links(base) == {0: b"/dev/null", 5: b"socket:[42]", 12: b"pipe:[9]"}


def test_what_is_no_link_or_no_number_is_left_out(tmp_path: Path) -> None:
    base = process(tmp_path, 7, {1: "socket:[1]"})
    (tmp_path / "7/fd/2").write_text("a file")
    (tmp_path / "7/fd/name").symlink_to("socket:[3]")
    assert links.read_links(base) == {1: b"socket:[1]"}


def test_a_process_that_is_gone_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        links.read_links(os.fsencode(tmp_path) + b"/9/")


def test_what_is_closed_between_listing_and_reading_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = process(tmp_path, 7, {1: "socket:[1]", 2: "socket:[2]"})
    monkeypatch.setattr(procfs.os, "listdir", lambda _: ["1", "2", "3"])
    assert links.read_links(base) == {1: b"socket:[1]", 2: b"socket:[2]"}


@given(st.sets(st.integers(3, 900), max_size=200), st.integers(0, 40), st.booleans())
@settings(deadline=None)
def test_gaps_among_many_descriptors_lose_nothing(wanted: set[int], fewer: int, more: bool) -> None:
    """However many there were when they were counted, what was open all the while is found."""
    with held(wanted) as mine:
        found: links.Links = {}
        count = max(1, len(os.listdir("/proc/self/fd")) + (fewer if more else -fewer))
        directory = procfs.open_directory(b"/proc/self/fd")
        try:
            links._read_many(directory, count, found)
        finally:
            os.close(directory)
        assert {fd: found.get(fd) for fd in mine} == mine


@contextlib.contextmanager
def held(wanted: Iterable[int]) -> Iterator[dict[int, bytes]]:
    """``{descriptor: link}`` of copies of a socket at these numbers, but for those in use."""
    with socket.socket() as original:
        link = b"socket:[%d]" % os.fstat(original.fileno()).st_ino
        used = set(map(int, os.listdir("/proc/self/fd")))
        made = [os.dup2(original.fileno(), fd, False) for fd in set(wanted) - used]
        try:
            yield dict.fromkeys(made, link)
        finally:
            for fd in made:
                os.close(fd)


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("step", [1, 3, 6])
def test_our_own_many_descriptors_are_all_read(counted: bool, step: int) -> None:
    with held(range(20, 20 + 4 * links._MANY * step, step)) as mine:
        found = links.read_links(b"/proc/self/", counted and fds.is_counted(b"/proc"))
        assert {fd: found.get(fd) for fd in mine} == mine


def test_a_recording_is_not_taken_for_a_procfs_that_counts(tmp_path: Path) -> None:
    process(tmp_path, 7, {})
    (tmp_path / "version").write_text("Linux version 6.18")
    (tmp_path / "self").symlink_to("7")
    assert not fds.is_counted(os.fsencode(tmp_path))


def test_kernel_threads_have_no_descriptors() -> None:
    if not fds.is_counted(b"/proc"):
        pytest.skip("needs a procfs that tells the number of descriptors (Linux 6.2)")
    empty = []
    for pid in procfs.pids():
        with contextlib.suppress(FileNotFoundError):  # gone meanwhile
            empty += [pid] * (not os.stat(f"/proc/{pid}/fd").st_size)
    for pid in empty[:3]:
        if os.geteuid():  # they are root's
            with pytest.raises(PermissionError):
                links.read_links(b"/proc/%d/" % pid, True)
        else:
            assert links.read_links(b"/proc/%d/" % pid, True) == {}


@pytest.mark.parametrize("many", [1, 10**6])
def test_a_forbidden_descriptor_forbids_the_process(
    monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    def refuse(*_: Any, **__: Any) -> bytes:
        raise PermissionError

    monkeypatch.setattr(links, "_MANY", many)
    monkeypatch.setattr(procfs.os, "readlink", refuse)
    for counted in (False, True):
        with pytest.raises(PermissionError):
            links.read_links(b"/proc/self/", counted)


# --- what all have


def test_the_last_process_and_its_first_descriptor_hold_a_socket() -> None:
    processes = [
        (3, {1: b"socket:[7]", 2: b"socket:[8]"}),
        (5, {0: b"/dev/null", 4: b"socket:[7]", 9: b"socket:[7]"}),
    ]
    first = fds.first_holders(processes)
    assert (first[b"socket:[7]"], first[b"socket:[8]"]) == ((5, 4), (3, 2))
    assert fds.all_holders(processes) == {
        b"socket:[7]": [(5, 4), (5, 9)],
        b"socket:[8]": [(3, 2)],
    }


def test_owners_are_the_first_process_with_its_program(tmp_path: Path) -> None:
    process(tmp_path, 3, {1: "socket:[7]", 2: "socket:[8]"})
    process(tmp_path, 5, {4: "socket:[7]", 9: "socket:[9]", 10: "anon_inode:[eventpoll]"})
    process(tmp_path, 6, {0: "/dev/null"})
    (tmp_path / "3/cmdline").write_bytes(b"/usr/sbin/d\xc3\xa6mon\0-x\0")
    (tmp_path / "5/cmdline").write_bytes(b"")
    with here(tmp_path):
        owners = fds.socket_owners()
    assert owners.complete
    assert {inode: tuple(owner) for inode, owner in owners.by_inode.items()} == {
        7: (3, 1, "/usr/sbin/dæmon"),
        8: (3, 2, "/usr/sbin/dæmon"),
        9: (5, 9, None),
    }


def test_processes_that_are_gone_or_forbidden_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process(tmp_path, 3, {1: "socket:[7]"})
    process(tmp_path, 4, {1: "socket:[8]"})
    read = fds.read_links

    def refuse(base: bytes, counted: bool = False) -> links.Links:
        if base.endswith(b"/3/"):
            raise PermissionError
        return read(base, counted)

    monkeypatch.setattr(fds, "read_links", refuse)
    monkeypatch.setattr(procfs, "pids", lambda: [3, 4, 99])
    with here(tmp_path):
        assert [pid for pid, _ in fds.links_of_all()] == [4]
        owners = fds.socket_owners()
    assert (list(owners.by_inode), owners.complete) == ([8], False)


def test_an_empty_proc_has_no_owners(tmp_path: Path) -> None:
    with here(tmp_path):
        assert fds.socket_owners() == ({}, True)


def test_our_own_sockets_are_found() -> None:
    with socket.socket() as mine:
        owner = fds.socket_owners().by_inode[os.fstat(mine.fileno()).st_ino]
        assert (owner.pid, owner.fd) == (os.getpid(), mine.fileno())


@pytest.mark.root
def test_nobody_may_not_look_at_root_s_descriptors() -> None:
    """Its twin for everybody: test_a_forbidden_descriptor_forbids_the_process."""
    pid = os.getpid()

    def question() -> tuple[bool, bool]:
        with pytest.raises(PermissionError):
            links.read_links(b"/proc/%d/" % pid)
        owners = fds.socket_owners()
        return owners.complete, pid in {owner.pid for owner in owners.by_inode.values()}

    with socket.socket():
        assert ask_nobody(question) == (False, False)
