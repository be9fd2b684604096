"""Memory maps, descriptors, I/O, limits, scheduling, waiting: beside psutil 7.2.2 and by hand."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysutils import core
from sysutils.core.linux import maps, usage
from tests.support.children import wait_state
from tests.support.oracle import oracle


@pytest.fixture
def held(tmp_path: Path) -> Iterator[int]:
    """Pid of a stopped child with files open in every mode, a deleted one and a mapped one."""
    code = (
        "import sys, os, mmap\n"
        "d = sys.argv[1]\n"
        "fs = [open(d + '/' + m, m) for m in ('w', 'w+', 'a', 'a+', 'x')]\n"
        "open(d + '/r', 'w').write('x' * 9000); r = open(d + '/r'); r.read(5); rw = open(d + '/r', 'r+')\n"
        "gone = open(d + '/gone', 'w+b'); gone.write(b'x' * 5000); gone.flush()\n"
        "m = mmap.mmap(gone.fileno(), 5000); m[0]; os.unlink(d + '/gone')\n"
        "print(flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=-1, stdout=-1
    ) as child:
        child.stdout.readline()
        os.kill(child.pid, signal.SIGSTOP)
        wait_state(child.pid, "T")
        yield child.pid
        child.kill()


#: what moves as other processes map the same files, also while this one is stopped
SHARED = {
    "pss",
    "shared_clean",
    "shared_dirty",
    "private_clean",
    "private_dirty",
    "uss",
    "referenced",
}


def unshared(value):
    """``value`` without the figures that depend on who else maps the same pages."""
    if isinstance(value, list):
        return [unshared(item) for item in value]
    if hasattr(value, "_asdict"):
        return {key: item for key, item in value._asdict().items() if key not in SHARED}
    return value


@pytest.mark.oracle
@pytest.mark.parametrize(
    "method",
    ["open_files", "memory_maps", "memory_full_info", "io_counters", "num_fds", "cpu_num", "exe", "cwd",
     "environ", "ionice", "cpu_affinity"],
)  # fmt: skip
def test_as_psutil(method: str, held: int) -> None:
    ours = getattr(core.Process(held), method)()
    theirs = getattr(oracle().Process(held), method)()
    if method in {"open_files", "memory_maps"}:
        ours, theirs = sorted(ours), sorted(theirs)
        assert ours
        assert type(ours[0])._fields == type(theirs[0])._fields
    assert unshared(ours) == unshared(theirs)
    assert getattr(ours, "_fields", None) == getattr(theirs, "_fields", None)


@pytest.mark.oracle
def test_mappings_one_by_one_as_psutil(held: int) -> None:
    ours = core.Process(held).memory_maps(grouped=False)
    theirs = oracle().Process(held).memory_maps(grouped=False)
    assert unshared(ours) == unshared(theirs)
    assert any(row.path.endswith("/gone") for row in ours)


@pytest.mark.oracle
@pytest.mark.parametrize("number", range(16))
def test_limits_as_psutil(number: int, held: int) -> None:
    assert core.Process(held).rlimit(number) == oracle().Process(held).rlimit(number)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.ionice(None, 3),
        lambda p: p.ionice(2, 9),
        lambda p: p.ionice(3, 2),
        lambda p: p.rlimit(7, (1,)),
        lambda p: p.cpu_affinity([999]),
        lambda p: p.cpu_affinity([-1]),
        lambda p: p.cpu_affinity(["x"]),
        lambda p: p.wait(-1),
        lambda p: p.wait(0),
    ],
)
def test_refusals_as_psutil(call, held: int) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        call(oracle().Process(held))
    with pytest.raises(Exception) as ours:  # noqa: PT011
        call(core.Process(held))
    assert type(ours.value).__name__ == type(theirs.value).__name__
    assert str(ours.value).replace("ProcessIOPriority", "IOPriority") == str(theirs.value)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "method", ["exe", "cwd", "environ", "open_files", "memory_maps", "num_fds"]
)
def test_a_zombie_as_psutil(method: str) -> None:
    child = subprocess.Popen(["true"])
    pid = child.pid
    wait_state(pid, "Z")
    try:
        outcomes = []
        for module in (oracle(), core):
            try:
                outcomes.append(getattr(module.Process(pid), method)())
            except (oracle().Error, core.Error) as error:
                outcomes.append((type(error).__name__, error.pid))
        assert outcomes[0] == outcomes[1]
    finally:
        child.wait()


def test_kernel_threads_answer() -> None:
    """New kernels say "no such process" for a kernel thread's environment; it is there all the same."""
    threads = [p for p in core.process_iter(["cmdline", "ppid"]) if p.info["ppid"] == 2]
    if not threads:
        pytest.skip("no kernel threads in this pid namespace")
    for name in ("environ", "memory_maps", "open_files", "exe", "memory_full_info"):
        with contextlib.suppress(core.AccessDenied):
            getattr(threads[0], name)()
    everything = list(core.process_iter(["pid", "environ", "memory_full_info"]))
    assert threads[0].pid in [p.pid for p in everything]


# --- smaps

ENTRY = b"""55d0c0000000-55d0c0021000 rw-p 00001000 08:01 77      /opt/a b/x (deleted)
Size:                132 kB
KernelPageSize:        4 kB
Rss:                  40 kB
Pss:                  20 kB
Shared_Clean:          1 kB
Shared_Dirty:          2 kB
Private_Clean:         3 kB
Private_Dirty:        34 kB
Referenced:           36 kB
Anonymous:            30 kB
Swap:                  8 kB
VmFlags: rd wr mr mw me ac sd
"""
ANON = ENTRY.replace(b" 08:01 77      /opt/a b/x (deleted)", b" 00:00 0 ").replace(
    b"c0000000-55d0c0021000", b"c1000000-55d0c1021000"
)
FIGURES = (40, 132, 20, 1, 2, 3, 34, 36, 30, 8)


def test_smaps_figures() -> None:
    assert [figures for _, figures in maps.parse_smaps(ENTRY + ANON)] == [FIGURES, FIGURES]
    first, second = maps.ext_rows(ENTRY + ANON)
    assert first.addr == "55d0c0000000-55d0c0021000"
    assert (first.perms, first.path, second.path) == ("rw-p", "/opt/a b/x", "[anon]")
    assert first[3:] == tuple(n * 1024 for n in FIGURES)


def test_smaps_of_entries_that_differ() -> None:
    """Without the stride's help: an older kernel, or lines that only some mappings have."""
    odd = ENTRY.replace(b"Swap:                  8 kB\n", b"")
    rows = maps.parse_smaps(ENTRY + odd + ANON)
    assert [figures for _, figures in rows] == [FIGURES, (*FIGURES[:-1], 0), FIGURES]


@pytest.mark.parametrize("key", [b"Pss", b"Referenced", b"Swap"])
def test_smaps_without_a_line(key: bytes) -> None:
    text = b"".join(line for line in ENTRY.splitlines(True) if not line.startswith(key + b":"))
    (row,) = maps.ext_rows(text)
    assert getattr(row, key.decode().lower()) == 0
    assert row.rss == 40 * 1024


def test_smaps_grouped_adds_up() -> None:
    (a, b) = maps.grouped_rows(ENTRY + ANON + ENTRY)
    assert (a.path, b.path) == ("/opt/a b/x", "[anon]")
    assert a[1:] == tuple(2 * n * 1024 for n in FIGURES)
    assert maps.grouped_rows(b"") == []


def test_totals() -> None:
    rollup = (
        b"00400000-7fff00000000 ---p 00000000 00:00 0    [rollup]\nRss:  9 kB\nPss:  7 kB\nPss_Dirty: 1 kB\n"
        b"Private_Clean: 3 kB\nPrivate_Dirty: 4 kB\nPrivate_Hugetlb: 5 kB\nSwap: 6 kB\nSwapPss: 6 kB\n"
    )
    assert maps.parse_totals(rollup) == (12 * 1024, 7 * 1024, 6 * 1024)
    assert maps.parse_totals(ENTRY + ANON) == (2 * 37 * 1024, 2 * 20 * 1024, 2 * 8 * 1024)
    assert maps.parse_totals(b"") == (0, 0, 0)


# --- io, fdinfo


def test_io_file() -> None:
    names = (
        b"syscr",
        b"syscw",
        b"read_bytes",
        b"write_bytes",
        b"rchar",
        b"wchar",
        b"cancelled_write_bytes",
    )
    text = b"".join(b"%s: %d\n" % (name, number) for number, name in enumerate(names, 1))
    assert usage.parse_io(text) == (1, 2, 3, 4, 5, 6)
    with pytest.raises(RuntimeError, match="was empty"):
        usage.parse_io(b"")
    with pytest.raises(ValueError, match="syscr"):
        usage.parse_io(b"rchar: 1\n")


@given(st.integers(0, 2**62), st.integers(0, 2**31))
def test_fdinfo(position: int, flags: int) -> None:
    text = b"pos:\t%d\nflags:\t0%o\nmnt_id:\t15\n" % (position, flags)
    assert usage.parse_fdinfo(text) == (position, flags)


# --- changes


def test_limits_are_set(held: int) -> None:
    process = core.Process(held)
    soft, hard = process.rlimit(resource.RLIMIT_CORE)
    process.rlimit(resource.RLIMIT_CORE, (0, hard))
    assert process.rlimit(resource.RLIMIT_CORE) == (0, hard)
    assert oracle().Process(held).rlimit(oracle().RLIMIT_CORE) == (0, hard)
    del soft


def test_io_priority_is_set(held: int) -> None:
    process = core.Process(held)
    process.ionice(core.IOPRIO_CLASS_BE, 3)
    assert process.ionice() == oracle().Process(held).ionice() == (2, 3)
    assert repr(process.ionice()) == repr(oracle().Process(held).ionice())


def test_affinity_is_set_and_given_back(held: int) -> None:
    process = core.Process(held)
    before = process.cpu_affinity()
    process.cpu_affinity(before[:1])
    assert process.cpu_affinity() == before[:1]
    process.cpu_affinity([])
    assert process.cpu_affinity() == before


# --- waiting


def test_exit_codes() -> None:
    for code in (0, 1, 255):
        child = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
        process = core.Process(child.pid)
        assert process.wait() == code
        assert process.wait(timeout=0) == code
        child.returncode = code


def test_ended_by_a_signal() -> None:
    child = core.Popen(["sleep", "60"])
    child.kill()
    code = child.wait()
    assert code == -9
    assert repr(code) == "<Negsignal.SIGKILL: -9>"
    assert str(code) == "-9" or code.name == "SIGKILL"
    assert "exitcode=<Negsignal.SIGKILL: -9>" in repr(child)


def test_waiting_has_a_limit(held: int) -> None:
    with pytest.raises(core.TimeoutExpired) as caught:
        core.Process(held).wait(timeout=0.001)
    assert (caught.value.seconds, caught.value.pid) == (0.001, held)


def test_who_is_no_child_gives_none() -> None:
    code = (
        "import subprocess as s; c = s.Popen(['sleep', '60']); print(c.pid, flush=True); c.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=-1, text=True) as parent:
        stranger = core.Process(int(parent.stdout.readline()))
        stranger.kill()
        assert stranger.wait() is None
        parent.wait()


@pytest.mark.parametrize("pidfds", [True, False])
def test_wait_procs(pidfds: bool, monkeypatch) -> None:
    if not pidfds:
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    children = [core.Popen(["sleep", "60"]) for _ in range(3)]
    seen = []
    try:
        children[0].kill()
        gone, alive = core.wait_procs(children, timeout=0.05, callback=seen.append)
        while not gone:
            gone, alive = core.wait_procs(children, timeout=0.05, callback=seen.append)
        assert gone == seen == [children[0]]
        assert gone[0].returncode == -9
        assert set(alive) == set(children[1:])
        for child in alive:
            child.terminate()
        gone, alive = core.wait_procs(alive)
        assert (len(gone), alive) == (2, [])
        assert {child.returncode for child in gone} == {-15}
    finally:
        for child in children:
            if child.is_running():
                child.kill()
                child.wait()


def test_wait_procs_refusals() -> None:
    with pytest.raises(ValueError, match="timeout must be a positive integer"):
        core.wait_procs([], timeout=-1)
    with pytest.raises(TypeError, match="is not a callable"):
        core.wait_procs([], callback=1)
    assert core.wait_procs([]) == ([], [])


def test_popen_is_both() -> None:
    with core.Popen(
        [sys.executable, "-c", "print(input())"], stdin=-1, stdout=-1, text=True
    ) as child:
        assert isinstance(child, core.Process)
        assert not isinstance(child, subprocess.Popen)
        assert child.name().startswith("python")
        out, _ = child.communicate("hello\n")
    assert out == "hello\n"
    assert child.returncode == 0
    assert child.wait() == 0
    assert "communicate" in dir(child)
    with pytest.raises(AttributeError, match="Popen'> has no attribute 'nope'"):
        _ = child.nope


def test_additions_of_psutil_8(held: int) -> None:
    process = core.Process(held)
    full = process.memory_full_info()
    footprint = process.memory_footprint()
    assert footprint._fields == full._fields[-3:]
    assert footprint.swap == full.swap
    assert 0 < footprint.uss <= footprint.pss <= full.rss
    extended = process.memory_info_ex()
    assert extended[:7] == process.memory_info()
    assert extended.peak_rss >= extended.rss
    assert extended.rss_anon + extended.rss_file + extended.rss_shmem == extended.rss
    assert process.page_faults() == (process.minflt(), process.majflt())
