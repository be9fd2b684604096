"""What processes have open and mapped on FreeBSD, OpenBSD and NetBSD."""

from __future__ import annotations

import ctypes
import errno
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from tests.core.bsd.systems import SYSTEMS, System, add_files, mapping
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != 8, reason="made for 64 bits")
_VMMAP = {"freebsd14": None, "openbsd7": (1, 80, 50), "netbsd10": (2, 16, 1, 50, 1128)}


@pytest.fixture(params=SYSTEMS, ids=[system.platform for system in SYSTEMS])
def system(request: pytest.FixtureRequest) -> System:
    found: System = request.param
    return found


@pytest.fixture
def kernel(system: System) -> Any:
    made = system.kernel.Kernel()
    add_files(system, made)
    return made


@pytest.fixture
def core(system: System, kernel: Any) -> Iterator[Any]:
    with elsewhere.system(system.platform, c=kernel) as found:
        yield found


def _refuse(system: System, kernel: Any, number: int) -> None:
    """The kernel tells an error of the mappings."""
    place = _VMMAP[system.platform]
    if place is None:
        kernel.about[32, 50] = number
    else:
        kernel.places[place] = number


def test_descriptors(core: Any, system: System) -> None:
    rows = {row.fd: row for row in core.open_descriptors(50)}
    assert {"cwd", "txt", 3, 4, 5, 6} <= set(rows)
    assert stat.S_ISDIR(rows["cwd"].mode)
    assert stat.S_ISREG(rows["txt"].mode)
    file = rows[3]
    assert (file.access, file.offset, file.size) == ("u", 77, 1234)
    assert stat.S_ISREG(file.mode)
    if system.platform == "netbsd10":
        assert (file.name, file.inode, rows["txt"].inode) == ("", None, 4711)
        assert rows["mem"].name == "/lib/libc.so"
    else:
        assert (file.device, file.inode, file.nlink, file.flags) == (0x405, 4711, 2, 0o2002)
    if system.platform == "openbsd7":
        assert (rows["cwd"].name, file.name) == ("/home", "/home (/dev/sd0k)")
    if system.platform == "freebsd14":
        assert (rows["cwd"].name, file.name) == ("/usr/home", "/home/me/notes")
    end = 0x2000 if system.platform == "netbsd10" else 0x1000
    assert (rows[4].name, rows[4].access) == (f"pipe:[{end}]", "r")
    assert (rows[5].name, rows[6].name) == (f"socket:[{0x901}]", "anon_inode:[kqueue]")


def test_descriptors_of_who_is_gone_and_of_others(core: Any, kernel: Any, system: System) -> None:
    with pytest.raises(ProcessLookupError):
        core.open_descriptors(77)
    if system.platform == "freebsd14":
        kernel.about[33, 1] = errno.EPERM
        (row,) = core.open_descriptors(1)
        assert (row.fd, row.error) == ("NOFD", "Operation not permitted")


def test_sockets(core: Any) -> None:
    found = core.OpenSockets()
    row = found.internet(0x901)
    assert (row.protocol, row.laddr, row.raddr) == ("tcp", ("10.0.0.1", 22), ("10.0.0.2", 5555))
    assert found.internet(1) is None
    assert found.other(1) is None
    assert found.peer(1) is None
    assert found.other_end(0x901) is None
    assert core.OpenSockets(["raw"]).internet(0x901) is None
    assert core.socket_protocol(50, 3) is None


def test_mappings(core: Any, system: System) -> None:
    rows = core.process_mappings(50, None)
    first, last = rows[0], rows[-1]
    assert first[:4] == (
        0x10000,
        0x15000,
        "r-xs" if system.platform == "openbsd7" else "r-xp",
        0x1000,
    )
    assert (last.start, last.end, last.path) == (0x70000, 0x80000, "[stack]")
    assert first.figures["Size"] == 20
    if system.platform == "openbsd7":
        assert [row.path for row in rows] == ["", "[stack]"]
        return
    assert (first.path, first.inode, first.device) == ("/bin/sh", 4711, "04:05")
    assert rows[1].perms == "r-xs"
    if system.platform == "freebsd14":
        assert core.process_mappings(50, ["Rss"])[0].figures == {"Rss": 12}
    assert core.process_mappings(50)[0].figures == {}


def test_mappings_that_are_refused(core: Any, kernel: Any, system: System) -> None:
    _refuse(system, kernel, errno.EPERM)
    with pytest.raises(PermissionError):
        core.process_mappings(50)
    _refuse(system, kernel, errno.ESRCH)
    with pytest.raises(ProcessLookupError):
        core.process_mappings(50)
    del kernel.processes[50]
    with pytest.raises(ProcessLookupError):
        core.process_mappings(50)


def test_many_mappings(core: Any, kernel: Any, system: System) -> None:
    if system.platform != "openbsd7":
        pytest.skip("all of them are told at once")
    kernel.mappings = [
        mapping(system, kve_start=n << 12, kve_end=(n + 1) << 12) for n in range(1, 1301)
    ]
    rows = core.process_mappings(50)
    assert [row.start >> 12 for row in rows] == list(range(1, 1301))
    kernel.mappings = []
    assert core.process_mappings(50) == []


def test_mounts(core: Any, kernel: Any, system: System) -> None:
    if system.platform == "openbsd7":
        (row,) = core.mounts()
        assert row[:5] == ("/dev/sd0k", "/home", "", "rw", "/")
    else:
        assert core.mounts() == []


def test_what_was_done_by_linux_flags(core: Any, kernel: Any, system: System) -> None:
    name = "ki_acflag" if system.platform == "freebsd14" else "p_acflag"
    for told, flags in ((0, 0), (1, 0x40), (2, 0x100), (0x1B, 0x140)):
        setattr(kernel.processes[50], name, told)
        (row,) = core.process_table(["flags"], [50])
        assert row.flags == flags


# --- commands


def run(system: System, *words: str) -> tuple[str, str, int]:
    machine = f"tests.core.bsd.systems:{system.platform}"
    done = elsewhere.run(system.platform, machine, words, LC_ALL="C.UTF-8")
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def test_lsof(system: System) -> None:
    text, error, status = run(system, "lsof", "-nP", "-p", "50")
    assert (error, status) == ("", 0)
    lines = text.splitlines()
    assert lines[0].split() == [
        "COMMAND",
        "PID",
        "USER",
        "FD",
        "TYPE",
        "DEVICE",
        "SIZE/OFF",
        "NODE",
        "NAME",
    ]
    by_fd = {line.split()[3]: line for line in lines[1:]}
    assert by_fd["5u"].split()[4] == "IPv4"
    assert by_fd["5u"].endswith("TCP 10.0.0.1:22->10.0.0.2:5555 (ESTABLISHED)")
    assert by_fd["3u"].split()[4] == "REG"
    assert by_fd["cwd"].split()[4] == "DIR"
    assert by_fd["4r"].split()[4] == "FIFO"
    assert by_fd["6u"].endswith("[kqueue]")
    assert run(system, "lsof", "-t", "-i", ":22") == ("50\n", "", 0)
    assert run(system, "lsof", "-t", "-c", "sh", "-a", "-d", "3")[0] == "50\n"
    text = run(system, "lsof", "-nP", "-a", "-p", "50", "-d", "5", "-F", "pftn")[0]
    assert text == "p50\nf5\ntIPv4\nn10.0.0.1:22->10.0.0.2:5555\n"
    rows = json.loads(run(system, "lsof", "-nP", "-a", "-p", "50", "-i", "--json")[0])
    assert [(row["fd"], row["local"], row["state"]) for row in rows] == [
        (5, "10.0.0.1:22", "ESTABLISHED")
    ]


def test_pmap(system: System) -> None:
    text, error, status = run(system, "pmap", "50")
    assert (error, status) == ("", 0)
    lines = text.splitlines()
    assert lines[1].startswith("0000000000010000     20K r-x")
    assert lines[-2] == "0000000000070000     64K r-x--   [ stack ]"
    total = 84 if system.platform == "openbsd7" else 88
    assert lines[-1] == f" total {total:16}K"
    assert run(system, "pmap", "-x", "50")[1:] == ("", 0)
    assert run(system, "pmap", "77")[2] == 42


def test_taskset(system: System) -> None:
    text, error, status = run(system, "taskset", "-cp", "50")
    if system.platform == "freebsd14":
        assert (text, error, status) == ("pid 50's current affinity list: 0\n", "", 0)
    else:
        name = "OpenBSD" if system.platform == "openbsd7" else "NetBSD"
        assert (text, error, status) == ("", f"taskset: not supported on {name}\n", 1)
